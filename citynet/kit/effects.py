"""Durable effects: what must happen after a commit (index, mail), written with it as rows.

`enqueue` inside a command writes a row; after the commit the worker is woken, runs the registered
function, and repeats it with growing pauses until it succeeds or has been tried too often: then it
is dead, stays in the list with its last error, and can be run again by hand. Functions must be
idempotent: a crash after the work and before the mark runs it twice. What is done keeps no payload:
mails hold links and personal data. The worker's loop and its schedule are huey's
(`kit/worker.py`).

Nobody waits long behind others: a kind that may take long or wait for another machine has a lane
of its own, which the worker runs beside the quick one; and what is enqueued `in_bulk` comes after
what a person waits for.
"""

from __future__ import annotations

import enum
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from flask import current_app, g
from sqlalchemy import (
    CheckConstraint,
    ColumnElement,
    Index,
    String,
    Text,
    delete,
    func,
    or_,
    select,
    true,
    update,
)
from sqlalchemy.orm import Mapped, mapped_column

from citynet.kit import audit, clock, db
from citynet.kit.page import Page

Payload = dict[str, str]
log = structlog.get_logger(__name__)
LEASE = timedelta(minutes=5)
FIRST_PAUSE = timedelta(seconds=2)
LONGEST_PAUSE = timedelta(hours=1)
KEPT_FOR = timedelta(days=30)


class Unfinished(Exception):
    """Raised by a function that did a part: the rest is due at once, and nothing has failed."""


class Hopeless(Exception):
    """Raised by a function that would fail each time: what it was to do is dead at once."""


class Lane(enum.StrEnum):
    """What runs one after the other; the lanes run beside each other."""

    QUICK = "quick"
    MAIL = "mail"
    JOB = "job"


@dataclass(frozen=True)
class Kind:
    """How effects of a kind are done; `tries` None is the setting EFFECT_TRIES."""

    function: Callable[[Payload], None]
    tries: int | None
    lane: Lane


_kinds: dict[str, Kind] = {}


class State(enum.StrEnum):
    """Where an effect stands."""

    WAITING = "waiting"
    DONE = "done"
    DEAD = "dead"


