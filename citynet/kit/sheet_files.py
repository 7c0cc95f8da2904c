"""The lines of a CSV or XLSX file, within bounds; `kit/sheets.py` makes a table of them.

CSV comes with commas, semicolons or tabs, in UTF-8, UTF-16 or Windows-1252. Of XLSX the first
sheet is read; a formula is read as its text and never computed.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from xml.etree.ElementTree import ParseError

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.worksheet.formula import ArrayFormula, DataTableFormula

from citynet.kit.errors import Invalid
from citynet.kit.i18n import _

# What one line with its quoted line ends may hold: an open quotation mark swallows no more.
RECORD_CHARACTERS = 200_000
# How many empty lines a sheet may have besides those that count.
MOST_EMPTY_LINES = 25_000
# Columns without a word, to the right of those that count, are let pass.
MOST_SHEET_COLUMNS = 1_000
MOST_ENTRIES = 1_000
MOST_INFLATED_BYTES = 100_000_000
# Packed, a tag takes no room; read, a cell takes 300 bytes and 7 µs, a style ten times as much.
MOST_CELLS, MOST_TAGS, MOST_OTHER_TAGS = 500_000, 4_000_000, 200_000
DATA = re.compile(rb"<(?:[^\s<>/:]{1,50}:)?(?:(c)|v|f|row|is|t|si|r)[\s/>]")
# In another encoding than UTF-8 neither tags nor declarations would be seen.
FOREIGN = re.compile(
    rb"\xff\xfe|\xfe\xff|<\0|\0<|[^>]{0,200}encoding\s*=\s*[\"'](?!utf-8[\"'])", re.IGNORECASE
)
DELIMITERS = (",", ";", "\t")
MARKS = {b"\xef\xbb\xbf": "utf-8", b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be"}
Line = tuple[int, Sequence[str]]


def lines_of(content: bytes, *, most_lines: int) -> Iterator[Line]:
    """Yield each line with its number, its cells without outer spaces.

    Raises:
        Invalid: by the field `file`.
    """
    if content.startswith(b"PK\x03\x04"):
        return _sheet_lines(content, most_lines=most_lines)
    if content.startswith((b"\xd0\xcf\x11\xe0", b"%PDF")):
        raise wrong(_("This is no table that can be read. Save it as CSV or XLSX and send that."))
    return _text_lines(_decoded(content))


def wrong(sentence: str) -> Invalid:
    """Return the error with a sentence about the file."""
    return Invalid({"file": sentence})


def too_long(most_rows: int) -> Invalid:
    """Return the error for a table of too many lines."""
    return wrong(
        _("The file has more than %(count)s lines. Split it and send the parts.", count=most_rows)
    )


def _decoded(content: bytes) -> str:
    mark, encoding = _encoding(content)
    content = content[len(mark) :]
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise wrong(
            _(
                "Line %(line)s has characters that cannot be read. Save the file as UTF-8.",
                line=line,
            )
        ) from None
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        raise wrong(
            _("Line %(line)s has signs that are no text. Save the file as UTF-8.", line=line)
        )
    return text


def _encoding(content: bytes) -> tuple[bytes, str]:
    """Return the mark at the beginning, if any, and the encoding: by it, or by the bytes."""
    for mark, encoding in MARKS.items():
        if content.startswith(mark):
            return mark, encoding
    # Latin letters in UTF-16 have a zero in every other byte.
    beginning = content[:1000]
    for first, encoding in ((1, "utf-16-le"), (0, "utf-16-be")):
        zeros = beginning[first::2].count(0)
        if zeros > len(beginning) // 4 and 0 not in beginning[1 - first :: 2]:
            return b"", encoding
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return b"", "cp1252"
    return b"", "utf-8"


def _text_lines(text: str) -> Iterator[Line]:
    """Yield the records of a CSV text; a line `sep=;` as Excel writes it names the delimiter."""
    named = re.match(r'"?sep=(.)"?[^\S\r\n]*(\r\n|\r|\n|$)', text, re.IGNORECASE)
    text, skipped = (text[named.end() :], 1) if named else (text, 0)
    delimiter = named[1] if named and named[1] in DELIMITERS else _delimiter(text)
    feed = _Feed(text)
    reader = csv.reader(feed, delimiter=delimiter, strict=True)
    while True:
        line = reader.line_num + 1 + skipped
        feed.begin(line)
        try:
            record = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise _broken(line, str(error)) from None
        yield line, [cell.strip() for cell in record]


class _Feed:
    """The lines of a text, as many as one record may have."""

    def __init__(self, text: str) -> None:
        self._lines = io.StringIO(text, newline="")
        self._left, self._line = 0, 1

    def begin(self, line: int) -> None:
        """Begin a record at this line of the file."""
        self._left, self._line = RECORD_CHARACTERS, line

    def __iter__(self) -> _Feed:
        return self

    def __next__(self) -> str:
        found = self._lines.readline(self._left + 1)
        self._left -= len(found)
        if self._left < 0:
            raise _endless(self._line)
        if not found:
            raise StopIteration
        return found


def _delimiter(text: str) -> str:
    """Return what stands most often in the first line, outside quotation marks."""
    first = next((line for line in text[:RECORD_CHARACTERS].splitlines() if line.strip()), "")
    bare = re.sub(r'"[^"]*"', "", first)
    return max(DELIMITERS, key=bare.count)


def _endless(line: int) -> Invalid:
    return wrong(_("Line %(line)s is too long, or its quotation mark never closes.", line=line))


def _broken(line: int, reason: str) -> Invalid:
    if "field larger" in reason:
        return _endless(line)
    return wrong(
        _("Line %(line)s has a quotation mark that does not fit: one inside a quoted cell is "
          "written twice, and each that opens has to close.", line=line)
    )  # fmt: skip


def _sheet_lines(content: bytes, *, most_lines: int) -> Iterator[Line]:
    """Yield the lines of the first sheet."""
    _check_archive(content)
    try:
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=False, keep_links=False)
        sheet = book.worksheets[0]
        # The size that the file claims is not believed: it would be padded to it.
        sheet.reset_dimensions()
        last = most_lines + MOST_EMPTY_LINES
        for number, row in enumerate(sheet.iter_rows(), 1):
            if number > last:
                raise too_long(most_lines)
            if len(row) > MOST_SHEET_COLUMNS:
                raise wrong(_("Line %(line)s has more than 200 columns.", line=number))
            yield number, [_text_of(cell.value) for cell in row]
    except (InvalidFileException, ParseError, zipfile.BadZipFile, zlib.error, EOFError, OSError,
            LookupError, ValueError, TypeError, AttributeError, NotImplementedError):  # fmt: skip
        # openpyxl fails in many ways on a file that is not what it says it is.
        raise wrong(
            _("This workbook cannot be read. Save it anew as XLSX or CSV and send that.")
        ) from None


def _check_archive(content: bytes) -> None:
    """Refuse a workbook that unpacks to more than one needs, or that declares entities."""
    left = MOST_INFLATED_BYTES
    cells, tags, others = MOST_CELLS, MOST_TAGS, MOST_OTHER_TAGS
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = archive.infolist()
            if len(entries) > MOST_ENTRIES:
                raise wrong(_("This workbook unpacks to more than 100 MB. Send it as CSV."))
            for entry in entries:
                with archive.open(entry) as part:
                    if FOREIGN.match(part.read(300)):
                        raise zipfile.BadZipFile
                    part.seek(0)
                    while chunk := part.read(1_000_000):
                        data = DATA.findall(chunk)
                        left, tags, cells = (
                            left - len(chunk),
                            tags - len(data),
                            cells - data.count(b"c"),
                        )
                        others -= chunk.count(b"<") - chunk.count(b"</") - len(data)
                        if min(left, cells, tags, others) < 0:
                            raise wrong(
                                _("This workbook unpacks to more than 100 MB. Send it as CSV.")
                            )
                        if b"<!DOCTYPE" in chunk or b"<!ENTITY" in chunk:
                            raise zipfile.BadZipFile
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError):
        raise wrong(
            _("This workbook is damaged. Save it anew as XLSX or CSV and send that.")
        ) from None


def _text_of(value: object) -> str:
    """Return a cell as a person sees it; a formula as its text."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime):
        is_day = (value.hour, value.minute, value.second) == (0, 0, 0)
        return value.strftime("%Y-%m-%d" if is_day else "%Y-%m-%d %H:%M")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, ArrayFormula | DataTableFormula):
        return str(getattr(value, "text", "") or "=")
    return str(value).strip()
