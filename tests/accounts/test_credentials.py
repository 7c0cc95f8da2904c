"""The password: changed with the old one, or set anew by a link; told to nobody else."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest
import structlog
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from citynet.accounts import passwords, queries, service
from citynet.accounts.models import OneTimeSecret
from citynet.accounts.service import credentials
from citynet.accounts.service.throttling import LETTERS_PER_ACCOUNT, TRIES_PER_ACCOUNT
from citynet.kit import clock, db, effects, throttle
from citynet.kit.errors import Invalid, NotFound
from tests.accounts.acting import (
    ADDRESS,
    EMAIL,
    acts,
    code_now,
    enter,
    letters,
    opens,
    path_in,
    person,
    reset_path,
    subjects,
    switch_on,
)
from tests.network import PASSWORD, client_of, post

pytestmark = pytest.mark.usefixtures("nothing_waits")
NEW = "sepeda-biru-7"
UNKNOWN = "nobody@nowhere.example"
ADMIN = "admin@citynet.example"
NEW_EMAIL = "official@newhome.example"


# ---- the password, in the account


def test_changed_password_holds_and_ends_the_other_sessions(app: Flask) -> None:
    """The session that changed it goes on; the person is told."""
    client, other = client_of(app, "official"), client_of(app, "official")
    letters(app)
    data = {"current": PASSWORD, "password": NEW}
    answer = post(client, "/account/password", data, follow_redirects=True)
    assert "Your password is changed" in answer.text
    assert client.get("/account").status_code == 200
    assert other.get("/account").status_code == 302
    assert opens(NEW)
    assert not opens(PASSWORD)
    assert subjects(app) == [(EMAIL, "Your password was changed")]
    assert acts().count("person.password_changed") == 1


@pytest.mark.parametrize(
    ("current", "new", "sentence"),
    [
        ("wrong wrong", NEW, "This is not your password."),
        ("", NEW, "Write your password."),
        (PASSWORD, "short", "at least 10 characters"),
        (PASSWORD, "", "Write a new password."),
        (PASSWORD, "1234567890", "too common"),
        (PASSWORD, "x" * 201, "200"),
    ],
)
def test_password_is_not_changed(app: Flask, current: str, new: str, sentence: str) -> None:
    """The sentence stands at the field, and no password in the page."""
    client = client_of(app, "official")
    answer = post(client, "/account/password", {"current": current, "password": new})
    assert answer.status_code == 422
    assert sentence in answer.text
    assert "x" * 201 not in answer.text
    assert opens(PASSWORD)


@pytest.mark.parametrize(
    ("path", "data"),
    [
        ("/account/password", {"password": NEW}),
        ("/account/email", {"email": NEW_EMAIL}),
        ("/account/second-factor/begin", {}),
        ("/account/passkeys/options", {"name": "Phone"}),
    ],
)
def test_stolen_session_cannot_guess_the_password(
    app: Flask, path: str, data: dict[str, str]
) -> None:
    """Ten tries, whichever door they are made at."""
    client = client_of(app, "official")
    for _ in range(TRIES_PER_ACCOUNT):
        assert post(client, path, {**data, "current": "wrong wrong"}).status_code == 422
    assert post(client, path, {**data, "current": PASSWORD}).status_code == 429
    assert opens(PASSWORD)


@pytest.mark.parametrize(
    "path",
    ["/account/password", "/account/email", "/account/name", "/account/second-factor/begin",
     "/account/second-factor/off", "/account/second-factor/codes", "/account/passkeys"],
)  # fmt: skip
def test_visitor_changes_nothing(app: Flask, client: FlaskClient, path: str) -> None:
    """They are asked to sign in, and what was typed is not carried along: it is secret."""
    answer = post(client, path, {"current": "my secret words", "password": NEW, "code": "123456"})
    assert answer.status_code in (302, 401)
    for text in ("my secret words", NEW, "123456"):
        assert text not in answer.text


# ---- the password, by mail


def test_forgotten_password_is_set_anew_by_the_link(app: Flask) -> None:
    """All sessions end, the person is told, and signs in with the new one."""
    client = client_of(app, "official")
    path = reset_path(app)
    visitor = app.test_client()
    assert "Set a new password" in visitor.get(path).text
    answer = post(visitor, path, {"password": NEW}, follow_redirects=True)
    assert "Your new password holds." in answer.text
    assert client.get("/account").status_code == 302
    assert visitor.get("/account").status_code == 302
    assert opens(NEW)
    assert not opens(PASSWORD)
    assert subjects(app) == [(EMAIL, "Your password was changed")]


def test_link_stands_on_the_sign_in_page(client: FlaskClient) -> None:
    """Who needs it looks there."""
    assert 'href="/forgot"' in client.get("/sign-in").text


def test_reset_leaves_the_second_factor(app: Flask) -> None:
    """Who reads the mailbox still needs the phone."""
    switch_on()
    post(app.test_client(), reset_path(app), {"password": NEW})
    outcome = enter(password=NEW)
    assert isinstance(outcome, service.SecondStep)
    assert queries.recovery_codes_left(person()) == 10
    assert code_now()


def test_link_is_in_no_table(app: Flask) -> None:
    """Its digest is."""
    path = reset_path(app)
    secret = path.removeprefix("/reset/")
    db.session().rollback()
    folder = Path(app.config["CITYNET"].instance_dir)
    effects.run_due()
    content = b"".join(one.read_bytes() for one in folder.glob("citynet.db"))
    rows = db.session().scalars(select(OneTimeSecret.digest)).all()
    assert rows
    assert secret not in rows
    assert EMAIL.encode() in content


def test_link_is_in_no_log(app: Flask) -> None:
    """Who reads the logs cannot follow it."""
    path = reset_path(app)
    with structlog.testing.capture_logs() as lines:
        assert app.test_client().get(path).status_code == 200
    assert [line["path"] for line in lines if line["event"] == "request"] == ["/reset/…"]
    assert path.removeprefix("/reset/") not in str(lines)


@pytest.mark.parametrize(
    ("way", "status", "words"),
    [
        ("used", 410, "used already"),
        ("expired", 410, "Its time is over"),
        ("replaced", 410, "Its time is over"),
        ("altered", 404, "It is not whole"),
        ("shortened", 404, "It is not whole"),
        ("mail change", 404, "It is not whole"),
        ("closed account", 404, "It is not whole"),
        ("huge", 404, "It is not whole"),
    ],
)
def test_link_that_is_over_says_why(app: Flask, way: str, status: int, words: str) -> None:
    """And leads to a new one; the password stays."""
    path, moved = reset_path(app), timedelta()
    if way == "used":
        post(app.test_client(), path, {"password": PASSWORD})
    elif way == "expired":
        moved = timedelta(hours=1, seconds=5)
    elif way == "replaced":
        reset_path(app)
    elif way == "altered":
        path = path[:-1] + ("A" if path[-1] != "A" else "B")
    elif way == "shortened":
        path = path[:-10]
    elif way == "mail change":
        letters(app)
        credentials.ask_mail_change(person(), NEW_EMAIL, PASSWORD, address=ADDRESS)
        path = path_in(letters(app)[0], "/account/email/").replace("/account/email/", "/reset/")
    elif way == "closed account":
        service.deactivate(person(ADMIN), person(), reason="Left")
    else:
        path = "/reset/" + "x" * 3000
    with clock.moved(moved):
        shown = app.test_client().get(path)
        posted = post(app.test_client(), path, {"password": NEW})
    for answer in (shown, posted):
        assert answer.status_code == status
        assert words in answer.text
        assert 'href="/forgot"' in answer.text
    assert not opens(NEW)


@pytest.mark.parametrize("password", ["", "short", "1234567890"])
def test_weak_password_leaves_the_link_good(app: Flask, password: str) -> None:
    """The sentence stands at the field, and the next one is taken."""
    path, client = reset_path(app), app.test_client()
    assert post(client, path, {"password": password}).status_code == 422
    assert post(client, path, {"password": NEW}).status_code == 302


def test_link_set_two_at_once_sets_one(app: Flask) -> None:
    """Whoever is second finds it used."""
    secret = reset_path(app).removeprefix("/reset/")
    credentials.reset_password(secret, NEW)
    with pytest.raises(NotFound):
        credentials.reset_password(secret, "another-good-one-8")
    assert opens(NEW)


@pytest.mark.parametrize("email", [EMAIL, UNKNOWN, "closed"])
def test_answer_is_the_same_whether_or_not_there_is_an_account(app: Flask, email: str) -> None:
    """The same page, the same rows, the same work; only the mailbox knows."""
    letters(app)
    before = {"throttle": rows(throttle.Throttle), "effect": rows(effects.Effect)}
    if email == "closed":
        service.deactivate(person(ADMIN), person("official@seoul.example"), reason="Left")
        email = "official@seoul.example"
        letters(app)
        before["effect"] = rows(effects.Effect)
    answer = post(app.test_client(), "/forgot", {"email": email})
    assert answer.status_code == 200
    assert "is on its way" in answer.text
    assert rows(throttle.Throttle) - before["throttle"] == 2
    assert rows(effects.Effect) - before["effect"] == 1
    assert [to for to, _subject in subjects(app)] == ([EMAIL] if email == EMAIL else [])


def rows(table: type[db.Base]) -> int:
    """Return how many rows a table has."""
    found = db.session().scalar(select(func.count()).select_from(table)) or 0
    db.session().rollback()
    return found


@pytest.mark.parametrize("email", [EMAIL, UNKNOWN])
def test_sign_in_does_the_same_work_for_known_and_unknown(app: Flask, email: str) -> None:
    """One verification of a hash, and the same counts."""
    verified: list[str] = []
    real = passwords._hasher

    class Watched:
        def verify(self, password_hash: str, password: str) -> bool:
            verified.append(password_hash)
            return real.verify(password_hash, password)

        def hash(self, password: str) -> str:
            return real.hash(password)

    passwords._decoy()
    before = rows(throttle.Throttle)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passwords, "_hasher", Watched())
        with pytest.raises(Invalid, match="is not right"):
            enter(email, "wrong wrong wrong")
    assert len(verified) == 1
    assert rows(throttle.Throttle) - before == 3


def test_letters_are_not_asked_for_without_end(app: Flask) -> None:
    """Neither for an account nor, where there is none, for an address."""
    for email in (EMAIL, UNKNOWN):
        for _ in range(LETTERS_PER_ACCOUNT):
            assert post(app.test_client(), "/forgot", {"email": email}).status_code == 200
        answer = post(app.test_client(), "/forgot", {"email": email})
        assert answer.status_code == 429
        assert "Please wait 15 minutes." in answer.text


@pytest.mark.parametrize(
    "email", ["", "x", "x" * 10_000, "a@b.example\nBcc: c@d.example", "<script>@x.example", "\0"]
)
def test_no_address_is_answered_calmly(app: Flask, email: str) -> None:
    """What cannot be an account sends nothing."""
    letters(app)
    answer = post(app.test_client(), "/forgot", {"email": email})
    assert answer.status_code in (200, 422)
    assert "<script>@" not in answer.text
    assert letters(app) == []


def test_letter_is_sent_once_however_often_the_worker_tries(app: Flask) -> None:
    """A worker that dies after the link is made finds it made."""
    post(app.test_client(), "/forgot", {"email": EMAIL})
    wanted = select(effects.Effect).where(effects.Effect.kind == credentials.RESET)
    row = db.session().scalars(wanted).one()
    payload = json.loads(row.payload)
    db.session().rollback()
    credentials._send_reset(payload)
    letters(app)
    assert rows(OneTimeSecret) == 1
