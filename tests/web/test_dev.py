"""The page of mails in development; it never exists in production."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import delete

from citynet.app import create_app
from citynet.kit import clock, db, effects, files, mail, network, postbox
from citynet.kit.errors import NotFound
from tests.conftest import close, config_in

LINK = "http://127.0.0.1:8000/invitations/abc"


@pytest.fixture
def browser(app: Flask, tmp_path: Path) -> Iterator[FlaskClient]:
    """Return a visitor's browser on a network that keeps its mails in a folder."""
    own = create_app(config_in(tmp_path / "instance", mail_backend="folder"))
    with own.app_context():
        with db.atomic():
            db.session().execute(delete(effects.Effect))
        yield own.test_client()
        db.session().rollback()
    close(own)


@db.transaction
def write(subject: str = "Hello", text: str = f"Come in.\n\n{LINK}") -> None:
    """Send a mail as commands do."""
    mail.post(to="siti@x.example", to_name="Sítí", subject=subject, text=text, language="id")


def test_page_says_that_there_is_no_mail(browser: FlaskClient) -> None:
    """And how there would be one."""
    assert "No mail yet" in browser.get("/dev/mail").text


def test_mails_are_listed_newest_first(browser: FlaskClient) -> None:
    """With subject and recipient, names decoded."""
    for number in range(3):
        with clock.moved(timedelta(minutes=number)):
            write(f"Mail {number} – 市")
            effects.run_due()
    page = browser.get("/dev/mail").text
    places = [page.index(f"Mail {number} – 市") for number in (2, 1, 0)]
    assert places == sorted(places)
    assert "Sítí &lt;siti@x.example&gt;" in page


def test_mail_is_shown_with_text_links_and_html(browser: FlaskClient) -> None:
    """A link in the text can be followed, and the HTML part stands in a frame."""
    write()
    effects.run_due()
    (kept,) = postbox.kept()
    answer = browser.get(f"/dev/mail/{kept.name}")
    assert f'<a href="{LINK}">' in answer.text
    assert f"/dev/mail/{kept.name}/html" in answer.text
    assert "frame-src 'self'" in answer.headers["Content-Security-Policy"]
    html = browser.get(f"/dev/mail/{kept.name}/html")
    assert f'href="{LINK}"' in html.text
    assert "sandbox" in html.headers["Content-Security-Policy"]
    assert "script" not in html.headers["Content-Security-Policy"]


def test_mark_is_shown_from_inside_the_mail(browser: FlaskClient) -> None:
    """Nothing is fetched for it."""
    out = io.BytesIO()
    Image.new("RGB", (20, 20)).save(out, "PNG")
    network.change(1, replace(network.current(), mark=files.put(out.getvalue())))
    write()
    effects.run_due()
    (kept,) = postbox.kept()
    assert kept.picture("mark@citynet") == out.getvalue()
    assert 'src="cid:mark@citynet"' in kept.html
    html = browser.get(f"/dev/mail/{kept.name}/html").text
    assert "cid:" not in html
    assert "data:image/png;base64,iVBOR" in html


def test_mail_sent_twice_is_kept_once(browser: FlaskClient) -> None:
    """Its file is named by its identifier."""
    write()
    (row,) = effects.latest(1).items
    payload = row.payload
    effects.run_due()
    with db.atomic():
        row = db.session().get_one(effects.Effect, row.id)
        row.state, row.payload = effects.State.WAITING, payload
    effects.run_due()
    assert len(postbox.kept()) == 1


def test_markup_in_a_mail_is_words(browser: FlaskClient) -> None:
    """On the page around it."""
    write("<script>alert(1)</script>", "<script>alert(2)</script>")
    effects.run_due()
    (kept,) = postbox.kept()
    for path in ("/dev/mail", f"/dev/mail/{kept.name}", f"/dev/mail/{kept.name}/html"):
        assert "<script>alert" not in browser.get(path).text


@pytest.mark.parametrize(
    "name", ["x", "..", "../citynet.db", "..%2fcitynet.db", "20251125T030405-0123456789ab.eml",
             "20251125T030405-0123456789ab.eml\0", "%2e%2e"],
)  # fmt: skip
def test_file_that_is_no_mail_is_not_found(browser: FlaskClient, name: str) -> None:
    """Nothing but the folder's own mails can be asked for."""
    assert browser.get(f"/dev/mail/{name}").status_code in (404, 308)
    assert browser.get(f"/dev/mail/{name}/html").status_code in (404, 308)
    with pytest.raises(NotFound):
        postbox.open_kept(name)


def test_page_does_not_exist_in_production(tmp_path: Path) -> None:
    """Not even where mails are kept in a folder."""
    app = create_app(config_in(tmp_path, environment="production", mail_backend="folder"))
    try:
        assert not [rule.rule for rule in app.url_map.iter_rules() if rule.rule.startswith("/dev")]
        assert app.url_map.bind("localhost").test("/dev/mail") is False
    finally:
        close(app)
