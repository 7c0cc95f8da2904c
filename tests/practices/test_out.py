"""What goes out of a practice: brief, Word, PDF, citation, share card; to whom, and unharmed."""

from __future__ import annotations

import io
import re
import time
import zipfile
import zlib
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from urllib.request import OpenerDirector
from xml.etree import ElementTree as ET

import docx
import mammoth  # type: ignore[import-untyped]
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event

from citynet.kit import clock, db, html
from citynet.practices import content as contents
from citynet.practices import printing_pdf, queries, service
from citynet.practices.citing import Source, bibtex, ris
from citynet.practices.models import Practice
from citynet.practices.paper import Paper, Prose, Section
from citynet.practices.printing_docx import docx_of
from citynet.practices.queries import files as file_queries
from citynet.practices.rich_reading import Grid, read
from citynet.practices.service import files
from tests.network import actor, client_of, write, write_to
from tests.practices.file_rows import PDF, picture

WHOLE: dict[str, Any] = {
    "problem": "<h2>Before</h2><p>Shops <strong>waited</strong>.</p><table><tr><th>Year</th>"
               "<th>Days</th></tr><tr><td>2017</td><td>60</td></tr></table>",
    "blocks": [{"name": "One counter", "purpose": "<ol><li>Ask<ul><li>once</li></ul></li>"
                "<li>Answer</li></ol>", "needs": "A decree", "lesson": "Train first"}],
    "phases": [{"name": "Pilot", "begins": "2017-03", "ends": "2017-12", "text": "Two offices"}],
    "results": [
        {"indicator": "Days to decide", "before": "60 days", "after": "5 days",
         "source": "Report, https://example.org/report.pdf"},
        {"indicator": "Visits", "before": "4", "after": "0", "source": "Plan", "expected": True},
        {"indicator": "Counters", "after": "one", "source": "Plan", "kind": "output"},
    ],
    "cost_setup": "1500000000", "cost_yearly": "2,5", "cost_currency": "IDR", "cost_year": "2017",
    "cost_funds": "City budget", "cost_band": "to_1m",
    "staff": [{"role": "Officer", "people": "2.5", "skills": "Law"}],
    "laws": [{"number": "5/2017", "title": "Decree", "link": "https://law.example/5"}],
    "honours": [{"name": "Top 99", "issuer": "Ministry", "year": "2018"}],
    "lessons": "Begin small", "replicate_needs": "A decree of delegation",
    "replicate_smallest": "One counter", "contact_office": "Licensing desk", "offers": ["visit"],
    "unknown": ["contact_office"],
}  # fmt: skip
WAYS = ("/brief", "/brief.docx", ".docx", "/citation.bib", "/citation.ris", "/brief.pdf", ".pdf")
needs_pdf = pytest.mark.skipif(
    not printing_pdf.is_available(), reason="WeasyPrint and Pango are not installed"
)


def published(**values: Any) -> Practice:
    """Publish a practice in which everything is told."""
    return write_to("published", **{**WHOLE, **values})


def again(data: bytes) -> str:
    """Read a Word document as an import does."""
    return str(mammoth.convert_to_html(io.BytesIO(data)).value)


def paper(text: str, **values: Any) -> Paper:
    """Return an outline with one rich text."""
    told: dict[str, Any] = {
        "title": "Title", "subtitle": "", "city": "City", "country": "Country",
        "network": "Network", "address": "https://network.example/practices/title",
        "language": "en", "topics": (), "summary": "",
        "revised_at": datetime(2019, 10, 3, tzinfo=UTC), "citation": "City (2019).",
        "sections": (Section("Problem", (Prose(html.from_text(text)),)),),
    }  # fmt: skip
    return Paper(**{**told, **values})


# Word


