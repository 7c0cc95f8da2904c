"""Commands on pictures and attachments: add, describe, move, choose the cover, remove.

Each belongs to the newest text: readers see what changed when that text is published. Where the
newest is published, its next revision begins; while it is reviewed, nothing changes.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass

from citynet.cities.models import Actor
from citynet.kit import attachments, db, effects, files, html, pictures
from citynet.kit.errors import Conflict, Invalid, NotFound, require
from citynet.kit.i18n import _
from citynet.kit.pictures import Picture
from citynet.kit.uploads import Upload, clean_name
from citynet.practices import policy
from citynet.practices.models import FileKind, Practice, PracticeFile, Revision, State
from citynet.practices.queries import files as queries
from citynet.practices.service.holding import hold, newest_of, record
from citynet.practices.service.renditions import GONE, RENDER
from citynet.practices.service.steps import was_submitted
from citynet.practices.service.writing import save

MOST_FILES = 100
MOST_PICTURE_BYTES = 15_000_000
LONGEST_ALT, LONGEST_CAPTION = 300, 500
# Nine digits, as many as a result has room for.
LEAST_NUMBER = 100_000_000
SIGNATURES = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"RIFF")


@dataclass(frozen=True)
class Words:
    """What is said about a file."""

    alt: str = ""
    caption: str = ""
    is_decorative: bool = False


def add(
    actor: Actor, practice: Practice, content: bytes, name: str, *, alt: str = "",
    caption: str = "",
) -> PracticeFile:  # fmt: skip
    """Keep a picture or a document with the newest text; one that it has already is left alone.

    Raises:
        Invalid: by the field: a kind that is not taken, damaged, too large, the quota is used up,
            the disk is full; words that are too long.
        Conflict: the text is being reviewed.
    """
    require(policy.can_edit(actor, practice))
    words = _checked(Words(alt, caption))
    # Before the transaction: to unpack a picture takes a second, and SQLite has one writer.
    upload, picture = _read(content, name)
    return _keep(actor, practice, upload, picture, words)


@db.transaction
def describe(
    actor: Actor, practice: Practice, key: str, words: Words, *, seen: int
) -> PracticeFile:
    """Keep what is said about a file; `seen` is the version that the page showed.

    Raises:
        Invalid: by the field: too long.
        Conflict: somebody else changed it meanwhile, or the text is being reviewed.
        NotFound: it was removed meanwhile.
    """
    found = _held(actor, practice, key)
    words = _checked(words)
    if words == Words(found.alt, found.caption, found.is_decorative):
        return found
    if found.version != seen:
        raise Conflict(_("Somebody else described this file meanwhile. Both texts stand below."))
    draft = _draft_of(actor, practice)
    found = _writable(found, draft)
    found.alt, found.caption, found.is_decorative = words.alt, words.caption, words.is_decorative
    found.version += 1
    record(actor, "practice.file_described", practice, draft, file=found.name)
    return found


@db.transaction
def move(actor: Actor, practice: Practice, key: str, *, by: int) -> None:
    """Put a file one place further up (-1) or down (1) among those of its kind.

    Raises:
        Conflict: the text is being reviewed.
        NotFound: it was removed meanwhile.
    """
    found = _held(actor, practice, key)
    row = [one for one in queries.current_files(practice.id) if one.kind == found.kind]
    here = row.index(found)
    there = here + by
    if not 0 <= there < len(row):
        return
    draft = _draft_of(actor, practice)
    row[here], row[there] = row[there], row[here]
    for position, one in enumerate(row):
        if one.position != position:
            _writable(one, draft).position = position


@db.transaction
def choose_cover(actor: Actor, practice: Practice, key: str, *, wanted: bool) -> None:
    """Put a picture at the top of the page, or take it away from there.

    Raises:
        Conflict: the text is being reviewed.
        NotFound: it was removed meanwhile, or is no picture.
    """
    found = _held(actor, practice, key)
    if found.kind != FileKind.PICTURE:
        raise NotFound
    if found.is_cover == wanted:
        return
    draft = _draft_of(actor, practice)
    for one in queries.current_files(practice.id):
        if one.is_cover:
            _writable(one, draft).is_cover = False
    # The other goes first: two at a time are refused.
    db.session().flush()
    _writable(found, draft).is_cover = wanted


@db.transaction
def remove(actor: Actor, practice: Practice, key: str) -> None:
    """Take a file out of the newest text; a published one keeps it.

    Raises:
        Conflict: the text is being reviewed.
        NotFound: it was removed already.
    """
    found = _held(actor, practice, key)
    draft = _draft_of(actor, practice)
    record(actor, "practice.file_removed", practice, draft, file=found.name)
    if found.first_revision >= draft.number:
        db.session().delete(found)
        effects.enqueue(GONE, stored=found.name_in_store)
    else:
        found.last_revision = draft.number - 1


def _read(content: bytes, name: str) -> tuple[Upload, Picture | None]:
    """Return a file as it is kept; its content says what it is."""
    if not content:
        raise Invalid({"file": _("This file is empty. Choose another one.")})
    if not content.startswith(SIGNATURES):
        return attachments.read(content, name), None
    if len(content) > MOST_PICTURE_BYTES:
        raise Invalid({"file": _("This picture is larger than 15 MB. Make it smaller.")})
    found = pictures.photograph(content)
    kept_name = clean_name(name or _("Picture"), found.media_type)
    return Upload(found.content, kept_name, found.media_type), found


@db.transaction
def _keep(
    actor: Actor, practice: Practice, upload: Upload, picture: Picture | None, words: Words
) -> PracticeFile:
    require(policy.can_edit(actor, practice))
    hold(practice)
    row = queries.current_files(practice.id)
    stored = files.name_of(upload.content)
    if known := next((one for one in row if one.name_in_store == stored), None):
        return known
    check_room(practice, row, stored, len(upload.content))
    draft = _draft_of(actor, practice)
    files.put(upload.content)
    # Once more when the row is there: had the last row of this content gone meanwhile, the
    # content might have gone with it.
    db.after_commit(lambda: _put_again(upload.content))
    kind = FileKind.PICTURE if picture else FileKind.ATTACHMENT
    found = PracticeFile(
        practice_id=practice.id, key=secrets.token_urlsafe(16),
        number=LEAST_NUMBER + secrets.randbelow(9 * LEAST_NUMBER), first_revision=draft.number,
        kind=kind, name_in_store=stored, name=upload.name, media_type=upload.media_type,
        size_bytes=len(upload.content), width=picture.width if picture else None,
        height=picture.height if picture else None, alt=words.alt, caption=words.caption,
        position=max((one.position for one in row), default=-1) + 1, added_by_id=actor.person_id,
    )  # fmt: skip
    db.session().add(found)
    db.session().flush()
    record(actor, "practice.file_added", practice, draft, file=found.name)
    if picture:
        effects.enqueue(RENDER, source=stored)
    return found


def _put_again(content: bytes) -> None:
    files.put(content)


def check_room(
    practice: Practice, row: Sequence[PracticeFile], stored: str, size_bytes: int
) -> None:
    """Refuse one file more than a practice or its city has room for; `row` is what it has.

    Raises:
        Invalid: by the field `file`.
    """
    if len(row) >= MOST_FILES:
        raise Invalid(
            {"file": _("A practice has room for 100 files. Remove one that says little.")}
        )
    used = queries.used_bytes(practice.city_id)
    if not queries.keeps(practice.city_id, stored) and used + size_bytes > files.quota_bytes():
        raise Invalid(
            {
                "file": _(
                    "There is no room left for this file: your city's space is used up. Remove "
                    "files that are not needed, or ask the secretariat for more."
                )
            }
        )


def _held(actor: Actor, practice: Practice, key: str) -> PracticeFile:
    """Return a file of the newest text; others who would change it wait."""
    require(policy.can_edit(actor, practice))
    hold(practice)
    row = queries.current_files(practice.id)
    if (found := next((one for one in row if one.key == key), None)) is None:
        raise NotFound
    return found


def _draft_of(actor: Actor, practice: Practice) -> Revision:
    """Return the draft that a change belongs to; where there is none, the next revision begins."""
    newest = newest_of(practice)
    if newest.state == State.DRAFT and not was_submitted(newest):
        return newest
    return save(actor, practice, newest.content, base=(newest.number, newest.version))


def _writable(file: PracticeFile, draft: Revision) -> PracticeFile:
    """Return the row to change: a new one where an older text shows this one."""
    if file.first_revision >= draft.number:
        return file
    file.last_revision = draft.number - 1
    # Closed before the other begins: two covers at a time are refused.
    db.session().flush()
    return begin_again(file, draft)


def begin_again(file: PracticeFile, draft: Revision, **changes: object) -> PracticeFile:
    """Let a draft show a file that older texts show, under its own address, from now on."""
    columns = PracticeFile.__table__.columns.keys()
    values = {name: getattr(file, name) for name in columns if name != "id"}
    now = {"first_revision": draft.number, "last_revision": None}
    newer = PracticeFile(**{**values, **now, **changes})
    db.session().add(newer)
    db.session().flush()
    return newer


def _checked(words: Words) -> Words:
    """Return the words on one line each; a text that is given counts more than the tick."""
    alt, caption = (html.line(one) for one in (words.alt, words.caption))
    if len(alt) > LONGEST_ALT:
        raise Invalid({"alt": _("Say what the picture shows in up to 300 characters.")})
    if len(caption) > LONGEST_CAPTION:
        raise Invalid({"caption": _("Write a caption of up to 500 characters.")})
    return Words(alt, caption, words.is_decorative and not alt)
