"""The worker: lanes beside each other, a timetable, and a queue that may be lost."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import structlog
from flask import Flask
from sqlalchemy import select

from citynet.app import create_app
from citynet.kit import clock, db, effects, worker
from citynet.kit.effects import Effect, Lane, State
from tests import processes
from tests.conftest import close, config_in

KIND = "test.work"
done: list[str] = []


@effects.effect(KIND)
def work(payload: effects.Payload) -> None:
    """Note what was to be done."""
    done.append(payload["what"])


@db.transaction
def ask_for(what: str, *, kind: str = KIND) -> None:
    """Write an effect as commands do."""
    effects.enqueue(kind, what=what)


@pytest.fixture(autouse=True)
def _forget() -> None:
    done.clear()


def test_sweep_does_all_that_is_due_and_shows_a_sign_of_life(app: Flask) -> None:
    """Also more than fits between two heartbeats."""
    assert not worker.is_alive()
    count = worker.BETWEEN_BEATS + 5

    @db.transaction
    def ask() -> None:
        for number in range(count):
            effects.enqueue(KIND, what=str(number))

    ask()
    app.extensions["sweep"]()
    assert len(done) == count
    assert worker.is_alive()
    with clock.moved(worker.ALIVE_FOR + timedelta(seconds=1)):
        assert not worker.is_alive()


def test_long_effect_of_another_lane_holds_up_nothing(app: Flask) -> None:
    """While a mail waits for its server, a publication goes into the index."""
    begun, go_on = threading.Event(), threading.Event()

    @effects.effect("test.slow", lane=Lane.MAIL)
    def wait(_payload: effects.Payload) -> None:
        begun.set()
        go_on.wait(timeout=30)

    ask_for("mail", kind="test.slow")
    slow = threading.Thread(target=worker.sweep_of(app, Lane.MAIL).run)
    slow.start()
    assert begun.wait(timeout=30)
    ask_for("one")
    worker.sweep_of(app, Lane.QUICK).run()
    assert done == ["one"]
    go_on.set()
    slow.join(timeout=30)


def test_call_while_a_sweep_runs_is_not_lost(app: Flask) -> None:
    """The thread that sweeps looks once more; the one that called goes back at once."""
    begun, go_on = threading.Event(), threading.Event()
    sweep = worker.sweep_of(app, Lane.QUICK)

    @effects.effect("test.last")
    def wait(_payload: effects.Payload) -> None:
        begun.set()
        go_on.wait(timeout=30)

    ask_for("last", kind="test.last")
    first = threading.Thread(target=sweep.run)
    first.start()
    assert begun.wait(timeout=30)
    ask_for("one")
    sweep.run()
    assert done == []
    go_on.set()
    first.join(timeout=30)
    assert done == ["one"]


def moments_of_a_day(minutes: int) -> list[str]:
    """Return when a function that runs each so many minutes runs in a day."""
    due = worker.timetable(minutes)
    day = datetime(2030, 1, 1, tzinfo=UTC)
    moments = [day + timedelta(minutes=number) for number in range(24 * 60)]
    return [moment.strftime("%H:%M") for moment in moments if due(moment)]


@pytest.mark.parametrize(
    ("minutes", "number"), [(1, 1440), (5, 288), (60, 24), (120, 12), (360, 4), (1440, 1)]
)
def test_timetable_spreads_over_the_day(minutes: int, number: int) -> None:
    """As often as was asked for, in equal steps."""
    moments = moments_of_a_day(minutes)
    assert len(moments) == number
    if minutes < 60:
        assert moments[1] == f"00:{minutes:02d}"


@pytest.mark.parametrize("minutes", [0, -5, 7, 90, 5 * 60, 2 * 24 * 60])
def test_step_that_does_not_divide_is_refused(minutes: int) -> None:
    """It would run in uneven steps."""
    with pytest.raises(ValueError, match="divide"):
        worker.periodic("test.odd", minutes=minutes)


@pytest.fixture
def timed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, worker.Act]]:
    """Return what the timetable calls, by name: two functions and one that fails."""
    monkeypatch.setattr(worker, "_periodics", {})
    worker.periodic("test.fail", minutes=5)(lambda: done.append(str(1 / 0)))
    worker.periodic("test.look", minutes=5)(lambda: done.append(f"look {db.is_reachable()}"))
    worker.periodic("test.wait", minutes=60)(wait_for_it)
    app = create_app(config_in(tmp_path))
    structlog.configure(logger_factory=structlog.ReturnLoggerFactory())
    yield {task.task_class.__name__: task.call_local for task in app.extensions["periodics"]}
    close(app)


begun, go_on = threading.Event(), threading.Event()


def wait_for_it() -> None:
    """Take long."""
    begun.set()
    go_on.wait(timeout=30)
    done.append("waited")


def test_periodic_function_runs_in_a_context_of_its_own(timed: dict[str, worker.Act]) -> None:
    """It reads the database as a command does."""
    timed["test.look"]()
    assert done == ["look True"]


def test_periodic_function_that_fails_stops_no_other(timed: dict[str, worker.Act]) -> None:
    """It is logged and has its next time."""
    timed["test.fail"]()
    timed["test.look"]()
    assert done == ["look True"]


def test_long_periodic_function_takes_one_thread_only(timed: dict[str, worker.Act]) -> None:
    """What becomes due meanwhile is done after it by the same thread; the lanes keep theirs."""
    begun.clear()
    go_on.clear()
    long = threading.Thread(target=timed["test.wait"])
    long.start()
    assert begun.wait(timeout=30)
    timed["test.look"]()
    assert done == []
    go_on.set()
    long.join(timeout=30)
    assert done == ["waited", "look True"]


WORKER = """
from citynet.kit import effects, worker
@effects.effect("test.work")
def work(payload):
    print("did " + payload["what"], flush=True)
print("ready", flush=True)
worker.run(app)
"""


@pytest.mark.slow
@pytest.mark.parametrize("way", ["overwritten", "emptied", "deleted"])
def test_worker_survives_the_loss_of_its_queue(app: Flask, tmp_path: Path, way: str) -> None:
    """While it serves, without a restart: what comes next is done within seconds."""
    queue = tmp_path / "instance" / "jobs.db"
    process = processes.python(tmp_path / "instance", WORKER)
    try:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        ask_for("before")
        assert process.stdout.readline() == "did before\n"
        if way == "deleted":
            queue.unlink()
        else:
            size = queue.stat().st_size
            with queue.open("r+b") as file:
                file.truncate(0)
                file.write(b"x" * size if way == "overwritten" else b"")
        ask_for("after")
        assert process.stdout.readline() == "did after\n"
        ask_for("again")
        assert process.stdout.readline() == "did again\n"
    finally:
        process.terminate()
        process.communicate(timeout=30)
    db.session().rollback()
    states = db.session().scalars(select(Effect.state).where(Effect.kind == KIND)).all()
    assert set(states) == {State.DONE}
    with sqlite3.connect(queue) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    connection.close()
