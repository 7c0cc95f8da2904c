"""A document becomes a practice: read, shown, corrected, taken; by its owner, once, in whole."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import timedelta
from typing import Any

import pytest
from docx import Document
from docx.document import Document as Made
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import select

from citynet.cities.models import Preview
from citynet.kit import clock, db, html, word
from citynet.kit.word import Section
from citynet.practices import content as contents
from citynet.practices import matching, placing, queries
from citynet.practices.models import State
from citynet.practices.queries import files
from tests.network import ROLES, actor, client_of, post, write, write_to

PROPOSAL = {
    "Ringkasan": "Izin usaha selesai dalam satu kunjungan.",
    "1. Analisis Masalah": "Pemilik toko mendatangi sembilan kantor dan menunggu 60 hari.",
    "2. Pendekatan Strategis": "Satu loket untuk semua izin.",
    "3. Sumber Daya Keuangan": "Rp1,2 miliar dari APBD.",
    "4. Sistem Pemantauan dan Evaluasi": "Rapat setiap bulan.",
    "5. Kendala Utama": "Listrik sering padam.",
    "6. Pembelajaran": "Latih petugas sebelum loket dibuka.",
    "7. Hal Lain yang Menarik": "Warga membawa kopi.",
}  # fmt: skip


def document(texts: dict[str, str] | None = None, *, title: str = "Izin sekali datang") -> Made:
    """Return a document with a title and a heading above each text."""
    made = Document()
    made.add_heading(title, 0)
    for heading, text in (PROPOSAL if texts is None else texts).items():
        made.add_heading(heading, 1)
        made.add_paragraph(text)
    return made


def saved(made: Made) -> bytes:
    """Return a document as its file."""
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def send(client: FlaskClient, content: bytes, url: str = "/practices/new/word", **data: Any) -> Any:
    """Send a document as a browser does."""
    return post(client, url, {"file": (io.BytesIO(content), "proposal.docx"), **data})


def begun(client: FlaskClient, made: Made, url: str = "/practices/new/word") -> str:
    """Send a document and return the address of its preview."""
    answer = send(client, saved(made), url)
    assert answer.status_code == 302, answer.text
    return str(answer.location)


def suggested(page: str) -> dict[str, str]:
    """Return what a preview would send as it stands."""
    data = {}
    for name, body in re.findall(r'<select[^>]*name="(to-\d+)">(.*?)</select>', page, re.DOTALL):
        chosen = re.search(r'value="([^"]*)" selected', body)
        data[name] = chosen.group(1) if chosen else ""
    for box in re.findall(r"<input[^>]*>", page):
        name = re.search(r'name="(rows-\d+|pictures|language)"', box)
        value = re.search(r'value="([^"]*)"', box)
        if name and value and " checked" in box:
            data[name.group(1)] = value.group(1)
    if title := re.search(r'<input[^>]*id="title"[^>]*value="([^"]*)"', page):
        data["title"] = title.group(1)
    return data


def take(client: FlaskClient, url: str, **changes: str) -> Any:
    """Take what a preview suggests, with changes."""
    return post(client, url, {**suggested(client.get(url).text), **changes})


def newest(slug: str) -> Any:
    """Return the newest content as the city's lead reads it."""
    return queries.newest_text(actor("lead"), slug).content


@pytest.fixture
def official(app: Flask) -> FlaskClient:
    """Return the browser of Sidoarjo's official."""
    return client_of(app, "official")


def test_proposal_in_indonesian_fills_the_parts_of_a_practice(official: FlaskClient) -> None:
    """By the headings of the competition's form; what has no place waits for one."""
    answer = take(official, begun(official, document()))
    assert answer.location == "/practices/izin-sekali-datang/edit"
    content = newest("izin-sekali-datang")
    assert (content.title, content.language) == ("Izin sekali datang", "id")
    assert content.summary == "Izin usaha selesai dalam satu kunjungan."
    assert content.problem == (
        "<p>Pemilik toko mendatangi sembilan kantor dan menunggu 60 hari.</p>"
    )
    assert [(one.name, one.purpose) for one in content.blocks] == [
        ("2. Pendekatan Strategis", "<p>Satu loket untuk semua izin.</p>")
    ]
    assert content.cost == "<p>Rp1,2 miliar dari APBD.</p>"
    assert content.upkeep == "<p>Rapat setiap bulan.</p>"
    assert content.difficulties == "<p>Listrik sering padam.</p>"
    assert content.lessons == "<p>Latih petugas sebelum loket dibuka.</p>"
    assert content.leftover == "<h3>7. Hal Lain yang Menarik</h3><p>Warga membawa kopi.</p>"


