"""The second factor: set up, asked for, not to be passed by, and recovered from."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from html import unescape
from pathlib import Path
from urllib.parse import unquote

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from citynet.accounts import queries, sealing, service
from citynet.accounts.models import OneTimeSecret, RecoveryCode, SignIn
from citynet.accounts.service import second_factor, secrets, signing_in
from citynet.accounts.service.throttling import CODES_PER_DAY, TRIES_PER_ACCOUNT, Throttled
from citynet.app import create_app
from citynet.cities.models import Chapter, ChapterPerson
from citynet.kit import clock, db
from citynet.kit.errors import Conflict, Forbidden, Invalid, NotFound
from tests.accounts.acting import (
    ADDRESS,
    BROWSER,
    EMAIL,
    acts,
    code_now,
    enter,
    give_code,
    half_way,
    letters,
    person,
    reset_path,
    secret_of,
    subjects,
    switch_on,
)
from tests.accounts.authenticator import Authenticator
from tests.conftest import Browser, close
from tests.network import PASSWORD, client_of, csrf_of, form_data, post

pytestmark = pytest.mark.usefixtures("nothing_waits")
ADMIN = "admin@citynet.example"
WRONG = "This code is not right"


@pytest.fixture
def required(app: Flask) -> Iterator[Flask]:
    """Return a network that asks secretariats for a second factor, as production does."""
    own = create_app(replace(app.config["CITYNET"], require_second_factor=True))
    own.test_client_class = Browser
    with own.app_context():
        yield own
        db.session().rollback()
    close(own)


def step() -> str:
    """Give the right password and return the secret of the second step."""
    outcome = enter()
    assert isinstance(outcome, service.SecondStep)
    return outcome.secret


def finish(secret: str, code: str, address: str = ADDRESS) -> SignIn:
    """Take the second step."""
    return signing_in.finish(secret, code, service.Visit(address, BROWSER))


def wrong_code() -> str:
    """Return six digits that no step near now has."""
    near = {code_now(steps=away) for away in (-2, -1, 0, 1, 2)}
    return next(code for code in ("000000", "111111", "222222", "333333") if code not in near)


# ---- setting it up


def test_whole_way_on_the_pages(app: Flask) -> None:
    """Password, picture and key, first code, recovery codes once, download of the same."""
    client = client_of(app, "official")
    assert "Set up a second factor" in client.get("/account/second-factor").text
    begun = post(client, "/account/second-factor/begin", {"current": PASSWORD})
    assert begun.headers["Location"] == "/account/second-factor/confirm"
    page = client.get("/account/second-factor/confirm").text
    assert 'src="data:image/svg+xml' in page
    key = re.search(r'class="cn-key">([A-Z2-7 ]+)<', page)
    assert key
    assert key.group(1).replace(" ", "") == secret_of()
    done = post(client, "/account/second-factor/confirm", {"code": code_now()})
    assert done.status_code == 200
    codes = re.findall(r"<li>([a-z2-7]{4}(?:-[a-z2-7]{4}){3})</li>", done.text)
    assert len(set(codes)) == 10
    download = re.search(r'href="data:text/plain;charset=utf-8,([^"]+)"', done.text)
    assert download
    assert all(code in unquote(unescape(download.group(1))) for code in codes)
    assert "On, with 10 recovery codes left" in client.get("/account").text
    for path in ("/account/second-factor", "/account/second-factor/confirm"):
        assert codes[0] not in client.get(path, follow_redirects=True).text
    assert subjects(app)[-1] == (EMAIL, "Your account asks for a code now")
    assert "second_factor.on" in acts()


def test_page_with_secrets_is_kept_nowhere(app: Flask) -> None:
    """Neither by a cache nor by the browser's history."""
    client = client_of(app, "official")
    post(client, "/account/second-factor/begin", {"current": PASSWORD})
    answer = client.get("/account/second-factor/confirm")
    assert answer.headers["Cache-Control"] == "no-store"
    assert "'unsafe-inline'" not in answer.headers["Content-Security-Policy"]


