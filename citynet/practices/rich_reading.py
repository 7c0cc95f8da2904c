"""Cleaned rich text read into paragraphs and tables, for writers that know no HTML.

The text comes in events and nothing recurses: however deep markup is nested, reading it takes
time in step with its length. A table within a cell is told as lines of that cell.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from html.parser import HTMLParser

from citynet.kit import html

# A word processor takes no more columns, and a merged cell stands for many.
MOST_COLUMNS, MOST_PLACES = 63, 20_000
DEEPEST_LIST = 8
BLOCKS = frozenset({"p", "h2", "h3", "h4", "blockquote", "pre", "li", "hr", "ul", "ol"})
MARKS = {
    "strong": "b", "b": "b", "em": "i", "i": "i", "u": "u", "s": "strike", "sub": "sub",
    "sup": "sup", "code": "code",
}  # fmt: skip


@dataclass(frozen=True)
class Run:
    """Words of one look; `link` is empty where they lead nowhere."""

    text: str
    marks: frozenset[str] = frozenset()
    link: str = ""


@dataclass
class Paragraph:
    """A paragraph; in a list its depth from 0 and which list, without a sign where it goes on."""

    kind: str
    runs: list[Run] = field(default_factory=list)
    depth: int = -1
    list_id: int = 0
    is_ordered: bool = False
    has_sign: bool = False


@dataclass
class Cell:
    """A cell with how far it reaches."""

    runs: list[Run]
    is_head: bool = False
    columns: int = 1
    rows: int = 1


@dataclass
class Grid:
    """A table by rows."""

    rows: list[list[Cell]] = field(default_factory=list)
    caption: list[Run] = field(default_factory=list)


@dataclass
class Slot:
    """A place in a row of a table: a cell, or where one from above goes on."""

    cell: Cell
    goes_on: bool = False


Part = Paragraph | Grid


@dataclass
class _List:
    id: int
    is_ordered: bool


def read(text: str) -> list[Part]:
    """Return the parts of cleaned HTML, in order."""
    reader = _Reader()
    # Cleaned once more: the reader relies on tags that are closed, and a row is not trusted.
    reader.feed(str(html.rich(text)))
    reader.close()
    reader.end_paragraph()
    return [part for part in reader.parts if not isinstance(part, Grid) or any(part.rows)]


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[Part] = []
        self._lists: list[_List] = []
        self._list_count = 0
        self._opens_item = False
        self._kinds: list[str] = []
        self._marks: Counter[str] = Counter()
        self._links: list[str] = []
        self._paragraph: Paragraph | None = None
        self._grid: Grid | None = None
        self._table_depth = 0
        self._cell: list[Run] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take an opening tag."""
        given = {name: value or "" for name, value in attrs}
        if tag in MARKS:
            self._marks[MARKS[tag]] += 1
        elif tag == "a":
            self._links.append(given.get("href", ""))
        elif tag == "br":
            self._add("\n")
        elif tag == "table":
            self._open_table()
        elif self._table_depth:
            self._open_in_table(tag, given)
        elif tag in BLOCKS:
            self._open_block(tag)

    def handle_endtag(self, tag: str) -> None:
        """Take a closing tag."""
        if tag in MARKS:
            self._marks[MARKS[tag]] -= 1
        elif tag == "a" and self._links:
            self._links.pop()
        elif tag == "table":
            self._close_table()
        elif self._table_depth:
            if tag in BLOCKS or (tag == "tr" and self._table_depth > 1):
                self._break_line()
            elif tag in {"td", "th"} and self._table_depth > 1:
                self._add(" | ")
            elif tag in {"td", "th", "caption"}:
                self._cell = None
        elif tag in BLOCKS:
            self._close_block(tag)

    def handle_data(self, data: str) -> None:
        """Take words; white space between blocks is none of them."""
        is_kept = "pre" in self._kinds
        words = data if is_kept else re.sub(r"[ \t\r\n\f]+", " ", data)
        starts = self._cell is not None or (self._paragraph and self._paragraph.runs)
        if words.strip() or (starts and words):
            self._add(words)

    def end_paragraph(self) -> None:
        """Put down the paragraph that is open, where it says something."""
        done, self._paragraph = self._paragraph, None
        if done is not None and any(run.text.strip() for run in done.runs):
            self.parts.append(done)

    def _open_block(self, tag: str) -> None:
        self.end_paragraph()
        if tag in {"ul", "ol"}:
            self._list_count += 1
            self._lists.append(_List(self._list_count, tag == "ol"))
        elif tag == "li":
            self._opens_item = True
        elif tag != "hr":
            self._kinds.append(tag)

    def _close_block(self, tag: str) -> None:
        self.end_paragraph()
        if tag in {"ul", "ol"} and self._lists:
            self._lists.pop()
        elif tag == "li":
            self._opens_item = False
        elif tag not in {"ul", "ol", "hr"} and self._kinds:
            self._kinds.pop()

    def _open_table(self) -> None:
        self._table_depth += 1
        if self._table_depth == 1:
            self.end_paragraph()
            self._grid = Grid()
            self.parts.append(self._grid)
        elif self._cell is not None:
            self._break_line()

    def _close_table(self) -> None:
        self._table_depth = max(self._table_depth - 1, 0)
        if not self._table_depth:
            self._grid = self._cell = None

    def _open_in_table(self, tag: str, given: dict[str, str]) -> None:
        if self._table_depth > 1 or self._grid is None:
            if tag in BLOCKS:
                self._break_line()
        elif tag == "tr":
            self._grid.rows.append([])
        elif tag in {"td", "th"} and self._grid.rows:
            cell = Cell([], tag == "th", _count(given.get("colspan")), _count(given.get("rowspan")))
            self._grid.rows[-1].append(cell)
            self._cell = cell.runs
        elif tag == "caption":
            self._cell = self._grid.caption
        elif tag in BLOCKS:
            self._break_line()
            if tag == "li":
                self._add("• ")

    def _break_line(self) -> None:
        """Begin a line in a cell that has words already."""
        if self._cell and not self._cell[-1].text.endswith("\n"):
            self._add("\n")

    def _add(self, text: str) -> None:
        marks = frozenset(mark for mark, count in self._marks.items() if count > 0)
        run = Run(text, marks, self._links[-1] if self._links else "")
        if self._table_depth:
            if self._cell is not None:
                self._cell.append(run)
            return
        if self._paragraph is None:
            self._paragraph = self._new_paragraph()
        self._paragraph.runs.append(run)

    def _new_paragraph(self) -> Paragraph:
        kind = self._kinds[-1] if self._kinds else "p"
        if kind == "p" and "blockquote" in self._kinds[-3:]:
            kind = "blockquote"
        if not self._lists or kind.startswith("h"):
            return Paragraph(kind)
        inner, opens = self._lists[-1], self._opens_item
        self._opens_item = False
        depth = min(len(self._lists) - 1, DEEPEST_LIST)
        return Paragraph("p", [], depth, inner.id, inner.is_ordered, opens)


