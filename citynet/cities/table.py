"""The shipped table of cities, read into the database; see `data/NOTICE.md` for its sources."""

from __future__ import annotations

import csv
import gzip
from collections.abc import Iterator
from io import TextIOWrapper
from pathlib import Path

from slugify import slugify
from sqlalchemy import insert, select, update

from citynet.cities.models import City, Kind
from citynet.kit import db

DATA = Path(__file__).parent / "data"
Row = dict[str, str | int | float | None]


@db.transaction
def load(*, countries: frozenset[str] | None = None) -> int:
    """Add each city of the table that is not there yet, and return how many; `countries` limits."""
    known = set(db.session().scalars(select(City.code)))
    slugs = set(db.session().scalars(select(City.slug)))
    rows = []
    for row in (*indonesia(), *world()):
        if row["code"] in known or (countries and row["country"] not in countries):
            continue
        row["slug"] = _free_slug(row, slugs)
        slugs.add(str(row["slug"]))
        rows.append(row)
    if rows:
        db.session().execute(insert(City), rows)
    _fill_in_areas()
    return len(rows)


def _fill_in_areas() -> None:
    """Give the cities of an older table their areas, where nobody wrote another."""
    areas = {row["code"]: row["area_km2"] for row in indonesia()}
    without = select(City.id, City.code).where(City.area_km2.is_(None), City.country == "ID")
    found = [
        {"id": city_id, "area_km2": areas[code]}
        for city_id, code in db.session().execute(without).all()
        if code in areas
    ]
    if found:
        db.session().execute(update(City), found)


def indonesia() -> Iterator[Row]:
    """Yield the 514 kota and kabupaten, as the columns of `City` without the slug."""
    with (DATA / "indonesia.csv").open(encoding="utf-8", newline="") as lines:
        for line in csv.DictReader(lines):
            yield {
                "code": line["code"],
                "name": line["name"],
                "kind": Kind(line["kind"]),
                "country": "ID",
                "province": line["province"],
                "population": int(line["population"]) if line["population"] else None,
                "population_year": int(line["population_year"]),
                "area_km2": float(line["area_km2"]),
                "latitude": float(line["latitude"]),
                "longitude": float(line["longitude"]),
            }


def world() -> Iterator[Row]:
    """Yield the cities of other countries over 15,000 people."""
    with gzip.open(DATA / "world.csv.gz") as raw:
        for line in csv.DictReader(TextIOWrapper(raw, encoding="utf-8", newline="")):
            yield {
                "code": f"gn:{line['geoname_id']}",
                "name": line["name"],
                "kind": Kind.CITY,
                "country": line["country"],
                "province": None,
                "population": int(line["population"]) or None,
                "population_year": None,
                "area_km2": None,
                "latitude": float(line["latitude"]),
                "longitude": float(line["longitude"]),
            }


def slugs_of(row: Row) -> tuple[str, str, str]:
    """Return addresses, best first: `kota-kupang`, then with the country, then with the code."""
    prefix = "" if row["kind"] == Kind.CITY else f"{row['kind']}-"
    plain = slugify(f"{prefix}{row['name']}")[:90] or slugify(str(row["code"]))
    return plain, slugify(f"{plain}-{row['country']}"), slugify(f"{plain}-{row['code']}")


def _free_slug(row: Row, taken: set[str]) -> str:
    for slug in slugs_of(row):
        if slug not in taken:
            return slug
    raise ValueError(f"no free address for {row['code']}")
