"""The first page of the desk, its navigation, and the search over cities and people."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, update

from citynet.accounts import service as accounts
from citynet.admin import waiting
from citynet.admin.desks import GROUPS
from citynet.cities import queries as cities
from citynet.cities.models import (
    Application,
    AppState,
    Chapter,
    ChapterPerson,
    City,
    JoinRequest,
    Kind,
    Membership,
    Official,
    RequestState,
    Role,
    Standing,
)  # fmt: skip
from citynet.kit import clock, db, effects
from tests import network

ENDPOINTS = [one.endpoint for desks in GROUPS.values() for one in desks]


@db.transaction
def build_chapter() -> None:
    """Make a chapter of Sidoarjo, whose secretariat is the person who acts for no city."""
    chapter = Chapter(slug="indonesia", name="CityNet Indonesia", country="ID")
    db.session().add(chapter)
    db.session().flush()
    person_id = network.actor("nobody's").person_id
    db.session().add(ChapterPerson(chapter_id=chapter.id, person_id=person_id))
    cities.get_city("kabupaten-sidoarjo").chapter_id = chapter.id


@pytest.fixture
def admin(app: Flask) -> FlaskClient:
    """Return the secretariat's browser; nothing waits but what the small network has."""
    return network.client_of(app, "secretariat")


@pytest.fixture
def chapter(app: Flask) -> FlaskClient:
    """Return the browser of a chapter's secretariat."""
    build_chapter()
    return network.client_of(app, "nobody's")


@db.transaction
def apply(name: str, *, days: int = 0, country: str = "ID", place: str = "") -> None:
    """Write an application that waits for so many days."""
    at = clock.now() - timedelta(days=days)
    db.session().add(Application(
        state=AppState.WAITING, place=place or name, name=name, kind=Kind.CITY, country=country,
        contact_name="Ana", office="Mayor", email=f"{name}@x.example", language="en",
        created_at=at, confirmed_at=at, consented_at=at,
    ))  # fmt: skip


@db.transaction
def ask(slug: str, name: str, *, days: int = 0) -> None:
    """Write a request to join a city."""
    at = clock.now() - timedelta(days=days)
    db.session().add(JoinRequest(
        city_id=cities.get_city(slug).id, email=f"{name}@x.example", name=name, office="Office",
        language="en", state=RequestState.WAITING, asked_at=at, confirmed_at=at,
    ))  # fmt: skip


@db.transaction
def set_term(slug: str, *, days: int) -> None:
    """Let a city's term end in so many days."""
    found = cities.membership_of(cities.get_city(slug).id)
    assert found
    found.until_day = clock.now().date() + timedelta(days=days)


@db.transaction
def take_lead_away(slug: str) -> None:
    """Leave a city without a lead, as an import can."""
    city_id = cities.get_city(slug).id
    db.session().execute(
        update(Official).where(Official.city_id == city_id).values(role=Role.OFFICIAL)
    )


def waits(client: FlaskClient) -> str:
    """Return the part of the desk that tells what waits."""
    page = client.get("/admin/").text
    return page[page.index('id="waits"') : page.index('id="network"')]


@contextmanager
def counted() -> Iterator[list[str]]:
    """Collect the statements that the database is sent."""
    found: list[str] = []

    def note(_c: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        found.append(statement)

    event.listen(db.db.engine, "before_cursor_execute", note)
    yield found
    event.remove(db.db.engine, "before_cursor_execute", note)


def fill_queues() -> None:
    """Let something wait in every queue."""
    apply("Ambon", days=3)
    ask("kabupaten-sidoarjo", "Budi", days=1)
    network.write_to("signed_off", title="A counter")
    set_term("seoul", days=20)
    take_lead_away("seoul")
    with_dead_effect()


@db.transaction
def with_dead_effect() -> None:
    """Leave a piece of background work that failed too often."""
    db.session().add(effects.Effect(kind="mail", payload="{}", state=effects.State.DEAD))


def test_nothing_waits_is_said_calmly(admin: FlaskClient) -> None:
    """In words, not by an empty page."""
    assert "Nothing waits." in waits(admin)


def test_every_queue_is_shown_with_its_first_things(admin: FlaskClient) -> None:
    """Applications, requests, reviews, terms, cities without a lead, failed work."""
    fill_queues()
    page = waits(admin)
    for title in ("Applications", "Requests to join a city", "Practices to review",
                  "Terms that end soon", "Member cities without a lead",
                  "Failed background work"):  # fmt: skip
        assert f">{title}</a>" in page
    for item in ("Ambon", "Budi", "A counter", "ends in 20 days", "Send a mail"):
        assert item in page
    assert "Nothing waits." not in page


def test_oldest_comes_first_and_tells_how_long_it_waits(admin: FlaskClient) -> None:
    """The first five of each, with the number of all."""
    for days in (1, 9, 0, 4, 7, 2):
        apply(f"City{days}", days=days)
    page = waits(admin)
    places = [page.index(f"City{days}<") for days in (9, 7, 4, 2, 1)]
    assert places == sorted(places)
    assert "City0<" not in page
    assert "waits for 9 days" in page
    assert "waits for 1 day<" in page
    assert '<span class="cn-tag cn-tag--amber">6</span>' in page
    assert "Show 1 more" in page


def test_submitted_practice_waits_for_its_lead_not_here(admin: FlaskClient) -> None:
    """Only what was signed off."""
    network.write_to("submitted", title="Early")
    assert "Early" not in waits(admin)


def test_chapter_sees_what_waits_in_its_cities_only(
    admin: FlaskClient, chapter: FlaskClient
) -> None:
    """And its own numbers; failed work is the network's."""
    fill_queues()
    ask("seoul", "Kim")
    apply("Busan", country="KR")
    page = waits(chapter)
    assert "Budi" in page
    assert "A counter" in page
    assert "Ambon" in page
    assert not {word for word in ("Kim", "Busan", "Seoul", "Send a mail") if word in page}
    assert "CityNet Indonesia" in chapter.get("/admin/").text


def test_number_of_queries_does_not_grow(admin: FlaskClient) -> None:
    """With one thing in each queue as with many."""
    fill_queues()
    with counted() as few:
        admin.get("/admin/")
    for number in range(20):
        apply(f"Many{number}")
        ask("seoul", f"Person{number}")
        with_dead_effect()
    with counted() as many:
        admin.get("/admin/")
    assert len(many) == len(few) <= 16


@pytest.mark.parametrize("endpoint", ENDPOINTS)
def test_every_desk_of_the_navigation_exists(app: Flask, endpoint: str) -> None:
    """No desk is announced that has no door."""
    assert endpoint in app.view_functions


def test_navigation_offers_what_the_actor_may_use(
    app: Flask, admin: FlaskClient, chapter: FlaskClient
) -> None:
    """And each of it opens."""
    with app.test_request_context():
        for client, is_whole in ((admin, True), (chapter, False)):
            page = client.get("/admin/").text
            nav = page[page.index("cn-desknav ") : page.index("</nav>", page.index("cn-desknav "))]
            links = [part.split('"')[0] for part in nav.split('href="')[1:]]
            assert ("/admin/topics" in links) == is_whole
            assert ("/admin/effects" in links) == is_whole
            for link in links:
                assert client.get(link).status_code == 200, link
                assert 'aria-current="page"' in client.get(link).text, link


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("sido", "Kabupaten Sidoarjo"), ("Kabupaten Sidoarjo", "Kabupaten Sidoarjo"),
        ("DOARJ", "Kabupaten Sidoarjo"), ("35.15", "Kabupaten Sidoarjo"),
        ("Kab. Sidoarjo", "Kabupaten Sidoarjo"), ("sidoarjo regency", "Kabupaten Sidoarjo"),
        ("gn:1835848", "Seoul"), ("lead@seoul.ex", "seoul lead"), ("OUL LE", "seoul lead"),
    ],
)  # fmt: skip
def test_search_finds_cities_and_people(admin: FlaskClient, text: str, word: str) -> None:
    """By part of the name, the code, or the mail address."""
    page = admin.get("/admin/search", query_string={"q": text}).text
    assert f">{word}</a>" in page


