"""The command that adds people, as a person types it."""

from __future__ import annotations

import pytest
from flask import Flask

from citynet.accounts import queries as people
from citynet.cities import queries as cities
from citynet.cities.models import Role
from citynet.kit import db
from tests.network import PASSWORD

ADMIN = "admin@citynet.example"


def add(app: Flask, *words: str) -> tuple[int, str]:
    """Run `people add` and return its exit code and words."""
    answer = app.test_cli_runner().invoke(
        args=["people", "add", *words, "--password", PASSWORD, "--name", "Budi"]
    )
    db.session().rollback()
    return answer.exit_code, answer.output


def test_added_admin_can_sign_in(app: Flask) -> None:
    """A new network gets its first person of the secretariat so."""
    code, words = add(app, "new@citynet.example", "--secretariat")
    assert (code, words) == (0, "new@citynet.example can sign in now.\n")
    person = people.by_email("new@citynet.example")
    assert person is not None
    assert person.is_secretariat


def test_added_official_acts_for_the_city(app: Flask) -> None:
    """The city is named as the table names it."""
    code, words = add(app, "new@sidoarjo.example", "--city", "35.15", "--by", ADMIN)
    assert code == 0, words
    actor = cities.actor_of(people.by_email("new@sidoarjo.example"))
    assert (actor.city_name, actor.role) == ("Kabupaten Sidoarjo", Role.OFFICIAL)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ([], "--secretariat or --city"),
        (["--secretariat", "--city", "35.15"], "--secretariat or --city"),
        (["--city", "35.15"], "--by ADDRESS"),
        (["--city", "99.99", "--by", ADMIN], "no city 99.99"),
        (["--city", "35.15", "--by", "nobody@citynet.example"], "no account"),
        (["--city", "35.15", "--by", "official@seoul.example"], "may not do that"),
        (["--city", "35.15", "--by", ADMIN, "--role", "lead"], "has a lead already"),
    ],
)
def test_what_cannot_be_is_told_and_adds_nobody(app: Flask, words: list[str], told: str) -> None:
    """The person and the appointment come together or not at all."""
    code, output = add(app, "new@sidoarjo.example", *words)
    assert code != 0
    assert told in output
    assert "Traceback" not in output
    assert people.by_email("new@sidoarjo.example") is None


def test_weak_password_is_refused(app: Flask) -> None:
    """The rules are those of the pages."""
    answer = app.test_cli_runner().invoke(
        args=["people", "add", "a@b.example", "--name", "A", "--secretariat", "--password", "short"]
    )
    assert answer.exit_code != 0
    assert "at least 10 characters" in answer.output
