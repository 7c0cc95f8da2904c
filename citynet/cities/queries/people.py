"""Reads of people for the desk: the rows of its list, and one person with all rights."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, ScalarSelect, Select, case, exists, func, or_, select
from sqlalchemy.orm import aliased

from citynet.accounts.models import Passkey, Person, SecondFactor, SignIn
from citynet.cities import policy
from citynet.cities.models import (
    Actor,
    Chapter,
    ChapterPerson,
    City,
    Membership,
    Official,
    Role,
    Standing,
)  # fmt: skip
from citynet.kit import clock, db
from citynet.kit.errors import NotFound

# The person, the official's row, its city, the name of the chapter whose secretariat it is,
# the last sign-in, and whether there is a second factor.
PersonRow = tuple[Person, Official | None, City | None, str | None, datetime | None, bool]
# The chapter of whose secretariat a person is; a city's own chapter is another matter.
OWN_CHAPTER = aliased(Chapter, name="own_chapter")


def last_seen() -> ScalarSelect[datetime]:
    """Return the moment of a person's last sign-in, for each row of `Person`."""
    wanted = select(func.max(SignIn.created_at)).where(SignIn.person_id == Person.id)
    return wanted.correlate(Person).scalar_subquery()


def has_second_factor() -> ColumnElement[bool]:
    """Return the condition for people who have an app or a passkey."""
    is_set_up = (SecondFactor.person_id == Person.id) & SecondFactor.confirmed_at.is_not(None)
    return or_(
        exists().where(is_set_up).correlate(Person),
        exists().where(Passkey.person_id == Person.id).correlate(Person),
    )


def seat() -> ColumnElement[str]:
    """Return what a person is in the network, as one word to filter and sort by."""
    return case(
        (Person.is_secretariat, "secretariat"),
        (OWN_CHAPTER.id.is_not(None), "chapter"),
        else_=func.coalesce(Official.role, "none"),
    )


def desk_people(actor: Actor) -> Select[*PersonRow]:
    """Return the query of the people the actor looks after: the rows of the desk's list."""
    return (
        select(
            Person, Official, City, OWN_CHAPTER.name, last_seen(),
            has_second_factor().label("strong"),
        )
        .outerjoin(Official, Official.person_id == Person.id)
        .outerjoin(City, City.id == Official.city_id)
        .outerjoin(ChapterPerson, ChapterPerson.person_id == Person.id)
        .outerjoin(OWN_CHAPTER, OWN_CHAPTER.id == ChapterPerson.chapter_id)
        .where(Person.erased_at.is_(None), policy.people_administered_by(actor))
    )  # fmt: skip


@dataclass(frozen=True)
class Case:
    """One person as the desk shows them."""

    person: Person
    official: Official | None
    city: City | None
    chapter_name: str
    standing: Standing | None
    last_seen_at: datetime | None
    has_second_factor: bool
    sessions: int

    @property
    def is_lead(self) -> bool:
        """Tell whether the person answers for a city."""
        return self.official is not None and self.official.role == Role.LEAD


def get_person(actor: Actor, person_id: int) -> Case:
    """Return a person the actor looks after.

    Raises:
        NotFound: none, erased, or another secretariat's.
    """
    open_sessions = select(func.count(SignIn.id)).where(
        SignIn.person_id == Person.id, SignIn.revoked_at.is_(None),
        SignIn.expires_at > clock.now(),
    ).correlate(Person).scalar_subquery()  # fmt: skip
    wanted = (
        desk_people(actor)
        .where(Person.id == person_id)
        .add_columns(Membership.standing, open_sessions)
        .outerjoin(Membership, Membership.city_id == City.id)
        .execution_options(populate_existing=True)
    )
    row = db.session().execute(wanted).one_or_none()
    if row is None:
        raise NotFound
    person, official, city, chapter_name, seen_at, is_strong, standing, sessions = row
    return Case(
        person=person, official=official, city=city, chapter_name=chapter_name or "",
        standing=Standing(standing) if standing else None, last_seen_at=seen_at,
        has_second_factor=bool(is_strong), sessions=sessions,
    )  # fmt: skip


def people_by_id(actor: Actor, ids: list[int]) -> Mapping[int, PersonRow]:
    """Return those of these people whom the actor looks after, by id."""
    found: dict[int, PersonRow] = {}
    for some in db.chunks(ids):
        wanted = desk_people(actor).where(Person.id.in_(some))
        for row in db.session().execute(wanted):
            found[row[0].id] = row
    return found
