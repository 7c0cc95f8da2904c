"""Terms: admission, renewal, correction, reminders and lapse, with a moved clock."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from citynet.cities import policy, queries, service, terms
from citynet.cities.models import (
    Category,
    City,
    Matter,
    Membership,
    MembershipChange,
    Official,
    Role,
    Standing,
)
from citynet.cities.service.terms import keep_terms
from citynet.kit import clock, db, effects
from citynet.kit.errors import Conflict, Forbidden, Invalid
from tests import processes
from tests.network import actor, client_of


def seoul() -> City:
    """Return a city of the small network that has a lead."""
    return queries.get_city("seoul")


def membership(slug: str = "seoul") -> Membership:
    """Return a membership as the database has it."""
    db.session().expire_all()
    found = queries.membership_of(queries.get_city(slug).id)
    assert found is not None
    return found


def newest(slug: str = "seoul") -> MembershipChange:
    """Return the newest change of a membership."""
    return queries.history(membership(slug))[0]


def changes(slug: str = "seoul") -> int:
    """Return how many changes a membership has had."""
    return len(queries.history(membership(slug)))


@db.transaction
def ends_in(days: int, slug: str = "seoul") -> date:
    """Let the term end so many days from now, to begin from; every other one has no end."""
    for one in db.session().scalars(select(Membership)):
        one.until_day, one.reminded_days = None, None
    found = queries.membership_of(queries.get_city(slug).id)
    assert found is not None
    found.until_day = terms.today() + timedelta(days=days)
    return found.until_day


def work() -> list[str]:
    """Let the worker do its round twice, and return the subjects of all letters by now."""
    for _round in range(2):
        keep_terms()
    return [one["subject"] for one in letters()]


def letters() -> list[effects.Payload]:
    """Return the letters that were written, as they go to the mail server."""
    wanted = select(effects.Effect).where(effects.Effect.kind == "mail").order_by(effects.Effect.id)
    return [json.loads(one.payload) for one in db.session().scalars(wanted)]


def recipients() -> set[str]:
    """Return whom the letters go to."""
    return {one["to"] for one in letters()}


def renew(until: date | None, *, seen: date | None, reason: str = "Fee of 2027 paid") -> None:
    """Renew Seoul's membership as the secretariat."""
    service.renew(actor("secretariat"), seoul(), until=until, reason=reason, seen_until=seen)


# --- admission ---


def test_admission_begins_a_term_of_the_networks_length(app: Flask) -> None:
    """Twelve months where the secretariat set nothing else: the last day is the day before."""
    city = queries.get_city("pending")
    service.change_standing(actor("secretariat"), city, Standing.ACTIVE, reason="Complete")
    found = membership("pending")
    assert found.from_day == terms.today()
    assert found.until_day == terms.add_months(terms.today(), 12) - timedelta(days=1)
    assert (newest("pending").until_day_before, newest("pending").until_day_after) == (
        None, found.until_day,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("until", "kept"),
    [(date(2039, 12, 31), date(2039, 12, 31)), (terms.WITHOUT_END, None)],
)
def test_admission_takes_another_end_and_category(
    app: Flask, until: date, kept: date | None
) -> None:
    """An explicit day, or none at all."""
    city = queries.get_city("pending")
    service.change_standing(
        actor("secretariat"), city, Standing.ACTIVE, reason="Complete", until=until,
        category=Category.ASSOCIATE,
    )  # fmt: skip
    assert membership("pending").until_day == kept
    assert membership("pending").category == Category.ASSOCIATE
    assert newest("pending").category_before == Category.FULL


@pytest.mark.parametrize("until", [date(2020, 1, 1), date(2999, 1, 1)])
def test_admission_refuses_a_term_that_cannot_be(app: Flask, until: date) -> None:
    """Past, or a slip of the pen; the applicant stays one."""
    city = queries.get_city("pending")
    with pytest.raises(Invalid) as refused:
        service.change_standing(
            actor("secretariat"), city, Standing.ACTIVE, reason="x", until=until
        )
    assert set(refused.value.fields) == {"until"}
    assert membership("pending").standing == Standing.APPLIED


