"""Documents that go with a text, for readers to download: told by their content, kept as they are.

PDF, Word, Excel, PowerPoint, OpenDocument, CSV, plain text; no macros, nothing that a program
fetches from elsewhere when it opens them, nothing a browser would run. A name is only a label
(`uploads.clean_name`); it decides one thing, whether a plain text is called a table.
"""

from __future__ import annotations

import io
import re
import zipfile

from citynet.kit import uploads, word_files
from citynet.kit.errors import Invalid
from citynet.kit.i18n import _
from citynet.kit.uploads import DOCX, Upload
from citynet.kit.word_files import Fault

MOST_BYTES = 20_000_000
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PPTX = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
OPEN_DOCUMENT = "application/vnd.oasis.opendocument."
ENDINGS = {
    "application/pdf": ".pdf",
    "application/msword": ".doc",
    "application/vnd.ms-excel": ".xls",
    DOCX: ".docx",
    XLSX: ".xlsx",
    PPTX: ".pptx",
    f"{OPEN_DOCUMENT}text": ".odt",
    f"{OPEN_DOCUMENT}spreadsheet": ".ods",
    f"{OPEN_DOCUMENT}presentation": ".odp",
    "text/csv": ".csv",
    "text/plain": ".txt",
}
# Which part of a package tells what it is.
MAIN_PARTS = {"word/document.xml": DOCX, "xl/workbook.xml": XLSX, "ppt/presentation.xml": PPTX}
# Streams of the old formats, as they stand in their directory.
OLD_STREAMS = {
    "WordDocument".encode("utf-16-le"): "application/msword",
    "Workbook".encode("utf-16-le"): "application/vnd.ms-excel",
}
OLD_MACROS = (*uploads.MACRO_STREAMS, "_VBA_".encode("utf-16-le"))
# Where OpenDocument keeps what it runs.
SCRIPTS = ("basic/", "scripts/", "dialogs/")
# Markup or a program that came under the name of a text.
NO_PLAIN_TEXT = re.compile(
    r"\A\s*(?:<|#!|%!PS|\{\\rtf)|<\s*(?:!doctype|html|script|svg|iframe|body)\b", re.IGNORECASE
)
CONTROLS = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f]")


def read(content: bytes, name: str) -> Upload:
    """Return an attachment as it may be kept.

    Raises:
        Invalid: by the field `file`.
    """
    if len(content) > MOST_BYTES:
        raise Invalid({"file": _("This file is larger than 20 MB. Send a smaller one.")})
    media_type = _media_type(content, name)
    return Upload(content, uploads.clean_name(name, media_type, ENDINGS), media_type)


def _media_type(content: bytes, name: str) -> str:
    if content.startswith(b"%PDF-"):
        return "application/pdf"
    if content.startswith(word_files.ZIP):
        return _package(content)
    if content.startswith(word_files.OLE):
        return _old_document(content)
    if _is_text(content):
        return "text/csv" if name.lower().endswith(".csv") else "text/plain"
    raise _unknown()


def _old_document(content: bytes) -> str:
    if any(stream in content for stream in OLD_MACROS):
        raise uploads.has_macros()
    for stream, media_type in OLD_STREAMS.items():
        if stream in content:
            return media_type
    raise _unknown()


def _package(content: bytes) -> str:
    """Return what a package of parts is; its parts are unpacked within bounds and looked at."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = [entry.filename for entry in archive.infolist()]
            if len(names) > word_files.MOST_ENTRIES or len(set(names)) < len(names):
                raise _is_unusual()
            found = next((MAIN_PARTS[one] for one in names if one in MAIN_PARTS), "")
            if not found or word_files.TYPES not in names:
                found = _open_document(archive, names)
            _check_parts(archive)
            return found
    except word_files.BROKEN:
        raise Invalid(
            {"file": _("This document is damaged. Save it anew, or send it as a PDF.")}
        ) from None


def _check_parts(archive: zipfile.ZipFile) -> None:
    found, _types = word_files.look_through(archive)
    if found is Fault.MACROS:
        raise uploads.has_macros()
    if found is Fault.UNUSUAL:
        raise _is_unusual()
    if found is Fault.FETCHES:
        raise Invalid({"file": _("This document fetches parts from elsewhere. Send it as a PDF.")})


def _open_document(archive: zipfile.ZipFile, names: list[str]) -> str:
    if "mimetype" not in names or "content.xml" not in names:
        raise _unknown()
    with archive.open("mimetype") as part:
        media_type = part.read(100).decode("ascii", "replace").strip()
    if media_type not in ENDINGS or not media_type.startswith(OPEN_DOCUMENT):
        raise _unknown()
    if any(one.lower().startswith(SCRIPTS) for one in names):
        raise uploads.has_macros()
    return media_type


def _is_text(content: bytes) -> bool:
    """Tell whether it is a text that somebody wrote: no signs of a program, no markup."""
    is_utf16 = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    for coding in ("utf-16",) if is_utf16 else ("utf-8-sig", "cp1252"):
        try:
            text = content.decode(coding)
        except UnicodeDecodeError:
            continue
        return not CONTROLS.search(text) and not NO_PLAIN_TEXT.search(text)
    return False


def _is_unusual() -> Invalid:
    return Invalid({"file": _("This document unpacks to more than 50 MB. Send it as a PDF.")})


def _unknown() -> Invalid:
    return Invalid(
        {
            "file": _(
                "This kind of file is not taken. Send a picture as JPEG, PNG or WebP, or a "
                "document as PDF, Word, Excel, PowerPoint, OpenDocument, CSV or plain text."
            )
        }
    )
