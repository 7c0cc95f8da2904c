"""Pictures and attachments against those who should not: strangers, rivals, and bad files."""

from __future__ import annotations

import errno
import io
import struct
import subprocess
import sys
import zipfile
import zlib
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from fsspec.implementations.local import LocalFileSystem
from PIL import Image
from sqlalchemy import func, select

from citynet.kit import db
from citynet.kit.errors import Forbidden, Invalid, NotFound
from citynet.practices import queries, service
from citynet.practices.models import Practice, PracticeFile
from citynet.practices.queries import files as reads
from citynet.practices.service import files
from citynet.practices.service.files import Words
from config import ROOT
from tests.network import actor, client_of, post, write, write_to
from tests.practices.file_rows import PDF, package, picture

OUTSIDERS = ("rival", "rival lead", "suspended", "pending", "nobody's", "secretariat", "chapter")


def refused(content: bytes, name: str = "picture.jpg") -> str:
    """Return the sentence with which a file is refused; nothing of it is kept."""
    practice = write()
    with pytest.raises(Invalid) as error:
        files.add(actor("official"), practice, content, name)
    assert set(error.value.fields) == {"file"}
    assert kept() == 0
    return error.value.fields["file"]


def kept() -> int:
    """Return how many files there are."""
    return db.session().scalar(select(func.count()).select_from(PracticeFile)) or 0


def out(practice: Practice) -> None:
    """Bring the draft to readers."""
    service.submit(actor("official"), practice)
    service.sign_off(actor("lead"), practice)
    service.publish(actor("secretariat"), practice)


def bomb(width: int, height: int) -> bytes:
    """Return a PNG that says it has so many points, in a few kilobytes."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        checksum = struct.pack(">I", zlib.crc32(kind + content))
        return struct.pack(">I", len(content)) + kind + content + checksum

    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    body = zlib.compress(b"\0" * (width + 1) * min(height, 50), 9)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


# ---- who may ----


@pytest.mark.parametrize("role", OUTSIDERS)
def test_nobody_outside_the_city_changes_its_files(app: Flask, role: str) -> None:
    """By command, whatever page they come from."""
    practice = write()
    one = files.add(actor("official"), practice, picture(), "a.jpg")
    who = actor(role)
    with pytest.raises(Forbidden):
        files.add(who, practice, PDF, "a.pdf")
    with pytest.raises(Forbidden):
        files.describe(who, practice, one.key, Words("Mine"), seen=1)
    with pytest.raises(Forbidden):
        files.move(who, practice, one.key, by=1)
    with pytest.raises(Forbidden):
        files.choose_cover(who, practice, one.key, wanted=True)
    with pytest.raises(Forbidden):
        files.remove(who, practice, one.key)
    assert kept() == 1


@pytest.mark.parametrize("role", ["visitor", *OUTSIDERS])
def test_files_of_a_draft_do_not_exist_for_others(app: Flask, role: str) -> None:
    """Neither the page nor the file nor a rendition tells that there is one."""
    practice = write()
    one = files.add(actor("official"), practice, picture(), "a.jpg")
    browser = client_of(app, role)
    path = f"/practices/{practice.slug}/files"
    for address in (f"{path}/{one.key}", f"{path}/{one.key}/320.webp"):
        assert browser.get(address).status_code == 404
    if role != "visitor":
        assert browser.get(path).status_code == 404
        assert browser.get(f"{path}/{one.key}/remove").status_code == 404
        assert post(browser, path, {"files": (io.BytesIO(PDF), "a.pdf")}).status_code == 404
        assert post(browser, f"{path}/{one.key}", {"alt": "x"}).status_code == 404
        assert post(browser, f"{path}/{one.key}/remove").status_code == 404
    assert kept() == 1


@pytest.mark.parametrize("role", OUTSIDERS)
def test_files_of_a_published_text_are_readable_and_not_theirs_to_change(
    app: Flask, role: str
) -> None:
    """403 for what is visible."""
    practice = write()
    one = files.add(actor("official"), practice, PDF, "a.pdf")
    out(practice)
    browser = client_of(app, role)
    path = f"/practices/{practice.slug}/files"
    assert browser.get(f"{path}/{one.key}").status_code == 200
    assert browser.get(path).status_code == 403
    assert post(browser, path, {"files": (io.BytesIO(PDF), "b.pdf")}).status_code == 403
    assert post(browser, f"{path}/{one.key}", {"alt": "x"}).status_code == 403
    assert post(browser, f"{path}/{one.key}/remove").status_code == 403


@pytest.mark.parametrize(
    ("role", "status"),
    [("visitor", 404), ("suspended", 404), ("pending", 404), ("nobody's", 404), ("rival", 200),
     ("secretariat", 200)],
)  # fmt: skip
def test_files_of_a_practice_for_members_are_for_members(
    app: Flask, role: str, status: int
) -> None:
    """Under its own address, too."""
    practice = write(visibility="members")
    one = files.add(actor("official"), practice, PDF, "a.pdf")
    out(practice)
    answer = client_of(app, role).get(f"/practices/{practice.slug}/files/{one.key}")
    assert answer.status_code == status


def test_key_opens_a_file_only_under_its_own_practice(app: Flask) -> None:
    """Altered addresses lead nowhere: a draft's file is not to be had through what is public."""
    open_one, draft = write_to("published", title="Open"), write(title="Draft")
    one = files.add(actor("official"), draft, picture(), "a.jpg")
    browser = client_of(app, "rival")
    assert browser.get(f"/practices/{open_one.slug}/files/{one.key}").status_code == 404
    own = client_of(app, "official")
    path = f"/practices/{open_one.slug}/files/{one.key}"
    assert own.get(path).status_code == 404
    assert post(own, path, {"alt": "x", "seen": "1"}).status_code == 409
    with pytest.raises(NotFound):
        files.remove(actor("official"), open_one, one.key)
    assert kept() == 1


