"""The elements of a Word document that `printing_docx` puts together."""

from __future__ import annotations

import re
from urllib.parse import quote, urlsplit

from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement

from citynet.practices.rich_reading import Run

# The kinds of list we add, by numbers that python-docx's template does not use.
BULLETS, NUMBERS = 900, 901
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def run_in(parent: BaseOxmlElement, run: Run, *, is_link: bool) -> None:
    """Write words of one look; a line break in them is one in the document."""
    made = child(parent, "w:r")
    looks = child(made, "w:rPr")
    for mark, tag in (("b", "w:b"), ("i", "w:i"), ("strike", "w:strike")):
        if mark in run.marks:
            child(looks, tag)
    if is_link:
        child(looks, "w:color", val="0C5B67")
    if is_link or "u" in run.marks:
        child(looks, "w:u", val="single")
    for mark, place in (("sub", "subscript"), ("sup", "superscript")):
        if mark in run.marks:
            child(looks, "w:vertAlign", val=place)
            break
    for number, text in enumerate(xml_text(run.text).split("\n")):
        if number:
            child(made, "w:br")
        words = child(made, "w:t")
        words.text = text
        words.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")


def xml_text(text: str) -> str:
    """Drop what XML has no place for."""
    return _NOT_XML.sub("", text)


def as_target(address: str) -> str:
    """Return an address that Word opens; empty where it is none."""
    try:
        is_whole = bool(urlsplit(address).hostname) or address.startswith("mailto:")
    except ValueError:
        return ""
    safe = quote(xml_text(address), safe="%/:=&?~#+!$,;'@()*")
    return re.sub(r"%(?![0-9A-Fa-f]{2})", "%25", safe) if is_whole else ""


def child(parent: BaseOxmlElement, tag: str, **values: object) -> BaseOxmlElement:
    """Add an element with these attributes, and return it."""
    made = OxmlElement(tag)
    for name, value in values.items():
        made.set(qn(f"w:{name}"), str(value))
    parent.append(made)
    return made


def list_kind(number: int) -> BaseOxmlElement:
    """Return a kind of list with nine levels."""
    made = OxmlElement("w:abstractNum")
    made.set(qn("w:abstractNumId"), str(number))
    for level in range(9):
        one = child(made, "w:lvl", ilvl=level)
        child(one, "w:start", val=1)
        child(one, "w:numFmt", val="bullet" if number == BULLETS else "decimal")
        child(one, "w:lvlText", val="•" if number == BULLETS else f"%{level + 1}.")
        child(one, "w:lvlJc", val="left")
        child(child(one, "w:pPr"), "w:ind", left=360 * (level + 1), hanging=360)
    return made