def test_nothing_is_asked_before_the_first_code(app: Flask) -> None:
    """Who began and never confirmed is not locked out."""
    second_factor.begin(person(), PASSWORD, address=ADDRESS)
    assert isinstance(enter(), SignIn)
    assert queries.second_factor(person()) is None


@pytest.mark.parametrize("password", ["", "wrong wrong wrong"])
def test_begin_asks_for_the_password(app: Flask, password: str) -> None:
    """A window left open at lunch is not enough."""
    client = client_of(app, "official")
    answer = post(client, "/account/second-factor/begin", {"current": password})
    assert answer.status_code == 422
    assert queries.factor_of(person()) is None


def test_wrong_first_code_switches_nothing_on(app: Flask) -> None:
    """The secret stays, and the next code is taken."""
    client = client_of(app, "official")
    post(client, "/account/second-factor/begin", {"current": PASSWORD})
    answer = post(client, "/account/second-factor/confirm", {"code": wrong_code()})
    assert answer.status_code == 422
    assert WRONG in answer.text
    assert queries.second_factor(person()) is None
    assert post(client, "/account/second-factor/confirm", {"code": code_now()}).status_code == 200


def test_second_one_is_not_put_over_the_first(app: Flask) -> None:
    """It must be switched off first, which takes a code of it."""
    switch_on()
    before = secret_of()
    with pytest.raises(Conflict):
        second_factor.begin(person(), PASSWORD, address=ADDRESS)
    client = client_of_with_code(app)
    assert post(client, "/account/second-factor/begin", {"current": PASSWORD}).status_code == 409
    assert secret_of() == before


def client_of_with_code(app: Flask) -> FlaskClient:
    """Return a browser in which the official came in by password and code."""
    client = half_way(app)
    with db.atomic():
        factor = queries.factor_of(person())
        assert factor is not None
        factor.last_step = 0
    assert give_code(client, code_now()).status_code == 302
    return client


def test_other_sessions_end_when_it_is_switched_on(app: Flask) -> None:
    """They were opened with the password alone."""
    other, own = enter(), enter()
    switch_on(sign_in=own)
    assert queries.valid_sign_in(other.secret) is None
    found = queries.valid_sign_in(own.secret)
    assert found is not None
    assert found.is_strong


def test_secret_stands_encrypted_in_the_database(app: Flask) -> None:
    """Neither the secret nor a recovery code can be read from a stolen copy."""
    recovery = switch_on()
    secret = secret_of()
    db.session().rollback()
    database = Path(app.config["CITYNET"].instance_dir)
    content = b"".join(path.read_bytes() for path in database.glob("citynet.db*"))
    assert EMAIL.encode() in content
    for text in (secret, *recovery, *(code.replace("-", "") for code in recovery)):
        assert text.encode() not in content
    app.secret_key = "another key of the same network, forty letters"
    factor = queries.factor_of(person())
    assert factor is not None
    assert sealing.unseal(factor.sealed_secret) is None


def test_lost_key_of_the_network_leaves_the_recovery_codes(app: Flask) -> None:
    """With another SECRET_KEY no code of an app fits, and nothing breaks."""
    recovery = switch_on()
    app.secret_key = "another key of the same network, forty letters"
    secret = step()
    with pytest.raises(Invalid, match=WRONG):
        finish(secret, "123456")
    assert finish(secret, recovery[0]).is_strong


# ---- the step after the password


def test_password_alone_opens_no_session(app: Flask) -> None:
    """It leads to the page for the code, and to nothing else."""
    switch_on()
    before = db.session().scalars(select(SignIn.id)).all()
    client = half_way(app)
    assert db.session().scalars(select(SignIn.id)).all() == before
    assert client.get("/account").status_code == 302
    assert client.get("/work").status_code == 302
    assert "six digits" in client.get("/sign-in/code").text


def test_code_opens_a_strong_session_and_goes_on(app: Flask) -> None:
    """To the page that was asked for, on a browser session made anew."""
    switch_on()
    client = app.test_client()
    data = {"email": EMAIL, "password": PASSWORD, "next": "/practices/new?x=1"}
    asked = post(client, "/sign-in", data)
    assert asked.headers["Location"].startswith("/sign-in/code?next=")
    page = client.get(asked.headers["Location"]).text
    answer = client.post(
        "/sign-in/code",
        data={"code": code_now(), "next": "/practices/new?x=1", "csrf_token": csrf_of(page)},
    )
    assert answer.headers["Location"] == "/practices/new?x=1"
    assert client.get("/account").status_code == 200
    opened = db.session().scalars(select(SignIn).order_by(SignIn.id.desc())).first()
    assert opened is not None
    assert opened.is_strong


