"""What a file of Word may be: looked into part by part without unpacking more than it needs.

`fault` names the first thing that is wrong; the sentence for it is the caller's, for one keeps the
file and gives it on (kit/uploads.py), and another only reads it (kit/word.py).
"""

from __future__ import annotations

import enum
import io
import lzma
import re
import struct
import zipfile
import zlib

MOST_INFLATED_BYTES = 50_000_000
MOST_ENTRIES = 1_000
TYPES = "[Content_Types].xml"
# Main parts of documents and templates. Those with macros have other names.
MAIN = re.compile(rb"wordprocessingml\.(?:document|template)\.main\+xml")
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ZIP = b"PK\x03\x04"
# What zipfile raises on a damaged archive, or on one with a password.
BROKEN = (
    zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error, EOFError, NotImplementedError,
    RuntimeError, OSError, ValueError,
)  # fmt: skip
# A template that Word fetches when it opens the document, or an object it runs.
FETCHES = re.compile(
    rb"<[^>]*(?:attachedTemplate|oleObject|/frame|subDocument)[^>]*TargetMode\s*=\s*[\"']External|"
    rb"<[^>]*TargetMode\s*=\s*[\"']External[^>]*(?:attachedTemplate|oleObject|/frame|subDocument)"
)


class Fault(enum.StrEnum):
    """What may be wrong with a Word document."""

    NO_WORD = "no_word"
    DAMAGED = "damaged"
    UNUSUAL = "unusual"
    MACROS = "macros"
    # Found last: everything else is right.
    FETCHES = "fetches"


def fault(content: bytes) -> Fault | None:
    """Return what is wrong with a .docx; None: it is one, and its parts are within bounds."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = [entry.filename for entry in archive.infolist()]
            if len(names) > MOST_ENTRIES or len(set(names)) < len(names):
                return Fault.UNUSUAL
            if TYPES not in names:
                return Fault.NO_WORD
            return _fault_of_parts(archive, has_main="word/document.xml" in names)
    except BROKEN:
        return Fault.DAMAGED


def _fault_of_parts(archive: zipfile.ZipFile, *, has_main: bool) -> Fault | None:
    found, types = look_through(archive)
    if found not in (None, Fault.FETCHES):
        return found
    return found if has_main or MAIN.search(types) else Fault.NO_WORD


def look_through(archive: zipfile.ZipFile) -> tuple[Fault | None, bytes]:
    """Unpack every part within bounds; return what is wrong with one, and the list of types."""
    left = MOST_INFLATED_BYTES
    fetches, types = False, b""
    for entry in archive.infolist():
        if "vbaproject" in entry.filename.lower():
            return Fault.MACROS, types
        with archive.open(entry) as part:
            inflated = part.read(left + 1)
        left -= len(inflated)
        if left < 0:
            return Fault.UNUSUAL, types
        if entry.filename == TYPES:
            if b"macroEnabled" in inflated:
                return Fault.MACROS, types
            types = inflated
        if entry.filename.endswith(".rels") and FETCHES.search(inflated):
            fetches = True
    return Fault.FETCHES if fetches else None, types
