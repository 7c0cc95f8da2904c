"""Digests: one mail a day with what is new, sent by a real server, no practice ever twice."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask, current_app
from sqlalchemy import func, select

from citynet.accounts import queries as people
from citynet.accounts import service as accounts
from citynet.accounts.models import Person
from citynet.accounts.service import erasing
from citynet.app import create_app
from citynet.cities import queries as cities
from citynet.cities import service as memberships
from citynet.cities.models import Standing
from citynet.kit import clock, db, effects, letters
from citynet.kit.effects import Effect, State
from citynet.practices import content as contents
from citynet.practices import service
from citynet.practices.models import Practice
from citynet.search import digests, saved
from citynet.search.digests import tell_what_is_new
from citynet.search.letters import DIGEST
from tests import network, processes
from tests.conftest import Browser, close, config_in, quick
from tests.kit.postbox import Postbox, served
from tests.network import actor
from tests.practices.reviewing import seen
from tests.practices.translator import WORDS, bring_to, published
from tests.search.saving import (
    DAILY,
    NEVER,
    OFFICIAL,
    WEEKLY,
    digests_to,
    keep,
    monday,
    morning,
    of,
    sweep,
    text_of,
    texts,
    told_by,
)
from tests.search.test_saved import WASTE, Away
from tests.test_postgres import in_threads

LEAD = "lead@sidoarjo.example"
DAY = timedelta(days=1)


@contextmanager
def sending(folder: Path, port: int) -> Iterator[Flask]:
    """Run a network that sends by SMTP to a port."""
    settings = {"mail_backend": "smtp", "mail_port": port, "mail_from": "noreply@citynet.example"}
    app = quick(create_app(config_in(folder, **settings)))
    app.test_client_class = Browser
    with app.app_context():
        yield app
        db.session().rollback()
    close(app)


@pytest.fixture
def box(template: Path, tmp_path: Path) -> Iterator[Postbox]:
    """Serve a postbox to a small network, in whose context the test runs."""
    shutil.copytree(template, tmp_path / "instance")
    with served() as box, sending(tmp_path / "instance", box.port):
        yield box


def person(email: str = OFFICIAL) -> Person:
    """Return a person."""
    found = people.by_email(email)
    assert found is not None
    return found


def publish(title: str, **changes: Any) -> Practice:
    """Publish a practice about permits."""
    return network.write_to("published", title=title, **changes)


def publish_anew(practice: Practice, **changes: Any) -> None:
    """Publish another text of a practice."""
    record = {**network.RECORD, "title": "Written anew", **changes}
    from_role = actor("official")
    with letters.withheld():
        service.save(from_role, practice, contents.read(record), base=seen(practice))
        service.submit(from_role, practice)
        service.sign_off(actor("lead"), practice)
        service.publish(actor("secretariat"), practice)
    effects.run_due()


def waiting() -> list[Effect]:
    """Return the digests that were not sent yet."""
    wanted = select(Effect).where(Effect.kind == DIGEST, Effect.state == State.WAITING)
    return list(db.session().scalars(wanted))


# ---- when


def test_new_practice_is_told_in_the_morning_once(box: Postbox) -> None:
    """Not on the day of saving, and never again; old practices stay untold."""
    publish("Known permits")
    search = keep(("q", "permits"), name="Permits")
    practice = publish("Permits at the market")
    tell_what_is_new()
    effects.run_due()
    assert box.letters == []
    for days in (1, 2, 9):
        sweep(morning(days))
    (text,) = texts(box)
    assert "• Permits at the market – Kabupaten Sidoarjo → http" in text
    assert "/practices/permits-at-the-market" in text
    assert "“Permits”: 1 new practice" in text
    assert "Known permits" not in text
    assert told_by(search, by_mail=True) == {practice.id}
    assert of(search).told_at is not None


def test_nothing_new_is_no_mail(box: Postbox) -> None:
    """However many days pass."""
    publish("Known permits")
    keep(("q", "permits"))
    publish(**WASTE)
    for days in (1, 2, 8):
        sweep(morning(days))
    assert box.letters == []


def test_weekly_search_tells_on_monday(box: Postbox) -> None:
    """What came in the week, in one mail."""
    keep(("q", "permits"), how_often=WEEKLY)
    publish("Permits one")
    publish("Permits two")
    for days in range(1, 7 - clock.now().weekday()):
        sweep(morning(days))
    assert box.letters == []
    sweep(monday())
    sweep(monday() + DAY)
    (text,) = texts(box)
    assert "Permits one" in text
    assert "Permits two" in text
    with clock.moved(monday() + 2 * DAY):
        publish("Permits three")
    sweep(monday() + 3 * DAY)
    assert len(box.letters) == 1
    # A worker that was away on Monday tells on Tuesday.
    sweep(monday(1) + DAY)
    assert "Permits three" in texts(box)[1]


def test_search_that_is_only_kept_tells_nothing(box: Postbox) -> None:
    """And one whose mails were switched on again tells only of what came after that."""
    search = keep(("q", "permits"), how_often=NEVER)
    publish("Permits of before")
    sweep(monday())
    saved.change(actor("official"), search.id, name="Mine", how_often=DAILY)
    sweep(morning(1))
    assert box.letters == []
    publish("Permits of after")
    sweep(morning(1))
    sweep(morning(2))
    (text,) = texts(box)
    assert "Permits of after" in text
    assert "of before" not in text


def test_change_of_rhythm_brings_no_second_mail_on_a_day(box: Postbox) -> None:
    """The new one begins on the day after."""
    search = keep(("q", "permits"), how_often=WEEKLY)
    publish("Permits one")
    sweep(monday())
    with clock.moved(monday()):
        saved.change(actor("official"), search.id, name="Mine", how_often=DAILY)
        publish("Permits two")
    sweep(monday() + timedelta(hours=8))
    assert len(texts(box)) == 1
    sweep(monday() + DAY)
    assert "Permits two" in texts(box)[1]


# ---- one mail


def test_searches_of_a_person_share_one_mail(box: Postbox) -> None:
    """A practice that two of them find stands in it once; each has its own link to stop."""
    keep(("q", "permits"), name="Words")
    keep(("topic", "licensing"), name="Topic")
    keep(("topic", "waste"), name="Waste", how_often=WEEKLY)
    keep(("q", "nothing finds this"), name="Empty")
    publish("Permits at the market")
    publish(**WASTE)
    sweep(monday())
    (text,) = texts(box)
    assert text.count("Permits at the market") == 1
    assert "“Words”: 1 new practice" in text
    assert "“Waste”: 1 new practice" in text
    assert "“Topic”" not in text
    assert "“Empty”" not in text
    assert text.count("/search/stop/") == 3


def test_what_one_search_told_no_other_tells(box: Postbox) -> None:
    """Also not after the one that told it is deleted."""
    one = keep(("q", "permits"), name="Daily")
    keep(("topic", "licensing"), name="Weekly", how_often=WEEKLY)
    publish("Permits at the market")
    sweep(monday() - DAY if monday() > 2 * DAY else morning(1))
    sweep(monday(1))
    assert len(texts(box)) == 1
    saved.delete(actor("official"), one.id)
    sweep(monday(2))
    assert len(texts(box)) == 1


def test_many_are_named_in_part_and_counted_in_full(box: Postbox) -> None:
    """The rest is a number with a link."""
    search = keep(("q", "permits"))
    for number in range(digests.MOST_NAMED + 3):
        publish(f"Permits {number:02}")
    sweep(morning())
    (text,) = texts(box)
    assert "23 new practices" in text
    assert text.count("/practices/permits-") == digests.MOST_NAMED
    assert "and 3 more" in text
    assert "/search?q=permits&sort=newest" in text
    assert len(told_by(search, by_mail=True)) == digests.MOST_NAMED + 3
    sweep(morning(2))
    assert len(box.letters) == 1


def test_each_gets_their_own(box: Postbox) -> None:
    """Nobody sees what somebody else looks for."""
    keep(("q", "permits"), name="Of the official")
    keep(("q", "permits"), role="lead", name="Of the lead")
    publish("Permits at the market")
    sweep(morning())
    (own,), (other,) = texts(box), texts(box, LEAD)
    assert "Of the official" in own
    assert "Of the lead" in other
    assert "Of the lead" not in own


# ---- never twice


def test_practice_published_anew_is_not_told_again(box: Postbox) -> None:
    """Nor one that was withdrawn and came back, nor one known from before."""
    known = publish("Known permits")
    keep(("q", "permits"))
    practice = publish("Permits at the market")
    sweep(morning(1))
    with clock.moved(morning(2)):
        for one in (known, practice):
            publish_anew(one, title="Permits written anew")
    sweep(morning(3))
    with clock.moved(morning(3)):
        service.withdraw(actor("lead"), practice, reason="Wrong.")
        effects.run_due()
    sweep(morning(4))
    with clock.moved(morning(4)):
        service.bring_back(actor("lead"), practice)
        effects.run_due()
    sweep(morning(5))
    assert len(box.letters) == 1


def test_practice_that_comes_to_fit_is_told(box: Postbox) -> None:
    """It was there before, but the search did not find it."""
    practice = publish(**WASTE)
    keep(("q", "permits"))
    publish_anew(practice, title="Permits for waste banks")
    sweep(morning())
    (text,) = texts(box)
    assert "Permits for waste banks" in text


def test_worker_that_dies_before_the_commit_has_told_nothing(
    box: Postbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The note and the mail are one: neither is there, and the next sweep writes both."""
    search = keep(("q", "permits"))
    publish("Permits at the market")

    def die(*_words: object, **_values: object) -> None:
        raise SystemExit

    with monkeypatch.context() as patch, clock.moved(morning()):
        patch.setattr(effects, "enqueue", die)
        with pytest.raises(SystemExit):
            tell_what_is_new()
    assert told_by(search) == set()
    assert waiting() == []
    sweep(morning())
    assert len(texts(box)) == 1


