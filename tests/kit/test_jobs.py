"""Jobs: many things done piece by piece, each once, with a report that tells what failed."""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.exc import OperationalError

from citynet.kit import audit, clock, db, effects, jobs, worker
from citynet.kit.effects import Effect, Lane, State
from citynet.kit.errors import Conflict, Forbidden, NotFound
from citynet.kit.i18n import _
from citynet.kit.jobs import Item, Job, JobItem
from citynet.kit.worker import Heartbeat
from tests import processes

KIND = "test.plant"
PAUSE = jobs.PAUSE_SECONDS
planted: list[str] = []
by: list[int | None] = []
hurt: dict[str, Exception] = {}


@jobs.doer(KIND)
def plant(actor_id: int | None, item: Item) -> str:
    """Write a row and note it, or fail after it is written."""
    name = item["name"]
    db.session().add(Heartbeat(name=name, seen_at=datetime(2026, 1, 1, tzinfo=UTC)))
    db.session().flush()
    audit.record(actor_id, "tree.planted", subject=("tree", 1), details={"name": name})
    if name in hurt:
        raise hurt[name]
    planted.append(name)
    by.append(actor_id)
    return _("Topics")


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for one in (planted, by, hurt):
        one.clear()
    monkeypatch.setattr(jobs, "PAUSE_SECONDS", 0)
    yield
    hurt.clear()


def begin(*names: str, language: str = "en") -> Job:
    """Begin a job as a command does."""
    items = [{"name": name, "place": "market"} for name in names]
    return jobs.begin(7, KIND, title="Plant trees", items=items, language=language)


def rows() -> set[str]:
    """Return what the items wrote."""
    db.session().rollback()
    return set(db.session().scalars(select(Heartbeat.name).where(Heartbeat.name != "worker")))


def test_job_is_done_by_the_worker_item_by_item(app: Flask) -> None:
    """As the person who began it, in its order, and the report says so."""
    job = begin("a", "b", "c")
    assert (planted, job.is_finished, job.tried) == ([], False, 0)
    effects.run_due()
    assert (planted, by) == (["a", "b", "c"], [7, 7, 7])
    job = jobs.get(job.id)
    assert (job.done, job.failed, job.tried, job.is_finished) == (3, 0, 3, True)
    page = jobs.items(job.id)
    assert [(item.name, item.state, item.note) for item in page.items] == [
        (name, "done", "Topics") for name in ("a", "b", "c")
    ]
    assert page.total == 3


def test_notes_are_in_the_language_of_the_job(app: Flask) -> None:
    """The worker has no reader whose language it could ask for."""
    job = begin("a", language="id")
    effects.run_due()
    assert jobs.items(job.id).items[0].note == "Topik"


def test_item_that_fails_stops_no_other_and_leaves_nothing(app: Flask) -> None:
    """Its reason stands first in the report; what it wrote is undone, its audit entry too."""
    hurt["b"] = Conflict("Somebody planted here already.")
    hurt["c"] = Forbidden()
    hurt["d"] = KeyError("a fault of ours")
    job = begin("a", "b", "c", "d", "e")
    effects.run_due()
    job = jobs.get(job.id)
    assert (job.done, job.failed, job.is_finished) == (2, 3, True)
    told = [(item.name, item.note) for item in jobs.items(job.id, failed_only=True).items]
    assert told[0] == ("b", "Somebody planted here already.")
    assert told[1] == ("c", "You may not do this.")
    assert told[2][1].startswith("Something went wrong here.")
    assert [item.name for item in jobs.items(job.id).items] == ["b", "c", "d", "a", "e"]
    assert rows() == {"a", "e"}
    recorded = audit.Filter(action="tree.planted")
    assert audit.entries(recorded).total == 2
    assert audit.verify().fault is None


def test_failing_database_is_no_fault_of_an_item(app: Flask) -> None:
    """The chunk is undone and tried again; nothing is marked as failed."""
    hurt["b"] = OperationalError("UPDATE", None, Exception("the database is away"))
    job = begin("a", "b")
    effects.run_due()
    assert (rows(), jobs.get(job.id).tried) == (set(), 0)
    hurt.clear()
    with clock.moved(timedelta(seconds=3)):
        effects.run_due()
    assert (rows(), jobs.get(job.id).done) == ({"a", "b"}, 2)


