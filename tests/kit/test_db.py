"""Transactions: all or nothing, begun before they read, one writer after the other."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import event, func, select, text
from sqlalchemy.exc import StatementError

from citynet.app import create_app
from citynet.kit import audit, db
from citynet.kit.audit import Entry
from citynet.kit.worker import Heartbeat
from tests import processes
from tests.conftest import close, config_in

COUNT = """
from datetime import UTC, datetime, timedelta
from citynet.kit import db
from citynet.kit.worker import Heartbeat
ONE = timedelta(seconds=1)
@db.transaction
def count():
    row = db.session().get(Heartbeat, "count", populate_existing=True)
    row.seen_at = row.seen_at + ONE
for _ in range(25):
    count()
"""


@db.transaction
def beat(name: str) -> None:
    """Write one row."""
    db.session().add(Heartbeat(name=name, seen_at=datetime(2026, 1, 1, tzinfo=UTC)))


def names() -> set[str]:
    """Return what is committed, seen by a session of its own."""
    with db.db.engine.connect() as connection:
        return set(connection.scalars(select(Heartbeat.name)))


def test_command_commits_when_it_returns(app: Flask) -> None:
    """What a command wrote is there for others afterwards."""
    beat("one")
    assert names() == {"one"}


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt, SystemExit])
def test_any_exception_rolls_everything_back(app: Flask, error: type[BaseException]) -> None:
    """Not only errors: an interrupt leaves no half of a command either."""

    @db.transaction
    def fail() -> None:
        beat("half")
        raise error

    with pytest.raises(error):
        fail()
    assert names() == set()


def test_inner_command_joins_the_outer_one(app: Flask) -> None:
    """The outermost commits: until then nobody else sees anything."""

    @db.transaction
    def outer() -> set[str]:
        beat("inner")
        db.session().flush()
        return names()

    assert outer() == set()
    assert names() == {"inner"}


def test_command_after_a_failed_one_begins_anew(app: Flask) -> None:
    """A failure leaves the session fit for the next command."""

    @db.transaction
    def fail() -> None:
        beat("lost")
        db.session().execute(text("no such statement"))

    with pytest.raises(StatementError):
        fail()
    beat("kept")
    assert names() == {"kept"}


def test_savepoint_undoes_its_block_only(app: Flask) -> None:
    """One bad line of an import takes nothing else with it."""

    def write_badly() -> None:
        with db.savepoint():
            beat("bad")
            raise ValueError("bad line")

    @db.transaction
    def write() -> None:
        beat("before")
        with pytest.raises(ValueError, match="bad line"):
            write_badly()
        beat("after")

    write()
    assert names() == {"before", "after"}


def test_command_begins_immediately_on_sqlite(app: Flask) -> None:
    """A command asks for the writer's place before it reads."""
    said: list[str] = []
    event.listen(
        db.db.engine, "before_cursor_execute", lambda _c, _k, words, *_rest: said.append(words)
    )
    beat("one")
    assert said[0] == "BEGIN IMMEDIATE"


def test_callbacks_run_after_the_commit_once_each(app: Flask) -> None:
    """The same callback asked for twice runs once, when others can see what was written."""
    seen: list[set[str]] = []

    def look() -> None:
        seen.append(names())

    @db.transaction
    def write() -> None:
        beat("one")
        db.after_commit(look)
        db.after_commit(look)
        assert not seen

    write()
    assert seen == [{"one"}]


def test_failing_callback_harms_nothing(app: Flask) -> None:
    """What is written stays written, and the other callbacks run."""
    ran: list[str] = []

    def fail() -> None:
        raise OSError("nobody listens")

    @db.transaction
    def write() -> None:
        db.after_commit(fail)
        db.after_commit(lambda: ran.append("second"))
        beat("one")

    write()
    assert (names(), ran) == ({"one"}, ["second"])


def test_callbacks_of_a_failed_command_never_run(app: Flask) -> None:
    """Neither at once nor after the next command."""
    ran: list[str] = []

    @db.transaction
    def fail() -> None:
        db.after_commit(lambda: ran.append("failed"))
        raise ValueError

    with pytest.raises(ValueError):  # noqa: PT011 - it has no words
        fail()
    beat("next")
    assert ran == []


def test_callback_outside_a_command_is_refused(app: Flask) -> None:
    """It would be lost without a word."""
    with pytest.raises(RuntimeError, match="command"):
        db.after_commit(lambda: None)


