"""Workbooks of a few kilobytes that would take a web process minutes, and gigabytes."""

from __future__ import annotations

import io
import zipfile

import pytest
from flask import Flask
from openpyxl import Workbook

from citynet.kit import sheets
from citynet.kit.errors import Invalid

SHEET = (
    b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
    b"<sheetData>%b</sheetData></worksheet>"
)
STYLES, FIRST = "xl/styles.xml", "xl/worksheets/sheet1.xml"


def workbook(**parts: bytes) -> bytes:
    """Return a workbook with parts replaced: `sheet`, or what the styles end with."""
    plain, out = io.BytesIO(), io.BytesIO()
    book = Workbook(write_only=True)
    book.create_sheet().append(["email", "name"])
    book.save(plain)
    with zipfile.ZipFile(plain) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            content = old.read(name)
            if name == FIRST and "sheet" in parts:
                content = parts["sheet"]
            if name == STYLES and "styles" in parts:
                content = content.replace(b"</cellXfs>", parts["styles"] + b"</cellXfs>")
            new.writestr(name, content)
    return out.getvalue()


@pytest.mark.parametrize(
    "parts",
    [
        {"sheet": SHEET % (b"<row>" + b"<c/>" * 600_000 + b"</row>")},
        {"sheet": (SHEET % (b"<row>" + b"<c/>" * 900 + b"</row>")).decode().encode("utf-16")},
        {"sheet": b'<?xml version="1.0" encoding="cp037"?>' + SHEET % b""},
        {"styles": b"<xf/>" * 300_000},
    ],
    ids=["one endless row", "UTF-16", "EBCDIC", "styles"],
)
def test_small_workbook_of_very_much_is_refused(app: Flask, parts: dict[str, bytes]) -> None:
    """Before it is read, by counting."""
    with app.test_request_context(), pytest.raises(Invalid):
        sheets.read(workbook(**parts))


def test_large_workbook_of_people_is_read(app: Flask) -> None:
    """Of thousands of lines."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    sheet.append(["email", "name", "city", "country", "role", "language"])
    for number in range(2_000):
        sheet.append([f"p{number}@city.example", f"Person {number}", "35.15", "ID", "", "id"])
    out = io.BytesIO()
    book.save(out)
    with app.test_request_context():
        assert len(sheets.read(out.getvalue()).rows) == 2_000
