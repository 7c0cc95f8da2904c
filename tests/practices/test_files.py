"""Pictures and attachments: what readers see of them and when, and what authors do with them."""

from __future__ import annotations

import io
import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from PIL import Image
from sqlalchemy import event, select

from citynet.kit import attachments, clock, db, effects, personal, uploads
from citynet.kit import files as store
from citynet.kit.errors import Conflict, Invalid, NotFound
from citynet.practices import queries, service
from citynet.practices.models import FileKind, Practice, PracticeFile, Rendition
from citynet.practices.queries import files as reads
from citynet.practices.service import files, renditions
from citynet.practices.service.files import Words
from tests.network import actor, client_of, post, write, write_to
from tests.practices.file_rows import PDF, package, picture


def add(practice: Practice, content: bytes = b"", name: str = "counter.jpg", **words: str) -> Any:
    """Add a file as Sidoarjo's official."""
    return files.add(actor("official"), practice, content or picture(), name, **words)


def publish_next(practice: Practice) -> None:
    """Bring the draft to readers."""
    service.submit(actor("official"), practice)
    service.sign_off(actor("lead"), practice)
    service.publish(actor("secretariat"), practice)


def published_names(practice: Practice) -> list[str]:
    """Return the names of the files that readers see."""
    found = reads.files_of(queries.get_published(actor("visitor"), practice.slug))
    return [one.file.name for one in found.pictures] + [one.name for one in found.attachments]


def newest_files(practice: Practice) -> reads.Files:
    """Return the files of the newest text, as its authors see them now."""
    db.session().expire_all()
    return reads.files_of(queries.newest_text(actor("official"), practice.slug))


def sent(*named: tuple[str, bytes]) -> dict[str, Any]:
    """Return files as a form sends them."""
    return {"files": [(io.BytesIO(content), name) for name, content in named]}


def stored(folder: Path) -> set[str]:
    """Return the names of what is in the store."""
    return {one.name for one in (folder / "instance" / "files").rglob("*") if one.is_file()}


# ---- what readers see, and when ----


def test_file_of_a_draft_is_seen_by_readers_once_the_draft_is_published(app: Flask) -> None:
    """Not before; the author sees it at once."""
    practice = write_to("published")
    add(practice)
    assert published_names(practice) == []
    assert [one.file.name for one in newest_files(practice).pictures] == ["counter.jpg"]
    publish_next(practice)
    assert published_names(practice) == ["counter.jpg"]


def test_adding_to_a_published_text_begins_its_next_revision(app: Flask) -> None:
    """So that the change goes through sign-off and review like any other."""
    practice = write_to("published")
    add(practice)
    add(practice, PDF, "decree.pdf")
    draft = queries.get_in_work(actor("official"), practice.slug)
    assert (draft.number, draft.state) == (2, "draft")


def test_published_text_keeps_a_picture_that_its_next_revision_removes(app: Flask) -> None:
    """Until that one is published."""
    practice = write()
    kept = add(practice)
    publish_next(practice)
    files.remove(actor("official"), practice, kept.key)
    assert published_names(practice) == ["counter.jpg"]
    assert newest_files(practice).pictures == []
    publish_next(practice)
    assert published_names(practice) == []


def test_words_order_and_cover_of_a_published_text_wait_for_the_next_revision(app: Flask) -> None:
    """Nobody changes under a reader's eyes what lead and secretariat approved."""
    practice, official = write(), actor("official")
    first, second = add(practice, name="a.jpg", alt="Old"), add(practice, picture("PNG"), "b.png")
    files.choose_cover(official, practice, first.key, wanted=True)
    publish_next(practice)
    files.describe(official, practice, first.key, Words("New"), seen=first.version)
    files.move(official, practice, second.key, by=-1)
    files.choose_cover(official, practice, second.key, wanted=True)
    shown = reads.files_of(queries.get_published(actor("visitor"), practice.slug))
    assert [one.file.name for one in shown.pictures] == ["a.jpg", "b.png"]
    assert shown.cover
    assert (shown.cover.file.name, shown.cover.file.alt) == ("a.jpg", "Old")
    publish_next(practice)
    shown = reads.files_of(queries.get_published(actor("visitor"), practice.slug))
    assert [one.file.name for one in shown.pictures] == ["b.png", "a.jpg"]
    assert shown.cover
    assert shown.cover.file.name == "b.png"
    assert shown.gallery[0].file.alt == "New"


