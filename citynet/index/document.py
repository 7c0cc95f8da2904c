"""What the index holds: documents, and whoever can tell what they are."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True)
class Wording:
    """The words of a document in one language."""

    language: str
    title: str
    summary: str
    body: str
    # What its building blocks are called and are for; not in `body`.
    blocks: str = ""


@dataclass(frozen=True)
class Document:
    """Something to be found, in the words of one language, for certain audiences.

    `stamp` tells which state of its row a document is; `keywords` are names in both languages;
    `others` tell the same in other languages. `evidence` grades from 0 what its results rest on.
    """

    key: str
    stamp: str
    language: str
    title: str
    summary: str
    body: str
    keywords: str
    audiences: frozenset[str]
    facets: Mapping[str, tuple[str, ...]]
    published_at: datetime
    others: tuple[Wording, ...] = ()
    blocks: str = ""
    confirmed_at: datetime | None = None
    evidence: int = 0
    replications: int = 0

    @property
    def wordings(self) -> tuple[Wording, ...]:
        """Return all its words, those of its own language first."""
        own = Wording(self.language, self.title, self.summary, self.body, self.blocks)
        return own, *self.others


class Source(Protocol):
    """The truth that the index copies."""

    def stamps(self) -> Mapping[str, str]:
        """Return the stamp that each document should have, by key."""

    def documents(self, keys: Collection[str] | None = None) -> Iterator[Document]:
        """Yield the documents of these keys, or all, each once."""
