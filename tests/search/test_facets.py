"""The facets tell the truth: each count is what a click gives, on the demonstration network."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from dataclasses import replace
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from flask import Flask, g
from flask.testing import FlaskClient
from werkzeug.datastructures import MultiDict
from werkzeug.test import create_environ
from werkzeug.wrappers import Request as Asked

from citynet.accounts import queries as people
from citynet.app import create_app
from citynet.cities import queries as cities
from citynet.cities.models import VISITOR, Actor
from citynet.index.engine import Found, IndexUnavailable
from citynet.index.whoosh import WhooshEngine
from citynet.search import addresses, facets, queries
from citynet.search.addresses import Search
from citynet.search.facets import Facet, Option, facets_of
from citynet.search.vocabulary import current
from tests import network
from tests.conftest import Browser, close, config_in, quick

ADDRESS = {"visitor": None, "official": "official@sidoarjo.example"}
SEARCHES = (
    "", "q=perizinan", "q=waste&language=id", "topic=licensing", "topic=licensing&topic=waste",
    "topic=online-licensing&country=ID", "country=ID&country=KR", "language=en",
    "language=en&language=id&status=scaled", "population=to_1m&population=under_100k",
    "kind=kabupaten&year=2019&year=2020", "q=air&evidence=self_reported", "cost=under_10k",
    "province=Jawa+Timur&city=kota-surabaya", "visibility=members&topic=waste",
)  # fmt: skip


@pytest.fixture(scope="module")
def loaded(demonstration: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """Return an application over a copy of the demonstration."""
    folder = tmp_path_factory.mktemp("facets") / "instance"
    shutil.copytree(demonstration, folder)
    app = quick(create_app(config_in(folder)))
    app.test_client_class = Browser
    yield app
    close(app)


def actor_at(address: str | None) -> Actor:
    """Return who asks."""
    return cities.actor_of(people.by_email(address) if address else None)


def read(query: str, actor: Actor) -> Search:
    """Return the search of an address."""
    return addresses.read(Asked(create_environ("/search", query_string=query)).args, actor)


def answer_to(search: Search, actor: Actor) -> tuple[int, list[Facet]]:
    """Return how many a search finds and its facets."""
    found = queries.ask(actor, search.request(actor, "en"))
    return found.found.total, facets_of(found, search)


def every(options: tuple[Option, ...] | list[Option]) -> Iterator[Option]:
    """Yield options and those below them."""
    for option in options:
        yield option
        yield from every(list(option.children))


def after_click(search: Search, name: str, option: Option, actor: Actor) -> int:
    """Return how many are found after a click on an option."""
    url = option.url or search.with_values(
        name, (*search.filters.get(name, ()), option.value)
    )  # fmt: skip
    clicked = read(url.partition("?")[2], actor)
    return queries.engine().find(clicked.request(actor, "en"), current()).total


@pytest.mark.parametrize(("role", "query"), list(product(ADDRESS, SEARCHES)))
def test_each_count_is_what_a_click_gives(loaded: Flask, role: str, query: str) -> None:
    """A plain number is the total afterwards, one with a plus is how many more."""
    with loaded.test_request_context("/"):
        g.actor = actor = actor_at(ADDRESS[role])
        search = read(query, actor)
        total, offers = answer_to(search, actor)
        offered = [
            (facet.name, option) for facet in offers for option in every(list(facet.options))
        ]
        assert offered
        for name, option in offered:
            assert option.count is not None
            if not option.selected:
                before = total if option.is_gain else 0
                assert after_click(search, name, option, actor) == before + option.count, (
                    name, option.value,
                )  # fmt: skip


@pytest.mark.parametrize("query", SEARCHES)
def test_no_count_tells_a_visitor_of_what_is_for_members(loaded: Flask, query: str) -> None:
    """A visitor's counts are those of what a visitor finds."""
    with loaded.test_request_context("/"):
        actor = actor_at(None)
        total, offers = answer_to(replace(read(query, actor), filters={}), actor)
        assert "visibility" not in {facet.name for facet in offers}
        for facet in offers:
            assert max(option.count or 0 for option in facet.options) <= total


def checked(page: str) -> dict[str, int]:
    """Return the count beside each box of a page, by name and value."""
    found = re.findall(
        r'name="([a-z]+)" value="([^"]*)"(?: checked)?><span class="cn-facet__label">[^<]*</span>'
        r'<span class="cn-facet__count">(\d+)<', page,
    )  # fmt: skip
    return {f"{name}={value}": int(count) for name, value, count in found}


@pytest.mark.parametrize("role", ADDRESS)
def test_counts_hold_for_whoever_presses_the_boxes(loaded: Flask, role: str) -> None:
    """On the page itself, where nothing is chosen yet."""
    with loaded.app_context():
        browser: FlaskClient = loaded.test_client()
        if ADDRESS[role]:
            browser = sign_in(loaded, str(ADDRESS[role]))
        counts = checked(browser.get("/search?q=air").text)
        assert len(counts) > 12
        for box, count in counts.items():
            page = browser.get(f"/search?q=air&{box.replace(' ', '+')}").text
            assert re.search(rf"<strong>{count} pra[ck]ti", page), box
        is_offered = 'name="visibility"' in browser.get("/search").text
        assert is_offered == (role == "official")


