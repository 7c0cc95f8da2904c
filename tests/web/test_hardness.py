"""What a stranger, a full disk or a damaged file does to the network."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy.exc import OperationalError
from werkzeug.test import stream_encode_multipart

from citynet.app import create_app
from citynet.index.whoosh import WhooshEngine
from citynet.kit import effects
from citynet.kit.errors import Conflict, Invalid
from citynet.practices import content as contents
from citynet.practices import queries, service
from citynet.practices.models import State
from citynet.search.queries import engine
from tests import network
from tests.conftest import close, config_in
from tests.network import actor, client_of, form_data, post, write, write_to

HUGE = "9" * 20


@pytest.mark.parametrize(
    ("role", "method", "path"),
    [
        ("visitor", "get", f"/practices/x/revisions/{HUGE}"),
        ("official", "post", f"/account/sessions/{HUGE}/revoke"),
        ("secretariat", "post", f"/admin/effects/{HUGE}/rerun"),
    ],
)
def test_number_no_row_can_have_is_no_page(app: Flask, role: str, method: str, path: str) -> None:
    """A 404, not a crash in the database's driver."""
    client = client_of(app, role)
    answer = client.get(path) if method == "get" else post(client, path)
    assert answer.status_code == 404


@pytest.mark.parametrize("name", ["blocks-²-name", "results-²-unit", f"blocks-{HUGE * 250}-name"])
def test_row_with_an_odd_number_is_no_row(app: Flask, name: str) -> None:
    """What no page sends is left out."""
    slug = network.write().slug
    data = {"base": "1.1", "blocks-0-name": "One counter", name: "odd"}
    answer = post(client_of(app, "official"), f"/practices/{slug}/edit/blocks", data)
    assert answer.status_code == 302


def test_form_of_a_million_fields_is_refused(app: Flask) -> None:
    """Before anything is made of it, for strangers too."""
    answer = app.test_client().post(
        "/practices/new", data="a&" * 900_000, content_type="application/x-www-form-urlencoded"
    )
    assert answer.status_code == 413
    assert len(answer.data) < 50_000


def test_longest_legal_practice_passes_through_the_form(app: Flask) -> None:
    """In a script of three bytes a letter; one letter more is refused with a sentence."""
    slug, long = network.write().slug, "က" * 20_000
    keys = ("purpose", "needs", "lesson")
    blocks = {f"blocks-{row}-{key}": long for row in range(4) for key in keys}
    names = {f"blocks-{row}-name": "Long" for row in range(4)}
    client = client_of(app, "official")
    data = {**names, **blocks, "blocks-4-name": "L", "blocks-4-needs": long, "base": "1.1",
            "csrf_token": network.csrf_of(client.get("/about").text)}  # fmt: skip
    body, _size, boundary = stream_encode_multipart(data, use_tempfile=False)
    answer = client.post(
        f"/practices/{slug}/edit/blocks",
        data=body.read(),
        content_type=f"multipart/form-data; boundary={boundary}",
    )
    assert answer.status_code == 302, answer.text[:500]
    rows = [{"name": "Long", "purpose": long, "needs": long, "lesson": long}] * 5
    with pytest.raises(Invalid, match="300,000"):
        contents.read({**network.RECORD, "blocks": rows})


def test_decision_falls_on_the_text_that_was_read(app: Flask) -> None:
    """An old page's button does not sign off, publish or send back what came after it."""
    practice = write_to("submitted")
    old = client_of(app, "lead")
    seen = queries.in_work_of(practice.id)
    assert seen is not None
    before = {"seen": f"{seen.number}.{seen.version}"}
    service.send_back(actor("lead"), practice, comment="More")
    service.submit(actor("official"), practice)
    for step in ("sign-off", "send-back"):
        answer = post(old, f"/practices/{practice.slug}/{step}", {**before, "comment": "No"})
        assert answer.status_code == 409
    newest = queries.in_work_of(practice.id)
    assert newest is not None
    assert newest.state == State.SUBMITTED
    now = {"seen": f"{newest.number}.{newest.version}"}
    assert post(old, f"/practices/{practice.slug}/sign-off", now).status_code == 302


def test_text_of_a_city_suspended_meanwhile_is_not_published(app: Flask) -> None:
    """The secretariat is told what to do first."""
    practice = write_to("signed_off")
    admin = client_of(app, "secretariat")
    change = "/admin/memberships/kabupaten-sidoarjo/suspended"
    assert post(admin, change, {"reason": "Example"}).status_code == 302
    with pytest.raises(Conflict, match="not an active member"):
        service.publish(actor("secretariat"), practice)


def test_failing_database_keeps_what_was_typed(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """A full disk: 503, when to try again, and the text ready to be sent."""
    client = client_of(app, "official")

    def full(*_args: object, **_options: object) -> None:
        raise OperationalError("INSERT", {}, Exception("database or disk is full"))

    with monkeypatch.context() as patch:
        patch.setattr(service, "create", full)
        answer = post(client, "/practices/new", form_data(title="Kept through it"))
    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "10"
    assert 'value="Kept through it"' in answer.text
    assert "send it again" in answer.text


def test_damaged_queue_is_put_aside_at_start(tmp_path: Path, template: Path) -> None:
    """Losing it loses nothing: what is to be done stands in the database."""
    folder = tmp_path / "instance"
    shutil.copytree(template, folder)
    (folder / "jobs.db").write_bytes(b"no database" * 800)
    app = create_app(config_in(folder))
    assert (folder / "jobs.db.damaged").exists()
    with app.app_context():
        write_to("published")
    close(app)


def test_lost_index_is_built_anew_after_a_search(app: Flask) -> None:
    """The reader gets an answer from the database; the worker repairs, asked once."""
    write("official")
    write_to("published", title="Found again")
    folder = app.config["CITYNET"].instance_dir / "index"
    shutil.rmtree(folder)
    app.extensions["index"] = WhooshEngine(folder)
    client = app.test_client()
    for _ in range(2):
        assert "Found again" in client.get("/search?q=again").text
    waiting = effects.latest(1, state=effects.State.WAITING)
    assert [row.kind for row in waiting.items] == ["index.repair"]
    assert effects.run_due() == 1
    assert engine().generation()
    assert "repaired" not in client.get("/search?q=again").text
