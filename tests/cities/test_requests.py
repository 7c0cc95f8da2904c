"""Requests to join one's city: asked by anybody, confirmed by mail, decided by the lead."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from citynet.accounts import service as accounts
from citynet.accounts.service import throttling
from citynet.cities import service as cities
from citynet.cities.models import JoinRequest, RequestState, Standing
from citynet.cities.service import officials, requests
from citynet.cities.service import people as desk
from citynet.kit import clock, db
from citynet.kit.errors import Conflict, Invalid, NotFound
from tests import network
from tests.cities.people import (
    SIDOARJO,
    city,
    invite,
    letters,
    link_in,
    official,
    person,
    roles_in,
)
from tests.network import actor

JOIN = f"/cities/{SIDOARJO}/join"
ASKER = "dewi@sidoarjo.example"
FORM = {
    "name": "Dewi",
    "email": ASKER,
    "office": "Licensing office",
    "note": "Hello",
    "agreed": "y",
}


def asked(client: FlaskClient, **changes: str) -> Any:
    """Ask as a stranger would."""
    return network.post(client, JOIN, {**FORM, **changes})


def confirmed(client: FlaskClient, **changes: str) -> JoinRequest:
    """Ask, confirm, and return the request that waits."""
    asked(client, **changes)
    path = link_in(letters(changes.get("email", ASKER))[-1])
    assert client.get(path).status_code == 200
    assert network.post(client, path).status_code == 302
    return only()


def only() -> JoinRequest:
    """Return the one request there is."""
    db.session().expire_all()
    return db.session().scalars(select(JoinRequest)).one()


def count() -> int:
    """Return how many requests there are."""
    return db.session().scalar(select(func.count()).select_from(JoinRequest)) or 0


def test_stranger_asks_confirms_and_is_invited(app: Flask, client: FlaskClient) -> None:
    """The whole way: form, mail, button, mail to the lead, one click, mail with the link."""
    assert client.get(JOIN).status_code == 200
    answer = asked(client)
    assert answer.status_code == 200
    assert "Look into your mail" in answer.text
    path = link_in(letters(ASKER)[-1])
    assert client.get(path).status_code == 200
    assert only().state == RequestState.ASKED
    assert not letters("lead@sidoarjo.example")
    network.post(client, path)
    assert only().state == RequestState.WAITING
    assert "Dewi" in letters("lead@sidoarjo.example")[-1]["subject"]
    lead = network.client_of(app, "lead")
    assert "Dewi" in lead.get("/city/people").text
    assert network.post(lead, f"/city/people/requests/{only().id}/accept").status_code == 302
    assert only().state == RequestState.ACCEPTED
    assert link_in(letters(ASKER)[-1]).startswith("/invitations/")


def test_account_without_a_city_is_let_in_at_once(app: Flask) -> None:
    """Signed in, no mail to confirm is needed; the rights are there at the next request."""
    client = network.client_of(app, "nobody's")
    page = client.get(JOIN)
    assert 'name="email"' not in page.text
    answer = network.post(client, JOIN, {"office": "Planning", "note": "", "agreed": "y"})
    assert answer.status_code == 200
    assert only().state == RequestState.WAITING
    assert client.get("/city/people").status_code == 404
    requests.let_in(actor("lead"), only().id)
    assert client.get("/city/people").status_code == 200
    assert letters("person@nowhere.example")[-1]["subject"].startswith("You act for")


def test_official_of_another_city_moves_only_by_accepting(app: Flask) -> None:
    """Letting somebody in takes nobody away from their city without their own yes."""
    client = network.client_of(app, "rival")
    network.post(client, JOIN, {"office": "Planning", "agreed": "y"})
    requests.let_in(actor("lead"), only().id)
    assert actor("rival").city_id == city("seoul").id
    path = link_in(letters("official@seoul.example")[-1])
    network.post(client, f"{path}/accept")
    assert actor("rival").city_id == city().id


@pytest.mark.parametrize(
    "email", [ASKER, "official@sidoarjo.example", "official@seoul.example",
              "admin@citynet.example", "person@nowhere.example"]
)  # fmt: skip
def test_answer_is_the_same_whoever_it_is(app: Flask, client: FlaskClient, email: str) -> None:
    """Nobody learns from the page whether an address has an account, or acts for the city."""
    pages = [
        re.sub(r'name="csrf_token"[^>]*>', "", asked(client, email=one).text)
        for one in (ASKER, email)
    ]
    assert pages[0] == pages[1]
    assert len(letters(email)) >= 1


def test_asking_twice_joins_the_first(app: Flask, client: FlaskClient) -> None:
    """One row; the newer link works, the older is dead; once confirmed it is only told."""
    asked(client)
    first = link_in(letters(ASKER)[-1])
    asked(client, office="Planning")
    second = link_in(letters(ASKER)[-1])
    assert client.get(first).status_code == 404
    network.post(client, second)
    asked(client, name="Another name")
    assert count() == 1
    assert (only().state, only().name) == (RequestState.WAITING, "Dewi")
    assert "nothing more to do" in letters(ASKER)[-1]["text"]


def test_confirming_twice_does_nothing_more(app: Flask, client: FlaskClient) -> None:
    """The lead gets one mail."""
    asked(client)
    path = link_in(letters(ASKER)[-1])
    for _again in range(2):
        assert network.post(client, path).status_code == 302
    assert len(letters("lead@sidoarjo.example")) == 1


@pytest.mark.parametrize("path", ["/join-requests/x", "/join-requests/" + "A" * 43])
def test_altered_link_confirms_nothing(app: Flask, client: FlaskClient, path: str) -> None:
    """And ends in a helpful page."""
    asked(client)
    for answer in (client.get(path), network.post(client, path)):
        assert answer.status_code == 404
        assert "leads nowhere" in answer.text
    assert only().state == RequestState.ASKED


def test_unconfirmed_request_is_forgotten(app: Flask, client: FlaskClient) -> None:
    """After 14 days the link is dead, and then the row is gone with what was typed."""
    asked(client)
    path = link_in(letters(ASKER)[-1])
    with clock.moved(timedelta(days=14, hours=1)):
        assert client.get(path).status_code == 404
        assert network.post(client, path).status_code == 404
        requests.forget_old()
        assert count() == 0


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"email": "none"}, "such as name@"),
        ({"email": "a@b.example\nBcc: c@d.example"}, "such as name@"),
        ({"name": " "}, "name"),
        ({"name": "x" * 200}, "name"),
        ({"office": ""}, "office"),
        ({"office": "x" * 121}, "office"),
        ({"note": "x" * 1001}, "1,000"),
        ({"agreed": ""}, "Agree to this"),
    ],
)
def test_what_cannot_be_taken_is_told(
    app: Flask, client: FlaskClient, changes: dict[str, str], words: str
) -> None:
    """422 with what was typed; nothing is written or mailed."""
    answer = asked(client, **changes)
    assert answer.status_code == 422
    assert words in answer.text
    assert count() == 0
    assert not letters()


def test_header_cannot_be_added_by_name_or_office(app: Flask, client: FlaskClient) -> None:
    """Both are folded onto a line in every letter they stand in."""
    confirmed(client, name="Dewi\r\nBcc: x y", office="A\nSubject: B")
    for letter in letters():
        assert "\n" not in letter["subject"] + letter["to_name"] + letter["to"]
        assert "\nBcc:" not in letter["text"]
        assert "\nSubject:" not in letter["text"]


def test_asking_is_throttled(app: Flask, client: FlaskClient) -> None:
    """By address asked for: nobody's mailbox is flooded; it is told, and passes."""
    for _each in range(throttling.LETTERS_PER_ACCOUNT):
        assert asked(client).status_code == 200
    answer = asked(client)
    assert answer.status_code == 429
    assert "15 minutes" in answer.text
    assert len(letters(ASKER)) == throttling.LETTERS_PER_ACCOUNT
    with clock.moved(timedelta(minutes=16)):
        assert asked(client).status_code == 200


