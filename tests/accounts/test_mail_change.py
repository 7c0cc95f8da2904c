"""The mail address: changed when the new one is confirmed, and the old one is told."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from citynet.accounts import queries, service
from citynet.kit import clock
from tests.accounts.acting import (
    EMAIL,
    acts,
    letters,
    opens,
    path_in,
    reset_path,
    subjects,
)
from tests.network import PASSWORD, client_of, post

pytestmark = pytest.mark.usefixtures("nothing_waits")
NEW = "sepeda-biru-7"
OTHER = "lead@sidoarjo.example"
NEW_EMAIL = "official@newhome.example"


def ask(client: FlaskClient, email: str = NEW_EMAIL, password: str = PASSWORD) -> Any:
    """Ask for another address."""
    return post(client, "/account/email", {"email": email, "current": password})


def test_address_changes_when_the_new_one_is_confirmed(app: Flask) -> None:
    """Not before; both are written to, and the old one opens nothing afterwards."""
    client = client_of(app, "official")
    letters(app)
    ask(client)
    sent = letters(app)
    assert [one.recipients()[0] for one in sent] == [NEW_EMAIL, EMAIL]
    assert "stops the change" in sent[1].body
    path = path_in(sent[0], "/account/email/")
    assert opens(PASSWORD)
    assert NEW_EMAIL in client.get(path).text
    assert opens(PASSWORD)
    answer = post(client, path, follow_redirects=True)
    assert "Your email address is changed." in answer.text
    assert opens(PASSWORD, NEW_EMAIL)
    assert not opens(PASSWORD)
    assert subjects(app) == [(EMAIL, "Your email address was changed")]
    assert acts().count("person.mail_changed") == 1


def test_link_to_the_old_address_is_void_after_the_change(app: Flask) -> None:
    """Whoever has the old mailbox cannot come back by a reset begun before."""
    client = client_of(app, "official")
    old = reset_path(app)
    ask(client)
    post(client, path_in(letters(app)[0], "/account/email/"))
    assert post(app.test_client(), old, {"password": NEW}).status_code == 410


def test_reset_stops_a_change_that_waits(app: Flask) -> None:
    """As the notice to the old address says."""
    client = client_of(app, "official")
    ask(client)
    path = path_in(letters(app)[0], "/account/email/")
    post(app.test_client(), reset_path(app), {"password": NEW})
    again = app.test_client()
    post(again, "/sign-in", {"email": EMAIL, "password": NEW})
    assert post(again, path).status_code == 410
    assert opens(NEW)


@pytest.mark.parametrize(
    ("email", "password", "sentence"),
    [
        (NEW_EMAIL, "wrong wrong", "This is not your password."),
        (EMAIL.upper(), PASSWORD, "This is your address already."),
        ("nobody", PASSWORD, "Write an email address"),
        ("a@b.example\nBcc: c@d.example", PASSWORD, "Write an email address"),
        ("", PASSWORD, "Write the new email address."),
        (f"{'x' * 260}@c.example", PASSWORD, "254"),
    ],
)
def test_change_is_refused(app: Flask, email: str, password: str, sentence: str) -> None:
    """The sentence stands at the field, and nobody is written to."""
    client = client_of(app, "official")
    letters(app)
    answer = ask(client, email, password)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert letters(app) == []


def test_taken_address_is_told_to_its_owner_only(app: Flask) -> None:
    """The page says the same, as many letters go out, and no link."""
    client = client_of(app, "official")
    letters(app)
    free, taken = ask(client), ask(client, OTHER.upper())
    assert (
        free.text.replace(NEW_EMAIL, "").split("</h1>")[1].split("csrf")[0]
        == (taken.text.replace(OTHER.upper(), "").split("</h1>")[1].split("csrf")[0])
    )
    sent = letters(app)
    assert [one.recipients()[0] for one in sent] == [NEW_EMAIL, EMAIL, OTHER, EMAIL]
    assert "/account/email/" not in sent[2].body


def test_address_that_was_taken_meanwhile_is_refused(app: Flask) -> None:
    """Whoever was first keeps it."""
    client = client_of(app, "official")
    ask(client)
    path = path_in(letters(app)[0], "/account/email/")
    service.create_person(None, NEW_EMAIL, name="First", password=PASSWORD)
    answer = post(client, path)
    assert answer.status_code == 422
    assert "belongs to another account by now" in answer.text
    assert opens(PASSWORD)


@pytest.mark.parametrize("role", ["visitor", "lead", "secretariat"])
def test_link_of_another_person_changes_nothing(app: Flask, role: str) -> None:
    """A letter that went to a mistyped address gives nobody an account."""
    ask(client_of(app, "official"))
    path = path_in(letters(app)[0], "/account/email/")
    other = client_of(app, role)
    shown, posted = other.get(path), post(other, path)
    if role == "visitor":
        assert shown.headers["Location"].startswith("/sign-in?next=/account/email/")
        assert posted.status_code in (302, 401)
    else:
        assert (shown.status_code, posted.status_code) == (404, 404)
        assert "belongs to another account" in shown.text
    assert opens(PASSWORD)
    assert not queries.by_email(NEW_EMAIL)


@pytest.mark.parametrize(("way", "status"), [("used", 410), ("expired", 410), ("replaced", 410)])
def test_link_to_a_new_address_that_is_over_says_so(app: Flask, way: str, status: int) -> None:
    """And leads to a new one."""
    client = client_of(app, "official")
    ask(client)
    path, moved = path_in(letters(app)[0], "/account/email/"), timedelta()
    if way == "used":
        post(client, path)
    elif way == "expired":
        moved = timedelta(hours=24, seconds=5)
    else:
        ask(client, "elsewhere@newhome.example")
    with clock.moved(moved):
        answer = client.get(path)
    assert answer.status_code == status
    assert 'href="/account/email"' in answer.text