def test_file_removed_before_publication_is_gone_for_readers_at_once(app: Flask) -> None:
    """Who kept its address learns nothing."""
    practice = write()
    one = files.add(actor("official"), practice, PDF, "a.pdf")
    out(practice)
    files.remove(actor("official"), practice, one.key)
    out(practice)
    answer = app.test_client().get(f"/practices/{practice.slug}/files/{one.key}")
    assert answer.status_code == 404


@pytest.mark.parametrize(
    "key",
    ["..", "../../citynet.db", "..%2f..%2fcitynet.db", "%2e%2e/secret_key", "x" * 5000, "1",
     "'%20OR%201=1", "320.webp", "\u202e", "%00"],
)  # fmt: skip
def test_tricks_with_addresses_are_not_found(app: Flask, key: str) -> None:
    """No name of a file is ever made from an address."""
    practice = write_to("published")
    reader = app.test_client()
    assert reader.get(f"/practices/{practice.slug}/files/{key}").status_code in (400, 404)
    address = f"/practices/{practice.slug}/files/{key}/320.webp"
    assert reader.get(address).status_code in (400, 404)


@pytest.mark.parametrize("tail", ["0.webp", "-1.webp", "99999999999.jpg", "320.svg", "320.html"])
def test_odd_renditions_are_not_found(app: Flask, tail: str) -> None:
    """Only those that the worker made; none is made on demand."""
    practice = write()
    one = files.add(actor("official"), practice, picture(), "a.jpg")
    out(practice)
    address = f"/practices/{practice.slug}/files/{one.key}/{tail}"
    assert app.test_client().get(address).status_code == 404


def test_visitor_is_asked_to_sign_in_before_anything_else(app: Flask) -> None:
    """And nothing is read of what they sent."""
    practice = write_to("published")
    visitor = app.test_client()
    path = f"/practices/{practice.slug}/files"
    assert visitor.get(path).status_code == 302
    answer = post(visitor, path, {"files": (io.BytesIO(PDF), "a.pdf")})
    assert answer.status_code in (302, 401)
    assert kept() == 0


def test_form_from_another_site_adds_nothing(app: Flask) -> None:
    """Each post needs its token."""
    practice = write()
    browser = client_of(app, "official")
    answer = browser.post(
        f"/practices/{practice.slug}/files", data={"files": (io.BytesIO(PDF), "a.pdf")}
    )
    assert answer.status_code == 400
    assert kept() == 0


# ---- what is sent ----


@pytest.mark.parametrize(
    "content",
    [
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        b"<?xml version='1.0'?><svg/>", b"<html><script>alert(1)</script>",
        b"  \n<!DOCTYPE html>", b"\xef\xbb\xbf<script>alert(1)</script>",
        "<svg onload=alert(1)>".encode("utf-16"), b"hello <script>alert(1)</script>",
        b"GIF89a" + b"\0" * 50, b"MZ\x90\0", b"\x7fELF\x02\x01", b"#!/bin/sh\nrm -rf /\n",
        b"{\\rtf1 x}", b"%!PS-Adobe", b"PK\x03\x04 broken", b"\0" * 400, b"RIFF\0\0\0\0WAVE",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, b"",
    ],
)  # fmt: skip
@pytest.mark.parametrize("name", ["picture.jpg", "notes.txt"])
def test_what_a_browser_or_a_computer_would_run_is_refused(
    app: Flask, content: bytes, name: str
) -> None:
    """Whatever it is called."""
    assert refused(content, name)


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize("part", [0.02, 0.5, 0.97])
def test_truncated_picture_is_refused(app: Flask, form: str, part: float) -> None:
    """A line that broke in the middle keeps no half picture."""
    noise = Image.effect_noise((300, 200), 80).convert("RGB")
    whole = io.BytesIO()
    noise.save(whole, form)
    content = whole.getvalue()
    assert "cannot be read" in refused(content[: int(len(content) * part)])