def test_worker_that_dies_after_the_commit_sends_the_mail_later(box: Postbox) -> None:
    """By the effect alone: no second sweep adds another."""
    keep(("q", "permits"))
    publish("Permits at the market")
    with clock.moved(morning()):
        tell_what_is_new()
        assert len(waiting()) == 1
        row = effects._lease_next(effects.Lane.MAIL)
        assert row is not None
    for minutes in (1, 4, 10, 20):
        sweep(morning() + timedelta(minutes=minutes))
    assert len(texts(box)) == 1


def test_worker_that_dies_between_mail_and_mark_sends_the_same_mail(box: Postbox) -> None:
    """With its Message-ID and no other practice: a mailbox shows it once."""
    keep(("q", "permits"))
    publish("Permits at the market")
    with clock.moved(morning()):
        tell_what_is_new()
        (row,) = waiting()
        payload = json.loads(row.payload)
        digests.send(payload)
    sweep(morning() + timedelta(minutes=1))
    sweep(morning(2))
    assert len(set(box.identifiers)) == 1
    assert len(set(texts(box))) <= 2
    assert len(box.letters) == 2


def test_server_that_is_away_gets_the_mail_later(box: Postbox) -> None:
    """Tried again with the words of then: what was withdrawn meanwhile is not told."""
    keep(("q", "permits"))
    gone, kept = publish("Permits gone"), publish("Permits kept")
    box.refusals["DATA"] = "451 later"
    sweep(morning())
    assert box.letters == []
    service.withdraw(actor("lead"), gone, reason="Wrong.")
    box.refusals.clear()
    sweep(morning() + timedelta(hours=2))
    (text,) = texts(box)
    assert "Permits kept" in text
    assert "Permits gone" not in text
    assert "1 new practice" in text
    assert kept.id != gone.id


