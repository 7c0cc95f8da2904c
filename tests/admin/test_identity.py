"""The desk of the network's name, mark and colours, and the pages that show them."""

from __future__ import annotations

import io
import re
from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import event, select

from citynet.kit import audit, db, network
from tests.network import client_of, post

GREEN = {"main_colour": "#1F6A41", "accent_colour": "#f8bf57"}


def picture(form: str = "PNG", size: tuple[int, int] = (800, 400)) -> bytes:
    """Return a picture."""
    out = io.BytesIO()
    Image.new("RGB", size, "red").save(out, form)
    return out.getvalue()


@pytest.fixture
def desk(app: Flask) -> FlaskClient:
    """Return the secretariat's browser."""
    return client_of(app, "secretariat")


def send(
    desk: FlaskClient, path: str = "/admin/identity", mark: bytes | str = b"", **words: str
) -> tuple[int, str]:
    """Post the form as it stands, with changes, and return status and page."""
    now = network.current()
    data: dict[str, object] = {
        "name": now.name, "contact_address": now.contact_address,
        "term_months": str(now.term_months), "main_colour": now.main_colour,
        "accent_colour": now.accent_colour, **words,
    }  # fmt: skip
    if mark:
        assert isinstance(mark, bytes)
        data["mark"] = (io.BytesIO(mark), "mark.png")
    answer = post(desk, path, data, content_type="multipart/form-data")
    return answer.status_code, answer.text


def test_name_stands_on_every_page_and_in_its_title(app: Flask, desk: FlaskClient) -> None:
    """For visitors too, at once."""
    assert send(desk, name="Jaringan Kota")[0] == 302
    for path in ("/", "/about", "/sign-in", "/nothing-here"):
        page = app.test_client().get(path).text
        assert "Jaringan Kota</title>" in page
        assert "Jaringan Kota: home page" in page
        assert "cn-wordmark" in page


def test_settings_are_changed_and_recorded(desk: FlaskClient) -> None:
    """With the person, before and after."""
    send(desk, term_months="24", contact_address="office@citynet.example")
    assert network.current().term_months == 24
    entry = (
        db.session()
        .scalars(select(audit.Entry).where(audit.Entry.action == "network.changed"))
        .one()
    )
    assert '"12"' in entry.before
    assert '"24"' in entry.after
    assert "office@citynet.example" in entry.after


def test_colours_lie_over_the_style_sheet(app: Flask, desk: FlaskClient) -> None:
    """By an address that changes with them, kept for ever; CityNet's own has none."""
    visitor = app.test_client()
    assert "/look-" not in visitor.get("/").text
    send(desk, **GREEN)
    found = re.search(r'href="(/look-[0-9a-f]+\.css)"', visitor.get("/").text)
    assert found
    for browser in (visitor, desk):
        answer = browser.get(found.group(1))
        assert answer.mimetype == "text/css"
        assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
        assert "--cn-saffron-500:#f8bf57;" in answer.text
    send(desk, main_colour="#0c5b67")
    assert visitor.get(found.group(1)).status_code == 404


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ({"main_colour": "#f4a927"}, "Choose a darker one"),
        ({"accent_colour": "#08343e"}, "Choose a lighter one"),
        ({"main_colour": "red;}body{display:none"}, "six digits"),
        ({"name": ""}, "Write a name"),
        ({"contact_address": "a@b.example\r\nBcc: c@d.example"}, "Write one mail address"),
        ({"term_months": "many"}, "from 1 to 120"),
        ({"term_months": "99999999999999999999"}, "from 1 to 120"),
    ],
)
def test_setting_that_would_not_do_is_told_in_a_sentence(
    desk: FlaskClient, words: dict[str, str], sentence: str
) -> None:
    """Nothing is changed."""
    before = network.current()
    status, page = send(desk, **words)
    assert status == 422
    assert sentence in page
    assert network.current() == before


@pytest.mark.parametrize("form", ["PNG", "JPEG", "WEBP"])
def test_mark_is_written_anew_and_shown(app: Flask, desk: FlaskClient, form: str) -> None:
    """As PNG that fits the header, on pages and for visitors."""
    assert send(desk, mark=picture(form))[0] == 302
    found = re.search(r'src="(/mark-[0-9a-f]{64}\.png)"', app.test_client().get("/").text)
    assert found
    answer = app.test_client().get(found.group(1))
    assert answer.mimetype == "image/png"
    assert "immutable" in answer.headers["Cache-Control"]
    assert Image.open(io.BytesIO(answer.data)).size == (256, 128)
    send(desk, without_mark="y")
    assert "/mark-" not in app.test_client().get("/").text
    assert app.test_client().get(found.group(1)).status_code == 404


