"""The parts of a practice as its translators meet them: those with words, and how far each is."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace

from citynet.practices.content import Content
from citynet.practices.editing import PARTS, Part
from citynet.practices.translating import NAMES, tells, untranslated


@dataclass(frozen=True)
class Progress:
    """How far the translation of a part is: how many texts lack words, which fields to check."""

    part: Part
    lacking: int
    to_check: tuple[str, ...]


def parts_with_words(original: Content) -> tuple[Part, ...]:
    """Return the parts in which the original tells something, each with those fields alone."""
    parts = (
        replace(part, fields=tuple(name for name in part.fields if _has_words(original, name)))
        for part in PARTS
    )
    return tuple(part for part in parts if part.fields)


def part_with_words(original: Content, key: str) -> Part | None:
    """Return one of these parts by its key."""
    return next((part for part in parts_with_words(original) if part.key == key), None)


def part_after(original: Content, part: Part) -> Part | None:
    """Return the part a translator goes on to; None after the last."""
    parts = parts_with_words(original)
    return next((one for one in parts if one.number > part.number), None)


def progress_by_part(
    original: Content, words: Content, to_check: Collection[str]
) -> list[Progress]:
    """Return how far each part is, in the author's order."""
    open_names = [path.split(".")[0] for path in untranslated(original, words)]
    return [
        Progress(
            part,
            sum(open_names.count(name) for name in part.fields),
            tuple(name for name in part.fields if name in to_check),
        )
        for part in parts_with_words(original)
    ]


def _has_words(original: Content, name: str) -> bool:
    return name in NAMES and tells(original, name)
