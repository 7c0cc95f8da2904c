"""Passkeys: made by a device of their own, verified by the library, and refused when they lie."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from citynet.accounts import queries, service
from citynet.accounts.models import OneTimeSecret, Passkey, SignIn
from citynet.accounts.service.throttling import CEREMONIES_PER_ADDRESS
from citynet.kit import clock, db
from tests.accounts.acting import EMAIL, acts, enter, person, subjects, switch_on
from tests.accounts.authenticator import PRESENT, VERIFIED, Authenticator, written
from tests.network import PASSWORD, client_of, post

pytestmark = pytest.mark.usefixtures("nothing_waits")
REFUSED = "The passkey was not accepted."
JUNK = [
    "", "x", "{}", "[]", "null", "1", '"x"', '{"id": null}', '{"id": "x", "response": null}',
    '{"id": "x", "rawId": "x", "type": "public-key", "response": {}}', "[" * 15_000,
    '{"id":' * 3_000, "x" * 30_000, '{"id": "é", "response": {"userHandle": "é"}}',
]  # fmt: skip


def options(client: FlaskClient, name: str = "Phone", password: str = PASSWORD) -> Any:
    """Ask what a device needs to make a passkey."""
    data = {"name": name, "current": password}
    return post(client, "/account/passkeys/options", data)


def add(client: FlaskClient, device: Authenticator, name: str = "Phone") -> Any:
    """Add a passkey as a browser does, and return the answer."""
    asked = options(client, name)
    assert asked.status_code == 200, asked.text
    credential = device.create(asked.json)
    return post(client, "/account/passkeys", {"name": name, "credential": credential})


def ask(client: FlaskClient) -> Any:
    """Begin a sign-in with a passkey."""
    return post(client, "/sign-in/passkey/options").json


def come_in(client: FlaskClient, device: Authenticator, **fields: str) -> Any:
    """Sign in with a passkey as a browser does, and return the answer."""
    return post(client, "/sign-in/passkey", {"credential": device.get(ask(client)), **fields})


def sessions() -> int:
    """Return how many sessions there are."""
    found = db.session().scalar(select(func.count()).select_from(SignIn)) or 0
    db.session().rollback()
    return found


@pytest.fixture
def device(app: Flask) -> Authenticator:
    """Return a device that has a passkey of the official."""
    device = Authenticator()
    answer = add(client_of(app, "official"), device)
    assert answer.status_code == 302, answer.text
    return device


def test_added_passkey_is_listed_and_told(app: Flask) -> None:
    """By its name; several can be had, each once."""
    client = client_of(app, "official")
    subjects(app)
    for name in ("Office laptop", "Phone"):
        add(client, Authenticator(), name)
    page = client.get("/account/passkeys").text
    assert "Office laptop" in page
    assert "Phone" in page
    assert subjects(app) == [(EMAIL, "A passkey was added to your account")] * 2
    assert acts().count("passkey.added") == 2
    handles = db.session().scalars(select(Passkey.user_handle)).all()
    assert len(set(handles)) == 1


def test_first_passkey_ends_the_sessions_begun_with_the_password_alone(app: Flask) -> None:
    """Somebody else's could add a second factor of its own; the next passkey ends none."""
    client, other = client_of(app, "official"), client_of(app, "official")
    add(client, Authenticator(), "Office laptop")
    assert client.get("/account").status_code == 200
    assert other.get("/account").status_code == 302
    third = client_of(app, "official")
    add(client, Authenticator(), "Phone")
    assert third.get("/account").status_code == 200


def test_options_ask_for_a_passkey_that_finds_its_person(app: Flask) -> None:
    """Kept in the device, used only after finger, face or PIN, and none the device has already."""
    client, device = client_of(app, "official"), Authenticator()
    add(client, device)
    asked = options(client).json
    assert asked["rp"]["id"] == "localhost"
    assert asked["authenticatorSelection"]["residentKey"] == "required"
    assert asked["authenticatorSelection"]["userVerification"] == "required"
    assert asked["attestation"] == "none"
    assert [one["id"] for one in asked["excludeCredentials"]] == [written(device.credential_id)]
    assert str(person().id) != asked["user"]["id"]


