"""What the network knows of many addresses and cities at once: the ground of every preview."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from babel import Locale
from sqlalchemy import func, or_, select

from citynet.accounts.models import Person
from citynet.cities.models import ChapterPerson, City, Invitation, Official, Role
from citynet.cities.queries.cities import read_name
from citynet.kit import db
from citynet.kit.i18n import LANGUAGES


@dataclass(frozen=True)
class Known:
    """What the network knows of an address."""

    person_id: int
    city_id: int | None
    role: Role | None
    is_active: bool
    is_of_secretariat: bool


def known(emails: Collection[str]) -> dict[str, Known]:
    """Return what the network knows of these addresses, in their normal form, by address."""
    found: dict[str, Known] = {}
    for some in db.chunks(sorted(set(emails))):
        wanted = (
            select(Person, Official.city_id, Official.role, ChapterPerson.id)
            .outerjoin(Official, Official.person_id == Person.id)
            .outerjoin(ChapterPerson, ChapterPerson.person_id == Person.id)
            .where(Person.email.in_(some))
        )
        for person, city_id, role, chapter_person in db.session().execute(wanted):
            found[person.email] = Known(
                person_id=person.id,
                city_id=city_id,
                role=Role(role) if role else None,
                is_active=person.is_active,
                is_of_secretariat=person.is_secretariat or chapter_person is not None,
            )
    return found


def invited(emails: Collection[str]) -> set[tuple[str, int | None]]:
    """Return which of these addresses have an open invitation, each with its city."""
    found: set[tuple[str, int | None]] = set()
    for some in db.chunks(sorted(set(emails))):
        wanted = select(Invitation.email, Invitation.city_id).where(
            Invitation.email.in_(some),
            Invitation.used_at.is_(None),
            Invitation.revoked_at.is_(None),
        )
        found.update((email, city_id) for email, city_id in db.session().execute(wanted))
    return found


def led(city_ids: Collection[int]) -> set[int]:
    """Return which of these cities have a lead who can sign in."""
    wanted = (
        select(Official.city_id)
        .join(Official.person)
        .where(
            Official.city_id.in_(city_ids) if len(city_ids) <= db.IN_ONE_QUERY else Official.id > 0,
            Official.role == Role.LEAD,
            Person.is_active,
        )
    )
    return set(db.session().scalars(wanted))


@dataclass(frozen=True)
class Cities:
    """Cities that a list names: by official code, GeoNames id or slug, and by name."""

    by_key: Mapping[str, City]
    by_name: Mapping[str, Sequence[City]]

    def named(self, text: str, country: str) -> City | None:
        """Return the one city that is meant, if it is one; `country` is its code or name."""
        name, kinds = read_name(" ".join(text.split()))
        by_key = self.by_key.get(_key(text))
        of_name = [city for city in self.by_name.get(name.lower(), ()) if city.kind in kinds]
        meant = [by_key] if by_key is not None else of_name
        if country:
            wanted = country.strip().casefold()
            meant = [city for city in meant if wanted in _names_of(city.country)]
        return meant[0] if len(meant) == 1 else None

    def ids(self) -> set[int]:
        """Return the ids of all of them."""
        by_name = {city.id for cities in self.by_name.values() for city in cities}
        return by_name | {city.id for city in self.by_key.values()}


def cities(texts: Collection[str]) -> Cities:
    """Return the cities that these texts may mean, in few queries however many there are."""
    by_key: dict[str, City] = {}
    by_name: dict[str, list[City]] = {}
    names = sorted({read_name(" ".join(text.split()))[0].lower() for text in texts})
    for some in db.chunks(sorted({_key(text) for text in texts})):
        wanted = select(City).where(or_(func.lower(City.code).in_(some), City.slug.in_(some)))
        for city in db.session().scalars(wanted):
            by_key[city.code.lower()], by_key[city.slug] = city, city
    for some in db.chunks(names):
        for city in db.session().scalars(select(City).where(func.lower(City.name).in_(some))):
            by_name.setdefault(city.name.lower(), []).append(city)
    return Cities(by_key, by_name)


def _key(text: str) -> str:
    return text.strip().lower()


@cache
def _names_of(country: str) -> frozenset[str]:
    """Return what people call a country: its code, and its names in the network's languages."""
    names = (Locale(code).territories.get(country, country) for code in LANGUAGES)
    return frozenset({country.casefold(), *(name.casefold() for name in names)})
