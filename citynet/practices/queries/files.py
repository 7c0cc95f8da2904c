"""Reads of pictures and attachments: what a text shows, who may have a file, what a city keeps."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select
from sqlalchemy.orm import contains_eager

from citynet.cities.models import VISITOR, Actor
from citynet.kit import db, files
from citynet.kit.errors import NotFound
from citynet.practices import policy
from citynet.practices.models import (
    FileKind,
    Practice,
    PracticeFile,
    Rendition,
    Revision,
    State,
)  # fmt: skip

Jpegs = Mapping[str, Mapping[int, str]]


@dataclass(frozen=True)
class Shown:
    """A picture with the widths in which the worker has made it so far."""

    file: PracticeFile
    widths: Sequence[int]


@dataclass(frozen=True)
class Files:
    """What a text shows: pictures and attachments, each in their order."""

    pictures: Sequence[Shown]
    attachments: Sequence[PracticeFile]

    @property
    def cover(self) -> Shown | None:
        """Return the picture at the top of the page."""
        return next((one for one in self.pictures if one.file.is_cover), None)

    @property
    def gallery(self) -> Sequence[Shown]:
        """Return the pictures without the cover."""
        return [one for one in self.pictures if not one.file.is_cover]

    @property
    def without_alt(self) -> Sequence[PracticeFile]:
        """Return the pictures of which nobody has said yet what they show."""
        return [one.file for one in self.pictures if one.file.lacks_alt]


def files_of(revision: Revision) -> Files:
    """Return what a text shows."""
    wanted = (
        select(PracticeFile)
        .where(PracticeFile.practice_id == revision.practice_id, _is_shown_by(revision.number))
        .order_by(PracticeFile.position, PracticeFile.id)
    )
    found = db.session().scalars(wanted).all()
    pictures = [one for one in found if one.kind == FileKind.PICTURE]
    widths = _widths_of([one.name_in_store for one in pictures])
    return Files(
        [Shown(one, widths.get(one.name_in_store, ())) for one in pictures],
        [one for one in found if one.kind == FileKind.ATTACHMENT],
    )


def documents_of(files: Files) -> Mapping[str, str]:
    """Return the keys of what is attached, by the number under which a result names it."""
    return {str(one.number): one.key for one in files.attachments}


def attached_to_published(practice_ids: Collection[int]) -> Mapping[int, set[str]]:
    """Return the numbers of what the published texts have attached, by practice id."""
    wanted = (
        select(PracticeFile.practice_id, PracticeFile.number)
        .join(Revision, Revision.practice_id == PracticeFile.practice_id)
        .where(
            PracticeFile.practice_id.in_(practice_ids), Revision.state == State.PUBLISHED,
            PracticeFile.kind == FileKind.ATTACHMENT, _is_shown_by(Revision.number.expression),
        )
    )  # fmt: skip
    found: dict[int, set[str]] = {}
    for practice_id, number in db.session().execute(wanted):
        found.setdefault(practice_id, set()).add(str(number))
    return found


def current_files(practice_id: int) -> Sequence[PracticeFile]:
    """Return the files of the newest text, in their order."""
    wanted = (
        select(PracticeFile)
        .where(PracticeFile.practice_id == practice_id, PracticeFile.last_revision.is_(None))
        .order_by(PracticeFile.position, PracticeFile.id)
        .execution_options(populate_existing=True)
    )
    return db.session().scalars(wanted).all()


def held_for(practice_id: int, number: int) -> Sequence[PracticeFile]:
    """Return the files that an older text shows, in their order; whoever clears them up waits."""
    wanted = (
        select(PracticeFile)
        .where(PracticeFile.practice_id == practice_id, _is_shown_by(number))
        .order_by(PracticeFile.position, PracticeFile.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return db.session().scalars(wanted).all()


def get_file(actor: Actor, slug: str, key: str) -> PracticeFile:
    """Return a file that one of the texts shows which the actor may read, with its practice.

    Raises:
        NotFound: no such file, or the actor may not know of it.
    """
    wanted = (
        _with_texts()
        .where(Practice.slug == slug, PracticeFile.key == key, policy.readable_by(actor))
        .options(contains_eager(PracticeFile.practice))
        .order_by(PracticeFile.first_revision.desc())
        .limit(1)
    )
    return db.the_one(wanted)


def is_public_file(file: PracticeFile) -> bool:
    """Tell whether everybody may have the file now: a published text shows it to all."""
    wanted = _with_texts().where(PracticeFile.key == file.key, policy.visible_to(VISITOR))
    return db.session().scalar(wanted.limit(1)) is not None


def stored_rendition(file: PracticeFile, width: int, media_type: str) -> str:
    """Return the stored name of a picture in a width and format.

    Raises:
        NotFound: it was not made, or not yet.
    """
    found = db.session().get(Rendition, (file.name_in_store, width, media_type))
    if found is None:
        raise NotFound
    return found.name_in_store


def jpegs_of(sources: Sequence[str]) -> Jpegs:
    """Return the stored names of the JPEGs made of pictures: by the picture's, then by width."""
    found: dict[str, dict[int, str]] = {}
    for part in db.chunks(sources):
        wanted = select(Rendition).where(
            Rendition.source.in_(part), Rendition.media_type == "image/jpeg"
        )
        for one in db.session().scalars(wanted):
            found.setdefault(one.source, {})[one.width] = one.name_in_store
    return found


