"""What is asked of each engine, and what it answers: the same of all, as far as they can.

An engine is one index; a reader is what a process keeps open to ask it. All readers are visitors:
three documents in ten are hidden from them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Protocol

from citynet.index.document import Document

HITS, SUGGESTIONS, SNIPPET = 10, 6, 200
FACETS = ("topic", "country", "year", "language")
Filters = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True)
class Ask:
    """A search: any or all of the words, the words as a phrase, or words that begin so."""

    words: tuple[str, ...]
    how: str = "any"
    filters: Filters = field(default_factory=dict)
    has_facets: bool = False
    has_snippets: bool = False
    has_suggestion: bool = False

    @property
    def whole(self) -> Ask:
        """Return the same with all that a page of results shows."""
        return replace(self, has_facets=True, has_snippets=True, has_suggestion=True)


@dataclass(frozen=True)
class Answer:
    """Ten hits with all that was asked beside them."""

    total: int
    keys: list[str]
    facets: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    snippets: list[str] = field(default_factory=list)
    suggestion: str | None = None


class Reader(Protocol):
    """What one process keeps open."""

    def find(self, ask: Ask) -> Answer:
        """Answer a search of a visitor."""

    def suggest(self, letters: str) -> list[str]:
        """Return titles with words that begin so, the newest first."""

    def like(self, key: str) -> list[str]:
        """Return the keys of ten documents that tell of the same."""

    def close(self) -> None:
        """Let go of what is open."""


class Engine(Protocol):
    """One index."""

    def build(self, documents: Iterable[Document], total: int) -> None:
        """Make the index of all these documents."""

    def put(self, document: Document) -> None:
        """Write one document so that readers find it."""

    def open(self) -> Reader:
        """Return a new reader."""

    def size_bytes(self) -> int:
        """Return what it takes on the disk."""


def groups(filters: Filters) -> Iterator[tuple[list[str], Filters]]:
    """Yield facets that are counted together, and the filters they are counted under.

    A facet's counts tell what choosing another of its values would give: without its own filter.
    """
    free = [name for name in FACETS if not filters.get(name)]
    yield free, filters
    for name in FACETS:
        if filters.get(name):
            yield [name], {other: held for other, held in filters.items() if other != name}
