"""People: their names and sessions, and accounts that are closed and opened again."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from citynet.accounts import queries, service
from citynet.accounts.models import Person, SignIn
from citynet.kit import clock, db
from citynet.kit.errors import Invalid
from tests.accounts.acting import (
    ADDRESS,
    EMAIL,
    acts,
    opens,
    person,
    subjects,
)
from tests.network import PASSWORD, client_of, post

pytestmark = pytest.mark.usefixtures("nothing_waits")
NEW = "sepeda-biru-7"
OTHER = "lead@sidoarjo.example"
ADMIN = "admin@citynet.example"


# ---- the name


def test_name_is_changed(app: Flask) -> None:
    """Tidied, and recorded with what it was."""
    client = client_of(app, "official")
    answer = post(client, "/account/name", {"name": "  Siti \u202e Rahma "}, follow_redirects=True)
    assert "Your name is changed." in answer.text
    assert person().name == "Siti Rahma"
    assert acts().count("person.renamed") == 1


@pytest.mark.parametrize("name", ["", "   ", "\u200b", "x" * 121])
def test_no_name_is_refused(app: Flask, name: str) -> None:
    """The old one stays."""
    client = client_of(app, "official")
    assert post(client, "/account/name", {"name": name}).status_code == 422
    assert person().name == "sidoarjo official"


# ---- sessions


def test_all_other_sessions_end(app: Flask) -> None:
    """Those of others go on."""
    client, phone, lead = (client_of(app, role) for role in ("official", "official", "lead"))
    page = client.get("/account").text
    assert "End all others" in page
    answer = post(client, "/account/sessions/revoke-others", follow_redirects=True)
    assert "1 session is ended." in answer.text
    assert "End all others" not in answer.text
    assert phone.get("/account").status_code == 302
    assert client.get("/account").status_code == 200
    assert lead.get("/account").status_code == 200


def test_signing_in_again_ends_the_session_this_browser_had(app: Flask) -> None:
    """No row is left that nobody can see."""
    client = client_of(app, "official")
    post(client, "/sign-in", {"email": EMAIL, "password": PASSWORD})
    assert len(queries.own_sign_ins(person())) == 1
    post(client, "/sign-in", {"email": OTHER, "password": PASSWORD})
    assert len(queries.own_sign_ins(person())) == 0
    assert len(queries.own_sign_ins(person(OTHER))) == 1


def test_last_use_is_written_once_an_hour(app: Flask) -> None:
    """With the address it came from."""
    client = client_of(app, "official")

    def used() -> SignIn:
        db.session().rollback()
        return db.session().scalars(select(SignIn).order_by(SignIn.id.desc())).all()[0]

    first = used().used_at
    with clock.moved(timedelta(minutes=50)):
        client.get("/account")
        assert used().used_at == first
    with clock.moved(timedelta(minutes=70)):
        answer = client.get("/account", environ_base={"REMOTE_ADDR": "203.0.113.9"})
        assert answer.status_code == 200
        assert used().used_at > first
        assert used().address == "203.0.113.9"
        assert "203.0.113.9" in answer.text


def test_new_browser_is_told_and_a_known_one_is_not(app: Flask) -> None:
    """The first sign-in ever is no news."""
    firefox, chrome = "Gecko/1 Firefox/128.0 Linux", "Chrome/126.0 Safari/537.36 Android"
    told = []
    for browser in (firefox, firefox + ".1", chrome, firefox):
        service.sign_in(EMAIL, PASSWORD, address=ADDRESS, browser=browser)
        told.append(subjects(app))
    assert [len(one) for one in told] == [0, 0, 1, 0]
    assert told[2] == [(EMAIL, "A new sign-in to your account")]


# ---- people


def test_registered_person_can_sign_in(app: Flask) -> None:
    """As whoever accepts an invitation does; the person acts themselves."""
    made = service.register("Budi@Sidoarjo.example", name=" Budi ", password=NEW, language="id")
    assert (made.email, made.name, made.language) == ("budi@sidoarjo.example", "Budi", "id")
    assert not made.is_secretariat
    assert acts()[-1] == "person.registered"
    assert opens(NEW, "budi@sidoarjo.example")


def test_deactivation_ends_sessions_at_once_and_keeps_the_person(app: Flask) -> None:
    """Everywhere; after the reactivation they sign in anew."""
    client = client_of(app, "official")
    service.deactivate(person(ADMIN), person(), reason="Moved to another office")
    assert client.get("/account").status_code == 302
    assert not opens(PASSWORD)
    service.reactivate(person(ADMIN), person(), reason="Came back")
    assert client.get("/account").status_code == 302
    assert opens(PASSWORD)
    assert [one for one in acts() if one.endswith("activated")] == [
        "person.deactivated",
        "person.reactivated",
    ]


def test_nobody_closes_their_own_account_or_the_last_of_the_secretariat(app: Flask) -> None:
    """Nor a person of the secretariat, unless they are of it."""
    admin = person(ADMIN)
    for actor, whom in ((admin, admin), (person(), admin), (person(), person())):
        with pytest.raises(Exception, match="You cannot deactivate this person"):
            service.deactivate(actor, whom, reason="x")
    with pytest.raises(Exception, match="last person of the secretariat"):
        service.deactivate(None, admin, reason="x")
    second = service.create_person(
        None, "two@citynet.example", name="Two", password=PASSWORD, is_secretariat=True
    )
    service.deactivate(second, admin, reason="Retired")
    assert not person(ADMIN).is_active


@pytest.mark.parametrize("reason", ["", "  ", "\u200b"])
def test_closing_an_account_needs_a_reason(app: Flask, reason: str) -> None:
    """It stays in the log."""
    with pytest.raises(Invalid):
        service.deactivate(person(ADMIN), person(), reason=reason)
    assert person().is_active


def test_erased_person_is_out_and_stays_out(app: Flask) -> None:
    """A live session ends at the next request; nobody opens the account again."""
    client = client_of(app, "official")
    with db.atomic():
        db.session().get_one(Person, person().id).erased_at = clock.now()
    assert client.get("/account").status_code == 302
    assert not opens(PASSWORD)
    with pytest.raises(Exception, match="was erased"):
        service.reactivate(person(ADMIN), person(), reason="x")