def test_word_document_comes_back_with_its_headings_lists_and_tables(
    app: Flask, client: FlaskClient
) -> None:
    """What an import reads of it is what the page says."""
    found = again(client.get(f"/practices/{published().slug}.docx").data)
    assert "<h1>The problem before, and whom it hit</h1><h2>Before</h2>" in found
    assert "<p>Shops <strong>waited</strong>.</p>" in found
    assert re.search(r"<thead><tr><th><p><strong>Year</strong></p></th>.*</thead>", found)
    assert "<td><p>2017</p></td><td><p>60</p></td>" in found
    assert "<ol><li>Ask<ul><li>once</li></ul></li><li>Answer</li></ol>" in found
    assert "<h2>March 2017 – December 2017: Pilot</h2>" in found
    assert "IDR 1,500,000,000" in found
    assert '<a href="https://law.example/5">5/2017 – Decree</a>' in found
    for words in ("Top 99, Ministry, 2018", "Officer", "Visits – expected", "Counters – output",
                  "Document linked", "Self-reported", "How to cite this"):  # fmt: skip
        assert words in found, words


def test_word_document_tells_what_it_is(app: Flask, client: FlaskClient) -> None:
    """Title, author, dates and language stand in its properties; the paper is A4."""
    practice = published()
    document = docx.Document(io.BytesIO(client.get(f"/practices/{practice.slug}.docx").data))
    about = document.core_properties
    assert about.title == "Business permits in one visit"
    assert about.author == "Kabupaten Sidoarjo"
    assert about.language == "en-GB"
    assert "python-docx" not in f"{about.comments}{about.last_modified_by}"
    assert document.sections[0].header.paragraphs[0].text == "CityNet · Kabupaten Sidoarjo"
    height = document.sections[0].page_height
    assert height is not None
    assert round(height.mm) == 297
    assert [p.text for p in document.paragraphs if p.style and p.style.name == "Title"] == [
        about.title
    ]


def test_document_is_in_the_language_of_the_text(app: Flask, client: FlaskClient) -> None:
    """One document, one language, whatever the reader's is."""
    slug = published(language="id").slug
    data = client.get(f"/practices/{slug}.docx", headers={"Accept-Language": "en"}).data
    assert docx.Document(io.BytesIO(data)).core_properties.language == "id-ID"
    styles = zipfile.ZipFile(io.BytesIO(data)).read("word/styles.xml").decode()
    assert 'w:lang w:val="id-ID"' in styles


def test_ordered_lists_begin_at_one_each(app: Flask) -> None:
    """A second list does not go on counting where the first ended."""
    data = docx_of_words("<ol><li>a</li></ol><p>b</p><ol><li>c</li></ol>")
    body = docx.Document(io.BytesIO(data)).element.body
    numbers = [one.val for one in body.iter(f"{{{body.nsmap['w']}}}numId")]
    assert len(set(numbers)) == 2


def docx_of_words(text: str, **values: Any) -> bytes:
    """Write a document of one rich text."""
    return docx_of(paper(text, **values))


def test_merged_cells_keep_their_places(app: Flask) -> None:
    """Across and down."""
    found = again(docx_of_words(
        "<table><tr><td rowspan=2>a</td><td>b</td></tr><tr><td>c</td></tr>"
        "<tr><td colspan=2>d</td></tr></table>"
    ))  # fmt: skip
    assert '<td rowspan="2"><p>a</p></td><td><p>b</p></td></tr><tr><td><p>c</p></td>' in found
    assert '<td colspan="2"><p>d</p></td>' in found


def test_table_within_a_table_is_told_in_its_cell(app: Flask) -> None:
    """No word of it is lost."""
    inner = "<table><tr><td>in1</td><td>in2</td></tr></table>"
    found = again(docx_of_words(f"<table><tr><td>out{inner}</td><td>z</td></tr></table>"))
    assert re.search(r"<td><p>out<br />in1 \| in2 \|", found)
    assert "<td><p>z</p></td>" in found


