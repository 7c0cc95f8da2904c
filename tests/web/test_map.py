"""The map: where known cities fall, and which stand in the list only."""

from __future__ import annotations

import re
from itertools import count

import pytest
from flask import Flask

from citynet.cities.models import City, Kind
from citynet.kit import projection
from citynet.web import map as maps

JAKARTA = (-6.2146, 106.8451)
SEOUL = (37.566, 126.9784)
SUVA = (-18.1416, 178.4415)
APIA = (-13.8333, -171.7667)
LONDON = (51.5085, -0.1257)
LIMA = (-12.0432, -77.0282)
AUCKLAND = (-36.8485, 174.7635)
COLOMBO = (6.9319, 79.8478)
_ids = count(1)


def city(name: str, country: str, where: tuple[float, float]) -> City:
    """Return a city that no database holds."""
    return City(
        id=next(_ids), slug=name.lower(), name=name, kind=Kind.CITY, country=country,
        latitude=where[0], longitude=where[1],
    )  # fmt: skip


def place(where: tuple[float, float]) -> tuple[float, float]:
    """Return where a point in degrees lies in the shipped picture."""
    return projection.place(projection.read_outline(), *where)


def is_shown(where: tuple[float, float]) -> bool:
    """Tell whether a point lies within the shipped picture."""
    outline, (x, y) = projection.read_outline(), place(where)
    return 0 <= x <= outline.width and 0 <= y <= outline.height


def test_known_cities_lie_to_each_other_as_on_earth() -> None:
    """East is right and north is up."""
    assert place(COLOMBO)[0] < place(JAKARTA)[0] < place(SEOUL)[0] < place(SUVA)[0]
    assert place(SEOUL)[1] < place(COLOMBO)[1] < place(JAKARTA)[1] < place(SUVA)[1]


@pytest.mark.parametrize("where", [JAKARTA, SEOUL, SUVA, APIA, AUCKLAND, COLOMBO])
def test_city_of_the_region_is_shown(where: tuple[float, float]) -> None:
    """From South Asia to the Pacific states."""
    assert is_shown(where)


@pytest.mark.parametrize("where", [LONDON, LIMA])
def test_city_elsewhere_is_not_shown(where: tuple[float, float]) -> None:
    """Neither side of the picture wraps too far."""
    assert not is_shown(where)


def test_pacific_goes_on_across_the_antimeridian() -> None:
    """Samoa lies right of Fiji, not at the far left."""
    assert place(APIA)[0] > place(SUVA)[0]


@pytest.mark.parametrize("name", ["miller", "mercator", "plain"])
def test_corners_of_the_extent_are_corners_of_the_picture(name: str) -> None:
    """Whatever the projection."""
    outline = projection.Outline(60, 190, -50, 55, 1000, 900, name, ())
    assert projection.place(outline, 55, 60) == (0, 0)
    assert projection.place(outline, -50, -170) == (1000, 900)


def test_outline_is_light_and_holds_numbers_only() -> None:
    """It stands in the home page, so it must stay small."""
    assert projection.OUTLINE.stat().st_size < 70_000
    paths = projection.read_outline().paths
    assert paths
    assert all(re.fullmatch(r"[Mlz0-9. -]+", path) for path in paths)


def test_cities_outside_the_extent_stand_in_the_list_only(app: Flask) -> None:
    """Nobody is left out."""
    cities = [city("London", "GB", LONDON), city("Suva", "FJ", SUVA)]
    found = maps.map_of(cities, {cities[1].id: 3})
    assert [(one.name, one.practices) for one in found.cities] == [("Suva", 3)]
    assert [country.name for country in found.countries] == ["Fiji", "United Kingdom"]


def test_countries_stand_in_order_with_their_cities(app: Flask) -> None:
    """By the name the reader sees, whatever the code."""
    cities = [
        city("Seoul", "KR", SEOUL), city("Colombo", "LK", COLOMBO), city("Jakarta", "ID", JAKARTA),
        city("Suva", "FJ", SUVA), city("Bandung", "ID", JAKARTA),
    ]  # fmt: skip
    countries = maps.map_of(cities, {}).countries
    assert [one.name for one in countries] == ["Fiji", "Indonesia", "South Korea", "Sri Lanka"]
    assert [one.name for one in countries[1].cities] == ["Jakarta", "Bandung"]