@pytest.mark.parametrize("target", ["//evil.example", "/\\evil.example", "https://evil.example/"])
@pytest.mark.parametrize("field", ["next", "resume"])
def test_code_never_leads_to_another_site(app: Flask, field: str, target: str) -> None:
    """OWASP: unvalidated redirects."""
    switch_on()
    client = half_way(app, **{field: target})
    assert give_code(client, code_now(), **{field: target}).headers["Location"] == "/work"


def test_code_is_taken_once(app: Flask) -> None:
    """Who looked over the shoulder comes too late."""
    switch_on()
    code, first, second = code_now(), step(), step()
    assert finish(first, code).is_strong
    with pytest.raises(Invalid, match=WRONG):
        finish(second, code)
    with clock.moved(timedelta(seconds=30)), pytest.raises(Invalid, match=WRONG):
        finish(second, code)


@pytest.mark.parametrize(
    ("steps", "is_taken"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)]
)
def test_clock_of_the_phone_may_be_one_step_off(app: Flask, steps: int, is_taken: bool) -> None:
    """Not more."""
    switch_on()
    with clock.moved(timedelta(minutes=5)):
        secret, code = step(), code_now(steps=steps)
        if is_taken:
            assert finish(secret, code).is_strong
            return
        with pytest.raises(Invalid, match=WRONG):
            finish(secret, code)


def test_after_a_late_code_an_earlier_one_is_not_taken(app: Flask) -> None:
    """The window for a fast clock opens no way back."""
    switch_on()
    with clock.moved(timedelta(minutes=5)):
        earlier = code_now()
        finish(step(), code_now(steps=1))
        with pytest.raises(Invalid, match=WRONG):
            finish(step(), earlier)


@pytest.mark.parametrize(
    "code", ["123 456", "", "12345", "1234567", "abcdef", "１２３４５６", "x" * 5000]
)
def test_no_code_is_no_way_in(app: Flask, code: str) -> None:
    """Nor does it break anything."""
    switch_on()
    client = half_way(app)
    assert give_code(client, code).status_code == 422
    assert client.get("/account").status_code == 302


def test_code_may_be_written_in_groups(app: Flask) -> None:
    """As the app shows it."""
    switch_on()
    code = code_now()
    assert finish(step(), f" {code[:3]} {code[3:]} ").is_strong


def test_step_lasts_ten_minutes(app: Flask) -> None:
    """Then the password is asked again, and the page says so."""
    switch_on()
    client = half_way(app)
    with clock.moved(timedelta(minutes=10, seconds=5)):
        answer = give_code(client, code_now())
        assert answer.headers["Location"] == "/sign-in"
        assert "Ten minutes are over" in client.get("/sign-in").text
        assert client.get("/sign-in/code").headers["Location"] == "/sign-in"


def test_step_is_taken_once(app: Flask) -> None:
    """A copied cookie of the step opens no second session."""
    switch_on()
    client = half_way(app)
    cookie = client.get_cookie("session")
    assert cookie
    thief = app.test_client()
    thief.set_cookie("session", cookie.value)
    assert give_code(client, code_now()).status_code == 302
    with clock.moved(timedelta(seconds=60)):
        assert give_code(thief, code_now()).headers["Location"] == "/sign-in"


def test_code_without_a_password_opens_nothing(app: Flask) -> None:
    """Neither without a step, nor with what opens something else."""
    switch_on()
    assert give_code(app.test_client(), code_now()).headers["Location"] == "/sign-in"
    for secret in ("", "x", (enter("lead@sidoarjo.example").secret or "")):
        with pytest.raises(NotFound):
            finish(secret, code_now())


