"""The frame of every page, the home page, the language switch, and the state of the system."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient

from citynet.kit import worker
from citynet.practices.document import PracticeSource
from tests import network

INDONESIAN = {"Accept-Language": "id-ID,id;q=0.9,en;q=0.5"}


def test_home_shows_the_network_in_numbers_topics_practices_and_map(
    app: Flask, client: FlaskClient
) -> None:
    """What a visitor may read, and no more."""
    network.write_to("published")
    network.write_to("published", title="Hidden canary", visibility="members")
    page = client.get("/").text
    assert 'cn-counts__number">1</dd>' in page
    assert 'cn-counts__number">2</dd>' in page
    assert 'href="/topics/licensing"' in page
    assert "Business permits in one visit" in page
    assert "Hidden canary" not in page
    assert "Map of the member cities" in page
    assert page.count('href="/cities/seoul"') == 2
    assert "Pendingtown" not in page
    assert "Suspendedtown" not in page


def test_home_without_practices_says_so(client: FlaskClient) -> None:
    """An empty network has a home page too."""
    assert "No practices yet" in client.get("/").text


@pytest.mark.parametrize(
    ("role", "seen", "unseen"),
    [
        ("visitor", ["Sign in"], ["Sign out", "My work", "Secretariat desk"]),
        ("official", ["My work", "My city", "Sign out"], ["Secretariat desk"]),
        ("lead", ["My work", "My city", "Sign out"], ["Secretariat desk"]),
        ("nobody's", ["Account", "Sign out"], ["My work", "My city", "Secretariat desk"]),
        ("secretariat", ["Secretariat desk", "Sign out"], ["My work", "My city"]),
    ],
)
def test_header_offers_what_the_role_needs(
    app: Flask, role: str, seen: list[str], unseen: list[str]
) -> None:
    """And nothing that would be refused."""
    page = network.client_of(app, role).get("/about").text
    header = page[page.index("<header") : page.index("</header>")]
    assert [words for words in seen if words not in header] == []
    assert [words for words in unseen if words in header] == []


def test_page_begins_with_a_link_to_its_content(client: FlaskClient) -> None:
    """For those who read by keyboard."""
    page = client.get("/about").text
    assert page.index('href="#main"') < page.index("<header")
    assert 'id="main"' in page


def test_footer_names_the_sources_of_place_data(client: FlaskClient) -> None:
    """With their licences a click away."""
    page = client.get("/").text
    footer = page[page.index("<footer") :]
    for words in ("GeoNames", "idn-area-data", "Natural Earth", 'href="/about#sources"'):
        assert words in footer
    assert 'id="sources"' in client.get("/about").text


def test_language_follows_the_browser_until_one_is_chosen(client: FlaskClient) -> None:
    """The choice is remembered in a cookie that scripts cannot read."""
    assert '<html lang="id">' in client.get("/", headers=INDONESIAN).text
    answer = network.post(client, "/language", {"language": "en", "next": "/about"})
    assert answer.headers["Location"] == "/about"
    assert "HttpOnly" in answer.headers["Set-Cookie"]
    assert '<html lang="en">' in client.get("/", headers=INDONESIAN).text


def test_language_of_the_account_stands_above_the_cookie(app: Flask) -> None:
    """A person reads the same language on a borrowed browser."""
    network.post(network.client_of(app, "official"), "/language", {"language": "id"})
    borrowed = app.test_client()
    network.post(borrowed, "/language", {"language": "en"})
    network.post(
        borrowed,
        "/sign-in",
        {"email": network.ROLES["official"].address, "password": network.PASSWORD},
    )
    assert '<html lang="id">' in borrowed.get("/account").text


@pytest.mark.parametrize("target", ["//evil.example", "https://evil.example", "javascript:0", ""])
def test_language_switch_leads_to_this_site_only(client: FlaskClient, target: str) -> None:
    """Else home."""
    answer = network.post(client, "/language", {"language": "id", "next": target})
    assert answer.headers["Location"] == "/"


def test_unknown_language_is_not_found(client: FlaskClient) -> None:
    """And nothing is remembered."""
    answer = network.post(client, "/language", {"language": "tlh"})
    assert answer.status_code == 404
    assert client.get_cookie("language") is None


def test_process_tells_that_it_is_alive(client: FlaskClient) -> None:
    """Whatever else fails."""
    assert client.get("/healthz").json == {"status": "alive"}


def test_readiness_names_each_part(app: Flask, client: FlaskClient) -> None:
    """Without a worker it is not ready; with all three it is."""
    source = PracticeSource()
    app.extensions["index"].rebuild(source.documents(), total=len(source.stamps()))
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json == {"database": "ready", "index": "ready", "worker": "not ready"}
    worker.beat()
    answer = client.get("/readyz")
    assert answer.status_code == 200
    assert answer.json == {"database": "ready", "index": "ready", "worker": "ready"}


def test_style_guide_is_shown_outside_production(client: FlaskClient) -> None:
    """It calls every macro."""
    assert client.get("/styleguide").status_code == 200
