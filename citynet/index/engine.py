"""What an engine must do: the only face of the index that slices above may know.

An engine never tells anything that it read in a document outside the reader's audiences: no
total, facet, snippet, suggestion, nor the order of the hits.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from citynet.index.document import Document, Source


class IndexUnavailable(Exception):
    """The index cannot be read or written: ask the database, and build the index anew."""


@dataclass(frozen=True)
class Request:
    """A search: several values of one facet are alternatives, facets narrow one another.

    `sort` is "relevance" or "newest"; without a text, documents always come newest first.
    """

    text: str
    audiences: Collection[str]
    filters: Mapping[str, tuple[str, ...]]
    sort: str
    page: int
    size: int
    language: str


@dataclass(frozen=True)
class Hit:
    """A document found; the snippet is plain text in pieces, each a match or not.

    `language` is the snippet's: the reader's where the document is told in it.
    """

    key: str
    score: float
    snippet: Sequence[tuple[str, bool]]
    language: str = ""


@dataclass(frozen=True)
class Found:
    """Page `number` of what was found; a facet's counts tell what choosing a value would give."""

    total: int
    hits: Sequence[Hit]
    facets: Mapping[str, Sequence[tuple[str, int]]]
    number: int
    size: int
    suggestion: str | None


@dataclass(frozen=True)
class Report:
    """How the index differs from its source, by key; `damaged` says what is broken, or nothing."""

    missing: Sequence[str]
    stale: Sequence[str]
    extra: Sequence[str]
    damaged: str

    @property
    def is_whole(self) -> bool:
        """Tell whether the index holds what its source does."""
        return not (self.missing or self.stale or self.extra or self.damaged)


class Engine(Protocol):
    """A search machine. All but `check` may raise IndexUnavailable."""

    def put(self, documents: Iterable[Document]) -> None:
        """Write documents in place of those with the same keys, readable when this returns."""

    def drop(self, keys: Iterable[str]) -> None:
        """Take documents out; a key that is not there is no error."""

    def find(self, request: Request) -> Found:
        """Return a page of what the request's audiences may see and its words and filters ask."""

    def suggest(self, text: str, audiences: Collection[str], limit: int) -> list[tuple[str, str]]:
        """Return key and title of documents whose title has words that begin so."""

    def rebuild(
        self,
        documents: Iterable[Document],
        *,
        total: int,
        progress: Callable[[int], object] | None = None,
    ) -> None:
        """Build the index anew from all documents; the old one answers until it is done.

        `progress` is told how many documents were added since it was last told.
        """

    def check(self, source: Source) -> Report:
        """Compare the index with its source, and its files with their checksums."""

    def generation(self) -> str:
        """Return a name that changes with every write."""
