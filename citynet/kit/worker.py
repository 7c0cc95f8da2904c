"""The worker: huey runs the effects, woken after each commit and once a minute regardless.

huey keeps its own small queue in `instance/jobs.db`; losing it loses nothing, because what is to
be done stands in the `effects` table. The worker's heartbeat is a row, read by `/readyz`.
"""

from __future__ import annotations

import sqlite3
from datetime import datetime, timedelta
from pathlib import Path

import structlog
from flask import Flask
from huey import SqliteHuey, crontab
from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from citynet.kit import clock, db, effects

log = structlog.get_logger(__name__)
ALIVE_FOR = timedelta(minutes=3)
BETWEEN_BEATS = 50


class Heartbeat(db.Base):
    """When a part of the system was last seen alive."""

    __tablename__ = "heartbeats"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    seen_at: Mapped[datetime]


def init_app(app: Flask, instance: Path) -> None:
    """Give the application its queue and the way to wake the worker."""
    queue = _open_queue(instance / "jobs.db")

    def sweep() -> None:
        with app.app_context():
            beat()
            while effects.run_due(limit=BETWEEN_BEATS):
                beat()

    task = queue.task(name="sweep")(sweep)
    queue.periodic_task(crontab(minute="*"), name="sweep_each_minute")(sweep)

    def wake(after: timedelta) -> None:
        # A second more: what is due at that moment must not be missed by a breath.
        task.schedule(delay=after.total_seconds() + 1) if after else task()

    app.extensions["huey"] = queue
    app.extensions["wake_worker"] = wake
    app.extensions["sweep"] = sweep


def _open_queue(path: Path) -> SqliteHuey:
    """Open the queue; one that is damaged is put aside, for it holds nothing that is needed."""
    try:
        return SqliteHuey("citynet", filename=str(path), fsync=False)
    except sqlite3.OperationalError:
        raise
    except sqlite3.DatabaseError:
        log.warning("queue_damaged", put_aside=f"{path.name}.damaged")
        for ending in ("", "-wal", "-shm"):
            part = path.with_name(path.name + ending)
            if part.exists():
                part.replace(part.with_name(f"{part.name}.damaged"))
        return SqliteHuey("citynet", filename=str(path), fsync=False)


def run(app: Flask) -> None:
    """Serve the queue until the process is told to stop."""
    app.extensions["sweep"]()
    queue: SqliteHuey = app.extensions["huey"]
    queue.create_consumer(workers=1, initial_delay=0.05, max_delay=0.5, backoff=1.3).run()


@db.transaction
def beat() -> None:
    """Write down that the worker is alive."""
    db.session().merge(Heartbeat(name="worker", seen_at=clock.now()))


def is_alive() -> bool:
    """Tell whether the worker was seen in the last three minutes."""
    row = db.session().get(Heartbeat, "worker")
    return row is not None and row.seen_at > clock.now() - ALIVE_FOR
