"""Reads of practices and revisions; each declares what it loads."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import Row, ScalarSelect, Select, func, select
from sqlalchemy.orm import contains_eager, defer, joinedload, selectinload

from citynet.accounts.models import Person
from citynet.cities.models import Actor, City
from citynet.kit import db
from citynet.kit.page import Page
from citynet.practices import policy
from citynet.practices.models import (
    IN_WORK,
    Practice,
    Revision,
    RevisionTopic,
    State,
)  # fmt: skip


def get_published(actor: Actor, slug: str) -> Revision:
    """Return the text that readers see.

    Raises:
        NotFound: there is none, or the actor may not know of it.
    """
    return db.the_one(_with_content().where(Practice.slug == slug, policy.visible_to(actor)))


def get_in_work(actor: Actor, slug: str) -> Revision:
    """Return the text that is being written or reviewed.

    Raises:
        NotFound: there is none, or the actor may not know of it.
    """
    return db.the_one(
        _with_content().where(
            Practice.slug == slug, Revision.state.in_(IN_WORK), policy.readable_by(actor)
        )
    )


def get_revision(actor: Actor, slug: str, number: int) -> Revision:
    """Return one revision by its number.

    Raises:
        NotFound: there is none, or the actor may not know of it.
    """
    return db.the_one(
        _with_content().where(
            Practice.slug == slug, Revision.number == number, policy.readable_by(actor)
        )
    )


def newest_text(actor: Actor, slug: str) -> Revision:
    """Return the text an editor goes on from: the one in work, else the published one.

    Raises:
        NotFound: there is none, or the actor may not know of it.
    """
    readable = (
        _with_content()
        .where(Practice.slug == slug, policy.readable_by(actor))
        .order_by(Revision.state.in_(IN_WORK).desc(), Revision.number.desc())
        .limit(1)
    )
    return db.the_one(readable)


def in_work_of(practice_id: int) -> Revision | None:
    """Return the revision in work, whoever may read it."""
    return db.session().scalar(
        select(Revision).where(Revision.practice_id == practice_id, Revision.state.in_(IN_WORK))
    )


def published_of(practice_id: int) -> Revision | None:
    """Return the published revision, whoever may read it."""
    return db.session().scalar(
        select(Revision).where(
            Revision.practice_id == practice_id, Revision.state == State.PUBLISHED
        )
    )


def revisions_of(actor: Actor, practice_id: int) -> Sequence[Revision]:
    """Return the revisions the actor may read, newest first."""
    wanted = (
        _with_content()
        .options(joinedload(Revision.edited_by))
        .where(Practice.id == practice_id, policy.readable_by(actor))
        .order_by(Revision.number.desc())
    )
    return db.session().scalars(wanted).all()


def latest(
    actor: Actor, *, number: int = 1, size: int = 20, city_id: int | None = None,
    topic_ids: Collection[int] = (),
) -> Page[Revision]:  # fmt: skip
    """Return a page of what the actor may read, newest first."""
    wanted = _with_cards().where(policy.visible_to(actor))
    if city_id is not None:
        wanted = wanted.where(Practice.city_id == city_id)
    if topic_ids:
        about = select(RevisionTopic.revision_id).where(RevisionTopic.topic_id.in_(topic_ids))
        wanted = wanted.where(Revision.id.in_(about))
    total = db.session().scalar(
        select(func.count()).select_from(
            wanted.order_by(None).with_only_columns(Revision.id).subquery()
        )
    )
    wanted = wanted.order_by(Revision.published_at.desc(), Revision.id.desc())
    found = db.session().scalars(wanted.offset((number - 1) * size).limit(size)).all()
    return Page(found, total or 0, number, size)


def by_practice_ids(actor: Actor, ids: Collection[int]) -> Mapping[int, Revision]:
    """Return published revisions by practice id, those the actor may read: the second lock."""
    wanted = _with_cards().where(Revision.practice_id.in_(ids), policy.visible_to(actor))
    return {found.practice_id: found for found in db.session().scalars(wanted)}


def published_ids(city_id: int) -> Sequence[int]:
    """Return the ids of the published practices of a city."""
    wanted = select(Practice.id).join(Revision, Revision.practice_id == Practice.id)
    found = wanted.where(Practice.city_id == city_id, Revision.state == State.PUBLISHED)
    return db.session().scalars(found.order_by(Practice.id)).all()


def work_of(actor: Actor) -> Sequence[Revision]:
    """Return the texts in work of the actor's city with who saved them, last edited first."""
    wanted = (
        _with_content()
        .options(joinedload(Revision.edited_by))
        .where(Practice.city_id == actor.city_id, Revision.state.in_(IN_WORK))
        .where(policy.readable_by(actor))
        .order_by(Revision.edited_at.desc())
    )
    return db.session().scalars(wanted).all()


def waiting_for_secretariat(actor: Actor) -> Sequence[Revision]:
    """Return what was submitted or signed off, oldest first; signed-off texts first."""
    wanted = (
        _with_cards()
        .where(Revision.state.in_((State.SUBMITTED, State.SIGNED_OFF)), policy.readable_by(actor))
        .order_by(Revision.state, Revision.submitted_at)
    )
    return db.session().scalars(wanted).all()


def published_in_city() -> ScalarSelect[int]:
    """Return the count of published practices of a `City` of the query around it."""
    counted = (
        select(func.count(Revision.id))
        .join(Practice, Practice.id == Revision.practice_id)
        .where(Practice.city_id == City.id, Revision.state == State.PUBLISHED)
    )
    return counted.scalar_subquery()


def counts_by_state(city_id: int) -> Mapping[State, int]:
    """Return how many texts of a city stand where, without those that were superseded."""
    counted = (
        select(Revision.state, func.count())
        .join(Revision.practice)
        .where(Practice.city_id == city_id, Revision.state != State.SUPERSEDED)
        .group_by(Revision.state)
    )
    return {State(key): count for key, count in db.session().execute(counted).all()}


def counts_by_city(actor: Actor) -> Mapping[int, int]:
    """Return how many practices of each city the actor may read."""
    counted = (
        select(Practice.city_id, func.count())
        .join(Revision, Revision.practice_id == Practice.id)
        .where(policy.visible_to(actor))
        .group_by(Practice.city_id)
    )
    return pairs(db.session().execute(counted).all())


def by_import_key(key: str) -> Practice | None:
    """Return the practice that an imported record became."""
    return db.session().scalar(select(Practice).where(Practice.import_key == key))


def slug_of(practice_id: int) -> str:
    """Return the address of a practice."""
    return db.session().get_one(Practice, practice_id).slug


def editor_name(revision: policy.Text) -> str:
    """Return who saved a revision last; empty once that person is erased."""
    person = db.session().get(Person, revision.edited_by_id) if revision.edited_by_id else None
    return person.name if person else ""


def pairs(rows: Sequence[Row[int, int]]) -> dict[int, int]:
    """Return rows of two numbers as a mapping."""
    return {key: count for key, count in rows}  # noqa: C416 - a row is no pair to the type checker


def _with_cards() -> Select[Revision]:
    """Load what a card shows: practice, city and topics, in two queries; not the long text."""
    return _with_content().options(defer(Revision.content_json, raiseload=True))


def _with_content() -> Select[Revision]:
    """Load a whole text with its practice, city, membership and topics, in two queries."""
    return (
        select(Revision)
        .join(Revision.practice)
        .join(Practice.city)
        .options(
            contains_eager(Revision.practice).contains_eager(Practice.city),
            contains_eager(Revision.practice).joinedload(Practice.membership),
            selectinload(Revision.topics),
        )
    )
