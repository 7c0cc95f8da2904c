"""The ways in on PostgreSQL: what locks rows there, and what two do at once."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask

from citynet.accounts import queries, service
from citynet.accounts.models import SignIn
from citynet.accounts.service import credentials, second_factor, signing_in
from citynet.kit import db
from citynet.kit.errors import CityNetError
from tests.accounts.acting import (
    ADDRESS,
    EMAIL,
    code_now,
    enter,
    give_code,
    half_way,
    letters,
    path_in,
    person,
    switch_on,
)
from tests.accounts.authenticator import Authenticator
from tests.network import PASSWORD, client_of, post

NEW = "sepeda-biru-7"
ADMIN = "admin@citynet.example"
VISIT = service.Visit(ADDRESS, "")


@pytest.fixture
def app(on_postgres: Flask) -> Flask:
    """Return the small network on PostgreSQL."""
    return on_postgres


def at_once(app: Flask, act: Callable[[], object], times: int = 6) -> list[object]:
    """Do the same in several threads together and return what each got or was told."""

    def run() -> object:
        with app.app_context():
            try:
                return act()
            except CityNetError as error:
                return error
            finally:
                db.session().close()

    with ThreadPoolExecutor(times) as pool:
        return [one.result() for one in [pool.submit(run) for _ in range(times)]]


def test_every_way_in(app: Flask) -> None:
    """Second factor, recovery code, passkey, reset, another address, a closed account."""
    recovery, device = switch_on(), Authenticator()
    client = half_way(app)
    assert give_code(client, code_now()).status_code == 302
    asked = post(client, "/account/passkeys/options", {"name": "P", "current": PASSWORD}).json
    data = {"name": "P", "credential": device.create(asked)}
    assert post(client, "/account/passkeys", data).status_code == 302
    other = app.test_client()
    asked = post(other, "/sign-in/passkey/options").json
    assert post(other, "/sign-in/passkey", {"credential": device.get(asked)}).status_code == 302
    outcome = enter()
    assert isinstance(outcome, service.SecondStep)
    assert signing_in.finish(outcome.secret, recovery[0], VISIT).is_strong
    letters(app)
    credentials.ask_mail_change(person(), "new@city.example", PASSWORD, address=ADDRESS)
    assert post(other, path_in(letters(app)[0], "/account/email/")).status_code == 302
    assert post(app.test_client(), "/forgot", {"email": "new@city.example"}).status_code == 200
    path = path_in(letters(app)[-1], "/reset/")
    assert post(app.test_client(), path, {"password": NEW}).status_code == 302
    assert other.get("/account").status_code == 302
    moved = person("new@city.example")
    second_factor.reset(person(ADMIN), moved)
    opened = enter("new@city.example", NEW)
    assert isinstance(opened, SignIn)
    service.deactivate(person(ADMIN), moved, reason="Left")
    assert queries.valid_sign_in(opened.secret or "") is None


def test_code_sent_many_times_at_once_opens_one_session(app: Flask) -> None:
    """Each code and each step is taken by one."""
    recovery = switch_on()
    for code in (code_now(), recovery[0]):
        steps = [enter() for _ in range(6)]
        db.session().close()

        def finish(code: str = code, steps: list[service.SecondStep] = steps) -> SignIn:
            return signing_in.finish(steps.pop().secret, code, VISIT)

        assert sum(isinstance(one, SignIn) for one in at_once(app, finish)) == 1


def test_link_followed_many_times_at_once_works_once(app: Flask) -> None:
    """The others are told that it is over."""
    letters(app)
    credentials.ask_reset(EMAIL, address=ADDRESS)
    secret = path_in(letters(app)[-1], "/reset/").removeprefix("/reset/")
    db.session().close()

    def reset() -> str:
        credentials.reset_password(secret, NEW)
        return "set"

    done = at_once(app, reset)
    assert done.count("set") == 1


def test_two_of_the_secretariat_who_close_each_other_leave_one(app: Flask) -> None:
    """Whoever comes second is told that they are the last."""
    second = service.create_person(
        None, "two@citynet.example", name="Two", password=PASSWORD, is_secretariat=True
    )
    pairs = [(ADMIN, second.email), (second.email, ADMIN)]
    db.session().close()

    def close_other() -> object:
        actor, whom = pairs.pop()
        return service.deactivate(None if not actor else person(actor), person(whom), reason="x")

    at_once(app, close_other, 2)
    assert sum(person(email).is_active for email in (ADMIN, "two@citynet.example")) == 1


def test_two_who_want_one_address_at_once_get_it_once(app: Flask) -> None:
    """The later one keeps the old address and is told."""
    letters(app)
    links = []
    for email in (EMAIL, "lead@sidoarjo.example"):
        credentials.ask_mail_change(person(email), "one@city.example", PASSWORD, address=ADDRESS)
        path = path_in(letters(app)[0], "/account/email/")
        links.append((email, path.removeprefix("/account/email/")))
    db.session().close()

    def confirm() -> object:
        email, secret = links.pop()
        credentials.confirm_mail_change(person(email), secret)
        return "changed"

    assert at_once(app, confirm, 2).count("changed") == 1
    assert client_of(app, "secretariat").get("/account").status_code == 200