@pytest.mark.parametrize("slug", ["suspended", "pending", "nowhere"])
def test_only_active_members_take_requests(app: Flask, client: FlaskClient, slug: str) -> None:
    """Elsewhere there is no such page, and nothing is told about applicants."""
    assert client.get(f"/cities/{slug}/join").status_code == 404
    assert network.post(client, f"/cities/{slug}/join", FORM).status_code == 404
    assert count() == 0


@pytest.mark.parametrize("role", ["official", "rival lead", "nobody's", "suspended", "visitor"])
def test_nobody_else_decides(app: Flask, client: FlaskClient, role: str) -> None:
    """Neither an official of the city, nor the lead of another."""
    waiting = confirmed(client).id
    steps: list[Callable[[], object]] = [
        lambda: requests.let_in(actor(role), waiting),
        lambda: requests.decline(actor(role), waiting, reason="No"),
    ]
    for step in steps:
        with pytest.raises(NotFound):
            step()
    assert only().state == RequestState.WAITING


def test_declined_with_a_reason_that_is_mailed(app: Flask, client: FlaskClient) -> None:
    """Without one it is asked for."""
    waiting = confirmed(client).id
    lead = network.client_of(app, "lead")
    path = f"/city/people/requests/{waiting}/decline"
    assert lead.get(path).status_code == 200
    assert network.post(lead, path, {"reason": " "}).status_code == 422
    assert network.post(lead, path, {"reason": "Ask your agency first."}).status_code == 302
    assert only().state == RequestState.DECLINED
    letter = letters(ASKER)[-1]
    assert "Ask your agency first." in letter["text"]
    assert "thank you" in letter["text"]


