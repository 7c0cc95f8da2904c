"""The sections of a text: parted at its headings, or at what people use for headings.

Many documents have none of Word's heading styles: a short bold line, `1. Latar belakang` or
`A. …` stands for one, and award forms are tables with a question beside its answer. No word is
lost here: what stands before the first heading is a section without one.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from html import escape

from lxml import etree, html  # type: ignore[import-untyped]
from lxml.html import HtmlElement  # type: ignore[import-untyped]

MOST_SECTIONS = 150
LONGEST_HEADING = 200
# What is longer than this is a sentence, however bold.
LONGEST_BOLD, LONGEST_NUMBERED = 150, 100
# Forms whose left column asks and whose right column answers.
LEAST_ANSWERS = 2
# With fewer, lines that look like headings count as well.
LEAST_HEADINGS = 2
HEADING = re.compile(r"h[1-6]$")
NUMBER = re.compile(
    r"^\s*(?:bab\s+(?:[IVXLC]{1,6}|\d{1,2})\b[.:)]?\s*|(?P<deep>\d{1,2}(?:\.\d{1,2}){1,4})[.)]?\s+"
    r"|\(?(?:\d{1,2}|[A-Z]|[IVX]{1,5})[.)]\s*)(?=\S)",
    re.IGNORECASE,
)
PICTURE = "picture:"
TITLE_CLASS = "title"


@dataclass(frozen=True)
class Part:
    """A stretch of a document: its heading, how deep it stands, and the numbers of its pictures."""

    heading: str
    level: int
    html: str
    pictures: tuple[int, ...] = ()


def split(text: str, *, known: Collection[str] = ()) -> tuple[str, list[Part]]:
    """Return a document's title, empty where it shows none, and its sections in order.

    `known` holds headings as `normalised` writes them: a line that is one parts a text which has
    no headings of its own. The HTML that comes back is to be cleaned.
    """
    root = tree(text)
    for table in root.xpath("./table"):
        _unfold(table, known)
    blocks = [one for one in root if isinstance(one.tag, str)]
    title, blocks = _without_title(blocks)
    levels = [_own_level(one) for one in blocks]
    if sum(level > 0 for level in levels) < LEAST_HEADINGS:
        levels = _seeming_levels(blocks, levels, known)
    parts = _parts(root.text or "", blocks, levels)
    if not title:
        title, parts = _title_of(parts)
    return title, _fewer(_without_bare_lines(parts, known))


def cells_of(table: HtmlElement) -> list[list[str]] | None:
    """Return the texts of a table's cells; None where cells are joined or hold a table."""
    if table.xpath(".//table|.//*[@colspan>1 or @rowspan>1]"):
        return None
    return [[_words(cell) for cell in row.xpath("./td|./th")] for row in table.iter("tr")]


def normalised(heading: str) -> str:
    """Return a heading as it is compared: without number, signs and capitals."""
    words = NUMBER.sub("", heading, count=1)
    return " ".join(re.sub(r"[^\w\s]|_", " ", words).casefold().split())


def tree(text: str) -> HtmlElement:
    """Return HTML as a tree below a `div`."""
    # Deep nesting would end in a text cut short without this; the caller bounds the memory.
    parser = html.HTMLParser(huge_tree=True, remove_comments=True, remove_pis=True)
    return html.fragment_fromstring(text or "<p></p>", create_parent="div", parser=parser)


def inner(root: HtmlElement) -> str:
    """Return the HTML below a tree's `div`."""
    parts = [etree.tostring(one, encoding="unicode", method="html") for one in root]
    return escape(root.text or "") + "".join(parts)


def _words(element: HtmlElement) -> str:
    return " ".join(element.text_content().split())


def _own_level(element: HtmlElement) -> int:
    is_heading = HEADING.match(element.tag) and _words(element)
    return int(element.tag[1]) if is_heading else 0


