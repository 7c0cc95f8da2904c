"""Uploads: told by their content, bounded, pictures written anew, given back safely."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from flask import Flask
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageFile
from werkzeug.datastructures import FileStorage

from citynet.kit import files, i18n, uploads
from citynet.kit.errors import Invalid, NotFound
from citynet.kit.uploads import DOCX

PDF = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<<>>\nendobj\n%%EOF\n"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 504
TYPES = b'<?xml version="1.0"?><Types><Override ContentType="application/vnd.openxml"/></Types>'
RELATIONS = (
    b'<Relationships><Relationship Type="x/hyperlink" Target="https://a" %s/></Relationships>'
)


@pytest.fixture(scope="module", autouse=True)
def plain_app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Run inside a bare application with a file store."""
    app = Flask(__name__)
    i18n.init_app(app)
    files.init_app(app, tmp_path_factory.mktemp("store"))
    with app.test_request_context():
        yield


def sent(content: bytes, name: str = "letter.pdf") -> FileStorage:
    """Return a file as a browser sends it, with a media type that is not believed."""
    return FileStorage(io.BytesIO(content), filename=name, content_type="application/pdf")


def read(content: bytes, name: str = "letter.pdf") -> uploads.Upload:
    """Read a file that was sent."""
    return uploads.read_document(sent(content, name))


def refused(content: bytes, name: str = "letter.pdf") -> str:
    """Return the sentence with which a file is refused."""
    with pytest.raises(Invalid) as error:
        read(content, name)
    assert set(error.value.fields) == {"file"}
    return error.value.fields["file"]


def picture(
    form: str, *, size: tuple[int, int] = (40, 20), mode: str = "RGB", **options: object
) -> bytes:
    """Return a picture."""
    out = io.BytesIO()
    Image.new(mode, size, 1).save(out, form, **options)
    return out.getvalue()


def word(**parts: bytes) -> bytes:
    """Return a Word document, with parts put in; `__` in a name is a slash, `_` a dot."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in {
            "[Content_Types].xml": TYPES,
            "_rels/.rels": RELATIONS % b"",
            "word/document.xml": b"<w:document/>",
            **{name.replace("__", "/").replace("_", "."): body for name, body in parts.items()},
        }.items():
            archive.writestr(name, content)
    return out.getvalue()


@pytest.mark.parametrize(
    ("content", "name", "media_type", "kept_name"),
    [
        (PDF, "Surat minat.pdf", "application/pdf", "Surat minat.pdf"),
        (PDF, "letter.exe", "application/pdf", "letter.pdf"),
        (PDF, "", "application/pdf", "document.pdf"),
        (word(), "letter.docx", DOCX, "letter.docx"),
        (word(), "letter.pdf", DOCX, "letter.docx"),
        (OLE + "WordDocument".encode("utf-16-le"), "old.doc", "application/msword", "old.doc"),
        (picture("JPEG"), "scan.jpeg", "image/jpeg", "scan.jpg"),
        (picture("PNG"), "scan.png", "image/png", "scan.png"),
        (picture("WEBP"), "scan.webp", "image/webp", "scan.webp"),
    ],
)
def test_content_decides_the_type(
    content: bytes, name: str, media_type: str, kept_name: str
) -> None:
    """Not the name, and not what the browser says."""
    upload = read(content, name)
    assert (upload.media_type, upload.name) == (media_type, kept_name)


def test_documents_are_kept_as_they_are() -> None:
    """A signature under a PDF stays valid."""
    assert read(PDF).content == PDF
    assert read(word()).content == word()


@pytest.mark.parametrize(
    "content",
    [
        b"hello", b"<html><script>alert(1)</script>", b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"MZ\x90\x00" + b"\0" * 200, b"\x7fELF" + b"\0" * 200, b"#!/bin/sh\n", b"{\\rtf1 x}",
        b"GIF89a" + b"\0" * 50, b" " + PDF, b"<!--" + PDF, b"PK\x03\x04", b"\xd0\xcf\x11\xe0",
        b"BM" + b"\0" * 60, b"II*\0" + b"\0" * 60, b"\0" * 100,
    ],
)  # fmt: skip
def test_anything_else_is_refused(content: bytes) -> None:
    """With what would do."""
    assert refused(content).endswith(".")


def test_empty_and_large_files_are_refused() -> None:
    """By their own sentences; nothing is read beyond the bound."""
    assert "empty" in refused(b"")
    assert "5 MB" in refused(PDF + b"x" * 5_000_000)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (word(word__vbaProject_bin=b"x"), "macros"),
        (word(word__sub__VBAPROJECT_BIN=b"x"), "macros"),
        (OLE + "WordDocument".encode("utf-16-le") + "_VBA_PROJECT".encode("utf-16-le"), "macros"),
        (OLE + "Workbook".encode("utf-16-le"), "no Word document"),
        (OLE + "EncryptedPackage".encode("utf-16-le"), "password"),
        (word(word__bomb_xml=b"\0" * 50_100_000), "50 MB"),
        (word(**{f"word__p{n}_xml": b"" for n in range(1_000)}), "50 MB"),
        (
            word(word___rels__settings_xml_rels=RELATIONS.replace(b"hyperlink", b"attachedTemplate")
                 % b'TargetMode="External"'),
            "fetches parts",
        ),
        (
            word(word___rels__d_xml_rels=b"<Part TargetMode='External' Type='a/oleObject'/>"),
            "fetches parts",
        ),
    ],
)  # fmt: skip
def test_document_that_could_do_harm_is_refused(content: bytes, words: str) -> None:
    """Macros, bombs, parts fetched from elsewhere, and what is no Word document inside."""
    assert words in refused(content)


def test_macros_told_of_in_the_table_of_contents_are_refused() -> None:
    """A .docm by another name."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("[Content_Types].xml", TYPES.replace(b"openxml", b"x.macroEnabled.main"))
        archive.writestr("word/document.xml", b"<w:document/>")
    assert "macros" in refused(out.getvalue())


