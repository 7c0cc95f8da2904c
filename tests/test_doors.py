"""Every door: each role at each route, and no secret on any page. The table is `doors/table.py`."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable, Iterator
from difflib import ndiff
from functools import cache
from html import unescape
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import pytest
from flask import Flask

from tests.doors.house import House
from tests.doors.plant import CANARIES, HIDDEN_TOPIC, TELLTALES, leaks
from tests.doors.table import DOORS, Door
from tests.doors.walk import answer_of, complaints
from tests.network import ROLES

POSTS = sorted({door.rule: door for door in DOORS if door.method == "POST"}.items())
FOREIGN = {"Origin": "https://elsewhere.example", "Referer": "https://elsewhere.example/form"}
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
OUTSIDERS = [role for role in ROLES if role not in CANARIES["members"][1]]
# A word that stands nowhere: what a search for it shows, a search for a secret must show too.
NO_WORD = "jubrenfil"
Pages = Callable[[str], list[tuple[str, str]]]


@pytest.fixture(scope="module")
def house(template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """Return the network with its secrets."""
    built = House(template, tmp_path_factory.mktemp("doors") / "instance")
    yield built
    built.close()


@pytest.fixture(scope="module")
def plain_house(template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """Return the network as it would be if nobody had a secret."""
    folder = tmp_path_factory.mktemp("plain") / "instance"
    built = House(template, folder, has_secrets=False)
    yield built
    built.close()


def routes(app: Flask) -> set[tuple[str, str]]:
    """Return the method and rule of every route."""
    return {
        (method, rule.rule)
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }


def test_table_names_every_route_and_no_other(house: House) -> None:
    """A new route without a line fails here, and so does a line whose route is gone."""
    named = {(door.method, door.rule) for door in DOORS}
    assert routes(house.app) - named == set(), "routes without a line"
    assert named - routes(house.app) == set(), "lines without a route"


@pytest.mark.parametrize("door", DOORS, ids=str)
def test_door_answers_each_role(house: House, door: Door) -> None:
    """The answer is the table's, denied requests change no row, and no secret shows."""
    assert list(complaints(house, [door])) == []


def test_other_methods_are_refused(house: House) -> None:
    """Each with the methods that the address takes, and with no row changed."""
    known = routes(house.app)
    for rule in sorted({rule for _method, rule in known}):
        allowed = {method for method, other in known if other == rule}
        path = house.address(rule, next(d.thing for d in DOORS if d.rule == rule), "secretariat")
        for method in sorted(set(METHODS) - allowed):
            response = house.knock("secretariat", method, path)
            assert response.status_code == 405, f"{method} {path}"
            assert allowed <= set(response.headers["Allow"].split(", ")), f"{method} {path}"
    assert house.changed() == set()


@pytest.mark.parametrize("role", ROLES)
def test_head_answers_as_get_without_a_body(house: House, role: str) -> None:
    """A link checker learns no more and no less than a reader."""
    for door in DOORS:
        if door.method == "GET":
            response = house.knock(role, "HEAD", house.address(door.rule, door.thing, role))
            assert answer_of(response) == door.answers[role], f"HEAD {door}"
            assert response.data == b""
    assert house.changed() == set()


@pytest.mark.parametrize("role", ["visitor", "official", "secretariat"])
def test_options_tells_methods_only(house: House, role: str) -> None:
    """It shows no page and changes nothing; the desk stays shut to it."""
    for rule in sorted({door.rule for door in DOORS}):
        thing = next(door.thing for door in DOORS if door.rule == rule)
        response = house.knock(role, "OPTIONS", house.address(rule, thing, role))
        if rule.startswith("/admin") and role != "secretariat":
            assert response.status_code == 403
        else:
            assert response.status_code == 200
            assert response.data == b""
        assert leaks(role, response.text) == []
    assert house.changed() == set()


def test_tests_do_not_switch_the_token_check_off(house: House) -> None:
    """Otherwise the next two tests would prove nothing."""
    assert house.app.config.get("WTF_CSRF_ENABLED", True)
    assert house.app.config.get("WTF_CSRF_CHECK_DEFAULT", True)


@pytest.mark.parametrize(("rule", "door"), POSTS, ids=[rule for rule, _door in POSTS])
@pytest.mark.parametrize("role", ["visitor", "official", "lead", "secretariat"])
def test_post_without_token_is_refused(house: House, role: str, rule: str, door: Door) -> None:
    """Whoever sends it, and whether or not it comes from here."""
    path, form = house.address(rule, door.thing, role), house.form(rule, door.thing, role)
    for headers in ({}, {"Origin": "http://localhost"}, FOREIGN):
        response = house.knock(role, "POST", path, form, has_token=False, headers=headers)
        assert response.status_code in (400, 401), response.status
        assert house.changed() == set()


@pytest.mark.parametrize(("rule", "door"), POSTS, ids=[rule for rule, _door in POSTS])
def test_post_from_elsewhere_is_not_taken_up(house: House, rule: str, door: Door) -> None:
    """Neither with somebody else's token, nor as words that wait in a form of ours."""
    path, form = house.address(rule, door.thing, "lead"), house.form(rule, door.thing, "lead")
    stolen = {**form, "csrf_token": house.token_of("official"), "planted": "by an attacker"}
    response = house.knock("lead", "POST", path, stolen, has_token=False, headers=FOREIGN)
    assert response.status_code == 400
    assert "by an attacker" not in response.text
    assert house.changed() == set()