TELL = """
from datetime import timedelta
from citynet.kit import clock
from citynet.search.digests import tell_what_is_new
with clock.moved(timedelta(days=2)):
    tell_what_is_new()
"""


def test_two_workers_write_one_mail(app: Flask) -> None:
    """In two processes at the same moment."""
    keep(("q", "permits"))
    publish("Permits at the market")
    db.session().rollback()
    folder = Path(app.config["CITYNET"].instance_dir)
    begun = [processes.python(folder, TELL) for _worker in range(2)]
    answers = [one.communicate(timeout=60) for one in begun]
    assert [one.returncode for one in begun] == [0, 0], answers
    assert len(waiting()) == 1


# ---- who they are now


def test_suspended_member_gets_what_everybody_reads(box: Postbox) -> None:
    """Rights are those of the moment of the run, and again of the moment of sending."""
    keep(("q", "permits"), role="rival")
    publish("Permits for all")
    publish("Permits for members", visibility="members")
    with clock.moved(morning()):
        tell_what_is_new()
    suspend("seoul")
    sweep(morning())
    (text,) = texts(box, "official@seoul.example")
    assert "Permits for all" in text
    assert "Permits for members" not in text
    assert "1 new practice" in text
    with clock.moved(morning(1)):
        publish("More permits for members", visibility="members")
    sweep(morning(2))
    assert len(texts(box, "official@seoul.example")) == 1