def has_renditions(source: str) -> bool:
    """Tell whether the worker has made the smaller ones of a picture."""
    return bool(_widths_of([source]))


def is_shown(source: str) -> bool:
    """Tell whether a practice has a file of this content."""
    return db.session().scalar(select(exists().where(PracticeFile.name_in_store == source))) is True


@files.keeper
def is_kept(name: str) -> bool:
    """Tell whether a stored content is a practice's file, or made of one."""
    is_made = db.session().scalar(select(exists().where(Rendition.name_in_store == name)))
    return bool(is_made) or is_shown(name)


def used_bytes(city_id: int) -> int:
    """Return how much the files of a city take; the same content twice counts once."""
    each = (
        select(func.max(PracticeFile.size_bytes).label("size_bytes"))
        .join(Practice, Practice.id == PracticeFile.practice_id)
        .where(Practice.city_id == city_id, is_in_use())
        .group_by(PracticeFile.name_in_store)
        .subquery()
    )
    return db.session().scalar(select(func.sum(each.c.size_bytes))) or 0


def keeps(city_id: int, name: str) -> bool:
    """Tell whether a city keeps a content already, so that it counts no more."""
    wanted = (
        select(PracticeFile.id)
        .join(Practice, Practice.id == PracticeFile.practice_id)
        .where(Practice.city_id == city_id, PracticeFile.name_in_store == name, is_in_use())
    )
    return db.session().scalar(wanted.limit(1)) is not None


def is_in_use() -> ColumnElement[bool]:
    """Return the condition for files that the newest text shows, or one that may be read again.

    What only superseded texts showed is not in use.
    """
    shows = (
        select(Revision.id)
        .where(
            Revision.practice_id == PracticeFile.practice_id,
            Revision.number >= PracticeFile.first_revision,
            Revision.number <= PracticeFile.last_revision,
            Revision.state != State.SUPERSEDED,
        )
        .correlate(PracticeFile)
    )
    return or_(PracticeFile.last_revision.is_(None), shows.exists())


def _is_shown_by(number: int | ColumnElement[int]) -> ColumnElement[bool]:
    is_not_over = or_(PracticeFile.last_revision.is_(None), PracticeFile.last_revision >= number)
    return and_(PracticeFile.first_revision <= number, is_not_over)


def _with_texts() -> Select[PracticeFile]:
    """Join each file with the texts that show it."""
    shows = and_(
        Revision.practice_id == PracticeFile.practice_id,
        _is_shown_by(Revision.number.expression),
    )
    return select(PracticeFile).join(PracticeFile.practice).join(Revision, shows)


def _widths_of(sources: Sequence[str]) -> Mapping[str, Sequence[int]]:
    """Return by stored name in which widths each picture was made, narrowest first."""
    widths: dict[str, list[int]] = {}
    for part in db.chunks(sources):
        wanted = (
            select(Rendition.source, Rendition.width)
            .where(Rendition.source.in_(part))
            .distinct()
            .order_by(Rendition.width)
        )
        for source, width in db.session().execute(wanted):
            widths.setdefault(source, []).append(width)
    return widths
