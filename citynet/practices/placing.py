"""Sections of a document put into a practice's text: added to what stands there, never over it.

What does not fit its field (a summary of 200 words, a line that is taken) is kept with what is
still to be placed: no word is cut.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from html import escape
from typing import cast

from citynet.kit import html, sections
from citynet.kit.errors import Invalid
from citynet.kit.i18n import _
from citynet.kit.word import Section
from citynet.practices.content import WORDS_IN_SUMMARY, Content
from citynet.practices.fields import (
    LONG,
    LONGEST_LEFTOVER,
    LONGEST_LEFTOVER_MARKUP,
    LONGEST_MARKUP,
    MOST_ROWS,
)
from citynet.practices.matching import KEEP, LEAVE, LINES, ROWS, TEXTS, field_of, results_of

LONGEST_LINE = 200
Row = dict[str, object]


@dataclass
class Placed:
    """The record that grows, and the headings of what did not fit where it was sent."""

    record: dict[str, object]
    moved: list[str] = field(default_factory=list)


def place(
    content: Content, blocks: Sequence[Section], targets: Sequence[str], *, as_rows: Sequence[bool]
) -> Placed:
    """Return a practice's record with each section where it was sent.

    `as_rows` tells of each section whether its tables of results become rows.

    Raises:
        Invalid: by the field `leftover`: more than is kept to be placed.
    """
    placed = Placed(content.model_dump(mode="json"))
    for block, target, takes_rows in zip(blocks, targets, as_rows, strict=True):
        text = _without_results(placed, block) if takes_rows else block.html
        if target == LEAVE or not html.plain(text):
            continue
        if not _goes(placed.record, target, block, text):
            if target != KEEP:
                placed.moved.append(block.heading or html.excerpt(html.plain(text), 60))
            if not _goes(placed.record, KEEP, block, text):
                raise Invalid({"leftover": _(
                    "This is more than a practice keeps to be placed. Leave more of it out, or "
                    "send the document in parts."
                )})  # fmt: skip
    unknown = placed.record["unknown"]
    assert isinstance(unknown, list)  # noqa: S101 - it is one in every record
    placed.record["unknown"] = [name for name in unknown if not placed.record[name]]
    return placed


def _without_results(placed: Placed, block: Section) -> str:
    """Take the rows of a section's tables of results, if all of them fit; return what is left."""
    found, rest = results_of(block.html)
    rows = _rows(placed.record, "results")
    if not found or len(rows) + len(found) > MOST_ROWS["results"]:
        return block.html
    rows.extend({**one} for one in found)
    return rest


def _goes(record: dict[str, object], target: str, block: Section, text: str) -> bool:
    """Put a section where it was sent; tell whether it fits there."""
    if target in LINES:
        return _line(record, target, text)
    if target in TEXTS:
        return _text(record, target, text)
    if target in ROWS:
        return _row(record, target, block, text)
    return _rich(record, target, block, text)


def _line(record: dict[str, object], target: str, text: str) -> bool:
    words = html.line(html.plain(text))
    if record[target] or len(words) > LONGEST_LINE:
        return False
    record[target] = words
    return True


def _text(record: dict[str, object], target: str, text: str) -> bool:
    joined = "\n\n".join(one for one in (str(record[target]), html.plain(text)) if one)
    is_short = target != "summary" or len(joined.split()) <= WORDS_IN_SUMMARY
    if not is_short or len(joined) > LONG:
        return False
    record[target] = joined
    return True


def _rich(record: dict[str, object], target: str, block: Section, text: str) -> bool:
    is_named = field_of(block.heading) == target
    heading = f"<h3>{escape(block.heading)}</h3>" if block.heading and not is_named else ""
    joined = f"{record[target]}{heading}{text}"
    letters, markup = (LONG, LONGEST_MARKUP)
    if target == KEEP:
        letters, markup = (LONGEST_LEFTOVER, LONGEST_LEFTOVER_MARKUP)
    if len(joined) > markup or len(html.plain(joined)) > letters:
        return False
    record[target] = joined
    return True


def _row(record: dict[str, object], target: str, block: Section, text: str) -> bool:
    """Add a building block or a phase of the section's name, or a result for each of its lines."""
    rows = _rows(record, target)
    if target == "results":
        lines = [] if "<table" in text else list(_lines(text))
        if not lines or len(rows) + len(lines) > MOST_ROWS[target]:
            return False
        if any(len(line) > LONGEST_LINE for line in lines):
            return False
        rows.extend({"indicator": line} for line in lines)
        return True
    is_short = len(html.plain(text)) <= LONG and len(text) <= LONGEST_MARKUP
    if len(rows) >= MOST_ROWS[target] or not is_short:
        return False
    name = block.heading or html.excerpt(html.plain(text), 80)
    name = name if len(name) <= LONGEST_LINE else html.excerpt(name, LONGEST_LINE)
    rows.append({"name": name, ("purpose" if target == "blocks" else "text"): text})
    return True


def _rows(record: dict[str, object], name: str) -> list[Row]:
    rows = record[name]
    assert isinstance(rows, list)  # noqa: S101 - it is one in every record
    return cast(list[Row], rows)


def _lines(text: str) -> Iterator[str]:
    for line in html.plain(text).split("\n"):
        if words := html.line(sections.NUMBER.sub("", line, count=1)):
            yield words