def test_restored_city_keeps_the_term_that_still_runs(app: Flask) -> None:
    """A suspension does not give time back or take it."""
    last = ends_in(100)
    secretariat = actor("secretariat")
    service.change_standing(secretariat, seoul(), Standing.SUSPENDED, reason="Fees")
    service.change_standing(secretariat, seoul(), Standing.ACTIVE, reason="Paid")
    assert membership().until_day == last


def test_city_restored_after_its_term_begins_another(app: Flask) -> None:
    """It would lapse at once otherwise."""
    ends_in(10)
    secretariat = actor("secretariat")
    service.change_standing(secretariat, seoul(), Standing.SUSPENDED, reason="Fees")
    with clock.moved(timedelta(days=20)):
        service.change_standing(secretariat, seoul(), Standing.ACTIVE, reason="Paid")
        assert membership().from_day == terms.today()
        work()
        assert membership().standing == Standing.ACTIVE


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2028, 2, 29), 12, date(2029, 2, 28)),
        (date(2026, 12, 1), 1, date(2027, 1, 1)),
        (date(2026, 5, 3), 120, date(2036, 5, 3)),
    ],
)
def test_months_are_counted_as_calendars_do(day: date, months: int, later: date) -> None:
    """The last of a short month where there is no such day."""
    assert terms.add_months(day, months) == later


# --- renewal and correction ---


def test_renewal_is_written_down_with_before_and_after(app: Flask) -> None:
    """And the lead is told once."""
    last = ends_in(30)
    renew(last + timedelta(days=365), seen=last)
    change = newest()
    assert change.matter == Matter.RENEWAL
    assert (change.before, change.after) == (Standing.ACTIVE, Standing.ACTIVE)
    assert change.until_day_before == last
    assert change.until_day_after == membership().until_day == last + timedelta(days=365)
    assert change.by_id == actor("secretariat").person_id
    assert change.reason == "Fee of 2027 paid"
    assert work() == ["The membership of Seoul goes on"]
    assert recipients() == {"lead@seoul.example"}


@pytest.mark.parametrize("days", [-1, 0, 29, 30, 365 * 30])
def test_renewal_to_a_day_that_cannot_be_is_refused(app: Flask, days: int) -> None:
    """Past, not later than the present end, or far beyond what anybody means."""
    last = ends_in(30)
    with pytest.raises(Invalid) as refused:
        renew(terms.today() + timedelta(days=days), seen=last)
    assert set(refused.value.fields) == {"until"}
    assert membership().until_day == last


def test_renewal_needs_a_reason(app: Flask) -> None:
    """Like every step."""
    last = ends_in(30)
    with pytest.raises(Invalid, match="reason"):
        renew(last + timedelta(days=365), seen=last, reason=" ")


def test_membership_without_an_end_is_not_renewed(app: Flask) -> None:
    """There is nothing to prolong."""
    ends_in(30, "kabupaten-sidoarjo")
    with pytest.raises(Conflict, match="no end"):
        renew(terms.today() + timedelta(days=365), seen=None)


def test_renewal_may_take_the_end_away(app: Flask) -> None:
    """For good members."""
    last = ends_in(30)
    renew(None, seen=last)
    assert membership().until_day is None


@pytest.mark.parametrize("standing", [Standing.APPLIED, Standing.SUSPENDED, Standing.ENDED])
def test_only_active_and_lapsed_memberships_are_renewed(app: Flask, standing: Standing) -> None:
    """A suspended one is restored first."""
    last = ends_in(30)
    assert standing not in policy.RENEWABLE

    @db.transaction
    def put() -> None:
        membership().standing = standing

    put()
    with pytest.raises(Conflict, match="active or a lapsed"):
        renew(last + timedelta(days=365), seen=last)