def test_decided_once(app: Flask, client: FlaskClient) -> None:
    """The lead and the secretariat at the same time: the second is told."""
    waiting = confirmed(client).id
    requests.decline(actor("secretariat"), waiting, reason="No")
    steps: list[Callable[[], object]] = [
        lambda: requests.let_in(actor("lead"), waiting),
        lambda: requests.decline(actor("lead"), waiting, reason="No"),
    ]
    for step in steps:
        with pytest.raises(Conflict, match="meanwhile"):
            step()


def test_asker_who_was_declined_may_ask_again(app: Flask, client: FlaskClient) -> None:
    """It is a new request."""
    requests.decline(actor("lead"), confirmed(client).id, reason="Not now")
    assert asked(client).status_code == 200
    assert count() == 2


def test_city_without_a_lead_is_the_secretariats_to_decide(app: Flask, client: FlaskClient) -> None:
    """It stands at the desk, of a chapter for its cities."""
    officials.remove(actor("lead"), city(), official("official").id)
    desk.deactivate(actor("secretariat"), person("lead"), reason="Gone")
    waiting = confirmed(client).id
    chapter = network.client_of(app, "chapter")
    assert "Dewi" in chapter.get("/admin/requests").text
    assert network.post(chapter, f"/admin/requests/{waiting}/accept").status_code == 302
    assert only().state == RequestState.ACCEPTED


def test_account_closed_meanwhile_cannot_be_let_in(app: Flask, client: FlaskClient) -> None:
    """The lead reads why."""
    waiting = confirmed(client, email="person@nowhere.example").id
    accounts.deactivate(None, person("nobody's"), reason="Left")
    with pytest.raises(Conflict, match="deactivated"):
        requests.let_in(actor("lead"), waiting)
    assert only().state == RequestState.WAITING


def test_whoever_acts_for_the_city_is_told(app: Flask) -> None:
    """And the secretariat acts for no city."""
    with pytest.raises(Conflict, match="already"):
        requests.ask_as(actor("official"), city(), office="x", note="", language="en")
    for role in ("secretariat", "chapter"):
        with pytest.raises(Conflict, match="acts for no city"):
            requests.ask_as(actor(role), city(), office="x", note="", language="en")


def test_invitation_answers_the_request(app: Flask, client: FlaskClient) -> None:
    """Invited meanwhile and in: nothing waits any more."""
    confirmed(client)
    path = invite(ASKER)
    data = {"name": "Dewi", "password": network.PASSWORD, "agreed": "y"}
    network.post(client, path, data)
    assert only().state == RequestState.ACCEPTED
    assert roles_in()[ASKER] == "official"


def test_requests_wait_through_a_suspension(app: Flask, client: FlaskClient) -> None:
    """The lead cannot decide meanwhile, the secretariat can."""
    waiting = confirmed(client).id
    cities.change_standing(actor("secretariat"), city(), Standing.SUSPENDED, reason="Fees")
    with pytest.raises(NotFound):
        requests.let_in(actor("lead"), waiting)
    requests.let_in(actor("secretariat"), waiting)


def test_reason_is_bounded(app: Flask, client: FlaskClient) -> None:
    """A book is not mailed."""
    waiting = confirmed(client).id
    with pytest.raises(Invalid):
        requests.decline(actor("lead"), waiting, reason="x" * 1001)


def test_strangers_learn_nothing_about_officials(app: Flask, client: FlaskClient) -> None:
    """Neither names nor addresses stand on the pages for asking."""
    pages = client.get(JOIN).text + asked(client).text
    for word in ("lead@sidoarjo.example", "official@sidoarjo.example", actor("lead").name):
        assert word not in pages
    assert client.get("/city/people").status_code == 302
