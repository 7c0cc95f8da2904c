"""Where the sections of a document go: headings of both languages matched to a practice's fields.

`data/headings.json` holds what people write, in reports, in case studies and in the form of
Indonesia's competition of public service innovation. A heading is compared without its number and
signs: word for word first, then nearly, then by what it contains. What matches nothing goes where
the section above it goes; else it is kept to be placed by hand. The author corrects all of it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from rapidfuzz import fuzz, process

from citynet.kit import html, sections
from citynet.kit.sections import normalised
from citynet.kit.word import Section
from citynet.practices.content import RICH, WORDS_IN_SUMMARY
from citynet.practices.fields import MOST_ROWS

LEAVE, KEEP = "leave", "leftover"
LINES = ("subtitle", "agency", "contact_office", "contact_backup", "cost_funds")
TEXTS = ("summary", "stopped_reason")
ROWS = ("blocks", "phases", "results")
# Where a section may go, in the author's order.
TARGETS = (
    "subtitle", "agency", "summary", "stopped_reason", "problem", "blocks", "phases", "cost",
    "cost_funds", "staffing", "legal_basis", "results", "difficulties", "lessons", "not_again",
    "replicate_needs", "replicate_adapt", "replicate_not", "replicate_smallest", "culture",
    "upkeep", "awards", "contact_office", "contact_backup",
)  # fmt: skip
# Of a hundred: as alike as `lesson learnt` and `lessons learned`.
LEAST_ALIKE = 86
COMMON = {"id": {"dan", "yang", "untuk", "dengan", "dari", "pada", "dalam", "di", "ini", "oleh"}}
COMMON["en"] = {"and", "the", "of", "to", "for", "with", "in", "is", "that", "by"}


@dataclass(frozen=True)
class Table:
    """A table of results: its rows by column, and whether nothing else stood in it."""

    rows: tuple[dict[str, str], ...]
    is_whole: bool


@cache
def _data() -> Mapping[str, Mapping[str, Sequence[str]]]:
    path = Path(__file__).parent / "data" / "headings.json"
    data: Mapping[str, Mapping[str, Sequence[str]]] = json.loads(path.read_text(encoding="utf-8"))
    return data


@cache
def _fields() -> Mapping[str, str]:
    """Return the field of each known heading, as it is compared."""
    return {normalised(one): name for name, ones in _data()["fields"].items() for one in ones}


@cache
def _columns() -> Mapping[str, str]:
    return {normalised(one): name for name, ones in _data()["columns"].items() for one in ones}


def known() -> frozenset[str]:
    """Return all known headings, by which a text without headings of its own is parted."""
    return frozenset(_fields())


def field_of(heading: str) -> str:
    """Return the field a heading stands for; empty where none is near."""
    words = normalised(heading)
    if not words:
        return ""
    fields = _fields()
    if words in fields:
        return fields[words]
    if near := process.extractOne(
        words, fields.keys(), scorer=fuzz.token_sort_ratio, score_cutoff=LEAST_ALIKE
    ):
        return fields[near[0]]
    within = [one for one in fields if len(one) > len("area") and f" {one} " in f" {words} "]
    return fields[max(within, key=len)] if within else ""


def targets_of(title: str, blocks: Sequence[Section]) -> list[str]:
    """Return where each section goes: a name of TARGETS, KEEP or LEAVE."""
    found: list[str] = []
    # The fields of the sections that stand above, by their depth.
    above: list[tuple[int, str]] = []
    for place, block in enumerate(blocks):
        above = [(level, name) for level, name in above if level < block.level]
        name = field_of(block.heading) or (above[-1][1] if above else "")
        if not block.heading and place == 0:
            words = len(html.plain(block.html).split())
            name = "summary" if 0 < words <= WORDS_IN_SUMMARY else ""
        if block.heading:
            above.append((block.level, name if name != "title" else ""))
        if name == "title" and html.line(html.plain(block.html)) == title:
            name = LEAVE
        found.append(name if name in TARGETS or name == LEAVE else KEEP)
    return found


def title_of(title: str, blocks: Sequence[Section]) -> str:
    """Return a document's title: its own, else what stands under a heading for one."""
    if title:
        return title
    named = (html.line(html.plain(one.html)) for one in blocks if field_of(one.heading) == "title")
    return next(named, "")


def language_of(blocks: Sequence[Section]) -> str:
    """Return the language a text seems to be in, by its commonest words."""
    words = re.findall(r"[a-z]+", " ".join(html.plain(one.html) for one in blocks).casefold())
    return max(COMMON, key=lambda name: (sum(word in COMMON[name] for word in words), name == "en"))


def results_of(text: str) -> tuple[list[dict[str, str]], str]:
    """Return the rows of results in a section's tables, and its HTML without those tables."""
    if "<table" not in text:
        return [], text
    root = sections.tree(text)
    rows: list[dict[str, str]] = []
    for table in root.xpath("./table"):
        found = _table(sections.cells_of(table))
        if found and len(rows) + len(found.rows) <= MOST_ROWS["results"]:
            rows.extend(found.rows)
            if found.is_whole:
                table.drop_tree()
    return rows, sections.inner(root)


LONGEST = {"indicator": 200, "source": 200}


def _table(cells: Sequence[Sequence[str]] | None) -> Table | None:
    """Read a table whose heads say before and after; None: they do not, or a cell is too long."""
    if not cells or len(cells) < len(("heads", "row")):
        return None
    heads = [_column(cell) for cell in cells[0]]
    if not {"before", "after"} <= set(heads):
        return None
    if "indicator" not in heads:
        free = [place for place, head in enumerate(heads) if not head]
        if not free:
            return None
        heads[free[0]] = "indicator"
    rows = []
    for line in cells[1:]:
        row = {head: cell for head, cell in zip(heads, line, strict=False) if head and cell}
        row.pop("number", None)
        is_short = all(len(cell) <= LONGEST.get(head, 100) for head, cell in row.items())
        if not is_short or len(line) != len(heads) or (row and "indicator" not in row):
            return None
        if row:
            rows.append(row)
    is_whole = "" not in heads and len(set(heads)) == len(heads)
    return Table(tuple(rows), is_whole) if rows else None


def _column(head: str) -> str:
    """Return the column a head names; a year after it, as in `Before (2018)`, says no more."""
    words = re.sub(r"\b(19|20)\d\d\b", " ", head)
    return _columns().get(normalised(words), "")


def takes(name: str) -> bool:
    """Tell whether a section may be sent to a name."""
    return name in TARGETS or name in (KEEP, LEAVE)


assert set(TARGETS) <= RICH | {*LINES, *TEXTS, *ROWS}  # noqa: S101 - one list, held to another