@pytest.mark.parametrize(
    "table",
    [
        "<table><tr>" + "<td>w</td>" * 64 + "</tr></table>",
        "<table><tr><td colspan=99999>w</td></tr></table>",
        "<table><tr>" + "<td rowspan=65000>w</td>" * 60 + "</tr>" + "<tr></tr>" * 1_000,
        "<table><tr><td>a</td><td rowspan=3>w</td></tr><tr><td colspan=2>b</td></tr></table>",
        "<table><tr></tr></table><p>w</p>",
        "<table><caption>w</caption><tr><td></td></tr></table>",
    ],
)  # fmt: skip
def test_table_no_word_processor_takes_keeps_its_words(app: Flask, table: str) -> None:
    """Too wide, too large or overlapping: rows become lines."""
    assert "w" in again(docx_of_words(table))


ODD = (
    '=HYPERLINK("http://x")\ufffe\uffff\x0b😀 \u05d0\u05d1 \U0001f1ee\U0001f1e9 /../..\\ <b>&amp;"'
)


def test_odd_titles_make_a_document_and_a_harmless_file_name(
    app: Flask, client: FlaskClient
) -> None:
    """Formulas, signs without a place in XML, emoji, right to left."""
    slug = published(title=ODD[:90], subtitle=ODD, agency=ODD, problem=ODD, laws=[
        {"title": ODD, "link": "https://a.example/%zz?q=[1]&b='"}
    ]).slug  # fmt: skip
    for way in WAYS[:5]:
        answer = client.get(f"/practices/{slug}{way}")
        assert answer.status_code == 200, way
        name = answer.headers.get("Content-Disposition", "attachment; filename=x.docx")
        assert re.fullmatch(r"attachment; filename=[a-z0-9.-]+", name), name
    data = client.get(f"/practices/{slug}.docx").data
    for part in zipfile.ZipFile(io.BytesIO(data)).namelist():
        if part.endswith((".xml", ".rels")):
            ET.fromstring(zipfile.ZipFile(io.BytesIO(data)).read(part))
    assert "😀 אב" in again(data)


@pytest.mark.parametrize(
    "address", ["http://[", "http://[::1", "https:", "mailto:a b@c", "http://a/ b", "http://a%"]
)
def test_address_word_would_stumble_over_is_quoted_or_left_out(app: Flask, address: str) -> None:
    """A document with a bad target does not open at all."""
    data = docx_of_words(f'<p><a href="{address}">words</a></p>')
    rels = zipfile.ZipFile(io.BytesIO(data)).read("word/_rels/document.xml.rels").decode()
    targets = re.findall(r'Target="([^"]*)" TargetMode="External"', rels)
    assert all(re.fullmatch(r"[!-~]+", one) and "[" not in one for one in targets), targets
    assert "words" in again(data)


@pytest.mark.parametrize(
    "text",
    [
        "<p>a</p>" * 6_000,
        "<blockquote>" * 2_000 + "x",
        "<ul><li>x" * 3_000,
        "<table><tr><td>x" * 2_000,
        "<b>x" * 6_000,
        "<ol><li>a</li></ol>" * 2_000,
        "".join(f'<a href="http://a/{one}">a</a>' for one in range(2_500)),
        "<table><tr>" + ("<td>a</td>" * 60 + "</tr><tr>") * 80 + "</tr></table>",
    ],
    ids=["paragraphs", "quotes", "lists", "tables", "marks", "ordered", "links", "cells"],
)
def test_longest_and_deepest_text_is_written_in_bounded_time(app: Flask, text: str) -> None:
    """Neither depth nor number of parts makes it crawl, or break."""
    words = paper("")
    words = replace(words, sections=(Section("Problem", (Prose(str(html.rich(text))),)),))
    begun = time.process_time()
    data = docx_of(words)
    assert time.process_time() - begun < 10
    assert zipfile.ZipFile(io.BytesIO(data)).testzip() is None


