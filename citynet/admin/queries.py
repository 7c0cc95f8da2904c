"""Reads of the desk's own tables, and of the audit log with the names in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, aliased

from citynet.accounts.models import Person
from citynet.admin.models import SavedFilter
from citynet.cities import policy
from citynet.cities.models import (
    Actor,
    ChapterPerson,
    City,
    Invitation,
    JoinRequest,
    Membership,
    Official,
    Role,
    Standing,
)  # fmt: skip
from citynet.cities.queries.cities import read_name
from citynet.kit import audit, db
from citynet.kit.errors import NotFound
from citynet.practices.models import Practice, Revision, State, Topic

# In the audit log: who acted, and whom it was done to.
DOER, SUBJECT = aliased(Person), aliased(Person)
SHORTEST, MOST_FOUND = 2, 20
ActRow = tuple[audit.Entry, str | None, bool | None, int | None, str | None, City | None,
               str | None, str | None]  # fmt: skip


class CityFound(NamedTuple):
    """A city with the standing of its membership, if it ever asked for one."""

    city: City
    standing: Standing | None


class PersonFound(NamedTuple):
    """A person with the city they act for, if any, and what they are there."""

    person: Person
    city: City | None
    role: Role | None


@dataclass(frozen=True)
class Found:
    """What was found: one more of each than is shown tells that there are more."""

    cities: Sequence[CityFound]
    people: Sequence[PersonFound]


def saved_filters(person_id: int | None, list_key: str | None = None) -> Sequence[SavedFilter]:
    """Return the filters a person keeps, of one list or of all, by list and name."""
    wanted = select(SavedFilter).where(SavedFilter.person_id == person_id)
    if list_key is not None:
        wanted = wanted.where(SavedFilter.list_key == list_key)
    return db.session().scalars(wanted.order_by(SavedFilter.list_key, SavedFilter.name)).all()


def get_saved_filter(person_id: int | None, filter_id: int) -> SavedFilter:
    """Return one of the person's own.

    Raises:
        NotFound: there is none, or it is somebody else's.
    """
    found = db.session().get(SavedFilter, filter_id)
    if found is None or found.person_id != person_id:
        raise NotFound
    return found


def acts(
    *conditions: ColumnElement[bool],
) -> Select[audit.Entry, str, bool, int, str, City, str, str]:
    """Return the query of the audit log as `ActRow`s; all but the entry may be missing.

    Who acted, whether they are of the secretariat or a chapter's; the person it was done to, also
    one who was invited or asked to join; the city; the address of the practice and of the topic.
    """
    entry = audit.Entry

    def is_about(kind: str, key: InstrumentedAttribute[int]) -> ColumnElement[bool]:
        return and_(entry.subject_kind == kind, entry.subject_id == key)

    return (
        select(
            entry, DOER.name, DOER.is_secretariat, ChapterPerson.id,
            func.coalesce(SUBJECT.name, Invitation.name, JoinRequest.name), City,
            Practice.slug, Topic.slug,
        )
        .outerjoin(DOER, DOER.id == entry.actor_id)
        .outerjoin(ChapterPerson, ChapterPerson.person_id == entry.actor_id)
        .outerjoin(SUBJECT, is_about("person", SUBJECT.id))
        .outerjoin(Invitation, is_about("invitation", Invitation.id))
        .outerjoin(JoinRequest, is_about("join_request", JoinRequest.id))
        .outerjoin(City, City.id == entry.city_id)
        .outerjoin(Practice, is_about("practice", Practice.id))
        .outerjoin(Topic, is_about("topic", Topic.id))
        .where(*conditions)
    )  # fmt: skip


def names_of(
    city_ids: Sequence[int], person_ids: Sequence[int]
) -> tuple[dict[int, str], dict[int, str]]:
    """Return the names of these cities and of these people, by id."""
    cities = db.session().scalars(select(City).where(City.id.in_(city_ids)))
    people = select(Person.id, Person.name).where(Person.id.in_(person_ids))
    return (
        {city.id: city.full_name for city in cities},
        {key: name for key, name in db.session().execute(people).all()},  # noqa: C416
    )


def audit_head() -> audit.Mark:
    """Return where the chain of the audit log ends."""
    found = db.session().execute(select(audit.Head.position, audit.Head.hash)).one_or_none()
    return audit.Mark(*found) if found else audit.Mark(0, "")


def numbers(actor: Actor) -> dict[str, int]:
    """Return how many officials and published practices the actor's cities have: one query."""
    officials = (
        select(func.count(Official.id)).join(City, City.id == Official.city_id)
        .where(policy.administered_by(actor))
    )  # fmt: skip
    practices = (
        select(func.count(Revision.id))
        .join(Practice, Practice.id == Revision.practice_id)
        .join(City, City.id == Practice.city_id)
        .where(Revision.state == State.PUBLISHED, policy.administered_by(actor))
    )
    both = select(officials.scalar_subquery(), practices.scalar_subquery())
    found = db.session().execute(both).one()
    return {"officials": found[0] or 0, "practices": found[1] or 0}


def found(actor: Actor, text: str) -> Found:
    """Return the actor's cities and people by a part of their name, address or code."""
    if len(text) < SHORTEST:
        return Found([], [])
    name, kinds = read_name(text)
    cities = (
        select(City, Membership.standing)
        .outerjoin(Membership, Membership.city_id == City.id)
        .where(policy.administered_by(actor))
        .where(or_(
            and_(City.name.icontains(name, autoescape=True), City.kind.in_(kinds)),
            City.code == text,
        ))
        .order_by(
            Membership.id.is_(None), City.name.istartswith(name, autoescape=True).desc(),
            City.population.desc().nulls_last(), City.id,
        )
        .limit(MOST_FOUND + 1)
    )  # fmt: skip
    people = (
        select(Person, City, Official.role)
        .outerjoin(Official, Official.person_id == Person.id)
        .outerjoin(City, City.id == Official.city_id)
        .where(policy.people_administered_by(actor), Person.erased_at.is_(None))
        .where(or_(
            Person.name.icontains(text, autoescape=True),
            Person.email.icontains(text, autoescape=True),
        ))
        .order_by(Person.name.istartswith(text, autoescape=True).desc(), Person.name, Person.id)
        .limit(MOST_FOUND + 1)
    )  # fmt: skip
    return Found(
        [CityFound(*row) for row in db.session().execute(cities).all()],
        [PersonFound(*row) for row in db.session().execute(people).all()],
    )
