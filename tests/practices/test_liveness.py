"""The yearly question: asked once a year, answered once by a link, told on the page."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select
from structlog.testing import capture_logs

from citynet.cities import queries as cities
from citynet.cities import service as memberships
from citynet.cities.models import Standing
from citynet.kit import clock, db, tokens
from citynet.practices import queries, service
from citynet.practices.models import Answer, LivenessCheck, Practice
from citynet.practices.service.liveness import PURPOSE, ask_what_is_due
from tests import network, processes
from tests.network import actor, client_of, post
from tests.practices.reviewing import acts, mails, seen, texts, told

YEAR = timedelta(days=366)
CONTACT = "office@sidoarjo.example"


def checks(practice: Practice) -> list[LivenessCheck]:
    """Return each time the practice was asked about, oldest first."""
    wanted = select(LivenessCheck).where(LivenessCheck.practice_id == practice.id)
    found = db.session().scalars(wanted.order_by(LivenessCheck.year))
    return list(found.unique())


def ask(app: Flask, after: timedelta = YEAR) -> list[Any]:
    """Let the worker look twice at a moment, and return all mails so far."""
    with clock.moved(after):
        ask_what_is_due()
        ask_what_is_due()
        return mails(app)


def link_in(mail: Any) -> str:
    """Return the path of the link of a letter."""
    found = re.search(r"https?://[^/\s]+(/still-running/\S+)", mail.body)
    assert found, mail.body
    return found[1]


def asked(app: Flask, **changes: Any) -> tuple[Practice, dict[str, str]]:
    """Return a practice that is asked about, with the link of each who was."""
    practice = network.write_to("published", contact_email=CONTACT, **changes)
    found = {
        "contact" if CONTACT in mail.to[0] else "lead": link_in(mail) for mail in ask(app)
    }  # fmt: skip
    return practice, found


def confirmed(practice: Practice) -> Any:
    """Return when the practice was last confirmed."""
    return db.session().get_one(Practice, practice.id, populate_existing=True).last_confirmed_at


def test_publication_confirms_what_runs(app: Flask) -> None:
    """The lead answers for a text that says so; of one that stopped nothing is confirmed."""
    assert confirmed(network.write_to("published")) is not None
    stopped = network.write_to("published", status="stopped", stopped_reason="No money.")
    assert confirmed(stopped) is None
    ask(app)
    assert checks(stopped) == []


def test_contact_and_lead_are_asked_once_a_year(app: Flask) -> None:
    """However often the worker looks, and neither a day before nor twice in a year."""
    practice = network.write_to("published", title="Market Wi-Fi", contact_email=CONTACT)
    assert ask(app, timedelta(days=363)) == []
    letters = ask(app)
    assert {mail.to[0] for mail in letters} == {CONTACT, "sidoarjo lead <lead@sidoarjo.example>"}
    assert all("Market Wi-Fi" in mail.subject for mail in letters)
    for days in (1, 100, 360):
        assert len(ask(app, YEAR + timedelta(days=days))) == 2
    assert len(ask(app, YEAR + YEAR)) == 4
    assert [one.year for one in checks(practice)] == sorted({one.year for one in checks(practice)})
    assert acts(practice).count("practice.asked") == 2


def test_lead_alone_is_asked_where_no_contact_is_given(app: Flask) -> None:
    """And gets one letter where the contact is the lead."""
    network.write_to("published")
    assert len(ask(app)) == 1
    network.write_to("published", contact_email="LEAD@sidoarjo.example")
    assert len(ask(app, YEAR + timedelta(days=10))) == 2


def test_nobody_is_asked_about_what_is_not_out(app: Flask) -> None:
    """Drafts, withdrawn texts, texts of former members."""
    network.write_to("signed_off")
    service.withdraw(actor("lead"), network.write_to("published"), reason="Wrong.")
    assert ask(app) == []
    network.write_to("published", role="rival")
    memberships.change_standing(
        actor("secretariat"), cities.get_city("seoul"), Standing.SUSPENDED, reason="Fees."
    )  # fmt: skip
    with clock.moved(YEAR):
        ask_what_is_due()
    assert db.session().scalar(select(func.count()).select_from(LivenessCheck)) == 0


ASK = """
from datetime import timedelta
from citynet.kit import clock
from citynet.practices.service.liveness import ask_what_is_due
with clock.moved(timedelta(days=366)):
    ask_what_is_due()
