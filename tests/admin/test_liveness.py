"""The desk's list of what still runs, and the same on the work list of a city."""

from __future__ import annotations

import csv
import io
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, select

from citynet.kit import clock, db, effects, tokens
from citynet.practices import queries, service
from citynet.practices.models import Answer, LivenessCheck, Practice
from citynet.practices.queries.liveness import Life, lives_of
from citynet.practices.service.liveness import PURPOSE, ask_what_is_due
from tests import network
from tests.network import ROLES, actor, client_of

PATH = "/admin/liveness"
YEAR, LATE = timedelta(days=366), timedelta(days=366 + 61)
NOTE = "<script>alert(1)</script> =2+3"


@pytest.fixture
def admin(app: Flask) -> FlaskClient:
    """Return the secretariat's browser."""
    return client_of(app, "secretariat")


def asked(practice: Practice) -> LivenessCheck:
    """Return the last time a practice was asked about."""
    wanted = select(LivenessCheck).where(LivenessCheck.practice_id == practice.id)
    check = db.session().scalars(wanted.order_by(LivenessCheck.year.desc())).first()
    assert check is not None
    return check


def answer(practice: Practice, said: Answer, note: str = "") -> None:
    """Answer the last question for a practice."""
    token = tokens.sign(PURPOSE, f"{asked(practice).id}.contact")
    service.answer_question(actor("visitor"), token, said, note=note)


def one_of_each() -> dict[str, Practice]:
    """Publish practices; a year later leave, stop, change and confirm one each."""
    found = {
        name: network.write_to("published", title=name, contact_email="office@city.example")
        for name in ("unanswered", "stopped", "changed", "confirmed")
    }
    with clock.moved(YEAR):
        ask_what_is_due()
        answer(found["stopped"], Answer.STOPPED, NOTE)
        answer(found["changed"], Answer.CHANGED)
        answer(found["confirmed"], Answer.RUNNING)
    return found


def rows(client: FlaskClient, query: str = "", form: str = "csv") -> list[dict[str, str]]:
    """Return the rows of an export."""
    got = client.get(f"{PATH}?form={form}&{query}", buffered=True)
    assert got.status_code == 200
    text = got.get_data(as_text=True).removeprefix("\ufeff")
    return list(csv.DictReader(io.StringIO(text)))


def titles(client: FlaskClient, query: str = "") -> list[str]:
    """Return the practices of an export, by title."""
    return sorted(row["Practice"] for row in rows(client, query))


@pytest.mark.parametrize("role", sorted(ROLES))
def test_list_is_for_secretariats_alone(app: Flask, role: str) -> None:
    """Whatever is asked of it."""
    expected = {"secretariat": 200, "chapter": 200, "visitor": 302}.get(role, 403)
    browser = client_of(app, role)
    for query in ("", "?state=unanswered", "?form=csv"):
        assert browser.get(f"{PATH}{query}", buffered=True).status_code == expected


def test_chapter_sees_the_practices_of_its_cities_alone(app: Flask) -> None:
    """Also through filters, orders and the export."""
    network.write_to("published", title="Ours")
    network.write_to("published", role="rival", title="Theirs")
    chapter, whole = client_of(app, "chapter"), client_of(app, "secretariat")
    for query in ("", "state=confirmed", "sort=-city", "q=Theirs", "country=KR"):
        assert "Theirs" not in titles(chapter, query)
    assert (titles(chapter), titles(whole)) == (["Ours"], ["Ours", "Theirs"])
    assert "Theirs" not in chapter.get(PATH).text


@pytest.mark.parametrize(
    ("state", "found"),
    [("", ["changed", "confirmed", "stopped", "unanswered"]), ("unanswered", ["unanswered"]),
     ("stopped", ["stopped"]), ("changed", ["changed"]), ("confirmed", ["confirmed"]),
     ("asked", []), ("old", []), ("nonsense", ["changed", "confirmed", "stopped", "unanswered"])],
)  # fmt: skip
def test_list_is_narrowed_by_what_is_known(
    app: Flask, admin: FlaskClient, state: str, found: list[str]
) -> None:
    """Sixty days after the question."""
    one_of_each()
    with clock.moved(LATE):
        assert titles(client_of(app, "secretariat"), f"state={state}") == found


