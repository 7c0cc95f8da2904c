"""`python -m bench.importing`: 20,000 officials brought in, as invitations and as accounts.

For each way, and for a tenth of the list beside it: the time to read the file, the dry run and the
job, and how large the process grew. Each measurement runs in a process of its own.
"""

from __future__ import annotations

import multiprocessing
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from datetime import timedelta
from pathlib import Path
from typing import TypeVar

from flask_migrate import upgrade
from sqlalchemy import select

from bench import desk, network
from citynet.accounts import queries as people
from citynet.accounts import service as accounts
from citynet.cities import queries, table
from citynet.cities.models import City, Membership, Standing
from citynet.cities.service import importing_people, previews
from citynet.cities.service.importing_people import Way
from citynet.kit import clock, db, effects, jobs, sheets
from config import ROOT

SIZES = (2_000, 20_000)
COLUMNS = ("file kB", "read s", "dry run s", "job s", "lines/s", "done", "failed", "MB before",
           "MB planned", "MB done")  # fmt: skip
T = TypeVar("T")


def main() -> int:
    """Measure each way with each size, and print the table."""
    print(_row("lines", "way", *COLUMNS))
    for way in Way:
        for size in SIZES:
            with tempfile.TemporaryDirectory() as name:
                _run(build, name)
                _run(measure, name, way, size)
    return 0


def _run(act: Callable[..., None], *args: object) -> None:
    """Run a function in a process of its own: how large it grew is its own too."""
    process = multiprocessing.get_context("spawn").Process(target=act, args=args)
    process.start()
    process.join()


def build(folder: str) -> None:
    """Write 1,600 member cities and the secretariat into a network of their own."""
    with network.open_app(Path(folder)).app_context():
        upgrade(directory=str(ROOT / "migrations"))
        table.load()
        _members()
        accounts.create_person(
            None, desk.ADMIN, name="Ada", password=desk.PASSWORD, is_secretariat=True
        )


def measure(folder: str, way: Way, size: int) -> None:
    """Bring in so many officials."""
    with network.open_app(Path(folder)).app_context():
        actor = queries.actor_of(people.by_email(desk.ADMIN))
        codes = db.session().scalars(select(City.code).join(Membership)).all()
        content = _list(codes, size)
        before = _megabytes()
        read_s, read = _timed(lambda: sheets.read(content))
        plan_s, kept = _timed(lambda: importing_people.preview(actor, read, way=way))
        planned = _megabytes()
        job = previews.begin(actor, kept.id, [kept.kind])
        job_s, done = _timed(lambda: _finish(job.id))
        print(_row(
            f"{size:,}", way, f"{len(content) / 1000:,.0f}", f"{read_s:.2f}", f"{plan_s:.2f}",
            f"{job_s:.1f}", f"{size / job_s:,.0f}", f"{done.done:,}", f"{done.failed:,}",
            f"{before:.0f}", f"{planned:.0f}", f"{_megabytes():.0f}",
        ), flush=True)  # fmt: skip


def _megabytes() -> float:
    """Return how large this process has been at most."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


@db.transaction
def _members() -> None:
    """Make the largest cities of the table members."""
    largest = select(City).order_by(City.population.desc().nulls_last(), City.id).limit(1_600)
    cities = db.session().scalars(largest).all()
    for city in cities:
        db.session().add(
            Membership(city_id=city.id, standing=Standing.ACTIVE, admitted_at=clock.now(),
                       from_day=clock.now().date(),
                       until_day=clock.now().date() + timedelta(days=365))
        )  # fmt: skip


def _list(codes: Sequence[str], size: int) -> bytes:
    """Return the list as Excel in Indonesia writes it: semicolons, with a mark before."""
    lines = [
        f"Pejabat Nomor {n};pejabat.{n}@kota-{n % len(codes)}.example;{codes[n % len(codes)]};"
        f"pejabat;{'id' if n % 2 else 'en'}"
        for n in range(size)
    ]
    return ("\ufeffnama;email;kota;peran;bahasa\r\n" + "\r\n".join(lines)).encode()


def _finish(job_id: int) -> jobs.Job:
    """Run the job as the worker does, and nothing of what it enqueued."""
    while not jobs.get(job_id).is_finished:
        effects.run_due(limit=50, lane=effects.Lane.JOB)
    return jobs.get(job_id)


def _timed(act: Callable[[], T]) -> tuple[float, T]:
    start = time.perf_counter()
    found = act()
    return time.perf_counter() - start, found


def _row(*cells: str) -> str:
    return "  ".join(f"{cell:>10}" for cell in cells)


if __name__ == "__main__":
    sys.exit(main())