"""


def test_two_workers_ask_once(app: Flask) -> None:
    """In two processes at the same moment."""
    practice = network.write_to("published")
    db.session().rollback()
    folder = Path(app.config["CITYNET"].instance_dir)
    begun = [processes.python(folder, ASK) for _worker in range(2)]
    answers = [one.communicate(timeout=60) for one in begun]
    assert [one.returncode for one in begun] == [0, 0], answers
    assert len(checks(practice)) == 1


def test_link_scanner_answers_nothing(app: Flask) -> None:
    """Looking at the link, however often, leaves the question open."""
    practice, links = asked(app)
    with clock.moved(YEAR):
        for _time in range(3):
            answer = client_of(app, "visitor").get(links["contact"])
            assert answer.status_code == 200
        assert client_of(app, "visitor").head(links["contact"]).status_code == 200
    assert checks(practice)[0].answer is None


def test_link_stands_in_no_log(app: Flask) -> None:
    """Whoever reads logs could answer by it."""
    _practice, links = asked(app)
    token = links["lead"].rpartition("/")[2]
    with clock.moved(YEAR), capture_logs() as lines:
        client = client_of(app, "visitor")
        client.get(links["lead"])
        post(client, links["lead"], {"answer": "running"})
    assert "/still-running/…" in [line.get("path") for line in lines]
    assert token not in str(lines)


def test_one_click_confirms(app: Flask) -> None:
    """Without an account; the page tells the day, the log as whom it was answered."""
    practice, links = asked(app)
    before = confirmed(practice)
    with clock.moved(YEAR):
        client = client_of(app, "visitor")
        answer = post(client, links["contact"], {"answer": "running"}, follow_redirects=True)
        assert (answer.status_code, "Thank you" in answer.text) == (200, True)
        assert confirmed(practice) - before > YEAR - timedelta(days=1)
        page = client.get(f"/practices/{practice.slug}").text
        assert "Last confirmed" in page
        assert len(mails(app)) == 2
    answer_told = told("practice.answered")
    assert (answer_told["by"], answer_told["answer"]) == ("contact", "running")


@pytest.mark.parametrize(("visibility", "is_led"), [("public", True), ("members", False)])
def test_page_leads_only_where_its_reader_may_go(app: Flask, visibility: str, is_led: bool) -> None:
    """A contact without an account is not sent to a page that is not there for them."""
    practice, links = asked(app, visibility=visibility)
    with clock.moved(YEAR):
        page = client_of(app, "visitor").get(links["contact"]).text
    assert (f'href="/practices/{practice.slug}"' in page) == is_led
    assert network.RECORD["title"] in page


def test_replayed_answer_changes_nothing(app: Flask) -> None:
    """Neither with the same link nor with the other one; both show what was answered."""
    practice, links = asked(app)
    with clock.moved(YEAR):
        client = client_of(app, "visitor")
        assert post(client, links["lead"], {"answer": "running"}).status_code == 302
        for link in links.values():
            again = post(client, link, {"answer": "stopped", "note": "Hacked."})
            assert (again.status_code, "Thank you" in again.text) == (409, True)
            assert "still running" in client.get(link).text
    assert (checks(practice)[0].answer, checks(practice)[0].note) == (Answer.RUNNING, "")


def test_stopped_asks_why_and_is_told_to_readers(app: Flask) -> None:
    """Until a revised text is published; the lead gets a letter, and is asked no more."""
    practice, links = asked(app)
    why = "<script>alert(1)</script> The counter was closed."
    with clock.moved(YEAR):
        client = client_of(app, "visitor")
        refused = post(client, links["contact"], {"answer": "stopped", "note": " "})
        assert (refused.status_code, "Write why" in refused.text) == (422, True)
        assert checks(practice)[0].answer is None
        assert post(client, links["contact"], {"answer": "stopped", "note": why}).status_code == 302
        page = client.get(f"/practices/{practice.slug}").text
        assert "Reported stopped" in page
        assert "The counter was closed." in page
        assert "<script>alert(1)" not in page
        assert "reports a change" in mails(app)[-1].subject
    assert len(ask(app, YEAR + YEAR)) == 3
    with clock.moved(YEAR + timedelta(days=1)):
        content = texts(practice)[-1].content
        service.save(actor("official"), practice, content, base=seen(practice))
        service.submit(actor("official"), practice)
        service.sign_off(actor("lead"), practice)
        service.publish(actor("secretariat"), practice)
        assert "Reported stopped" not in client.get(f"/practices/{practice.slug}").text


def test_changed_confirms_and_is_told_to_readers(app: Flask) -> None:
    """A note is welcome; without one it counts, too."""
    practice, links = asked(app)
    before = confirmed(practice)
    with clock.moved(YEAR):
        client = client_of(app, "visitor")
        long = post(client, links["lead"], {"answer": "changed", "note": "x" * 1001})
        assert long.status_code == 422
        assert post(client, links["lead"], {"answer": "changed"}).status_code == 302
        assert "Reported changed" in client.get(f"/practices/{practice.slug}").text
        assert confirmed(practice) > before
        assert len(mails(app)) == 2


def test_unanswered_question_is_told_after_sixty_days(app: Flask) -> None:
    """Not before; an answer that comes late takes it away."""
    practice, links = asked(app)
    client, words = client_of(app, "visitor"), "nobody has answered"
    with clock.moved(YEAR + timedelta(days=59)):
        assert words not in client.get(f"/practices/{practice.slug}").text
    with clock.moved(YEAR + timedelta(days=61)):
        assert words in client.get(f"/practices/{practice.slug}").text
        assert post(client, links["lead"], {"answer": "running"}).status_code == 302
        assert words not in client.get(f"/practices/{practice.slug}").text


@pytest.mark.parametrize("answer", ["", "nonsense", "running'--", "RUNNING"])
def test_answer_is_one_of_the_three(app: Flask, answer: str) -> None:
    """Anything else asks again."""
    practice, links = asked(app)
    with clock.moved(YEAR):
        got = post(client_of(app, "visitor"), links["lead"], {"answer": answer})
        assert (got.status_code, "Press the button" in got.text) == (422, True)
    assert checks(practice)[0].answer is None


def test_altered_and_foreign_links_lead_nowhere(app: Flask) -> None:
    """Also one that was signed for something else."""
    practice, links = asked(app)
    client, token = client_of(app, "visitor"), links["lead"].rpartition("/")[2]
    forged = (
        token[:-2] + ("AA" if token[-2:] != "AA" else "BB"), "x" + token, "1.lead", "%00",
        "x" * 4000, tokens.sign("reset", f"{checks(practice)[0].id}.lead"),
    )  # fmt: skip
    with clock.moved(YEAR):
        for one in forged:
            assert client.get(f"/still-running/{one}").status_code == 404, one
            assert post(client, f"/still-running/{one}", {"answer": "running"}).status_code == 404
    assert checks(practice)[0].answer is None


def test_link_expires(app: Flask) -> None:
    """After 90 days, and with the practice's withdrawal: a page that says what to do."""
    practice, links = asked(app)
    client = client_of(app, "visitor")
    with clock.moved(YEAR + timedelta(days=91)):
        assert client.get(links["lead"]).status_code == 410
        assert post(client, links["lead"], {"answer": "running"}).status_code == 410
    service.withdraw(actor("lead"), practice, reason="Wrong.")
    with clock.moved(YEAR):
        assert client.get(links["lead"]).status_code == 410
        assert post(client, links["lead"], {"answer": "running"}).status_code == 410
    gone = tokens.sign(PURPOSE, "999999.lead")
    assert client.get(f"/still-running/{gone}").status_code == 410
    assert checks(practice)[0].answer is None


def test_answer_needs_the_form_of_its_page(app: Flask) -> None:
    """A foreign page cannot send one."""
    practice, links = asked(app)
    with clock.moved(YEAR):
        answer = client_of(app, "visitor").post(links["lead"], data={"answer": "running"})
        assert answer.status_code == 400
    assert checks(practice)[0].answer is None


def test_many_that_fall_due_together_are_asked_in_turns(app: Flask, monkeypatch: Any) -> None:
    """So that nobody's mail server sees all of them at once."""
    monkeypatch.setattr("citynet.practices.service.liveness.MOST_AT_ONCE", 2)
    for number in range(3):
        network.write_to("published", title=f"Practice {number}")
    with clock.moved(YEAR):
        ask_what_is_due()
        assert len(mails(app)) == 2
        ask_what_is_due()
        ask_what_is_due()
        assert len(mails(app)) == 3
        assert queries.to_be_asked(9) == []
