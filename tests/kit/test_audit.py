"""The audit log: a row with what it records, in the same transaction, and found again."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from citynet.kit import audit, clock, db, personal
from citynet.kit.audit import Entry, Filter

BEGINNING = datetime(2030, 1, 1, tzinfo=UTC)


@db.transaction
def act(*, fail: bool = False) -> None:
    """Record an act, and fail where asked."""
    audit.record(
        3,
        "tree.planted",
        subject=("tree", 9),
        city_id=4,
        details={"name": "Beringin 🌳", "n": None},
        before={"place": "nursery", "height_cm": 40},
        after={"place": "market", "guarded": True},
    )
    if fail:
        raise ValueError


def planted() -> list[Entry]:
    """Return the entries of this test."""
    return list(db.session().scalars(select(Entry).where(Entry.action == "tree.planted")))


def test_entry_tells_who_did_what_to_what(app: Flask) -> None:
    """Actor, act, subject, city and details; outside a request no address."""
    act()
    (entry,) = planted()
    assert (entry.actor_id, entry.subject_kind, entry.subject_id, entry.city_id) == (
        3,
        "tree",
        9,
        4,
    )
    assert audit.notes_of(entry) == {"name": "Beringin 🌳", "n": None}
    assert (entry.address, entry.request_id) == ("", "")


def test_entry_tells_before_and_after_by_field(app: Flask) -> None:
    """A field that was not there before, or is not after, has None on that side."""
    act()
    assert audit.changes_of(planted()[0]) == [
        ("height_cm", 40, None),
        ("place", "nursery", "market"),
        ("guarded", None, True),
    ]


def test_entry_tells_from_where_and_in_which_request(app: Flask) -> None:
    """The address and the request's id tie it to the logs."""
    with app.test_request_context(
        headers={"X-Request-Id": "abcdefgh-1"}, environ_base={"REMOTE_ADDR": "203.0.113.9"}
    ):
        app.preprocess_request()
        act()
    (entry,) = planted()
    assert (entry.address, entry.request_id) == ("203.0.113.9", "abcdefgh-1")


def test_failed_command_leaves_no_entry(app: Flask) -> None:
    """The log holds what happened, not what was tried."""
    with pytest.raises(ValueError):  # noqa: PT011 - it has no words
        act(fail=True)
    assert planted() == []


def test_undone_part_of_a_command_leaves_no_entry(app: Flask) -> None:
    """Of an import that skips a bad line, the good lines are in the log."""

    @db.transaction
    def write() -> None:
        act()
        with pytest.raises(ValueError), db.savepoint():  # noqa: PT011 - it has no words
            act(fail=True)
        audit.record(None, "tree.counted", subject=("tree", 1))

    write()
    assert len(planted()) == 1
    assert audit.verify().fault is None


def test_entry_outside_a_command_is_refused(app: Flask) -> None:
    """Nothing would commit it."""
    with pytest.raises(RuntimeError, match="command"):
        audit.record(None, "tree.seen", subject=("tree", 1))


@pytest.fixture
def days(app: Flask) -> None:
    """Record an act a day: each third by person 8, every second in city 2."""
    acts = ("tree.planted", "tree.felled", "park.opened")
    for number in range(12):
        moment = BEGINNING + timedelta(days=number) - clock.now()

        @db.transaction
        def write(number: int = number) -> None:
            audit.record(
                8 if number % 3 == 0 else 7, acts[number % 3],
                subject=("tree", number % 4), city_id=2 if number % 2 else None,
            )  # fmt: skip

        with clock.moved(moment):
            write()


OURS = Entry.area.in_(["tree", "park"])


