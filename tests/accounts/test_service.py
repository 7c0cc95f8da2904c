"""People and their sessions: who gets in, and how at once one is out again."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from citynet.accounts import passwords, queries, service
from citynet.accounts.models import Person, SignIn
from citynet.accounts.service import TRIES_PER_ACCOUNT, TRIES_PER_ADDRESS, WINDOW_MINUTES, Throttled
from citynet.accounts.service.throttling import TRIES_FROM_EVERYWHERE
from citynet.kit import clock, db, tokens
from citynet.kit.audit import Entry
from citynet.kit.errors import Forbidden, Invalid, NotFound
from tests import processes
from tests.network import PASSWORD, actor, client_of, csrf_of, post

EMAIL = "official@sidoarjo.example"
SENTENCE = "The email address or the password is not right."


def person(email: str = EMAIL) -> Person:
    """Return a person of the small network."""
    found = queries.by_email(email)
    assert found is not None
    return found


def enter(email: str = EMAIL, password: str = PASSWORD, address: str = "203.0.113.1") -> SignIn:
    """Sign in as the door does."""
    opened = service.sign_in(email, password, address=address, browser="Browser/1")
    assert isinstance(opened, SignIn)
    return opened


def acts() -> list[str]:
    """Return the acts recorded, oldest first."""
    return list(db.session().scalars(select(Entry.action).order_by(Entry.position)))


def deactivate(email: str = EMAIL) -> None:
    """Close an account."""
    service.deactivate(person("admin@citynet.example"), person(email), reason="Example")


def test_right_password_opens_a_session(app: Flask) -> None:
    """Its secret is given out once and kept as a hash; the act is recorded."""
    opened = enter("  Official@Sidoarjo.EXAMPLE ")
    assert opened.secret
    assert opened.secret_digest == tokens.digest(opened.secret)
    found = queries.valid_sign_in(opened.secret)
    assert found is not None
    assert found.person.email == EMAIL
    assert (found.address, found.browser) == ("203.0.113.1", "Browser/1")
    assert acts()[-1] == "session.opened"


def test_secrets_stand_nowhere_in_the_database(app: Flask) -> None:
    """Who reads a stolen copy can sign in with nothing of it."""
    opened = enter()
    database = Path(app.config["CITYNET"].instance_dir) / "citynet.db"
    db.session().rollback()
    content = b"".join(path.read_bytes() for path in database.parent.glob("citynet.db*"))
    assert EMAIL.encode() in content
    assert (opened.secret or "").encode() not in content
    assert PASSWORD.encode() not in content


@pytest.mark.parametrize(
    "case", ["wrong password", "unknown", "deactivated", "empty", "no address"]
)
def test_every_refusal_sounds_the_same(app: Flask, case: str) -> None:
    """Nobody learns from the answer whether an account exists."""
    email, password = EMAIL, PASSWORD
    if case == "wrong password":
        password = PASSWORD + "!"
    elif case == "unknown":
        email = "nobody@nowhere.example"
    elif case == "deactivated":
        deactivate()
    elif case == "empty":
        password = ""
    else:
        email = "x" * 10_000
    with pytest.raises(Invalid) as refused:
        enter(email, password)
    assert refused.value.fields == {"password": SENTENCE}
    assert not isinstance(refused.value, Throttled)


def test_people_of_a_suspended_city_still_sign_in(app: Flask) -> None:
    """They read what is public and their own data; the city's standing ends the rest."""
    assert enter("official@suspended.example").secret


def test_account_is_throttled_from_an_address_after_ten_refusals(app: Flask) -> None:
    """Also with the right password, also for an account that does not exist, for 15 minutes."""
    for email in (EMAIL, "nobody@nowhere.example"):
        for _ in range(TRIES_PER_ACCOUNT):
            with pytest.raises(Invalid):
                enter(email, "wrong")
        with pytest.raises(Throttled, match="15 minutes"):
            enter(email, PASSWORD)
    with clock.moved(timedelta(minutes=WINDOW_MINUTES, seconds=1)):
        assert enter().secret


def test_nobody_locks_somebody_else_out_from_another_address(app: Flask) -> None:
    """However often one address guesses, the person comes in from theirs."""
    for _ in range(TRIES_FROM_EVERYWHERE + 5):
        with pytest.raises(Invalid):
            enter(password="wrong", address="198.51.100.1")
    assert enter().secret