def test_practice_of_300_000_characters_goes_out(app: Flask, client: FlaskClient) -> None:
    """The longest that can be stored."""
    long = "word " * 3_900
    slug = published(**dict.fromkeys(
        ("problem", "cost", "staffing", "legal_basis", "difficulties", "lessons", "not_again",
         "replicate_needs", "replicate_adapt", "replicate_not", "culture", "upkeep", "awards"),
        long,
    )).slug  # fmt: skip
    begun = time.process_time()
    assert again(client.get(f"/practices/{slug}.docx").data).count("word word") > 10_000
    assert len(client.get(f"/practices/{slug}/brief").text) < 40_000
    assert time.process_time() - begun < 20


def test_reader_of_rich_text_loses_no_word() -> None:
    """In order, with the depth of lists."""
    parts = read("<p>a</p>b<ul><li>c<ul><li>d</li></ul>e</li></ul><pre>f  g</pre>")
    told = [
        ("".join(run.text for run in part.runs), part.depth, part.has_sign)
        for part in parts if not isinstance(part, Grid)
    ]  # fmt: skip
    assert told == [("a", -1, False), ("b", -1, False), ("c", 0, True), ("d", 1, True),
                    ("e", 0, False), ("f  g", -1, False)]  # fmt: skip


# Who


@pytest.mark.parametrize(
    ("role", "is_read"),
    [("visitor", False), ("suspended", False), ("pending", False), ("rival", True),
     ("official", True), ("secretariat", True), ("chapter", True)],
)  # fmt: skip
def test_members_only_practice_goes_out_to_members_only(
    app: Flask, role: str, is_read: bool
) -> None:
    """As its page does: hidden is not found."""
    slug = write_to("published", visibility="members").slug
    browser = client_of(app, role)
    for way in WAYS:
        is_made = not way.endswith("pdf") or printing_pdf.is_available()
        expected = 200 if is_read and is_made else 404
        assert browser.get(f"/practices/{slug}{way}").status_code == expected, way


@pytest.mark.parametrize("role", ["visitor", "official", "lead", "secretariat"])
def test_draft_does_not_go_out(app: Flask, role: str) -> None:
    """Not even to its author: paper cannot be taken back."""
    slug = write(**WHOLE).slug
    browser = client_of(app, role)
    for way in WAYS:
        assert browser.get(f"/practices/{slug}{way}").status_code == 404, way


def test_what_goes_out_is_the_published_text_while_another_is_in_work(
    app: Flask, client: FlaskClient
) -> None:
    """The next revision is not told before it is out."""
    practice = published()
    write_again(practice, problem="Secret of the next revision")
    for way in WAYS[:5]:
        data = client_of(app, "official").get(f"/practices/{practice.slug}{way}").data
        told = again(data) if way.endswith("docx") else data.decode()
        assert "Secret of the next revision" not in told


def write_again(practice: Practice, **values: Any) -> None:
    """Begin the next revision of a practice."""
    author = actor("official")
    base = queries.newest_text(author, practice.slug)
    service.save(
        author, practice, contents.read({**base.content.model_dump(), **values}),
        base=(base.number, base.version),
    )  # fmt: skip


# Brief


def test_brief_says_what_a_mayor_asks(app: Flask, client: FlaskClient) -> None:
    """Problem, deeds, results, cost, needs, contact, and where the whole is."""
    page = client.get(f"/practices/{published().slug}/brief").text
    for words in ("Shops waited", "One counter: Ask once Answer", "Days to decide", "5 days",
                  "IDR 1,500,000,000", "A decree of delegation", "Licensing desk",
                  "/practices/business-permits-in-one-visit</a>"):  # fmt: skip
        assert words in page, words


def test_brief_of_an_old_practice_with_empty_rows_is_read(app: Flask, client: FlaskClient) -> None:
    """A text from before the rows: what is not known is said, what nobody told is left out."""
    slug = write_to("published").slug
    for way in ("", *WAYS[:5]):
        assert client.get(f"/practices/{slug}{way}").status_code == 200
    assert "Not known: the authors say so." in client.get(f"/practices/{slug}/brief").text


