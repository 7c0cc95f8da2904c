"""`python -m bench.search.reader ENGINE PLACE SIZE`: what a reader costs the process that keeps it.

Run by the table of speed in a process of its own; it tells the seconds until a new reader has
answered its first page, and by how many MB the process grew after two hundred pages, a correction
and a suggestion.
"""

from __future__ import annotations

import json
import logging
import os
import re
import resource
import sys
import time
from pathlib import Path

import structlog

from bench.search import corpus
from bench.search.engines import ENGINES
from bench.search.queries import Queries

PAGES = 200


def main() -> int:
    """Open, ask, and print what it took as JSON."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    name, place, size = sys.argv[1], sys.argv[2], int(sys.argv[3])
    queries = Queries(size, "reader")
    corpus.document(0)
    pages = [queries.words(2).whole for _ in range(PAGES)]
    misspelt, typed = queries.misspelt().whole, queries.typed()
    before = process_mb(os.getpid())
    began = time.perf_counter()
    reader = ENGINES[name](place).open()
    reader.find(pages[0])
    start_seconds = time.perf_counter() - began
    for page in pages:
        reader.find(page)
    reader.find(misspelt)
    reader.suggest(typed)
    grown = process_mb(os.getpid()) - before
    # What a server keeps for this reader is its cost, too.
    server = getattr(reader, "server_process", None)
    mb = grown + (process_mb(server) if server else 0)
    print(json.dumps({"start_seconds": start_seconds, "mb": mb}))
    return 0


def process_mb(pid: int) -> float:
    """Return the proportional share of memory of a process, or this one's most where unknown."""
    path = Path(f"/proc/{pid}/smaps_rollup")
    if not path.exists():
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000
    found = re.search(r"^Pss:\s+(\d+) kB", path.read_text(encoding="ascii"), re.MULTILINE)
    return int(found.group(1)) / 1000 if found else 0.0


if __name__ == "__main__":
    sys.exit(main())
