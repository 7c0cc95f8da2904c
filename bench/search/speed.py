"""How fast each engine answers: the same queries in turn, so that other load hits all alike.

Warm: twenty queries of a kind, asked once before they are measured. Cold: a new reader that has
answered one query about a rare word, and then only words that it has never been asked for.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

from bench.load import Measure
from bench.search.asking import Ask, Engine, Reader
from bench.search.queries import Queries
from bench.search.table import Table

WARM, COLD, SAMPLES = 20, 40, 100
# What takes longer than this is asked fewer queries, but so many at least.
SECONDS, LEAST = 2.5, 5
Question = Callable[[Reader], object]


@dataclass(frozen=True)
class Line:
    """A line of the table: its name and what is asked."""

    name: str
    questions: Sequence[Question]
    is_cold: bool = False


def measure(table: Table, engines: Mapping[str, Engine]) -> None:
    """Print a line for each kind of query."""
    size = table.size
    lines = [*_warm(Queries(size, "warm")), *_cold(Queries(size, "cold"))]
    readers = {name: engine.open() for name, engine in engines.items()}
    for line in lines:
        print(f"  {size:,}: {line.name}", file=sys.stderr)
        asked = _opened(engines, size) if line.is_cold else readers
        found = ask_in_turn(asked, line.questions, is_cold=line.is_cold)
        table.times(line.name, found)
        if line.is_cold:
            _close(asked)
    _close(readers)


def ask_in_turn(
    readers: Mapping[str, Reader], questions: Sequence[Question], *, is_cold: bool
) -> dict[str, Measure]:
    """Return the times of each engine; who is asked first changes from question to question."""
    found = {name: Measure() for name in readers}
    names = list(readers)
    rounds = 1 if is_cold else 1 + SAMPLES // len(questions)
    for number in range(rounds):
        asked = {name: Measure() for name in names if sum(found[name].seconds) < SECONDS}
        for at, question in enumerate(questions):
            first = at % len(names)
            for name in names[first:] + names[:first]:
                if name in asked and not _is_late(asked[name]):
                    began = time.perf_counter()
                    question(readers[name])
                    asked[name].seconds.append(time.perf_counter() - began)
        if is_cold or number > 0:
            for name, one in asked.items():
                found[name].seconds += one.seconds
    return found


def _is_late(asked: Measure) -> bool:
    return len(asked.seconds) >= LEAST and sum(asked.seconds) > SECONDS


def _warm(queries: Queries) -> list[Line]:
    two = [queries.words(2) for _ in range(WARM)]
    pages = [one.whole for one in two]
    kinds = {
        "common word": [queries.common() for _ in range(WARM)],
        "rare word": [queries.rare() for _ in range(WARM)],
        "two words": two,
        "four words": [queries.words(4) for _ in range(WARM)],
        "phrase": [queries.phrase() for _ in range(WARM)],
        "prefix": [queries.prefix() for _ in range(WARM)],
        "two words, two filters": [queries.filtered() for _ in range(WARM)],
        "two words, all facets": [replace(one, has_facets=True) for one in two],
        "two words, ten snippets": [replace(one, has_snippets=True) for one in two],
        "did you mean": [queries.misspelt() for _ in range(WARM)],
    }
    lines = [Line(name, [partial(_find, ask) for ask in asks]) for name, asks in kinds.items()]
    return [
        *lines,
        Line("suggestion", [partial(_suggest, queries.typed()) for _ in range(WARM)]),
        Line("more like this", [partial(_like, queries.key()) for _ in range(WARM)]),
        _page("page, common word", kinds["common word"]),
        _page("page, two filters", kinds["two words, two filters"]),
        _page("PAGE, two words", pages),
        _page("PAGE, rivals want both words", [replace(one, how="all") for one in two]),
    ]


def _cold(queries: Queries) -> list[Line]:
    two = [queries.words(2) for _ in range(COLD)]
    return [
        _page("cold page, common word", [queries.common() for _ in range(COLD)], is_cold=True),
        _page("cold PAGE, two words", two, is_cold=True),
        _page("cold, rivals want both", [replace(one, how="all") for one in two], is_cold=True),
        Line("cold suggestion", [partial(_suggest, queries.typed()) for _ in range(COLD)], True),
    ]  # fmt: skip


def _page(name: str, asks: Sequence[Ask], *, is_cold: bool = False) -> Line:
    return Line(name, [partial(_find, ask.whole) for ask in asks], is_cold)


def _find(ask: Ask, reader: Reader) -> object:
    return reader.find(ask)


def _suggest(letters: str, reader: Reader) -> object:
    return reader.suggest(letters)


def _like(key: str, reader: Reader) -> object:
    return reader.like(key)


def _opened(engines: Mapping[str, Engine], size: int) -> Mapping[str, Reader]:
    """Return new readers, each of which has answered a query about a rare word."""
    readers = {name: engine.open() for name, engine in engines.items()}
    rare = Queries(size, "opening").rare()
    for reader in readers.values():
        reader.find(rare.whole)
    return readers


def _close(readers: Mapping[str, Reader]) -> None:
    for reader in readers.values():
        reader.close()
