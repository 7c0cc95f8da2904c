"""What reads a Word document, in a process of its own with little memory and little time.

Begun by kit/word.py alone: a line of JSON and the document come in, JSON goes out. It opens no
file and no connection. A document that describes types of its own in XML (which can grow without
end) ends it; one that is damaged ends it with an error, and that is an answer too.
"""

from __future__ import annotations

import base64
import hashlib
import io
import json
import re
import resource
import sys
import zipfile
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, field
from xml.parsers import expat

import mammoth  # type: ignore[import-untyped]
from lxml.html import Element, HtmlElement  # type: ignore[import-untyped]
from mammoth.documents import Image  # type: ignore[import-untyped]
from mammoth.html import Element as Node  # type: ignore[import-untyped]
from mammoth.html import element

from citynet.kit import html, sections
from citynet.kit.errors import Invalid
from citynet.kit.sections import PICTURE, Part

# Its first line: what ends without it did not end by the document.
READY = "ready\n"
MEMORY_BYTES, CPU_SECONDS = 768_000_000, 30
# Some 300 pages.
MOST_LETTERS, MOST_MARKUP = 1_000_000, 6_000_000
# A page has some 500 elements; what a reader makes of one takes more than a kilobyte.
MOST_ELEMENTS, DEEPEST = 500_000, 250
MOST_PICTURES, LARGEST_PICTURE = 30, 15_000_000
STYLES = f"""
p[style-name='Title'] => p.{sections.TITLE_CLASS}:fresh
p[style-name='Subtitle'] => p:fresh
p[style-name='Quote'] => blockquote > p:fresh
p[style-name='Intense Quote'] => blockquote > p:fresh
"""
SIGNATURES = {"jpg": b"\xff\xd8\xff", "png": b"\x89PNG\r\n\x1a\n", "webp": b"RIFF"}


class Refused(Exception):
    """Read no further; the text is the fault."""


@dataclass
class Pictures:
    """The pictures met on the way, each content once, and how many were left out and why."""

    found: list[dict[str, str]] = field(default_factory=list)
    numbers: dict[str, int] = field(default_factory=dict)
    left: Counter[str] = field(default_factory=Counter)

    def take(self, image: Image) -> list[Node]:
        """Return what stands in the text for a picture: its number, or nothing."""
        try:
            with image.open() as opened:
                content = opened.read(LARGEST_PICTURE + 1)
        except (ValueError, LookupError, OSError):
            # It lies outside the document.
            return self._leave("linked")
        if ending := _ending(content):
            return self._keep(content, ending, image.alt_text or "")
        kind = (image.content_type or "").rpartition("/")[2].removeprefix("x-").upper()
        return self._leave(kind[:10] if kind.isalnum() else "UNKNOWN")

    def _keep(self, content: bytes, ending: str, alt: str) -> list[Node]:
        if len(content) > LARGEST_PICTURE:
            return self._leave("large")
        digest = hashlib.sha256(content).hexdigest()
        if digest not in self.numbers:
            if len(self.found) == MOST_PICTURES:
                return self._leave("many")
            self.numbers[digest] = len(self.found)
            data = base64.b64encode(content).decode()
            name = f"picture-{len(self.found) + 1}.{ending}"
            self.found.append({"name": name, "alt": html.line(alt)[:500], "data": data})
        return [element("img", {"src": f"{PICTURE}{self.numbers[digest]}"})]

    def _leave(self, why: str) -> list[Node]:
        self.left[why] += 1
        return []


def main() -> int:
    """Read a document from the standard input and write what it says to the standard output."""
    for what, most in (
        (resource.RLIMIT_AS, MEMORY_BYTES), (resource.RLIMIT_CPU, CPU_SECONDS),
        (resource.RLIMIT_FSIZE, 0), (resource.RLIMIT_CORE, 0),
    ):  # fmt: skip
        resource.setrlimit(what, (most, most))
    sys.stdout.write(READY)
    sys.stdout.flush()
    known = json.loads(sys.stdin.buffer.readline())
    try:
        answer = read(sys.stdin.buffer.read(), known)
    except Refused as error:
        answer = {"fault": str(error)}
    except (MemoryError, RecursionError):
        answer = {"fault": "heavy"}
    sys.stdout.write(json.dumps(answer))
    return 0