def test_passkey_opens_a_strong_session(app: Flask, device: Authenticator) -> None:
    """Nobody typed an address; it goes on to the page that was asked for."""
    client = app.test_client()
    answer = come_in(client, device, next="/practices/new")
    assert answer.headers["Location"] == "/practices/new"
    assert client.get("/account").status_code == 200
    opened = db.session().scalars(select(SignIn).order_by(SignIn.id.desc())).first()
    assert opened is not None
    assert opened.is_strong
    assert "Last used" in client.get("/account/passkeys").text


def test_passkey_needs_no_code_beside_it(app: Flask, device: Authenticator) -> None:
    """It is stronger than both together; on the page for the code it is offered."""
    switch_on()
    client = app.test_client()
    post(client, "/sign-in", {"email": EMAIL, "password": PASSWORD})
    assert "Sign in with a passkey" in client.get("/sign-in/code").text
    assert come_in(client, device).headers["Location"] == "/work"


@pytest.mark.parametrize("target", ["//evil.example", "/\\evil.example", "https://evil.example/"])
@pytest.mark.parametrize("field", ["next", "resume"])
def test_passkey_never_leads_to_another_site(
    app: Flask, device: Authenticator, field: str, target: str
) -> None:
    """OWASP: unvalidated redirects."""
    answer = come_in(app.test_client(), device, **{field: target})
    assert answer.headers["Location"] == "/work"


def test_text_that_waits_survives_a_sign_in_with_a_passkey(
    app: Flask, device: Authenticator
) -> None:
    """It stands ready to be sent."""
    kept = {"resume": "/practices/new", "kept.title": "Still here"}
    answer = come_in(app.test_client(), device, **kept)
    assert 'name="title" value="Still here"' in answer.text
    refused = post(app.test_client(), "/sign-in/passkey", {"credential": "x", **kept})
    assert 'name="kept.title" value="Still here"' in refused.text


def test_browser_session_is_new_after_a_passkey(app: Flask, device: Authenticator) -> None:
    """A cookie planted before is not the one that is signed in."""
    client = app.test_client()
    credential = device.get(ask(client))
    planted = client.get_cookie("session")
    assert planted
    post(client, "/sign-in/passkey", {"credential": credential})
    thief = app.test_client()
    thief.set_cookie("session", planted.value)
    assert thief.get("/account").status_code == 302
    assert client.get("/account").status_code == 200


def lie(**changes: object) -> Callable[[Authenticator], None]:
    """Return what changes a device's fields."""

    def change(device: Authenticator) -> None:
        for name, value in changes.items():
            setattr(device, name, value)

    return change


LIES = {
    "another origin": lie(origin="https://evil.example"),
    "another port": lie(origin="http://localhost:8001"),
    "https in place of http": lie(origin="https://localhost"),
    "another host's passkey": lie(rp_id="evil.example"),
    "nobody checked who holds it": lie(flags=PRESENT),
    "nobody there": lie(flags=VERIFIED),
}


@pytest.mark.parametrize("case", LIES)
def test_answer_that_is_not_for_us_opens_nothing(
    app: Flask, device: Authenticator, case: str
) -> None:
    """The sentence is always the same."""
    LIES[case](device)
    before = sessions()
    answer = come_in(app.test_client(), device)
    assert answer.status_code == 422
    assert REFUSED in answer.text
    assert sessions() == before


@pytest.mark.parametrize("case", LIES)
def test_passkey_that_is_not_for_us_is_not_kept(app: Flask, case: str) -> None:
    """Made for another site, or by a device that checked nothing."""
    device = Authenticator()
    LIES[case](device)
    answer = add(client_of(app, "official"), device)
    assert answer.status_code == 422
    assert REFUSED in answer.text
    assert not queries.passkeys(person())


@pytest.mark.parametrize(
    "case",
    ["another key", "unknown", "another's handle", "no handle", "altered", "signed elsewhere"],
)
def test_answer_of_another_device_opens_nothing(
    app: Flask, device: Authenticator, case: str
) -> None:
    """Neither by another's key nor by another's name."""
    rival = Authenticator()
    add(client_of(app, "rival"), rival)
    client = app.test_client()
    if case == "another key":
        device.key = Authenticator().key
    elif case == "unknown":
        device.credential_id = Authenticator().credential_id
    elif case == "another's handle":
        device.handle = rival.handle
    answer = json.loads(device.get(ask(client)))
    if case == "no handle":
        del answer["response"]["userHandle"]
    elif case == "altered":
        answer["response"]["signature"] = written(b"x" * 70)
    elif case == "signed elsewhere":
        answer["response"]["signature"] = json.loads(rival.get(ask(client)))["response"][
            "signature"
        ]
    refused = post(client, "/sign-in/passkey", {"credential": json.dumps(answer)})
    assert refused.status_code == 422
    assert client.get("/account").status_code == 302