def suspend(city: str) -> None:
    """Suspend a city's membership."""
    memberships.change_standing(
        actor("secretariat"), cities.get_city(city), Standing.SUSPENDED, reason="Fees."
    )


def test_practice_turned_members_only_before_the_sending_is_not_told(box: Postbox) -> None:
    """To whoever is no member."""
    keep(("q", "permits"), role="nobody's")
    practice = publish("Permits for all")
    with clock.moved(morning()):
        tell_what_is_new()
    assert len(waiting()) == 1
    publish_anew(practice, visibility="members")
    sweep(morning())
    assert texts(box, "person@nowhere.example") == []
    assert waiting() == []


def test_erased_or_disabled_person_gets_nothing(box: Postbox) -> None:
    """Neither from the run nor from a mail that waits already."""
    keep(("q", "permits"))
    keep(("q", "permits"), role="lead")
    publish("Permits at the market")
    with clock.moved(morning()):
        tell_what_is_new()
    assert len(waiting()) == 2
    erasing.erase(None, person())
    deactivate(person(LEAD))
    for days in (1, 2):
        sweep(morning(days))
    assert [recipients for recipients, _ in box.letters if recipients[0] in (OFFICIAL, LEAD)] == []
    assert waiting() == []


@db.transaction
def deactivate(found: Person) -> None:
    """Close an account."""
    db.session().get_one(Person, found.id, populate_existing=True).deactivated_at = clock.now()


def test_mail_speaks_the_persons_language_of_now(box: Postbox) -> None:
    """Titles too; without a choice that of the saving counts."""
    accounts.choose_language(person(), "en")
    keep(("q", "permits"), name="Mine")
    bring_to("published", published(title="Permits at the market"))
    with clock.moved(morning()):
        tell_what_is_new()
    accounts.choose_language(person(), "id")
    sweep(morning())
    (letter,) = digests_to(box)
    assert letter["Content-Language"] == "id"
    assert WORDS["title"] in text_of(letter)
    assert "Hentikan surel tentang pencarian ini → http" in text_of(letter)


def test_stopped_or_deleted_search_tells_nothing_of_a_mail_that_waits(box: Postbox) -> None:
    """Others of the person still do."""
    one, other = keep(("q", "permits"), name="One"), keep(("topic", "waste"), name="Other")
    third = keep(("q", "bank"), name="Third")
    publish("Permits at the market")
    publish(**WASTE)
    with clock.moved(morning()):
        tell_what_is_new()
    saved.stop(saved.link_of(saved.ONE, one.id))
    saved.delete(actor("official"), third.id)
    sweep(morning())
    (text,) = texts(box)
    assert "“Other”" in text
    assert "“One”" not in text
    assert other.id


# ---- the index


def test_without_the_index_the_run_waits(box: Postbox) -> None:
    """Nothing is told wrongly; the next sweep with it tells all, on the same day."""
    search = keep(("q", "permits"))
    publish("Permits at the market")
    whole = current_app.extensions["index"]
    current_app.extensions["index"] = Away()
    with clock.moved(morning()):
        tell_what_is_new()
        tell_what_is_new()
    asked = select(func.count()).select_from(Effect).where(Effect.kind == "index.repair")
    assert db.session().scalar(asked) == 1
    assert told_by(search) == set()
    current_app.extensions["index"] = whole
    sweep(morning() + timedelta(hours=1))
    assert len(texts(box)) == 1