@pytest.mark.parametrize(
    ("heading", "name"),
    [
        ("Problem statement", "problem"), ("BAB I PENDAHULUAN", "problem"),
        ("A. Latar Belakang:", "problem"), ("1.2 Latar  belakang masalah", "problem"),
        ("Lesson learnt", "lessons"), ("Lessons Learned and What Comes Next", "lessons"),
        ("Pelaksanaan dan Penerapan", "blocks"), ("Keluaran/Output", "results"),
        ("Sebelum & Sesudah", "results"), ("Kendala utama yang dihadapi", "difficulties"),
        ("Keberlanjutan", "upkeep"), ("Dasar Hukum", "legal_basis"), ("DAFTAR ISI", "leave"),
        ("Para Pemangku Kepentingan", "staffing"), ("Penghargaan", "awards"),
        ("Our favourite songs", ""), ("", ""), ("1.", ""),
    ],
)  # fmt: skip
def test_heading_is_matched_in_both_languages(heading: str, name: str) -> None:
    """Without its number, its signs and its capitals, nearly or by what it contains."""
    assert matching.field_of(heading) == name


def test_every_known_heading_leads_to_a_place() -> None:
    """And only to such as the preview offers."""
    names = {matching.field_of(one) for one in matching.known()}
    assert names == {*matching.TARGETS, "title", "leave"} - {"cost_funds", "contact_backup"}


def test_section_below_goes_where_the_one_above_goes() -> None:
    """Until a heading of its own depth."""
    blocks = [Section("Hasil", 1, ""), Section("Waktu tunggu", 2, "<p>5 hari</p>"),
              Section("Lampiran foto", 1, "<p>x</p>")]  # fmt: skip
    assert matching.targets_of("", blocks) == ["results", "results", "leftover"]


def test_table_with_before_and_after_becomes_results(official: FlaskClient) -> None:
    """Each line is one; the table itself does not stay, for it says nothing more."""
    made = document({"Hasil": "Warga lebih cepat dilayani."})
    rows = [("No", "Indikator", "Satuan", "Sebelum (2018)", "Sesudah (2019)", "Sumber"),
            ("1", "Waktu izin", "hari", "60", "5", "Laporan 2019"),
            ("2", "Kunjungan", "kali", "9", "1", "Laporan 2019")]  # fmt: skip
    table = made.add_table(0, 6)
    for row in rows:
        for cell, text in zip(table.add_row().cells, row, strict=True):
            cell.text = text
    url = begun(official, made)
    assert "Its table becomes 2 results" in official.get(url).text
    take(official, url)
    content = newest("izin-sekali-datang")
    assert [(one.indicator, one.unit, one.before, one.after, one.source) for one in
            content.results[:2]] == [("Waktu izin", "hari", "60", "5", "Laporan 2019"),
                                     ("Kunjungan", "kali", "9", "1", "Laporan 2019")]  # fmt: skip
    assert [one.indicator for one in content.results[2:]] == ["Warga lebih cepat dilayani."]
    assert "<table" not in content.model_dump_json()


def test_table_that_is_not_wanted_as_rows_stays_a_table(official: FlaskClient) -> None:
    """The author decides."""
    made = document({"Hasil": ""})
    table = made.add_table(0, 3)
    for row in (("Indikator", "Sebelum", "Sesudah"), ("Waktu", "60", "5")):
        for cell, text in zip(table.add_row().cells, row, strict=True):
            cell.text = text
    url = begun(official, made)
    data = suggested(official.get(url).text)
    del data["rows-0"]
    post(official, url, {**data, "to-0": "lessons"})
    content = newest("izin-sekali-datang")
    assert not content.results
    assert html.plain(content.lessons) == "Hasil\nIndikator Sebelum Sesudah\nWaktu 60 5"