def test_picture_of_more_than_15_mb_is_refused_before_it_is_opened(app: Flask) -> None:
    """With a sentence."""
    assert "15 MB" in refused(b"\xff\xd8\xff" + b"\0" * 15_000_000)


def test_document_of_more_than_20_mb_is_refused(app: Flask) -> None:
    """With a sentence."""
    assert "20 MB" in refused(b"%PDF-" + b"\0" * 20_000_000, "a.pdf")


@pytest.mark.parametrize(
    "size", [(20_000, 20_000), (7_000, 7_000), (40_000_001, 1), (60_000, 60_000)]
)
def test_bomb_is_refused_by_its_size_in_points(app: Flask, size: tuple[int, int]) -> None:
    """Before any of it is unpacked."""
    assert "40 million points" in refused(bomb(*size), "bomb.png")


def test_memory_stays_bounded_whatever_the_picture_says() -> None:
    """Measured in a process of its own: a bomb, then the largest picture that is taken."""
    script = (
        "import io, resource\n"
        "from flask import Flask\n"
        "from PIL import Image\n"
        "from citynet.kit import i18n, pictures\n"
        "from citynet.kit.errors import Invalid\n"
        "from tests.practices.test_attack_pictures import bomb\n"
        "app = Flask('x'); i18n.init_app(app)\n"
        "with app.test_request_context():\n"
        "    base = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss\n"
        "    try:\n"
        "        pictures.photograph(bomb(20_000, 20_000))\n"
        "    except Invalid:\n"
        "        pass\n"
        "    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - base)\n"
        "    out = io.BytesIO()\n"
        "    Image.new('RGB', (8_000, 5_000), 90).save(out, 'JPEG')\n"
        "    base = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss\n"
        "    pictures.photograph(out.getvalue())\n"
        "    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - base)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True
    )
    of_bomb, of_largest = map(int, done.stdout.split())
    assert of_bomb < 20_000
    assert of_largest < 250_000


def test_long_text_in_a_png_is_bounded(app: Flask) -> None:
    """A compressed comment that unpacks to 200 MB."""
    whole = picture("PNG", size=(10, 10))
    body = b"Comment\0\0" + zlib.compress(b"a" * 200_000_000, 9)
    chunk = struct.pack(">I", len(body)) + b"zTXt" + body
    chunk += struct.pack(">I", zlib.crc32(b"zTXt" + body))
    assert refused(whole[:33] + chunk + whole[33:], "a.png")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (package("[Content_Types].xml", "xl/workbook.xml", "xl/vbaProject.bin"), "macros"),
        (package("content.xml", "Basic/Standard/Module1.xml",
                 mimetype=b"application/vnd.oasis.opendocument.text"), "macros"),
        (package("content.xml", mimetype=b"text/html"), "not taken"),
        (package("index.html", "[Content_Types].xml"), "not taken"),
        (package("xl/workbook.xml", **{"[Content_Types].xml": b"macroEnabled"}), "macros"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "Workbook_VBA_PROJECT".encode("utf-16-le"),
         "macros"),
    ],
)  # fmt: skip
def test_document_that_does_something_when_opened_is_refused(
    app: Flask, content: bytes, words: str
) -> None:
    """Macros of each kind, and packages that are something else."""
    assert words in refused(content, "budget.xlsx")


