"""The desk of announcements: drafts, preview, publishing, withdrawing, and who sees what."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from citynet.announcements.models import Announcement
from citynet.kit import audit, clock, db
from tests import network

TODAY = clock.now().date()
WORDS: dict[str, Any] = {
    "title_en": "Seminar in Kupang", "title_id": "Seminar di Kupang",
    "text_en": "Three days.\n\nBring your results.", "text_id": "Tiga hari.",
    "link": "/topics/", "audience": "everybody",
    "begins_on": TODAY.isoformat(), "ends_on": (TODAY + timedelta(days=3)).isoformat(),
}  # fmt: skip


@pytest.fixture
def admin(app: Flask) -> FlaskClient:
    """Return the secretariat's browser."""
    return network.client_of(app, "secretariat")


def every() -> list[Announcement]:
    """Return what was written, newest first."""
    return list(db.session().scalars(select(Announcement).order_by(Announcement.id.desc())))


def newest() -> Announcement:
    """Return the announcement written last."""
    return every()[0]


def draft(admin: FlaskClient, **changes: Any) -> Announcement:
    """Keep a draft and return it."""
    answer = network.post(admin, "/admin/announcements/new", {**WORDS, **changes})
    assert answer.status_code == 302, answer.text
    return newest()


def decide(admin: FlaskClient, one: Announcement, step: str) -> Any:
    """Take a step with an announcement as its page showed it."""
    return network.post(
        admin, f"/admin/announcements/{one.id}/{step}", {"version": str(one.version)}
    )


def home(app: Flask, role: str = "visitor", **headers: str) -> str:
    """Return the home page as a role reads it."""
    return network.client_of(app, role).get("/", headers=headers).text


def test_draft_is_seen_in_the_preview_only(app: Flask, admin: FlaskClient) -> None:
    """In both languages, before anybody else reads it."""
    one = draft(admin)
    page = admin.get(f"/admin/announcements/{one.id}").text
    assert "Seminar in Kupang" in page
    assert "<p>Tiga hari.</p>" in page
    assert "Seminar" not in home(app)


def test_published_announcement_stands_on_the_home_page(app: Flask, admin: FlaskClient) -> None:
    """In the reader's language, with its paragraphs and where to read on."""
    decide(admin, draft(admin), "publish")
    assert "<p>Bring your results.</p>" in home(app)
    page = network.client_of(app, "visitor").get("/", headers={"Accept-Language": "id"}).text
    assert "Seminar di Kupang" in page
    assert 'href="/topics/"' in page


@pytest.mark.parametrize(
    ("role", "is_shown"),
    [("visitor", False), ("suspended", False), ("pending", False), ("nobody's", False),
     ("official", True), ("rival", True), ("secretariat", True)],
)  # fmt: skip
def test_announcement_for_members_is_read_by_members(
    app: Flask, admin: FlaskClient, role: str, is_shown: bool
) -> None:
    """And by secretariats."""
    decide(admin, draft(admin, audience="members"), "publish")
    assert ("Seminar in Kupang" in home(app, role)) == is_shown


@pytest.mark.parametrize(("days", "is_shown"), [(-1, False), (0, True), (3, True), (4, False)])
def test_announcement_is_shown_from_its_first_day_to_its_last(
    app: Flask, admin: FlaskClient, days: int, is_shown: bool
) -> None:
    """Both of them included."""
    begins, ends = TODAY + timedelta(days=20), TODAY + timedelta(days=23)
    decide(admin, draft(admin, begins_on=begins.isoformat(), ends_on=ends.isoformat()), "publish")
    with clock.moved(timedelta(days=20 + days)):
        assert ("Seminar in Kupang" in home(app)) == is_shown


def test_withdrawn_announcement_stays_in_the_list(app: Flask, admin: FlaskClient) -> None:
    """It is on the home page no more, and cannot be changed."""
    one = draft(admin)
    decide(admin, one, "publish")
    assert decide(admin, one, "withdraw").status_code == 302
    assert "Seminar" not in home(app)
    assert "Withdrawn" in admin.get("/admin/announcements").text
    data = {**WORDS, "version": "1", "title_en": "Other"}
    answer = network.post(admin, f"/admin/announcements/{one.id}/edit", data)
    assert answer.status_code == 409
    assert "Other" in answer.text


