"""What an engine must do: the only face of the index that slices above may know.

An engine never tells anything that it read in a document outside the reader's audiences: no
total, facet, snippet, suggestion, nor the order of the hits.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from citynet.index.document import Document, Source
from citynet.index.vocabulary import NOTHING, Vocabulary


class IndexUnavailable(Exception):
    """The index cannot be read or written: ask the database, and build the index anew."""


@dataclass(frozen=True)
class Request:
    """A search: several values of one facet are alternatives, facets narrow one another.

    `sort` is "relevance", "newest", "confirmed" or "replicated"; without a text, "relevance" is
    "newest". An exact search asks for nothing beyond its words.
    """

    text: str
    audiences: Collection[str]
    filters: Mapping[str, tuple[str, ...]]
    sort: str
    page: int
    size: int
    language: str
    is_exact: bool = False


@dataclass(frozen=True)
class Also:
    """Words of the text, as they were typed, and the words that were searched beside them."""

    asked: str
    words: tuple[str, ...]


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
    also: Sequence[Also] = ()
    # Of each facet that is filtered by: how many documents each further value would add.
    gains: Mapping[str, Sequence[tuple[str, int]]] = field(default_factory=dict)
    # Whether any of what was found has been replicated: only then is there such an order.
    is_replicated: bool = False


@dataclass(frozen=True)
class Report:
    """How the index differs from its source, by key; `damaged` says what is broken, or nothing."""

    missing: Sequence[str]
    stale: Sequence[str]
    extra: Sequence[str]
    damaged: str
    generation: str = ""

    @property
    def is_whole(self) -> bool:
        """Tell whether the index holds what its source does."""
        return not (self.missing or self.stale or self.extra or self.damaged)


class Engine(Protocol):
    """A search machine. All but `check` may raise IndexUnavailable."""

    def update(self, keys: Collection[str], source: Source) -> None:
        """Write what the source holds of these keys and take out the rest, readable at once.

        The source is read once all writes before have ended: none puts older words over newer ones.
        """

    def find(self, request: Request, vocabulary: Vocabulary = NOTHING) -> Found:
        """Return a page of what the request's audiences may see and its words and filters ask.

        Unless it is exact, what the vocabulary knows beside its words counts too, at less weight.
        """

    def keys(self, request: Request, vocabulary: Vocabulary = NOTHING) -> list[str]:
        """Return the keys of all that `find` finds, in its order, on whatever page."""

    def like(self, key: str, audiences: Collection[str], limit: int) -> list[str]:
        """Return the keys of other documents that tell of the same, the nearest first."""

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