@pytest.mark.parametrize(
    "table",
    [
        "<tr><td>Sebelum</td><td>Sesudah</td></tr><tr><td>1</td><td>2</td></tr>",
        "<tr><td>Indikator</td><td>Before</td><td>After</td></tr>",
        f"<tr><td>x</td><td>Before</td><td>After</td></tr><tr><td>x</td><td>{'y' * 101}</td></tr>",
        "<tr><td colspan='2'>Before</td><td>After</td></tr><tr><td>x</td><td>1</td><td>2</td></tr>",
        "<tr><td>What</td><td>Who</td></tr><tr><td>x</td><td>y</td></tr>",
    ],
)
def test_table_that_cannot_be_rows_is_left_as_it_is(table: str) -> None:
    """No cell of it is cut or lost."""
    text = f"<table>{table}</table>"
    rows, rest = matching.results_of(text)
    assert not rows
    assert html.plain(rest) == html.plain(text)


def test_author_corrects_where_a_section_goes(official: FlaskClient) -> None:
    """Left out, kept for later, or in another part."""
    url = begun(official, document())
    answer = take(official, url, **{"to-1": "lessons", "to-4": "leave", "title": "Another title"})
    assert answer.location == "/practices/another-title/edit"
    content = newest("another-title")
    assert content.problem == ""
    assert html.plain(content.lessons).startswith("1. Analisis Masalah\nPemilik toko")
    assert "Rapat setiap bulan" not in content.model_dump_json()


def test_crafted_place_keeps_the_section_to_be_placed(official: FlaskClient) -> None:
    """As does a section that the form says nothing of."""
    url = begun(official, document({"Latar belakang": "Alpha", "Kendala": "Beta"}))
    post(official, url, {"title": "Crafted", "language": "id", "to-0": "visibility"})
    assert html.plain(newest("crafted").leftover) == "Latar belakang\nAlpha\nKendala\nBeta"


def test_document_is_added_to_a_draft_and_writes_nothing_over(official: FlaskClient) -> None:
    """A line that is taken goes to what waits; texts go on below."""
    practice = write(problem="Old words.", agency="Old agency")
    made = document({"Latar belakang": "New words.", "OPD": "Dinas Baru", "Ringkasan": "w " * 199})
    answer = take(official, begun(official, made, f"/practices/{practice.slug}/word"))
    assert answer.location == f"/practices/{practice.slug}/edit"
    content = newest(practice.slug)
    assert content.title == "Business permits in one visit"
    assert content.problem == "<p>Old words.</p><p>New words.</p>"
    assert content.agency == "Old agency"
    assert content.summary == "Shops wait less for their permits."
    assert html.plain(content.leftover).startswith("OPD\nDinas Baru\nRingkasan\nw w w")
    page = official.get(answer.location).text
    assert "2 sections did not fit where you sent them" in page


def test_answered_field_is_no_longer_unknown(official: FlaskClient) -> None:
    """What the document tells is known."""
    practice = write()
    take(official, begun(official, document({"Biaya": "Rp1"}), f"/practices/{practice.slug}/word"))
    content = newest(practice.slug)
    assert content.cost == "<p>Rp1</p>"
    assert "cost" not in content.unknown
    assert "lessons" in content.unknown


def test_published_text_stays_up_while_a_document_is_added(official: FlaskClient) -> None:
    """Its next revision begins."""
    practice = write_to("published")
    take(official, begun(official, document({"Kendala": "X"}), f"/practices/{practice.slug}/word"))
    assert queries.get_published(actor("visitor"), practice.slug).content.difficulties == ""
    assert newest(practice.slug).difficulties == "<p>X</p>"


def test_text_under_review_takes_no_document(official: FlaskClient) -> None:
    """Neither at the first step nor at the last; the preview is kept."""
    practice = write()
    url = begun(official, document(), f"/practices/{practice.slug}/word")
    revision = queries.newest_text(actor("lead"), practice.slug)
    revision.state = State.SUBMITTED
    db.session().commit()
    assert official.get(f"/practices/{practice.slug}/word").status_code == 409
    answer = post(official, url, {"to-0": "lessons"})
    assert answer.status_code == 409
    assert "being reviewed" in answer.text


