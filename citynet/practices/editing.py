"""The editor's parts: which fields stand on which page, and how far each part is.

Their order and numbers are those of product.md. The words beside a field are `editing_words.py`'s.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from citynet.kit.i18n import lazy
from citynet.practices.content import Content


@dataclass(frozen=True)
class Part:
    """A page of the editor; `number` is 0 for what an import left."""

    key: str
    number: int
    title: str
    fields: tuple[str, ...]


@dataclass(frozen=True)
class Standing:
    """How far a part is."""

    part: Part
    missing: tuple[str, ...]
    has_text: bool


PARTS = (
    Part("name", 1, lazy("What it is"), ("title", "subtitle", "agency")),
    Part("summary", 2, lazy("What it is about"), ("summary", "topics", "dimension", "sdgs")),
    Part("status", 3, lazy("Where it stands"), ("status", "stopped_reason", "started", "ended")),
    Part("problem", 4, lazy("The problem before"), ("problem",)),
    Part("blocks", 5, lazy("What was done"), ("blocks",)),
    Part("timeline", 6, lazy("Timeline"), ("phases",)),
    Part(
        "cost", 7, lazy("What it cost"),
        ("cost_setup", "cost_yearly", "cost_currency", "cost_year", "cost_funds", "cost_band",
         "cost", "cost_unknown_why"),
    ),
    Part("staffing", 8, lazy("Who it took"), ("staff", "staffing")),
    Part("law", 9, lazy("Legal basis"), ("laws", "legal_basis")),
    Part("results", 10, lazy("What came of it"), ("results",)),
    Part("lessons", 11, lazy("What you learned"), ("lessons", "difficulties", "not_again")),
    Part(
        "replicate", 12, lazy("To replicate it"),
        ("replicate_needs", "replicate_adapt", "replicate_not", "replicate_smallest"),
    ),
    Part("culture", 13, lazy("Local culture and context"), ("culture",)),
    Part("upkeep", 14, lazy("Keeping it alive; awards"), ("upkeep", "honours", "awards")),
    Part(
        "contact", 15, lazy("Whom to ask"),
        ("contact_office", "contact_backup", "contact_email", "offers"),
    ),
    Part(
        "readers", 16, lazy("Language, readers and licence"),
        ("language", "visibility", "licence", "source_url", "source_name"),
    ),
)  # fmt: skip
# Shown while something waits there.
LEFTOVER = Part("leftover", 0, lazy("Still to be placed"), ("leftover",))
BY_KEY = {part.key: part for part in (*PARTS, LEFTOVER)}
OF_FIELD = {name: part for part in BY_KEY.values() for name in part.fields}
# Saying that something is there, these fields say nothing of how much an author told.
USUAL = frozenset({"language", "visibility", "licence"})


def parts_of(content: Content) -> tuple[Part, ...]:
    """Return the pages of the editor of a text, in order."""
    return (*PARTS, LEFTOVER) if content.leftover else PARTS


def standings(content: Content, wanted: Collection[str]) -> list[Standing]:
    """Return how far each part is; `wanted` are the fields that lack an answer, or part of one."""
    return [
        Standing(
            part,
            tuple(name for name in part.fields if name in wanted),
            any(
                name in content.unknown or getattr(content, name)
                for name in part.fields
                if name not in USUAL
            ),
        )
        for part in parts_of(content)
    ]


def next_part(part: Part, content: Content) -> Part | None:
    """Return the page after one; None after the last."""
    every = parts_of(content)
    place = every.index(part) if part in every else len(every)
    return every[place + 1] if place + 1 < len(every) else None


def first_open(wanted: Collection[str]) -> Part:
    """Return the page where an author goes on: the first that lacks an answer."""
    return next((part for part in PARTS if set(part.fields) & set(wanted)), PARTS[0])
