"""What searching leaves behind the doors: kept searches, their mails, queries, what was missed."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import update

from citynet.asked import noting
from citynet.asked import service as asked
from citynet.asked.models import PastQuery
from citynet.kit import clock, db, effects
from citynet.kit.i18n import in_language
from citynet.practices import service as practices
from citynet.practices.fields import Visibility
from citynet.search import saved
from citynet.search.digests import tell_what_is_new
from citynet.search.models import HowOften, SavedSearch
from tests.doors.canaries import MEMBERS, word_of
from tests.doors.plant_people import actor_of
from tests.doors.writing import at, full, write
from tests.network import ROLES, actor

Things = dict[str, dict[str, object]]
# What somebody missed, and is told of a practice that only members read.
MISSED = "trams"
# Asked of the network, whoever asks; a mail tells of each practice once.
LOOKED_FOR = (("q", "permits"),)
NOBODY_HAS = 999_999


def save_searches() -> Things:
    """Let everybody who signs in keep a search, before what is hidden is written."""
    effects.run_due(limit=1000)
    for role in ROLES:
        if role not in ("visitor", "official"):
            saved.save(actor(role), LOOKED_FOR, name="Permits", how_often=HowOften.DAILY)
    name, person = word_of("name in mails"), actor("official").person_id or 0
    kept = saved.save(actor("official"), LOOKED_FOR, name=name, how_often=HowOften.DAILY).id
    with clock.moved(-timedelta(seconds=saved.GOOD_FOR_SECONDS + 60)):
        late = saved.link_of(saved.ALL, person)
    return {
        "stop-one": {"secret": saved.link_of(saved.ONE, kept)},
        "stop-all": {"secret": saved.link_of(saved.ALL, person)},
        "stop-deleted": {"secret": saved.link_of(saved.ONE, NOBODY_HAS)},
        "stop-too-late": {"secret": late},
    }


def write_digests() -> None:
    """Let the worker come on the next day, and send everybody what is new."""
    _let_a_day_pass()
    tell_what_is_new()
    effects.run_due(limit=1000)


def plant_secrets() -> Things:
    """Write what not everybody may see: what members ask, what was missed and by whom."""
    return {"members-of-seoul": _plant_in_seoul(), **_queries(), **_reports()}


def plant_public() -> Things:
    """Let many ask for the same."""
    return {"asked-often": _asked("permits at the counter", different=4)}


def _plant_in_seoul() -> dict[str, object]:
    """Publish for members alone what no other practice has: its city, its year, its cost."""
    rare = {"started": "1988", "cost_band": "to_1m", "visibility": "members"}
    record = {**full("members of Seoul"), **rare}
    practice = write("rival", "members-of-seoul", record)
    practices.submit(actor("rival"), practice)
    # Published by this, for the secretariat trusts Seoul.
    practices.sign_off(actor("rival lead"), practice)
    return at(practice)


def _queries() -> Things:
    for language in ("en", "id"):
        with in_language(language):
            for role in MEMBERS | {"moved", "removed"}:
                for text in (word_of("asked by members"), f"permits {word_of('members')}"):
                    asked.note(actor_of(role), text, address="::1")
    noting.gather()
    hidden = _asked(word_of("asked and hidden"), different=9)
    asked.hide(actor("secretariat"), int(str(hidden["query_id"])))
    return {
        "asked-and-hidden": hidden,
        "asked-by-few": _asked(word_of("asked by few"), different=2),
    }


@db.transaction
def _asked(text: str, *, different: int) -> dict[str, object]:
    """Count a query as many others asked it."""
    today, askers = clock.now().date(), (1 << different) - 1
    row = PastQuery(
        text=text, language="en", audience=Visibility.PUBLIC, askers=askers, different=different,
        asked=different, askers_last=askers, first_on=today, last_on=today,
    )  # fmt: skip
    db.session().add(row)
    db.session().flush()
    return {"query_id": row.id}


def _reports() -> Things:
    admin = actor("secretariat")
    things = {
        thing: _report(role, f"Ferries {word_of(canary)}", word_of(canary))
        for thing, role, canary in (
            ("missed", "official", "missed"),
            ("missed-in-seoul", "rival", "missed in Seoul"),
            ("missed-by-visitor", "visitor", "missed by a visitor"),
            ("missed-no-more", "rival", "missed no more"),
        )
    }
    reason = f"Because of {word_of('dismissed for')}"
    asked.dismiss(admin, int(str(things["missed-no-more"]["report_id"])), reason)
    answered = _report("visitor", MISSED, "")
    asked.answer(admin, int(str(answered["report_id"])), "/practices/members")
    return things


def _report(role: str, query: str, words: str) -> dict[str, object]:
    return {"report_id": asked.report(actor(role), query, words).id}


@db.transaction
def _let_a_day_pass() -> None:
    """Let all searches be of the day before yesterday, so that they are due."""
    db.session().execute(update(SavedSearch).values(looked_at=clock.now() - timedelta(days=2)))
