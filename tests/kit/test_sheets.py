"""Tables: read as people really send them, or refused with the line; written so nothing runs."""

from __future__ import annotations

import io
import time
import tracemalloc
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import suppress

import pytest
from flask import Flask
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from citynet.kit import i18n, sheets
from citynet.kit.errors import Invalid
from citynet.kit.sheets import Row, Table

PEOPLE = (
    'Name;Mail;Note\r\nSítí;siti@x.example;"two\r\nlines"\r\n\r\n;;\r\nBudi;budi@x.example;\r\n'
)
WANTED = Table(
    ["Name", "Mail", "Note"],
    [
        Row(2, {"Name": "Sítí", "Mail": "siti@x.example", "Note": "two\r\nlines"}),
        Row(6, {"Name": "Budi", "Mail": "budi@x.example", "Note": ""}),
    ],
)


@pytest.fixture(scope="module", autouse=True)
def plain_app() -> Iterator[None]:
    """Run inside a bare application: tables need nothing of the network."""
    app = Flask(__name__)
    i18n.init_app(app)
    with app.test_request_context():
        yield


def refused(content: bytes, **options: int) -> str:
    """Return the sentence with which a file is refused."""
    with pytest.raises(Invalid) as error:
        sheets.read(content, **options)
    assert set(error.value.fields) == {"file"}
    return error.value.fields["file"]


def book(rows: Sequence[Sequence[object]]) -> bytes:
    """Return an XLSX file of these rows."""
    made = Workbook()
    sheet = made.active
    assert sheet is not None
    for row in rows:
        sheet.append(list(row))
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"]
)
@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
@pytest.mark.parametrize("named", ["", "sep={}\r\n", '"sep={}"\r\n', "SEP={}\n"])
def test_table_is_read_as_spreadsheets_save_it(encoding: str, delimiter: str, named: str) -> None:
    """In each encoding and with each delimiter, also where a first line names it."""
    text = named.format(delimiter) + PEOPLE.replace(";", delimiter)
    table = sheets.read(text.encode(encoding))
    assert table.heads == WANTED.heads
    assert [row.cells for row in table.rows] == [row.cells for row in WANTED.rows]
    later = 1 if named else 0
    assert [row.line for row in table.rows] == [row.line + later for row in WANTED.rows]


def test_utf_16_from_the_other_side_is_read() -> None:
    """Big-endian with its mark."""
    assert sheets.read(b"\xfe\xff" + PEOPLE.encode("utf-16-be")) == WANTED


@pytest.mark.parametrize("ending", ["\r\n", "\n", "\r"])
def test_line_ends_of_every_machine_are_read(ending: str) -> None:
    """Also those of old Macs, and a last line without one."""
    table = sheets.read(ending.join(["Name,Mail", "Siti,s@x.example", "Budi,b@x.example"]).encode())
    assert [row.line for row in table.rows] == [2, 3]
    assert table.rows[1].cells == {"Name": "Budi", "Mail": "b@x.example"}


def test_workbook_is_read_by_its_first_sheet() -> None:
    """Numbers as people write them, days, yes and no, empty lines and columns left out."""
    from_excel = book(
        [
            ["Name", " Mail ", None, "Year", "Member"],
            ["Siti", "s@x.example", None, 2019.0, True],
            [None, None, None, None, None],
            ["Budi", None, None, 1.5, False],
        ]
    )
    table = sheets.read(from_excel)
    assert table.heads == ["Name", "Mail", "Year", "Member"]
    assert table.rows == [
        Row(2, {"Name": "Siti", "Mail": "s@x.example", "Year": "2019", "Member": "TRUE"}),
        Row(4, {"Name": "Budi", "Mail": "", "Year": "1.5", "Member": "FALSE"}),
    ]


