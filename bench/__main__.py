"""`make bench`: requests per second, times, queries, bytes, memory and start-up, as one table.

Client and server share the machine's cores, so the figures compare runs on one machine only.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from flask import Flask
from sqlalchemy import event, select

from bench import load, network, server
from citynet.demo.desk import PASSWORD
from citynet.kit import db
from citynet.practices.models import Practice, Revision

SECONDS = 8.0
LEAD = "lead@sidoarjo.example"
SIZES = (None, 10_000)
COLUMNS = ("req/s", "p50 ms", "p95 ms", "p99 ms", "queries", "bytes", "gzip", "failed")
SEARCHES = [
    "/search?q=licensing", "/search?q=perizinan", "/search?q=public+wifi", "/search?q=sampah",
    "/search?q=flood+warning&country=ID", "/search?q=pelayanan+publik&language=id",
]  # fmt: skip


def main() -> int:
    """Measure both networks and print the table."""
    print(
        f"{server.WORKERS} web workers of 4 threads, {load.CLIENTS} clients, {SECONDS:g} s a page"
    )
    print(_row("practices", "page", *COLUMNS))
    with tempfile.TemporaryDirectory() as name:
        app = network.open_app(Path(name))
        network.build_demonstration(app)
        for size in SIZES:
            if size:
                network.grow(app, size)
            _measure(app, Path(name))
    return 0


def _measure(app: Flask, folder: Path) -> None:
    total, slugs = _practices(app)
    pages = {
        "home": ["/"],
        "practice": [f"/practices/{slug}" for slug in slugs],
        "search": SEARCHES,
        "work list": ["/work"],
    }
    with server.serve(folder) as running:
        cookie = load.sign_in(running.port, LEAD, PASSWORD)
        for name, paths in pages.items():
            own = cookie if name == "work list" else ""
            load.measure(running.port, paths, seconds=1, cookie=own)
            found = load.measure(running.port, paths, seconds=SECONDS, cookie=own)
            size, packed = load.page_bytes(running.port, paths[0], own)
            times = [f"{found.percentile_ms(share):.1f}" for share in (50, 95, 99)]
            rate, queries = f"{found.per_second:.0f}", queries_of(app, paths[0], own)
            figures = (rate, *times, queries, size, packed, found.failures)
            print(_row(total, name, *figures), flush=True)
        memory = running.worker_mb()
        requests, first_bytes = load.first_visit(running.port, "/")
        print(
            f"{total:>9}  start-up {running.start_seconds:.2f} s, a worker "
            f"{f'{memory:.0f} MB' if memory else 'of unknown size'}, a first visit to home "
            f"{requests} requests and {first_bytes:,} bytes",
            flush=True,
        )


def _row(total: object, page: str, *figures: object) -> str:
    return f"{total:>9}  {page:<10}" + "".join(f"{figure:>9}" for figure in figures)


def _practices(app: Flask) -> tuple[int, list[str]]:
    """Return how many are published, and addresses of some that everyone may read."""
    public = select(Practice.slug).join(Revision, Revision.practice_id == Practice.id)
    with app.app_context():
        published = public.where(Revision.state == "published")
        total = len(db.session().scalars(published).all())
        readable = published.where(Revision.visibility == "public").order_by(Practice.id.desc())
        slugs = list(db.session().scalars(readable.limit(50)))
        db.session().rollback()
    return total, slugs


def queries_of(app: Flask, path: str, cookie: str) -> int:
    """Return how many statements the page asks the database for."""
    with app.app_context(), _counted() as statements:
        answer = app.test_client(use_cookies=False).get(path, headers={"Cookie": cookie})
        if answer.status_code != 200:
            raise RuntimeError(f"{path} answered {answer.status_code}")
    return len(statements)


@contextmanager
def _counted() -> Iterator[list[str]]:
    statements: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if statement.lstrip().upper().startswith("SELECT"):
            statements.append(statement)

    engine = db.db.engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(engine, "before_cursor_execute", note)


if __name__ == "__main__":
    sys.exit(main())
