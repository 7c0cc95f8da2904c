"""Going on from an older text brings its files back, as far as they are there."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from citynet.kit import db, effects
from citynet.kit import files as store
from citynet.kit.errors import Forbidden
from citynet.practices import queries, service
from citynet.practices.models import Practice, PracticeFile
from citynet.practices.queries import files as reads
from citynet.practices.service import files, renditions
from citynet.practices.service.files import Words
from tests.network import actor, client_of, post, write
from tests.practices.file_rows import PDF, picture
from tests.practices.reviewing import seen, texts


def add(practice: Practice, name: str, content: bytes = b"", **words: str) -> PracticeFile:
    """Add a file as Sidoarjo's official."""
    return files.add(actor("official"), practice, content or picture(), name, **words)


def publish(practice: Practice) -> None:
    """Bring the draft to readers."""
    service.submit(actor("official"), practice)
    service.sign_off(actor("lead"), practice)
    service.publish(actor("secretariat"), practice)
    effects.run_due()


def restore(practice: Practice, number: int = 1) -> Any:
    """Go on from an older text as Sidoarjo's official."""
    return service.restore(actor("official"), practice, number, base=seen(practice))


def shown(practice: Practice) -> reads.Files:
    """Return the files of the newest text."""
    db.session().expire_all()
    return reads.files_of(texts(practice)[-1])


def names(practice: Practice) -> list[str]:
    """Return the names of the files of the newest text."""
    found = shown(practice)
    return [one.file.name for one in found.pictures] + [one.name for one in found.attachments]


def with_files() -> tuple[Practice, PracticeFile, PracticeFile]:
    """Return a published practice with a cover and a document, both removed in its next draft."""
    practice, author = write(), actor("official")
    cover = add(practice, "counter.jpg", alt="The counter", caption="In 2019")
    files.choose_cover(author, practice, cover.key, wanted=True)
    decree = add(practice, "decree.pdf", PDF)
    publish(practice)
    for one in (cover, decree):
        files.remove(author, practice, one.key)
    return practice, cover, decree


def test_files_removed_since_come_back_as_they_were(app: Flask) -> None:
    """Under their own addresses and numbers, with their words, the cover at its place."""
    practice, cover, decree = with_files()
    assert names(practice) == []
    assert restore(practice).lost == []
    found = shown(practice)
    assert found.cover is not None
    kept = found.cover.file
    assert (kept.key, kept.alt, kept.caption) == (cover.key, "The counter", "In 2019")
    assert reads.documents_of(found) == {str(decree.number): decree.key}
    assert found.cover.widths
    path = f"/practices/{practice.slug}/files/{cover.key}"
    assert client_of(app, "official").get(path).status_code == 200


def test_files_added_since_stay(app: Flask) -> None:
    """What comes back stands after them, and takes no cover from them."""
    practice, *_removed = with_files()
    new = add(practice, "new.jpg", picture(colour=7))
    files.choose_cover(actor("official"), practice, new.key, wanted=True)
    restore(practice)
    assert names(practice) == ["new.jpg", "counter.jpg", "decree.pdf"]
    cover = shown(practice).cover
    assert cover is not None
    assert cover.file.key == new.key


def test_words_changed_since_stay_as_they_are(app: Flask) -> None:
    """A file that was not removed is not touched; the same content does not come twice."""
    practice, author = write(), actor("official")
    kept = add(practice, "a.jpg", alt="Before")
    twin = add(practice, "b.pdf", PDF)
    publish(practice)
    files.describe(author, practice, kept.key, Words("After"), seen=kept.version)
    files.remove(author, practice, twin.key)
    add(practice, "again.pdf", PDF)
    restore(practice)
    assert names(practice) == ["a.jpg", "again.pdf"]
    assert shown(practice).pictures[0].file.alt == "After"


def test_older_texts_show_what_they_showed(app: Flask) -> None:
    """Restoring twice changes nothing more."""
    practice, *_removed = with_files()
    restore(practice)
    restore(practice)
    assert names(practice) == ["counter.jpg", "decree.pdf"]
    first, second, *_newer = texts(practice)
    assert len(reads.files_of(first).pictures) == 1
    assert reads.files_of(second).pictures == []
    publish(practice)
    assert names(practice) == ["counter.jpg", "decree.pdf"]


def test_what_is_cleared_up_is_told_by_name(app: Flask) -> None:
    """Of a text that only editors can read the files go after a day; the log knows their names."""
    practice, *_removed = with_files()
    add(practice, "once.jpg", picture(colour=3))
    publish(practice)
    renditions.forget_unused()
    effects.run_due()
    answer = post(
        client_of(app, "official"), f"/practices/{practice.slug}/revisions/1/restore",
        {"base": ".".join(map(str, seen(practice)))}, follow_redirects=True,
    )  # fmt: skip
    assert "2 of its files are gone: counter.jpg, decree.pdf" in answer.text
    assert "Nothing was lost" not in answer.text
    assert names(practice) == ["once.jpg"]


def test_file_whose_content_is_lost_is_told(app: Flask) -> None:
    """The others come back."""
    practice, cover, _decree = with_files()
    place = f"{cover.name_in_store[:2]}/{cover.name_in_store}"
    app.extensions["files"].rm_file(place)
    assert restore(practice).lost == ["counter.jpg"]
    assert names(practice) == ["decree.pdf"]


def test_what_a_city_has_no_room_for_is_told(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """And what a practice has no room for."""
    practice, *_removed = with_files()
    publish(practice)
    monkeypatch.setattr(store, "quota_bytes", lambda: 10)
    assert restore(practice).lost == ["counter.jpg", "decree.pdf"]
    monkeypatch.undo()
    monkeypatch.setattr(files, "MOST_FILES", 1)
    assert restore(practice).lost == ["decree.pdf"]


def test_refused_restoring_brings_nothing_back(app: Flask) -> None:
    """All of it, or none."""
    practice, *_removed = with_files()
    with pytest.raises(Forbidden):
        service.restore(actor("rival"), practice, 1, base=seen(practice))
    with pytest.raises(service.EditedMeanwhile):
        service.restore(actor("official"), practice, 1, base=(1, 1))
    assert names(practice) == []
    rows = db.session().scalars(select(PracticeFile)).all()
    assert len(rows) == 2
    assert queries.newest_text(actor("official"), practice.slug).number == 2
