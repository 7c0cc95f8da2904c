"""Reads of chapters and their secretariats."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, or_, select
from sqlalchemy.orm import joinedload

from citynet.cities import policy
from citynet.cities.models import Actor, Chapter, ChapterPerson, City, Membership
from citynet.kit import db
from citynet.kit.errors import NotFound


@dataclass(frozen=True)
class ChapterCount:
    """A chapter with how many cities and people it has."""

    chapter: Chapter
    cities: int
    people: int


def chapter_counts() -> list[ChapterCount]:
    """Return every chapter with its numbers, by name."""
    places = select(func.count(City.id)).where(City.chapter_id == Chapter.id)
    people = select(func.count(ChapterPerson.id)).where(ChapterPerson.chapter_id == Chapter.id)
    wanted = select(Chapter, places.scalar_subquery(), people.scalar_subquery())
    return [ChapterCount(*row) for row in db.session().execute(wanted.order_by(Chapter.name)).all()]


def chapters() -> Sequence[Chapter]:
    """Return every chapter, by name."""
    return db.session().scalars(select(Chapter).order_by(Chapter.name)).all()


def chapters_shown(actor: Actor) -> Sequence[Chapter]:
    """Return the chapters whose cities the actor looks after: its own, or all."""
    if actor.is_secretariat:
        return chapters()
    return [actor.chapter] if actor.chapter and actor.is_chapter_secretariat else []


def get_chapter(slug: str) -> Chapter:
    """Return a chapter.

    Raises:
        NotFound: no such chapter.
    """
    found = db.session().scalar(select(Chapter).where(Chapter.slug == slug))
    if found is None:
        raise NotFound
    return found


def find_chapter(text: str) -> Chapter | None:
    """Return the chapter with this name, in any case, or this slug."""
    wanted = or_(func.lower(Chapter.name) == text.strip().lower(), Chapter.slug == text.strip())
    return db.session().scalar(select(Chapter).where(wanted).limit(1))


def chapter_of_country(country: str) -> Chapter | None:
    """Return the chapter to which the cities of a country come."""
    return db.session().scalar(select(Chapter).where(Chapter.country == country))


def member_chapters() -> list[ChapterCount]:
    """Return the chapters that have member cities the public sees, with how many, by name."""
    wanted = (
        select(Chapter, func.count())
        .join(City, City.chapter_id == Chapter.id)
        .join(Membership, Membership.city_id == City.id)
        .where(Membership.standing.in_(policy.SHOWN))
        .group_by(Chapter.id)
        .order_by(Chapter.name)
    )
    return [ChapterCount(one, count, 0) for one, count in db.session().execute(wanted).all()]


def cities_of_chapter(chapter_id: int) -> Sequence[tuple[City, str | None]]:
    """Return the cities of a chapter with their standing, by country and name."""
    wanted = (
        select(City, Membership.standing)
        .outerjoin(Membership, Membership.city_id == City.id)
        .where(City.chapter_id == chapter_id)
        .order_by(City.country, City.name, City.id)
    )
    return [(city, standing) for city, standing in db.session().execute(wanted).all()]


def people_of_chapter(chapter_id: int) -> Sequence[ChapterPerson]:
    """Return the secretariat of a chapter with its people, the longest-serving first."""
    wanted = (
        select(ChapterPerson)
        .options(joinedload(ChapterPerson.person))
        .where(ChapterPerson.chapter_id == chapter_id)
        .order_by(ChapterPerson.id)
    )
    return db.session().scalars(wanted).all()


def chapter_of_person(person_id: int) -> Chapter | None:
    """Return the chapter of whose secretariat a person is."""
    wanted = select(Chapter).join(ChapterPerson, ChapterPerson.chapter_id == Chapter.id)
    return db.session().scalar(wanted.where(ChapterPerson.person_id == person_id))