def test_other_archives_are_refused() -> None:
    """A workbook, a ZIP of anything, one that is cut off, one with a part twice."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("xl/workbook.xml", b"x")
    assert "no Word document" in refused(out.getvalue())
    assert "damaged" in refused(word()[:-30])
    with pytest.warns(UserWarning, match="Duplicate"), zipfile.ZipFile(out, "a") as archive:
        archive.writestr("xl/workbook.xml", b"y")
    assert refused(out.getvalue())


def test_links_in_a_document_are_no_harm() -> None:
    """People click on them themselves."""
    linked = word(word___rels__d_xml_rels=RELATIONS % b'TargetMode="External"')
    assert read(linked).content == linked


def test_place_and_comments_fall_out_of_a_picture() -> None:
    """The camera's position, its name, and what was written into the file."""
    exif = Image.Exif()
    exif[0x010F] = "a camera"
    exif.get_ifd(0x8825)[1] = "S"
    content = picture("JPEG", exif=exif, comment=b"a secret")
    assert b"a camera" in content
    kept = read(content).content
    assert b"a camera" not in kept
    assert b"a secret" not in kept
    assert dict(Image.open(io.BytesIO(kept)).getexif()) == {}


def test_script_behind_a_picture_falls_out() -> None:
    """A file that is a picture and something else is a picture afterwards."""
    kept = read(picture("PNG") + b"<script>alert(1)</script>PK\x03\x04").content
    assert b"script" not in kept


def test_picture_stands_upright() -> None:
    """The turn that a camera only notes is made before the note falls out."""
    exif = Image.Exif()
    exif[0x0112] = 6
    kept = Image.open(io.BytesIO(read(picture("JPEG", size=(40, 20), exif=exif)).content))
    assert kept.size == (20, 40)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "I;16", "RGB"])
def test_picture_of_every_kind_is_read(mode: str) -> None:
    """Palettes, grey, transparent."""
    kept = Image.open(io.BytesIO(read(picture("PNG", mode=mode)).content))
    assert kept.size == (40, 20)


def test_picture_from_a_printer_is_read() -> None:
    """In four colours."""
    assert Image.open(io.BytesIO(read(picture("JPEG", mode="CMYK")).content)).mode == "RGB"


def test_large_picture_is_made_smaller() -> None:
    """A scan is read on a screen."""
    kept = Image.open(io.BytesIO(read(picture("PNG", size=(5_000, 2_500))).content))
    assert kept.size == (4_000, 2_000)