def test_answer_is_taken_once(app: Flask, device: Authenticator) -> None:
    """Who recorded it comes too late, in the same browser and in another."""
    client, thief = app.test_client(), app.test_client()
    credential = device.get(ask(client))
    cookie = client.get_cookie("session")
    assert cookie
    thief.set_cookie("session", cookie.value)
    assert post(client, "/sign-in/passkey", {"credential": credential}).status_code == 302
    for browser in (thief, client, app.test_client()):
        assert post(browser, "/sign-in/passkey", {"credential": credential}).status_code == 422


def test_challenge_is_used_up_by_a_wrong_answer(app: Flask, device: Authenticator) -> None:
    """Nobody tries answers to one challenge until one fits."""
    client = app.test_client()
    asked = ask(client)
    cookie = client.get_cookie("session")
    assert cookie
    assert post(client, "/sign-in/passkey", {"credential": "x"}).status_code == 422
    client.set_cookie("session", cookie.value)
    data = {"credential": device.get(asked)}
    assert post(client, "/sign-in/passkey", data).status_code == 422


def test_challenge_of_another_browser_is_not_taken(app: Flask, device: Authenticator) -> None:
    """Nobody is signed in by an answer that somebody else asked for."""
    credential = device.get(ask(app.test_client()))
    victim = app.test_client()
    ask(victim)
    assert post(victim, "/sign-in/passkey", {"credential": credential}).status_code == 422


@pytest.mark.parametrize("kind", ["sign-in", "new"])
def test_challenge_lasts_five_minutes(app: Flask, device: Authenticator, kind: str) -> None:
    """Then it must be begun anew."""
    client = app.test_client() if kind == "sign-in" else client_of(app, "official")
    if kind == "sign-in":
        path, data = "/sign-in/passkey", {"credential": device.get(ask(client))}
    else:
        credential = Authenticator().create(options(client).json)
        path, data = "/account/passkeys", {"name": "Late", "credential": credential}
    with clock.moved(timedelta(minutes=5, seconds=5)):
        assert post(client, path, data).status_code == 422


def test_count_that_runs_backwards_is_refused(app: Flask, device: Authenticator) -> None:
    """Two devices with one key: one of them is a copy."""
    for count, is_taken in ((10, True), (5, False), (9, False), (10, False), (20, True)):
        device.count = count
        assert (come_in(app.test_client(), device).status_code == 302) is is_taken, count
    device.count = -1
    assert come_in(app.test_client(), device).status_code == 422


def test_device_that_counts_nothing_is_taken(app: Flask, device: Authenticator) -> None:
    """As most passkeys that are kept in a cloud: they always say nought."""
    for _ in range(2):
        device.count = -1
        assert come_in(app.test_client(), device).status_code == 302


@pytest.mark.parametrize("junk", JUNK)
@pytest.mark.parametrize("path", ["/sign-in/passkey", "/account/passkeys"])
def test_junk_is_refused_calmly(app: Flask, path: str, junk: str) -> None:
    """Whatever is sent in place of an answer."""
    client = client_of(app, "official" if path.startswith("/account") else "visitor")
    if path.startswith("/account"):
        options(client)
    else:
        ask(client)
    answer = post(client, path, {"name": "Phone", "credential": junk})
    assert answer.status_code == 422
    assert REFUSED in answer.text


def test_junk_inside_an_answer_is_refused_calmly(app: Flask, device: Authenticator) -> None:
    """Each part in turn, of a sign-in and of a new passkey."""
    for part in ("clientDataJSON", "authenticatorData", "signature", "userHandle"):
        for value in ("", "x", written(b"\xff" * 40), written(b"[" * 5000), "é", None, 5):
            client = app.test_client()
            answer = json.loads(device.get(ask(client)))
            answer["response"][part] = value
            sent = post(client, "/sign-in/passkey", {"credential": json.dumps(answer)})
            assert sent.status_code == 422, (part, value)
    client = client_of(app, "official")
    for part in ("clientDataJSON", "attestationObject"):
        for value in ("", "x", written(b"\xff" * 40), written(b"\x81" * 5000), "é", None):
            answer = json.loads(Authenticator().create(options(client).json))
            answer["response"][part] = value
            data = {"name": "Phone", "credential": json.dumps(answer)}
            assert post(client, "/account/passkeys", data).status_code == 422, (part, value)


