"""The shipped table of cities: what it holds, and that it loads once."""

from __future__ import annotations

from collections import Counter

import pytest
from flask import Flask
from sqlalchemy import func, select

from citynet.cities import queries, table
from citynet.cities.models import City, Kind
from citynet.kit import db

NEAR = frozenset({"ID", "FJ"})
INDONESIA = list(table.indonesia())
WORLD = list(table.world())


def count_of(country: str) -> int:
    """Return how many cities of a country the database holds."""
    wanted = select(func.count()).select_from(City).where(City.country == country)
    return db.session().scalar(wanted) or 0


def number(row: table.Row, column: str) -> float:
    """Return a column that is a number."""
    value = row[column]
    assert isinstance(value, int | float)
    return value


def test_indonesian_table_holds_every_kota_and_kabupaten() -> None:
    """As many as the Ministry of Home Affairs lists."""
    assert Counter(row["kind"] for row in INDONESIA) == {Kind.KOTA: 98, Kind.KABUPATEN: 416}
    assert len({row["province"] for row in INDONESIA}) == 38


def test_codes_are_unique() -> None:
    """A code names one city."""
    codes = [row["code"] for row in (*INDONESIA, *WORLD)]
    assert len(set(codes)) == len(codes)


def test_indonesian_rows_are_within_sane_bounds() -> None:
    """Each lies in the archipelago, has people and the year they were counted."""
    for row in INDONESIA:
        assert 94.9 < number(row, "longitude") < 141.1, row
        assert -11.1 < number(row, "latitude") < 6.1, row
        assert 10_000 < number(row, "population") < 7_000_000, row
        assert row["population_year"] == 2025


def test_no_region_lies_far_from_its_province() -> None:
    """A slip of the pen would set a city in the wrong sea."""
    provinces: dict[object, list[table.Row]] = {}
    for row in INDONESIA:
        provinces.setdefault(row["province"], []).append(row)
    for rows in provinces.values():
        for axis in ("latitude", "longitude"):
            middle = sorted(number(row, axis) for row in rows)[len(rows) // 2]
            for row in rows:
                assert abs(number(row, axis) - middle) < 6, row


def test_world_table_has_no_indonesian_city_and_sane_rows() -> None:
    """Indonesian cities come from their own table; the rest are whole."""
    assert len(WORLD) > 30_000
    for row in WORLD:
        assert row["country"] != "ID"
        assert len(str(row["country"])) == 2
        assert row["name"] == str(row["name"]).strip() != ""
        assert len(str(row["name"])) <= 120
        assert abs(number(row, "latitude")) <= 90
        assert abs(number(row, "longitude")) <= 180
        assert row["population"] is None or number(row, "population") > 0


@pytest.mark.parametrize(
    ("code", "name", "country"),
    [
        ("gn:1835848", "Seoul", "KR"),
        ("gn:2198148", "Suva", "FJ"),
        ("gn:4035413", "Apia", "WS"),
        ("gn:2110394", "Funafuti", "TV"),
        ("gn:1248991", "Colombo", "LK"),
    ],
)
def test_world_table_knows_cities_of_the_region(code: str, name: str, country: str) -> None:
    """Capitals of small states are there too."""
    found = [row for row in WORLD if row["code"] == code]
    assert [(row["name"], row["country"]) for row in found] == [(name, country)]


def test_loading_adds_every_row_once(app: Flask) -> None:
    """A second load adds nothing and changes nothing."""
    before = count_of("ID") + count_of("FJ")
    known = set(db.session().scalars(select(City.code)))
    wanted = [row for row in (*INDONESIA, *WORLD) if row["country"] in NEAR]
    added = table.load(countries=NEAR)
    assert added == sum(row["code"] not in known for row in wanted)
    assert count_of("ID") == 514
    assert count_of("ID") + count_of("FJ") == before + added
    assert table.load(countries=NEAR) == 0
    slugs = db.session().scalars(select(City.slug)).all()
    assert len(set(slugs)) == len(slugs)


def test_areas_are_sane_and_add_up() -> None:
    """From the smallest kota to the largest kabupaten; together they are the country."""
    areas = [number(row, "area_km2") for row in INDONESIA]
    assert min(areas) > 10
    assert max(areas) < 50_000
    assert 1_880_000 < sum(areas) < 1_910_000
    assert all(row["area_km2"] is None for row in WORLD)


def test_loading_fills_in_areas_of_an_older_table(app: Flask) -> None:
    """But leaves what somebody corrected."""
    table.load(countries=frozenset({"ID"}))
    kupang, ambon = queries.find_city("53.71"), queries.find_city("81.71")
    assert kupang is not None
    assert ambon is not None
    kupang.area_km2, ambon.area_km2 = None, 300.0
    db.session().commit()
    assert table.load(countries=frozenset({"ID"})) == 0
    areas = [one.area_km2 for one in (kupang, ambon)]
    assert areas == [158.88, 300.0]


@pytest.mark.parametrize(
    ("code", "slug", "full_name", "province"),
    [
        ("53.71", "kota-kupang", "Kota Kupang", "Nusa Tenggara Timur"),
        ("53.01", "kabupaten-kupang", "Kabupaten Kupang", "Nusa Tenggara Timur"),
        ("35.15", "kabupaten-sidoarjo", "Kabupaten Sidoarjo", "Jawa Timur"),
        ("31.74", "kota-administrasi-jakarta-selatan", "Kota Administrasi Jakarta Selatan",
         "Daerah Khusus Ibukota Jakarta"),
        ("31.01", "kabupaten-administrasi-kepulauan-seribu",
         "Kabupaten Administrasi Kepulauan Seribu", "Daerah Khusus Ibukota Jakarta"),
        ("71.09", "kabupaten-kepulauan-siau-tagulandang-biaro",
         "Kabupaten Kepulauan Siau Tagulandang Biaro", "Sulawesi Utara"),
        ("gn:2198148", "suva", "Suva", None),
    ],
)  # fmt: skip
def test_loaded_city_reads_as_its_country_writes_it(
    app: Flask, code: str, slug: str, full_name: str, province: str | None
) -> None:
    """Kota and kabupaten of one name stay apart."""
    table.load(countries=NEAR)
    city = queries.find_city(code)
    assert city is not None
    assert (city.slug, city.full_name, city.province) == (slug, full_name, province)


def test_larger_of_two_cities_of_one_name_gets_the_plain_address(app: Flask) -> None:
    """London is the one in Britain, and Canada's says so."""
    table.load(countries=frozenset({"GB", "CA"}))
    british, canadian = queries.find_city("london"), queries.find_city("london-ca")
    assert british is not None
    assert canadian is not None
    assert (british.country, canadian.country) == ("GB", "CA")