def searches(*, most: int = 5) -> Iterator[str]:
    """Yield searches that come near the secrets without writing them out, each in so many ways."""
    for word, _seers in CANARIES.values():
        nears = (word[:-1], word[:4], f"{word[:-1]}x", f"{word[0]}{word[2:]}", f"permit {word[:5]}")
        for near in nears[:most]:
            yield f"/search?{urlencode({'q': near})}"
            yield f"/search/suggest?{urlencode({'q': near})}"
    for q in ("", "permit", "permits", "waste", "sampah", "izin usaha", '"permits with"'):
        yield f"/search?{urlencode({'q': q})}"
        yield f"/search?{urlencode({'q': q, 'sort': 'newest'})}"
        yield f"/search/suggest?{urlencode({'q': q})}"
        for name, value in (
            ("topic", HIDDEN_TOPIC), ("status", "pilot"), ("year", "1999"), ("language", "id"),
            ("city", "pending"), ("country", "FJ"),
        ):  # fmt: skip
            yield f"/search?{urlencode({'q': q, name: value})}"


def links(page: str) -> Iterator[str]:
    """Yield the addresses of this host that a page leads to."""
    for found in re.findall(r'(?:href|action|data-suggest)="(/[^"#]*)', page):
        if not found.startswith("/static/"):
            yield unescape(found)


def crawl(house: House, role: str) -> Iterator[tuple[str, str]]:
    """Yield address and text of every page that leads on from the doors and searches."""
    known = [house.address(d.rule, d.thing, role) for d in DOORS if d.method == "GET"]
    waiting = deque(dict.fromkeys([*known, *searches()]))
    seen = set(waiting)
    while waiting:
        path = waiting.popleft()
        response = house.knock(role, "GET", path)
        yield path, response.text
        for link in links(response.text):
            if link not in seen and len(urlsplit(link).query) < 120 and len(seen) < 1500:
                seen.add(link)
                waiting.append(link)


@pytest.fixture(scope="module")
def pages_of(house: House) -> Pages:
    """Return a way to have all that a role can read, read once."""
    return cache(lambda role: list(crawl(house, role)))


@pytest.mark.parametrize("role", ROLES)
def test_no_page_tells_a_secret(house: House, pages_of: Pages, role: str) -> None:
    """Nowhere a role can go: lists, counts, facets, snippets, suggestions, error pages."""
    told = [
        f"{path} tells of {thing}" for path, page in pages_of(role) for thing in leaks(role, page)
    ]
    assert told == []
    assert house.changed() == set()


@pytest.mark.parametrize("role", ["official", "secretariat", "pending"])
def test_secret_is_there_for_those_who_may_read_it(pages_of: Pages, role: str) -> None:
    """Otherwise the test above could pass on a network that holds no secrets."""
    pages = "".join(page for _path, page in pages_of(role)).lower()
    secrets = {**CANARIES, **TELLTALES}
    wanted = {thing for thing, (_word, seers) in secrets.items() if role in seers}
    assert {thing for thing in wanted if secrets[thing][0] not in pages} == set()


def without_tokens(page: str, word: str) -> str:
    """Return a page without what differs at every request, and without the word asked for."""
    page = re.sub(r'name="csrf_token"[^>]*>', "", page)
    return re.sub(re.escape(word), "…", page, flags=re.IGNORECASE)


def differences(page: str, other: str) -> list[str]:
    """Return the lines that stand in one of two pages only."""
    lines = ndiff(page.splitlines(), other.splitlines())
    return [] if page == other else [line for line in lines if line[0] in "+-" and line[1:].strip()]


@pytest.mark.parametrize("role", OUTSIDERS)
def test_search_for_a_secret_is_a_search_for_nothing(house: House, role: str) -> None:
    """The exact word finds, counts and suggests what a word that stands nowhere does."""
    for thing, (word, seers) in CANARIES.items():
        if role in seers:
            continue
        for address in ("/search?q={}", "/search?q=permit+{}", "/search/suggest?q={}",
                        "/search?q={}&topic=waste", "/cities/?q={}"):  # fmt: skip
            secret, nothing = (
                without_tokens(house.knock(role, "GET", address.format(one)).text, one)
                for one in (word, NO_WORD)
            )
            assert differences(secret, nothing) == [], f"{address.format(word)} tells of {thing}"


@pytest.mark.parametrize("role", ["visitor", "nobody's", "suspended"])
def test_pages_are_as_if_no_secret_existed(house: House, plain_house: House, role: str) -> None:
    """Counts, facets, order and empty lists are those of a network without secrets."""
    places = ["/", "/practices/", "/topics/", "/topics/waste", "/topics/licensing", "/cities/",
              "/cities/kabupaten-sidoarjo", "/cities/pending", "/cities/suspended",
              *searches(most=1)]  # fmt: skip
    for path in places:
        with_secrets, without = (
            without_tokens(one.knock(role, "GET", path).text, NO_WORD)
            for one in (house, plain_house)
        )
        assert differences(with_secrets, without) == [], path