def test_draft_that_another_goes_on_with_keeps_its_files(app: Flask) -> None:
    """Saving over somebody else's draft begins another revision."""
    practice = write()
    add(practice)
    draft = queries.get_in_work(actor("official"), practice.slug)
    service.save(actor("lead"), practice, draft.content, base=(draft.number, draft.version))
    assert [one.file.name for one in newest_files(practice).pictures] == ["counter.jpg"]
    publish_next(practice)
    assert published_names(practice) == ["counter.jpg"]


@pytest.mark.parametrize("state", ["submitted", "signed_off"])
def test_text_in_review_takes_no_change_of_its_files(app: Flask, state: str) -> None:
    """What is decided on is what was seen."""
    practice = write_to(state)
    with pytest.raises(Conflict):
        add(practice)


@pytest.mark.parametrize("state", ["submitted", "signed_off"])
def test_files_sent_to_a_text_in_review_are_refused_as_the_editor_does(
    app: Flask, state: str
) -> None:
    """With 409, a sentence, and the page that shows what is there."""
    practice = write_to(state)
    path = f"/practices/{practice.slug}/files"
    for browser, names in ((client_of(app, "official"), ("a.jpg", "b.exe")),
                           (client_of(app, "lead"), ())):  # fmt: skip
        answer = post(browser, path, sent(*((name, picture()) for name in names)))
        assert answer.status_code == 409
        assert "<span data-problem>This text is being reviewed." in answer.text
    assert newest_files(practice).pictures == []


def test_files_of_a_text_that_was_sent_back_stay_as_reviewers_saw_them(app: Flask) -> None:
    """A change begins the next revision."""
    practice = write()
    kept = add(practice)
    service.submit(actor("official"), practice)
    service.send_back(actor("lead"), practice, comment="Another picture, please.")
    files.remove(actor("official"), practice, kept.key)
    seen = queries.get_revision(actor("official"), practice.slug, 1)
    assert [one.file.name for one in reads.files_of(seen).pictures] == ["counter.jpg"]
    assert newest_files(practice).pictures == []


def test_reviewers_see_the_files_of_what_they_review(app: Flask) -> None:
    """Not before it is submitted, and nothing that a later draft has."""
    practice = write()
    kept = add(practice)
    path = f"/practices/{practice.slug}/files/{kept.key}"
    secretariat = client_of(app, "secretariat")
    assert secretariat.get(path).status_code == 404
    service.submit(actor("official"), practice)
    assert secretariat.get(path).status_code == 200
    assert kept.key in secretariat.get(f"/practices/{practice.slug}/draft").text


# ---- what authors do ----


def test_same_content_again_is_the_same_file(app: Flask) -> None:
    """A form sent twice adds nothing."""
    practice = write()
    assert add(practice).key == add(practice, name="again.jpg").key
    assert len(newest_files(practice).pictures) == 1


def test_files_move_within_their_kind_and_stop_at_the_ends(app: Flask) -> None:
    """Up and down by one place."""
    practice, official = write(), actor("official")
    first = add(practice, name="a.jpg")
    document = add(practice, PDF, "decree.pdf")
    second = add(practice, picture("PNG"), "b.png")
    files.move(official, practice, second.key, by=-1)
    files.move(official, practice, second.key, by=-1)
    files.move(official, practice, document.key, by=1)
    assert [one.file.name for one in newest_files(practice).pictures] == ["b.png", "a.jpg"]
    files.move(official, practice, first.key, by=1)
    files.move(official, practice, second.key, by=1)
    assert [one.file.name for one in newest_files(practice).pictures] == ["a.jpg", "b.png"]


