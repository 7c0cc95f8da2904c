"""What tests of accounts do again and again: read letters, compute codes, come in."""

from __future__ import annotations

import re
import time
from contextlib import suppress
from datetime import timedelta
from typing import Any

import pyotp
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from citynet.accounts import codes, queries, sealing, service
from citynet.accounts.models import Passkey, Person, SignIn
from citynet.accounts.service import second_factor
from citynet.kit import audit, clock, db, effects
from citynet.kit.errors import Invalid
from tests.network import PASSWORD, ROLES, post

EMAIL = "official@sidoarjo.example"
ADDRESS = "203.0.113.1"
STEP_SECONDS = 30
BROWSER = "Mozilla/5.0 (Windows NT 10.0; rv:128.0) Gecko/20100101 Firefox/128.0"
LINK = re.compile(r"https?://[^\s>]+")


def person(email: str = EMAIL) -> Person:
    """Return a person of the small network."""
    found = queries.by_email(email)
    assert found is not None
    return found


def enter(email: str = EMAIL, password: str = PASSWORD, address: str = ADDRESS) -> Any:
    """Give the password as the door does."""
    return service.sign_in(email, password, address=address, browser=BROWSER)


def letters(app: Flask) -> list[Any]:
    """Let the worker do what is due, and return the letters sent since the last call."""
    for _ in range(3):
        for lane in effects.Lane:
            effects.run_due(lane=lane)
    box = app.extensions["mailman"].__dict__.setdefault("outbox", [])
    sent = [*box]
    box.clear()
    return sent


def subjects(app: Flask) -> list[tuple[str, str]]:
    """Return to whom letters went since the last call, and what each is about."""
    return [(one.recipients()[0], str(one.subject)) for one in letters(app)]


def path_in(letter: Any, word: str) -> str:
    """Return the path of the link of a letter that has this word in it."""
    found: str = next(link for link in LINK.findall(str(letter.body)) if word in link)
    return "/" + found.split("/", 3)[3]


def secret_of(email: str = EMAIL) -> str:
    """Return the secret of the person's app, read as only the server can."""
    factor = queries.factor_of(person(email))
    assert factor is not None
    secret = sealing.unseal(factor.sealed_secret)
    assert secret
    return secret


def code_now(email: str = EMAIL, *, steps: int = 0) -> str:
    """Return what the app shows, or showed or will show some steps away."""
    moment = clock.now() + timedelta(seconds=codes.STEP_SECONDS * steps)
    return pyotp.TOTP(secret_of(email)).at(moment)


def switch_on(email: str = EMAIL, sign_in: SignIn | None = None) -> list[str]:
    """Set up the second factor and return the recovery codes; the code used lies one step back."""
    opened = sign_in or enter(email)
    # A code one step old is good for what is left of this step: not for the blink of an eye.
    left = STEP_SECONDS - time.time() % STEP_SECONDS
    if left < 3:
        time.sleep(left)
    second_factor.begin(person(email), PASSWORD, address=ADDRESS)
    return second_factor.confirm(
        person(email), code_now(email, steps=-1), sign_in=opened, address=ADDRESS
    )


def half_way(app: Flask, role: str = "official", **fields: str) -> FlaskClient:
    """Return a browser in which the right password was given, and no code yet."""
    client = app.test_client()
    data = {"email": ROLES[role].address or "", "password": PASSWORD, **fields}
    assert post(client, "/sign-in", data).status_code in (200, 302)
    return client


def give_code(client: FlaskClient, code: str, **fields: str) -> Any:
    """Send a code from the page that asks for it."""
    return post(client, "/sign-in/code", {"code": code, **fields})


def reset_path(app: Flask, email: str = EMAIL) -> str:
    """Ask for a link and return its path."""
    letters(app)
    post(app.test_client(), "/forgot", {"email": email})
    return path_in(letters(app)[-1], "/reset/")


def opens(password: str, email: str = EMAIL) -> bool:
    """Tell whether a password opens the account, from an address that nothing is counted for."""
    with suppress(Invalid):
        return bool(service.sign_in(email, password, address="192.0.2.77", browser=""))
    return False


def acts() -> list[str]:
    """Return the acts recorded, oldest first."""
    entries = select(audit.Entry.action).order_by(audit.Entry.position)
    return list(db.session().scalars(entries))


def write_rows(email: str = EMAIL) -> None:
    """Leave a row in every table of second factors, passkeys and one-time secrets."""
    switch_on(email)
    assert isinstance(enter(email), service.SecondStep)
    with db.atomic():
        db.session().add(
            Passkey(person_id=person(email).id, name="Phone", credential_id="x", public_key=b"x",
                    user_handle="x")
        )  # fmt: skip