def test_who_renews_second_is_told(app: Flask) -> None:
    """They saw the term that ended: two years are not given where one was meant."""
    last = ends_in(30)
    renew(last + timedelta(days=365), seen=last)
    with pytest.raises(Conflict, match="before you"):
        renew(last + timedelta(days=730), seen=last)
    assert membership().until_day == last + timedelta(days=365)


RENEW = """
from datetime import date, timedelta
from citynet.accounts import queries as people
from citynet.cities import queries, service
from citynet.kit.errors import Conflict
actor = queries.actor_of(people.by_email("admin@citynet.example"))
seen = date.fromisoformat("{seen}")
try:
    service.renew(actor, queries.get_city("seoul"), until=seen + timedelta(days={days}),
                  reason="By {days}", seen_until=seen)
    print("done")
except Conflict:
    print("conflict")
"""


def test_of_two_who_renew_at_once_one_wins(app: Flask) -> None:
    """In two processes: one change in the history, one told of it."""
    last = ends_in(30)
    before = changes()
    db.session().rollback()
    folder = Path(app.config["CITYNET"].instance_dir)
    begun = [
        processes.python(folder, RENEW.format(seen=last, days=days)) for days in (365, 730)
    ]  # fmt: skip
    answers = [one.communicate(timeout=60) for one in begun]
    assert sorted(out.strip().rpartition("\n")[2] for out, _error in answers) == [
        "conflict", "done",
    ], answers  # fmt: skip
    db.session().rollback()
    assert changes() == before + 1


@pytest.mark.parametrize(
    ("first", "last", "field"),
    [
        (timedelta(days=1), timedelta(days=30), "from"),
        (timedelta(days=-30), timedelta(days=-31), "until"),
        (timedelta(days=-30), timedelta(days=-1), "until"),
        (timedelta(days=-30), timedelta(days=365 * 40), "until"),
    ],
)
def test_correction_refuses_days_that_cannot_be(
    app: Flask, first: timedelta, last: timedelta, field: str
) -> None:
    """Before it began, ahead, past, or too far."""
    seen, day = ends_in(30), terms.today()
    with pytest.raises(Invalid) as refused:
        service.correct_term(
            actor("secretariat"), seoul(), from_day=day + first, until=day + last,
            reason="Typo", seen_until=seen,
        )  # fmt: skip
    assert set(refused.value.fields) == {field}


def test_correction_is_written_down_and_reminds_anew(app: Flask) -> None:
    """It is another term by then."""
    seen, day = ends_in(6), terms.today()
    assert len(work()) == 1
    wanted = day + timedelta(days=20)
    service.correct_term(
        actor("secretariat"), seoul(), from_day=date(2020, 1, 1), until=wanted, reason="Typo",
        seen_until=seen,
    )  # fmt: skip
    change = newest()
    assert (change.matter, change.until_day_before, change.until_day_after) == (
        Matter.TERM, seen, wanted,
    )  # fmt: skip
    assert change.from_day_after == date(2020, 1, 1)
    assert len(work()) == 2


def test_correction_that_corrects_nothing_is_a_conflict(app: Flask) -> None:
    """No empty line in the history."""
    seen = ends_in(6)
    first = membership().from_day
    assert first is not None
    with pytest.raises(Conflict, match="already"):
        service.correct_term(
            actor("secretariat"), seoul(), from_day=first, until=seen, reason="x", seen_until=seen
        )