def test_step_of_one_person_takes_no_code_of_another(app: Flask) -> None:
    """Each app has its own secret."""
    switch_on()
    switch_on("lead@sidoarjo.example")
    with clock.moved(timedelta(minutes=2)), pytest.raises(Invalid, match=WRONG):
        finish(step(), code_now("lead@sidoarjo.example"))


@pytest.mark.parametrize("change", ["deactivated", "password reset"])
def test_step_is_void_once_the_account_is_closed_or_reset(app: Flask, change: str) -> None:
    """What was begun before opens nothing after."""
    switch_on()
    secret = step()
    if change == "deactivated":
        service.deactivate(person(ADMIN), person(), reason="Left")
    else:
        from_letter = reset_path(app)
        post(app.test_client(), from_letter, {"password": "sepeda-biru-7"})
    with pytest.raises(NotFound):
        finish(secret, code_now())


def test_browser_session_is_new_after_the_code(app: Flask) -> None:
    """A cookie planted before is not the one that is signed in."""
    switch_on()
    client = half_way(app)
    planted = client.get_cookie("session")
    assert planted
    give_code(client, code_now())
    thief = app.test_client()
    thief.set_cookie("session", planted.value)
    assert thief.get("/account").status_code == 302
    assert client.get("/account").status_code == 200


def test_codes_are_throttled_and_the_person_is_told(app: Flask) -> None:
    """Ten guesses in a quarter of an hour; one letter a day says that the password is known."""
    switch_on()
    letters(app)
    client = half_way(app)
    wrong = wrong_code()
    for _ in range(TRIES_PER_ACCOUNT):
        assert give_code(client, wrong).status_code == 422
    for _ in range(3):
        assert give_code(client, code_now()).status_code == 429
    assert subjects(app) == [(EMAIL, "Somebody knows your password")]
    with clock.moved(timedelta(minutes=16)):
        assert give_code(half_way(app), code_now()).status_code == 302


def test_guesses_from_many_addresses_are_bounded_in_a_day(app: Flask) -> None:
    """Sixty of a million is nothing; and from elsewhere the person is not locked out for less."""
    switch_on()
    secret, wrong = step(), wrong_code()
    for number in range(CODES_PER_DAY):
        with pytest.raises(Invalid, match=WRONG):
            finish(secret, wrong, address=f"198.51.100.{number // 10}")
    with pytest.raises(Throttled):
        finish(secret, code_now())


# ---- recovery codes


def test_recovery_code_opens_once_and_is_told(app: Flask) -> None:
    """However it is written."""
    recovery = switch_on()
    letters(app)
    assert finish(step(), recovery[0].upper().replace("-", " ")).is_strong
    with pytest.raises(Invalid, match=WRONG):
        finish(step(), recovery[0])
    assert queries.recovery_codes_left(person()) == 9
    assert subjects(app) == [(EMAIL, "A recovery code of yours was used")]
    assert acts().count("recovery_code.used") == 1


def test_recovery_codes_cannot_be_guessed(app: Flask) -> None:
    """80 bits each; another's and the stored digest open nothing; guesses are throttled."""
    recovery = switch_on()
    others = switch_on("lead@sidoarjo.example")
    assert all(len(code.replace("-", "")) == 16 for code in recovery)
    digest = db.session().scalars(select(RecoveryCode.digest)).first()
    assert digest
    secret = step()
    for guess in (others[0], digest, "aaaa-aaaa-aaaa-aaaa", recovery[0][:-1]):
        with pytest.raises(Invalid, match=WRONG):
            finish(secret, guess)


def test_new_recovery_codes_void_the_old(app: Flask) -> None:
    """After password and code; a code of the app that was used is not enough."""
    recovery = switch_on()
    client = client_of_with_code(app)
    with clock.moved(timedelta(minutes=1)):
        path, code = "/account/second-factor/codes", code_now()
        assert post(client, path, {"current": "wrong", "code": code}).status_code == 422
        assert post(client, path, {"current": PASSWORD, "code": wrong_code()}).status_code == 422
        answer = post(client, path, {"current": PASSWORD, "code": code})
        assert "Your old recovery codes are void." in answer.text
        assert post(client, path, {"current": PASSWORD, "code": code}).status_code == 422
    with pytest.raises(Invalid, match=WRONG):
        finish(step(), recovery[1])


