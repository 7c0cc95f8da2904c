"""Reads of a practice's language versions."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import Select, and_, select
from sqlalchemy.orm import contains_eager, joinedload

from citynet.cities.models import Actor
from citynet.kit import db
from citynet.practices import policy
from citynet.practices.content import Content
from citynet.practices.models import IN_WORK, Practice, Revision, State, Translation
from citynet.practices.translating import changed, still_true


def get_translation(actor: Actor, slug: str, language: str) -> Translation:
    """Return a language version to work on or to decide: the one in work, else the published one.

    Its practice, its city and the original's text are loaded.

    Raises:
        NotFound: there is none, or the actor may not know of it.
    """
    readable = _readable(actor).where(Practice.slug == slug, Translation.language == language)
    newest = (Translation.state.in_(IN_WORK).desc(), Translation.number.desc())
    return db.the_one(readable.order_by(*newest).limit(1))


def translations_of(actor: Actor, practice_id: int) -> Sequence[Translation]:
    """Return the language versions that the actor may read, in work or published, newest first."""
    wanted = _readable(actor).where(Translation.practice_id == practice_id)
    return db.session().scalars(wanted.order_by(Translation.number.desc())).all()


def translations_in_work(actor: Actor) -> Sequence[Translation]:
    """Return what the actor's city translates or has submitted, last edited first."""
    wanted = _readable(actor).where(
        Practice.city_id == actor.city_id, Translation.state.in_(IN_WORK)
    )
    return db.session().scalars(wanted.order_by(Translation.edited_at.desc())).all()


def waiting_translations(actor: Actor) -> Sequence[Translation]:
    """Return what was submitted or signed off, signed-off ones first, then oldest first."""
    wanted = _readable(actor).where(Translation.state.in_(policy.WAITING))
    return db.session().scalars(
        wanted.order_by(Translation.state, Translation.submitted_at)
    ).all()  # fmt: skip


def published_translations(practice_ids: Collection[int]) -> Mapping[int, list[Translation]]:
    """Return the published language versions by practice id.

    Whoever asks has let the practices through `visible_to`: their words are for the same readers.
    """
    found: dict[int, list[Translation]] = {}
    wanted = (
        select(Translation)
        .options(joinedload(Translation.revision))
        .where(Translation.practice_id.in_(practice_ids), Translation.state == State.PUBLISHED)
        .order_by(Translation.language)
    )
    for one in db.session().scalars(wanted):
        found.setdefault(one.practice_id, []).append(one)
    return found


def published_in(practice_id: int, language: str) -> Translation | None:
    """Return the words that readers of a language see, with the original's text they are of.

    Whoever asks has let the practice through `visible_to`.
    """
    found = published_translations([practice_id]).get(practice_id, [])
    return next((one for one in found if one.language == language), None)


def behind_translations(actor: Actor) -> Sequence[tuple[Translation, Revision]]:
    """Return the published versions of the actor's city whose original was published anew since.

    Only those that differ in words, with the text of the original that readers see now.
    """
    wanted = (
        _readable(actor)
        .add_columns(Revision)
        .where(
            Practice.city_id == actor.city_id, Translation.state == State.PUBLISHED,
            Translation.revision_id != Revision.id,
        )
        .order_by(Translation.title)
    )  # fmt: skip
    rows = db.session().execute(wanted).all()
    return [(told, now) for told, now in rows if behind(told, now)]


def behind(translation: Translation, now: Revision) -> list[str]:
    """Return the fields that the original tells otherwise by now; its text is loaded."""
    if translation.revision_id == now.id:
        return []
    return changed(translation.revision.content, now.content)


def words_for(translation: Translation, now: Revision) -> Content:
    """Return the words of a translation that readers see with the original as it is."""
    if translation.revision_id == now.id:
        return translation.content
    return still_true(translation.revision.content, translation.content, now.content)


def originals(practice_id: int, numbers: Collection[int]) -> Mapping[int, Content]:
    """Return texts that translations were made for, by number; for the authors of the practice."""
    wanted = select(Revision).where(
        Revision.practice_id == practice_id, Revision.number.in_(numbers)
    )
    return {one.number: one.content for one in db.session().scalars(wanted)}


def _readable(actor: Actor) -> Select[Translation]:
    """Return the select of what the actor may read, and only while the original is published."""
    return (
        select(Translation)
        .join(Translation.practice)
        .join(Practice.city)
        .join(Revision, and_(Revision.practice_id == Practice.id,
                             Revision.state == State.PUBLISHED))
        .options(
            contains_eager(Translation.practice).contains_eager(Practice.city),
            joinedload(Translation.revision), joinedload(Translation.edited_by),
        )
        .where(Translation.state != State.SUPERSEDED, policy.translations_for(actor))
    )  # fmt: skip