def test_long_job_is_done_in_chunks(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each a transaction of its own, so that others get their turn."""
    monkeypatch.setattr(jobs, "CHUNK", 4)
    job = begin(*map(str, range(10)))
    for done in (4, 8):
        assert effects.run_due(limit=1) == 1
        assert (jobs.get(job.id).tried, jobs.get(job.id).is_finished) == (done, False)
    assert effects.run_due() == 1
    assert jobs.get(job.id).is_finished
    assert effects.run_due() == 0


def test_chunk_ends_after_a_moment(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """However long one item takes, the next chunk begins after it."""
    monkeypatch.setattr(jobs, "CHUNK_SECONDS", -1)
    job = begin("a", "b", "c")
    assert effects.run_due(limit=1) == 1
    assert jobs.get(job.id).tried == 1
    effects.run_due()
    assert len(planted) == len(set(planted)) == 3


def test_what_a_job_enqueues_waits_for_nobody(app: Flask) -> None:
    """A mail to one person goes before the mails of a job to all."""

    @effects.effect("test.letter")
    def note(payload: effects.Payload) -> None:
        planted.append(f"note {payload['name']}")

    @jobs.doer("test.notes")
    def ask(_actor_id: int | None, item: Item) -> str:
        effects.enqueue("test.letter", name=item["name"])
        return ""

    @db.transaction
    def ask_once() -> None:
        effects.enqueue("test.letter", name="one")

    jobs.begin(None, "test.notes", title="x", items=[{"name": "all"}], language="en")
    effects.run_due(lane=Lane.JOB)
    ask_once()
    effects.run_due()
    assert planted == ["note one", "note all"]


def test_job_without_items_is_finished(app: Flask) -> None:
    """There is nothing to wait for."""
    assert begin().is_finished
    assert effects.run_due() == 0


def test_job_of_a_failed_command_never_was(app: Flask) -> None:
    """It stands in the same transaction as what began it."""

    @db.transaction
    def fail() -> None:
        begin("a")
        raise ValueError

    with pytest.raises(ValueError):  # noqa: PT011 - it has no words
        fail()
    assert effects.run_due() == 0
    with pytest.raises(NotFound):
        jobs.get(1)


def test_job_of_an_unknown_kind_is_refused(app: Flask) -> None:
    """Nobody would do it."""
    with pytest.raises(LookupError, match=r"test\.unknown"):
        jobs.begin(None, "test.unknown", title="x", items=[], language="en")


def test_items_come_in_pages(app: Flask) -> None:
    """With their honest total; an item without a value has no name."""
    job = begin(*map(str, range(7)))
    page = jobs.items(job.id, 2, size=3)
    assert ([item.name for item in page.items], page.total, page.pages) == (["3", "4", "5"], 7, 3)
    assert JobItem(payload="{}").name == ""


def test_report_is_forgotten_after_a_month(app: Flask) -> None:
    """With its items, which may tell of people; a job that still runs stays."""
    begin("a")
    effects.run_due()
    running = begin("b")
    with clock.moved(timedelta(days=29)):
        jobs.forget_old()
        assert db.session().scalar(select(func.count()).select_from(Job)) == 2
    with clock.moved(timedelta(days=31)):
        jobs.forget_old()
        assert db.session().scalars(select(JobItem.job_id)).all() == [running.id]


def test_long_job_keeps_nobody_waiting(app: Flask) -> None:
    """While the worker is at it, a command and its quick effect are through within two seconds."""
    stop, begun = threading.Event(), threading.Event()

    @jobs.doer("test.slow")
    def dawdle(_actor_id: int | None, item: Item) -> str:
        begun.set()
        if not stop.is_set():
            stop.wait(timeout=0.02)
        return ""

    @effects.effect("test.index")
    def index(payload: effects.Payload) -> None:
        planted.append(payload["name"])

    @db.transaction
    def publish(name: str) -> None:
        effects.enqueue("test.index", name=name)

    many = [{"name": str(number)} for number in range(2_000)]
    job = jobs.begin(None, "test.slow", title="x", items=many, language="en")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(jobs, "PAUSE_SECONDS", PAUSE)
        thread = threading.Thread(target=worker.sweep_of(app, Lane.JOB).run)
        thread.start()
        assert begun.wait(timeout=30)
        waited = []
        for number in range(3):
            start = time.monotonic()
            publish(str(number))
            worker.sweep_of(app, Lane.QUICK).run()
            waited.append(time.monotonic() - start)
        assert not jobs.get(job.id).is_finished
        stop.set()
        thread.join(timeout=120)
    assert planted == ["0", "1", "2"]
    assert max(waited) < 2, waited
    assert jobs.get(job.id).done == 2_000


KILLED = """
import os, signal
from datetime import UTC, datetime
from citynet.kit import db, effects, jobs
from citynet.kit.worker import Heartbeat
jobs.CHUNK = 4
@jobs.doer("test.plant")
def plant(actor_id, item):
    db.session().add(Heartbeat(name=item["name"], seen_at=datetime(2026, 1, 1, tzinfo=UTC)))
    db.session().flush()
    if item["name"] == "6":
        os.kill(os.getpid(), signal.SIGKILL)
    return "first"
effects.run_due()
"""


def test_killed_worker_loses_nothing_and_does_nothing_twice(app: Flask, tmp_path: Path) -> None:
    """kill -9 in the second chunk: it was undone whole, and goes on from its beginning."""
    job = begin(*map(str, range(10)))
    process = processes.python(tmp_path / "instance", KILLED)
    process.communicate(timeout=60)
    assert process.returncode == -signal.SIGKILL
    assert (rows(), jobs.get(job.id).done) == (set("0123"), 4)
    assert effects.run_due() == 0, "the lease holds for five minutes"
    with clock.moved(effects.LEASE + timedelta(seconds=1)):
        effects.run_due()
    assert planted == list("456789")
    assert (rows(), jobs.get(job.id).done) == (set("0123456789"), 10)
    assert set(db.session().scalars(select(Effect.state).where(Effect.kind == "job"))) == {
        State.DONE
    }