def test_making_one_asks_for_the_password(app: Flask) -> None:
    """A window left open is not enough; nor is a challenge for a sign-in."""
    client = client_of(app, "official")
    for password, sentence in (("", "Write your password."), ("wrong", "This is not your")):
        answer = options(client, password=password)
        assert answer.status_code == 422
        assert sentence in answer.text
        assert "<" not in answer.text
    device = Authenticator()
    asked = options(client_of(app, "lead")).json
    asked["challenge"] = ask(client)["challenge"]
    data = {"name": "Phone", "credential": device.create(asked)}
    assert post(client, "/account/passkeys", data).status_code == 422
    assert not queries.passkeys(person())


def test_passkey_of_another_is_not_added_again(app: Flask, device: Authenticator) -> None:
    """Whoever says the name of another's passkey gets nothing."""
    answer = add(client_of(app, "rival"), device)
    assert answer.status_code == 422
    assert len(queries.passkeys(person())) == 1


@pytest.mark.parametrize("name", ["", "  ", "\u200b"])
def test_passkey_has_a_name(app: Flask, name: str) -> None:
    """By which its owner knows it when it is lost."""
    client = client_of(app, "official")
    credential = Authenticator().create(options(client).json)
    data = {"name": name, "credential": credential}
    assert post(client, "/account/passkeys", data).status_code == 422
    assert not queries.passkeys(person())


def test_removed_passkey_opens_nothing(app: Flask, device: Authenticator) -> None:
    """After the password; the person is told, and no session counts as strong any more."""
    client = app.test_client()
    come_in(client, device)
    subjects(app)
    path = f"/account/passkeys/{queries.passkeys(person())[0].id}/remove"
    assert "Phone" in client.get(path).text
    assert post(client, path, {"current": "wrong wrong"}).status_code == 422
    answer = post(client, path, {"current": PASSWORD}, follow_redirects=True)
    assert "The passkey is removed." in answer.text
    assert come_in(app.test_client(), device).status_code == 422
    assert subjects(app) == [(EMAIL, "A passkey was removed from your account")]
    assert not db.session().scalars(select(SignIn.id).where(SignIn.is_strong)).all()


@pytest.mark.parametrize("role", ["visitor", "lead", "secretariat"])
def test_passkey_of_somebody_else_is_not_there(
    app: Flask, device: Authenticator, role: str
) -> None:
    """Neither seen nor removed."""
    path = f"/account/passkeys/{queries.passkeys(person())[0].id}/remove"
    client = client_of(app, role)
    status = 302 if role == "visitor" else 404
    assert client.get(path).status_code == status
    assert post(client, path, {"current": PASSWORD}).status_code in (status, 401)
    assert len(queries.passkeys(person())) == 1


@pytest.mark.parametrize("change", ["deactivated", "reset"])
def test_passkey_of_a_closed_account_opens_nothing(
    app: Flask, device: Authenticator, change: str
) -> None:
    """Nor one that the secretariat took away with the second factor."""
    admin = person("admin@citynet.example")
    if change == "deactivated":
        service.deactivate(admin, person(), reason="Left")
    else:
        service.reset_second_factor(admin, person())
    assert come_in(app.test_client(), device).status_code == 422


def test_begun_sign_ins_are_throttled(app: Flask) -> None:
    """Each leaves a row for some minutes."""
    client = app.test_client()
    for _ in range(CEREMONIES_PER_ADDRESS):
        assert post(client, "/sign-in/passkey/options").status_code == 200
    answer = post(client, "/sign-in/passkey/options")
    assert answer.status_code == 429
    assert "Please wait" in answer.text
    rows = db.session().scalar(select(func.count()).select_from(OneTimeSecret))
    assert rows == CEREMONIES_PER_ADDRESS


def test_password_alone_stays_enough_where_nothing_more_is_asked(
    app: Flask, device: Authenticator
) -> None:
    """A passkey is a shorter way; the office computer without it still opens the account."""
    assert isinstance(enter(), SignIn)