@pytest.mark.parametrize("text", ["%", "%%", "__", "a%o", "\\", "x" * 500, "'; --", "\x00a", "s"])
def test_search_takes_nonsense_for_letters(admin: FlaskClient, text: str) -> None:
    """Nothing is found, and nothing breaks; one letter is too little."""
    answer = admin.get("/admin/search", query_string={"q": text})
    assert answer.status_code == 200
    assert "<table" not in answer.text


def test_search_of_a_chapter_stays_in_its_cities(chapter: FlaskClient) -> None:
    """Cities and people of others are nobody, also by their code or address."""
    for text in ("seoul", "gn:1835848", "official@seoul.example", "admin@citynet.example"):
        assert "Nobody and no city fits" in chapter.get(f"/admin/search?q={text}").text
    page = chapter.get("/admin/search?q=sidoarjo").text
    assert "sidoarjo lead" in page
    assert "Kabupaten Sidoarjo" in page


def test_search_says_when_there_are_more(admin: FlaskClient) -> None:
    """The first twenty are shown."""
    actor = network.actor("secretariat")
    for number in range(21):
        accounts.create_person(
            actor.person, f"many{number}@x.example", name=f"Many {number:02}",
            password=network.PASSWORD,
        )  # fmt: skip
    page = admin.get("/admin/search?q=many").text
    assert "Only the first 20 are shown." in page
    assert "Many 19" in page
    assert "Many 20" not in page


def test_city_that_is_no_member_is_found_too(admin: FlaskClient) -> None:
    """Of the table of places, behind the members."""
    with db.atomic():
        db.session().add(City(
            slug="kota-sido", code="99.99", name="Sido", kind=Kind.KOTA, country="ID",
            latitude=0, longitude=0,
        ))  # fmt: skip
    page = admin.get("/admin/search?q=sido").text
    assert page.index("Kabupaten Sidoarjo") < page.index("Kota Sido")


@pytest.mark.parametrize("path", ["/admin/", "/admin/search?q=a", "/admin/filters"])
@pytest.mark.parametrize("role", ["visitor", "official", "lead", "suspended", "pending"])
def test_desk_is_for_secretariats(app: Flask, role: str, path: str) -> None:
    """A visitor is asked to sign in."""
    answer = network.client_of(app, role).get(path)
    assert answer.status_code == (302 if role == "visitor" else 403)


@pytest.mark.parametrize(
    ("days", "words"), [(0, "ends today"), (-1, "is over"), (1, "ends in 1 day")]
)
def test_end_of_a_term_is_told_in_days(app: Flask, days: int, words: str) -> None:
    """Also one that the nightly sweep has not reached yet."""
    with app.test_request_context():
        assert waiting.until(clock.now().date() + timedelta(days=days)) == words


def test_suspended_member_needs_no_lead(admin: FlaskClient) -> None:
    """Only an active one has somebody to answer for it."""
    take_lead_away("suspended")
    found = cities.membership_of(cities.get_city("suspended").id)
    assert isinstance(found, Membership)
    assert found.standing == Standing.SUSPENDED
    assert "Suspendedtown" not in waits(admin)
