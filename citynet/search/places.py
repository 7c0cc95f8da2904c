"""What was found as a map: every city of the results on one projection, and the same as a list."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from citynet.cities import queries as cities
from citynet.cities.models import City
from citynet.kit.i18n import country_name
from citynet.kit.projection import Outline, place, read_outline
from citynet.search.addresses import Search

# Width to height; what is left free at each side; how near the map comes at most.
RATIO, MARGIN, NARROWEST = 4 / 3, 0.12, 260.0


@dataclass(frozen=True)
class Spot:
    """A city of the results: where it lies in the picture, and the search of it alone."""

    name: str
    practices: int
    url: str
    x: float
    y: float
    is_outside: bool


@dataclass(frozen=True)
class Country:
    """The cities of a country, those with most results first."""

    name: str
    cities: Sequence[Spot]


@dataclass(frozen=True)
class Places:
    """What the map of the results draws and tells, and which part of the world it shows."""

    left: float
    top: float
    width: float
    height: float
    outlines: Sequence[str]
    # The largest first, so that a smaller one beside it can be pressed.
    spots: Sequence[Spot]
    outside: Sequence[Spot]
    countries: Sequence[Country]


def places_of(counts: Mapping[str, int], search: Search) -> Places:
    """Return the map of these cities, by their addresses, with how many results each has."""
    outline = read_outline()
    by_country: dict[str, list[Spot]] = {}
    for city in cities.by_slugs(counts):
        x, y = place(outline, city.latitude, city.longitude)
        spot = _spot(city, counts[city.slug], search, (x, y), is_outside=not outline.holds(x, y))
        by_country.setdefault(city.country, []).append(spot)
    countries = [
        Country(country_name(code), sorted(found, key=lambda one: (-one.practices, one.name)))
        for code, found in by_country.items()
    ]
    countries.sort(key=lambda country: country.name)
    every = [spot for country in countries for spot in country.cities]
    every.sort(key=lambda spot: -spot.practices)
    inside = [spot for spot in every if not spot.is_outside]
    outside = [spot for spot in every if spot.is_outside]
    return Places(*_frame(outline, inside), outline.paths, inside, outside, countries)


def _frame(outline: Outline, spots: Sequence[Spot]) -> tuple[float, float, float, float]:
    """Return the part of the picture that holds the spots: left, top, width and height."""
    across, down = [spot.x for spot in spots] or [0.0], [spot.y for spot in spots] or [0.0]
    space = 1 + 2 * MARGIN
    wide, high = (max(across) - min(across)) * space, (max(down) - min(down)) * space
    width = min(max(wide, high * RATIO, NARROWEST), outline.width)
    height = min(max(high, width / RATIO), outline.height)
    left = (min(across) + max(across) - width) / 2
    top = (min(down) + max(down) - height) / 2
    left = min(max(left, 0), outline.width - width)
    top = min(max(top, 0), outline.height - height)
    return round(left, 1), round(top, 1), round(width, 1), round(height, 1)


def _spot(
    city: City, count: int, search: Search, where: tuple[float, float], *, is_outside: bool
) -> Spot:
    url = search.with_values("city", (city.slug,), is_map=False)
    return Spot(city.full_name, count, url, *where, is_outside)