def test_document_keeps_its_number_through_changes(app: Flask) -> None:
    """Results name it by that one, in the text that is published and in the next."""
    practice, official = write(), actor("official")
    kept = add(practice, PDF, "decree.pdf")
    publish_next(practice)
    files.describe(official, practice, kept.key, Words(caption="The decree"), seen=1)
    publish_next(practice)
    renditions.forget_unused()
    documents = reads.documents_of(newest_files(practice))
    assert documents == {str(kept.number): kept.key}
    assert re.fullmatch("[0-9]{9}", str(kept.number))


def test_one_picture_is_the_cover(app: Flask) -> None:
    """Choosing another takes the place from the first; none at all is fine."""
    practice, official = write(), actor("official")
    first, second = add(practice, name="a.jpg"), add(practice, picture("PNG"), "b.png")
    for one in (first, second):
        files.choose_cover(official, practice, one.key, wanted=True)
    found = newest_files(practice)
    assert found.cover
    assert found.cover.file.name == "b.png"
    files.choose_cover(official, practice, second.key, wanted=False)
    assert newest_files(practice).cover is None


def test_attachment_is_no_cover(app: Flask) -> None:
    """Only a picture can be."""
    practice = write()
    document = add(practice, PDF, "decree.pdf")
    with pytest.raises(NotFound):
        files.choose_cover(actor("official"), practice, document.key, wanted=True)


def test_picture_is_flagged_until_described_or_marked_as_decoration(app: Flask) -> None:
    """It blocks nothing."""
    practice, official = write(), actor("official")
    kept = add(practice)
    assert [one.key for one in newest_files(practice).without_alt] == [kept.key]
    files.describe(official, practice, kept.key, Words(is_decorative=True), seen=1)
    assert newest_files(practice).without_alt == []
    files.describe(official, practice, kept.key, Words("A counter", "2019", True), seen=2)
    found = newest_files(practice).pictures[0].file
    assert (found.alt, found.caption, found.is_decorative) == ("A counter", "2019", False)


def test_second_editor_sees_both_texts_and_loses_none(app: Flask) -> None:
    """What the first saved stays until the second has seen it."""
    practice = write()
    kept = add(practice)
    browser = client_of(app, "official")
    files.describe(actor("lead"), practice, kept.key, Words("From the lead"), seen=1)
    path = f"/practices/{practice.slug}/files/{kept.key}"
    typed = {"alt": "From the official", "seen": "1", "action": "save"}
    answer = post(browser, path, typed)
    assert answer.status_code == 409
    assert "From the lead" in answer.text
    assert 'value="From the official"' in answer.text
    seen = re.findall(r'name="seen" value="(\d+)"', answer.text)[0]
    assert post(browser, path, {**typed, "seen": seen}).status_code == 302
    assert newest_files(practice).pictures[0].file.alt == "From the official"


def test_change_of_a_file_that_another_removed_is_harmless(app: Flask) -> None:
    """A sentence tells it."""
    practice = write()
    kept = add(practice)
    browser = client_of(app, "official")
    files.remove(actor("lead"), practice, kept.key)
    path = f"/practices/{practice.slug}/files/{kept.key}"
    answer = post(browser, path, {"alt": "x", "seen": "1", "action": "up"})
    assert answer.status_code == 409
    assert "removed meanwhile" in answer.text
    answer = post(browser, f"{path}/remove", follow_redirects=True)
    assert "removed already" in answer.text