def test_account_is_throttled_over_all_addresses(app: Flask) -> None:
    """A hundred guesses from ten machines are enough."""
    for number in range(TRIES_FROM_EVERYWHERE):
        with pytest.raises(Invalid):
            enter(password="wrong", address=f"198.51.100.{number % 10}")
    with pytest.raises(Throttled):
        enter()


@pytest.mark.parametrize(
    ("first", "second"),
    [("203.0.113.1", "203.0.113.1"), ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9")],
)
def test_address_is_throttled_over_all_accounts(app: Flask, first: str, second: str) -> None:
    """One machine cannot try one password on everybody; an IPv6 network is one machine."""
    for number in range(TRIES_PER_ADDRESS):
        with pytest.raises(Invalid):
            enter(f"p{number}@city.example", "wrong", address=first)
    with pytest.raises(Throttled):
        enter(address=second)
    assert enter(address="203.0.113.2").secret
    assert enter(address="2001:db8:1:3::1").secret


def test_success_forgives_the_account_and_not_the_address(app: Flask) -> None:
    """Who owns one account cannot guess at the others for ever by signing in in between."""
    for number in range(TRIES_PER_ADDRESS):
        with pytest.raises(Invalid):
            enter(f"p{number}@city.example", "wrong")
        if number % 9 == 8 and number < TRIES_PER_ADDRESS - 1:
            assert enter().secret
    with pytest.raises(Throttled):
        enter()


def test_those_who_come_in_use_up_nothing(app: Flask) -> None:
    """A whole office behind one address signs in on the morning of a seminar."""
    for _ in range(TRIES_PER_ADDRESS + 5):
        assert enter().secret


def test_guesses_at_the_same_moment_are_all_counted(app: Flask) -> None:
    """They are counted before the hash: what is refused costs none."""
    verified: list[str] = []
    real = passwords.is_right

    def is_right(password_hash: str | None, password: str) -> bool:
        verified.append(password)
        return real(password_hash, password)

    def guess() -> None:
        with app.app_context(), suppress(Invalid):
            enter(password="wrong")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passwords, "is_right", is_right)
        with ThreadPoolExecutor(8) as pool:
            for done in [pool.submit(guess) for _ in range(TRIES_PER_ACCOUNT * 3)]:
                done.result()
    assert len(verified) == TRIES_PER_ACCOUNT


def test_throttle_holds_in_every_process(app: Flask) -> None:
    """It lives in the database: a restart or another worker does not forget it."""
    for _ in range(TRIES_PER_ACCOUNT):
        with pytest.raises(Invalid):
            enter(password="wrong")
    db.session().rollback()
    other = processes.python(
        Path(app.config["CITYNET"].instance_dir),
        f"""
from citynet.accounts import service
try:
    service.sign_in({EMAIL!r}, {PASSWORD!r}, address="203.0.113.1", browser="")
except service.Throttled:
    print("throttled")
""",
    )
    answer, errors = other.communicate(timeout=60)
    assert answer.strip().splitlines()[-1:] == ["throttled"], errors


def test_session_ends_when_its_days_are_over(app: Flask) -> None:
    """SESSION_DAYS."""
    secret = enter().secret or ""
    with clock.moved(timedelta(days=app.config["SESSION_DAYS"], seconds=-5)):
        assert queries.valid_sign_in(secret) is not None
    with clock.moved(timedelta(days=app.config["SESSION_DAYS"], seconds=5)):
        assert queries.valid_sign_in(secret) is None
        assert queries.own_sign_ins(person()) == []


def test_revoked_session_is_none_at_once(app: Flask) -> None:
    """And the act is recorded once, however often it is asked for."""
    opened, other = enter(), enter()
    for _ in range(2):
        service.revoke(person(), opened.id)
    assert queries.valid_sign_in(opened.secret or "") is None
    assert queries.valid_sign_in(other.secret or "") is not None
    assert [one.id for one in queries.own_sign_ins(person())] == [other.id]
    assert acts().count("session.revoked") == 1


def test_nobody_ends_the_session_of_another(app: Flask) -> None:
    """Not even the secretariat here; that it exists is not told."""
    opened = enter()
    for email in ("lead@sidoarjo.example", "admin@citynet.example"):
        with pytest.raises(NotFound):
            service.revoke(person(email), opened.id)
    with pytest.raises(NotFound):
        service.revoke(person(), 99_999)
    assert queries.valid_sign_in(opened.secret or "") is not None