def test_end_of_a_command_is_told_once_with_all_that_was_given(app: Flask) -> None:
    """Inside the transaction, after everything else is written; a failure there undoes it all."""
    told: list[list[str]] = []

    def finish(items: list[str]) -> None:
        told.append(items)
        assert db.session().scalar(select(func.count()).select_from(Heartbeat)) == 1
        if "fail" in items:
            raise ValueError("at the end")

    @db.transaction
    def write(*items: str) -> None:
        for item in items:
            db.before_commit(finish, item)
        db.session().add(Heartbeat(name=items[0], seen_at=datetime(2026, 1, 1, tzinfo=UTC)))
        assert db.in_transaction()

    with pytest.raises(ValueError, match="at the end"):
        write("one", "fail")
    assert names() == set()
    write("two", "three")
    assert told == [["one", "fail"], ["two", "three"]]
    assert names() == {"two"}
    assert not db.in_transaction()


def test_undone_part_of_a_command_leaves_nothing_for_its_end(app: Flask) -> None:
    """Neither before the commit nor after it."""
    told: list[str] = []

    def give(name: str) -> None:
        db.before_commit(told.extend, name)
        db.after_commit(lambda: told.append(f"after {name}"))

    def give_and_fail() -> None:
        with db.savepoint():
            give("b")
            raise ValueError

    @db.transaction
    def write() -> None:
        give("a")
        with pytest.raises(ValueError):  # noqa: PT011 - it has no words
            give_and_fail()
        with db.savepoint():
            give("c")

    write()
    assert told == ["a", "c", "after a", "after c"]


def test_end_of_no_command_is_refused(app: Flask) -> None:
    """It would be lost without a word."""
    with pytest.raises(RuntimeError, match="command"):
        db.before_commit(print, "nothing")


def test_two_threads_wait_for_each_other(app: Flask) -> None:
    """A writer who comes second waits instead of failing, also after it had read."""
    began, go_on = threading.Event(), threading.Event()
    errors: list[BaseException] = []

    def run(name: str, wait: bool) -> None:
        @db.transaction
        def write() -> None:
            beat(name)
            db.session().flush()
            began.set()
            if wait:
                go_on.wait(timeout=30)

        with app.app_context():
            try:
                db.session().scalar(select(func.count()).select_from(Heartbeat))
                write()
            except Exception as error:  # noqa: BLE001 - the test shows whatever it was
                errors.append(error)

    first = threading.Thread(target=run, args=("first", True))
    second = threading.Thread(target=run, args=("second", False))
    first.start()
    began.wait(timeout=30)
    second.start()
    second.join(timeout=0.3)
    assert second.is_alive(), "the second writer did not wait"
    go_on.set()
    for thread in (first, second):
        thread.join(timeout=30)
    assert errors == []
    assert names() == {"first", "second"}


def test_two_processes_lose_no_update(app: Flask, tmp_path: Path) -> None:
    """Both read, add and write fifty times in all, and the sum is fifty."""
    beat("count")
    writers = [processes.python(tmp_path / "instance", COUNT) for _ in range(2)]
    answers = [writer.communicate(timeout=120) for writer in writers]
    assert [writer.returncode for writer in writers] == [0, 0], answers
    db.session().rollback()
    row = db.session().get_one(Heartbeat, "count", populate_existing=True)
    assert row.seen_at == datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=50)


def test_moment_without_a_time_zone_is_refused(app: Flask) -> None:
    """A naive moment could mean any hour."""

    @db.transaction
    def write() -> None:
        db.session().add(Heartbeat(name="naive", seen_at=datetime(2026, 1, 1)))  # noqa: DTZ001

    with pytest.raises(StatementError, match="time zone"):
        write()


def test_moments_come_back_in_utc(app: Flask) -> None:
    """Whatever the zone they were written in."""
    jakarta = datetime(2026, 1, 1, 7, tzinfo=timezone(timedelta(hours=7)))

    @db.transaction
    def write() -> None:
        db.session().add(Heartbeat(name="jakarta", seen_at=jakarta))

    write()
    db.session().expire_all()
    found = db.session().get_one(Heartbeat, "jakarta").seen_at
    assert (found, found.tzinfo) == (jakarta, UTC)


def test_sqlite_is_tuned_for_safety(tmp_path: Path) -> None:
    """Write-ahead log, full syncs, foreign keys, and patience."""
    wanted = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 5000}
    app = create_app(config_in(tmp_path))
    with app.app_context():
        with db.db.engine.connect() as connection:
            found = {name: connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in wanted}
        assert found == wanted
        assert db.is_reachable()
    close(app)


def test_commands_leave_rows_of_others_alone(app: Flask) -> None:
    """Commands of the small network left their audit rows; a failed command adds none."""
    before = db.session().scalar(select(func.count()).select_from(Entry))

    @db.transaction
    def fail() -> None:
        audit.record(None, "x", subject=("y", 1))
        raise ValueError

    with pytest.raises(ValueError):  # noqa: PT011 - it has no words
        fail()
    assert db.session().scalar(select(func.count()).select_from(Entry)) == before