def test_button_keeps_the_words_typed_beside_it(app: Flask) -> None:
    """Moving or choosing the cover saves them, too."""
    practice = write()
    kept = add(practice)
    answer = post(
        client_of(app, "official"), f"/practices/{practice.slug}/files/{kept.key}",
        {"alt": "A counter", "caption": "In 2019", "seen": "1", "action": "cover"},
    )  # fmt: skip
    assert answer.status_code == 302
    found = newest_files(practice).cover
    assert found
    assert (found.file.alt, found.file.caption) == ("A counter", "In 2019")


def test_words_that_are_too_long_come_back_as_typed(app: Flask) -> None:
    """With a sentence."""
    practice = write()
    kept = add(practice)
    typed = "long " * 61
    answer = post(
        client_of(app, "official"), f"/practices/{practice.slug}/files/{kept.key}",
        {"alt": typed, "seen": "1", "action": "save"},
    )  # fmt: skip
    assert answer.status_code == 422
    assert f'value="{typed}"' in answer.text
    assert "up to 300 characters" in answer.text


def test_page_counts_what_is_sent_and_says_that_copies_do_not_count(app: Flask) -> None:
    """The figure is the sum of the originals, the one that the limit is held to."""
    practice = write()
    kept = [add(practice, picture(colour=one), f"{one}.jpg") for one in (10, 200)]
    effects.run_due()
    copies = list(db.session().scalars(select(Rendition)))
    assert len(copies) == 12
    used = reads.used_bytes(practice.city_id)
    assert used == sum(len(store.get(one.name_in_store)) for one in kept)
    assert all(len(store.get(one.name_in_store)) < used for one in copies)
    page = client_of(app, "official").get(f"/practices/{practice.slug}/files").text
    assert f'<progress class="cn-meter" id="room" value="{used}"' in page
    assert "not the smaller copies that CityNet makes of pictures" in page


def test_several_files_come_at_once_and_what_is_refused_is_named(app: Flask) -> None:
    """The others stay."""
    practice = write()
    answer = post(
        client_of(app, "official"), f"/practices/{practice.slug}/files",
        sent(("a.jpg", picture()), ("b.exe", b"MZ\0\0\0"), ("c.csv", b"a;b\n1;2\n"), ("d", b"")),
    )  # fmt: skip
    assert answer.status_code == 422
    assert "b.exe: <span data-problem>This kind of file is not taken." in answer.text
    assert "d: <span data-problem>This file is empty." in answer.text
    assert "2 files are added." in answer.text
    found = newest_files(practice)
    assert [one.file.name for one in found.pictures] == ["a.jpg"]
    assert [(one.name, one.media_type) for one in found.attachments] == [("c.csv", "text/csv")]


def test_removal_asks_once(app: Flask) -> None:
    """A page of its own, so that it works everywhere."""
    practice = write()
    kept = add(practice)
    browser = client_of(app, "official")
    path = f"/practices/{practice.slug}/files/{kept.key}/remove"
    assert "Remove counter.jpg?" in browser.get(path).text
    assert newest_files(practice).pictures
    assert post(browser, path).status_code == 302
    assert not newest_files(practice).pictures


def test_page_of_files_needs_no_script_and_no_draft(app: Flask) -> None:
    """It tells the room that is left, and what is missing."""
    practice = write_to("published")
    browser = client_of(app, "official")
    page = browser.get(f"/practices/{practice.slug}/files").text
    assert "begins a new revision" in page
    assert "0 kB of 500 MB" in page
    assert re.search(r'<input[^>]*type="file"[^>]*multiple', page)
    add(practice)
    page = browser.get(f"/practices/{practice.slug}/files").text
    assert "Say what these pictures show" in page


# ---- what is kept of a picture or document ----