def test_formula_is_read_as_its_text() -> None:
    """Nothing is computed and nothing fetched."""
    formulas = ["=1+1", '=HYPERLINK("https://evil.example","x")', "=cmd|'/c calc'!A0"]
    table = sheets.read(book([["a", "b", "c"], list(formulas)]))
    assert list(table.rows[0].cells.values()) == formulas
    text = "a,b\n=1+1,@SUM(A1)\n"
    assert list(sheets.read(text.encode()).rows[0].cells.values()) == ["=1+1", "@SUM(A1)"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "empty"),
        ("   \r\n", "empty"),
        (",,\n,,\n", "no line with headings"),
        ("Name,Mail,name\nx,y,z\n", "Line 1 has the heading “name” twice"),
        ("\n\nName,Name\n", "Line 3 has the heading “Name” twice"),
        ("Name,,Mail\nSiti,extra,s@x\n", "Line 2 has something in column 2, which has no heading"),
        ("Name\nSiti,s@x\n", "Line 2 has something in column 2"),
        ('Name,Mail\nSiti,"s@x\nBudi,b@x\n', "Line 2 has a quotation mark"),
        ('Name,Mail\n"Siti"x,s@x\n', "Line 2 has a quotation mark"),
        ("Name\nSi\0ti\n", "Line 2 has signs that are no text"),
        ("Name\n" + "x" * 10_001 + "\n", "Line 2 has more than 10,000 characters"),
        ("Name\n" + "x" * 150_000 + "\n", "Line 2 is too long"),
        ("Name\n" + "x" * 300_000 + "\n", "Line 2 is too long"),
        ('Name\n"' + "x\n" * 150_000 + '"\n', "Line 2 is too long, or its quotation mark"),
        (",".join(f"h{n}" for n in range(201)) + "\n", "Line 1 has more than 200 columns"),
    ],
)  # fmt: skip
def test_file_that_cannot_be_read_is_refused_with_its_line(text: str, words: str) -> None:
    """The sentence says where, in the file's own lines."""
    assert words in refused(text.encode())


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"Name\n\x81\x8d\n", "Line 2 has characters that cannot be read"),
        (b"\xff\xfeN\x00a\x00m\x00e\x00\n\x00x", "characters that cannot be read"),
        (b"\xef\xbb\xbfName\n\xff\n", "Line 2 has characters that cannot be read"),
        (b"%PDF-1.7 something", "no table"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 an old workbook", "no table"),
        (b"PK\x03\x04 no archive at all", "damaged"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", ""),
        (b"\x00" * 500, ""),
        (b"\xff\xfe\x00\x00N\x00\x00\x00", ""),
    ],
)
def test_file_that_is_no_table_is_refused(content: bytes, words: str) -> None:
    """Whatever it is."""
    assert words in refused(content)


def test_one_line_of_a_hundred_megabytes_is_refused_at_once() -> None:
    """Larger than a table may be, and no line is looked for in it."""
    began = time.perf_counter()
    assert "20 MB" in refused(b"x" * 100_000_000)
    assert time.perf_counter() - began < 5


def test_many_cells_in_one_line_take_no_memory() -> None:
    """A line is bounded before it is taken apart."""
    tracemalloc.start()
    try:
        assert "Line 2 is too long" in refused(b"Name\n" + b"a," * 9_000_000)
        assert tracemalloc.get_traced_memory()[1] < 150_000_000
    finally:
        tracemalloc.stop()


def test_table_longer_than_asked_for_is_refused() -> None:
    """Empty lines do not count."""
    text = "Name\n" + "\n".join(f"x{n}\n" for n in range(11))
    assert "more than 10 lines" in refused(text.encode(), most_rows=10)
    assert len(sheets.read(text.encode(), most_rows=11).rows) == 11
    assert "more than 10 lines" in refused(book([["Name"], *[["x"]] * 11]), most_rows=10)