# ---- switching it off


def test_switched_off_after_password_and_code(app: Flask) -> None:
    """The password alone opens the account again; the person is told, no session is strong."""
    switch_on()
    client = client_of_with_code(app)
    letters(app)
    with clock.moved(timedelta(minutes=1)):
        data = {"current": PASSWORD, "code": code_now()}
        answer = post(client, "/account/second-factor/off", data, follow_redirects=True)
        assert "The second factor is off." in answer.text
        assert subjects(app) == [(EMAIL, "Your account asks for no code any more")]
    assert isinstance(enter(), SignIn)
    assert not db.session().scalars(select(SignIn.id).where(SignIn.is_strong)).all()
    assert queries.recovery_codes_left(person()) == 0


@pytest.mark.parametrize(
    ("password", "code"), [("wrong", "now"), (PASSWORD, "wrong"), ("", "now"), (PASSWORD, "")]
)
def test_not_switched_off_with_one_of_the_two(app: Flask, password: str, code: str) -> None:
    """Who has the open window and the password still needs the phone."""
    switch_on()
    client = client_of_with_code(app)
    with clock.moved(timedelta(minutes=1)):
        given = {"now": code_now(), "wrong": wrong_code(), "": ""}[code]
        data = {"current": password, "code": given}
        assert post(client, "/account/second-factor/off", data).status_code == 422
    assert queries.second_factor(person()) is not None


def test_lost_one_is_reset_by_the_secretariat_only(app: Flask) -> None:
    """Never one's own; sessions end, the person is told."""
    switch_on()
    opened = finish(step(), code_now())
    letters(app)
    for email in (EMAIL, "lead@sidoarjo.example"):
        with pytest.raises(Forbidden):
            service.reset_second_factor(person(email), person())
    with pytest.raises(Forbidden):
        service.reset_second_factor(person(ADMIN), person(ADMIN))
    service.reset_second_factor(person(ADMIN), person())
    assert isinstance(enter(), SignIn)
    assert queries.valid_sign_in(opened.secret or "") is None
    assert (EMAIL, "Your account asks for no code any more") in subjects(app)
    assert "second_factor.reset" in acts()


# ---- where it is required


def test_secretariat_has_no_rights_until_it_is_set_up(required: Flask) -> None:
    """The sign-in leads there, and afterwards on to where it was going."""
    client = required.test_client()
    data = {"email": ADMIN, "password": PASSWORD, "next": "/admin/"}
    answer = post(client, "/sign-in", data)
    assert answer.headers["Location"] == "/account/second-factor?next=/admin/"
    assert client.get("/admin/").status_code in (302, 403)
    assert "Your rights wait" in client.get("/account").text
    page = client.get(answer.headers["Location"]).text
    assert "Your rights wait" in page
    assert 'value="/admin/"' in page
    begun = post(client, "/account/second-factor/begin", {"current": PASSWORD, "next": "/admin/"})
    assert begun.headers["Location"].endswith("?next=/admin/")
    data = {"code": code_now(ADMIN), "next": "/admin/"}
    done = post(client, "/account/second-factor/confirm", data)
    assert 'href="/admin/"' in done.text
    assert client.get("/admin/").status_code == 200


def test_switching_it_off_takes_the_rights_at_once(required: Flask) -> None:
    """At the next request, in every session."""
    recovery = switch_on(ADMIN)
    client = half_way(required, "secretariat")
    give_code(client, code_now(ADMIN))
    assert client.get("/admin/").status_code == 200
    data = {"current": PASSWORD, "code": recovery[0]}
    assert post(client, "/account/second-factor/off", data).status_code == 302
    assert client.get("/admin/").status_code in (302, 403)


def test_an_official_is_not_asked_for_it(required: Flask) -> None:
    """It is offered to all."""
    client = client_of(required, "official")
    assert client.get("/work").status_code == 200
    assert not queries.must_have_second_factor(person())


