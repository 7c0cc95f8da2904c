"""Commands on cities: their data put right by whoever looks after them."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from citynet.cities import policy
from citynet.cities.models import Actor, City, Kind
from citynet.cities.service import history
from citynet.kit import audit, db, effects, html, tokens
from citynet.kit.errors import Conflict, Invalid, require
from citynet.kit.i18n import _

# Done by whoever keeps copies of a city's data.
CORRECTED = "city.corrected"
LONGEST_NAME = 120
MOST_PEOPLE = 100_000_000
LARGEST_KM2 = 2_000_000.0
EARLIEST_COUNT, LATEST_COUNT = 1900, 2100


@dataclass(frozen=True)
class CityData:
    """What may be put right of a city; its code, country and address here stay."""

    name: str
    kind: Kind
    population: int | None
    population_year: int | None
    area_km2: float | None
    latitude: float
    longitude: float


def data_of(city: City) -> CityData:
    """Return what stands now."""
    return CityData(
        city.name, Kind(city.kind), city.population, city.population_year, city.area_km2,
        city.latitude, city.longitude,
    )  # fmt: skip


def mark_of(city: City) -> str:
    """Return what tells the data that stands now from any other: a page carries it along."""
    return tokens.digest(repr(data_of(city)))


@db.transaction
def correct_city(actor: Actor, city: City, wanted: CityData, *, seen: str = "") -> City:
    """Put a city's data right; `seen` is the mark of the data that the actor saw.

    Raises:
        Invalid: by the field's name.
        Conflict: somebody else changed it meanwhile.
    """
    city = history.hold_city(city)
    require(policy.administers(actor, city))
    before = asdict(data_of(city))
    if seen and seen != mark_of(city):
        raise Conflict(_("Somebody changed this city before you. See below what stands now."))
    after = asdict(_checked(wanted))
    changed = [field for field in after if after[field] != before[field]]
    for field in changed:
        setattr(city, field, after[field])
    if changed:
        audit.record(
            actor.person_id, "city.corrected", subject=("city", city.id), city_id=city.id,
            before={field: before[field] for field in changed},
            after={field: after[field] for field in changed},
        )  # fmt: skip
        effects.enqueue(CORRECTED, city_id=str(city.id))
    return city


def _checked(wanted: CityData) -> CityData:
    name = html.line(wanted.name)
    problems: dict[str, str] = {}
    if not name or len(name) > LONGEST_NAME:
        problems["name"] = _("Write a name of up to 120 characters.")
    if wanted.population is not None and not 0 < wanted.population <= MOST_PEOPLE:
        problems["population"] = _("Write a number of people, or leave it empty.")
    year = wanted.population_year
    if year is not None and not EARLIEST_COUNT <= year <= LATEST_COUNT:
        problems["population_year"] = _("Write a year such as 2025, or leave it empty.")
    if wanted.area_km2 is not None and not 0 < wanted.area_km2 <= LARGEST_KM2:
        problems["area_km2"] = _("Write the area in square kilometres, or leave it empty.")
    if not -90 <= wanted.latitude <= 90:
        problems["latitude"] = _("Write a latitude between -90 and 90, such as -7.45.")
    if not -180 <= wanted.longitude <= 180:
        problems["longitude"] = _("Write a longitude between -180 and 180, such as 112.72.")
    if problems:
        raise Invalid(problems)
    return CityData(**{**asdict(wanted), "name": name})
