"""The list of member cities, and what each reader may know on a city's page."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient

from citynet.cities import queries as cities
from citynet.cities import service
from citynet.cities.models import Standing
from tests import network

NOT_A_MEMBER = "Pendingtown is not a member of the network"


def test_list_shows_members_by_country_and_no_applicant(client: FlaskClient) -> None:
    """Countries stand in the order of their names."""
    page = client.get("/cities/").text
    order = [page.index(f'id="country-{code}"') for code in ("ID", "PH", "KR")]
    assert order == sorted(order)
    assert "Kabupaten Sidoarjo" in page
    assert "Suspendedtown" in page
    assert "Suspended</span>" in page
    assert "Pendingtown" not in page


def test_list_tells_how_many_practices_each_city_has(app: Flask, client: FlaskClient) -> None:
    """A practice for members counts for members only."""
    network.write_to("published")
    network.write_to("published", title="For members", visibility="members")
    assert "1 practice<" in client.get("/cities/?country=ID").text
    assert "2 practices<" in network.client_of(app, "rival").get("/cities/?country=ID").text


@pytest.mark.parametrize("text", ["sido", "Kabupaten Sidoarjo", "jawa timur"])
def test_list_is_searched_by_name_and_province(client: FlaskClient, text: str) -> None:
    """As people write it."""
    page = client.get("/cities/", query_string={"q": text}).text
    assert 'href="/cities/kabupaten-sidoarjo"' in page
    assert 'href="/cities/seoul"' not in page
    assert "1 city" in page


def test_search_knows_kota_from_kabupaten(client: FlaskClient) -> None:
    """Two places may share a name."""
    assert "No member city fits" in client.get("/cities/?q=Kota+Sidoarjo").text


def test_list_is_filtered_by_country(client: FlaskClient) -> None:
    """The choice can be taken back."""
    page = client.get("/cities/?country=kr").text
    assert 'href="/cities/seoul"' in page
    assert 'href="/cities/kabupaten-sidoarjo"' not in page
    assert 'href="/cities/?q="' in page


def test_list_is_filtered_by_chapter(client: FlaskClient) -> None:
    """With how many members each has; an applicant is none."""
    page = client.get("/cities/?chapter=chapter").text
    assert 'href="/cities/kabupaten-sidoarjo"' in page
    assert 'href="/cities/seoul"' not in page
    assert "Pendingtown" not in page
    assert "Chapter of the Example Sea" in client.get("/cities/").text


@pytest.mark.parametrize("query", ["q=nowhere", "country=XX", "page=99", "chapter=nowhere"])
def test_list_with_nothing_on_it_says_what_to_do(client: FlaskClient, query: str) -> None:
    """And leads back to the whole list."""
    page = client.get(f"/cities/?{query}").text
    assert "No member city fits" in page
    assert "Show all member cities" in page


def test_city_page_tells_its_facts_and_practices(client: FlaskClient) -> None:
    """What is not known is said to be so."""
    network.write_to("published")
    page = client.get("/cities/kabupaten-sidoarjo").text
    assert '<h1 class="cn-title">Kabupaten Sidoarjo</h1>' in page
    assert "Regency (kabupaten)" in page
    assert "Jawa Timur" in page
    assert "Active member since" in page
    assert "Not known" in page
    assert "Business permits in one visit" in page


def test_city_page_parts_many_practices_into_pages(client: FlaskClient) -> None:
    """Twenty on a page."""
    for number in range(21):
        network.write_to("published", title=f"Practice number {number}")
    page = client.get("/cities/kabupaten-sidoarjo?page=2").text
    assert "Practice number 0<" in page
    assert "Practice number 20<" not in page
    assert "21 practices" in page
    assert "There is nothing on this page" in client.get("/cities/kabupaten-sidoarjo?page=9").text


def test_practice_for_members_is_hidden_from_visitors_of_the_city_page(
    app: Flask, client: FlaskClient
) -> None:
    """And shown to members."""
    network.write_to("published", title="For members", visibility="members")
    assert "For members" not in client.get("/cities/kabupaten-sidoarjo").text
    assert "For members" in network.client_of(app, "rival").get("/cities/kabupaten-sidoarjo").text


@pytest.mark.parametrize("role", ["visitor", "official", "rival", "suspended", "nobody's"])
def test_outsider_does_not_learn_that_a_city_applied(app: Flask, role: str) -> None:
    """To them it is not a member, and the page says how one joins."""
    page = network.client_of(app, role).get("/cities/pending").text
    assert NOT_A_MEMBER in page
    assert "Applied" not in page
    assert "How a city joins" in page


@pytest.mark.parametrize("role", ["pending", "secretariat"])
def test_city_itself_and_secretariat_see_that_it_applied(app: Flask, role: str) -> None:
    """With the step in its history."""
    page = network.client_of(app, role).get("/cities/pending").text
    assert "Has applied to join" in page
    assert "Applied to join" in page
    assert NOT_A_MEMBER not in page


def test_suspended_city_keeps_its_page(client: FlaskClient) -> None:
    """It says plainly how the membership stands."""
    page = client.get("/cities/suspended").text
    assert "The membership is suspended. What the city published stays here." in page
    assert "Membership suspended" in page


def test_ended_membership_is_told_to_nobody_outside(app: Flask, client: FlaskClient) -> None:
    """The secretariat still sees it."""
    admin = network.actor("secretariat")
    service.change_standing(admin, cities.get_city("seoul"), Standing.ENDED, reason="By its wish")
    assert "Seoul is not a member of the network" in client.get("/cities/seoul").text
    assert "Membership ended" in network.client_of(app, "secretariat").get("/cities/seoul").text


@pytest.mark.parametrize(
    ("role", "may_read"),
    [("visitor", False), ("official", False), ("rival", False), ("secretariat", True)],
)
def test_only_the_secretariat_reads_reasons_and_names(
    app: Flask, role: str, may_read: bool
) -> None:
    """The public sees the change and its day."""
    admin, seoul = network.actor("secretariat"), cities.get_city("seoul")
    service.change_standing(admin, seoul, Standing.LAPSED, reason="Canary: unpaid since May")
    page = network.client_of(app, role).get("/cities/seoul").text
    assert "Membership lapsed" in page
    assert ("Canary" in page) is may_read
    assert ("Ada" in page.split('id="history"')[1]) is may_read


def test_history_leaves_the_application_out_for_the_public(client: FlaskClient) -> None:
    """It begins with the admission."""
    page = client.get("/cities/seoul").text
    assert "Applied to join" not in page


def test_official_finds_the_way_to_write_on_the_own_city_page(app: Flask) -> None:
    """Others do not."""
    own, rival = network.client_of(app, "official"), network.client_of(app, "rival")
    link = 'href="/practices/new"'
    assert link in own.get("/cities/kabupaten-sidoarjo").text
    assert link not in rival.get("/cities/kabupaten-sidoarjo").text
    assert link not in network.client_of(app, "suspended").get("/cities/suspended").text


def test_unknown_city_is_not_found(client: FlaskClient) -> None:
    """With a search box."""
    answer = client.get("/cities/nowhere")
    assert answer.status_code == 404
    assert 'role="search"' in answer.text