def _seeming_levels(
    blocks: Sequence[HtmlElement], levels: Sequence[int], known: Collection[str]
) -> list[int]:
    """Return the levels with those of lines that people use for headings."""
    numbers = [NUMBER.match(_words(one)) if one.tag == "p" else None for one in blocks]
    found = []
    for place, (own, one) in enumerate(zip(levels, blocks, strict=True)):
        number = numbers[place]
        after = numbers[place + 1] if place + 1 < len(blocks) else None
        # One line with a number after another is a list that somebody numbered by hand.
        is_listed = number and after and _depth(number) == _depth(after)
        is_numbered = bool(number) and not is_listed and place + 1 < len(blocks)
        seems = _seems(one, known, is_numbered=is_numbered)
        found.append(own or (_depth(number) if seems else 0))
    return found


def _depth(number: re.Match[str] | None) -> int:
    return 1 + (number["deep"] or "").count(".") if number else 1


def _seems(element: HtmlElement, known: Collection[str], *, is_numbered: bool) -> bool:
    """Tell whether a line is used for a heading."""
    line = _line_of(element)
    words = _words(line) if line is not None else ""
    if line is None or not words or len(words) > LONGEST_BOLD or words.endswith((",", ";")):
        return False
    is_short = len(words) <= LONGEST_NUMBERED and not words.endswith((".", "!"))
    is_capital = is_short and words.isupper() and len(words) > len("AREA")
    is_numbered = is_short and is_numbered and not words.endswith(":")
    return normalised(words) in known or _is_bold(line) or is_capital or is_numbered


def _line_of(element: HtmlElement) -> HtmlElement | None:
    """Return the one line of a paragraph or of a list with one item, which Word makes of `1. …`."""
    if element.tag in ("ol", "ul"):
        items = list(element)
        return items[0] if len(items) == 1 and not items[0].xpath(".//ol|.//ul") else None
    is_line = element.tag == "p" and not element.xpath(".//br[following-sibling::node()]")
    return element if is_line else None


def _is_bold(line: HtmlElement) -> bool:
    """Tell whether every word of a line stands in bold."""
    bold = "".join("".join(one.itertext()) for one in line.xpath(".//strong|.//b"))
    return bool(bold.strip()) and "".join(bold.split()) == "".join(line.text_content().split())


def _unfold(table: HtmlElement, known: Collection[str]) -> None:
    """Put headings and texts in the place of a table of questions and answers."""
    rows = [row.xpath("./td|./th") for row in table.iter("tr")]
    asked = [_asked(cells) for cells in rows]
    hits = sum(normalised(_words(one[0])) in known for one in asked if one)
    if hits < LEAST_ANSWERS or hits * 2 < len(rows) or table.xpath(".//table"):
        return
    made = html.Element("div")
    for cells, pair in zip(rows, asked, strict=True):
        if pair:
            heading = etree.SubElement(made, "h2")
            heading.text = _words(pair[0])
        for cell in (pair[1],) if pair else cells:
            _move(cell, made)
    parent, place = table.getparent(), table.getparent().index(table)
    if table.tail and table.tail.strip():
        etree.SubElement(made, "p").text = table.tail
    parent.remove(table)
    for offset, one in enumerate(list(made)):
        parent.insert(place + offset, one)


def _asked(cells: Sequence[HtmlElement]) -> tuple[HtmlElement, HtmlElement] | None:
    """Return the cells of question and answer, where a row has these and at most a number more."""
    rest = list(cells)
    if len(rest) == len(("number", "question", "answer")) and len(_words(rest[0])) <= len("XVIII."):
        rest = rest[1:]
    is_pair = len(rest) == len(("question", "answer")) and _words(rest[0])
    return (rest[0], rest[1]) if is_pair else None


def _move(cell: HtmlElement, to: HtmlElement) -> None:
    if cell.text and cell.text.strip():
        etree.SubElement(to, "p").text = cell.text
    for one in list(cell):
        to.append(one)