def test_zip_bomb_is_refused_within_bounds(app: Flask) -> None:
    """It says 500 MB in half a megabyte."""
    sent = io.BytesIO()
    with zipfile.ZipFile(sent, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", b"<x/>")
        archive.writestr("xl/workbook.xml", b"<x/>")
        with archive.open("xl/sheet1.xml", "w") as part:
            for _number in range(100):
                part.write(b"0" * 1_000_000)
    assert "50 MB" in refused(sent.getvalue(), "a.xlsx")


def test_hundred_files_at_once_are_taken_up_to_ten(app: Flask) -> None:
    """The others are named, and nothing breaks."""
    practice = write()
    sent = [(io.BytesIO(f"line {number}\n".encode()), f"{number}.txt") for number in range(100)]
    answer = post(client_of(app, "official"), f"/practices/{practice.slug}/files", {"files": sent})
    assert answer.status_code == 422
    assert "up to 10 files at once" in answer.text
    assert kept() == 10


def test_practice_has_room_for_a_hundred_files(app: Flask) -> None:
    """The next is refused with a sentence."""
    practice, official = write(), actor("official")
    with db.atomic():
        for number in range(100):
            files.add(official, practice, f"line {number}\n".encode(), f"{number}.txt")
    with pytest.raises(Invalid) as error:
        files.add(official, practice, b"one more\n", "more.txt")
    assert "100 files" in error.value.fields["file"]


# ---- what is given back ----


def test_attachment_is_only_ever_a_download_that_can_do_nothing(app: Flask) -> None:
    """Even a text that some browser took for a page."""
    practice = write()
    one = files.add(actor("official"), practice, b"a < b, and javascript: too\n", 'x"\r\n;.txt')
    out(practice)
    answer = app.test_client().get(f"/practices/{practice.slug}/files/{one.key}")
    assert answer.headers["Content-Disposition"].startswith("attachment; filename=")
    assert "\n" not in answer.headers["Content-Disposition"]
    assert answer.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.content_type == "text/plain; charset=utf-8"


def test_picture_is_written_anew_so_that_nothing_hides_in_it(app: Flask) -> None:
    """A page behind a picture is gone."""
    practice = write()
    hidden = b"<html><script>alert(1)</script>"
    one = files.add(actor("official"), practice, picture("PNG") + hidden, "a.png")
    out(practice)
    answer = app.test_client().get(f"/practices/{practice.slug}/files/{one.key}")
    assert answer.content_type == "image/png"
    assert hidden not in answer.data
    assert "sandbox" in answer.headers["Content-Security-Policy"]


@pytest.mark.parametrize("field", ["alt", "caption"])
def test_words_with_markup_are_words(app: Flask, field: str) -> None:
    """On the page of readers and on that of authors."""
    practice = write()
    attack = '"><img src=x onerror=alert(1)>\u202e'
    files.add(actor("official"), practice, picture(), f"{attack}.jpg", **{field: attack})
    out(practice)
    browser = client_of(app, "official")
    for path in (f"/practices/{practice.slug}", f"/practices/{practice.slug}/files"):
        page = browser.get(path).text
        assert "<img src=x" not in page
        assert "&lt;img src=x onerror=alert(1)&gt;" in page
        assert "\u202e" not in page


def test_odd_fields_do_no_harm(app: Flask) -> None:
    """A crafted form answers with a page."""
    practice = write()
    one = files.add(actor("official"), practice, picture(), "a.jpg")
    browser = client_of(app, "official")
    path = f"/practices/{practice.slug}/files"
    for data in (
        {"seen": "x"}, {"seen": "9" * 50}, {"action": "dance"}, {"alt": "x" * 100_000},
        {"alt": "x", "seen": "-1"}, {"caption": "\0"}, {"decorative": "\0"},
    ):  # fmt: skip
        assert post(browser, f"{path}/{one.key}", data).status_code in (302, 409, 422)
    assert post(browser, path, {"files": "a text"}).status_code == 422
    assert post(browser, path).status_code == 422


# ---- when the disk is full ----


def test_full_disk_keeps_nothing_half_and_says_what_to_do(
    app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither a row nor half a file; afterwards the same file is taken."""
    practice = write()

    def write_half(_self: Any, path: str, value: bytes, **_options: Any) -> None:
        Path(path).write_bytes(value[: len(value) // 2])
        raise OSError(errno.ENOSPC, "No space left on device")

    browser = client_of(app, "official")
    path = f"/practices/{practice.slug}/files"
    with monkeypatch.context() as patch:
        patch.setattr(LocalFileSystem, "pipe_file", write_half)
        answer = post(browser, path, {"files": (io.BytesIO(PDF), "a.pdf")})
    assert answer.status_code == 422
    assert "could not save this just now" in answer.text
    assert kept() == 0
    assert not [one for one in (tmp_path / "instance" / "files").rglob("*") if one.is_file()]
    assert post(browser, path, {"files": (io.BytesIO(PDF), "a.pdf")}).status_code == 302
    assert kept() == 1


def test_store_that_cannot_be_written_leaves_the_published_text_as_it_is(
    app: Flask, tmp_path: Path
) -> None:
    """No next revision begins for a file that could not be kept."""
    practice = write_to("published")
    folder = tmp_path / "instance" / "files"
    folder.rmdir()
    folder.write_bytes(b"no folder")
    with pytest.raises(Invalid):
        files.add(actor("official"), practice, PDF, "a.pdf")
    newest = queries.newest_text(actor("official"), practice.slug)
    assert (newest.number, newest.state) == (1, "published")
    assert reads.files_of(newest).attachments == []
