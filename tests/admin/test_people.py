"""The desk's people: the list as it is filtered and exported, one person, every step."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, insert, select

from citynet.accounts.models import Passkey, Person
from citynet.admin.person_steps import STEPS
from citynet.cities.models import Chapter, Invitation, JoinRequest, Official, RequestState
from citynet.kit import db
from tests import network
from tests.admin.people import person, rows_of
from tests.cities.people import city, invite, letters, official, roles_in

PAGES = [
    "/admin/people", "/admin/requests", "/admin/invitations", "/admin/people/invite",
    "/admin/imports",
]  # fmt: skip


@pytest.fixture
def admin(app: Flask) -> FlaskClient:
    """Return the secretariat's browser."""
    return network.client_of(app, "secretariat")


@pytest.fixture
def chapter(app: Flask) -> FlaskClient:
    """Return the browser of the secretariat of a chapter."""
    return network.client_of(app, "chapter")


@contextmanager
def counted() -> Iterator[list[str]]:
    """Count the queries of a block."""
    statements: list[str] = []

    def note(_c: object, _cursor: object, statement: str, *_rest: object) -> None:
        statements.append(statement)

    event.listen(db.db.engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(db.db.engine, "before_cursor_execute", note)


@pytest.mark.parametrize("path", [*PAGES, "/admin/people/invite-colleague", "/admin/people/1"])
@pytest.mark.parametrize("role", ["visitor", "lead", "official", "suspended", "nobody's"])
def test_desk_is_the_secretariats(app: Flask, role: str, path: str) -> None:
    """A visitor is asked to sign in."""
    answer = network.client_of(app, role).get(path)
    assert answer.status_code == (302 if role == "visitor" else 403)


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("role", ["secretariat", "chapter"])
def test_both_kinds_of_secretariat_open_each_page(app: Flask, role: str, path: str) -> None:
    """Each has one main heading."""
    answer = network.client_of(app, role).get(path)
    assert answer.status_code == 200
    assert answer.text.count("<h1") == 1


def test_chapter_sees_its_people_only(app: Flask, chapter: FlaskClient) -> None:
    """In the list, in its export, by number, and in what it may do."""
    page = chapter.get("/admin/people").text
    exported = {row[1] for row in rows_of(chapter.get("/admin/people?form=csv", buffered=True))}
    assert exported == {
        "lead@sidoarjo.example", "official@sidoarjo.example", "lead@pending.example",
        "official@pending.example",
    }  # fmt: skip
    assert "official@seoul.example" not in page
    assert chapter.get(f"/admin/people/{person('official').id}").status_code == 200
    for role in ("rival", "nobody's", "secretariat"):
        number = person(role).id
        assert chapter.get(f"/admin/people/{number}").status_code == 404
        for step in STEPS:
            path = f"/admin/people/{number}/{step}"
            assert chapter.get(path).status_code == 404
            assert network.post(chapter, path, {"reason": "x"}).status_code == 404
        assert network.post(chapter, f"/admin/people/{number}/end-sessions").status_code == 404
    assert chapter.get("/admin/people/invite-colleague").status_code == 403


@pytest.mark.parametrize(
    ("query", "emails"),
    [
        ("q=sidoarjo", {"lead@sidoarjo.example", "official@sidoarjo.example"}),
        ("city=Seoul&seat=lead", {"lead@seoul.example"}),
        ("seat=secretariat", {"admin@citynet.example"}),
        ("seat=chapter", {"chapter@citynet.example"}),
        ("seat=none", {"person@nowhere.example"}),
        ("factor=yes", {"official@seoul.example"}),
        ("state=deactivated", {"person@nowhere.example"}),
        ("chapter=-&seat=lead", {"lead@seoul.example", "lead@suspended.example"}),
        ("q=nobody+at+all", set()),
    ],
)
def test_export_holds_exactly_what_is_filtered(
    app: Flask, admin: FlaskClient, query: str, emails: set[str]
) -> None:
    """And the page shows the same rows."""

    @db.transaction
    def prepare() -> None:
        one = person("rival")
        db.session().add(
            Passkey(person_id=one.id, name="Key", credential_id="c", public_key=b"k",
                    user_handle="h")
        )  # fmt: skip

    prepare()
    number = person("nobody's").id
    network.post(admin, f"/admin/people/{number}/deactivate",
                 {"reason": "Left"})  # fmt: skip
    assert {
        row[1] for row in rows_of(admin.get(f"/admin/people?form=csv&{query}", buffered=True))
    } == emails
    page = admin.get(f"/admin/people?{query}").text
    for email in emails:
        assert f">{email}<" in page


def test_list_of_a_chapter_filters_by_it(app: Flask, admin: FlaskClient) -> None:
    """Its cities' people and its own secretariat."""
    number = db.session().scalars(select(Chapter.id)).one()
    rows = rows_of(admin.get(f"/admin/people?form=csv&chapter={number}", buffered=True))
    assert {row[1] for row in rows} == {
        "lead@sidoarjo.example", "official@sidoarjo.example", "lead@pending.example",
        "official@pending.example", "chapter@citynet.example",
    }  # fmt: skip


def test_list_costs_the_same_with_many_people(app: Flask, admin: FlaskClient) -> None:
    """Queries do not grow with rows; neither sorted nor filtered."""

    def cost() -> list[int]:
        costs = []
        for query in ("", "?sort=-seen", "?sort=seat&q=a", "?factor=no&sort=city"):
            with counted() as statements:
                assert admin.get(f"/admin/people{query}").status_code == 200
            costs.append(len(statements))
        return costs

    before = cost()

    @db.transaction
    def crowd() -> None:
        people = [
            {"email": f"p{n}@x.example", "name": f"P {n}", "password_hash": "x",
             "is_secretariat": False, "created_at": person("lead").created_at}
            for n in range(1_000)
        ]  # fmt: skip
        db.session().execute(insert(Person), people)

    crowd()
    assert cost() == before


def test_page_of_a_person_shows_what_there_is(app: Flask, admin: FlaskClient) -> None:
    """City, role, sessions, what happened; and each step that is possible."""
    network.client_of(app, "official")
    number = person("official").id
    page = admin.get(f"/admin/people/{number}").text
    for words in ("Kabupaten Sidoarjo", "official@sidoarjo.example", "1 session is open"):
        assert words in page
    for step in ("deactivate", "move", "lead", "remove", "erase"):
        assert f"/admin/people/{number}/{step}" in page
        answer = admin.get(f"/admin/people/{number}/{step}")
        assert answer.status_code == 200
        assert answer.text.count("<h1") == 1
    for step in ("reactivate", "second-factor", "give-rights", "take-rights"):
        assert admin.get(f"/admin/people/{number}/{step}").status_code == 409
    assert admin.get(f"/admin/people/{number}/nonsense").status_code == 404
    assert admin.get("/admin/people/999999").status_code == 404


def test_history_tells_the_cities_before(app: Flask, admin: FlaskClient) -> None:
    """From the log: moved from one to the other."""
    number = person("rival").id
    data = {"city": "Kabupaten Sidoarjo"}
    assert network.post(admin, f"/admin/people/{number}/move", data).status_code == 302
    page = admin.get(f"/admin/people/{number}").text.partition('id="history"')[2]
    assert "Seoul" in page
    assert "Kabupaten Sidoarjo" in page


def test_moved_official_has_the_new_rights_at_once(app: Flask, admin: FlaskClient) -> None:
    """With a session that was open before; by the full name or the code of the city."""
    client = network.client_of(app, "rival")
    path = f"/admin/people/{person('rival').id}/move"
    refused = network.post(admin, path, {"city": "Atlantis"})
    assert refused.status_code == 422
    assert "Atlantis" in refused.text
    assert network.post(admin, path, {"city": "35.15"}).status_code == 302
    assert "People of Kabupaten Sidoarjo" in client.get("/city/people").text
    assert network.post(admin, path, {"city": "35.15"}).status_code == 409


def test_lead_is_taken_away_by_naming_another(app: Flask, admin: FlaskClient) -> None:
    """The form asks for the successor, and keeps what was typed."""
    path = f"/admin/people/{person('lead').id}/deactivate"
    assert 'name="successor"' in admin.get(path).text
    refused = network.post(admin, path, {"reason": "Gone for good"})
    assert refused.status_code == 422
    assert "Gone for good" in refused.text
    data = {"reason": "Gone", "successor": str(official("official").id)}
    assert network.post(admin, path, data).status_code == 302
    assert roles_in()["official@sidoarjo.example"] == "lead"
    assert not person("lead").is_active


def test_make_lead_tells_the_new_one(app: Flask, chapter: FlaskClient) -> None:
    """A chapter does it for its cities."""
    path = f"/admin/people/{person('official').id}/lead"
    assert network.post(chapter, path).status_code == 302
    assert roles_in()["official@sidoarjo.example"] == "lead"
    assert letters("official@sidoarjo.example")


def test_sessions_are_ended_by_one_button(app: Flask, admin: FlaskClient) -> None:
    """At once."""
    client = network.client_of(app, "official")
    number = person("official").id
    assert network.post(admin, f"/admin/people/{number}/end-sessions").status_code == 302
    assert client.get("/account").status_code == 302


def test_second_factor_is_reset_with_a_reason(app: Flask, admin: FlaskClient) -> None:
    """The person is told by mail."""

    @db.transaction
    def give() -> None:
        db.session().add(
            Passkey(person_id=person("official").id, name="Key", credential_id="c",
                    public_key=b"k", user_handle="h")
        )  # fmt: skip

    give()
    path = f"/admin/people/{person('official').id}/second-factor"
    assert network.post(admin, path, {"reason": ""}).status_code == 422
    assert network.post(admin, path, {"reason": "Lost telephone"}).status_code == 302
    assert db.session().scalars(select(Passkey)).all() == []
    assert letters("official@sidoarjo.example")
    assert admin.get(path).status_code == 409


def test_rights_are_given_and_taken_on_confirmation(app: Flask, admin: FlaskClient) -> None:
    """The last one of the secretariat stays."""
    number = person("nobody's").id
    assert network.post(admin, f"/admin/people/{number}/give-rights").status_code == 302
    other = network.client_of(app, "nobody's")
    assert other.get("/admin/people").status_code == 200
    mine = person("secretariat").id
    assert network.post(other, f"/admin/people/{mine}/take-rights").status_code == 302
    assert admin.get("/admin/people").status_code == 403
    answer = network.post(other, f"/admin/people/{number}/take-rights")
    assert answer.status_code == 409
    assert "last person" in answer.text


def test_nobody_closes_or_erases_themselves_here(app: Flask, admin: FlaskClient) -> None:
    """One's own account is closed on one's own page."""
    mine = person("secretariat").id
    for step in ("deactivate", "erase"):
        assert admin.get(f"/admin/people/{mine}/{step}").status_code == 409
        answer = network.post(admin, f"/admin/people/{mine}/{step}", {"reason": "x"})
        assert answer.status_code == 409
    assert person("secretariat").is_active


def test_person_is_erased_on_request(app: Flask, admin: FlaskClient) -> None:
    """They are not in the list any more; a lead hands over first."""
    number = person("official").id
    assert network.post(admin, f"/admin/people/{number}/erase").status_code == 302
    assert admin.get(f"/admin/people/{number}").status_code == 404
    assert "official@sidoarjo.example" not in admin.get("/admin/people").text
    lead = person("lead").id
    assert network.post(admin, f"/admin/people/{lead}/erase").status_code == 409


def test_desk_invites_people_of_a_city(app: Flask, chapter: FlaskClient) -> None:
    """By a pasted list, shown line by line first; of another's city nobody."""
    data = {"city": "Kabupaten Sidoarjo", "people": "a@b.example\nofficial@sidoarjo.example"}
    answer = network.post(chapter, "/admin/people/invite", data)
    assert answer.status_code == 302
    page = chapter.get(answer.headers["Location"]).text
    assert "1 line will be done." in page
    assert "1 is left alone." in page
    wrong = [("city", "Seoul", 403), ("city", "Atlantis", 422), ("people", "", 422)]
    for name, value, status in wrong:
        refused = network.post(chapter, "/admin/people/invite", {**data, name: value})
        assert refused.status_code == status


def test_colleagues_are_invited_by_the_network_only(
    app: Flask, admin: FlaskClient, chapter: FlaskClient
) -> None:
    """To the network's secretariat, or a chapter's by its address."""
    path = "/admin/people/invite-colleague"
    data = {"seat": "network", "email": "c@d.example", "name": "Citra", "language": "id"}
    assert admin.get(path).status_code == 200
    assert network.post(chapter, path, data).status_code == 403
    assert network.post(admin, path, data).status_code == 302
    slug = db.session().scalars(select(Chapter.slug)).one()
    assert network.post(admin, path, {**data, "seat": slug}).status_code == 302
    assert network.post(admin, path, {**data, "email": "x"}).status_code == 422
    assert network.post(admin, path, {**data, "seat": "nowhere"}).status_code == 404
    seats = [one.seat for one in db.session().scalars(select(Invitation))]
    assert sorted(seats) == ["chapter", "secretariat"]


def test_invitations_are_listed_and_taken_back(
    app: Flask, admin: FlaskClient, chapter: FlaskClient
) -> None:
    """A chapter those to its cities; an accepted one has no such step."""
    path = invite()
    invite("x@seoul.example", by="rival lead", slug="seoul")
    assert "x@seoul.example" not in chapter.get("/admin/invitations").text
    assert len(rows_of(admin.get("/admin/invitations?form=csv&state=open", buffered=True))) == 2
    mine, seouls = db.session().scalars(select(Invitation).order_by(Invitation.id))
    assert chapter.get(f"/admin/invitations/{seouls.id}/revoke").status_code == 404
    assert network.post(chapter, f"/admin/invitations/{seouls.id}/revoke").status_code == 404
    assert chapter.get(f"/admin/invitations/{mine.id}/revoke").status_code == 200
    assert network.post(chapter, f"/admin/invitations/{mine.id}/revoke").status_code == 302
    assert network.post(chapter, f"/admin/invitations/{mine.id}/revoke").status_code == 409
    assert app.test_client().get(path).status_code == 410


def test_name_that_looks_like_a_formula_is_neutralised(app: Flask, admin: FlaskClient) -> None:
    """In the export, not on the page."""

    @db.transaction
    def rename() -> None:
        person("rival").name = "=HYPERLINK(1)"

    rename()
    assert rows_of(admin.get("/admin/people?form=csv&city=Seoul&seat=official", buffered=True))[0][
        0
    ] == ("'=HYPERLINK(1)")


def test_steps_of_a_person_without_a_city(app: Flask, admin: FlaskClient) -> None:
    """No lead and no removal, but a move into a city."""
    number = person("nobody's").id
    for step in ("lead", "remove"):
        assert admin.get(f"/admin/people/{number}/{step}").status_code == 409
    assert network.post(admin, f"/admin/people/{number}/move", {"city": "seoul"}).status_code == 302
    seat = db.session().scalars(select(Official).where(Official.person_id == number)).one()
    assert seat.role == "official"


def test_requests_to_join_come_in_pages(app: Flask, admin: FlaskClient) -> None:
    """However many wait, a page shows fifty, and the list of people tells how many there are."""
    city_id = city().id

    @db.transaction
    def ask() -> None:
        rows = [
            {"city_id": city_id, "email": f"asks{n}@town.example", "name": f"Asks {n}",
             "office": "Office", "language": "en", "state": RequestState.WAITING}
            for n in range(60)
        ]  # fmt: skip
        db.session().execute(insert(JoinRequest), rows)

    ask()
    first = admin.get("/admin/requests").text
    assert first.count("@town.example") == 50
    assert admin.get("/admin/requests?page=2").text.count("@town.example") == 10
    assert "60" in admin.get("/admin/people").text.partition("Requests to join")[2][:80]