@pytest.mark.parametrize(
    ("content", "name", "kept_name", "media_type"),
    [
        (PDF, "a decree.docx", "a decree.pdf", "application/pdf"),
        (package("[Content_Types].xml", "word/document.xml"), "x.zip", "x.docx", uploads.DOCX),
        (package("[Content_Types].xml", "xl/workbook.xml"), "x", "x.xlsx", attachments.XLSX),
        (
            package("content.xml", mimetype=b"application/vnd.oasis.opendocument.text"),
            "x.odt", "x.odt", "application/vnd.oasis.opendocument.text",
        ),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "Workbook".encode("utf-16-le"), "budget.xls",
         "budget.xls", "application/vnd.ms-excel"),
        (b"biaya;jumlah\nkursi;12\n", "biaya.csv", "biaya.csv", "text/csv"),
        ("Überblick\n".encode("utf-16"), "notes.txt", "notes.txt", "text/plain"),
        (b"caf\xe9\n", "../../notes", "notes.txt", "text/plain"),
    ],
)  # fmt: skip
def test_attachment_is_told_by_its_content(
    app: Flask, content: bytes, name: str, kept_name: str, media_type: str
) -> None:
    """Its name is a label; its content is kept as it is."""
    kept = add(write(), content, name)
    assert (kept.kind, kept.name, kept.media_type) == (FileKind.ATTACHMENT, kept_name, media_type)
    assert store.get(kept.name_in_store) == content


def test_place_where_a_photograph_was_taken_is_left_out_and_it_stands_upright(app: Flask) -> None:
    """Read from the stored bytes."""
    out, exif = io.BytesIO(), Image.Exif()
    exif[0x0112] = 6
    exif.get_ifd(0x8825)[2] = (7.0, 26.0, 45.0)
    Image.new("RGB", (400, 100), 90).save(out, "JPEG", exif=exif, comment=b"secret place")
    kept = add(write(), out.getvalue())
    content = store.get(kept.name_in_store)
    assert (kept.width, kept.height) == (100, 400)
    assert not Image.open(io.BytesIO(content)).getexif()
    assert b"secret place" not in content
    assert b"Exif" not in content


def test_printers_colours_become_those_of_screens(app: Flask) -> None:
    """CMYK is RGB afterwards."""
    kept = add(write(), picture(mode="CMYK", colour=0))
    assert Image.open(io.BytesIO(store.get(kept.name_in_store))).mode == "RGB"


def test_grey_of_sixteen_bits_stays_grey(app: Flask) -> None:
    """Pillow alone would make it white."""
    kept = add(write(), picture("PNG", mode="I;16", size=(50, 50), colour=30_000))
    found = Image.open(io.BytesIO(store.get(kept.name_in_store))).convert("L")
    assert found.getpixel((1, 1)) == 117


@pytest.mark.parametrize("form", ["PNG", "WEBP"])
def test_animation_keeps_its_first_frame(app: Flask, form: str) -> None:
    """Nothing moves on a page."""
    out = io.BytesIO()
    frames = [Image.new("RGB", (60, 40), colour) for colour in ("red", "blue", "green")]
    frames[0].save(out, form, save_all=True, append_images=frames[1:], duration=50)
    kept = add(write(), out.getvalue(), "moving.png")
    found = Image.open(io.BytesIO(store.get(kept.name_in_store)))
    assert getattr(found, "n_frames", 1) == 1
    pixel = found.convert("RGB").getpixel((30, 20))
    assert isinstance(pixel, tuple)
    assert pixel[0] > 200