def longest() -> str:
    """Publish a practice whose texts are long and whose rows are many."""
    long = "What the office did. " * 90
    rows = [{"indicator": "i " * 90, "before": "60 days", "after": "5 days", "dates": "2017 – 2019",
             "source": "s"}] * 50  # fmt: skip
    blocks = [{"name": f"step {one}", "purpose": long} for one in range(9)]
    return published(
        title="Longest title " * 7, subtitle="Longest subtitle " * 11, problem=long, results=rows,
        blocks=blocks, replicate_needs=long, replicate_smallest=long, cost=long,
        cost_funds="City budget " * 16, contact_office="Office " * 28,
        contact_backup="Office " * 28, offers=["call", "visit", "documents", "code"],
    ).slug  # fmt: skip


def test_longest_brief_stays_short(app: Flask, client: FlaskClient) -> None:
    """Each text is cut at a word, each list after a few lines."""
    page = client.get(f"/practices/{longest()}/brief").text
    assert "and 3 more steps" in page
    assert len(html.plain(page.split('<article class="cn-brief')[1].split("</article>")[0])) < 4_500


@needs_pdf
def test_longest_brief_fits_one_sheet(app: Flask, client: FlaskClient) -> None:
    """As its name says."""
    told = inflated(client.get(f"/practices/{longest()}/brief.pdf").data)
    pages = re.search(rb"<<[^<>]*/Type ?/Pages[^<>]*>>", told)
    assert pages is not None
    assert re.search(rb"/Count 1\b", pages.group())


def inflated(data: bytes) -> bytes:
    """Return the parts of a PDF, unpacked."""
    parts = re.findall(rb"stream\n(.*?)\nendstream", data, re.DOTALL)
    return b"".join(zlib.decompress(part) for part in parts if part.startswith(b"x"))


# PDF


@needs_pdf
def test_pdf_is_one_and_names_what_it_is(app: Flask, client: FlaskClient) -> None:
    """Whole and brief, with title and author."""
    slug = published().slug
    for way in (".pdf", "/brief.pdf"):
        answer = client.get(f"/practices/{slug}{way}")
        assert answer.mimetype == "application/pdf"
        assert answer.data.startswith(b"%PDF-")
        told = inflated(answer.data)
        assert b"(Business permits in one visit)" in told


@needs_pdf
def test_pdf_fetches_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither a file nor an address, whatever stands in the page."""
    asked: list[object] = []
    monkeypatch.setattr(OpenerDirector, "open", lambda _self, url, *_given: asked.append(url))
    made = printing_pdf.pdf_of(
        '<link rel="stylesheet" href="http://a.invalid/x.css"><img src="file:///etc/passwd">'
        '<style>@import "http://b.invalid"; p {background: url(http://c.invalid)}</style>'
        '<object data="file:///etc/hostname"></object><p>x</p>'
        '<link rel="attachment" href="file:///etc/passwd"><svg><image href="file:///etc/x"/></svg>'
    )
    assert made.startswith(b"%PDF-")
    assert not asked


@needs_pdf
@pytest.mark.parametrize(
    "page", ["x" * 500_000, "<table><tr>" + "<td>a</td>" * 1_501, "<blockquote>" * 300]
)
def test_pdf_that_would_take_too_long_is_refused(page: str) -> None:
    """The limits hold before the work begins."""
    with pytest.raises(printing_pdf.TooLargeError):
        printing_pdf.pdf_of(page)


@needs_pdf
def test_who_asks_for_too_long_a_pdf_is_told_what_to_take(app: Flask) -> None:
    """The Word document has no such limit."""
    cells = "<table>" + ("<tr>" + "<td>a</td>" * 30 + "</tr>") * 60 + "</table>"
    browser = client_of(app, "rival")
    answer = browser.get(f"/practices/{published(problem=cells).slug}.pdf", follow_redirects=True)
    assert "Take the Word document." in answer.text


def test_without_the_extra_there_is_no_pdf(
    app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No button and no page."""
    monkeypatch.setattr(printing_pdf, "is_available", lambda: False)
    slug = published().slug
    assert client.get(f"/practices/{slug}.pdf").status_code == 404
    assert ".pdf" not in client.get(f"/practices/{slug}/brief").text
    assert f"{slug}.pdf" not in client.get(f"/practices/{slug}").text


