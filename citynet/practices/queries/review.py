"""Reads of a text's way: its history, comments, reviewer, day of publication, and trust."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import contains_eager, joinedload

from citynet.accounts.models import Person
from citynet.cities import policy as cities
from citynet.cities.models import Actor, ChapterPerson, City, Membership, Standing
from citynet.kit import db
from citynet.practices import policy
from citynet.practices.models import (
    Practice,
    ReviewAssignment,
    ReviewComment,
    Revision,
    RevisionStep,
    ScheduledPublication,
    State,
    Step,
    TrustedCity,
)


@dataclass(frozen=True)
class Progress:
    """What a list tells of a text in work beside its state."""

    open_comments: int = 0
    day: date | None = None
    reviewer_id: int | None = None
    reviewer: str = ""
    due_on: date | None = None


def get_withdrawn(actor: Actor, slug: str) -> Revision:
    """Return the withdrawn text of a practice.

    Raises:
        NotFound: there is none, or the actor may not know of it.
    """
    return db.the_one(_withdrawn().where(Practice.slug == slug, policy.withdrawn_for(actor)))


def withdrawn_of(actor: Actor) -> Sequence[Revision]:
    """Return what the actor's city has withdrawn, by title."""
    wanted = _withdrawn().where(Practice.city_id == actor.city_id, policy.readable_by(actor))
    return db.session().scalars(wanted.order_by(Revision.title)).all()


def last_step(revision_id: int, kind: Step) -> RevisionStep | None:
    """Return when, by whom and why a step of a text was taken last."""
    wanted = _steps().where(RevisionStep.revision_id == revision_id, RevisionStep.kind == kind)
    newest = (RevisionStep.at.desc(), RevisionStep.id.desc())
    return db.session().scalar(wanted.order_by(*newest).limit(1))


def steps_of(practice_id: int) -> Mapping[int, list[RevisionStep]]:
    """Return the steps of each text of a practice, oldest first, by the text's id."""
    found: dict[int, list[RevisionStep]] = {}
    wanted = _steps().where(RevisionStep.practice_id == practice_id)
    for step in db.session().scalars(wanted.order_by(RevisionStep.at, RevisionStep.id)):
        found.setdefault(step.revision_id, []).append(step)
    return found


def comments_on(actor: Actor, practice: Practice) -> Mapping[str, list[ReviewComment]]:
    """Return the open comments by field, oldest first; none for whom they are not meant."""
    if not policy.can_read_comments(actor, practice):
        return {}
    wanted = (
        select(ReviewComment)
        .options(joinedload(ReviewComment.author))
        .where(ReviewComment.practice_id == practice.id, ReviewComment.resolved_at.is_(None))
        .order_by(ReviewComment.id)
    )
    found: dict[str, list[ReviewComment]] = {}
    for comment in db.session().scalars(wanted):
        found.setdefault(comment.field, []).append(comment)
    return found


def progress_of(revisions: Collection[Revision]) -> Mapping[int, Progress]:
    """Return how far each text is, by its id, in one query; of the secretariat's work."""
    ids = [one.id for one in revisions]
    counted = (
        select(func.count(ReviewComment.id))
        .where(
            ReviewComment.practice_id == Revision.practice_id, ReviewComment.resolved_at.is_(None)
        )
        .scalar_subquery()
    )
    wanted = (
        select(
            Revision.id, counted, ScheduledPublication.day, ReviewAssignment.reviewer_id,
            Person.name, ReviewAssignment.due_on,
        )
        .outerjoin(ScheduledPublication, ScheduledPublication.revision_id == Revision.id)
        .outerjoin(ReviewAssignment, ReviewAssignment.practice_id == Revision.practice_id)
        .outerjoin(Person, Person.id == ReviewAssignment.reviewer_id)
        .where(Revision.id.in_(ids))
    )  # fmt: skip
    return {
        key: Progress(count, day, reviewer_id, name or "", due_on)
        for key, count, day, reviewer_id, name, due_on in db.session().execute(wanted).all()
    }


def schedule_of(revision_id: int) -> ScheduledPublication | None:
    """Return the day on which a text comes out, if one is set."""
    return db.session().get(ScheduledPublication, revision_id, populate_existing=True)


def assignment_of(practice_id: int) -> ReviewAssignment | None:
    """Return who reviews a practice, with the person."""
    wanted = select(ReviewAssignment).options(joinedload(ReviewAssignment.reviewer))
    return db.session().scalar(
        wanted.where(ReviewAssignment.practice_id == practice_id).execution_options(
            populate_existing=True
        )
    )


def reviewers_for(city: City) -> Sequence[Person]:
    """Return who may review a city's practices: the secretariat and its chapter's, by name."""
    of_chapter = select(ChapterPerson.person_id).where(ChapterPerson.chapter_id == city.chapter_id)
    may_review = or_(Person.is_secretariat.is_(True), Person.id.in_(of_chapter))
    wanted = select(Person).where(may_review, Person.is_active)
    return db.session().scalars(wanted.order_by(Person.name, Person.id)).all()


def trust_of(city_id: int) -> TrustedCity | None:
    """Return since when and why the secretariat does not review a city's texts, if so."""
    return db.session().get(TrustedCity, city_id, populate_existing=True)


def trusted_cities(actor: Actor) -> Sequence[tuple[TrustedCity, City, str | None]]:
    """Return the cities of trust the actor looks after, with who decided, by name."""
    wanted = (
        select(TrustedCity, City, Person.name)
        .join(City, City.id == TrustedCity.city_id)
        .outerjoin(Person, Person.id == TrustedCity.by_id)
        .where(cities.administered_by(actor))
        .order_by(City.name, City.id)
    )
    return [(row[0], row[1], row[2]) for row in db.session().execute(wanted).all()]


def reviewed_cities(actor: Actor) -> Sequence[City]:
    """Return the active members the actor looks after and reviews itself, by name."""
    trusted = select(TrustedCity.city_id)
    wanted = (
        select(City)
        .join(Membership, Membership.city_id == City.id)
        .where(Membership.standing == Standing.ACTIVE, City.id.not_in(trusted))
        .where(cities.administered_by(actor))
        .order_by(City.name, City.id)
    )
    return db.session().scalars(wanted).all()


def _steps() -> Select[RevisionStep]:
    return select(RevisionStep).options(joinedload(RevisionStep.by))


def _withdrawn() -> Select[Revision]:
    return (
        select(Revision)
        .join(Revision.practice)
        .join(Practice.city)
        .options(contains_eager(Revision.practice).contains_eager(Practice.city))
        .where(Revision.state == State.WITHDRAWN)
    )
