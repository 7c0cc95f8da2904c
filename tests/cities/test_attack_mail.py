"""Attacks by mail: strangers' mailboxes flooded, words put into the network's mouth."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests import network
from tests.cities import applicants
from tests.cities.applicants import mails, send, typed
from tests.cities.people import SIDOARJO, letters

JOIN = f"/cities/{SIDOARJO}/join"
ASKED = {"name": "Dewi", "email": "victim@elsewhere.example", "office": "Office", "agreed": "y"}


def test_invisible_letters_make_no_other_address(app: Flask, client: FlaskClient) -> None:
    """The limit on mails to an address holds however the address is written."""
    applicants.add_ambon()
    for number in range(12):
        email = "vic" + "\u200b" * number + "tim@elsewhere.example"
        send(client, typed(email=email))
    assert len(mails(app)) <= 5


@pytest.mark.parametrize(
    "name", ["Win at https://evil.example/x", "Go to www.evil.example now", "evil.example/prize"]
)
def test_a_request_puts_no_address_into_a_mail(client: FlaskClient, name: str) -> None:
    """Whoever asks in another's name sends that person no link of their own."""
    answer = network.post(client, JOIN, {**ASKED, "name": name})
    assert answer.status_code == 422
    assert not letters(ASKED["email"])


def test_an_account_does_not_ask_without_end(app: Flask) -> None:
    """One account leaves no queue at every lead's and the secretariat's desk."""
    client = network.client_of(app, "nobody's")
    for _time in range(10):
        assert network.post(client, JOIN, {"office": "x", "agreed": "y"}).status_code == 200
    assert network.post(client, JOIN, {"office": "x", "agreed": "y"}).status_code == 429
