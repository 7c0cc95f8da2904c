"""The map of what was found: every city of all pages, each a way to its results."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from sqlalchemy import update

from citynet.cities.models import City
from citynet.kit import db
from citynet.kit.projection import read_outline
from citynet.search.addresses import Search
from citynet.search.places import NARROWEST, RATIO, Places, places_of
from tests import network


def put(**where: tuple[float, float]) -> None:
    """Place cities, by what their address begins with."""
    for slug, (latitude, longitude) in where.items():
        moved = {"latitude": latitude, "longitude": longitude}
        is_meant = City.slug.startswith(slug)
        db.session().execute(update(City).where(is_meant).values(**moved))
    db.session().commit()


@pytest.fixture
def spread(app: Flask) -> Flask:
    """Return twelve practices of Sidoarjo and one of Seoul, each city in its place."""
    put(**{"kabupaten-sidoarjo": (-7.45, 112.72), "seoul": (37.57, 126.98)})
    for number in range(12):
        network.write_to("published", title=f"Practice {number}")
    network.write_to("published", "rival", title="Practice of Seoul")
    return app


def drawn(page: str) -> dict[str, str]:
    """Return the label of each city that the map draws, by where it leads."""
    found = re.findall(r'<a class="cn-foundmap__city" href="([^"]*)" aria-label="([^"]*)">', page)
    return {href.replace("&amp;", "&"): label for href, label in found}


def test_map_counts_all_that_was_found(spread: Flask) -> None:
    """Not the ten of a page; each city leads to the list of its own."""
    page = spread.test_client().get("/search?q=practice&view=map").text
    assert "<strong>13 practices</strong>" in page
    assert drawn(page) == {
        "/search?q=practice&city=kabupaten-sidoarjo": "Kabupaten Sidoarjo: 12 practices",
        "/search?q=practice&city=seoul": "Seoul: 1 practice",
    }
    assert 'class="cn-card cn-result' not in page
    assert 'class="cn-pages"' not in page


def test_same_places_are_told_as_a_list(spread: Flask) -> None:
    """By country, for those who see no map."""
    page = spread.test_client().get("/search?view=map").text
    listed = page[page.index('id="by-place"') :]
    assert listed.index(">Indonesia<") < listed.index(">Kabupaten Sidoarjo<")
    assert listed.index(">South Korea<") < listed.index(">Seoul<")
    assert "12 practices" in listed


def test_list_and_map_lead_to_each_other(spread: Flask) -> None:
    """With all that is searched, and forms stay in the map."""
    browser = spread.test_client()
    one = browser.get("/search?q=practice&country=ID").text
    assert 'href="/search?q=practice&amp;country=ID&amp;view=map"' in one
    other = browser.get("/search?q=practice&country=ID&view=map").text
    assert 'href="/search?q=practice&amp;country=ID"' in other
    assert other.count('name="view" value="map"') == 2


def test_map_of_one_city_shows_that_one(spread: Flask) -> None:
    """The same results as in the list."""
    page = spread.test_client().get("/search?city=seoul&view=map").text
    assert list(drawn(page).values()) == ["Seoul: 1 practice"]


def test_what_lies_outside_the_map_is_told_in_words(spread: Flask) -> None:
    """London is no place of Asia and the Pacific."""
    put(seoul=(51.5, -0.1))
    page = spread.test_client().get("/search?view=map").text
    assert len(drawn(page)) == 1
    assert 'Outside this map: <a href="/search?city=seoul">Seoul: 1 practice</a>.' in page
    put(**{"kabupaten-sidoarjo": (51.4, -0.2)})
    page = spread.test_client().get("/search?view=map").text
    assert '<svg class="cn-map__picture' not in page
    assert "Kabupaten Sidoarjo: 12 practices</a>, " in page


def test_nothing_found_draws_no_map(app: Flask) -> None:
    """It helps on instead."""
    page = app.test_client().get("/search?q=zeppelin&view=map").text
    assert "No practice was found" in page
    assert "cn-foundmap" not in page


def shown(**counts: int) -> Places:
    """Return the map of cities with so many results each."""
    named = {slug.replace("_", "-"): count for slug, count in counts.items()}
    return places_of(named, Search("", {}, "newest"))


def test_map_shows_the_part_of_the_world_that_holds_all(spread: Flask) -> None:
    """Not nearer than a region, never beyond the outline, and nothing at the very edge."""
    outline = read_outline()
    with spread.test_request_context("/"):
        near, far = shown(seoul=1), shown(seoul=1, kabupaten_sidoarjo=12)
        assert near.width == NARROWEST
        assert near.height == round(NARROWEST / RATIO, 1)
        assert far.width > near.width
        put(**{"kabupaten-sidoarjo": (-49, 61), "seoul": (54, 189)})
        db.session().expire_all()
        widest = shown(seoul=1, kabupaten_sidoarjo=12)
        assert (widest.left, widest.top) == (0, 0)
        assert (widest.width, widest.height) == (outline.width, outline.height)
    for one in (near, far, widest):
        for spot in one.spots:
            assert one.left < spot.x < one.left + one.width
            assert one.top < spot.y < one.top + one.height


def test_larger_ones_are_drawn_below_smaller_ones(spread: Flask) -> None:
    """So that each can be pressed."""
    with spread.test_request_context("/"):
        spots = shown(seoul=1, kabupaten_sidoarjo=12).spots
        assert [spot.practices for spot in spots] == [12, 1]
