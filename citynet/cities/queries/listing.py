"""What the network knows of the cities that a list names, in a few queries however long it is."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from sqlalchemy import func, or_, select
from sqlalchemy.orm import joinedload

from citynet.accounts.models import Person
from citynet.cities import policy
from citynet.cities.models import Actor, Chapter, City, Kind, Membership, Official, Role
from citynet.cities.queries import addresses
from citynet.cities.queries.addresses import Known
from citynet.cities.queries.chapters import chapters, find_chapter
from citynet.cities.queries.cities import read_name
from citynet.kit import db
from citynet.kit.errors import NotFound


@dataclass(frozen=True)
class Ground:
    """What is known of the cities, chapters and addresses of a list."""

    # Every city that a text may mean, by the text in small letters.
    cities: Mapping[str, list[City]]
    memberships: Mapping[int, Membership]
    # The address of who leads a city.
    leads: Mapping[int, str]
    people: Mapping[str, Known]
    invited: set[tuple[str, int | None]]
    # By name and by address here, in small letters.
    chapters: Mapping[str, Chapter]


def ground(texts: Collection[str], emails: Collection[str]) -> Ground:
    """Return what is known of the cities that these texts name, and of these addresses."""
    named = cities_called(texts)
    ids = {city.id for found in named.values() for city in found}
    every = chapters()
    return Ground(
        cities=named,
        memberships=_memberships(ids),
        leads=_leads(ids),
        people=addresses.known(emails),
        invited=addresses.invited(emails),
        chapters={key.lower(): one for one in every for key in (one.name, one.slug)},
    )


def cities_called(texts: Collection[str]) -> Mapping[str, list[City]]:
    """Return the cities that each text may mean: by code, address here, name or full name."""
    found: dict[str, dict[int, City]] = {}
    for some in db.chunks(sorted({" ".join(text.split()) for text in texts} - {""})):
        names = [read_name(text)[0] for text in some]
        small = [name.lower() for name in names]
        # SQLite knows no capitals but those of ASCII: the names as they are written, too.
        same = or_(func.lower(City.name).in_(small), City.name.in_(names))
        slugs = [text.lower() for text in some]
        wanted = select(City).where(or_(City.code.in_(some), City.slug.in_(slugs), same))
        for city in db.session().scalars(wanted.options(joinedload(City.chapter))):
            for key in _keys(city):
                found.setdefault(key, {})[city.id] = city
    return {key: list(by_id.values()) for key, by_id in found.items()}


def _keys(city: City) -> set[str]:
    """Return what a line may call a city, in small letters."""
    name = city.name.lower()
    is_regency = city.kind == Kind.KABUPATEN
    short = {f"kab. {name}", f"kab {name}", f"{name} regency"} if is_regency else set()
    return {city.code, city.slug, name, city.full_name.lower(), *short}


def cities_meant(lines: Collection[str]) -> tuple[list[City], list[str]]:
    """Return the cities that these lines name, and the lines that name none or several."""
    texts = list(dict.fromkeys(text for line in lines if (text := " ".join(line.split()))))
    known = cities_called(texts)
    candidates = {text: known.get(text.lower(), []) for text in texts}
    meant = [found[0] for found in candidates.values() if len(found) == 1]
    return meant, [text for text, found in candidates.items() if len(found) != 1]


def chapter_called(name: str) -> Chapter:
    """Return the chapter with this name or address here.

    Raises:
        NotFound: no such chapter.
    """
    found = find_chapter(name)
    if found is None:
        raise NotFound
    return found


def every_membership(actor: Actor) -> Iterator[tuple[Membership, str]]:
    """Yield the memberships the actor looks after, each with its lead's address or nothing."""
    is_lead = (Official.city_id == City.id) & (Official.role == Role.LEAD)
    wanted = (
        select(Membership, Person.email)
        .join(Membership.city)
        .outerjoin(Official, is_lead)
        .outerjoin(Person, Person.id == Official.person_id)
        .options(joinedload(Membership.city).joinedload(City.chapter))
        .where(policy.administered_by(actor))
        .order_by(City.country, City.name, City.id)
    )
    rows = db.session().execute(wanted.execution_options(yield_per=500))
    yield from ((membership, email or "") for membership, email in rows)


def _memberships(ids: Collection[int]) -> Mapping[int, Membership]:
    found: dict[int, Membership] = {}
    for some in db.chunks(sorted(ids)):
        wanted = select(Membership).where(Membership.city_id.in_(some))
        rows = db.session().scalars(wanted.execution_options(populate_existing=True))
        found.update((one.city_id, one) for one in rows)
    return found


def _leads(ids: Collection[int]) -> Mapping[int, str]:
    found: dict[int, str] = {}
    for some in db.chunks(sorted(ids)):
        wanted = (
            select(Official.city_id, Person.email)
            .join(Person, Person.id == Official.person_id)
            .where(Official.city_id.in_(some), Official.role == Role.LEAD)
            .where(Person.is_active)
        )
        found.update((city_id, email) for city_id, email in db.session().execute(wanted))
    return found
