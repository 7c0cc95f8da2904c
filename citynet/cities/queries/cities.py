"""Reads of cities."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence

from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload

from citynet.cities import policy
from citynet.cities.models import Actor, City, Kind, Membership, Standing
from citynet.kit import db
from citynet.kit.errors import NotFound

# As people write them before a name.
KINDS = {"kota": Kind.KOTA, "kabupaten": Kind.KABUPATEN, "kab": Kind.KABUPATEN}


def get_city(slug: str) -> City:
    """Return a city.

    Raises:
        NotFound: no such city.
    """
    wanted = select(City).options(joinedload(City.chapter)).where(City.slug == slug)
    city = db.session().scalar(wanted)
    if city is None:
        raise NotFound
    return city


def get_administered(actor: Actor, slug: str) -> City:
    """Return a city that the actor looks after, or may register.

    Raises:
        NotFound: no such city, or it is in another secretariat's hands.
    """
    city = get_city(slug)
    if not policy.can_register(actor, city):
        raise NotFound
    return city


def find_city(code_or_slug: str) -> City | None:
    """Return the city with this official code, GeoNames id (`gn:…`) or slug."""
    wanted = select(City).where(or_(City.code == code_or_slug, City.slug == code_or_slug))
    return db.session().scalar(wanted)


def names_by_slug(slugs: Collection[str]) -> Mapping[str, str]:
    """Return the full names of cities by slug."""
    return {city.slug: city.full_name for city in by_slugs(slugs)}


def by_slugs(slugs: Iterable[str]) -> Sequence[City]:
    """Return the cities of these addresses, however many."""
    return [
        city
        for some in db.chunks(sorted(slugs))
        for city in db.session().scalars(select(City).where(City.slug.in_(some)))
    ]


def are_places(column: str, values: Collection[str]) -> set[str]:
    """Return those of the values that a city has as its `country`, `province` or `slug`."""
    place = {"country": City.country, "province": City.province, "slug": City.slug}[column]
    wanted = select(place).where(place.in_(values)).distinct()
    return {str(found) for found in db.session().scalars(wanted)} if values else set()


def active_members() -> Sequence[City]:
    """Return every active member city, by country and name: the map."""
    wanted = (
        select(City)
        .join(Membership, Membership.city_id == City.id)
        .where(Membership.standing == Standing.ACTIVE)
        .order_by(City.country, City.name)
    )
    return db.session().scalars(wanted).all()


def read_name(text: str) -> tuple[str, list[Kind]]:
    """Read a city's name as people write it: `Kab. Kupang` is a kabupaten named Kupang."""
    text = text.strip()[:80]
    first, _space, rest = text.partition(" ")
    if rest and (kind := KINDS.get(first.lower().rstrip("."))):
        return rest.strip(), [kind]
    name, _space, last = text.rpartition(" ")
    if name and last.lower() == "regency":
        return name.strip(), [Kind.KABUPATEN]
    return text, list(Kind)