def test_document_taken_twice_is_there_once(official: FlaskClient) -> None:
    """A second press of the button, or a reload, leads to the same draft."""
    url = begun(official, document())
    data = suggested(official.get(url).text)
    first, second = post(official, url, data), post(official, url, data)
    assert first.location == second.location
    assert official.get(url).location == first.location
    assert len(queries.work_of(actor("lead"))) == 1
    row = db.session().scalar(select(Preview))
    assert row is not None
    assert "Pemilik toko" not in row.lines


@pytest.mark.parametrize("role", ["rival", "lead", "pending"])
def test_preview_is_for_the_person_who_sent_the_document(app: Flask, role: str) -> None:
    """Not even for a colleague: it is no draft yet."""
    url = begun(client_of(app, "official"), document())
    other = client_of(app, role)
    assert other.get(url).status_code == 404
    assert post(other, url, {"title": "Mine"}).status_code == 404


@pytest.mark.parametrize("role", sorted(set(ROLES) - {"official", "lead", "rival", "rival lead",
                                                      "pending", "visitor"}))  # fmt: skip
def test_who_may_not_write_is_refused_at_each_door(app: Flask, role: str) -> None:
    """Before anything is read."""
    url = begun(client_of(app, "official"), document())
    client = client_of(app, role)
    for address in ("/practices/new/word", url):
        assert client.get(address).status_code == 403
        assert post(client, address, {"text": "x"}).status_code == 403


def test_rival_adds_nothing_to_the_practice_of_another_city(app: Flask) -> None:
    """A draft is hidden, a published one visible and not theirs."""
    draft, published = write(), write_to("published", title="Out")
    rival = client_of(app, "rival")
    assert send(rival, saved(document()), f"/practices/{draft.slug}/word").status_code == 404
    assert send(rival, saved(document()), f"/practices/{published.slug}/word").status_code == 403


def test_suspension_between_preview_and_draft_is_felt(app: Flask) -> None:
    """Who may no longer write takes nothing."""
    pending = client_of(app, "pending")
    url = begun(pending, document())
    other = client_of(app, "suspended")
    assert other.get(url).status_code == 403
    assert take(pending, url).status_code == 302


def test_preview_is_over_after_a_day(official: FlaskClient) -> None:
    """It holds what nobody took."""
    url = begun(official, document())
    with clock.moved(timedelta(days=1, minutes=1)):
        assert official.get(url).status_code == 404


def test_preview_of_another_kind_is_none_of_these(official: FlaskClient) -> None:
    """Lists of changes are kept in the same place."""
    url = begun(official, document())
    row = db.session().scalar(select(Preview))
    assert row is not None
    row.kind = "memberships.change"
    db.session().commit()
    assert official.get(url).status_code == 404


def test_pasted_text_is_parted_at_its_headings(official: FlaskClient) -> None:
    """Lines that are known headings, with or without a number."""
    text = "Izin cepat\n\nLatar belakang\n\nLama sekali.\n\n2. Kendala\n\nListrik padam.\n"
    answer = post(official, "/practices/new/word", {"text": text})
    take(official, answer.location)
    content = newest("izin-cepat")
    assert content.problem == "<p>Lama sekali.</p>"
    assert content.difficulties == "<p>Listrik padam.</p>"


def test_pasted_text_that_cannot_be_taken_stays_in_the_box(official: FlaskClient) -> None:
    """With a sentence."""
    answer = post(official, "/practices/new/word", {"text": "word " * 60_001})
    assert answer.status_code == 422
    assert "more than 300,000 characters" in answer.text
    assert "word word word" in answer.text


def test_refused_document_is_told_at_its_field(official: FlaskClient) -> None:
    """The sentence says what to do."""
    answer = send(official, b"%PDF-1.7 this is a PDF")
    assert answer.status_code == 422
    assert "This is no Word document. Save it as .docx" in answer.text
    assert 'href="#file"' in answer.text


def test_nothing_chosen_is_told(official: FlaskClient) -> None:
    """No document and no text."""
    answer = post(official, "/practices/new/word", {})
    assert answer.status_code == 422
    assert "Choose a document first." in answer.text