def placed(grid: Grid) -> list[list[Slot]] | None:
    """Return the rows with every column taken; None where no word processor would take it."""
    held: dict[int, tuple[Cell, int]] = {}
    rows: list[list[Slot]] = []
    for row in grid.rows:
        slots = _place(row, held)
        if slots is None or len(rows) * _width(slots) > MOST_PLACES:
            return None
        rows.append(slots)
    width = max(map(_width, rows))
    for slots in rows:
        slots += [Slot(Cell([])) for _column in range(width - _width(slots))]
    return rows if width * len(rows) <= MOST_PLACES else None


def plain_rows(grid: Grid) -> Iterable[list[Run]]:
    """Return the words of a table that fits no grid, a line for each row."""
    for row in grid.rows:
        runs: list[Run] = []
        for cell in row:
            runs += [Run(" | ")] if runs else []
            runs += cell.runs
        if any(run.text.strip() for run in runs):
            yield runs


def _place(row: list[Cell], held: dict[int, tuple[Cell, int]]) -> list[Slot] | None:
    """Place the cells of a row between those that reach down into it."""
    slots: list[Slot] = []
    later: dict[int, tuple[Cell, int]] = {}
    column, waiting = 0, iter(row)
    while True:
        if column in held:
            cell, rows_left = held.pop(column)
            slots.append(Slot(cell, goes_on=True))
        elif (new := next(waiting, None)) is not None:
            cell, rows_left = new, new.rows
            slots.append(Slot(cell))
        elif held and max(held) > column:
            cell, rows_left = Cell([]), 1
            slots.append(Slot(cell))
        else:
            held.update(later)
            return slots
        reaches = range(column + 1, min(column + cell.columns, MOST_COLUMNS))
        if column + cell.columns > MOST_COLUMNS or any(one in held for one in reaches):
            return None
        if rows_left > 1:
            later[column] = (cell, rows_left - 1)
        column += cell.columns


def _width(slots: list[Slot]) -> int:
    return sum(slot.cell.columns for slot in slots)


def _count(text: str | None) -> int:
    is_number = text is not None and text.isascii() and text.isdigit() and len(text) < 6
    return max(int(text), 1) if text and is_number else 1
