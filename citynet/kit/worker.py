"""The worker: huey runs the effects, woken after each commit and once a minute regardless.

Each lane of effects is swept by one thread at a time, beside the others. What is to be done again
and again is marked `@periodic` and becomes due by huey's timetable; one thread does what is due,
so that long ones take no lane's thread. The worker's heartbeat is a row, read by `/readyz`.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from queue import SimpleQueue
from typing import NamedTuple

import structlog
from flask import Flask
from huey import Huey, crontab
from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from citynet.kit import clock, db, effects
from citynet.kit.effects import Lane
from citynet.kit.queue import open_queue

log = structlog.get_logger(__name__)
ALIVE_FOR = timedelta(minutes=3)
BETWEEN_BEATS = 50
DAY_MINUTES = 24 * 60
Act = Callable[[], None]


class Periodic(NamedTuple):
    """A function that the worker runs by the clock."""

    minutes: int
    function: Act
    at_start: bool


_periodics: dict[str, Periodic] = {}


class Heartbeat(db.Base):
    """When a part of the system was last seen alive."""

    __tablename__ = "heartbeats"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    seen_at: Mapped[datetime]


class Turn:
    """Work that one thread does at a time; a call made meanwhile has it done once more."""

    def __init__(self, do: Act) -> None:
        self._do = do
        self._busy, self._called = threading.Lock(), threading.Event()

    def run(self) -> None:
        """Do the work; while another thread is at it, leave it to that one and go back."""
        self._called.set()
        while self._called.is_set() and self._busy.acquire(blocking=False):
            try:
                self._called.clear()
                self._do()
            finally:
                self._busy.release()


def periodic(name: str, *, minutes: int = 60, at_start: bool = True) -> Callable[[Act], Act]:
    """Let the worker run a function each so many minutes, and once when it starts.

    What is not to run at a start waits for its hour.

    The minutes divide an hour, or are hours that divide a day. The function is idempotent.
    """
    if minutes < 1 or (60 % minutes and (minutes % 60 or DAY_MINUTES % minutes)):
        raise ValueError(f"{minutes} minutes divide neither an hour nor, as hours, a day")

    def register(function: Act) -> Act:
        _periodics[name] = Periodic(minutes, function, at_start)
        return function

    return register


def timetable(minutes: int) -> Callable[[datetime], bool]:
    """Return huey's timetable of a function that runs each so many minutes."""
    hours = minutes // 60
    minute, hour = ("7", f"*/{hours}") if hours else (f"*/{minutes}", "*")
    due: Callable[[datetime], bool] = crontab(minute=minute, hour="3" if hours == 24 else hour)
    return due


def init_app(app: Flask, instance: Path) -> None:
    """Give the application its queue and the way to wake the worker."""
    queue = open_queue(instance / "jobs.db")
    turns = {lane: sweep_of(app, lane) for lane in Lane}
    tasks = [queue.task(name=f"sweep_{lane}")(turn.run) for lane, turn in turns.items()]

    def sweep_all() -> None:
        for turn in turns.values():
            turn.run()

    def wake(after: timedelta) -> None:
        for task in tasks:
            # A second more: what is due at that moment must not be missed by a breath.
            task.schedule(delay=after.total_seconds() + 1) if after else task()

    def call_each_minute() -> None:
        wake(timedelta())

    queue.periodic_task(crontab(minute="*"), name="sweep_each_minute")(call_each_minute)
    app.extensions["huey"] = queue
    app.extensions["wake_worker"] = _again_with_a_new_file(wake)
    app.extensions["sweep"] = sweep_all
    app.extensions["periodics"] = _init_periodics(app, queue)


def sweep_of(app: Flask, lane: Lane) -> Turn:
    """Return the sweep of a lane: all that is due, with signs of life in between."""

    def sweep() -> None:
        with app.app_context():
            more = True
            while more:
                if lane == Lane.QUICK:
                    beat()
                more = effects.run_due(limit=BETWEEN_BEATS, lane=lane) > 0

    return Turn(sweep)


def run(app: Flask) -> None:
    """Serve the queue until the process is told to stop."""
    app.extensions["wake_worker"](timedelta())
    for task in app.extensions["periodics"]:
        if _periodics[task.task_class.__name__].at_start:
            task()
    queue: Huey = app.extensions["huey"]
    # One thread a lane, and one for the timetable.
    queue.create_consumer(
        workers=len(Lane) + 1, initial_delay=0.05, max_delay=0.5, backoff=1.3
    ).run()


@db.transaction
def beat() -> None:
    """Write down that the worker is alive."""
    seen = {"seen_at": clock.now()}
    sign = db.insert(Heartbeat).values(name="worker", **seen)
    db.session().execute(sign.on_conflict_do_update(index_elements=[Heartbeat.name], set_=seen))


def is_alive() -> bool:
    """Tell whether the worker was seen in the last three minutes."""
    row = db.session().get(Heartbeat, "worker", populate_existing=True)
    return row is not None and row.seen_at > clock.now() - ALIVE_FOR


@periodic("effects.forget", minutes=DAY_MINUTES)
def _forget_old_effects() -> None:
    effects.forget_old()


def _init_periodics(app: Flask, queue: Huey) -> list[Act]:
    """Put the periodic functions on the timetable and return what calls each."""
    due: SimpleQueue[str] = SimpleQueue()

    def do_due() -> None:
        while not due.empty():
            name = due.get()
            try:
                with app.app_context():
                    _periodics[name].function()
            except Exception:
                # Its next time comes; the others' must not wait for it.
                log.exception("periodic_failed", name=name)

    turn = Turn(do_due)

    def call(name: str) -> None:
        due.put(name)
        turn.run()

    return [
        queue.periodic_task(timetable(one.minutes), name=name)(partial(call, name))
        for name, one in _periodics.items()
    ]


def _again_with_a_new_file(wake: Callable[[timedelta], None]) -> Callable[[timedelta], None]:
    """Wake once more where the queue's file turned out to be damaged and was put aside."""

    def wake_surely(after: timedelta) -> None:
        try:
            wake(after)
        except sqlite3.DatabaseError:
            wake(after)

    return wake_surely
