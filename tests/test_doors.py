"""Every door: each role at each route. The table is `doors/table/`; `test_secrets.py` reads on."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from tests.doors.canaries import leaks
from tests.doors.house import House
from tests.doors.table import DOORS, Door
from tests.doors.walk import COUNTED, answer_of, complaints, text_of

# The first line of each route.
FIRST = {(door.method, door.rule): door for door in reversed(DOORS)}
# The one command that asks for no token: mail programs press it without a session, wherever they
# are, and the link's own secret is the right (RFC 8058).
FREE = "/search/stop/<secret>"
POSTS = sorted(
    (rule, door) for (method, rule), door in FIRST.items() if method == "POST" and rule != FREE
)
FOREIGN = {"Origin": "https://elsewhere.example", "Referer": "https://elsewhere.example/form"}
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
# Where secretariats have rights beyond those of anybody who signs in.
OF_SECRETARIATS = ("/admin", "/practices/<slug>", "/join/register")


@pytest.fixture(scope="module")
def house(template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """Return the network with its secrets."""
    built = House(template, tmp_path_factory.mktemp("doors") / "instance")
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
    ways = house.app.url_map.bind("localhost")
    for (_method, rule), door in FIRST.items():
        path = house.address(rule, door.thing, "secretariat").partition("?")[0]
        allowed = set(ways.allowed_methods(path))
        for method in sorted(set(METHODS) - allowed):
            response = house.knock("secretariat", method, path)
            assert response.status_code == 405, f"{method} {path}"
            assert allowed <= set(response.headers["Allow"].split(", ")), f"{method} {path}"
    assert house.changed() == set()


@pytest.mark.parametrize("role", ["visitor", "official", "lead", "moved", "secretariat", "chapter"])
def test_head_answers_as_get_without_a_body(house: House, role: str) -> None:
    """A link checker learns no more and no less than a reader."""
    known: set[tuple[str, str]] = set()
    for door in DOORS:
        wanted = door.answers[role]
        if door.method != "GET" or wanted.endswith("+") or (door.rule, wanted) in known:
            continue
        known.add((door.rule, wanted))
        response = house.try_door(door, role, method="HEAD")
        assert answer_of(response) == wanted, f"HEAD {door}"
        assert response.data == b""
    assert house.changed() <= COUNTED


@pytest.mark.parametrize("role", ["visitor", "official", "secretariat"])
def test_options_tells_methods_only(house: House, role: str) -> None:
    """It shows no page and changes nothing; the desk stays shut to it."""
    for rule, door in {rule: door for (_method, rule), door in FIRST.items()}.items():
        response = house.knock(role, "OPTIONS", house.address(rule, door.thing, role))
        if rule.startswith("/admin") and role != "secretariat":
            assert response.status_code == 403
        else:
            assert response.status_code == 200
            assert response.data == b""
        assert leaks(role, text_of(response)) == []
    assert house.changed() == set()


@pytest.mark.parametrize("name", ["/practices/members.docx", "/practices/members/brief.docx"])
def test_a_document_known_by_its_tag_is_as_hidden_as_before(house: House, name: str) -> None:
    """Whoever may not have it is not told that it is unchanged, whatever tag they name."""
    tag = house.knock("official", "GET", name).headers["ETag"]
    for sent in (tag, "*"):
        headers = {"If-None-Match": sent}
        assert house.knock("rival", "GET", name, headers=headers).status_code == 304
        for role in ("visitor", "suspended", "pending", "nobody's"):
            assert house.knock(role, "GET", name, headers=headers).status_code == 404
    assert house.changed() <= COUNTED


def test_tests_do_not_switch_the_token_check_off(house: House) -> None:
    """Otherwise the next two tests would prove nothing."""
    assert house.app.config.get("WTF_CSRF_ENABLED", True)
    assert house.app.config.get("WTF_CSRF_CHECK_DEFAULT", True)


@pytest.mark.parametrize(("rule", "door"), POSTS, ids=[rule for rule, _door in POSTS])
def test_post_without_token_is_refused(house: House, rule: str, door: Door) -> None:
    """Whoever sends it, and whether or not it comes from here."""
    here: dict[str, str] = {}
    for role, headers in (
        ("visitor", here), ("lead", here), ("secretariat", here), ("secretariat", FOREIGN),
        ("secretariat", {"Origin": "http://localhost"}),
    ):  # fmt: skip
        response = house.try_door(door, role, has_token=False, headers=headers)
        assert response.status_code in (400, 401), f"{rule}: {response.status}"
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


def test_only_the_link_in_a_mail_needs_no_token(house: House) -> None:
    """Pressed by a mail program it stops the mails and does nothing else for anybody."""
    form = {"List-Unsubscribe": "One-Click"}
    for role, thing in (("visitor", "stop-one"), ("rival", "stop-all")):
        path = house.address(FREE, thing, role)
        response = house.knock(role, "POST", path, form, has_token=False, headers=FOREIGN)
        assert response.status_code == 200
        assert house.changed() == {"saved_searches"}


def test_secretariat_without_second_factor_has_no_rights(
    template: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Where one is required, a session by password alone is led there, or worth nobody's."""
    folder = tmp_path_factory.mktemp("weak") / "instance"
    weak = House(template, folder, require_second_factor=True)
    told = []
    for door in FIRST.values():
        for role in ("secretariat", "chapter") if door.rule.startswith(OF_SECRETARIATS) else ():
            response = weak.try_door(door, role)
            is_sent = response.headers.get("Location", "").startswith("/account/second-factor?")
            is_refused = answer_of(response) == door.answers["nobody's"].rstrip("+-")
            if weak.changed() - COUNTED or not (is_sent or is_refused):
                told.append(f"{door}, as {role}: {response.status}")
    weak.close()
    assert told == []
