"""`make bench-search`: how good search is and how fast, beside Whoosh, FTS5, tantivy, PostgreSQL.

`python -m bench.search quality` or `speed` prints one of the tables; SIZES names the numbers of
documents of the second, DATA a folder of real data for the first.
"""

from __future__ import annotations

import argparse
import logging
import os
import platform
import sqlite3
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from importlib.metadata import version
from pathlib import Path

import psycopg
import structlog

from bench.search import corpus, costs, ours, pages, quality, speed
from bench.search.engines import ENGINES, FTS5, FTS5_NUMPY, OURS, POSTGRES
from bench.search.table import Table
from tests import postgres
from tests.tools.programs import ProgramMissingError

LEGEND = """
Documents of about 600 words, a third of them hidden from the visitor who asks; times in
milliseconds, p50 and p95; "÷ tantivy" is our p50 as so many times tantivy's (0.20: five times as
fast). Engines are asked in turn. A query alone gives ten keys and their number; ours has one door:
its query alone is a page of one hit, with all facets counted and one snippet. A page is ten hits,
their number, all facets counted, ten snippets and did-you-mean. Ours leaves out what has only the
commonest of the words; the others take any of them, or all, in lines that say so. FTS5 counts by
GROUP BY; FTS5+NumPy fetches all numbers and counts as ours does. PostgreSQL does not wait for the
disk. tantivy and FTS5 have no did-you-mean: ours stands in, over their words.
Cold: new readers that have answered one rare word; then only words they were never asked for.
"""


def main() -> int:
    """Print what is asked for."""
    arguments = argparse.ArgumentParser(prog="python -m bench.search", description=__doc__)
    arguments.add_argument("table", nargs="?", choices=("quality", "speed"))
    wanted = arguments.parse_args().table
    sizes = [int(size) for size in os.environ.get("SIZES", "1000,10000,100000").split(",")]
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="bench-search-")))
        address = stack.enter_context(_server())
        print("Building the demonstration network", file=sys.stderr)
        (folder / "network").mkdir()
        network = pages.Network(folder / "network")
        # The network has its own wishes; what it logs would stand between the lines.
        structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
        ours.vocabulary = network.vocabulary()
        if wanted != "speed":
            quality.measure(network.app, ours.vocabulary, address)
        if wanted != "quality":
            print(f"{LEGEND}\n{_versions(address)}")
            for size in sizes:
                measure(network, folder, address, size)
    return 0


def _versions(address: str | None) -> str:
    names = ("whoosh", "numpy", "rapidfuzz", "tantivy")
    told = [f"{name} {version(name)}" for name in names]
    told += [f"SQLite {sqlite3.sqlite_version}", f"Python {platform.python_version()}"]
    if address is not None:
        with psycopg.connect(address) as connection:
            told.append(f"PostgreSQL {connection.info.server_version // 10_000}")
    return f"{os.cpu_count()} cores, {', '.join(told)}"


@contextmanager
def _server() -> Iterator[str | None]:
    """Give the address of a PostgreSQL, or nothing where none is installed."""
    with ExitStack() as stack:
        try:
            address = stack.enter_context(postgres.server())
        except ProgramMissingError:
            print("PostgreSQL is not installed, so it is left out: `make programs` installs it")
            yield None
        else:
            yield address


def measure(network: pages.Network, folder: Path, address: str | None, size: int) -> None:
    """Print the lines of one size."""
    with tempfile.TemporaryDirectory(dir=folder) as name:
        own = Path(name)
        places = {name: str(own / name) for name in ENGINES}
        places[OURS], places[FTS5_NUMPY] = str(network.index), places[FTS5]
        if address is None:
            del places[POSTGRES]
        else:
            places[POSTGRES] = address
        engines = {name: ENGINES[name](place) for name, place in places.items()}
        print(f"  {size:,}: documents", file=sys.stderr)
        corpus.store(own / "documents", size)
        table = Table(size, list(engines))
        table.head()
        costs.build(table, engines, own / "documents")
        speed.measure(table, engines)
        costs.keep(table, engines, places)
        costs.publish(table, engines)
        network.grow(own / "documents")
        pages.head()
        pages.measure(network, size)


if __name__ == "__main__":
    sys.exit(main())