def test_deactivated_person_is_out_at_once(app: Flask) -> None:
    """On every browser, at the next request."""
    browser = client_of(app, "official")
    assert browser.get("/account").status_code == 200
    deactivate()
    assert browser.get("/account").status_code == 302


def test_copied_cookie_is_dead_after_sign_out(app: Flask) -> None:
    """What a thief copied before is of no use afterwards."""
    browser = client_of(app, "official")
    cookie = browser.get_cookie("session")
    assert cookie is not None
    thief = app.test_client()
    thief.set_cookie("session", cookie.value)
    assert thief.get("/account").status_code == 200
    assert post(browser, "/sign-out").status_code == 302
    assert thief.get("/account").status_code == 302
    assert browser.get("/account").status_code == 302


def test_session_cookie_is_new_after_sign_in(app: Flask) -> None:
    """A cookie planted before the sign-in is not the one that is signed in."""
    browser = app.test_client()
    token = csrf_of(browser.get("/sign-in").text)
    planted = browser.get_cookie("session")
    browser.post("/sign-in", data={"email": EMAIL, "password": PASSWORD, "csrf_token": token})
    assert planted is not None
    thief = app.test_client()
    thief.set_cookie("session", planted.value)
    assert thief.get("/account").status_code == 302
    assert browser.get("/account").status_code == 200


def test_forged_session_is_none(app: Flask) -> None:
    """Neither an invented secret nor the stored digest opens anything."""
    opened = enter()
    for secret in ("", "x", opened.secret_digest, str(opened.id), tokens.secret()):
        assert queries.valid_sign_in(secret) is None


def test_secretariat_adds_a_person(app: Flask) -> None:
    """With a hashed password, a tidy name and address, and a record of who did it."""
    admin = person("admin@citynet.example")
    added = service.create_person(
        admin, "Budi@Sidoarjo.example", name="  Budi \x00 Santoso\u202e ", password="sepeda-biru-7",
        language="id",
    )  # fmt: skip
    assert (added.email, added.name, added.language) == (
        "budi@sidoarjo.example",
        "Budi Santoso",
        "id",
    )
    assert added.password_hash.startswith("$argon2id$")
    assert not added.is_secretariat
    entry = db.session().scalars(select(Entry).order_by(Entry.position.desc())).first()
    assert entry is not None
    assert (entry.actor_id, entry.action, entry.subject_id) == (
        admin.id,
        "person.created",
        added.id,
    )
    assert enter("budi@sidoarjo.example", "sepeda-biru-7").secret


@pytest.mark.parametrize("role", ["official", "lead", "pending", "suspended", "nobody's"])
def test_nobody_else_adds_a_person(app: Flask, role: str) -> None:
    """A person is made by the secretariat or on the command line."""
    with pytest.raises(Forbidden):
        service.create_person(actor(role).person, "a@b.example", name="A", password="sepeda-biru-7")


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"email": "nobody"}, "email"),
        ({"email": "a@b@c.example"}, "email"),
        ({"email": "a b@c.example"}, "email"),
        ({"email": "a@c.example\nBcc: d@e.example"}, "email"),
        ({"email": EMAIL.upper()}, "email"),
        ({"email": f"{'x' * 250}@c.example"}, "email"),
        ({"name": "  "}, "name"),
        ({"name": "\u200b\x00"}, "name"),
        ({"name": "x" * 121}, "name"),
        ({"password": "short"}, "password"),
    ],
)
def test_person_with_something_wrong_is_refused(
    app: Flask, change: dict[str, str], field: str
) -> None:
    """The field is named, and nobody is added."""
    before = db.session().scalar(select(func.count()).select_from(Person))
    values = {"email": "new@city.example", "name": "New", "password": "sepeda-biru-7", **change}
    with pytest.raises(Invalid) as refused:
        service.create_person(
            None, values["email"], name=values["name"], password=values["password"]
        )
    assert refused.value.fields.keys() == {field}
    assert db.session().scalar(select(func.count()).select_from(Person)) == before


def test_chosen_language_is_kept(app: Flask) -> None:
    """Recorded when it changes; a language that is not spoken here is refused."""
    service.choose_language(person(), "id")
    service.choose_language(person(), "id")
    assert person().language == "id"
    assert acts().count("person.language_chosen") == 1
    with pytest.raises(Invalid):
        service.choose_language(person(), "xx")
    assert person().language == "id"
