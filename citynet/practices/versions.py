"""A published practice as it is told in one language: the original, or a translation of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from citynet.practices.content import Content
from citynet.practices.models import Revision, Translation


@dataclass(frozen=True)
class Heading:
    """What lists show of a practice in one language."""

    language: str
    title: str
    subtitle: str


@dataclass(frozen=True)
class Version:
    """A practice in the words of a language over the facts of its original.

    `languages` are all that it is told in, the original's first.
    """

    original: Revision
    content: Content
    languages: tuple[str, ...]
    # None where it is the original itself.
    translation: Translation | None = None
    # Of a translation: what the original tells otherwise by now, and where its text stands.
    changed: tuple[str, ...] = ()
    borrowed: frozenset[str] = frozenset()

    @property
    def language(self) -> str:
        """Return the language of the words."""
        return self.content.language

    @property
    def others(self) -> list[str]:
        """Return the languages that it is told in besides."""
        return [one for one in self.languages if one != self.language]

    @property
    def told_at(self) -> datetime:
        """Return when words and facts had come out; of a text in work, when it was saved."""
        original = self.original.published_at or self.original.edited_at
        told = self.translation.published_at if self.translation else None
        return max(original, told or original)

    @property
    def asked_for(self) -> Mapping[str, str]:
        """Return what an address asks for this version by; nothing where there is one only."""
        return {"in": self.language} if self.others else {}


def as_written(revision: Revision) -> Version:
    """Return a text in the words of its authors, whatever it is translated into."""
    return Version(revision, revision.content, (revision.language,))
