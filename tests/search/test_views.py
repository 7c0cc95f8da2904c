"""The search page: honest counts, filters by links, and help without a find."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from flask import Flask

from citynet.kit import clock
from tests import network
from tests.practices.translator import WORDS, bring_to, published


def test_search_without_words_shows_everything_one_may_read(filled: Flask) -> None:
    """A member finds one practice more than a visitor."""
    visitor = network.client_of(filled, "visitor").get("/search").text
    member = network.client_of(filled, "rival").get("/search").text
    assert "All practices" in visitor
    assert "<strong>3 practices</strong>" in visitor
    assert "Hidden canary" not in visitor
    assert "<strong>4 practices</strong>" in member
    assert "Hidden canary" in member


def test_found_words_are_marked_and_the_search_box_keeps_them(filled: Flask) -> None:
    """The hit tells city, country, language and status."""
    page = filled.test_client().get("/search?q=waste").text
    assert 'value="waste"' in page
    assert "<mark>waste" in page.lower()
    for words in ("Waste bank", "Kabupaten Sidoarjo", "Indonesia", "English", "Pilot"):
        assert words in page


def test_filters_offer_each_facet_with_its_count(filled: Flask) -> None:
    """As check boxes of a form that a button sends."""
    page = filled.test_client().get("/search").text
    form = page[page.index('class="cn-facets__form"') : page.index("Apply filters")]
    for name in ("topic", "country", "city", "language", "status", "year"):
        assert f'type="checkbox" name="{name}"' in form
    assert 'name="country" value="ID"' in form
    assert 'Indonesia</span><span class="cn-facet__count">2<' in form
    assert 'South Korea</span><span class="cn-facet__count">1<' in form


def test_chosen_filters_narrow_and_can_be_removed_one_by_one(filled: Flask) -> None:
    """Each leads to the search without it."""
    page = filled.test_client().get("/search?country=ID&status=pilot&sort=newest").text
    assert "<strong>1 practice</strong>" in page
    assert 'href="/search?status=pilot"' in page
    assert 'href="/search?country=ID"' in page
    assert "Clear all filters" in page


def test_two_values_of_one_facet_are_alternatives(filled: Flask) -> None:
    """Either country will do."""
    page = filled.test_client().get("/search?country=ID&country=KR").text
    assert "<strong>3 practices</strong>" in page


def test_order_is_chosen_by_links(filled: Flask) -> None:
    """The one in use is marked; without words nothing matches best, and nothing was replicated."""
    browser = filled.test_client()
    page = browser.get("/search?q=days&sort=newest").text
    assert 'href="/search?q=days">Best match' in page
    assert 'href="/search?q=days&amp;sort=newest" aria-current="true">Newest' in page
    assert 'href="/search?q=days&amp;sort=confirmed">Last confirmed' in page
    assert 'aria-current="true">Best match' in browser.get("/search?q=days&sort=odd").text
    blank = browser.get("/search?sort=relevance").text
    assert "Best match" not in blank
    assert 'href="/search" aria-current="true">Newest' in blank
    assert "Most replicated" not in page + blank


def test_what_was_confirmed_last_stands_first_when_asked_for(filled: Flask) -> None:
    """Publishing a running practice confirms it."""
    with clock.moved(timedelta(days=3)):
        network.write_to("published", title="Stopped bank", status="stopped",
                         stopped_reason="Money.", summary="Neighbours sort waste.")  # fmt: skip
    for words, first in (("confirmed", "Waste bank"), ("newest", "Stopped bank")):
        page = filled.test_client().get(f"/search?q=neighbours&sort={words}").text
        titles = re.findall(r'cn-card__link"[^>]*>([^<]*)<', page)
        assert titles[0] == first, words
        assert len(titles) == 2


def test_hit_tells_how_far_it_can_be_relied_on(app: Flask) -> None:
    """When its city last confirmed it, and what vouches for its results."""
    row = {"indicator": "Days", "before": "9", "after": "2", "source": "https://city.example/days"}
    network.write_to("published", results=[row, {**row, "source": "Own count"}])
    page = app.test_client().get("/search?q=permits").text
    assert f'Last confirmed <time datetime="{clock.now():%Y-%m-%d}">' in page
    assert "Results: Document linked" in page


def test_expected_results_are_no_evidence(app: Flask) -> None:
    """Nothing was measured yet."""
    network.write_to("published", results=[{"indicator": "Days", "after": "2", "expected": True}])
    assert "Results:" not in app.test_client().get("/search?q=permits").text


def test_related_words_are_told_and_can_be_left_out(filled: Flask) -> None:
    """And taken in again, each with one click."""
    browser = filled.test_client()
    page = browser.get("/search?q=perizinan").text
    assert "Also searched for:" in page
    exactly = re.search(r'href="([^"]*)">Search exactly', page)
    assert exactly
    assert exactly[1] == "/search?q=perizinan&amp;exact=1"
    exact = browser.get("/search?q=perizinan&exact=1").text
    assert "Also searched for:" not in exact
    assert 'href="/search?q=perizinan">Search for related words, too' in exact
    assert 'name="exact" value="1"' in exact


def test_misspelt_words_are_put_right_and_the_page_says_so(filled: Flask) -> None:
    """What was typed stays in the box, and can be searched as it is."""
    browser = filled.test_client()
    page = browser.get("/search?q=neigbours").text
    assert "Nothing was found for “neigbours”" in page
    assert "<strong>neighbours</strong>" in page
    assert "Waste bank" in page
    assert 'value="neigbours"' in page
    assert 'href="/search?q=neigbours&amp;as_typed=1"' in page
    typed = browser.get("/search?q=neigbours&as_typed=1").text
    assert "No practice was found" in typed
    assert 'Did you mean <a href="/search?q=neighbours"><strong>neighbours</strong>' in typed
    assert "Tell the network that this is missing" in typed


def test_search_engines_keep_the_page_of_all_practices_only(filled: Flask) -> None:
    """Whatever the order of the parameters, a search has one address."""
    browser = filled.test_client()
    assert "noindex" not in browser.get("/search").text
    for query in ("q=waste", "country=ID", "page=2", "view=map", "sort=confirmed"):
        assert '<meta name="robots" content="noindex">' in browser.get(f"/search?{query}").text
    one = browser.get("/search?country=KR&x=1&q=izin&country=ID&sort=relevance").text
    own = 'rel="canonical" href="http://localhost/search?q=izin&amp;country=ID&amp;country=KR"'
    assert own in one


def test_title_tells_the_page(app: Flask) -> None:
    """So that tabs and readers tell them apart."""
    for number in range(11):
        network.write_to("published", title=f"Practice {number}")
    assert "<title>All practices – CityNet" in app.test_client().get("/search").text
    assert "<title>All practices – page 2 of 2 – " in app.test_client().get("/search?page=2").text


def test_panel_tells_how_many_filters_are_set(filled: Flask) -> None:
    """A telephone shows it closed."""
    page = filled.test_client().get("/search?country=ID&country=KR&status=pilot").text
    summary = page[page.index('class="cn-facets ') :]
    assert '>3<span class="cn-hidden"> chosen' in summary[: summary.index("</summary>")]


def test_search_without_a_find_helps_on(filled: Flask) -> None:
    """Tips, topics that have practices, and the way to all."""
    page = filled.test_client().get("/search?q=zeppelin").text
    assert "No practice was found" in page
    assert "Check the spelling" in page
    assert 'href="/topics/licensing"' in page
    assert 'href="/practices/"' in page
    assert "Search again without filters" not in page


def test_search_without_a_find_offers_to_drop_the_filters(filled: Flask) -> None:
    """Where filters were chosen."""
    page = filled.test_client().get("/search?q=waste&country=KR").text
    assert "Search again without filters" in page


def test_topics_near_the_words_stand_first(filled: Flask) -> None:
    """A synonym counts as the topic's own word."""
    page = filled.test_client().get("/search?q=izin&year=1900").text
    near = page[page.index('id="near"') :]
    assert near.index("/topics/licensing") < near.index("/topics/waste")


