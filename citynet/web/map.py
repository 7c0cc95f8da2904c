"""The map of the network: land and member cities placed on one projection, as SVG numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from citynet.cities.models import City
from citynet.kit.i18n import country_name
from citynet.kit.projection import place, read_outline


@dataclass(frozen=True)
class Place:
    """A member city with its position in the picture."""

    name: str
    slug: str
    practices: int
    x: float
    y: float


@dataclass(frozen=True)
class Country:
    """A country's member cities."""

    name: str
    cities: list[Place]


@dataclass(frozen=True)
class Map:
    """What the map macro draws."""

    width: int
    height: int
    outlines: tuple[str, ...]
    cities: list[Place]
    countries: list[Country]


def map_of(cities: Sequence[City], counts: Mapping[int, int]) -> Map:
    """Return the map of these cities; those outside its extent stand in the list only."""
    outline = read_outline()
    groups: dict[str, list[Place]] = {}
    shown = []
    for city in cities:
        x, y = place(outline, city.latitude, city.longitude)
        point = Place(city.full_name, city.slug, counts.get(city.id, 0), x, y)
        groups.setdefault(city.country, []).append(point)
        if outline.holds(x, y):
            shown.append(point)
    countries = [Country(country_name(code), found) for code, found in groups.items()]
    countries.sort(key=lambda country: country.name)
    return Map(outline.width, outline.height, outline.paths, shown, countries)