# Page: results, citation, share card


def test_results_are_drawn_with_a_text_beside_the_table(app: Flask, client: FlaskClient) -> None:
    """Only those with figures on both sides, and without a style of their own."""
    page = client.get(f"/practices/{published().slug}").text
    assert page.count('<svg class="cn-chart__picture"') == 2
    assert "Before: 60 days. After: 5 days." in page
    assert "Before: 4. After (expected): 0." in page
    assert 'style="' not in page
    section = page.split('id="results"')[1].split("</section>")[0]
    for words in ("Document linked", "Self-reported", ">Expected<", ">Output<"):
        assert words in section, words
    assert '<a href="https://example.org/report.pdf" rel="nofollow noopener ugc">' in section


def test_outputs_alone_are_noticed_kindly(app: Flask, client: FlaskClient) -> None:
    """Readers are told; the authors are told what to add."""
    slug = published(
        results=[{"indicator": "Hotspots", "after": "90", "source": "Plan", "kind": "output"}]
    ).slug
    assert "What changed for people is not told here" in client.get(f"/practices/{slug}").text
    own = client_of(app, "official").get(f"/practices/{slug}").text
    assert "Add one result that people feel" in own


def test_rows_of_a_practice_are_shown(app: Flask, client: FlaskClient) -> None:
    """Timeline, cost, staff, laws and honours."""
    page = client.get(f"/practices/{published().slug}").text
    for words in ("March 2017 – December 2017", "Two offices", "IDR 1,500,000,000", "IDR 2.5",
                  "City budget", "Officer", "5/2017", 'href="https://law.example/5"', "Top 99",
                  "<h3>Before</h3>"):  # fmt: skip
        assert words in page, words


def test_script_in_any_row_is_words(app: Flask, client: FlaskClient) -> None:
    """On the page, in the brief and in the table."""
    bad = '"><script>alert(1)</script>'
    slug = published(
        title=bad, subtitle=bad, summary=bad, agency=bad, contact_office=bad, cost_funds=bad,
        results=[{"indicator": bad, "unit": bad, "before": f"1 {bad}", "after": f"2 {bad}",
                  "source": f"https://x/{bad}"}],
        staff=[{"role": bad, "skills": bad}], laws=[{"title": bad, "number": bad}],
        honours=[{"name": bad, "issuer": bad}], phases=[{"name": bad}], blocks=[{"name": bad}],
    ).slug  # fmt: skip
    for way in ("", "/brief"):
        page = client.get(f"/practices/{slug}{way}").text
        assert "<script>alert" not in page
        assert "&lt;script&gt;alert" in page


def test_citation_names_city_title_network_year_and_address(
    app: Flask, client: FlaskClient
) -> None:
    """It can be chosen as text, and copied where a script runs."""
    with clock.moved(datetime(2019, 10, 17, 8, tzinfo=UTC) - clock.now()):
        slug = published().slug
    page = client.get(f"/practices/{slug}").text
    said = re.search(r'id="citation">([^<]*)<', page)
    assert said is not None
    assert said[1].startswith(
        "Kabupaten Sidoarjo, Indonesia (2019). Business permits in one visit. CityNet. http"
    )
    assert said[1].endswith(f"/practices/{slug} (text of 17 October 2019).")
    assert "2019-10-17" in client.get(f"/practices/{slug}/citation.bib").text
    assert "PY  - 2019\r\n" in client.get(f"/practices/{slug}/citation.ris").text


def test_records_hold_whatever_a_title_has() -> None:
    """No brace opens a field, no line another."""
    source = Source(
        "key", "City", "Country", "50% {of} \\input{x} $1_000 ~a^b & #1", "Net",
        "https://n.example/practices/key", "id", datetime(2019, 1, 2, tzinfo=UTC),
    )  # fmt: skip
    made = bibtex(source)
    assert r"50\% \{of\} \textbackslash{}input\{x\} \$1\_000 \textasciitilde{}a" in made
    assert made.count("\n") == 9
    assert ris(source).count("\r\n") == 9


