"""What an index costs: to make, to write one document into, to keep, to open."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

from bench.load import Measure
from bench.search import corpus
from bench.search.asking import Ask, Engine
from bench.search.engines import FTS5_NUMPY
from bench.search.table import Table
from config import ROOT

PUBLICATIONS, MOST_TRIES = 10, 2_000


def build(table: Table, engines: Mapping[str, Engine], documents: Path) -> None:
    """Make each index and print documents a second; one after the other, each with all cores."""
    size, rates = table.size, {}
    for name, engine in engines.items():
        if name != FTS5_NUMPY:
            print(f"  {size:,}: index of {name}", file=sys.stderr)
            began = time.perf_counter()
            engine.build(corpus.stored(documents), size)
            rates[name] = size / (time.perf_counter() - began)
    table.values("indexing, documents a second", rates)
    sizes = {name: one.size_bytes() / 1e6 for name, one in engines.items() if name != FTS5_NUMPY}
    table.values("index, MB", sizes)


def publish(table: Table, engines: Mapping[str, Engine]) -> None:
    """Print how long after it is written a reader that was open before finds a document."""
    size = table.size
    print(f"  {size:,}: publications", file=sys.stderr)
    own = {name: engine for name, engine in engines.items() if name != FTS5_NUMPY}
    readers = {name: engine.open() for name, engine in own.items()}
    found = {name: Measure() for name in own}
    new = (n for n in range(size, size + 100) if "public" in corpus.document(n).audiences)
    for number in (next(new) for _ in range(PUBLICATIONS)):
        document, ask = corpus.document(number), Ask((corpus.own_word(number),))
        for name, engine in own.items():
            began = time.perf_counter()
            engine.put(document)
            tries = 0
            while readers[name].find(ask).keys != [document.key]:
                tries += 1
                if tries > MOST_TRIES:
                    raise RuntimeError(f"{name} does not show what was written")
            found[name].seconds.append(time.perf_counter() - began)
    for reader in readers.values():
        reader.close()
    table.times("published to visible, ms", found)


def keep(table: Table, engines: Mapping[str, Engine], places: Mapping[str, str]) -> None:
    """Print what a reader takes in a process of its own."""
    size, starts, sizes = table.size, {}, {}
    for name in engines:
        print(f"  {size:,}: reader of {name}", file=sys.stderr)
        command = [sys.executable, "-m", "bench.search.reader", name, places[name], str(size)]
        done = subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE)
        told = json.loads(done.stdout)
        starts[name], sizes[name] = told["start_seconds"], told["mb"]
    table.values("start of a reader, s", starts)
    table.values("memory of a reader, MB", sizes)