def _without_title(blocks: Sequence[HtmlElement]) -> tuple[str, list[HtmlElement]]:
    """Return the first line in Word's style for titles, and the other blocks."""
    for one in blocks:
        if one.get("class") == TITLE_CLASS and _words(one):
            return _words(one), [other for other in blocks if other is not one]
    return "", list(blocks)


def _parts(lead: str, blocks: Sequence[HtmlElement], levels: Sequence[int]) -> list[Part]:
    found = [Part("", 0, f"<p>{escape(lead)}</p>" if lead.strip() else "")]
    for one, level in zip(blocks, levels, strict=True):
        pictures = tuple(_pictures(one))
        if level and len(_words(one)) <= LONGEST_HEADING:
            tail = f"<p>{escape(one.tail)}</p>" if (one.tail or "").strip() else ""
            found.append(Part(_words(one), level, tail, pictures))
            continue
        text = etree.tostring(one, encoding="unicode", method="html")
        last = found[-1]
        found[-1] = replace(last, html=last.html + text, pictures=last.pictures + pictures)
    first = found[0]
    return found if has_text(first) or first.pictures else found[1:]


def has_text(part: Part) -> bool:
    """Tell whether a section says anything below its heading."""
    return bool(re.sub(r"<[^>]*>|&nbsp;|\s", "", part.html))


def _pictures(element: HtmlElement) -> Iterator[int]:
    for one in element.iter("img"):
        source = one.get("src") or ""
        if source.startswith(PICTURE) and source.removeprefix(PICTURE).isdigit():
            yield int(source.removeprefix(PICTURE))


def _title_of(parts: list[Part]) -> tuple[str, list[Part]]:
    """Take the first heading, or a short first line, for the title where it stands above all."""
    if len(parts) < LEAST_ANSWERS:
        return "", parts
    first, *others = parts
    if not first.heading:
        line = _words(tree(first.html))
        is_one = first.html.count("</p>") == 1 and not first.pictures
        is_title = is_one and len(line) <= LONGEST_BOLD and not line.endswith((".", ":", ";", ","))
        return (line, others) if is_title else ("", parts)
    is_above = all(other.level > first.level for other in others)
    if not is_above and (has_text(first) or first.pictures):
        return "", parts
    keeps_text = has_text(first) or first.pictures
    return first.heading, [replace(first, heading="", level=0), *others] if keeps_text else others


def _without_bare_lines(parts: Sequence[Part], known: Collection[str]) -> list[Part]:
    """Take a heading without text for a bold line, unless it stands above others or is known."""
    kept: list[Part] = []
    for place, part in enumerate(parts):
        is_above = place + 1 < len(parts) and parts[place + 1].level > part.level
        is_bare = not has_text(part) and not part.pictures and part.heading
        if not is_bare or is_above or normalised(part.heading) in known:
            kept.append(part)
            continue
        line = f"<p><strong>{escape(part.heading)}</strong></p>"
        if kept:
            kept[-1] = replace(kept[-1], html=kept[-1].html + line)
        else:
            kept.append(Part("", 0, line))
    return kept


def _fewer(parts: list[Part]) -> list[Part]:
    """Fold the deepest sections into those before them until a page can show them all."""
    while len(parts) > MOST_SECTIONS:
        deepest = max(part.level for part in parts)
        flat = all(part.level == deepest for part in parts)
        kept: list[Part] = []
        for number, part in enumerate(parts):
            is_over = number >= MOST_SECTIONS if flat else part.level == deepest
            if kept and is_over:
                kept[-1] = _joined(kept[-1], part)
            else:
                kept.append(part)
        parts = kept
    return parts


def _joined(first: Part, second: Part) -> Part:
    heading = f"<h3>{escape(second.heading)}</h3>" if second.heading else ""
    return replace(
        first, html=first.html + heading + second.html, pictures=first.pictures + second.pictures
    )
