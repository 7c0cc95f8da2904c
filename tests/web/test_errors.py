"""Error pages: what happened, what to do, and a way on."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests import network


@pytest.mark.parametrize(
    "path", ["/nowhere", "/practices/nowhere", "/topics/nowhere", "/cities/no"]
)
def test_unknown_address_offers_a_search_box(client: FlaskClient, path: str) -> None:
    """And the way home."""
    answer = client.get(path)
    assert answer.status_code == 404
    assert 'action="/search"' in answer.text
    assert "Go to the home page" in answer.text


def test_forbidden_page_says_why_and_whom_to_ask(app: Flask) -> None:
    """In the words of the policy that refused."""
    answer = network.client_of(app, "suspended").get("/practices/new")
    assert answer.status_code == 403
    assert "Only officials of a city can write a practice." in answer.text
    assert "ask the lead of your city or the secretariat" in answer.text


def test_conflict_has_its_own_page_with_the_way_back(app: Flask) -> None:
    """An author opens the form of a text that was submitted meanwhile."""
    practice = network.write_to("submitted")
    client = network.client_of(app, "official")
    came_from = "http://localhost/work"
    answer = client.get(f"/practices/{practice.slug}/edit", headers={"Referer": came_from})
    assert answer.status_code == 409
    assert "This has changed meanwhile" in answer.text
    assert f'href="{came_from}"' in answer.text


def test_conflict_page_leads_to_this_site_only(app: Flask) -> None:
    """The page before may have been another site's."""
    practice = network.write_to("submitted")
    client = network.client_of(app, "official")
    headers = {"Referer": "http://localhost.evil.example/"}
    answer = client.get(f"/practices/{practice.slug}/edit", headers=headers)
    assert answer.status_code == 409
    assert "evil.example" not in answer.text


def test_too_large_a_form_says_what_to_do(app: Flask) -> None:
    """Nothing was changed."""
    client = network.client_of(app, "official")
    answer = network.post(client, "/practices/new", {"title": "x" * 2_100_000})
    assert answer.status_code == 413
    assert "shorten the text" in answer.text


def test_crash_is_our_fault_and_has_a_number(app: Flask, client: FlaskClient) -> None:
    """The number stands in the log."""
    app.extensions["index"] = None
    answer = client.get("/search")
    assert answer.status_code == 500
    assert "It is not your mistake." in answer.text
    assert answer.headers["X-Request-ID"] in answer.text


def test_wrong_method_is_told_which_would_do(client: FlaskClient) -> None:
    """As HTTP asks."""
    answer = client.get("/language")
    assert answer.status_code == 405
    assert "POST" in answer.headers["Allow"]


@pytest.mark.parametrize("path", ["/nowhere", "/sign-in"])
def test_error_pages_carry_the_headers_of_every_page(client: FlaskClient, path: str) -> None:
    """No script from elsewhere, no frame around it."""
    headers = client.get(path).headers
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
