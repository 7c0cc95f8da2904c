"""The command that goes on from an older text, with the files that were removed since."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from citynet.cities.models import Actor
from citynet.kit import audit, db, effects
from citynet.kit import files as store
from citynet.kit.errors import Invalid, NotFound, require
from citynet.practices import policy, queries, topics
from citynet.practices.models import FileKind, Practice, PracticeFile, Revision
from citynet.practices.queries import files as file_queries
from citynet.practices.service.files import begin_again, check_room
from citynet.practices.service.holding import record
from citynet.practices.service.renditions import RENDER
from citynet.practices.service.writing import save

MOST_ENTRIES = 1_000


@dataclass(frozen=True)
class Restored:
    """The draft, and the names of the older text's files that could not be brought back."""

    revision: Revision
    lost: Sequence[str]


@db.transaction
def restore(actor: Actor, practice: Practice, number: int, *, base: tuple[int, int]) -> Restored:
    """Make an older text the draft; the one in work stays among the revisions, whoever wrote it.

    Files it had come back, those added since stay. Topics it had that are gone are left out.

    Raises:
        NotFound: the practice has no such revision.
        EditedMeanwhile: there is a newer text than the one that was seen.
        Conflict: the text is with the lead or the secretariat.
    """
    require(policy.can_edit(actor, practice))
    older = db.session().scalar(
        select(Revision).where(Revision.practice_id == practice.id, Revision.number == number)
    )
    if older is None:
        raise NotFound
    current = topics.current(older.content.topics)
    known = queries.topics_by_slug(current)
    content = older.content.model_copy(
        update={"topics": tuple(slug for slug in current if slug in known)}
    )
    revision = save(actor, practice, content, base=base, anew=True)
    lost = _bring_files_back(practice, revision, number)
    record(actor, "practice.restored", practice, revision, restored=str(number))
    return Restored(revision, lost)


def _bring_files_back(practice: Practice, draft: Revision, number: int) -> list[str]:
    """Let the draft show what an older text shows; return the names of what it cannot."""
    now = list(file_queries.current_files(practice.id))
    lost: list[str] = []
    for file in file_queries.held_for(practice.id, number):
        if any(file.key == one.key or file.name_in_store == one.name_in_store for one in now):
            continue
        if not _has_room(practice, now, file):
            lost.append(file.name)
            continue
        place = max((one.position for one in now), default=-1) + 1
        is_cover = file.is_cover and not any(one.is_cover for one in now)
        now.append(begin_again(file, draft, position=place, is_cover=is_cover))
        if file.kind == FileKind.PICTURE:
            effects.enqueue(RENDER, source=file.name_in_store)
    return [*lost, *sorted(_cleared(practice.id, number) - {one.name for one in now} - set(lost))]


def _has_room(practice: Practice, now: Sequence[PracticeFile], file: PracticeFile) -> bool:
    try:
        check_room(practice, now, file.name_in_store, file.size_bytes)
    except Invalid:
        return False
    return store.has(file.name_in_store)


def _cleared(practice_id: int, number: int) -> set[str]:
    """Return the names of files that an older text had, and of which no row is left.

    What only superseded texts show is cleared up daily; the audit log remembers that it was there.
    """
    about = ("practice", practice_id)
    added = _files_told("practice.file_added", about)
    removed = _files_told("practice.file_removed", about)
    return {name for name, at in removed if at > number} & {
        name for name, at in added if at <= number
    }


def _files_told(action: str, about: tuple[str, int]) -> set[tuple[str, int]]:
    """Return the names of an act's files, each with the number of the text."""
    wanted = audit.Filter(action=action, subject_kind=about[0], subject_id=about[1])
    told = [audit.notes_of(one) for one in audit.entries(wanted, size=MOST_ENTRIES).items]
    return {(str(one.get("file", "")), int(str(one.get("revision", 0)))) for one in told}
