"""The search page: honest counts, filters by links, and help without a find."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient

from citynet.index.engine import Found, IndexUnavailable, Request
from tests import network
from tests.practices.translator import WORDS, bring_to, published


class Damaged:
    """An index that cannot be read."""

    def find(self, request: Request) -> Found:
        """Fail as a damaged index does."""
        raise IndexUnavailable("damaged")

    def suggest(self, text: str, audiences: object, limit: int) -> list[tuple[str, str]]:
        """Fail as a damaged index does."""
        raise IndexUnavailable("damaged")


@pytest.fixture
def filled(app: Flask) -> Flask:
    """Return a network with three public practices and one for members."""
    network.write_to("published", summary="Licensing takes two days now.")
    network.write_to("published", title="Waste bank", topics=["waste"], status="pilot",
                     started="2021", summary="Neighbours sort their waste.")  # fmt: skip
    network.write_to("published", "rival", title="Izin usaha daring", language="id",
                     topics=["online-licensing"], summary="Izin dalam dua hari.")  # fmt: skip
    network.write_to("published", title="Hidden canary", visibility="members")
    return app


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
    assert 'href="/search?q=&amp;sort=newest&amp;status=pilot"' in page
    assert 'href="/search?q=&amp;sort=newest&amp;country=ID"' in page
    assert "Clear all filters" in page


def test_two_values_of_one_facet_are_alternatives(filled: Flask) -> None:
    """Either country will do."""
    page = filled.test_client().get("/search?country=ID&country=KR").text
    assert "<strong>3 practices</strong>" in page


def test_order_is_chosen_by_links(filled: Flask) -> None:
    """The one in use is marked."""
    page = filled.test_client().get("/search?q=days&sort=newest").text
    assert 'href="/search?q=days&amp;sort=relevance"' in page
    assert 'aria-current="true">Newest' in page
    assert (
        'aria-current="true">Best match' in filled.test_client().get("/search?q=days&sort=odd").text
    )
    assert "Best match" not in filled.test_client().get("/search").text


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


def test_damaged_index_is_told_in_plain_words(filled: Flask, client: FlaskClient) -> None:
    """The database answers, without counts and without what is hidden."""
    filled.extensions["index"] = Damaged()
    page = client.get("/search?q=waste&status=pilot").text
    assert "Search is limited for the moment" in page
    assert "Waste bank" in page
    assert "Hidden canary" not in client.get("/search").text
    assert "cn-facet__count" not in page
    assert client.get("/search/suggest?q=wa").json == []


def test_suggestions_are_titles_one_may_read(filled: Flask, client: FlaskClient) -> None:
    """Each with its address."""
    assert client.get("/search/suggest?q=was").json == [
        {"title": "Waste bank", "url": "/practices/waste-bank"}
    ]
    assert client.get("/search/suggest?q=hidden").json == []


@pytest.mark.parametrize(
    "query", ["q=" + "x" * 5000, "year=<b>&city=%00&page=-1", "topic=" + "a" * 300]
)
def test_odd_input_is_answered_with_a_page(filled: Flask, client: FlaskClient, query: str) -> None:
    """Nothing that was typed becomes markup."""
    answer = client.get(f"/search?{query}")
    assert answer.status_code == 200
    assert "<b>" not in answer.text


# Told in two languages


@pytest.fixture
def told(app: Flask) -> Flask:
    """Return a practice in English that is told in Indonesian, beside one that is not."""
    bring_to("published", published())
    network.write_to("published", title="Waste bank", topics=["waste"])
    return app


@pytest.mark.parametrize("words", ["kunjungan", "mendatangi", '"banyak kantor"', "visits"])
def test_practice_is_found_in_each_language_that_it_is_told_in(told: Flask, words: str) -> None:
    """It counts once, also in the filter by language."""
    page = told.test_client().get("/search", query_string={"q": words}).text
    assert "<strong>1 practice</strong>" in page
    assert 'value="en"' in page
    assert 'value="id"' in page
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
        assert '<p class="cn-card__text" lang="id">Satu ' in other
        own = browser.get(f"/search?q={words}", headers={"Accept-Language": "en"}).text
        assert 'lang="en">Business permits in one visit</a>' in own
        assert '<p class="cn-card__text" lang="en">' in own
    marked = browser.get("/search?q=loket", headers={"Accept-Language": "id"}).text
    assert "Satu <mark>loket</mark>" in marked


@pytest.mark.parametrize(
    ("language", "title"), [("id", WORDS["title"]), ("en", "Business permits in one visit")]
)
def test_suggestion_is_the_title_in_the_readers_language(
    told: Flask, language: str, title: str
) -> None:
    """Whichever title begins so."""
    for words in ("izin", "business"):
        answer = told.test_client().get(
            f"/search/suggest?q={words}", headers={"Accept-Language": language}
        )
        address = "/practices/business-permits-in-one-visit"
        assert answer.json == [{"title": title, "url": address}]


def test_database_finds_translations_in_place_of_a_damaged_index(told: Flask) -> None:
    """By words of either language and by the filter; hidden ones stay hidden."""
    bring_to("published", published(title="Hidden canary", visibility="members"))
    told.extensions["index"] = Damaged()
    browser = told.test_client()
    for query in ("q=kunjungan", "q=shops&language=id", "language=id"):
        page = browser.get(f"/search?{query}").text
        assert "<strong>1 practice</strong>" in page, query
        assert "Business permits in one visit" in page
    assert "<strong>2 practices</strong>" in network.client_of(told, "rival").get(
        "/search?q=kunjungan"
    ).text  # fmt: skip