def test_twenty_thousand_lines_are_read() -> None:
    """In either form, in seconds."""
    rows = [[f"Official {n}", f"official{n}@x.example", "id"] for n in range(20_000)]
    text = "Name;Mail;Language\n" + "\n".join(";".join(row) for row in rows)
    began = time.perf_counter()
    assert len(sheets.read(text.encode("utf-16")).rows) == 20_000
    assert len(sheets.read(book([["Name", "Mail", "Language"], *rows])).rows) == 20_000
    assert time.perf_counter() - began < 60


def with_part(name: str, content: bytes) -> bytes:
    """Return a workbook with a part put into it, in place of its own if it has one."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(book([["Name"], ["Siti"]]))) as before,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as after,
    ):
        for entry in before.infolist():
            if entry.filename != name:
                after.writestr(entry.filename, before.read(entry))
        after.writestr(name, content)
    return out.getvalue()


SHEET = "xl/worksheets/sheet1.xml"
OPENED = (
    b'<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/'
    b'main"><sheetData>'
)


@pytest.mark.parametrize(
    ("part", "content", "words"),
    [
        ("xl/bomb.bin", b"\0" * 101_000_000, "100 MB"),
        (SHEET, OPENED + b" " * 101_000_000, "100 MB"),
        (SHEET, b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "b">]><worksheet>&a;</worksheet>',
         "damaged"),
        (SHEET, OPENED + b"<row><c", "cannot be read"),
        (SHEET, b"not XML", "cannot be read"),
        ("xl/workbook.xml", b"<workbook/>", "cannot be read"),
        (SHEET, OPENED + b'<row r="1"><c r="XFD1" t="inlineStr"><is><t>x</t></is></c></row>'
         b"</sheetData></worksheet>", "more than 200 columns"),
        (SHEET, OPENED + b'<row r="1048576"><c r="A1048576"><v>1</v></c></row></sheetData>'
         b"</worksheet>", "more than 25000 lines"),
    ],
)  # fmt: skip
def test_workbook_that_would_do_harm_is_refused(part: str, content: bytes, words: str) -> None:
    """Bombs, entities, broken parts, and cells at the end of the world."""
    assert words in refused(with_part(part, content)).replace(",", "")


def test_size_that_a_workbook_claims_is_not_believed() -> None:
    """Its lines are counted instead."""
    claimed = OPENED.replace(b"<sheetData>", b'<dimension ref="A1:XFD1048576"/><sheetData>')
    rows = b'<row r="1"><c r="A1" t="inlineStr"><is><t>Name</t></is></c></row></sheetData>'
    began = time.perf_counter()
    table = sheets.read(with_part(SHEET, claimed + rows + b"</worksheet>"))
    assert (table.heads, table.rows) == (["Name"], [])
    assert time.perf_counter() - began < 5


def test_links_to_other_workbooks_are_left_alone() -> None:
    """A part that names one is not opened, and its formula is text."""
    link = b'<externalLink xmlns="x"><externalBook r:id="rId1"/></externalLink>'
    assert sheets.read(with_part("xl/externalLinks/externalLink1.xml", link)).rows == [
        Row(2, {"Name": "Siti"})
    ]


@given(st.binary(max_size=400))
@settings(max_examples=300, deadline=None)
def test_any_bytes_are_read_or_refused(content: bytes) -> None:
    """Nothing else comes out of it."""
    with suppress(Invalid):
        assert sheets.read(content).heads


@given(st.binary(min_size=1, max_size=60), st.integers(0, 5_000))
@settings(max_examples=100, deadline=None)
def test_damaged_workbook_is_read_or_refused(noise: bytes, at: int) -> None:
    """Bytes written over a good one, anywhere."""
    good = GOOD
    place = at % len(good)
    with suppress(Invalid):
        sheets.read(good[:place] + noise + good[place + len(noise) :])


GOOD = book([["Name", "Mail"], ["Siti", "s@x.example"]])
cell = st.text(alphabet=st.characters(exclude_categories=["Cs", "Cc"]), max_size=30)
rows_of_text = st.lists(st.lists(cell, min_size=3, max_size=3), max_size=8)


@given(rows_of_text, st.sampled_from(["csv", "xlsx"]))
@settings(max_examples=150, deadline=None)
def test_what_is_exported_can_be_read_again(rows: list[list[str]], form: str) -> None:
    """Each cell comes back as it was, without outer spaces; empty lines fall out."""
    content = exported(["a", "b", "c"], rows, form)
    read = [list(row.cells.values()) for row in sheets.read(content).rows]
    assert read == [[one.strip() for one in row] for row in rows if any(one.strip() for one in row)]


@given(st.text(max_size=30))
def test_marked_cell_is_the_same_without_its_mark(text: str) -> None:
    """One is the exact opposite of the other."""
    assert sheets.restored(sheets.neutralised(text)) == text
    assert not sheets.neutralised(text).startswith(sheets.FORMULA_SIGNS)


def exported(heads: list[str], rows: object, form: str) -> bytes:
    """Return the bytes of an export."""
    answer = sheets.answer(heads, rows, name="people", form=form)  # type: ignore[arg-type]
    return b"".join(answer.iter_encoded())


HOSTILE = [
    "=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "=cmd|'/c calc'!A0", "'=1", "''=1",
]  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE)
def test_no_cell_of_an_export_is_a_formula(text: str) -> None:
    """In CSV it begins with an apostrophe, in XLSX it is text besides."""
    csv = exported([text], [[text]], "csv").decode("utf-8-sig")
    assert csv.replace('"', "").startswith("'")
    sheet = load_workbook(io.BytesIO(exported([text], [[text]], "xlsx"))).active
    assert sheet is not None
    for row in sheet.iter_rows():
        assert [one.data_type for one in row] == ["s"]
        assert str(row[0].value).startswith("'")


def test_numbers_and_days_stay_what_they_are() -> None:
    """A negative number is no formula."""
    rows = [[-5, 2.5, None, "x"]]
    assert exported(["a", "b", "c", "d"], rows, "csv").decode("utf-8-sig").splitlines()[1] == (
        "-5,2.5,,x"
    )
    sheet = load_workbook(io.BytesIO(exported(["a", "b", "c", "d"], rows, "xlsx"))).active
    assert sheet is not None
    assert [one.value for one in sheet[2]] == [-5, 2.5, None, "x"]


def test_excel_knows_the_csv_as_utf_8() -> None:
    """By the mark at its beginning."""
    assert exported(["Nama"], [["Sítí"]], "csv") == b"\xef\xbb\xbfNama\r\nS\xc3\xadt\xc3\xad\r\n"


def test_signs_that_xml_cannot_hold_fall_out() -> None:
    """A workbook with them would not open."""
    assert sheets.read(exported(["a"], [["x\x01\x0by"]], "xlsx")).rows[0].cells == {"a": "xy"}


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_export_of_twenty_thousand_rows_stays_small_in_memory(form: str) -> None:
    """Rows are taken one by one and written as they come."""
    rows: Iterator[list[sheets.Cell]] = (
        [f"Official {n}", f"official{n}@x.example", n] for n in range(20_000)
    )
    answer = sheets.answer(["Name", "Mail", "Number"], rows, name="people", form=form)
    tracemalloc.start()
    try:
        size = sum(len(part) for part in answer.iter_encoded())
        assert tracemalloc.get_traced_memory()[1] < 8_000_000
    finally:
        tracemalloc.stop()
    assert size > 100_000


@pytest.mark.parametrize("name", ["people", "Pejabat Kota – 市", 'a"b\r\nSet-Cookie: x=y'])
def test_export_is_a_download_with_its_name(name: str) -> None:
    """Whatever the name holds."""
    answer = sheets.answer(["a"], [], name=name, form="csv")
    assert answer.headers["Content-Disposition"].startswith("attachment; filename")
    assert "Set-Cookie" not in answer.headers
    assert answer.mimetype == "text/csv"
