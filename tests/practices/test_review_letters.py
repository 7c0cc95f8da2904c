"""The letters about a text: sent by a real mail server to those who wrote it, and to reviewers."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from citynet.accounts import queries as people
from citynet.accounts import service as accounts
from citynet.accounts.models import Person
from citynet.accounts.service import erasing
from citynet.app import create_app
from citynet.cities import queries as cities
from citynet.cities import service as memberships
from citynet.cities.models import Official, Role, Standing
from citynet.cities.service import officials
from citynet.kit import clock, db, effects
from citynet.kit.errors import Conflict, Invalid
from citynet.practices import importing, service
from citynet.practices.importing import Team
from citynet.practices.models import Practice
from citynet.practices.service.assigning import remind_reviewers
from citynet.practices.service.publishing import publish_due
from tests import network
from tests.conftest import close, config_in, quick
from tests.kit.postbox import Postbox, served
from tests.network import actor
from tests.practices.reviewing import comment, day, seen, sidoarjo, texts, until
from tests.practices.translator import bring_to, published

OFFICIAL, LEAD = "official@sidoarjo.example", "lead@sidoarjo.example"
ADMIN, CHAPTER = "admin@citynet.example", "chapter@citynet.example"


@pytest.fixture
def box(template: Path, tmp_path: Path) -> Iterator[Postbox]:
    """Serve a postbox to a network that sends to it, in whose context the test runs."""
    folder = tmp_path / "instance"
    shutil.copytree(template, folder)
    with served() as box:
        settings = config_in(
            folder, mail_backend="smtp", mail_port=box.port, mail_from="noreply@citynet.example"
        )
        app = quick(create_app(settings))
        with app.app_context():
            yield box
            db.session().rollback()
        close(app)


def arrived(box: Postbox) -> list[tuple[str, str]]:
    """Let the worker send what is due; return to whom and with which subject, and forget it."""
    effects.run_due()
    effects.run_due()
    found = [(to[0], str(letter["Subject"])) for to, letter in box.letters]
    assert all(len(to) == 1 for to, _letter in box.letters)
    box.letters.clear()
    return sorted(found)


def words(box: Postbox) -> tuple[str, str]:
    """Let the worker send what is due; return the text and the HTML of the one letter."""
    effects.run_due()
    ((_to, letter),) = box.letters
    box.letters.clear()
    parts = [letter.get_body((kind,)) for kind in ("plain", "html")]
    assert all(parts)
    text, html = (str(one.get_content()) for one in parts if one is not None)
    return text, html


@db.transaction
def speak(role: str, language: str) -> None:
    """Let a person choose a language."""
    person = actor(role).person
    assert person is not None
    db.session().get_one(Person, person.id).language = language


def submitted_by_lead(title: str = "Ours") -> Practice:
    """Return a text that the official wrote and the lead submitted."""
    practice = network.write(title=title)
    service.submit(actor("lead"), practice)
    return practice


def test_authors_learn_that_their_text_is_sent_back(box: Postbox) -> None:
    """Who wrote and who submitted it, each once, with the comment and the way to the text."""
    practice = submitted_by_lead("One counter")
    service.sign_off(actor("lead"), practice)
    assert arrived(box) == [(OFFICIAL, "“One counter” is signed off")]
    service.send_back(actor("secretariat"), practice, comment="Add the <b>source</b>.")
    assert arrived(box) == [
        (LEAD, "Please change “One counter”"), (OFFICIAL, "Please change “One counter”"),
    ]  # fmt: skip


def test_letter_holds_the_comment_as_words(box: Postbox) -> None:
    """Whatever a reviewer typed stays text, and the link leads to the draft."""
    practice = network.write_to("submitted", title="{link} <i>& Co\r\nBcc: x@y.example")
    typed = "<script>alert(1)</script> {link} {name}\n\nSecond line"
    service.send_back(actor("lead"), practice, comment=typed)
    text, html = words(box)
    assert "<script>alert(1)</script> {link} {name}" in text
    assert "Second line" in text
    assert f"/practices/{practice.slug}/draft" in text
    assert "<script>alert(1)" not in html
    assert "&lt;script&gt;" in html


def test_lead_who_sends_back_and_submitted_gets_no_letter(box: Postbox) -> None:
    """Nobody is told of what they just did."""
    practice = submitted_by_lead()
    service.send_back(actor("lead"), practice, comment="Shorter.")
    assert [to for to, _subject in arrived(box)] == [OFFICIAL]


def test_comments_beside_fields_are_named_in_the_recipients_language(box: Postbox) -> None:
    """Not in that of whoever sends back; so is everything else of the letter."""
    practice = network.write_to("submitted")
    comment(practice)
    speak("official", "id")
    service.send_back(actor("secretariat"), practice, comment="")
    effects.run_due()
    ((_to, letter),) = box.letters
    assert letter["Content-Language"] == "id"
    assert texts(practice)[-1].comment == "See the comments beside the fields."


def test_authors_learn_that_it_is_published(box: Postbox) -> None:
    """With the address of the page."""
    practice = network.write_to("signed_off", title="Out now")
    service.publish(actor("secretariat"), practice)
    text, _html = words(box)
    assert f"/practices/{practice.slug}\r\n" in text
    assert "/draft" not in text


def test_planned_text_is_told_when_it_comes_out(box: Postbox) -> None:
    """Once, however often the worker looks."""
    practice = network.write_to("signed_off", title="Later")
    service.schedule(actor("secretariat"), practice, day=day(2))
    assert arrived(box) == []
    with clock.moved(until(day(2))):
        publish_due()
        publish_due()
        assert arrived(box) == [(OFFICIAL, "“Later” is published")]


def test_of_a_city_of_trust_one_letter_tells_it_all(box: Postbox) -> None:
    """The sign-off publishes: two letters of one moment would say less."""
    service.trust(actor("secretariat"), sidoarjo(), reason="They write well.")
    service.sign_off(actor("lead"), network.write_to("submitted", title="Trusted"))
    assert arrived(box) == [(OFFICIAL, "“Trusted” is published")]


def erase(person: Person) -> None:
    erasing.erase(None, person)


def deactivate(person: Person) -> None:
    accounts.deactivate(None, person, reason="Left.")


def leave(person: Person) -> None:
    row = db.session().scalars(select(Official).where(Official.person_id == person.id)).one()
    officials.remove(actor("secretariat"), sidoarjo(), row.id)


def move(person: Person) -> None:
    leave(person)
    officials.appoint(
        actor("secretariat"), person, cities.get_city("seoul"), role=Role.OFFICIAL
    )  # fmt: skip


@pytest.mark.parametrize("fate", [erase, deactivate, leave, move])
def test_who_may_not_read_the_text_any_more_gets_no_letter(
    box: Postbox, fate: Callable[[Person], None]
) -> None:
    """The others do."""
    practice = submitted_by_lead("Kept")
    person = people.by_email(OFFICIAL)
    assert person is not None
    fate(person)
    service.sign_off(actor("lead"), practice)
    arrived(box)
    service.send_back(actor("secretariat"), practice, comment="Shorter.")
    assert arrived(box) == [(LEAD, "Please change “Kept”")]


def test_nobody_of_a_suspended_city_is_told(box: Postbox) -> None:
    """They cannot open the text."""
    practice = network.write_to("signed_off")
    memberships.change_standing(
        actor("secretariat"), sidoarjo(), Standing.SUSPENDED, reason="Fees."
    )  # fmt: skip
    arrived(box)
    service.send_back(actor("secretariat"), practice, comment="Shorter.")
    assert arrived(box) == []


def test_refused_decision_tells_nobody(box: Postbox) -> None:
    """Neither one without a comment nor the second of two."""
    practice = network.write_to("submitted")
    page = seen(practice)
    with pytest.raises(Invalid):
        service.send_back(actor("lead"), practice, comment="")
    assert arrived(box) == []
    service.send_back(actor("lead"), practice, comment="Shorter.", seen=page)
    with pytest.raises(Conflict, match="moved on"):
        service.send_back(actor("lead"), practice, comment="Again.", seen=page)
    assert len(arrived(box)) == 1


def test_reviewer_learns_of_being_named(box: Postbox) -> None:
    """With the day, or that there is none; of the same again, nothing."""
    practice, admin = network.write_to("signed_off", title="Read me"), actor("secretariat")
    reviewer = actor("chapter").person_id
    service.assign(admin, practice, reviewer_id=reviewer, due_on=None)
    text, _html = words(box)
    assert "no day is set" in text
    assert f"/practices/{practice.slug}/draft" in text
    service.assign(admin, practice, reviewer_id=reviewer, due_on=None, seen_reviewer=reviewer)
    assert arrived(box) == []
    service.assign(admin, practice, reviewer_id=reviewer, due_on=day(9), seen_reviewer=reviewer)
    assert arrived(box) == [(CHAPTER, "You review “Read me”")]
    service.assign(admin, practice, reviewer_id=None, due_on=None, seen_reviewer=reviewer)
    assert arrived(box) == []


def test_who_takes_a_review_themselves_gets_no_letter(box: Postbox) -> None:
    """Only the reminder, when it is due."""
    practice, admin = network.write_to("signed_off", title="Mine"), actor("secretariat")
    service.assign(admin, practice, reviewer_id=admin.person_id, due_on=day(0))
    assert arrived(box) == []
    remind_reviewers()
    assert [to for to, _subject in arrived(box)] == [ADMIN]


def test_who_is_named_for_today_is_not_reminded_of_today(box: Postbox) -> None:
    """The letter that names them says it; named for in two days, the day itself is told."""
    admin, reviewer = actor("secretariat"), actor("chapter").person_id
    today, soon = (network.write_to("signed_off", title=one) for one in ("Today", "Soon"))
    service.assign(admin, today, reviewer_id=reviewer, due_on=day(0))
    service.assign(admin, soon, reviewer_id=reviewer, due_on=day(2))
    assert len(arrived(box)) == 2
    remind_reviewers()
    assert arrived(box) == []
    with clock.moved(timedelta(days=2)):
        remind_reviewers()
        ((_to, subject),) = arrived(box)
        assert subject.startswith("Please review “Soon” by")


def test_import_writes_no_letters(box: Postbox) -> None:
    """What it brings in was published elsewhere, and long ago; the next text is told again."""
    team = Team(actor("official"), actor("lead"), actor("secretariat"))
    report = importing.import_lines([json.dumps(network.RECORD)], team)
    assert report.added == 1
    assert arrived(box) == []
    submitted_by_lead()
    service.sign_off(actor("lead"), submitted_by_lead())
    assert len(arrived(box)) == 1


def test_translators_learn_what_became_of_their_words(box: Postbox) -> None:
    """Each letter leads to the language version, not to the original."""
    practice = published()
    bring_to("submitted", practice)
    arrived(box)
    service.send_back_translation(actor("lead"), practice, "id", comment="Say loket.")
    text, _html = words(box)
    assert "Say loket." in text
    assert f"/practices/{practice.slug}/translations/id" in text
    service.submit_translation(actor("official"), practice, "id")
    service.sign_off_translation(actor("lead"), practice, "id")
    assert [to for to, _subject in arrived(box)] == [OFFICIAL]
    service.publish_translation(actor("secretariat"), practice, "id")
    text, _html = words(box)
    assert f"/practices/{practice.slug}/in/id" in text
