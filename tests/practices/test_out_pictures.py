"""What a document takes along of pictures, and that no stranger keeps the server busy with it."""

from __future__ import annotations

import io
import random
import time
import tracemalloc
import zipfile
from datetime import timedelta
from typing import Any
from urllib.request import OpenerDirector

import docx
import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import select

from citynet.kit import clock, db, effects
from citynet.practices import plates, printing_pdf
from citynet.practices.models import Practice, Rendition
from citynet.practices.service import files
from citynet.practices.service.files import Words
from citynet.practices.views import out
from tests.network import actor, client_of, write, write_to
from tests.practices.file_rows import picture
from tests.practices.test_out import inflated, publish, write_again

needs_pdf = pytest.mark.skipif(
    not printing_pdf.is_available(), reason="WeasyPrint and Pango are not installed"
)
WAYS = (".docx", "/brief.docx", pytest.param(".pdf", marks=needs_pdf),
        pytest.param("/brief.pdf", marks=needs_pdf))  # fmt: skip
ODD = '"><script>alert(1)</script> & \ufffe{{ 7*7 }}'


def noise(seed: int, *, size: tuple[int, int] = (2000, 1500)) -> bytes:
    """Return a picture that no format makes small."""
    whole = Image.frombytes("RGB", size, random.Random(seed).randbytes(size[0] * size[1] * 3))
    data = io.BytesIO()
    whole.save(data, "JPEG", quality=60)
    return data.getvalue()


def shown(*pictures: bytes, cover: int | None = 0, **words: str) -> Practice:
    """Publish a practice with these pictures, of which the worker has made the small ones."""
    practice, author = write(), actor("official")
    for number, content in enumerate(pictures):
        kept = files.add(
            author, practice, content, f"{number}.jpg", alt=words.get("alt", f"Alt {number}"),
            caption=words.get("caption", f"Caption {number}"),
        )  # fmt: skip
        if number == cover:
            files.choose_cover(author, practice, kept.key, wanted=True)
    effects.run_due()
    publish(practice)
    return practice


def drawings(data: bytes) -> list[Any]:
    """Return what describes each picture of a Word document."""
    body = docx.Document(io.BytesIO(data)).element.body
    return list(
        body.iter("{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}docPr")
    )


def test_word_document_takes_pictures_along_with_their_words(
    app: Flask, client: FlaskClient
) -> None:
    """The cover first; one that decorates has none; each caption below."""
    practice, author = write(), actor("official")
    first = files.add(author, practice, picture(), "a.jpg", alt="A clerk", caption="In 2019")
    cover = files.add(author, practice, picture("PNG", colour=9), "b.png", alt="The counter")
    lines = files.add(author, practice, picture("WEBP", colour=5), "c.webp")
    files.choose_cover(author, practice, cover.key, wanted=True)
    files.describe(author, practice, lines.key, Words("", "", True), seen=lines.version)
    effects.run_due()
    publish(practice)
    data = client.get(f"/practices/{practice.slug}.docx").data
    assert [one.get("descr") for one in drawings(data)] == ["The counter", "A clerk", ""]
    texts = [one.text for one in docx.Document(io.BytesIO(data)).paragraphs]
    assert "In 2019" in texts
    names = zipfile.ZipFile(io.BytesIO(data)).namelist()
    assert len([name for name in names if name.startswith("word/media/")]) == 3
    made = {one.name_in_store for one in db.session().scalars(select(Rendition))}
    assert first.name_in_store not in made
    assert b"<a:blip" in zipfile.ZipFile(io.BytesIO(data)).read("word/document.xml")


def test_picture_that_nobody_described_says_so(app: Flask, client: FlaskClient) -> None:
    """In the language of the text; an empty text would say that it decorates."""
    practice = shown(picture(), alt="", caption="")
    found = drawings(client.get(f"/practices/{practice.slug}.docx").data)
    assert [one.get("descr") for one in found] == ["Picture without a description"]


@needs_pdf
def test_pdf_takes_pictures_along_with_their_words(app: Flask, client: FlaskClient) -> None:
    """As tagged figures, for those who do not see them."""
    practice = shown(picture(), picture(colour=7))
    data = client.get(f"/practices/{practice.slug}.pdf").data
    assert data.count(b"/Subtype /Image") == 2
    told = data + inflated(data)
    for words in (b"(Alt 0)", b"(Alt 1)"):
        assert words in told, words


@pytest.mark.parametrize("way", WAYS)
def test_odd_words_of_pictures_stay_words(app: Flask, client: FlaskClient, way: str) -> None:
    """Whatever XML or HTML would make of them."""
    slug = shown(picture(), picture(colour=7), alt=ODD, caption=ODD).slug
    data = client.get(f"/practices/{slug}{way}").data
    if way == ".docx":
        assert [one.get("descr") for one in drawings(data)] == [ODD.replace("\ufffe", "")] * 2
    assert len(data) > 1_000


def test_brief_has_no_pictures(app: Flask, client: FlaskClient) -> None:
    """It is one sheet of paper."""
    slug = shown(picture()).slug
    assert drawings(client.get(f"/practices/{slug}/brief.docx").data) == []


def test_picture_that_is_not_made_small_yet_or_lost_is_left_on_the_page(
    app: Flask, client: FlaskClient
) -> None:
    """A sentence says that there are more."""
    practice, author = write(), actor("official")
    files.add(author, practice, picture(), "a.jpg", alt="A")
    publish(practice)
    path = f"/practices/{practice.slug}.docx"
    texts = [one.text for one in docx.Document(io.BytesIO(client.get(path).data)).paragraphs]
    assert "1 more picture is on the page of this practice." in texts
    effects.run_due()
    assert len(drawings(client.get(path).data)) == 1
    for one in db.session().scalars(select(Rendition)):
        place = f"{one.name_in_store[:2]}/{one.name_in_store}"
        app.extensions["files"].rm_file(place)
    assert drawings(client.get(path).data) == []


