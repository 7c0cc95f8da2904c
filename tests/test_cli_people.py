"""The commands on people, as a person types them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import func, select

from citynet.accounts import queries as people
from citynet.accounts.models import Passkey, Person, RecoveryCode, SecondFactor, SignIn
from citynet.app import create_app
from citynet.cities import queries as cities
from citynet.cities.models import Role
from citynet.kit import audit, clock, db, effects
from config import ROOT
from tests.conftest import close, config_in
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


def run(app: Flask, *words: str, typed: str = "") -> tuple[int, str]:
    """Run a command of the group, with what a person types, and return exit code and words."""
    answer = app.test_cli_runner().invoke(args=["people", *words], input=typed)
    db.session().rollback()
    return answer.exit_code, answer.output


ASKED = "new@citynet.example\nBudi Santoso\na long enough password\na long enough password\n"


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[Flask]:
    """Return a network without people."""
    app = create_app(config_in(tmp_path))
    with app.app_context():
        upgrade(directory=str(ROOT / "migrations"))
        yield app
        db.session().rollback()
    close(app)


def test_first_admin_of_an_empty_network_is_made_without_a_question(empty: Flask) -> None:
    """Address, name and password are asked for, the password twice and not shown."""
    code, words = run(empty, "create-admin", typed=ASKED)
    assert code == 0, words
    assert "Add another" not in words
    assert PASSWORD not in words
    assert "new@citynet.example can sign in now, and administers the network." in words
    person = people.by_email("new@citynet.example")
    assert person is not None
    assert (person.name, person.is_secretariat) == ("Budi Santoso", True)


def test_another_admin_is_made_after_a_yes(app: Flask) -> None:
    """What it means is said first."""
    code, words = run(app, "create-admin", typed="y\n" + ASKED)
    assert code == 0, words
    assert "The secretariat has 1 already." in words
    assert people.by_email("new@citynet.example") is not None


@pytest.mark.parametrize("typed", ["n\n" + ASKED, "\n" + ASKED, ""])
def test_without_a_yes_there_is_no_other_admin(app: Flask, typed: str) -> None:
    """No is the answer where nobody says anything."""
    code, words = run(app, "create-admin", typed=typed)
    assert code == 1
    assert "Aborted" in words
    assert people.by_email("new@citynet.example") is None


def test_script_makes_an_admin_without_a_question(app: Flask) -> None:
    """Everything is given with the command."""
    given = ("--email", "new@citynet.example", "--name", "Budi", "--password", PASSWORD)
    assert run(app, "create-admin", "--yes", *given)[0] == 0
    assert people.by_email("new@citynet.example") is not None


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"--email": "no address"}, "Write an email address"),
        ({"--email": "a@b.example\nBcc: c@d.example"}, "Write an email address"),
        ({"--email": ADMIN}, "There is an account with this email address already."),
        ({"--name": " "}, "up to 120 characters"),
        ({"--password": "short"}, "at least 10 characters"),
        ({"--password": "passwordpassword"}, "too common"),
    ],
)
def test_admin_that_cannot_be_is_told(app: Flask, given: dict[str, str], told: str) -> None:
    """In a sentence, with an exit code, and nothing is written."""
    rest = {"--email": "new@citynet.example", "--name": "Budi", "--password": PASSWORD, **given}
    code, words = run(
        app, "create-admin", "--yes", *(part for pair in rest.items() for part in pair)
    )
    assert code == 1
    assert words.startswith("Error: ")
    assert told in words
    assert people.by_email("new@citynet.example") is None


OFFICIAL = "official@sidoarjo.example"


@db.transaction
def make_strong() -> Person:
    """Give the official an app, a passkey and a session."""
    person = people.by_email(OFFICIAL)
    assert person is not None
    db.session().add_all([
        SecondFactor(person_id=person.id, sealed_secret="s", confirmed_at=clock.now()),
        RecoveryCode(person_id=person.id, digest="d" * 64),
        Passkey(person_id=person.id, name="n", credential_id="c", public_key=b"k", user_handle="u"),
        SignIn(person_id=person.id, secret_digest="e" * 64,
               expires_at=clock.now() + timedelta(days=1)),
    ])  # fmt: skip
    return person


def strong_rows() -> list[int]:
    """Return how many there are of each, and how many sessions still hold."""
    counted = [
        select(func.count()).select_from(one) for one in (SecondFactor, RecoveryCode, Passkey)
    ]
    held = select(func.count()).select_from(SignIn).where(SignIn.revoked_at.is_(None))
    return [db.session().scalar(one) or 0 for one in (*counted, held)]


def test_second_factor_is_reset_after_a_yes(app: Flask) -> None:
    """Sessions end, the log tells, and the person hears of it by mail."""
    make_strong()
    code, words = run(app, "reset-second-factor", OFFICIAL, typed="y\n")
    assert code == 0, words
    assert OFFICIAL in words
    assert strong_rows() == [0, 0, 0, 0]
    assert audit.entries(audit.Filter(action="second_factor.reset")).total == 1
    letters = db.session().scalars(
        select(effects.Effect.payload).where(effects.Effect.payload.contains(OFFICIAL))
    ).all()  # fmt: skip
    assert len(letters) == 1


def test_second_factor_stays_without_a_yes(app: Flask) -> None:
    """The command says first whom it means."""
    make_strong()
    code, words = run(app, "reset-second-factor", OFFICIAL, typed="n\n")
    assert code == 1
    assert "Make sure that it is they who ask." in words
    assert strong_rows() == [1, 1, 1, 1]
    assert run(app, "reset-second-factor", OFFICIAL.upper(), "--yes")[0] == 0
    assert strong_rows() == [0, 0, 0, 0]


def test_second_factor_of_nobody_is_told(app: Flask) -> None:
    """A mistyped address changes nothing."""
    make_strong()
    code, words = run(app, "reset-second-factor", "nobody@citynet.example", "--yes")
    assert (code, words) == (
        1,
        "Error: There is no account with the address nobody@citynet.example.\n",
    )
    assert strong_rows() == [1, 1, 1, 1]


def test_replaying_erasures_with_none_noted_does_nothing(app: Flask) -> None:
    """It can stand in the script that restores."""
    assert run(app, "replay-erasures") == (0, "0 erasures are noted, 0 must be done again.\n")


@pytest.mark.parametrize(
    "command", ["add", "create-admin", "reset-second-factor", "replay-erasures"]
)
def test_every_command_explains_itself(app: Flask, command: str) -> None:
    """`--help` is where a person looks first."""
    code, words = run(app, command, "--help")
    assert code == 0
    assert "--yes" in words or command == "add"
