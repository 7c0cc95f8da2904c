"""Documents of Word, read into sections of clean HTML: nothing in one can do harm or take long.

The parent bounds the file (told by its content, never by its name) before anything reads it; the
reading itself happens in a process of its own (kit/word_child.py) with limits on memory and time
and without the secrets of this one. Pictures come out as they lay in the file: whoever keeps them
writes them anew. The same sections are made of a text that somebody pasted.
"""

from __future__ import annotations

import base64
import json
import subprocess
import sys
import threading
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from citynet.kit import html, markdown, sections, word_files
from citynet.kit.errors import Invalid
from citynet.kit.i18n import _, ngettext
from citynet.kit.sections import Part
from citynet.kit.word_files import Fault
from config import ROOT

MOST_BYTES = 30_000_000
# What a form around a document of that size may hold.
MOST_REQUEST_BYTES = 31_000_000
LONGEST_PASTE = 300_000
WAIT_SECONDS = 45
# Each may take the memory that its limits allow.
AT_ONCE = 2
ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
# The child's first line: one that ended without it did not end by the document.
READY = b"ready"
_turns = threading.BoundedSemaphore(AT_ONCE)


@dataclass(frozen=True)
class Section:
    """A heading, how deep it stands (0: there is none), its clean HTML, its pictures by number."""

    heading: str
    level: int
    html: str
    pictures: tuple[int, ...] = ()


@dataclass(frozen=True)
class Picture:
    """A picture as it lay in the document."""

    content: bytes
    name: str
    alt: str = ""


@dataclass(frozen=True)
class WordText:
    """What a document says; `notes` are sentences on what was left out."""

    title: str
    blocks: list[Section]
    pictures: list[Picture] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def read(content: bytes, *, known: Collection[str] = ()) -> WordText:
    """Return the text of a .docx; `known` are headings that part a text without any of its own.

    Raises:
        Invalid: by the field `file`: too large, no Word document, or one that cannot be read.
    """
    fault = _fault(content)
    if fault is not None:
        raise Invalid({"file": _sentence(fault)})
    answer = _converted(content, known)
    if why := answer.get("fault"):
        raise Invalid({"file": _sentence(str(why))})
    return _text_of(answer)


def read_paste(text: str, *, known: Collection[str] = ()) -> WordText:
    """Return the sections of a text that was pasted, plain, as Markdown or as HTML.

    Raises:
        Invalid: by the field `text`.
    """
    if not html.drop_invisible(text).strip():
        raise Invalid({"text": _("Paste a text first.")})
    if len(text) > LONGEST_PASTE:
        raise Invalid({"text": _("This text has more than 300,000 characters. Paste it in parts.")})
    try:
        made = _of_paste(text)
        title, parts = sections.split(made, known=known)
        blocks = [_section(part) for part in parts]
    except Invalid as error:
        raise Invalid({"text": next(iter(error.fields.values()))}) from None
    return WordText(title, blocks)


def _fault(content: bytes) -> str | None:
    """Return what keeps a file from being read at all."""
    if not content:
        return "empty"
    if len(content) > MOST_BYTES:
        return "large"
    if content.startswith(word_files.OLE):
        return "password" if ENCRYPTED in content else "old"
    if not content.startswith(word_files.ZIP):
        return Fault.NO_WORD
    fault = word_files.fault(content)
    # It is read and never opened in Word: what it would fetch there stays where it is.
    return None if fault is Fault.FETCHES else fault


def _converted(content: bytes, known: Collection[str]) -> Mapping[str, object]:
    """Return the child's answer; one that ended without any is an answer as well."""
    if not _turns.acquire(timeout=WAIT_SECONDS):
        return {"fault": "busy"}
    try:
        done = subprocess.run(
            [sys.executable, "-m", "citynet.kit.word_child"],
            input=json.dumps(sorted(known)).encode() + b"\n" + content,
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, cwd=ROOT, timeout=WAIT_SECONDS,
            env={"LC_ALL": "C.UTF-8"}, check=False,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        return {"fault": "heavy"}
    finally:
        _turns.release()
    ready, _end, told = done.stdout.partition(b"\n")
    if ready != READY:
        raise RuntimeError(f"the reader of Word documents did not begin: {done.returncode}")
    if done.returncode:
        # A signal ends it at its limits, an error on a document that is not in order.
        return {"fault": "heavy" if done.returncode < 0 else Fault.DAMAGED}
    answer: Mapping[str, object] = json.loads(told)
    return answer


def _text_of(answer: Mapping[str, object]) -> WordText:
    parts, pictures, left = answer["parts"], answer["pictures"], answer["left"]
    assert isinstance(parts, list)  # noqa: S101 - our own child wrote it
    assert isinstance(pictures, list)  # noqa: S101
    assert isinstance(left, dict)  # noqa: S101
    blocks = [
        Section(part["heading"], part["level"], part["html"], tuple(part["pictures"]))
        for part in parts
    ]
    kept = [Picture(base64.b64decode(one["data"]), one["name"], one["alt"]) for one in pictures]
    notes = [_left_out(why, count) for why, count in sorted(left.items())]
    return WordText(html.line(str(answer["title"])), blocks, kept, notes)


def _left_out(why: str, count: int) -> str:
    """Return the sentence on pictures that were left out for one reason."""
    if why == "linked":
        return ngettext(
            "%(num)s picture lies outside the document and was not fetched.",
            "%(num)s pictures lie outside the document and were not fetched.", count,
        )  # fmt: skip
    if why in ("large", "many"):
        return ngettext(
            "%(num)s picture was left out: a document brings 30 pictures of up to 15 MB.",
            "%(num)s pictures were left out: a document brings 30 pictures of up to 15 MB.", count,
        )  # fmt: skip
    return ngettext(
        "%(num)s picture in the format %(kind)s was left out. Save it as PNG, and add it "
        "to the practice.",
        "%(num)s pictures in the format %(kind)s were left out. Save them as PNG, and add them "
        "to the practice.", count, kind=why,
    )  # fmt: skip


def _of_paste(text: str) -> str:
    is_markup = html.plain(html.from_text(text)) != html.plain(str(html.paragraphs(text)))
    return html.from_text(text) if is_markup else markdown.to_html(text)


def _section(part: Part) -> Section:
    return Section(html.line(part.heading), part.level, str(html.clean(part.html)))


def _sentence(fault: str) -> str:
    """Return what to do about a file that cannot be read."""
    return {
        "empty": _("Choose a file that is not empty."),
        "large": _(
            "This file is larger than 30 MB. Make its pictures smaller in Word, or paste its text."
        ),
        "old": _(
            "This is a document of an old Word, or no Word document. Open it in Word, save it "
            "as .docx, and send that."
        ),
        "password": _(
            "This document has a password. Take it off, save it as .docx, and send that."
        ),
        "types": _(
            "This document defines types of its own, which Word never does. Save it anew in Word, "
            "or paste its text."
        ),
        "long": _("This document is longer than some 300 pages. Send it in parts."),
        "heavy": _("This document takes too long to read. Send it in parts, or paste its text."),
        "busy": _("Others are sending documents just now. Wait a moment, and send yours again."),
        Fault.NO_WORD: _("This is no Word document. Save it as .docx in Word, and send that."),
        Fault.DAMAGED: _(
            "This document is damaged. Open it in Word, save it anew as .docx, or paste its text."
        ),
        Fault.UNUSUAL: _(
            "This document unpacks to more than 50 MB. Make its pictures smaller in Word, or "
            "paste its text."
        ),
        Fault.MACROS: _("This document has macros. Save it as .docx, without them, and send that."),
    }[fault]
