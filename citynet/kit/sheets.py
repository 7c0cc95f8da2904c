"""Tables of a spreadsheet: read as people really send them, and written so that nothing runs.

`read` takes CSV and XLSX, told by their content, and refuses what it cannot read with a sentence
that names the line. `answer` exports: a cell that a spreadsheet would take for a formula gets an
apostrophe before it, which `read` takes off again.
"""

from __future__ import annotations

import csv
import io
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

from flask import Response, stream_with_context
from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

from citynet.kit import sheet_files
from citynet.kit.errors import Invalid
from citynet.kit.i18n import _

MOST_BYTES = 20_000_000
# What a form around a table of that size may hold.
MOST_REQUEST_BYTES = 21_000_000
MOST_ROWS = 25_000
MOST_COLUMNS = 200
LONGEST_CELL = 10_000
# What makes a spreadsheet read a cell as a formula (OWASP: CSV injection).
FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r", "\n")
ROWS_AT_ONCE = 500
BYTES_AT_ONCE = 65_536
MEDIA_TYPES = {
    "csv": "text/csv",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
Cell = str | int | float | date | datetime | None


@dataclass(frozen=True)
class Row:
    """One line: its number in the file, and its cells by their heads, without outer spaces."""

    line: int
    cells: dict[str, str]


@dataclass(frozen=True)
class Table:
    """A table with one line of heads; empty lines are left out."""

    heads: list[str]
    rows: list[Row]


def read(content: bytes, *, most_rows: int = MOST_ROWS) -> Table:
    """Return the table in a CSV or XLSX file.

    Raises:
        Invalid: by the field `file`, with the line where there is one.
    """
    if not content.strip():
        raise Invalid({"file": _("The file is empty.")})
    if len(content) > MOST_BYTES:
        raise Invalid({"file": _("The file is larger than 20 MB. Split it and send the parts.")})
    lines = sheet_files.lines_of(content, most_lines=most_rows)
    filled = ((line, cells) for line, cells in lines if any(cells))
    line, heads = next(filled, (0, []))
    columns = _columns(line, heads)
    rows: list[Row] = []
    for line, cells in filled:
        if len(rows) == most_rows:
            raise sheet_files.too_long(most_rows)
        rows.append(_row(line, cells, columns))
    return Table([head for head in columns if head], rows)


def answer(
    heads: Sequence[str], rows: Iterable[Sequence[Cell]], *, name: str, form: str
) -> Response:
    """Answer with a table as a download, `csv` or `xlsx`, written piece by piece."""
    parts = _csv(heads, rows) if form == "csv" else _xlsx(heads, rows)
    response = Response(stream_with_context(parts), mimetype=MEDIA_TYPES[form])
    plain = "".join(one for one in name if one.isprintable())
    response.headers.set("Content-Disposition", "attachment", filename=f"{plain}.{form}")
    response.headers["Cache-Control"] = "private, no-store"
    return response


def neutralised(text: str) -> str:
    """Return a cell that no spreadsheet takes for a formula."""
    return f"'{text}" if text.lstrip("'").startswith(FORMULA_SIGNS) else text


def restored(text: str) -> str:
    """Return a cell as it was before `neutralised`."""
    is_marked = text.startswith("'") and text.lstrip("'").startswith(FORMULA_SIGNS)
    return text[1:] if is_marked else text


def _columns(line: int, heads: Sequence[str]) -> list[str]:
    """Return the heads, an empty one where a column has none.

    Raises:
        Invalid: no heads, too many, or one that stands there twice.
    """
    columns = [" ".join(head.split()) for head in heads]
    while columns and not columns[-1]:
        columns.pop()
    if not columns:
        raise Invalid({"file": _("The file has no line with headings.")})
    if len(columns) > MOST_COLUMNS:
        raise sheet_files.wrong(_("Line %(line)s has more than 200 columns.", line=line))
    seen: set[str] = set()
    for head in columns:
        if head and head.casefold() in seen:
            raise sheet_files.wrong(
                _("Line %(line)s has the heading “%(head)s” twice.", line=line, head=head[:60])
            )
        seen.add(head.casefold())
    return columns


def _row(line: int, cells: Sequence[str], columns: Sequence[str]) -> Row:
    for number, cell in enumerate(cells):
        head = columns[number] if number < len(columns) else ""
        if cell and not head:
            raise sheet_files.wrong(
                _("Line %(line)s has something in column %(column)s, which has no heading.",
                  line=line, column=number + 1)
            )  # fmt: skip
        if len(cell) > LONGEST_CELL:
            raise sheet_files.wrong(
                _("Line %(line)s has more than 10,000 characters in one cell.", line=line)
            )
    padded = [*cells, *("" for _column in columns[len(cells) :])]
    pairs = zip(columns, padded, strict=False)
    return Row(line, {head: restored(cell).strip() for head, cell in pairs if head})


def _csv(heads: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Iterator[bytes]:
    """Yield the file with the mark at its beginning by which Excel knows UTF-8."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    out.write("\ufeff")
    writer.writerow([neutralised(head) for head in heads])
    for number, row in enumerate(rows, 1):
        writer.writerow([_plain(cell) for cell in row])
        if number % ROWS_AT_ONCE == 0:
            yield out.getvalue().encode()
            out.seek(0)
            out.truncate()
    yield out.getvalue().encode()


def _xlsx(heads: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Iterator[bytes]:
    """Yield the file, which is written to the disk first: its directory comes at its end."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet("CityNet")
    sheet.freeze_panes = "A2"
    sheet.append([_plain(head) for head in heads])
    for row in rows:
        sheet.append([cell if isinstance(cell, int | float) else _plain(cell) for cell in row])
    with tempfile.TemporaryFile() as file:
        book.save(file)
        file.seek(0)
        while part := file.read(BYTES_AT_ONCE):
            yield part


def _plain(cell: Cell) -> str:
    """Return a cell as text: moments in UTC, nothing that XML cannot hold."""
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        return cell.astimezone(UTC).strftime("%Y-%m-%d %H:%M")
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, str):
        return neutralised(ILLEGAL_CHARACTERS_RE.sub("", cell))
    return str(cell)
