"""Reads of cities, memberships and officials."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, case, func, or_, select
from sqlalchemy.orm import joinedload

from citynet.accounts.models import Person
from citynet.cities import policy
from citynet.cities.models import (
    VISITOR,
    Actor,
    City,
    Kind,
    Membership,
    MembershipChange,
    Official,
    Standing,
)  # fmt: skip
from citynet.kit import db
from citynet.kit.errors import NotFound
from citynet.kit.page import Page


@dataclass(frozen=True)
class Step:
    """A change of standing as one reader may know it."""

    after: Standing
    at: datetime
    # Empty for whoever may not read them.
    reason: str
    by_name: str


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


def names_by_slug(slugs: Collection[str]) -> Mapping[str, str]:
    """Return the full names of cities by slug."""
    found = db.session().scalars(select(City).where(City.slug.in_(slugs)))
    return {city.slug: city.full_name for city in found}


def membership_of(city_id: int) -> Membership | None:
    """Return a city's membership, if it ever asked for one."""
    return db.session().scalar(select(Membership).where(Membership.city_id == city_id))


def shown_membership(actor: Actor, city_id: int) -> Membership | None:
    """Return a city's membership as far as the actor may know of it."""
    found = membership_of(city_id)
    if found is None or not policy.can_see_standing(actor, city_id, Standing(found.standing)):
        return None
    return found


def shown_history(actor: Actor, membership: Membership) -> list[Step]:
    """Return the changes of standing that the actor may know, newest first."""
    may_read = policy.can_read_reasons(actor)
    return [
        Step(
            after=Standing(change.after),
            at=change.at,
            reason=change.reason if may_read else "",
            by_name=change.by.name if may_read and change.by else "",
        )
        for change in history(membership)
        if policy.can_see_standing(actor, membership.city_id, Standing(change.after))
    ]


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
    *, countries: Sequence[str] = (), country: str = "", text: str = "", number: int = 1,
    size: int = 60,
) -> Page[Membership]:  # fmt: skip
    """Return a page of the member cities the public sees, by country in this order, and name."""
    wanted = _memberships().where(Membership.standing.in_(policy.SHOWN))
    if country:
        wanted = wanted.where(City.country == country)
    places = {code: place for place, code in enumerate(countries)}
    order = case(places, value=City.country, else_=len(places)) if places else City.country
    return _page(_named(wanted, text).order_by(order, City.name, City.id), number, size)


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
    """Return how many member cities the public sees in each country, by ISO code."""
    counted = (
        select(City.country, func.count())
        .join(Membership, Membership.city_id == City.id)
        .where(Membership.standing.in_(policy.SHOWN))
        .group_by(City.country)
    )
    return dict(db.session().execute(counted).all())


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


def cities_named(text: str, *, limit: int = 40) -> Sequence[tuple[City, Standing | None]]:
    """Return cities of the table by name, nearest and largest first, with their standing."""
    name, kinds = _read_name(text)
    if not name:
        return []
    is_same = func.lower(City.name) == name.lower()
    begins = City.name.istartswith(name, autoescape=True)
    wanted = (
        select(City, Membership.standing)
        .outerjoin(Membership, Membership.city_id == City.id)
        .where(City.name.icontains(name, autoescape=True), City.kind.in_(kinds))
        .order_by(is_same.desc(), begins.desc(), City.population.desc(), City.id)
        .limit(limit)
    )
    rows = db.session().execute(wanted).all()
    return [(city, Standing(standing) if standing else None) for city, standing in rows]


def _memberships() -> Select[Membership]:
    return select(Membership).join(Membership.city).options(joinedload(Membership.city))


def _named(wanted: Select[Membership], text: str) -> Select[Membership]:
    name, kinds = _read_name(text)
    if not name:
        return wanted
    texts = (City.name, City.province)
    return wanted.where(
        or_(*(one.icontains(name, autoescape=True) for one in texts)), City.kind.in_(kinds)
    )


def _read_name(text: str) -> tuple[str, list[Kind]]:
    """Read a city's name as people write it: `Kota Kupang` is a kota named Kupang."""
    first, _space, rest = text.strip()[:80].partition(" ")
    kind = first.lower()
    if rest and kind in (Kind.KOTA, Kind.KABUPATEN):
        return rest.strip(), [Kind(kind)]
    return text.strip()[:80], list(Kind)


def _page(wanted: Select[Membership], number: int, size: int) -> Page[Membership]:
    total = db.session().scalar(select(func.count()).select_from(wanted.order_by(None).subquery()))
    found = db.session().scalars(wanted.offset((number - 1) * size).limit(size)).all()
    return Page(found, total or 0, number, size)