@pytest.mark.parametrize(
    ("wanted", "numbers"),
    [
        ({}, range(12)),
        ({"actor_id": 8}, (0, 3, 6, 9)),
        ({"action": "tree"}, (0, 1, 3, 4, 6, 7, 9, 10)),
        ({"action": "tree."}, (0, 1, 3, 4, 6, 7, 9, 10)),
        ({"action": "tree.felled"}, (1, 4, 7, 10)),
        ({"action": "tre"}, ()),
        ({"subject_kind": "tree", "subject_id": 3}, (3, 7, 11)),
        ({"city_id": 2}, (1, 3, 5, 7, 9, 11)),
        ({"city_id": 2, "actor_id": 8}, (3, 9)),
        ({"since": BEGINNING + timedelta(days=9.5)}, (10, 11)),
        ({"until": BEGINNING + timedelta(days=1.5)}, (0, 1)),
        ({"request_id": "abcdefgh-1"}, ()),
        ({"action": "' OR 1=1 --"}, ()),
    ],
)
def test_entries_are_filtered_newest_first(
    days: None, wanted: dict[str, object], numbers: tuple[int, ...]
) -> None:
    """By actor, action or its first word, subject, city, time and request; all together hold."""
    found = Filter(also=OURS, **wanted)  # type: ignore[arg-type]
    page = audit.entries(found)
    passed = [(entry.at - BEGINNING + timedelta(minutes=1)).days for entry in page.items]
    assert passed == sorted(numbers, reverse=True)
    assert page.total == len(numbers)
    assert list(audit.every(found)) == list(page.items)


def test_pages_tell_their_total(days: None) -> None:
    """Of everything, and of what is filtered."""
    page = audit.entries(Filter(also=OURS), 3, size=5)
    assert (page.total, page.pages, len(page.items)) == (12, 3, 2)
    everything = audit.entries(size=3)
    assert everything.total == len(list(audit.every()))


@db.transaction
def tell_of_a_person() -> None:
    """Record what person 31 did, and what was done to them."""
    audit.record(31, "tree.planted", subject=("tree", 1), details={"name": "Beringin"})
    audit.record(
        3, "person.renamed", subject=("person", 31), before={"name": "Siti"}, after={"name": "S."}
    )
    audit.record(3, "person.renamed", subject=("person", 32), after={"name": "Budi"})


def test_person_reads_what_the_log_holds_about_them(app: Flask) -> None:
    """Their own acts with from where, and acts upon them without where others were."""
    with app.test_request_context(environ_base={"REMOTE_ADDR": "203.0.113.9"}):
        tell_of_a_person()
    told = audit.Trail().export(31)["entries"]
    assert isinstance(told, list)
    assert [(one["action"], one["is_own"], one["from"]) for one in told] == [
        ("person.renamed", False, ""),
        ("tree.planted", True, "203.0.113.9"),
    ]
    assert told[0]["before"] == {"name": "Siti"}
    json.dumps(told)


def test_erased_person_leaves_acts_without_personal_data(app: Flask) -> None:
    """Who, what and when stay; the address and what is told of them are blank; the chain holds."""
    with app.test_request_context(environ_base={"REMOTE_ADDR": "203.0.113.9"}):
        tell_of_a_person()
    audit.Trail().erase(31, "Somebody")
    db.session().rollback()
    wanted = Filter(also=Entry.action.in_(["tree.planted", "person.renamed"]))
    other, renamed, own = audit.entries(wanted).items
    assert (own.address, own.details) == ("", '{"name": "Beringin"}')
    assert (renamed.before, renamed.after, renamed.address) == ("{}", "{}", "203.0.113.9")
    assert (own.redacted_at is None, other.redacted_at) == (False, None)
    assert json.loads(other.after) == {"name": "Budi"}
    report = audit.verify()
    assert (report.fault, report.redacted) == (None, 2)
    assert audit.redact(actor_id=31, subject=("person", 31)) == 0


def test_log_is_one_of_the_holders(app: Flask) -> None:
    """What it holds is part of every download and every erasure."""
    assert isinstance(personal._holders["audit"], audit.Trail)
    assert audit.Trail().files(31) == {}
