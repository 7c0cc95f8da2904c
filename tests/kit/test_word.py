"""Documents of Word: their text comes out whole and clean, and an attack ends in a sentence."""

from __future__ import annotations

import io
import json
import re
import resource
import struct
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from docx import Document
from docx.document import Document as Made
from flask import Flask
from PIL import Image

from citynet.kit import html, i18n, sections, word, word_child
from citynet.kit.errors import Invalid
from citynet.kit.word import Section, WordText
from config import ROOT

PAYLOADS = Path(ROOT).parent / "shared" / "data" / "xss" / "payloads.jsonl"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
MAIN = "word/document.xml"
RELATIONS = "word/_rels/document.xml.rels"
BODY = (
    '<?xml version="1.0"?>{kind}<w:document xmlns:w='
    '"http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>{text}</w:body>'
    "</w:document>"
)
LONG_LINE = (
    "This whole sentence is bold because it matters. " * 4 + "It is far longer than any heading."
)
LINE = "<w:p><w:r><w:t>{}</w:t></w:r></w:p>"


@pytest.fixture(scope="module", autouse=True)
def plain_app() -> Iterator[None]:
    """Run inside a bare application, for the words."""
    app = Flask(__name__)
    i18n.init_app(app)
    with app.test_request_context():
        yield