def test_category_is_history_too(app: Flask) -> None:
    """Of two who change it, the second is told."""
    secretariat = actor("secretariat")
    service.change_category(
        secretariat, seoul(), Category.ASSOCIATE, reason="By its wish", seen=Category.FULL
    )
    change = newest()
    assert change.matter == Matter.CATEGORY
    assert (change.category_before, change.category_after) == (Category.FULL, Category.ASSOCIATE)
    assert (change.before, change.after) == (Standing.ACTIVE, Standing.ACTIVE)
    for seen in (Category.FULL, None):
        with pytest.raises(Conflict):
            service.change_category(secretariat, seoul(), Category.ASSOCIATE, reason="x", seen=seen)
    assert membership().category == Category.ASSOCIATE


@pytest.mark.parametrize(
    "role", ["visitor", "official", "rival lead", "suspended", "nobody's", "chapter"]
)
def test_others_touch_no_term(app: Flask, role: str) -> None:
    """Not even the city's own lead, nor the secretariat of a chapter Seoul is not in."""
    last = ends_in(30)
    who, until = actor(role), last + timedelta(days=365)
    with pytest.raises(Forbidden):
        service.renew(who, seoul(), until=until, reason="x", seen_until=last)
    with pytest.raises(Forbidden):
        service.correct_term(
            who, seoul(), from_day=date(2020, 1, 1), until=until, reason="x", seen_until=last
        )
    with pytest.raises(Forbidden):
        service.change_category(who, seoul(), Category.ASSOCIATE, reason="x")
    assert (membership().until_day, membership().category) == (last, Category.FULL)


def test_history_refuses_to_be_written_over(app: Flask) -> None:
    """By whoever tries."""

    @db.transaction
    def overwrite() -> None:
        newest().reason = "Another"
        db.session().flush()

    with pytest.raises(RuntimeError, match="once"):
        overwrite()


# --- the worker ---


@pytest.mark.parametrize(
    ("days", "letters"),
    [(61, 0), (60, 1), (45, 1), (30, 1), (8, 1), (7, 1), (1, 1), (0, 1)],
)
def test_reminder_goes_to_the_lead_at_each_threshold(app: Flask, days: int, letters: int) -> None:
    """Only the most urgent where the worker slept over some, and once however often it runs."""
    ends_in(days)
    sent = work()
    assert len(sent) == letters
    assert all("ends on" in subject for subject in sent)
    assert recipients() <= {"lead@seoul.example"}


def test_three_reminders_in_a_whole_term(app: Flask) -> None:
    """Day by day over two months, each run twice: 60, 30 and 7 days before, and then the lapse."""
    ends_in(70)
    counts = []
    for day in range(0, 75, 1):
        with clock.moved(timedelta(days=day)):
            counts.append(len(work()))
    steps = [day for day in range(1, 75) if counts[day] > counts[day - 1]]
    assert steps == [10, 40, 63, 71]
    assert counts[-1] == 4


def test_clock_moved_back_reminds_nobody_again(app: Flask) -> None:
    """The machine's clock was set wrong for a while."""
    ends_in(40)
    with clock.moved(timedelta(days=35)):
        assert len(work()) == 1
    assert len(work()) == 1
    with clock.moved(timedelta(days=-15)):
        assert len(work()) == 1
    with clock.moved(timedelta(days=36)):
        assert len(work()) == 1


def test_city_without_a_lead_is_reminded_once_it_has_one(app: Flask) -> None:
    """Nothing is counted as said that nobody was told."""
    ends_in(20)
    lead = db.session().scalars(
        select(Official).where(Official.city_id == seoul().id, Official.role == Role.LEAD)
    )
    person_id = lead.one().person_id

    @db.transaction
    def put(role: Role) -> None:
        db.session().scalars(
            select(Official).where(Official.person_id == person_id)
        ).one().role = role  # fmt: skip

    put(Role.OFFICIAL)
    assert work() == []
    put(Role.LEAD)
    assert len(work()) == 1


def test_reminder_is_in_the_leads_language_and_says_what_to_do(app: Flask) -> None:
    """With the day, how many there are, and the address of the secretariat."""
    ends_in(30, "kabupaten-sidoarjo")
    work()
    letter = letters()[-1]
    assert (letter["to"], letter["language"]) == ("lead@sidoarjo.example", "id")
    assert "Kabupaten Sidoarjo" in letter["text"]
    assert "30" in letter["text"]
    assert "/work" in letter["text"]


