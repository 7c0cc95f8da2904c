"""Documents and pictures that people send: told by their content, bounded, and given back safely.

PDF and Word files are kept as they came; pictures are written anew (kit/pictures.py). A name is
only a label: it decides nothing, is cleaned, and gets the ending of what the file really is.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

import puremagic
from flask import Response
from werkzeug.datastructures import FileStorage

from citynet.kit import files, pictures, word_files
from citynet.kit.errors import Invalid
from citynet.kit.i18n import _
from citynet.kit.word_files import Fault

MOST_BYTES = 5_000_000
# What a form around a document of that size may hold.
MOST_REQUEST_BYTES = 6_000_000
LONGEST_NAME = 100
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
ENDINGS = {
    "application/pdf": ".pdf",
    DOCX: ".docx",
    "application/msword": ".doc",
    "image/jpeg": ".jpg",
    "image/png": ".png",
    "image/webp": ".webp",
}
SANDBOX = "sandbox; default-src 'none'"
# Names of streams in the old Word format, as they stand in its directory.
WORD_STREAM = "WordDocument".encode("utf-16-le")
MACRO_STREAMS = tuple(name.encode("utf-16-le") for name in ("_VBA_PROJECT", "Macros"))


@dataclass(frozen=True)
class Upload:
    """A file as it may be kept."""

    content: bytes
    name: str
    media_type: str


def read_document(storage: FileStorage) -> Upload:
    """Return what was sent: a PDF, a Word document or a picture of up to 5 MB.

    Raises:
        Invalid: by the field `file`.
    """
    content = _content(storage)
    media_type = _media_type(content)
    if media_type.startswith("image/"):
        content, media_type = pictures.rewritten(content)
    return Upload(content, clean_name(storage.filename or "", media_type), media_type)


def read_picture(storage: FileStorage, *, to: str, box: tuple[int, int]) -> Upload:
    """Return the picture that was sent, written anew in a format, no larger than the box.

    Raises:
        Invalid: by the field `file`.
    """
    content, media_type = pictures.rewritten(_content(storage), to=to, box=box)
    return Upload(content, clean_name(storage.filename or "", media_type), media_type)


def answer(name_in_store: str, download_name: str, media_type: str) -> Response:
    """Answer with a stored file as a download that can do nothing in a browser.

    Raises:
        NotFound: no such file is stored.
    """
    content = files.get(name_in_store)
    known = media_type if media_type in ENDINGS else "application/octet-stream"
    response = Response(content, mimetype=known)
    response.headers.set(
        "Content-Disposition", "attachment", filename=clean_name(download_name, media_type)
    )
    response.headers["Content-Security-Policy"] = SANDBOX
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = "private, no-store"
    return response


def clean_name(name: str, media_type: str, endings: Mapping[str, str] = ENDINGS) -> str:
    """Return a file's name without folders and signs that mislead, with its true ending."""
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", name))[-1]
    # Control and format characters: line ends, NUL, and those that turn the reading direction.
    plain = "".join(one for one in last if unicodedata.category(one)[0] not in "CZ" or one == " ")
    plain = re.sub(r"[<>:\"|?*;%]+", " ", plain)
    stem, dot, ending = plain.rpartition(".")
    stem = stem if dot and len(ending) <= 5 else plain
    stem = " ".join(stem.split()).strip(". ")[:LONGEST_NAME]
    return (stem or "document") + endings.get(media_type, ".bin")


def _content(storage: FileStorage) -> bytes:
    content = storage.stream.read(MOST_BYTES + 1)
    if not content:
        raise Invalid({"file": _("Choose a file that is not empty.")})
    if len(content) > MOST_BYTES:
        raise Invalid({"file": _("This file is larger than 5 MB. Send a smaller one.")})
    return content


def _media_type(content: bytes) -> str:
    """Return what the content is: by its signature first, then by a look inside."""
    try:
        guesses = {guess.mime_type for guess in puremagic.magic_string(content[:4096])}
    except (puremagic.PureError, ValueError):
        guesses = set()
    for media_type, looks_so in (
        ("application/pdf", content.startswith(b"%PDF-")),
        ("image/jpeg", content.startswith(b"\xff\xd8\xff")),
        ("image/png", content.startswith(b"\x89PNG\r\n\x1a\n")),
        ("image/webp", content[:4] == b"RIFF" and content[8:12] == b"WEBP"),
    ):
        if looks_so and media_type in guesses:
            return media_type
    if content.startswith(word_files.OLE) and "application/msword" in guesses:
        _check_old_word(content)
        return "application/msword"
    if content.startswith(word_files.ZIP) and DOCX in guesses:
        _check_word(content)
        return DOCX
    raise Invalid({"file": _("Send a PDF, a Word document, or a picture as JPEG, PNG or WebP.")})


def _check_old_word(content: bytes) -> None:
    if any(name in content for name in MACRO_STREAMS):
        raise has_macros()
    if WORD_STREAM not in content:
        raise Invalid(
            {"file": _("This is no Word document, or it has a password. Send it as a PDF.")}
        )


def _check_word(content: bytes) -> None:
    """Refuse what is damaged, too large, or does something when it is opened."""
    match word_files.fault(content):
        case Fault.NO_WORD:
            sentence = _("This is no Word document. Send a PDF, Word or picture file.")
        case Fault.DAMAGED:
            sentence = _("This Word document is damaged. Save it anew, or send it as a PDF.")
        case Fault.UNUSUAL:
            sentence = _("This document unpacks to more than 50 MB. Send it as a PDF.")
        case Fault.MACROS:
            raise has_macros()
        case Fault.FETCHES:
            sentence = _("This document fetches parts from elsewhere. Send it as a PDF.")
        case _:
            return
    raise Invalid({"file": sentence})


def has_macros() -> Invalid:
    """Return the error of a document with macros."""
    return Invalid({"file": _("This document has macros. Save it without them, or send a PDF.")})