@pytest.mark.parametrize(
    ("words", "first", "then"),
    [("waste+bank", "waste", "licensing"), ("building+permit", "licensing", "waste")],
)
def test_topic_above_a_named_one_stands_first(
    filled: Flask, words: str, first: str, then: str
) -> None:
    """The narrower one may have no practice yet."""
    page = filled.test_client().get(f"/search?q={words}&year=1900").text
    near = page[page.index('id="near"') :]
    assert near.index(f'/topics/{first}"') < near.index(f'/topics/{then}"')


def test_page_beyond_the_last_leads_back(filled: Flask) -> None:
    """The total stays honest."""
    page = filled.test_client().get("/search?page=99").text
    assert "<strong>3 practices</strong>" in page
    assert "There is nothing on this page" in page


def test_many_finds_are_parted_into_pages_that_keep_the_filters(app: Flask) -> None:
    """Ten on a page."""
    for number in range(11):
        network.write_to("published", title=f"Practice {number}")
    page = app.test_client().get("/search?country=ID&q=counter").text
    assert "page 1 of 2" in page
    assert "country=ID" in page[page.index('class="cn-pages"') :]


# Told in two languages


@pytest.fixture
def told(app: Flask) -> Flask:
    """Return a practice in English that is told in Indonesian, beside one that is not."""
    bring_to("published", published())
    network.write_to("published", title="Waste bank", topics=["waste"])
    return app


@pytest.mark.parametrize("words", ["kunjungan", "mendatangi", '"banyak kantor"', "visits"])
def test_practice_is_found_in_each_language_that_it_is_told_in(told: Flask, words: str) -> None:
    """It counts once."""
    page = told.test_client().get("/search", query_string={"q": words}).text
    assert "<strong>1 practice</strong>" in page
    assert "English, Indonesian" in page
    assert "Business permits in one visit" in page


def test_filter_by_language_finds_translated_practices(told: Flask) -> None:
    """Of two in English one is told in Indonesian."""
    browser = told.test_client()
    assert "<strong>1 practice</strong>" in browser.get("/search?language=id").text
    assert "<strong>2 practices</strong>" in browser.get("/search?language=en").text


def test_hit_reads_in_the_language_of_its_reader(told: Flask) -> None:
    """Title and snippet, whichever words were found."""
    browser = told.test_client()
    for words in ("loket", "visits"):
        other = browser.get(f"/search?q={words}", headers={"Accept-Language": "id"}).text
        assert f'lang="id">{WORDS["title"]}</a>' in other
        assert '<p class="cn-card__text" lang="id">' in other
        own = browser.get(f"/search?q={words}", headers={"Accept-Language": "en"}).text
        assert 'lang="en">Business permits in one visit</a>' in own
        assert '<p class="cn-card__text" lang="en">' in own
    marked = browser.get("/search?q=loket", headers={"Accept-Language": "id"}).text
    assert "Satu <mark>loket</mark>" in marked