class Effect(db.Base):
    """One thing to do after a commit."""

    __tablename__ = "effects"
    __table_args__ = (
        CheckConstraint("state IN ('waiting', 'done', 'dead')", name="state"),
        Index("ix_effects_due", "state", "is_bulk", "due_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(60))
    payload: Mapped[str] = mapped_column(Text)
    state: Mapped[State] = mapped_column(String(10), default=State.WAITING)
    # One of many that nobody waits for: it comes after those that somebody does.
    is_bulk: Mapped[bool] = mapped_column(default=False)
    attempts: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    due_at: Mapped[datetime] = mapped_column(default=clock.now)
    # Set while one worker holds it; a worker that died leaves a lease that runs out.
    leased_until: Mapped[datetime | None]
    done_at: Mapped[datetime | None]
    last_error: Mapped[str | None] = mapped_column(String(500))


def effect(
    kind: str, *, tries: int | None = None, lane: Lane = Lane.QUICK
) -> Callable[[Callable[[Payload], None]], Callable[[Payload], None]]:
    """Register the function that does effects of a kind.

    With `tries` above 12 each further one lasts an hour: 80 outlive a weekend.
    """

    def register(function: Callable[[Payload], None]) -> Callable[[Payload], None]:
        _kinds[kind] = Kind(function, tries, lane)
        return function

    return register


def enqueue(kind: str, **payload: str) -> None:
    """Write an effect into the transaction under way; it runs after the commit.

    Raises:
        LookupError: no function does this kind.
        RuntimeError: no transaction is under way.
    """
    if kind not in _kinds:
        raise LookupError(f"no effect of the kind {kind}")
    db.after_commit(wake)
    text = json.dumps(payload, sort_keys=True)
    db.session().add(Effect(kind=kind, payload=text, is_bulk=g.get("is_bulk", False)))


@contextmanager
def in_bulk() -> Iterator[None]:
    """Let what the block enqueues come after everything that is not in bulk."""
    before, g.is_bulk = g.get("is_bulk", False), True
    try:
        yield
    finally:
        g.is_bulk = before


def wake(after: timedelta = timedelta()) -> None:
    """Tell the worker that there is work; if it cannot be told, its next sweep finds it."""
    waker: Callable[[timedelta], None] | None = current_app.extensions.get("wake_worker")
    if waker is not None:
        waker(after)


def run_due(*, limit: int = 200, lane: Lane | None = None) -> int:
    """Run what is due, oldest first, of one lane or all, and return how many were tried."""
    tried = 0
    while tried < limit and (row := _lease_next(lane)) is not None:
        _run(row)
        tried += 1
    return tried


def latest(number: int, *, state: State | None = None, size: int = 50) -> Page[Effect]:
    """Return a page of effects, newest first."""
    condition = Effect.state == state if state else Effect.id > 0
    total = db.session().scalar(select(func.count()).select_from(Effect).where(condition)) or 0
    rows = select(Effect).where(condition).order_by(Effect.id.desc())
    found = db.session().scalars(rows.offset((number - 1) * size).limit(size)).all()
    return Page(found, total, number, size)


@db.transaction
def rerun(effect_id: int, *, actor_id: int | None) -> Effect | None:
    """Make a dead or waiting effect due now, with its tries counted anew."""
    row = db.session().get(Effect, effect_id)
    if row is not None and row.state != State.DONE:
        row.state, row.attempts, row.due_at = State.WAITING, 0, clock.now()
        row.leased_until = None
        audit.record(actor_id, "effect.rerun", subject=("effect", row.id))
        db.after_commit(wake)
    return row


def waiting(*kinds: str) -> list[int]:
    """Return the ids of what waits of these kinds, held by nobody."""
    is_waiting = (Effect.state == State.WAITING, Effect.leased_until.is_(None))
    return list(db.session().scalars(select(Effect.id).where(Effect.kind.in_(kinds), *is_waiting)))


def waiting_payloads(kind: str, *, limit: int) -> dict[int, Payload]:
    """Return the payloads of what waits of a kind, held by nobody, by id, oldest first."""
    wanted = (
        select(Effect.id, Effect.payload)
        .where(Effect.kind == kind, Effect.state == State.WAITING, Effect.leased_until.is_(None))
        .order_by(Effect.id)
        .limit(limit)
    )
    return {key: json.loads(payload) for key, payload in db.session().execute(wanted)}


@db.transaction
def settle(effect_ids: list[int]) -> None:
    """Mark as done what was done another way, all at once."""
    for some in db.chunks(effect_ids):
        is_open = (Effect.id.in_(some), Effect.state == State.WAITING)
        done = {"state": State.DONE, "done_at": clock.now(), "last_error": None, "payload": "{}"}
        db.session().execute(update(Effect).where(*is_open).values(**done))


def pause_after(attempts: int) -> timedelta:
    """Return how long to wait after so many failures: 2 s, doubled each time, up to an hour."""
    doublings = max(0, min(attempts, 20) - 1)
    return min(FIRST_PAUSE * (1 << doublings), LONGEST_PAUSE)


@db.transaction
def forget_old() -> None:
    """Delete what was done 30 days ago."""
    is_old = (Effect.state == State.DONE, Effect.done_at < clock.now() - KEPT_FOR)
    db.session().execute(delete(Effect).where(*is_old))


@db.transaction
def _lease_next(lane: Lane | None = None) -> Effect | None:
    """Take what is due; what killed its worker each time is dead once tried too often."""
    moment = clock.now()
    is_free = or_(Effect.leased_until.is_(None), Effect.leased_until < moment)
    due = (
        select(Effect)
        .where(Effect.state == State.WAITING, Effect.due_at <= moment, is_free, _is_in(lane))
        .order_by(Effect.is_bulk, Effect.due_at, Effect.id)
        .limit(1)
        .with_for_update(skip_locked=True)
        .execution_options(populate_existing=True)
    )
    while (row := db.session().scalars(due).first()) is not None:
        if row.attempts < _tries(row.kind):
            row.leased_until = moment + LEASE
            row.attempts += 1
            return row
        row.state, row.leased_until = State.DEAD, None
        row.last_error = row.last_error or "The worker stopped each time this was tried."
        db.session().flush()
    return None


def _is_in(lane: Lane | None) -> ColumnElement[bool]:
    """Return the condition of a lane; a kind that nobody knows (any more) is in the quick one."""
    if lane is None:
        return true()
    if lane == Lane.QUICK:
        return Effect.kind.not_in([key for key, one in _kinds.items() if one.lane != lane])
    return Effect.kind.in_([key for key, one in _kinds.items() if one.lane == lane])


def _tries(kind: str) -> int:
    known = _kinds.get(kind)
    return known.tries if known and known.tries else int(current_app.config["EFFECT_TRIES"])


def _run(row: Effect) -> None:
    try:
        _kinds[row.kind].function(json.loads(row.payload))
    except Unfinished:
        _mark(row.id, due_at=clock.now(), attempts=0, last_error=None)
    except Exception as error:
        log.warning("effect_failed", kind=row.kind, id=row.id, exc_info=True)
        name, is_hopeless = type(error).__name__, isinstance(error, Hopeless)
        _mark_failed(row, f"{name}: {error}", is_hopeless=is_hopeless)
    else:
        _mark(row.id, state=State.DONE, done_at=clock.now(), last_error=None, payload="{}")


@db.transaction
def _mark_failed(row: Effect, error: str, *, is_hopeless: bool) -> None:
    is_dead, pause = is_hopeless or row.attempts >= _tries(row.kind), pause_after(row.attempts)
    _mark(
        row.id,
        state=State.DEAD if is_dead else State.WAITING,
        due_at=clock.now() + pause,
        last_error=error[:500],
    )
    if not is_dead:
        db.after_commit(lambda: wake(pause))


@db.transaction
def _mark(effect_id: int, **values: object) -> None:
    """Write how it went, unless another worker finished it after this one's lease ran out."""
    is_open = (Effect.id == effect_id, Effect.state == State.WAITING)
    db.session().execute(update(Effect).where(*is_open).values(leased_until=None, **values))