@pytest.mark.parametrize(
    "content", [b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"<script>", b"\x89PNG\r\n\x1a\n"]
)
def test_mark_that_is_no_picture_is_refused(desk: FlaskClient, content: bytes) -> None:
    """Its sentence stands beside the field."""
    status, page = send(desk, mark=content)
    assert status == 422
    assert "cannot be read" in page
    assert network.current().mark == ""


def test_stored_file_that_is_not_the_mark_is_not_shown(app: Flask, desk: FlaskClient) -> None:
    """The address of the mark opens no other file of the store."""
    send(desk, mark=picture())
    mark = network.current().mark
    network.change(1, replace(network.current(), mark=""))
    assert app.test_client().get(f"/mark-{mark}.png").status_code == 404
    assert app.test_client().get("/mark-.png").status_code == 404


def test_look_is_shown_before_it_is_saved(desk: FlaskClient) -> None:
    """Name, mark and colours as they were typed, in a frame that runs nothing."""
    status, page = send(
        desk, "/admin/identity/preview", mark=picture(), name="Jaringan Kota", **GREEN
    )
    assert status == 200
    assert "Jaringan Kota" in page
    assert "--cn-saffron-500:#f8bf57;" in page
    assert "data:image/png;base64," in page
    status, page = send(desk, "/admin/identity/preview", main_colour="#f4a927")
    assert status == 422
    assert "Choose a darker one" in page
    assert network.current().name == "CityNet"
    assert not network.current().has_own_colours


def test_name_with_markup_is_words(app: Flask, desk: FlaskClient) -> None:
    """Wherever it stands."""
    send(desk, name="<b>x</b></title><script>")
    pages = [app.test_client().get("/").text, desk.get("/admin/identity").text]
    pages.append(send(desk, "/admin/identity/preview")[1])
    for page in pages:
        assert "<b>x</b>" not in page
        assert "<script>" not in page


def test_own_look_comes_back_after_a_question(desk: FlaskClient) -> None:
    """Mark and colours go, the name stays."""
    send(desk, mark=picture(), name="Jaringan Kota", **GREEN)
    assert "/admin/identity/original" in desk.get("/admin/identity").text
    assert desk.get("/admin/identity/original").status_code == 200
    assert post(desk, "/admin/identity/original").status_code == 302
    now = network.current()
    assert (now.name, now.mark, now.has_own_colours) == ("Jaringan Kota", "", False)


def test_second_of_two_is_told(desk: FlaskClient) -> None:
    """Nothing of the first's is lost."""
    seen = network.current().digest
    assert send(desk, name="First", seen=seen)[0] == 302
    status, page = send(desk, name="Second", seen=seen)
    assert status == 409
    assert "Somebody else changed the settings meanwhile" in page
    assert "Second" in page
    assert network.current().name == "First"
    assert post(desk, "/admin/identity/original", {"seen": seen}).status_code == 409


@pytest.mark.parametrize("role", ["lead", "official", "rival", "suspended", "pending", "nobody's"])
def test_others_may_not_see_or_change_the_settings(app: Flask, role: str) -> None:
    """Each door by itself."""
    browser = client_of(app, role)
    for path in ("/admin/identity", "/admin/identity/original"):
        assert browser.get(path).status_code == 403
    for path in ("/admin/identity", "/admin/identity/preview", "/admin/identity/original"):
        assert post(browser, path, {"name": "Hacked"}).status_code == 403
    assert network.current().name == "CityNet"


def test_settings_cost_a_page_one_query(app: Flask) -> None:
    """However often they are asked for."""
    said: list[str] = []
    engine = db.db.engine

    def note(_connection: object, _cursor: object, words: str, *_rest: object) -> None:
        said.append(words)

    event.listen(engine, "before_cursor_execute", note)
    try:
        app.test_client().get("/about")
        app.test_client().get("/healthz")
    finally:
        event.remove(engine, "before_cursor_execute", note)
    assert sum("network_settings" in words for words in said) == 1


def test_page_tells_what_a_picture_has_to_be(desk: FlaskClient) -> None:
    """And the frame is one of ours."""
    answer = desk.get("/admin/identity")
    assert "frame-src 'self'" in answer.headers["Content-Security-Policy"]
    assert 'accept="image/png,image/jpeg,image/webp"' in answer.text
