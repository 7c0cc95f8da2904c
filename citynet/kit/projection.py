"""The land of Asia and the Pacific on one projection, and where a point in degrees falls on it."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from functools import cache
from pathlib import Path

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

    def holds(self, x: float, y: float) -> bool:
        """Tell whether a point lies within the picture."""
        return 0 <= x <= self.width and 0 <= y <= self.height


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
