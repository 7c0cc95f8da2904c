"""Jobs: one act on many things, done by the worker piece by piece, with a report.

A command calls `begin` with the items; the worker does them in chunks, each chunk a transaction
and each item a savepoint, so that a killed worker loses nothing and does nothing twice. An item
that cannot be done is marked with its reason and stops no other. A finished job keeps its report
for 30 days. The first value of an item is what the report calls it by.
"""

from __future__ import annotations

import enum
import json
import time
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

import structlog
from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    String,
    Text,
    UniqueConstraint,
    case,
    delete,
    func,
    insert,
    select,
    update,
)
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.orm import Mapped, mapped_column

from citynet.kit import clock, db, effects, worker
from citynet.kit.errors import CityNetError, NotFound
from citynet.kit.i18n import _, in_language
from citynet.kit.page import Page

Item = dict[str, str]
Doer = Callable[[int | None, Item], str]
log = structlog.get_logger(__name__)
# A chunk holds SQLite's only writing place: short, and with a pause in which others get theirs
# (a waiting connection looks again every 0.1 s).
CHUNK, CHUNK_SECONDS, PAUSE_SECONDS = 500, 0.4, 0.12
KEPT_FOR = timedelta(days=30)
_doers: dict[str, Doer] = {}


class ItemState(enum.StrEnum):
    """Where an item of a job stands."""

    WAITING = "waiting"
    DONE = "done"
    FAILED = "failed"


class Job(db.Base):
    """One act on many things."""

    __tablename__ = "jobs"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(60))
    title: Mapped[str] = mapped_column(String(200))
    language: Mapped[str] = mapped_column(String(2))
    # Who began it, None for the command line; no foreign key, as in the audit log.
    actor_id: Mapped[int | None] = mapped_column(index=True)
    total: Mapped[int]
    done: Mapped[int] = mapped_column(default=0)
    failed: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    finished_at: Mapped[datetime | None] = mapped_column(index=True)

    @property
    def tried(self) -> int:
        """Return how many items were tried so far."""
        return self.done + self.failed

    @property
    def is_finished(self) -> bool:
        """Tell whether every item was tried."""
        return self.finished_at is not None


class JobItem(db.Base):
    """One thing of a job."""

    __tablename__ = "job_items"
    __table_args__ = (
        CheckConstraint("state IN ('waiting', 'done', 'failed')", name="state"),
        UniqueConstraint("job_id", "position"),
        Index("ix_job_items_state", "job_id", "state", "position"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    job_id: Mapped[int] = mapped_column(ForeignKey("jobs.id", ondelete="CASCADE"))
    position: Mapped[int]
    payload: Mapped[str] = mapped_column(Text)
    state: Mapped[ItemState] = mapped_column(String(10), default=ItemState.WAITING)
    note: Mapped[str] = mapped_column(String(500), default="")

    @property
    def name(self) -> str:
        """Return what the report calls it by: its first value."""
        return str(next(iter(json.loads(self.payload).values()), ""))


def doer(kind: str) -> Callable[[Doer], Doer]:
    """Register the function that does one item of a kind and returns a short note.

    It runs inside the transaction of its chunk, as the actor who began the job, and is idempotent.
    """

    def register(function: Doer) -> Doer:
        _doers[kind] = function
        return function

    return register


@db.transaction
def begin(
    actor_id: int | None, kind: str, *, title: str, items: Sequence[Item], language: str
) -> Job:
    """Write a job down; the worker begins it after the commit.

    Raises:
        LookupError: no function does this kind.
    """
    if kind not in _doers:
        raise LookupError(f"no job of the kind {kind}")
    job = Job(
        kind=kind, title=title[:200], language=language, actor_id=actor_id, total=len(items),
        finished_at=None if items else clock.now(),
    )  # fmt: skip
    db.session().add(job)
    db.session().flush()
    if items:
        rows = [
            {"job_id": job.id, "position": number, "payload": json.dumps(item, ensure_ascii=False)}
            for number, item in enumerate(items, start=1)
        ]
        db.session().execute(insert(JobItem), rows)
        effects.enqueue("job", job_id=str(job.id))
    return job


def get(job_id: int) -> Job:
    """Return a job as it stands now.

    Raises:
        NotFound: there is none, or it is past and forgotten.
    """
    job = db.session().get(Job, job_id, populate_existing=True)
    if job is None:
        raise NotFound
    return job


def items(
    job_id: int, number: int = 1, *, failed_only: bool = False, size: int = 50
) -> Page[JobItem]:
    """Return a page of a job's items: those that failed first, then in their order."""
    condition = JobItem.job_id == job_id
    if failed_only:
        condition &= JobItem.state == ItemState.FAILED
    total = db.session().scalar(select(func.count()).select_from(JobItem).where(condition)) or 0
    failed_first = case((JobItem.state == ItemState.FAILED, 0), else_=1)
    rows = select(JobItem).where(condition).order_by(failed_first, JobItem.position)
    found = db.session().scalars(rows.offset((number - 1) * size).limit(size)).all()
    return Page(found, total, number, size)


@effects.effect("job", tries=50, lane=effects.Lane.JOB)
def _work(payload: effects.Payload) -> None:
    if not _do_some(int(payload["job_id"])):
        time.sleep(PAUSE_SECONDS)
        raise effects.Unfinished


@db.transaction
def _do_some(job_id: int) -> bool:
    """Do the next items for a moment and tell whether the job is finished."""
    job = db.session().get(Job, job_id, with_for_update=True, populate_existing=True)
    if job is None or job.is_finished:
        return True
    wanted = select(JobItem.id, JobItem.position, JobItem.payload).where(
        JobItem.job_id == job_id, JobItem.state == ItemState.WAITING
    )
    waiting = db.session().execute(wanted.order_by(JobItem.position).limit(CHUNK)).all()
    end, results = time.monotonic() + CHUNK_SECONDS, list[dict[str, object]]()
    with in_language(job.language), effects.in_bulk():
        for item_id, position, payload in waiting:
            state, note = _do(job, position, json.loads(payload))
            results.append({"id": item_id, "state": state, "note": note[:500]})
            if time.monotonic() > end:
                break
    # All at once: row by row it took most of the time.
    if results:
        db.session().execute(update(JobItem), results)
    done = sum(result["state"] == ItemState.DONE for result in results)
    job.done, job.failed = job.done + done, job.failed + len(results) - done
    if job.tried >= job.total:
        job.finished_at = clock.now()
    return job.is_finished


def _do(job: Job, position: int, item: Item) -> tuple[ItemState, str]:
    """Do one item; a failing database is no fault of the item and is tried again later."""
    try:
        with db.savepoint():
            return ItemState.DONE, _doers[job.kind](job.actor_id, item)
    except CityNetError as error:
        return ItemState.FAILED, str(error) or _("You may not do this.")
    except (OperationalError, InterfaceError):
        raise
    except Exception:
        log.exception("job_item_failed", job=job.id, position=position)
        sentence = _("Something went wrong here. Try this line again by itself.")
        return ItemState.FAILED, sentence


@worker.periodic("jobs.forget", minutes=24 * 60)
@db.transaction
def forget_old() -> None:
    """Delete the reports of jobs that were finished 30 days ago."""
    old = Job.finished_at < clock.now() - KEPT_FOR
    db.session().execute(delete(Job).where(old))
