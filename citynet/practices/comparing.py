"""Two texts of a practice side by side, in the words that people read.

Called by the views that show revisions and conflicts; it decides nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher

from citynet.kit import html
from citynet.kit.i18n import _, language_name
from citynet.practices import content as contents
from citynet.practices.content import RICH, Content
from citynet.practices.fields import Block, Phase, Result, ResultKind, Shape
from citynet.practices.words import (
    COST_BANDS,
    DIMENSIONS,
    LABELS,
    OFFERS,
    RESULT_KINDS,
    SDGS,
    STATUSES,
    VISIBILITIES,
)

# A stretch of text, and whether it differs from the other side.
Piece = tuple[str, bool]
# Beyond this a word-by-word comparison takes longer than it helps.
MOST_WORDS = 6_000


@dataclass(frozen=True)
class Change:
    """A field that differs, with both texts."""

    name: str
    label: str
    before: list[Piece]
    after: list[Piece]


def changes(before: Content, after: Content, *, topics: Mapping[str, str]) -> list[Change]:
    """Return what differs, in the author's order; `topics` are names by slug."""
    found = []
    for name in contents.differences(before, after):
        old, new = (_in_words(name, getattr(text, name), topics) for text in (before, after))
        found.append(Change(name, str(LABELS[name]), *_marked(old, new)))
    return found


def whole(content: Content, *, topics: Mapping[str, str]) -> list[tuple[str, str]]:
    """Return label and text of each field that says something."""
    texts = ((name, _in_words(name, getattr(content, name), topics)) for name in LABELS)
    return [(str(LABELS[name]), text) for name, text in texts if text]


def _in_words(name: str, value: object, topics: Mapping[str, str]) -> str:
    write: Mapping[str, Callable[[object], str]] = {
        "topics": lambda one: topics.get(str(one), str(one)),
        "unknown": lambda one: str(LABELS.get(str(one), one)),
        "sdgs": lambda one: str(SDGS.get(one, one)),  # type: ignore[call-overload]
        "offers": lambda one: str(OFFERS.get(one, one)),  # type: ignore[call-overload]
        "status": lambda one: str(STATUSES.get(one, one)),  # type: ignore[call-overload]
        "visibility": lambda one: str(VISIBILITIES.get(one, one)),  # type: ignore[call-overload]
        "dimension": lambda one: str(DIMENSIONS.get(one, one)),  # type: ignore[call-overload]
        "cost_band": lambda one: str(COST_BANDS.get(one, one)),  # type: ignore[call-overload]
        "language": lambda one: language_name(str(one)),
        "blocks": _block,
        "phases": _phase,
        "results": _result,
    }
    if not value:
        return ""
    usual: Callable[[object], str] = (lambda one: html.plain(str(one))) if name in RICH else _row
    in_words = write.get(name, usual)
    if not isinstance(value, tuple):
        return in_words(value)
    rows = [in_words(one) for one in value]
    # Rows of several lines keep apart.
    return ("\n\n" if any("\n" in row for row in rows) else "\n").join(rows)


def _row(value: object) -> str:
    """Write the cells of a row beside each other, and a text as it is."""
    if not isinstance(value, Shape):
        return str(value)
    return " · ".join(str(cell) for cell in dict(value).values() if cell)


def _block(value: object) -> str:
    block = value if isinstance(value, Block) else Block(name=str(value))
    parts = (block.name, *map(html.plain, (block.purpose, block.needs, block.lesson)))
    return "\n".join(text for text in parts if text)


def _phase(value: object) -> str:
    phase = value if isinstance(value, Phase) else Phase(name=str(value))
    days = " – ".join(day for day in (phase.begins, phase.ends) if day)
    return "\n".join(text for text in (phase.name, days, html.plain(phase.text)) if text)


def _result(value: object) -> str:
    row = value if isinstance(value, Result) else Result(indicator=str(value))
    words = f"{row.indicator} ({row.unit})" if row.unit else row.indicator
    figures = " → ".join(text for text in (row.before, row.after) if text)
    kind = str(RESULT_KINDS[row.kind]) if row.kind != ResultKind.OUTCOME else ""
    cells = (words, figures, row.dates, row.source, kind, _("expected") if row.expected else "")
    return " · ".join(text for text in cells if text)


def _marked(old: str, new: str) -> tuple[list[Piece], list[Piece]]:
    """Cut both texts into stretches that are the same and stretches that differ."""
    left, right = (re.findall(r"\s+|\S+", text) for text in (old, new))
    if len(left) + len(right) > MOST_WORDS:
        return [(old, True)], [(new, True)]
    before: list[Piece] = []
    after: list[Piece] = []
    for kind, i, j, k, m in SequenceMatcher(None, left, right).get_opcodes():
        if i < j:
            before.append(("".join(left[i:j]), kind != "equal"))
        if k < m:
            after.append(("".join(right[k:m]), kind != "equal"))
    return before, after
