"""Reads of officials, and of the rights a person has at this moment."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from citynet.accounts.models import Person
from citynet.cities.models import (
    VISITOR,
    Actor,
    Chapter,
    ChapterPerson,
    City,
    Membership,
    Official,
    Role,
    Standing,
)  # fmt: skip
from citynet.kit import db


def actor_of(person: Person | None, *, is_strong: bool = True) -> Actor:
    """Return the person with the rights of this moment, in one query.

    `is_strong` is False in a session without the second factor that secretariats must give.
    """
    if person is None:
        return VISITOR
    wanted = (
        select(Person.id, Official.role, City, Membership.standing, Chapter)
        .outerjoin(Official, Official.person_id == Person.id)
        .outerjoin(City, City.id == Official.city_id)
        .outerjoin(Membership, Membership.city_id == City.id)
        .outerjoin(ChapterPerson, ChapterPerson.person_id == Person.id)
        .outerjoin(Chapter, Chapter.id == ChapterPerson.chapter_id)
        .where(Person.id == person.id)
    )
    _id, role, city, standing, chapter = db.session().execute(wanted).one()
    return Actor(
        person=person,
        city=city,
        role=Role(role) if role else None,
        standing=Standing(standing) if standing else None,
        chapter=chapter,
        is_strong=is_strong,
    )


def officials_of(city_id: int) -> Sequence[Official]:
    """Return a city's officials with their people, the lead first."""
    wanted = (
        select(Official)
        .options(joinedload(Official.person))
        .where(Official.city_id == city_id)
        .order_by(Official.role, Official.id)
    )
    return db.session().scalars(wanted).all()


def city_and_lead(city_id: int) -> tuple[City, Person] | None:
    """Return a city with its lead, if it has one who can sign in."""
    wanted = (
        select(City, Person)
        .join(Official, Official.city_id == City.id)
        .join(Person, Person.id == Official.person_id)
        .where(City.id == city_id, Official.role == Role.LEAD)
    )
    row = db.session().execute(wanted).one_or_none()
    return (row[0], row[1]) if row is not None and row[1].is_active else None