def test_request_larger_than_a_document_may_be_is_refused(official: FlaskClient) -> None:
    """Before it is read."""
    kind = "multipart/form-data; boundary=x"
    body = b"--x\r\n" + b"x" * word.MOST_REQUEST_BYTES
    answer = official.post("/practices/new/word", data=body, content_type=kind)
    assert answer.status_code == 413


def test_who_sends_very_many_documents_waits(
    official: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each takes memory and time."""
    monkeypatch.setattr("citynet.practices.service.word.MOST_AN_HOUR", 1)
    begun(official, document())
    answer = send(official, saved(document()))
    assert answer.status_code == 409
    assert "many documents within an hour" in answer.text


def test_title_that_is_too_long_is_asked_for_and_kept_whole(official: FlaskClient) -> None:
    """Its beginning is offered; the whole is one more section."""
    long = "Izin usaha mikro " * 12
    url = begun(official, document(title=long))
    assert take(official, url, title="x" * 101).status_code == 422
    take(official, url)
    found = queries.work_of(actor("lead"))[0].content
    assert len(found.title) <= 100
    assert long.strip() in html.plain(found.leftover)


def test_more_than_a_practice_holds_is_refused_and_the_preview_stays(
    official: FlaskClient,
) -> None:
    """No word is cut: the author decides what to leave out."""
    paragraph = "Satu kalimat yang panjang sekali. " * 500
    made = document({f"Bagian {number}": paragraph for number in range(10)})
    url = begun(official, made)
    answer = take(official, url)
    assert answer.status_code == 422
    assert "more than a practice keeps to be placed" in answer.text
    assert not queries.work_of(actor("lead"))
    data = {f"to-{number}": "leave" for number in range(3)}
    assert take(official, url, **data).status_code == 302
    assert len(html.plain(queries.work_of(actor("lead"))[0].content.leftover)) > 100_000


def test_pictures_come_along_with_their_descriptions(official: FlaskClient) -> None:
    """Those of sections that are left out do not."""
    made = document({"Kendala": "One", "Lampiran": "Two"})
    for color in ("red", "blue"):
        out = io.BytesIO()
        Image.new("RGB", (60, 40), color).save(out, "PNG")
        made.add_picture(out)
    made.element.xpath("//wp:docPr")[0].set("descr", "A red counter")
    made.paragraphs[2]._p.addnext(made.paragraphs[-2]._p)
    url = begun(official, made)
    assert "Add the 2 pictures of this document" in official.get(url).text
    take(official, url, **{"to-1": "leave"})
    revision = queries.work_of(actor("lead"))[0]
    found = files.current_files(revision.practice_id)
    assert [(one.alt, one.media_type) for one in found] == [("A red counter", "image/png")]


def test_picture_that_cannot_be_kept_takes_nothing_else_with_it(official: FlaskClient) -> None:
    """The text is there, and a sentence says so."""
    made = document({"Kendala": "One"})
    out = io.BytesIO()
    Image.new("RGB", (60, 40), "red").save(out, "PNG")
    made.add_picture(out)
    content = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(saved(made))) as old,
        zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            body = old.read(name)
            new.writestr(name, body[:40] if name.startswith("word/media/") else body)
    url = send(official, content.getvalue()).location
    answer = take(official, url)
    assert newest("izin-sekali-datang").difficulties == "<p>One</p>"
    assert "picture-1.png: " in official.get(answer.location).text


def test_placing_cuts_nothing() -> None:
    """Each field that is full sends the next to what waits."""
    content = contents.read({"title": "T", "summary": "w " * 195})
    blocks = [Section("Ringkasan", 1, "<p>one two three four five six</p>"),
              Section("Manfaat", 1, f"<p>{'x' * 201}</p>"),
              Section("Kendala", 1, f"<p>{'y' * 19_999}</p>"),
              Section("Kendala", 1, "<p>zz</p>")]  # fmt: skip
    placed = placing.place(
        content, blocks, matching.targets_of("", blocks), as_rows=[True] * len(blocks)
    )
    assert placed.moved == ["Ringkasan", "Manfaat", "Kendala"]
    found = contents.read(placed.record)
    kept = html.plain(found.leftover)
    assert kept.split("\n") == [
        "Ringkasan", "one two three four five six", "Manfaat", "x" * 201, "Kendala", "zz",
    ]  # fmt: skip