def test_public_practice_has_a_share_card(app: Flask, client: FlaskClient) -> None:
    """Title, sentence and address; for the address of the network, not of the request."""
    page = client.get(f"/practices/{published().slug}").text
    assert '<meta property="og:title" content="Business permits in one visit – Kabupaten' in page
    assert '<meta name="twitter:card" content="summary">' in page
    assert re.search(r'<link rel="canonical" href="http[^"]*/practices/business-permits', page)


def test_share_card_has_the_cover(app: Flask, client: FlaskClient) -> None:
    """With what it shows, at an address that others can reach."""
    practice = write(**WHOLE)
    author = actor("official")
    key = files.add(author, practice, picture(), "counter.jpg", alt="The counter").key
    files.choose_cover(author, practice, key, wanted=True)
    publish(practice)
    page = client.get(f"/practices/{practice.slug}").text
    assert '<meta name="twitter:card" content="summary_large_image">' in page
    assert '<meta property="og:image:alt" content="The counter">' in page
    found = re.search(r'og:image" content="https?://[^/]*(/[^"]*)"', page)
    assert found is not None
    assert client.get(found[1]).mimetype in {"image/jpeg", "image/png", "image/webp"}


def test_document_of_a_result_is_led_to_and_still_after_its_words_change(
    app: Flask, client: FlaskClient
) -> None:
    """On the page and on paper; the next revision keeps it, too."""
    practice, author = write(**WHOLE), actor("official")
    proof = files.add(author, practice, PDF, "report.pdf")
    row = {"indicator": "Days", "after": "5", "source": "Report", "document": str(proof.number)}
    write_again(practice, results=[row])
    publish(practice)
    page = client.get(f"/practices/{practice.slug}").text
    assert f'<a href="/practices/{practice.slug}/files/{proof.key}">' in page
    assert "Document attached" in page
    assert "Document attached" in again(client.get(f"/practices/{practice.slug}.docx").data)
    assert "Document attached" in client.get(f"/practices/{practice.slug}/brief").text
    files.describe(author, practice, proof.key, files.Words("", "New caption"), seen=proof.version)
    newest = file_queries.files_of(queries.newest_text(author, practice.slug))
    assert str(proof.number) in file_queries.documents_of(newest)


def publish(practice: Practice) -> None:
    """Bring the draft to readers."""
    service.submit(actor("official"), practice)
    service.sign_off(actor("lead"), practice)
    service.publish(actor("secretariat"), practice)


def test_members_only_practice_has_no_share_card(app: Flask) -> None:
    """Whoever follows the address would not find it."""
    slug = write_to("published", visibility="members").slug
    assert "og:title" not in client_of(app, "rival").get(f"/practices/{slug}").text


@pytest.mark.parametrize("way", ["", "/brief", ".docx"])
def test_queries_do_not_grow_with_rows(app: Flask, client: FlaskClient, way: str) -> None:
    """A practice of fifty results is read as one of none."""
    few = write_to("published").slug
    many = published(
        results=[
            {"indicator": str(one), "after": "1", "source": "a", "document": "1"}
            for one in range(50)
        ],
        laws=[{"title": str(one)} for one in range(30)],
    ).slug
    assert count(client, f"/practices/{few}{way}") == count(client, f"/practices/{many}{way}")


def count(client: FlaskClient, path: str) -> int:
    """Return how many statements a page sends."""
    sent: list[str] = []

    def note(*given: Any) -> None:
        sent.append(given[2])

    client.get(path)
    event.listen(db.db.engine, "before_cursor_execute", note)
    try:
        assert client.get(path).status_code == 200
    finally:
        event.remove(db.db.engine, "before_cursor_execute", note)
    return len(sent)
