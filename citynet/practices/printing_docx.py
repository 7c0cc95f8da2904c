"""An outline as a Word document: real headings, lists and tables that come back when read again.

Paragraphs are written as XML, not through python-docx's own methods: those look up each style
anew, which takes a minute for the longest practice.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from io import BytesIO

import docx
from docx.document import Document
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.shared import Mm, Pt

from citynet.kit.i18n import _, show_date
from citynet.practices.paper import (
    Heading,
    Items,
    Note,
    Pairs,
    Paper,
    Piece,
    Plate,
    Prose,
    Table,
)  # fmt: skip
from citynet.practices.plates import left_words
from citynet.practices.rich_reading import (
    Cell,
    Grid,
    Paragraph,
    Run,
    Slot,
    placed,
    plain_rows,
    read,
)
from citynet.practices.word_xml import (
    BULLETS,
    NUMBERS,
    as_target,
    child,
    list_kind,
    run_in,
    xml_text,
)

LOCALES = {"en": "en-GB", "id": "id-ID"}
# Word looks for the target of each; beyond these an address stands as words.
MOST_LINKS = 1_000
LONGEST_PROPERTY = 255
# Between the margins; a picture, and how high one may be.
TEXT_MM, PICTURE_MM, HIGHEST_MM = 166, 110, 120


def docx_of(paper: Paper) -> bytes:
    """Return the document, in the current language."""
    document = docx.Document()
    _set_up(document, paper)
    writer = _Writer(document)
    writer.paragraph("Title", paper.title)
    if paper.subtitle:
        writer.paragraph("Subtitle", paper.subtitle)
    writer.paragraph("Normal", f"{paper.city}, {paper.country}")
    if paper.origin:
        writer.paragraph("Normal", paper.origin, frozenset({"i"}))
    if paper.cover:
        writer.picture(paper.cover, widest=TEXT_MM)
    if paper.summary:
        writer.prose(Prose(paper.summary), is_plain=True)
    for section in paper.sections:
        writer.begin_section(section.title)
        for piece in section.pieces:
            writer.piece(piece)
    if paper.plates or paper.left:
        writer.begin_section(_("Pictures"))
        for plate in paper.plates:
            writer.picture(plate, widest=PICTURE_MM)
        if paper.left:
            writer.piece(Note(left_words(paper.left)))
    writer.paragraph("Heading1", _("How to cite this"))
    writer.paragraph("Normal", paper.citation)
    made = BytesIO()
    document.save(made)
    return made.getvalue()


class _Writer:
    """Puts pieces before the last element of the body, which holds the size of the page."""

    def __init__(self, document: Document) -> None:
        self._part = document.part
        self._end = document.element.body[-1]
        self._links: dict[str, str] = {}
        self._numbering = document.part.numbering_part.element
        self._lists = 0
        # The level of the heading above, below which those of a rich text go.
        self._level = 1

    def begin_section(self, title: str) -> None:
        """Write the heading of a section."""
        self._level = 1
        self.paragraph("Heading1", title)

    def piece(self, piece: Piece) -> None:
        """Write one piece of a section."""
        match piece:
            case Heading(text):
                self._level = 2
                self.paragraph("Heading2", text)
            case Note(text):
                self.paragraph("Normal", text, frozenset({"i"}))
            case Prose():
                self.prose(piece)
            case Items(items):
                number = self._new_list(is_ordered=False)
                for item in items:
                    self._put(_paragraph("ListParagraph", [Run(item.text, link=item.link)], self,
                                         list_place=(0, number)))  # fmt: skip
            case Pairs(pairs):
                rows = [[_head(name), Cell([Run(text)])] for name, text in pairs]
                self._table(Grid(rows), has_heads=False)
            case Table(caption, heads, rows):
                cells = [[_head(text) for text in heads]]
                cells += [[_head(row[0]), *(Cell([Run(text)]) for text in row[1:])] for row in rows]
                self._table(Grid(cells, [Run(caption)]), has_heads=True)

    def paragraph(self, style: str, text: str, marks: frozenset[str] = frozenset()) -> None:
        """Write plain words in one style."""
        self._put(_paragraph(style, [Run(text, marks)], self))

    def picture(self, plate: Plate, *, widest: int) -> None:
        """Place a picture with the words for those who do not see it, and its caption below."""
        width = min(widest, HIGHEST_MM * plate.width / plate.height)
        drawn = self._part.new_pic_inline(BytesIO(plate.content), Mm(width), None)
        drawn.docPr.set("descr", xml_text(plate.alt))
        made = _paragraph("Normal", [], self)
        child(child(made, "w:r"), "w:drawing").append(drawn)
        self._put(made)
        if plate.caption:
            self.paragraph("Caption", plate.caption)

    def prose(self, prose: Prose, *, is_plain: bool = False) -> None:
        """Write rich text; `is_plain` where it holds no markup."""
        if is_plain:
            for text in re.split(r"\n\s*\n", prose.html):
                self.paragraph("Normal", text.strip())
            return
        numbers: dict[int, int] = {}
        for part in read(prose.html):
            if isinstance(part, Grid):
                has_heads = bool(part.rows[0]) and all(cell.is_head for cell in part.rows[0])
                self._table(part, has_heads=has_heads)
            else:
                self._put(self._from_rich(part, numbers))

    def link(self, address: str) -> str:
        """Return the number of an address among the document's links; empty where none fits."""
        if not address or address in self._links or len(self._links) >= MOST_LINKS:
            return self._links.get(address, "")
        kind = RELATIONSHIP_TYPE.HYPERLINK
        target = as_target(address)
        self._links[address] = (
            self._part.relate_to(target, kind, is_external=True) if target else ""
        )
        return self._links[address]

    def _from_rich(self, part: Paragraph, numbers: dict[int, int]) -> BaseOxmlElement:
        if part.depth < 0:
            return _paragraph(self._style_of(part.kind), part.runs, self)
        if not part.has_sign:
            return _paragraph("ListContinue", part.runs, self)
        if part.list_id not in numbers:
            numbers[part.list_id] = self._new_list(is_ordered=part.is_ordered)
        place = (part.depth, numbers[part.list_id])
        return _paragraph("ListParagraph", part.runs, self, list_place=place)

    def _style_of(self, kind: str) -> str:
        if kind in {"h2", "h3", "h4"}:
            return f"Heading{int(kind[1]) + self._level - 1}"
        return "Quote" if kind == "blockquote" else "Normal"

    def _new_list(self, *, is_ordered: bool) -> int:
        """Return the number of a list; an ordered one begins at 1 again."""
        if not self._lists:
            for kind in (NUMBERS, BULLETS):
                self._numbering.insert(0, list_kind(kind))
        self._lists += 1
        number = 1_000 + self._lists
        one = child(self._numbering, "w:num", numId=number)
        child(one, "w:abstractNumId", val=NUMBERS if is_ordered else BULLETS)
        for level in range(9) if is_ordered else ():
            begin = child(one, "w:lvlOverride", ilvl=level)
            child(begin, "w:startOverride", val=1)
        return number

    def _table(self, grid: Grid, *, has_heads: bool) -> None:
        if any(run.text.strip() for run in grid.caption):
            self._put(_paragraph("Caption", grid.caption, self))
        rows = placed(grid)
        if rows is None:
            for runs in plain_rows(grid):
                self._put(_paragraph("Normal", runs, self))
            return
        self._put(_table(rows, self, has_heads=has_heads))
        # Word joins two tables that touch.
        self._put(_paragraph("NoSpacing", [], self))

    def _put(self, element: BaseOxmlElement) -> None:
        self._end.addprevious(element)


