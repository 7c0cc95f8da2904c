"""A small network that tests begin from: cities in each standing, people in each role."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete, select

from citynet.accounts import queries as people
from citynet.accounts import service as accounts
from citynet.cities import queries as city_queries
from citynet.cities import service as cities
from citynet.cities.models import Actor, Chapter, ChapterPerson, City, Kind, Role, Standing
from citynet.kit import db, effects, letters
from citynet.practices import content as contents
from citynet.practices import service
from citynet.practices.models import Practice, Topic, TopicSynonym

PASSWORD = "a long enough password"
CITIES = {
    "sidoarjo": ("35.15", "Sidoarjo", Kind.KABUPATEN, "ID", Standing.ACTIVE),
    "seoul": ("gn:1835848", "Seoul", Kind.CITY, "KR", Standing.ACTIVE),
    "suspended": ("gn:1", "Suspendedtown", Kind.CITY, "PH", Standing.SUSPENDED),
    "pending": ("gn:2", "Pendingtown", Kind.CITY, "FJ", Standing.APPLIED),
}
RECORD: dict[str, Any] = {
    "title": "Business permits in one visit",
    "subtitle": "One counter for every permit",
    "language": "en",
    "visibility": "public",
    "agency": "Licensing office",
    "summary": "Shops wait less for their permits.",
    "topics": ["licensing"],
    "status": "running",
    "started": "2019-10",
    "problem": "Shopkeepers went to many offices.",
    "blocks": [{"name": "One counter"}],
    "unknown": ["cost", "staffing", "legal_basis", "results", "lessons", "replicate_needs",
                "contact_office"],
}  # fmt: skip


@dataclass(frozen=True)
class Who:
    """The address of each role's person; None is a visitor."""

    address: str | None


ROLES = {
    "visitor": Who(None),
    "official": Who("official@sidoarjo.example"),
    "lead": Who("lead@sidoarjo.example"),
    "rival": Who("official@seoul.example"),
    "rival lead": Who("lead@seoul.example"),
    "suspended": Who("official@suspended.example"),
    "pending": Who("official@pending.example"),
    "nobody's": Who("person@nowhere.example"),
    "secretariat": Who("admin@citynet.example"),
    # The secretariat of a chapter to which only Sidoarjo and the applicant belong.
    "chapter": Who("chapter@citynet.example"),
}


def build() -> None:
    """Write the network into an empty database."""
    admin = Actor(
        accounts.create_person(
            None, "admin@citynet.example", name="Ada", password=PASSWORD, is_secretariat=True
        )
    )
    accounts.create_person(None, "person@nowhere.example", name="Nemo", password=PASSWORD)
    for key, (code, name, kind, country, standing) in CITIES.items():
        _build_city(admin, key, City(
            slug=f"kabupaten-{key}" if kind == Kind.KABUPATEN else key, code=code, name=name,
            kind=kind, country=country, latitude=-7.0, longitude=112.0,
            province="Jawa Timur" if country == "ID" else None,
        ), standing)  # fmt: skip
    _build_chapter()
    _build_topics()
    _forget_letters()


@db.transaction
def _forget_letters() -> None:
    """Begin with nothing in the background: the suspension wrote a letter."""
    db.session().execute(delete(effects.Effect))


@db.transaction
def _build_chapter() -> None:
    person = accounts.create_person(
        None, "chapter@citynet.example", name="Chandra", password=PASSWORD
    )
    chapter = Chapter(slug="chapter", name="Chapter of the Example Sea")
    db.session().add(chapter)
    db.session().flush()
    db.session().add(ChapterPerson(chapter_id=chapter.id, person_id=person.id))
    slugs = ("kabupaten-sidoarjo", "pending")
    for city in db.session().scalars(select(City).where(City.slug.in_(slugs))):
        city.chapter_id = chapter.id


@db.transaction
def _build_city(admin: Actor, key: str, city: City, standing: Standing) -> None:
    db.session().add(city)
    db.session().flush()
    cities.register_application(admin, city)
    if standing != Standing.APPLIED:
        cities.change_standing(admin, city, Standing.ACTIVE, reason="Example")
    for role in (Role.LEAD, Role.OFFICIAL):
        person = accounts.create_person(
            admin.person, f"{role}@{key}.example", name=f"{key} {role}", password=PASSWORD
        )
        cities.appoint(admin, person, city, role=role)
    if standing == Standing.SUSPENDED:
        cities.change_standing(admin, city, standing, reason="Example")


@db.transaction
def _build_topics() -> None:
    top = Topic(slug="licensing", name_en="Licensing", name_id="Perizinan")
    top.synonyms = [TopicSynonym(language="id", text="izin usaha")]
    waste = Topic(slug="waste", name_en="Waste", name_id="Sampah", position=1)
    db.session().add_all([top, waste])
    db.session().flush()
    child = Topic(slug="online-licensing", name_en="Online licensing", name_id="Perizinan daring",
                  parent_id=top.id)  # fmt: skip
    db.session().add(child)


def actor(role: str) -> Actor:
    """Return the actor of a role, as a request would."""
    address = ROLES[role].address
    return city_queries.actor_of(people.by_email(address) if address else None)


def write(role: str = "official", **changes: Any) -> Practice:
    """Keep a draft and return its practice."""
    revision = service.create(actor(role), contents.read({**RECORD, **changes}))
    return db.session().get_one(Practice, revision.practice_id)


def write_to(state: str, role: str = "official", **changes: Any) -> Practice:
    """Bring a new practice to a state: draft, submitted, signed_off or published; no letters."""
    practice = write(role, **changes)
    lead = "rival lead" if role == "rival" else "lead"
    with letters.withheld():
        if state != "draft":
            service.submit(actor(role), practice)
        if state in ("signed_off", "published"):
            service.sign_off(actor(lead), practice)
        if state == "published":
            service.publish(actor("secretariat"), practice)
    if state == "published":
        effects.run_due()
    return practice


def csrf_of(page: str) -> str:
    """Return the token of the first form of a page."""
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
    assert found, "the page has no form"
    return found.group(1)


def client_of(app: Flask, role: str) -> FlaskClient:
    """Return a browser in which this role's person is signed in."""
    return client_at(app, ROLES[role].address)


def client_at(app: Flask, address: str | None) -> FlaskClient:
    """Return a browser in which the person with this mail address is signed in."""
    client = app.test_client()
    if address:
        token = csrf_of(client.get("/sign-in").text)
        answer = client.post(
            "/sign-in", data={"email": address, "password": PASSWORD, "csrf_token": token}
        )
        assert answer.status_code == 302, answer.text
    return client


def post(client: FlaskClient, path: str, data: dict[str, Any] | None = None, **options: Any) -> Any:
    """Post a form as a browser would, with the token of the sign-in or account page."""
    token = csrf_of(client.get("/about").text)
    return client.post(path, data={**(data or {}), "csrf_token": token}, **options)


def form_data(**changes: Any) -> dict[str, Any]:
    """Return what a browser posts for the sample record."""
    record = {**RECORD, **changes}
    rows = {
        f"{name}-{number}-{key}": value
        for name in ("blocks", "results")
        for number, row in enumerate(record.pop(name, []))
        for key, value in row.items()
    }
    return {**record, **rows}