def test_secretariat_of_a_chapter_must_have_one_too(required: Flask) -> None:
    """Chapters are known on a higher floor, which says so."""
    assert not queries.must_have_second_factor(person())
    with db.atomic():
        chapter = Chapter(slug="indonesia", name="CityNet Indonesia")
        db.session().add(chapter)
        db.session().flush()
        db.session().add(ChapterPerson(chapter_id=chapter.id, person_id=person().id))
    client = required.test_client()
    answer = post(client, "/sign-in", credentials())
    assert answer.headers["Location"].startswith("/account/second-factor")
    assert "Secretariat of CityNet Indonesia" in client.get("/account").text


def test_passkey_gives_the_secretariat_its_rights(required: Flask) -> None:
    """With one and no app, the password alone opens nothing: it could set up an app of its own."""
    device, client = Authenticator(), client_of(required, "secretariat")
    asked = post(client, "/account/passkeys/options", {"name": "Key", "current": PASSWORD}).json
    data = {"name": "Key", "credential": device.create(asked)}
    assert post(client, "/account/passkeys", data).status_code == 302
    assert client.get("/admin/").status_code == 200
    thief = half_way(required, "secretariat")
    assert thief.get("/account").status_code == 302
    assert "use your passkey" in thief.get("/sign-in/code").text
    asked = post(thief, "/sign-in/passkey/options").json
    assert post(thief, "/sign-in/passkey", {"credential": device.get(asked)}).status_code == 302
    assert thief.get("/admin/").status_code == 200


def test_development_recommends_it(app: Flask) -> None:
    """On the account page of the secretariat, which has its rights nonetheless."""
    client = client_of(app, "secretariat")
    assert client.get("/admin/").status_code == 200
    assert "Protect the rights of the secretariat" in client.get("/account").text


# ---- what was typed


def test_text_that_waits_is_kept_through_the_second_step(app: Flask) -> None:
    """Refused, password, a wrong code, the right one, sent again, saved."""
    switch_on()
    client = app.test_client()
    token = csrf_of(client.get("/about").text)
    data = {**form_data(title="Typed before the session ended"), "csrf_token": token}
    refused = client.post("/practices/new", data=data, headers={"Origin": "http://localhost"})
    assert refused.status_code == 401
    page = client.post("/sign-in", data={**fields(refused.text), **credentials()})
    assert page.status_code == 200
    assert "You are not signed in yet" in page.text
    again = client.post("/sign-in/code", data={**fields(page.text), "code": wrong_code()})
    assert again.status_code == 422
    done = client.post("/sign-in/code", data={**fields(again.text), "code": code_now()})
    assert "It is not saved yet" in done.text
    saved = client.post("/practices/new", data=fields(done.text, "/practices/new"))
    assert saved.status_code == 302
    assert "Typed before the session ended" in client.get("/work").text


def test_text_that_waits_survives_a_step_that_is_over(app: Flask) -> None:
    """It goes back to the sign-in with what was typed."""
    switch_on()
    client = half_way(app, resume="/practices/new", **{"kept.title": "Still here"})
    with clock.moved(timedelta(minutes=11)):
        answer = give_code(
            client, code_now(), resume="/practices/new", **{"kept.title": "Still here"}
        )
    assert answer.status_code == 401
    assert 'name="kept.title" value="Still here"' in answer.text


def credentials() -> dict[str, str]:
    """Return what the official types."""
    return {"email": EMAIL, "password": PASSWORD}


def fields(page: str, action: str = "/sign-in") -> dict[str, list[str]]:
    """Return the hidden fields of the form that goes to an address, as a browser sends them."""
    form = next(one for one in page.split("<form ") if f'action="{action}' in one.split(">")[0])
    found: dict[str, list[str]] = {}
    for name, value in re.findall(r'name="([^"]+)"[^>]*?value="([^"]*)"', form.split("</form>")[0]):
        found.setdefault(name, []).append(unescape(value))
    return found


def test_secrets_are_digests_and_void_ones_go(app: Flask) -> None:
    """A week after they are over."""
    switch_on()
    secret = step()
    assert secret not in db.session().scalars(select(OneTimeSecret.digest)).all()
    secrets.forget_old()
    assert db.session().scalars(select(OneTimeSecret.id)).all()
    with clock.moved(timedelta(days=8)):
        secrets.forget_old()
    assert not db.session().scalars(select(OneTimeSecret.id)).all()