def bomb(width: int, height: int) -> bytes:
    """Return a PNG of a few hundred bytes that claims to be this large."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        check = struct.pack(">I", zlib.crc32(kind + data))
        return struct.pack(">I", len(data)) + kind + data + check

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    rows = zlib.compress(b"\0" * 10_000)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


@pytest.mark.parametrize("size", [(6_400, 6_400), (10_000, 10_000), (60_000, 60_000)])
def test_picture_that_unpacks_to_too_much_is_refused(size: tuple[int, int]) -> None:
    """Told by its first bytes, before a point is read."""
    assert "40 million" in refused(bomb(*size))


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_damaged_picture_is_refused(form: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Cut off in the middle, though another library asked Pillow to take such pictures."""
    monkeypatch.setattr(ImageFile, "LOAD_TRUNCATED_IMAGES", True)
    noise = Image.effect_noise((64, 64), 90).convert("RGB")
    out = io.BytesIO()
    noise.save(out, form)
    assert "cannot be read" in refused(out.getvalue()[: len(out.getvalue()) // 2])


@given(st.sampled_from([PDF, word(), picture("PNG"), picture("JPEG"), picture("WEBP")]),
       st.binary(min_size=1, max_size=40), st.integers(0, 2_000))  # fmt: skip
@settings(max_examples=150, deadline=None)
def test_damaged_file_is_read_or_refused(good: bytes, noise: bytes, at: int) -> None:
    """Bytes written over a good one, anywhere: nothing else comes out of it."""
    place = at % len(good)
    with suppress(Invalid):
        read(good[:place] + noise + good[place + len(noise) :])


@pytest.mark.parametrize(
    ("given_name", "kept"),
    [
        ("letter.pdf", "letter.pdf"), ("Surat Minat – Sidoarjo.PDF", "Surat Minat – Sidoarjo.pdf"),
        ("../../etc/passwd", "passwd.pdf"), ("C:\\Users\\siti\\letter.pdf", "letter.pdf"),
        ("letter.pdf\r\nSet-Cookie: x=y", "letter.pdfSet-Cookie x=y.pdf"), ("\0", "document.pdf"),
        (".htaccess", "htaccess.pdf"), ("letter\u202efdp.exe", "letterfdp.pdf"),
        ("", "document.pdf"),
        ('a"b;c%0d.pdf', "a b c 0d.pdf"), ("....", "document.pdf"), ("a" * 500, "a" * 100 + ".pdf"),
        ("市.pdf", "市.pdf"), ("<script>.pdf", "script.pdf"), ("letter.tar.pdf", "letter.tar.pdf"),
    ],
)  # fmt: skip
def test_name_is_cleaned(given_name: str, kept: str) -> None:
    """Folders, line ends, quotation marks, signs that turn the reading direction."""
    assert uploads.clean_name(given_name, "application/pdf") == kept


@given(st.text(max_size=80))
def test_no_name_breaks_a_header(name: str) -> None:
    """Whatever it holds."""
    kept = uploads.clean_name(name, "application/pdf")
    assert kept.endswith(".pdf")
    assert kept.isprintable()
    assert not set('/\\"<>:|?*;%\r\n\0') & set(kept)
    stored = files.put(PDF)
    header = uploads.answer(stored, name, "application/pdf").headers["Content-Disposition"]
    assert header.startswith("attachment; filename")


def test_file_comes_back_as_a_download_that_does_nothing() -> None:
    """A browser neither shows nor runs it, and keeps no copy."""
    answer = uploads.answer(files.put(PDF), "letter.pdf", "application/pdf")
    assert answer.get_data() == PDF
    assert answer.headers["Content-Disposition"] == "attachment; filename=letter.pdf"
    assert answer.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "private, no-store"


def test_media_type_that_is_not_ours_is_not_given_back() -> None:
    """Should one ever stand in a row."""
    answer = uploads.answer(files.put(b"<script>"), "x.html", "text/html")
    assert answer.mimetype == "application/octet-stream"
    assert answer.headers["Content-Disposition"] == "attachment; filename=x.bin"


def test_file_that_is_not_stored_is_not_found() -> None:
    """Nor is one outside the store."""
    for name in ("0" * 64, "../citynet.db", str(Path("/etc/passwd"))):
        with pytest.raises(NotFound):
            uploads.answer(name, "x.pdf", "application/pdf")


def test_mark_is_fitted_into_its_box() -> None:
    """As PNG, whatever it was."""
    kept = uploads.read_picture(sent(picture("WEBP", size=(900, 900))), to="PNG", box=(640, 128))
    assert kept.media_type == "image/png"
    assert Image.open(io.BytesIO(kept.content)).size == (128, 128)
    with pytest.raises(Invalid):
        uploads.read_picture(sent(PDF), to="PNG", box=(640, 128))
