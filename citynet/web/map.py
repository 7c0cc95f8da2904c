"""The map of the network: land and member cities placed on one projection, as SVG numbers."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from citynet.cities.models import City
from citynet.kit.i18n import country_name

OUTLINE = Path(__file__).parent / "data" / "asia_pacific.json"


@dataclass(frozen=True)
class Outline:
    """Land within an extent in degrees, as SVG paths of a `width` × `height` picture."""

    west: float
    east: float
    south: float
    north: float
    width: int
    height: int
    projection: str
    paths: tuple[str, ...]


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
        if 0 <= x <= outline.width and 0 <= y <= outline.height:
            shown.append(point)
    countries = [Country(country_name(code), found) for code, found in groups.items()]
    countries.sort(key=lambda country: country.name)
    return Map(outline.width, outline.height, outline.paths, shown, countries)


def place(outline: Outline, latitude: float, longitude: float) -> tuple[float, float]:
    """Return where a point in degrees lies in the picture."""
    top, bottom = _up(outline, outline.north), _up(outline, outline.south)
    # East of the antimeridian lies the rest of the Pacific: Samoa is at 188°, not at -172°.
    if longitude < outline.west:
        longitude += 360
    x = (longitude - outline.west) / (outline.east - outline.west) * outline.width
    y = (top - _up(outline, latitude)) / (top - bottom) * outline.height
    return round(x, 1), round(y, 1)


@cache
def read_outline() -> Outline:
    """Return the shipped outline of Asia and the Pacific."""
    data = json.loads(OUTLINE.read_text(encoding="utf-8"))
    names = Outline.__dataclass_fields__
    return Outline(**{**{key: data[key] for key in names}, "paths": tuple(data["paths"])})


def _up(outline: Outline, latitude: float) -> float:
    """Return the projected height of a latitude: Miller's cylinder, Mercator or the plain one."""
    radians = math.radians(latitude)
    if outline.projection == "miller":
        return 1.25 * math.log(math.tan(math.pi / 4 + 0.4 * radians))
    if outline.projection == "mercator":
        return math.log(math.tan(math.pi / 4 + radians / 2))
    return latitude
