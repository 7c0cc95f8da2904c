"""Reads of cities, memberships and officials."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import joinedload

from citynet.accounts.models import Person
from citynet.cities.models import (
    VISITOR, Actor, City, Membership, MembershipChange, Official, Standing,
)  # fmt: skip
from citynet.kit import db
from citynet.kit.errors import NotFound
from citynet.kit.page import Page

# Standings that the public sees on a city's page and in the list of member cities.
SHOWN = (Standing.ACTIVE, Standing.LAPSED, Standing.SUSPENDED)


def actor_of(person: Person | None) -> Actor:
    """Return the person with the rights of this moment, in one query."""
    if person is None:
        return VISITOR
    wanted = (
        select(Official, City, Membership.standing)
        .join(City, City.id == Official.city_id)
        .outerjoin(Membership, Membership.city_id == City.id)
        .where(Official.person_id == person.id)
    )
    row = db.session().execute(wanted).one_or_none()
    if row is None:
        return Actor(person)
    official, city, standing = row
    return Actor(person, city, official.role, Standing(standing) if standing else None)


def get_city(slug: str) -> City:
    """Return a city.

    Raises:
        NotFound: no such city.
    """
    city = db.session().scalar(select(City).where(City.slug == slug))
    if city is None:
        raise NotFound
    return city


def find_city(code_or_slug: str) -> City | None:
    """Return the city with this official code, GeoNames id (`gn:…`) or slug."""
    wanted = select(City).where(or_(City.code == code_or_slug, City.slug == code_or_slug))
    return db.session().scalar(wanted)


def membership_of(city_id: int) -> Membership | None:
    """Return a city's membership, if it ever asked for one."""
    return db.session().scalar(select(Membership).where(Membership.city_id == city_id))


def history(membership: Membership) -> Sequence[MembershipChange]:
    """Return each change of standing, newest first, with who made it."""
    wanted = (
        select(MembershipChange)
        .options(joinedload(MembershipChange.by))
        .where(MembershipChange.membership_id == membership.id)
        .order_by(MembershipChange.id.desc())
    )
    return db.session().scalars(wanted).all()


def officials_of(city_id: int) -> Sequence[Official]:
    """Return a city's officials with their people, the lead first."""
    wanted = (
        select(Official)
        .options(joinedload(Official.person))
        .where(Official.city_id == city_id)
        .order_by(Official.role, Official.id)
    )
    return db.session().scalars(wanted).all()


def members(
    *, country: str = "", text: str = "", number: int = 1, size: int = 60
) -> Page[Membership]:
    """Return a page of the member cities the public sees, by country and name."""
    wanted = _memberships().where(Membership.standing.in_(SHOWN))
    if country:
        wanted = wanted.where(City.country == country)
    wanted = _named(wanted, text).order_by(City.country, City.name, City.id)
    return _page(wanted, number, size)


def memberships(
    *, standing: Standing | None = None, text: str = "", number: int = 1, size: int = 50
) -> Page[Membership]:
    """Return a page of all memberships; those that wait for a decision first, oldest first."""
    wanted = _named(_memberships(), text)
    if standing:
        wanted = wanted.where(Membership.standing == standing)
    is_waiting = Membership.standing == Standing.APPLIED
    wanted = wanted.order_by(is_waiting.desc(), Membership.applied_at, Membership.id)
    return _page(wanted, number, size)


def member_counts() -> dict[str, int]:
    """Return how many active members each country has, by ISO code."""
    counted = (
        select(City.country, func.count())
        .join(Membership, Membership.city_id == City.id)
        .where(Membership.standing == Standing.ACTIVE)
        .group_by(City.country)
    )
    return {country: count for country, count in db.session().execute(counted).all()}


def count_by_standing() -> dict[Standing, int]:
    """Return how many memberships stand where."""
    counted = select(Membership.standing, func.count()).group_by(Membership.standing)
    return {Standing(key): count for key, count in db.session().execute(counted).all()}


def active_members() -> Sequence[City]:
    """Return every active member city, by country and name: the map."""
    wanted = (
        select(City)
        .join(Membership, Membership.city_id == City.id)
        .where(Membership.standing == Standing.ACTIVE)
        .order_by(City.country, City.name)
    )
    return db.session().scalars(wanted).all()


def _memberships() -> Select[tuple[Membership]]:
    return select(Membership).join(Membership.city).options(joinedload(Membership.city))


def _named(wanted: Select[tuple[Membership]], text: str) -> Select[tuple[Membership]]:
    if not text.strip():
        return wanted
    return wanted.where(
        or_(
            City.name.icontains(text.strip()[:80], autoescape=True),
            City.province.icontains(text.strip()[:80], autoescape=True),
        )
    )


def _page(wanted: Select[tuple[Membership]], number: int, size: int) -> Page[Membership]:
    total = db.session().scalar(select(func.count()).select_from(wanted.order_by(None).subquery()))
    found = db.session().scalars(wanted.offset((number - 1) * size).limit(size)).all()
    return Page(found, total or 0, number, size)