def test_question_is_told_as_open_until_sixty_days_are_over(app: Flask) -> None:
    """Then as not answered, and a new text ends it."""
    practice = one_of_each()["unanswered"]
    known = []
    for days in (366, 366 + 59, 366 + 61):
        with clock.moved(timedelta(days=days)):
            known.append(lives_of([practice.id])[practice.id])
    assert known == [Life.ASKED, Life.ASKED, Life.UNANSWERED]
    with clock.moved(LATE):
        newest = queries.newest_text(actor("official"), practice.slug)
        base = (newest.number, newest.version)
        service.save(actor("official"), practice, newest.content, base=base)
        service.submit(actor("official"), practice)
        service.sign_off(actor("lead"), practice)
        service.publish(actor("secretariat"), practice)
        assert lives_of([practice.id]) == {practice.id: Life.CONFIRMED}


def test_what_nobody_can_be_asked_about_is_told_as_old(app: Flask, admin: FlaskClient) -> None:
    """And a text that itself says it stopped is not in the list."""
    network.write_to("published", title="Old")
    network.write_to("published", title="Over", status="stopped", stopped_reason="No money.")
    assert titles(admin) == ["Old"]
    with clock.moved(YEAR):
        assert titles(client_of(app, "secretariat"), "state=old") == ["Old"]


def test_page_and_export_tell_days_and_the_answer(app: Flask) -> None:
    """What was written with it is words in both."""
    one_of_each()
    with clock.moved(LATE):
        browser = client_of(app, "secretariat")
        page = browser.get(f"{PATH}?state=stopped").text
        (row,) = rows(browser, "state=stopped")
    assert "Reported stopped" in page
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in page
    assert row["City"] == "Kabupaten Sidoarjo"
    assert row["Address"].endswith("/practices/stopped")
    assert row["Answered by"] == "contact"
    assert row["Why it stopped, or what changed"].startswith("<script>")
    assert "" not in (row["Last confirmed"], row["Asked on"], row["Answered on"])


@pytest.mark.parametrize(
    "query", ["sort=practice", "sort=-confirmed", "sort=asked", "sort=-answered", "sort=state",
              "before=2999-01-01", "before=x", "page=99", "q=%25", "country=ID", "state=%27"],
)  # fmt: skip
def test_whatever_the_address_asks_there_is_a_page(admin: FlaskClient, query: str) -> None:
    """In each order and with each filter."""
    network.write_to("published")
    assert admin.get(f"{PATH}?{query}").status_code == 200


def test_list_reads_no_texts_and_asks_as_often_for_many(app: Flask, admin: FlaskClient) -> None:
    """A page of fifty is one query."""
    for number in range(3):
        network.write_to("published", title=f"Practice {number}")
    sent: list[str] = []

    def note(*given: Any) -> None:
        sent.append(given[2])

    event.listen(db.db.engine, "before_cursor_execute", note)
    try:
        assert admin.get(PATH).status_code == 200
    finally:
        event.remove(db.db.engine, "before_cursor_execute", note)
    about = [one for one in sent if "liveness_checks" in one]
    assert len(about) == 1
    assert not any("revisions.content" in one for one in sent)


def test_work_list_marks_what_waits_for_an_answer(app: Flask) -> None:
    """For the city's own people, until it is answered."""
    found = one_of_each()
    with clock.moved(YEAR):
        page = client_of(app, "official").get("/work").text
        assert "Answer the mail" in page
        assert page.count("Reported stopped") == 1
    with clock.moved(LATE):
        page = client_of(app, "lead").get("/work").text
        assert "Nobody has answered" in page
        assert "Open the link in our mail and answer" in page
        answer(found["unanswered"], Answer.RUNNING)
        page = client_of(app, "lead").get("/work").text
        assert "Still running?" not in page
    effects.run_due()