def sign_in(app: Flask, address: str) -> FlaskClient:
    """Return a browser in which a person of the demonstration is signed in."""
    browser = app.test_client()
    token = network.csrf_of(browser.get("/sign-in").text)
    data = {"email": address, "password": "belajar-dari-kota", "csrf_token": token}
    assert browser.post("/sign-in", data=data).status_code == 302
    return browser


# The tree of topics


@pytest.fixture
def filled(app: Flask) -> Flask:
    """Return practices on a topic, on one below it, and on another."""
    network.write_to("published", title="One counter", topics=["licensing"])
    network.write_to("published", title="A portal", topics=["online-licensing"])
    network.write_to("published", title="A bank", topics=["waste", "online-licensing"])
    return app


def topics_of(query: str) -> dict[str, Option]:
    """Return the topics that a search offers at the first level."""
    search = read(query, actor_at(None))
    found = {facet.name: facet for facet in answer_to(search, actor_at(None))[1]}
    return {option.value: option for option in found["topic"].options}


def test_narrower_topics_stand_below_their_own(filled: Flask) -> None:
    """The wider one counts them, too."""
    with filled.test_request_context("/"):
        topics = topics_of("")
        assert {slug: one.count for slug, one in topics.items()} == {"licensing": 3, "waste": 1}
        assert [(one.value, one.count) for one in topics["licensing"].children] == [
            ("online-licensing", 2)
        ]
        assert not topics["licensing"].is_open


def test_chosen_topic_offers_each_narrower_one_in_its_place(filled: Flask) -> None:
    """A box there would change nothing: the chosen topic holds the narrower ones."""
    with filled.test_request_context("/"):
        below = topics_of("topic=licensing")["licensing"].children[0]
        assert (below.url, below.count) == ("/search?topic=online-licensing", 2)
        assert not below.is_gain
        beside = topics_of("topic=licensing&topic=waste")["licensing"].children[0]
        assert (beside.url, beside.count) == ("/search?topic=online-licensing&topic=waste", 2)


def test_index_that_fails_between_two_questions_leaves_a_page(
    filled: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What stands below a chosen topic has no numbers then."""
    engine, asked = filled.extensions["index"], list[str]()

    def find(*question: Any) -> Found:
        asked.append("once more")
        if len(asked) > 1:
            raise IndexUnavailable("damaged meanwhile")
        return WhooshEngine.find(engine, *question)

    monkeypatch.setattr(engine, "find", find)
    answer = client.get("/search?topic=licensing&topic=waste")
    assert (answer.status_code, len(asked)) == (200, 2)
    assert "Search is limited" not in answer.text


def test_chosen_narrower_topic_is_seen_at_once(filled: Flask) -> None:
    """What is above it is open, and tells how many more it has."""
    with filled.test_request_context("/"):
        above = topics_of("topic=online-licensing")["licensing"]
        assert above.is_open
        assert (above.count, above.is_gain) == (1, True)


def test_facet_without_a_choice_is_left_out(app: Flask) -> None:
    """Its one value is what everything found has."""
    network.write_to("published", title="One counter", topics=["licensing"])
    page = app.test_client().get("/search").text
    assert 'name="country"' not in page
    assert "cn-facet__count" not in page
    assert 'name="country" value="ID" checked' in app.test_client().get("/search?country=ID").text


def test_closed_sets_stand_in_their_own_order(app: Flask) -> None:
    """Whatever has most."""
    for status, year in (("scaled", "2021"), ("scaled", "2023"), ("pilot", "2022")):
        network.write_to("published", status=status, started=year)
    with app.test_request_context("/"):
        search = read("", actor_at(None))
        found = {facet.name: facet for facet in answer_to(search, actor_at(None))[1]}
        assert [option.value for option in found["status"].options] == ["pilot", "scaled"]
        assert [option.value for option in found["year"].options] == ["2023", "2022", "2021"]


def test_chosen_values_stand_first(app: Flask) -> None:
    """A long list need not unfold to show them."""
    network.write_to("published")
    network.write_to("published")
    network.write_to("published", "rival")
    with app.test_request_context("/"):
        search = read("country=KR", actor_at(None))
        found = {facet.name: facet for facet in answer_to(search, actor_at(None))[1]}
        options = [(one.value, one.count, one.is_gain) for one in found["country"].options]
        assert options == [("KR", 1, False), ("ID", 2, True)]


def test_facet_offers_its_largest_values_and_those_chosen(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not all of thousands."""
    monkeypatch.setattr(facets, "MOST_OFFERED", 2)
    for year in ("2020", "2020", "2021", "2021", "2019"):
        network.write_to("published", started=year)
    with app.test_request_context("/"):
        for query, years in (("", ["2021", "2020"]), ("year=2019", ["2020", "2019"])):
            found = {one.name: one for one in answer_to(read(query, VISITOR), VISITOR)[1]}
            assert [option.value for option in found["year"].options] == years


def test_address_of_a_search_reads_back_as_the_same(app: Flask) -> None:
    """In each facet."""
    params = MultiDict(
        [
            ("q", "two  words"),
            ("country", "KR"),
            ("country", "ID"),
            ("status", "pilot"),
            ("sort", "newest"),
            ("exact", "1"),
            ("view", "map"),
        ]
    )
    with app.test_request_context("/"):
        search = addresses.read(params, actor_at(None))
        assert read(search.url().partition("?")[2], actor_at(None)) == search
        assert search.url() == (
            "/search?q=two+words&country=ID&country=KR&status=pilot&sort=newest&exact=1&view=map"
        )