def read(content: bytes, known: Collection[str]) -> dict[str, object]:
    """Return title, sections, pictures, and counts of what was left out."""
    check_xml(content)
    pictures = Pictures()
    made = mammoth.convert_to_html(
        io.BytesIO(content), style_map=STYLES, include_embedded_style_map=False,
        external_file_access=False, convert_image=pictures.take,
    ).value  # fmt: skip
    if len(made) > MOST_MARKUP or len(re.sub(r"<[^>]*>", "", made)) > MOST_LETTERS:
        raise Refused("long")
    title, parts = sections.split(tidied(made), known=known)
    return {
        "title": title,
        "parts": [cleaned(part) for part in parts],
        "pictures": pictures.found,
        "left": dict(pictures.left),
    }


def check_xml(content: bytes) -> None:
    """Refuse definitions of types, and nesting or numbers that no writer makes.

    By the parser that mammoth uses, so that no way of writing them is overlooked; what is no XML
    ends at its first sign.
    """
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        counted = Counted()
        for entry in archive.infolist():
            _check_part(archive.read(entry), counted)


@dataclass
class Counted:
    """Elements met so far, and how deep the parser stands."""

    elements: int = 0
    depth: int = 0

    def begin(self, _name: str, _attributes: dict[str, str]) -> None:
        """Count an element that begins."""
        self.elements += 1
        self.depth += 1
        if self.depth > DEEPEST or self.elements > MOST_ELEMENTS:
            raise Refused("heavy")

    def end(self, _name: str) -> None:
        """Come up again."""
        self.depth -= 1


def _check_part(content: bytes, counted: Counted) -> None:
    def refuse(*_what: object) -> None:
        raise Refused("types")

    counted.depth = 0
    parser = expat.ParserCreate()
    parser.StartElementHandler, parser.EndElementHandler = counted.begin, counted.end
    parser.StartDoctypeDeclHandler = parser.EntityDeclHandler = refuse
    try:
        parser.Parse(content, True)
    except (expat.ExpatError, LookupError, ValueError):
        return


def tidied(text: str) -> str:
    """Put each footnote behind the block that points to it, and a cell's only line into it."""
    root = sections.tree(text)
    notes = {one.get("id"): one for one in root.xpath("./ol[last()]/li[@id]")}
    for link in root.xpath(".//a[starts-with(@href, '#')]"):
        note = notes.pop(link.get("href")[1:], None)
        sign = link.text_content()
        block = next(
            (one for one in (link, *link.iterancestors()) if one.getparent() is root), None
        )
        link.drop_tag()
        if note is not None and block is not None:
            block.addnext(_note(sign, note))
            note.drop_tree()
    for empty in root.xpath("./ol[not(li)]"):
        empty.drop_tree()
    for line in root.xpath(".//*[self::td or self::th][count(*)=1][not(text())]/p"):
        # A cell's only paragraph says nothing that the cell does not.
        line.drop_tag()
    return sections.inner(root)


def _note(sign: str, note: HtmlElement) -> HtmlElement:
    line = Element("p")
    line.text = f"{sign} {html.line(note.text_content().removesuffix('↑'))}"
    return line


def cleaned(part: Part) -> dict[str, object]:
    """Return a section ready for JSON, its HTML cleaned."""
    text = re.sub(r"<(/?)h[56]\b", r"<\1h4", re.sub(r"<(/?)h1\b", r"<\1h2", part.html))
    try:
        body = str(html.clean(text))
    except Invalid:
        raise Refused("long") from None
    return {
        "heading": html.line(part.heading), "level": part.level, "html": body,
        "pictures": list(dict.fromkeys(part.pictures)),
    }  # fmt: skip


def _ending(content: bytes) -> str:
    """Return the ending of a picture that we keep, told by its first signs."""
    for ending, signature in SIGNATURES.items():
        is_one = content.startswith(signature)
        if is_one and (ending != "webp" or content[8:12] == b"WEBP"):
            return ending
    return ""


if __name__ == "__main__":
    sys.exit(main())