@pytest.mark.parametrize(
    ("step", "again"), [("publish", 409), ("discard", 409)], ids=["twice", "published"]
)
def test_published_announcement_is_neither_published_nor_discarded_again(
    admin: FlaskClient, step: str, again: int
) -> None:
    """Who comes second is shown what happened."""
    one = draft(admin)
    decide(admin, one, "publish")
    assert decide(admin, one, step).status_code == again


def test_draft_is_not_withdrawn_but_discarded(admin: FlaskClient) -> None:
    """A draft was on no page."""
    one = draft(admin)
    path = f"/admin/announcements/{one.id}"
    assert decide(admin, one, "withdraw").status_code == 409
    assert decide(admin, one, "discard").status_code == 302
    assert admin.get(path).status_code == 404


def test_second_editor_keeps_their_words_and_is_told(admin: FlaskClient) -> None:
    """The first one's stand."""
    one = draft(admin)
    path = f"/admin/announcements/{one.id}/edit"
    first = network.post(admin, path, {**WORDS, "title_en": "First", "version": "1"})
    second = network.post(admin, path, {**WORDS, "title_en": "Second", "version": "1"})
    assert (first.status_code, second.status_code) == (302, 409)
    assert "Second" in second.text
    assert newest().title_en == "First"


def test_text_changed_meanwhile_is_not_published_unread(admin: FlaskClient) -> None:
    """The button names the version it showed."""
    one = draft(admin)
    network.post(admin, f"/admin/announcements/{one.id}/edit", {**WORDS, "version": "1"})
    answer = network.post(admin, f"/admin/announcements/{one.id}/publish", {"version": "1"})
    assert answer.status_code == 409


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("title_en", ""), ("title_id", "   "), ("title_en", "x" * 121), ("text_en", "x" * 2001),
        ("text_id", ""), ("link", "javascript:alert(1)"), ("link", "//evil.example"),
        ("link", "https:evil"), ("link", "ftp://x.example/"), ("link", "http://[::1"),
        ("begins_on", ""), ("begins_on", "tomorrow"), ("ends_on", "2020-01-01"),
        ("ends_on", "9999-99-99"), ("audience", "nobody"),
    ],
)  # fmt: skip
def test_what_cannot_be_shown_is_refused_with_its_field(
    admin: FlaskClient, field: str, value: str
) -> None:
    """422, the words kept, nothing written."""
    answer = network.post(admin, "/admin/announcements/new", {**WORDS, field: value})
    assert answer.status_code == 422
    assert f'href="#{field}' in answer.text
    assert every() == []


def test_last_day_that_is_over_is_not_published(admin: FlaskClient) -> None:
    """The message tells what to do."""
    one = draft(admin, begins_on="2020-01-01", ends_on="2020-01-02")
    answer = decide(admin, one, "publish")
    assert answer.status_code == 409
    assert "Choose a later one" in answer.text


def test_markup_is_written_as_it_was_typed(app: Flask, admin: FlaskClient) -> None:
    """Nobody's browser runs it."""
    one = draft(admin, title_en="<script>alert(1)</script>", text_en="<b>x</b>")
    decide(admin, one, "publish")
    page = home(app)
    assert "<script>alert" not in page
    assert "&lt;b&gt;x&lt;/b&gt;" in page


@pytest.mark.parametrize("role", ["visitor", "official", "lead", "suspended", "pending"])
def test_desk_of_announcements_is_the_secretariats(app: Flask, role: str) -> None:
    """A visitor is asked to sign in."""
    client = network.client_of(app, role)
    assert client.get("/admin/announcements").status_code == (302 if role == "visitor" else 403)
    answer = network.post(client, "/admin/announcements/new", WORDS)
    assert answer.status_code == (401 if role == "visitor" else 403)
    assert every() == []


def test_changes_are_audited_before_and_after(admin: FlaskClient) -> None:
    """Only what changed."""
    one = draft(admin)
    data = {**WORDS, "title_en": "New title", "version": "1"}
    network.post(admin, f"/admin/announcements/{one.id}/edit", data)
    wanted = audit.Filter(action="announcement.changed")
    changes = audit.changes_of(audit.entries(wanted).items[0])
    assert changes == [("title_en", "Seminar in Kupang", "New title")]
