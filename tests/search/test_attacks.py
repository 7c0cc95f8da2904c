"""Whatever stands in the address of a search, the answer is a page, and quickly."""

from __future__ import annotations

import time
from urllib.parse import quote, urlencode

import pytest
from flask import Flask
from flask.testing import FlaskClient

from citynet.search.queries import FACETS
from tests import network
from tests.search.test_database import Damaged

HOSTILE = (
    "q=" + "x" * 5000,
    "q=" + quote("é" * 10_000),
    "year=<b>&city=%00&page=-1",
    "topic=" + "a" * 300,
    "page=-5", "page=0", "page=99999999999999999999", "page=1e9", "page=%F0%9F%98%80",
    "sort=<script>alert(1)</script>&view=<b>&exact=<b>&as_typed=<b>",
    "country=ID'%20OR%201=1--&city='%3B%20DROP%20TABLE%20cities%3B--",
    "province=%22%3E%3Cscript%3Ealert(1)%3C/script%3E&kind=%00&population=%0d%0aSet-Cookie:a=b",
    "q=%22%3E%3Cimg%20src=x%20onerror=alert(1)%3E&view=map",
    "q=%ff%fe&topic=%ff", "q[]=a&country[]=ID&country[0]=ID", "unknown=1&__proto__=2&topic.x=3",
    "year=0000&year=9999&year=-1&year=2019e1&year=%D9%A2%D9%A0%D9%A1%D9%A9",
    "status=" + "&status=".join(["running"] * 500),
    "q=a&q=b&sort=newest&sort=relevance&page=2&page=3&exact=1&exact=0",
    "visibility=members&visibility=public&visibility=secret",
)  # fmt: skip


@pytest.mark.parametrize("query", HOSTILE)
def test_odd_input_is_answered_with_a_page(filled: Flask, client: FlaskClient, query: str) -> None:
    """Nothing that was typed becomes markup, a header or an address elsewhere."""
    answer = client.get(f"/search?{query}")
    assert answer.status_code == 200
    assert "Set-Cookie: a" not in str(answer.headers)
    for markup in ("<b>", "<script>alert", "<img src=x", "OR 1=1--"):
        assert markup not in answer.text
    assert "Hidden canary" not in answer.text


@pytest.mark.parametrize("is_damaged", [False, True], ids=["indexed", "damaged"])
def test_odd_input_is_answered_on_postgres(on_postgres: Flask, is_damaged: bool) -> None:
    """Which takes no NUL: neither beside the index nor in its place."""
    network.write_to("published")
    if is_damaged:
        on_postgres.extensions["index"] = Damaged()
    browser = on_postgres.test_client()
    nothing = quote("waste\0")
    for query in (*HOSTILE, f"q={nothing}", f"q=%00{quote(chr(0x202E))}%C2%A0", f"topic={nothing}"):
        assert browser.get(f"/search?{query}").status_code == 200, query
    for path in (f"/search/suggest?q={nothing}", f"/search/missing?q={nothing}"):
        assert browser.get(path).status_code == 200, path
    told = {"q": "waste\0", "words": "\0why"}
    assert network.post(browser, "/search/missing", told).status_code == 303
    official = network.client_of(on_postgres, "official")
    kept = {"q": "waste\0", "city": "\0", "name": "\0waste", "how_often": "daily"}
    assert network.post(official, "/search/save", kept).status_code == 302


@pytest.mark.parametrize("name", FACETS)
def test_thousand_values_of_a_facet_are_bounded(
    filled: Flask, client: FlaskClient, name: str
) -> None:
    """In time and in what the page offers."""
    values = urlencode([(name, f"value-{number}") for number in range(1000)])
    began = time.perf_counter()
    answer = client.get(f"/search?{values}")
    assert answer.status_code == 200
    assert time.perf_counter() - began < 2
    assert "value-" not in answer.text[answer.text.index("<main") : answer.text.index("</main>")]
    assert "<strong>3 practices</strong>" in answer.text


def test_every_year_at_once_is_cut(filled: Flask, client: FlaskClient) -> None:
    """Twenty values of a facet count."""
    values = urlencode([("year", str(year)) for year in range(1900, 2100)])
    page = client.get(f"/search?{values}").text
    assert page.count("Remove filter:") == 20


@pytest.mark.parametrize("name", FACETS)
def test_what_a_facet_does_not_know_is_left_out(
    filled: Flask, client: FlaskClient, name: str
) -> None:
    """The search is the one without it, and has its address."""
    answer = client.get(f"/search?{name}=nowhere&q=waste")
    assert 'rel="canonical" href="http://localhost/search?q=waste"' in answer.text
    assert "<strong>1 practice</strong>" in answer.text
    assert "Remove filter:" not in answer.text


def test_visitor_learns_nothing_from_the_filter_by_visibility(filled: Flask) -> None:
    """It is as if it were not there; a member may use it."""
    visitor = filled.test_client()
    for value in ("members", "public"):
        page = visitor.get(f"/search?visibility={value}").text
        assert "<strong>3 practices</strong>" in page
        assert "Remove filter:" not in page
    for role in ("suspended", "pending"):
        browser = network.client_of(filled, role)
        assert "<strong>3 practices</strong>" in browser.get("/search?visibility=members").text
    page = network.client_of(filled, "rival").get("/search?visibility=members").text
    assert "<strong>1 practice</strong>" in page
    assert "Hidden canary" in page


@pytest.mark.parametrize("view", ["list", "map"])
def test_city_of_a_hidden_practice_stays_hidden(app: Flask, client: FlaskClient, view: str) -> None:
    """On the map and in the facets."""
    network.write_to("published")
    network.write_to("published", "rival", title="Hidden canary", visibility="members")
    page = client.get(f"/search?view={view}").text
    assert "Seoul" not in page
    assert "South Korea" not in page
    member = network.client_of(app, "official").get(f"/search?view={view}").text
    assert "Seoul" in member