def test_membership_lapses_after_its_last_day(app: Flask) -> None:
    """By nobody, with a change and one letter; the day itself still counts."""
    ends_in(0)
    work()
    assert membership().standing == Standing.ACTIVE
    before = changes()
    with clock.moved(timedelta(days=1)):
        assert work()[-1] == "The membership of Seoul has lapsed"
        assert membership().standing == Standing.LAPSED
    assert changes() == before + 1
    change = newest()
    assert (change.before, change.after, change.by_id) == (Standing.ACTIVE, Standing.LAPSED, None)
    assert actor("rival").standing == Standing.LAPSED
    assert not actor("rival").is_member


def test_worker_that_slept_for_a_year_sends_the_lapse_only(app: Flask) -> None:
    """No reminder of what is over."""
    ends_in(70)
    with clock.moved(timedelta(days=365)):
        assert work() == ["The membership of Seoul has lapsed"]


@pytest.mark.parametrize("standing", [Standing.SUSPENDED, Standing.ENDED, Standing.APPLIED])
def test_only_active_memberships_lapse_or_are_reminded(app: Flask, standing: Standing) -> None:
    """A suspended one stays suspended."""
    ends_in(5)

    @db.transaction
    def put() -> None:
        membership().standing = standing

    put()
    assert work() == []
    with clock.moved(timedelta(days=10)):
        assert work() == []
        assert membership().standing == standing


def test_renewed_meanwhile_does_not_lapse(app: Flask) -> None:
    """The worker looks again before it changes anything."""
    last = ends_in(0)
    with clock.moved(timedelta(days=1)):
        service.correct_term(
            actor("secretariat"), seoul(), from_day=date(2020, 1, 1),
            until=terms.today() + timedelta(days=1), reason="Typo", seen_until=last,
        )  # fmt: skip
        keep_terms()
        assert membership().standing == Standing.ACTIVE


def test_lapsed_city_returns_by_renewal(app: Flask) -> None:
    """From that day on, with its history whole and its officials writing again."""
    last = ends_in(0)
    with clock.moved(timedelta(days=10)):
        work()
        assert client_of(app, "rival").get("/practices/new").status_code == 403
        renew(terms.today() + timedelta(days=364), seen=last)
        found = membership()
        assert (found.standing, found.from_day) == (Standing.ACTIVE, terms.today())
        assert (newest().matter, newest().before) == (Matter.RENEWAL, Standing.LAPSED)
        assert client_of(app, "rival").get("/practices/new").status_code == 200
        assert [one.after for one in queries.history(found)] == [
            Standing.ACTIVE, Standing.LAPSED, Standing.ACTIVE, Standing.APPLIED,
        ]  # fmt: skip


def test_worker_runs_the_terms_by_its_timetable(app: Flask) -> None:
    """Registered, so that it needs no hand."""
    ends_in(-1)
    tasks = {task.task_class.__name__: task for task in app.extensions["periodics"]}
    tasks["memberships.terms"].call_local()
    assert membership().standing == Standing.LAPSED


def test_desk_counts_the_terms_that_end_soon(app: Flask) -> None:
    """Of the cities the reader looks after."""
    ends_in(60)
    assert queries.count_expiring(actor("secretariat")) == 1
    assert queries.count_expiring(actor("chapter")) == 0
    ends_in(61)
    assert queries.count_expiring(actor("secretariat")) == 0


def test_days_are_those_of_utc(app: Flask) -> None:
    """One day everywhere in the network, from one clock."""
    assert terms.today() == datetime.now(UTC).date()
    with clock.moved(timedelta(days=400)):
        assert terms.today() == (datetime.now(UTC) + timedelta(days=400)).date()