def _head(text: str) -> Cell:
    return Cell([Run(text)], is_head=True)


def _paragraph(
    style: str, runs: Iterable[Run], writer: _Writer, *, list_place: tuple[int, int] | None = None
) -> BaseOxmlElement:
    made = OxmlElement("w:p")
    looks = child(made, "w:pPr")
    child(looks, "w:pStyle", val=style)
    if list_place is not None:
        numbering = child(looks, "w:numPr")
        child(numbering, "w:ilvl", val=list_place[0])
        child(numbering, "w:numId", val=list_place[1])
        child(looks, "w:ind", left=360 * (list_place[0] + 1), hanging=360)
    for run in runs:
        parent = made
        if number := writer.link(run.link):
            parent = child(made, "w:hyperlink")
            parent.set(qn("r:id"), number)
        run_in(parent, run, is_link=bool(number))
    return made


def _table(rows: list[list[Slot]], writer: _Writer, *, has_heads: bool) -> BaseOxmlElement:
    made = OxmlElement("w:tbl")
    looks = child(made, "w:tblPr")
    child(looks, "w:tblStyle", val="TableGrid")
    child(looks, "w:tblW", w=5_000, type="pct")
    columns = child(made, "w:tblGrid")
    for _column in range(sum(slot.cell.columns for slot in rows[0])):
        child(columns, "w:gridCol")
    for number, slots in enumerate(rows):
        row = child(made, "w:tr")
        row_looks = child(row, "w:trPr")
        child(row_looks, "w:cantSplit")
        if has_heads and number == 0:
            child(row_looks, "w:tblHeader")
        for slot in slots:
            _cell(row, slot, writer)
    return made


def _cell(row: BaseOxmlElement, slot: Slot, writer: _Writer) -> None:
    made = child(row, "w:tc")
    looks = child(made, "w:tcPr")
    if slot.cell.columns > 1:
        child(looks, "w:gridSpan", val=slot.cell.columns)
    if slot.goes_on:
        child(looks, "w:vMerge")
    elif slot.cell.rows > 1:
        child(looks, "w:vMerge", val="restart")
    runs = [] if slot.goes_on else slot.cell.runs
    if slot.cell.is_head:
        runs = [Run(run.text, run.marks | {"b"}, run.link) for run in runs]
    made.append(_paragraph("NoSpacing", runs, writer))


def _set_up(document: Document, paper: Paper) -> None:
    """Set what is not the text: paper, language, properties, the lines above and below."""
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = Mm(22)
    section.top_margin = section.bottom_margin = Mm(20)
    normal = document.styles["Normal"]
    normal.font.name, normal.font.size = "Calibri", Pt(11)
    language = document.styles.element.find(f".//{qn('w:lang')}")
    language.set(qn("w:val"), LOCALES[paper.language])
    section.header.paragraphs[0].text = xml_text(f"{paper.network} · {paper.city}")
    foot = section.footer.paragraphs[0]
    foot.text = f"{xml_text(paper.address)} · {show_date(paper.revised_at)} · "
    run_in(child(foot._p, "w:fldSimple", instr="PAGE"), Run("1"), is_link=False)
    about = document.core_properties
    told = {
        "title": paper.title, "subject": paper.subtitle, "author": paper.city,
        "keywords": ", ".join(paper.topics), "comments": paper.citation,
        "last_modified_by": paper.network, "category": "", "language": LOCALES[paper.language],
    }  # fmt: skip
    for name, text in told.items():
        setattr(about, name, xml_text(text)[:LONGEST_PROPERTY])
    about.created = about.modified = paper.revised_at