def test_many_large_pictures_make_no_large_document(app: Flask, client: FlaskClient) -> None:
    """Bounded in number and bytes, in time and memory."""
    practice = shown(*(noise(one, size=(1400, 1000)) for one in range(16)))
    tracemalloc.start()
    begun = time.process_time()
    data = client.get(f"/practices/{practice.slug}.docx").data
    seconds, (_now, peak) = time.process_time() - begun, tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert seconds < 5
    assert peak < 60_000_000
    assert len(data) < plates.MOST_BYTES + 300_000
    assert 2 <= len(drawings(data)) <= plates.MOST
    assert "more pictures are on the page" in " ".join(
        one.text for one in docx.Document(io.BytesIO(data)).paragraphs
    )


@needs_pdf
def test_pdf_finds_what_is_handed_in_and_nothing_else(monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither a file nor an address, nor a picture of another practice."""
    asked: list[object] = []
    monkeypatch.setattr(OpenerDirector, "open", lambda _self, url, *_given: asked.append(url))
    page = "".join(
        f'<img src="{one}" alt="x">'
        for one in ("plate:a", "plate:b", "PLATE:A", "plate:../a", "file:///etc/passwd",
                    "http://a.invalid/x.jpg", "data:image/png;base64,AAAA")
    )  # fmt: skip
    made = printing_pdf.pdf_of(page, {"plate:a": picture(size=(40, 20))})
    assert made.count(b"/Subtype /Image") == 1
    assert not asked


# A stranger


@pytest.mark.parametrize("way", WAYS)
def test_who_has_the_document_is_not_sent_it_again(
    app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch, way: str
) -> None:
    """Nor is it made again."""
    path = f"/practices/{shown(picture()).slug}{way}"
    first = client.get(path)
    tag = first.headers["ETag"]
    assert first.headers["Cache-Control"] == "public, no-cache"
    monkeypatch.setattr(out, "docx_of", None)
    monkeypatch.setattr(printing_pdf, "pdf_of", None)
    for sent in (tag, f'"other", {tag}', f"W/{tag}"):
        again = client.get(path, headers={"If-None-Match": sent})
        assert (again.status_code, again.data, again.headers["ETag"]) == (304, b"", tag)


def test_another_text_language_or_picture_is_another_document(
    app: Flask, client: FlaskClient
) -> None:
    """And so is the brief."""
    practice = shown(picture())
    path = f"/practices/{practice.slug}.docx"
    tags = [client.get(path).headers["ETag"]]
    write_again(practice, problem="Another")
    publish(practice)
    tags.append(client.get(path).headers["ETag"])
    write_again(practice, language="id")
    publish(practice)
    tags.append(client.get(path).headers["ETag"])
    files.add(actor("official"), practice, picture(colour=3), "new.jpg", alt="New")
    effects.run_due()
    publish(practice)
    tags.append(client.get(path).headers["ETag"])
    tags.append(client.get(f"/practices/{practice.slug}/brief.docx").headers["ETag"])
    assert len(set(tags)) == 5


def test_members_only_document_is_kept_by_no_browser(app: Flask) -> None:
    """A tag alone opens nothing, either."""
    slug = write_to("published", visibility="members").slug
    own = client_of(app, "rival")
    answer = own.get(f"/practices/{slug}.docx")
    assert answer.headers["Cache-Control"] == "private, no-store"
    tag = {"If-None-Match": answer.headers["ETag"]}
    assert client_of(app, "visitor").get(f"/practices/{slug}.docx", headers=tag).status_code == 404


@pytest.mark.parametrize("way", WAYS)
def test_stranger_who_asks_again_and_again_is_asked_to_wait(
    app: Flask, monkeypatch: pytest.MonkeyPatch, way: str
) -> None:
    """All documents count together, by address; others, and who has it already, are served."""
    monkeypatch.setattr(out, "MOST_MADE", 2)
    slug = shown(picture()).slug
    path = f"/practices/{slug}{way}"

    def ask(address: str, **headers: str) -> Any:
        here = {"REMOTE_ADDR": address}
        return app.test_client().get(path, environ_base=here, headers=headers)

    tag = ask("192.0.2.7").headers["ETag"]
    assert ask("192.0.2.7").status_code == 200
    refused = ask("192.0.2.7")
    assert (refused.status_code, refused.headers["Retry-After"]) == (429, "600")
    assert "Please wait" in refused.text
    other_way = app.test_client().get(
        f"/practices/{slug}.docx", environ_base={"REMOTE_ADDR": "192.0.2.7"}
    )
    assert other_way.status_code == 429
    assert ask("192.0.2.7", **{"If-None-Match": tag}).status_code == 304
    assert ask("192.0.2.8").status_code == 200
    with clock.moved(timedelta(minutes=out.WINDOW_MINUTES, seconds=1)):
        assert ask("192.0.2.7").status_code == 200


def test_colleagues_behind_one_address_count_each_for_themselves(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A whole city hall has one."""
    monkeypatch.setattr(out, "MOST_MADE", 1)
    path = f"/practices/{write_to('published').slug}.docx"
    for role in ("official", "lead", "visitor"):
        browser = client_of(app, role)
        assert browser.get(path).status_code == 200
        assert browser.get(path).status_code == 429
