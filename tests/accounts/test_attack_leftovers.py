"""What an erased person leaves behind."""

from __future__ import annotations

from flask import Flask
from sqlalchemy import text

from citynet.accounts import queries as people
from citynet.accounts.models import Person
from citynet.accounts.service import credentials, erasing
from citynet.cities.service import requests
from citynet.kit import db, effects
from tests import network
from tests.cities.people import city, letters, link_in

OLD, NEW = "person@nowhere.example", "nemo@new.example"


def held(word: str) -> list[str]:
    """Return the tables of the database in which a word stands."""
    tables = db.session().scalars(text("SELECT name FROM sqlite_master WHERE type = 'table'"))
    return [name for name in tables.all() if word in str(_rows(name))]


def _rows(table: str) -> list[object]:
    return list(db.session().execute(text(f'SELECT * FROM "{table}"')).all())


def test_a_former_address_is_erased_too(app: Flask) -> None:
    """Whoever changed the address is erased under both."""
    person = people.by_email(OLD)
    assert person
    requests.decline(
        network.actor("lead"),
        requests.ask_as(network.actor("nobody's"), city(), office="O", note="", language="en").id,
        reason="no",
    )
    credentials.ask_mail_change(person, NEW, network.PASSWORD, address="1.1.1.1")
    secret = link_in(letters(NEW)[-1]).rpartition("/")[2]
    credentials.confirm_mail_change(person, secret)
    effects.run_due()
    erasing.erase(None, db.session().get_one(Person, person.id))
    effects.run_due()
    assert held(OLD) == []
    assert held(NEW) == []