def test_search_saved_without_the_index_counts_what_it_finds_first(box: Postbox) -> None:
    """It tells of what comes after that."""
    publish("Known permits")
    whole = current_app.extensions["index"]
    current_app.extensions["index"] = Away()
    search = keep(("q", "permits"))
    current_app.extensions["index"] = whole
    sweep(timedelta(hours=1))
    assert len(told_by(search)) == 1
    assert box.letters == []
    publish("Permits at the market")
    sweep(morning(2))
    assert len(texts(box)) == 1


def test_one_broken_search_keeps_no_other_waiting(
    box: Postbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The person's next time comes."""
    keep(("q", "permits"))
    keep(("q", "permits"), role="lead")
    publish("Permits at the market")
    whole, first = digests._tell, min(person().id, person(LEAD).id)

    def fail_for_the_first(person_id: int) -> None:
        if person_id == first:
            raise ValueError("broken")
        whole(person_id)

    with monkeypatch.context() as patch:
        patch.setattr(digests, "_tell", fail_for_the_first)
        sweep(morning())
    assert len(box.letters) == 1
    sweep(morning() + timedelta(hours=1))
    assert len(box.letters) == 2


# ---- headers


def test_mail_has_the_headers_of_one_click(box: Postbox) -> None:
    """RFC 8058: the address of all, taken by POST; other mails have none."""
    keep(("q", "permits"))
    publish("Permits at the market")
    sweep(morning())
    ((_recipients, letter),) = box.letters
    assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    # A long header begins on a line of its own.
    assert re.fullmatch(
        r"<https?://[^/ ]+/search/stop/[\w.-]+>", letter["List-Unsubscribe"].strip()
    )


@pytest.mark.parametrize(
    "name",
    ["Wifi\r\nBcc: spy@evil.example", "=?utf-8?q?a=0D=0ABcc:_spy@evil.example?=",
     "Click: https://evil.example/", "Click → https://evil.example/", "{stop_link} {name}",
     "市" * 80],
)  # fmt: skip
def test_name_of_a_search_stays_a_name(box: Postbox, name: str) -> None:
    """No header, no link to elsewhere, no placeholder."""
    keep(("q", "permits"), name=name)
    publish("Permits at the market")
    sweep(morning())
    ((recipients, letter),) = box.letters
    assert recipients == [OFFICIAL]
    assert letter["Bcc"] is None
    assert letter["Subject"].strip().startswith("New practices: “")
    html = letter.get_body(("html",))
    assert html is not None
    assert 'href="https://evil' not in str(html.get_content())
    if name.startswith("{"):
        assert name in letter["Subject"]


def test_title_is_the_link_and_leads_only_to_this_network(box: Postbox) -> None:
    """Whatever a city calls its practice; the text part tells the addresses."""
    keep(("q", "permits"))
    publish("Permits → https://evil.example/now")
    sweep(morning())
    ((_recipients, letter),) = box.letters
    html = letter.get_body(("html",))
    assert html is not None
    page = str(html.get_content())
    words = "Permits → https://evil.example/now – Kabupaten Sidoarjo"
    assert re.search(rf'<a href="http[^"]+/practices/permits-[^"]+"[^>]*>{words}</a>', page)
    assert 'href="https://evil' not in page
    assert f"• {words} → http" in text_of(letter)


# ---- PostgreSQL


def test_digests_go_out_on_postgres(on_postgres: Flask) -> None:
    """Two workers at once write one mail; it tells each practice once."""
    search = keep(("q", "permits"))
    practice = publish("Permits at the market")
    with clock.moved(morning()):
        assert in_threads(on_postgres, tell_what_is_new, tell_what_is_new) == []
        db.session().rollback()
        assert len(waiting()) == 1
        effects.run_due()
        tell_what_is_new()
        assert waiting() == []
    assert told_by(search, by_mail=True) == {practice.id}
    (mail,) = on_postgres.extensions["mailman"].outbox
    assert "Permits at the market" in mail.body