def saved(made: Made) -> bytes:
    """Return a document as its file."""
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def changed(parts: dict[str, bytes | None], made: Made | None = None) -> bytes:
    """Return a document with parts put in, or taken out where there is None."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(saved(made or Document()))) as old,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in [one for one in old.namelist() if one not in parts]:
            new.writestr(name, old.read(name))
        for name, content in parts.items():
            if content is not None:
                new.writestr(name, content)
    return out.getvalue()


def of_text(text: str, kind: str = "") -> bytes:
    """Return a document whose body is this markup."""
    return changed({MAIN: BODY.format(kind=kind, text=text).encode()})


def refused(content: bytes) -> str:
    """Return the sentence with which a document is refused."""
    with pytest.raises(Invalid) as error:
        word.read(content)
    assert set(error.value.fields) == {"file"}
    return error.value.fields["file"]


def words(text: WordText) -> str:
    """Return everything a document says below its headings."""
    return "\n".join(html.plain(one.html) for one in text.blocks)


def picture(form: str = "PNG", color: str = "red") -> io.BytesIO:
    """Return a picture as a file."""
    out = io.BytesIO()
    Image.new("RGB", (30, 20), color).save(out, form)
    return io.BytesIO(out.getvalue())


def test_headings_lists_tables_and_links_come_out_in_order() -> None:
    """Each section with its heading, its depth and clean HTML."""
    made = Document()
    made.add_heading("A title", 0)
    made.add_paragraph("Before all.")
    made.add_heading("First", 1)
    made.add_paragraph("One", style="List Bullet")
    made.add_paragraph("Two", style="List Bullet")
    made.add_heading("Below", 2)
    line = made.add_paragraph("A ")
    line.add_run("bold").bold = True
    table = made.add_table(2, 2)
    table.cell(1, 1).text = "Cell"
    found = word.read(saved(made))
    assert found.title == "A title"
    assert found.blocks == [
        Section("", 0, "<p>Before all.</p>"),
        Section("First", 1, "<ul><li>One</li><li>Two</li></ul>"),
        Section("Below", 2, "<p>A <strong>bold</strong></p><table><tbody><tr><td></td><td></td>"
                "</tr><tr><td></td><td>Cell</td></tr></tbody></table>"),
    ]  # fmt: skip
    assert found.notes == []


def test_document_without_headings_is_parted_at_lines_that_look_like_them() -> None:
    """Bold short lines, capitals and numbers; a list numbered by hand is none."""
    made = Document()
    for text, bold in (
        ("Latar belakang", True), ("Lama sekali.", False), ("2. Solusi", False),
        ("Satu loket, yaitu:", False), ("1. satu formulir", False), ("2. satu kasir", False),
        ("KENDALA UTAMA", False), ("Listrik padam.", False), ("", False),
        (LONG_LINE, True),
    ):  # fmt: skip
        made.add_paragraph().add_run(text).bold = bold
    found = word.read(saved(made))
    assert [one.heading for one in found.blocks] == ["Latar belakang", "2. Solusi", "KENDALA UTAMA"]
    assert "1. satu formulir\n2. satu kasir" in words(found)
    assert "far longer than any heading" in words(found)


def test_document_without_anything_like_a_heading_is_one_section() -> None:
    """As it is."""
    made = Document()
    made.add_paragraph("A first sentence that ends.")
    made.add_paragraph("A second one.")
    assert word.read(saved(made)).blocks == [
        Section("", 0, "<p>A first sentence that ends.</p><p>A second one.</p>")
    ]


def test_form_with_questions_beside_answers_is_parted_at_its_questions() -> None:
    """Where some of them are known; what stands in other rows is not lost."""
    made = Document()
    table = made.add_table(0, 3)
    for row in (("1", "Latar belakang", "Lama."), ("2", "Solusi", "Loket."), ("", "", "Lain.")):
        for cell, text in zip(table.add_row().cells, row, strict=True):
            cell.text = text
    found = word.read(saved(made), known={"latar belakang", "solusi"})
    assert [(one.heading, html.plain(one.html)) for one in found.blocks] == [
        ("Latar belakang", "Lama."), ("Solusi", "Loket.\nLain."),
    ]  # fmt: skip


def test_pictures_come_out_once_each_with_their_section_and_description() -> None:
    """JPEG, PNG and WebP; others are named."""
    made = Document()
    made.add_heading("One", 1)
    made.add_picture(picture())
    made.add_picture(picture())
    made.add_heading("Two", 1)
    made.add_picture(picture("JPEG"))
    made.add_picture(picture("GIF"))
    made.element.xpath("//wp:docPr")[0].set("descr", "A <b>counter</b>\nwith people")
    found = word.read(saved(made))
    assert [one.pictures for one in found.blocks] == [(0,), (1,)]
    assert [one.name for one in found.pictures] == ["picture-1.png", "picture-2.jpg"]
    assert found.pictures[0].alt == "A <b>counter</b> with people"
    assert found.pictures[0].content == picture().getvalue()
    assert found.notes == [
        "1 picture in the format GIF was left out. Save it as PNG, and add it to the practice."
    ]


def test_picture_in_emf_is_left_out_and_named() -> None:
    """Whatever its name says: browsers show none."""
    made = Document()
    made.add_picture(picture())
    made.add_paragraph("Text.")
    emf = struct.pack("<II", 1, 88) + b"\0" * 32 + b" EMF" + b"\0" * 200
    content = changed({"word/media/image1.png": emf}, made)
    found = word.read(content)
    assert found.pictures == []
    assert found.notes[0].startswith("1 picture in the format PNG was left out.")
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        types = archive.read("[Content_Types].xml").replace(b"image/png", b"image/x-emf")
    made.save(io.BytesIO())
    found = word.read(changed({"word/media/image1.png": emf, "[Content_Types].xml": types}, made))
    assert found.notes[0].startswith("1 picture in the format EMF was left out.")
    assert words(found) == "Text."


def test_footnote_stands_behind_what_points_to_it() -> None:
    """As text: an anchor would lead nowhere in a practice."""
    text = word_child.tidied(
        '<p>One<sup><a href="#footnote-1" id="r1">[1]</a></sup></p><p>Two</p>'
        '<ol><li id="footnote-1"><p>The source <a href="#r1">↑</a></p></li></ol>'
    )
    assert text == "<p>One<sup>[1]</sup></p><p>[1] The source</p><p>Two</p>"


def test_pasted_text_is_read_as_plain_text_markdown_or_html() -> None:
    """By what it holds."""
    known = {"latar belakang", "solusi"}
    plain = "Latar belakang\n\nLama.\n\nSolusi\n\nLoket."
    marked = "# Latar belakang\n\nLama.\n\n# Solusi\n\nLoket."
    written = "<h2>Latar belakang</h2><p>Lama.</p><h2>Solusi</h2><p>Loket.</p>"
    for text in (plain, marked, written):
        found = word.read_paste(text, known=known)
        assert [(one.heading, one.html) for one in found.blocks] == [
            ("Latar belakang", "<p>Lama.</p>"), ("Solusi", "<p>Loket.</p>"),
        ]  # fmt: skip


@pytest.mark.parametrize("text", ["", " \n\u200b", "x" * 300_001])
def test_paste_of_nothing_or_of_too_much_is_refused(text: str) -> None:
    """With a sentence at the box."""
    with pytest.raises(Invalid) as error:
        word.read_paste(text)
    assert set(error.value.fields) == {"text"}


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "Choose a file that is not empty."),
        (b"PK\x03\x04" + b"x" * word.MOST_BYTES, "larger than 30 MB"),
        (b"%PDF-1.7", "This is no Word document"),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 99, "This is no Word document"),
        (b"<html>Saved as .docx</html>", "This is no Word document"),
        (b"{\\rtf1 renamed}", "This is no Word document"),
        (OLE + b"\0" * 600, "old Word"),
        (OLE + "EncryptedPackage".encode("utf-16-le"), "has a password"),
        (b"PK\x03\x04" + b"\0" * 200, "is damaged"),
    ],
)
def test_file_that_is_no_document_is_refused_with_what_to_do(content: bytes, sentence: str) -> None:
    """Told by its content: a name decides nothing."""
    assert sentence in refused(content)


def test_document_cut_short_is_refused() -> None:
    """Wherever the line broke off."""
    content = saved(Document())
    for length in (100, len(content) // 2, len(content) - 5):
        assert "damaged" in refused(content[:length])


def test_zip_that_holds_no_document_is_refused() -> None:
    """A table of Excel, or a folder of files."""
    assert "no Word document" in refused(changed({"[Content_Types].xml": None}))
    assert "no Word document" in refused(changed({MAIN: None, "[Content_Types].xml": b"<Types/>"}))


def test_zip_bomb_is_refused_before_it_is_unpacked() -> None:
    """In one part or in many, and by the number of parts."""
    assert "more than 50 MB" in refused(changed({"word/media/a.png": b"\0" * 51_000_000}))
    many = {f"word/media/{number}.png": b"\0" * 6_000_000 for number in range(9)}
    assert "more than 50 MB" in refused(changed({**many}))
    entries = {f"x/{number}": b"" for number in range(1_000)}
    assert "more than 50 MB" in refused(changed({**entries}))


def test_document_inside_a_document_stays_closed() -> None:
    """Whatever it would unpack to."""
    bomb = changed({"word/media/a.png": b"\0" * 40_000_000})
    made = Document()
    made.add_paragraph("Outer.")
    found = word.read(changed({"word/embeddings/inner.docx": bomb}, made))
    assert words(found) == "Outer."


def test_macros_are_refused() -> None:
    """By the part, or by the type of the document."""
    assert "macros" in refused(changed({"word/vbaProject.bin": b"x"}))
    with zipfile.ZipFile(io.BytesIO(saved(Document()))) as archive:
        types = archive.read("[Content_Types].xml")
    types = types.replace(
        b"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml",
        b"application/vnd.ms-word.document.macroEnabled.main+xml",
    )
    assert "macros" in refused(changed({"[Content_Types].xml": types}))


@pytest.mark.parametrize("target", ["https://evil.example/a.png", "file:///etc/passwd", "../../x"])
def test_picture_that_lies_elsewhere_is_never_fetched(target: str) -> None:
    """Nor is a file of this machine read; a sentence says so."""
    made = Document()
    made.add_picture(picture())
    made.add_paragraph("Text.")
    with zipfile.ZipFile(io.BytesIO(saved(made))) as archive:
        relations = archive.read(RELATIONS).decode()
        body = archive.read(MAIN).decode()
    relations = re.sub(
        'Target="media/image1.png"', f'Target="{target}" TargetMode="External"', relations
    )
    body = body.replace("r:embed=", "r:link=")
    found = word.read(changed({RELATIONS: relations.encode(), MAIN: body.encode()}, made))
    assert words(found) == "Text."
    assert found.pictures == []
    assert found.notes == ["1 picture lies outside the document and was not fetched."]


def test_template_that_lies_elsewhere_stays_there() -> None:
    """The document is read, never opened in Word."""
    relation = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        '<Relationship Id="r1" Type="http://x/attachedTemplate" Target="https://evil.example/t" '
        'TargetMode="External"/></Relationships>'
    )
    made = Document()
    made.add_paragraph("Text.")
    found = word.read(changed({"word/_rels/settings.xml.rels": relation.encode()}, made))
    assert words(found) == "Text."


LAUGHS = (
    '<!DOCTYPE l [<!ENTITY a "ha"><!ENTITY b "'
    + "&a;" * 10
    + '"><!ENTITY c "'
    + "&b;" * 10
    + '">]>'
)
OUTSIDE = '<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]>'


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
@pytest.mark.parametrize("kind", [LAUGHS, OUTSIDE, "<!DOCTYPE d SYSTEM 'https://evil.example'>"])
def test_definitions_of_types_are_refused_in_any_writing(kind: str, encoding: str) -> None:
    """They let a document grow without end, or read files."""
    text = BODY.format(kind=kind, text=LINE.format("&c;&x;"))
    text = text.replace('version="1.0"', f'version="1.0" encoding="{encoding}"')
    assert "defines types of its own" in refused(changed({MAIN: text.encode(encoding)}))


def test_types_in_a_part_with_another_name_are_refused() -> None:
    """A relationship may name any part for the main one."""
    assert "types of its own" in refused(changed({"word/media/x.png": LAUGHS.encode() + b"<l/>"}))


@pytest.mark.parametrize(
    "text", ["<w:p>", "</w:p>", "<w:p a=1/>", "<w:p>\x00</w:p>", "<x:y/>", "<w:p>&none;</w:p>"]
)
def test_broken_xml_is_refused_as_damaged(text: str) -> None:
    """The reader ends, and this process goes on."""
    assert "damaged" in refused(of_text(text))


def test_nesting_that_no_writer_makes_is_refused() -> None:
    """Before anything calls itself so often that it falls."""
    depth = 5_000
    deep = "<w:tbl><w:tr><w:tc>" * depth + "</w:tc></w:tr></w:tbl>" * depth
    assert "too long to read" in refused(of_text(deep))


def test_document_of_thousands_of_pages_is_refused() -> None:
    """By the number of its letters: none is cut off."""
    many = LINE.format("A sentence of forty letters, more or less. " * 20) * 1_300
    assert "longer than some 300 pages" in refused(of_text(many))


def test_document_of_thousands_of_headings_loses_none() -> None:
    """A page shows 150 sections; small headings stand in the text."""
    body = "".join(
        f'<w:p><w:pPr><w:pStyle w:val="Heading{1 + (number % 10 > 0)}"/></w:pPr><w:r><w:t>Part '
        f"{number}</w:t></w:r></w:p>" + LINE.format(f"Text {number}.")
        for number in range(1_000)
    )
    found = word.read(of_text(body))
    assert len(found.blocks) <= sections.MOST_SECTIONS
    assert [int(one) for one in re.findall(r"Text (\d+)\.", words(found))] == list(range(1_000))


def test_markup_written_as_text_comes_out_as_text() -> None:
    """Every payload of the collection, in a paragraph, a heading and a cell."""
    if not PAYLOADS.exists():
        pytest.skip("the collection of payloads is not here")
    payloads = [
        json.loads(one)["payload"] for one in PAYLOADS.read_text("utf-8").split("\n") if one
    ]
    texts = [re.sub(r"[^\t\n\r -\ud7ff\ue000-\ufffd]", "", one)[:2_000] for one in payloads[:400]]
    made = Document()
    made.add_heading(texts[0][:150], 1)
    made.add_heading("Second", 1)
    for text in texts:
        made.add_paragraph(text)
    made.add_table(1, 1).cell(0, 0).text = texts[1]
    found = word.read(saved(made))
    written = "".join(one.html for one in found.blocks)
    tags = set(re.findall(r"<\s*/?\s*([a-zA-Z!?][^\s>/]*)", written))
    assert tags <= {"p", "br", "table", "tbody", "tr", "td", "strong", "h2", "h3", "h4"}
    assert written == str(html.clean(written))


def test_link_that_runs_something_loses_its_address() -> None:
    """Those to pages stay."""
    made = Document()
    for address in ("javascript:alert(1)", "data:text/html,x", "https://good.example/"):
        made.part.relate_to(address, "http://schemas.openxmlformats.org/officeDocument/2006/"
                            "relationships/hyperlink", is_external=True)  # fmt: skip
    ids = [key for key, one in made.part.rels.items() if "hyperlink" in one.reltype]
    space = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    line = "".join(
        f'<w:p><w:hyperlink xmlns:r="{space}" r:id="{key}"><w:r><w:t>Link</w:t></w:r></w:hyperlink>'
        "</w:p>" for key in ids
    )  # fmt: skip
    found = word.read(changed({MAIN: BODY.format(kind="", text=line).encode()}, made))
    assert re.findall(r'href="([^"]*)"', found.blocks[0].html) == ["https://good.example/"]


def test_child_reads_within_limits_of_memory_and_time_and_writes_no_file() -> None:
    """As it sets them itself before it sees the document; none of our settings come with it."""
    code = (
        "import resource, sys, json\nfrom citynet.kit import word_child\n"
        "word_child.read = lambda *_: {'limits': [resource.getrlimit(one) for one in "
        "(resource.RLIMIT_AS, resource.RLIMIT_CPU, resource.RLIMIT_FSIZE)]}\n"
        "word_child.main()"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], input=b"[]\n", capture_output=True, cwd=ROOT, check=True
    )
    limits = json.loads(done.stdout.partition(b"\n")[2])["limits"]
    expected = [word_child.MEMORY_BYTES, word_child.CPU_SECONDS, 0]
    assert limits == [[one, one] for one in expected]
    assert word_child.MEMORY_BYTES <= 1_000_000_000


def test_document_of_millions_of_elements_is_refused() -> None:
    """Forty megabytes of small elements; this process grows by little."""
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    many = "<w:p/>" * 6_000_000
    assert "too long to read" in refused(of_text(many))
    grown_kb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert grown_kb < 400_000


@pytest.mark.parametrize(("code", "fault"), [(-9, "too long to read"), (1, "damaged")])
def test_reader_that_ends_without_an_answer_is_told_as_a_fault_of_the_document(
    monkeypatch: pytest.MonkeyPatch, code: int, fault: str
) -> None:
    """A limit ended it, or an error did."""
    done = subprocess.CompletedProcess([], code, stdout=b"ready\n")
    monkeypatch.setattr(subprocess, "run", lambda *_args, **_options: done)
    assert fault in refused(saved(Document()))


def test_reader_that_did_not_begin_is_a_fault_of_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody is told that their document is damaged."""
    done = subprocess.CompletedProcess([], 1, stdout=b"")
    monkeypatch.setattr(subprocess, "run", lambda *_args, **_options: done)
    with pytest.raises(RuntimeError):
        word.read(saved(Document()))


def test_reader_is_given_up_after_its_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """With a sentence, and the process is gone."""
    monkeypatch.setattr(word, "WAIT_SECONDS", 0.001)
    assert "too long to read" in refused(saved(Document()))


def test_third_document_at_once_waits_for_its_turn(monkeypatch: pytest.MonkeyPatch) -> None:
    """So that many at once do not take all memory."""
    monkeypatch.setattr(word, "WAIT_SECONDS", 0.01)
    for _turn in range(word.AT_ONCE):
        word._turns.acquire()
    try:
        assert "Others are sending documents just now" in refused(saved(Document()))
    finally:
        for _turn in range(word.AT_ONCE):
            word._turns.release()