def test_worker_makes_each_width_in_both_formats(app: Flask) -> None:
    """None wider than the picture itself; running twice makes nothing more."""
    kept = add(write(), picture(size=(1000, 500)))
    effects.run_due()
    renditions.render({"source": kept.name_in_store})
    found = db.session().scalars(select(Rendition)).all()
    assert {(one.width, one.media_type) for one in found} == {
        (width, kind) for width in (320, 640, 1000) for kind in ("image/jpeg", "image/webp")
    }
    for one in found:
        made = Image.open(io.BytesIO(store.get(one.name_in_store)))
        assert made.size == (one.width, one.width // 2)
        assert f"image/{str(made.format).lower()}" == one.media_type


def test_small_picture_is_not_made_wider(app: Flask) -> None:
    """One width, its own."""
    practice = write()
    add(practice, picture("PNG", size=(90, 60), mode="RGBA"))
    effects.run_due()
    assert newest_files(practice).pictures[0].widths == [90]


def test_page_shows_the_picture_itself_until_the_worker_was_there(app: Flask) -> None:
    """Then each browser takes the width it needs."""
    practice = write()
    kept = add(practice, alt="A counter", caption="In 2019")
    publish_next(practice)
    reader = app.test_client()
    path = f"/practices/{practice.slug}"
    page = reader.get(path).text
    assert f'src="{path}/files/{kept.key}" width="1600" height="900" alt="A counter"' in page
    assert "<source" not in page
    effects.run_due()
    page = reader.get(path).text
    webp = f"{path}/files/{kept.key}/640.webp"
    assert f"{webp} 640w" in page
    assert 'loading="lazy"' in page
    assert '<figcaption class="cn-figure__caption">In 2019</figcaption>' in page
    assert reader.get(webp).content_type == "image/webp"
    assert reader.get(webp.replace("webp", "jpg")).content_type == "image/jpeg"
    assert reader.get(webp.replace("640", "641")).status_code == 404


def test_page_lists_attachments_with_type_and_size(app: Flask) -> None:
    """So that nobody opens 20 MB unawares."""
    practice = write()
    add(practice, PDF, "decree.pdf", caption="Regent's Regulation 36/2018")
    publish_next(practice)
    page = app.test_client().get(f"/practices/{practice.slug}").text
    assert "decree.pdf</a>" in page
    assert "(PDF, 1 kB)" in page
    assert "Regent&#39;s Regulation 36/2018" in page


def test_reading_a_page_with_many_pictures_asks_no_more_than_with_one(app: Flask) -> None:
    """The number of queries is a known constant."""
    practice = write()
    for colour in range(5):
        add(practice, picture(size=(40, 30), colour=colour * 40), f"{colour}.jpg")
    effects.run_due()
    asked: list[str] = []

    def note(*told: Any) -> None:
        asked.append(str(told[2]))

    event.listen(db.db.engine, "before_cursor_execute", note)
    found = newest_files(practice)
    event.remove(db.db.engine, "before_cursor_execute", note)
    assert len(found.pictures) == 5
    assert sum("practice_files" in one or "renditions" in one for one in asked) == 2


# ---- keeping by browsers ----


def test_public_file_is_kept_by_browsers_and_asked_for_once(app: Flask) -> None:
    """Under its address stands one content for ever; a week, so that what is withdrawn goes."""
    practice = write()
    kept = add(practice, PDF, "decree.pdf")
    publish_next(practice)
    reader = app.test_client()
    path = f"/practices/{practice.slug}/files/{kept.key}"
    answer = reader.get(path)
    assert answer.headers["Cache-Control"] == "public, max-age=604800, immutable"
    assert "Set-Cookie" not in answer.headers
    again = reader.get(path, headers={"If-None-Match": answer.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


def test_file_that_not_everybody_may_have_is_kept_by_nobody(app: Flask) -> None:
    """A draft's, or a practice's for members; asking with its mark still saves the bytes."""
    browser = client_of(app, "official")
    for practice in (write(), write(title="Inside", visibility="members")):
        kept = add(practice, PDF, "decree.pdf")
        if practice.slug == "inside":
            publish_next(practice)
        path = f"/practices/{practice.slug}/files/{kept.key}"
        answer = browser.get(path)
        assert answer.headers["Cache-Control"] == "private, no-store"
        marks = {"If-None-Match": answer.headers["ETag"]}
        assert browser.get(path, headers=marks).status_code == 304


# ---- room, and what goes ----


def small(app: Flask, megabytes: int) -> None:
    """Give each city little room."""
    config = app.config["CITYNET"]
    object.__setattr__(config, "city_quota_mb", megabytes)


def test_full_quota_refuses_with_a_sentence_and_loses_nothing(app: Flask) -> None:
    """Removing something makes room again."""
    small(app, 1)
    practice = write()
    kept = add(practice, b"%PDF-" + b"a" * 900_000, "a.pdf")
    with pytest.raises(Invalid) as error:
        add(practice, b"%PDF-" + b"b" * 900_000, "b.pdf")
    assert "space is used up" in error.value.fields["file"]
    assert [one.name for one in newest_files(practice).attachments] == ["a.pdf"]
    files.remove(actor("official"), practice, kept.key)
    add(practice, b"%PDF-" + b"b" * 900_000, "b.pdf")


def test_same_content_in_two_practices_counts_once(app: Flask) -> None:
    """And another city has room of its own."""
    small(app, 1)
    content = b"%PDF-" + b"a" * 900_000
    one, other = write(), write(title="Another")
    add(one, content, "a.pdf")
    add(other, content, "a.pdf")
    assert reads.used_bytes(one.city_id) == len(content)
    files.add(actor("rival"), write("rival"), b"%PDF-" + b"b" * 900_000, "b.pdf")


def test_removed_file_leaves_the_store_when_no_practice_shows_it(
    app: Flask, tmp_path: Path
) -> None:
    """Not while another one does."""
    one, other = write(), write(title="Another")
    content = picture()
    keys = [add(practice, content).key for practice in (one, other)]
    effects.run_due()
    assert len(stored(tmp_path)) == 7
    files.remove(actor("official"), one, keys[0])
    effects.run_due()
    assert len(stored(tmp_path)) == 7
    files.remove(actor("official"), other, keys[1])
    effects.run_due()
    assert stored(tmp_path) == set()
    assert db.session().scalars(select(Rendition)).all() == []


def test_file_of_a_superseded_text_goes_with_the_next_clearing(app: Flask, tmp_path: Path) -> None:
    """As long as readers see it, clearing takes nothing."""
    practice = write()
    kept = add(practice)
    publish_next(practice)
    effects.run_due()
    files.remove(actor("official"), practice, kept.key)
    renditions.forget_unused()
    effects.run_due()
    assert len(stored(tmp_path)) == 7
    publish_next(practice)
    renditions.forget_unused()
    effects.run_due()
    assert stored(tmp_path) == set()
    assert db.session().scalars(select(PracticeFile)).all() == []


def test_clearing_leaves_what_another_slice_refers_to(app: Flask) -> None:
    """A paper of an application may be the same document."""
    practice = write()
    kept = add(practice, PDF, "decree.pdf")
    store._keepers.append(lambda name: name == kept.name_in_store)
    files.remove(actor("official"), practice, kept.key)
    effects.run_due()
    store._keepers.pop()
    assert store.get(kept.name_in_store) == PDF


def test_worker_makes_nothing_of_a_picture_that_is_gone(app: Flask) -> None:
    """It is no failure."""
    practice = write()
    kept = add(practice)
    files.remove(actor("official"), practice, kept.key)
    effects.run_due()
    assert {one.state for one in db.session().scalars(select(effects.Effect))} == {"done"}


# ---- personal data ----


def test_erased_person_is_forgotten_and_the_file_stays(app: Flask) -> None:
    """Before, the download tells what was added."""
    practice, official = write(), actor("official")
    add(practice, alt="A counter")
    assert official.person_id
    told = personal.export_all(official.person_id).data["practice_files"]["added"]
    assert isinstance(told, list)
    assert told[0]["alt"] == "A counter"
    personal.erase_all(official.person_id, "Somebody")
    assert db.session().scalars(select(PracticeFile.added_by_id)).all() == [None]


def test_time_of_a_file_is_when_it_was_added(app: Flask) -> None:
    """In UTC."""
    with clock.moved(timedelta(days=3)):
        kept = add(write())
        assert abs(kept.created_at - clock.now()) < timedelta(minutes=1)
