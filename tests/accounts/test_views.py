"""Signing in and out, one's own sessions and language, and text that outlives a session."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from citynet.accounts.browsers import browser_name
from citynet.accounts.models import Person, SignIn
from citynet.kit import audit, clock, db
from citynet.practices.models import Practice, Revision, State
from tests import network

HOME = {"Origin": "http://localhost"}
# A browser sends every field of a row, the empty ones too.
BLOCK = {"name": "One counter", "purpose": "", "needs": "", "lesson": ""}
AWAY = [
    "//evil.example", "/\\evil.example", "https:evil.example", "https://evil.example/",
    "javascript:alert(1)", "/\t/evil.example", "evil.example",
]  # fmt: skip


class Forms(HTMLParser):
    """Collects the fields of every form by the form's action, as a browser would send them."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.fields: dict[str, list[tuple[str, str]]] = {}
        self._action = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a form, or a field of the form that is open."""
        found = {key: value or "" for key, value in attrs}
        if tag == "form":
            self._action = found.get("action", "")
            self.fields[self._action] = []
        elif tag == "input" and found.get("name"):
            self.fields[self._action].append((found["name"], found.get("value", "")))


def sent(page: str, action: str, **typed: str) -> dict[str, list[str]]:
    """Return what a browser sends for a form of a page, with what was typed."""
    data: dict[str, list[str]] = {}
    for name, value in Forms(page).fields[action]:
        data.setdefault(name, []).append(value)
    return {**data, **{name: [value] for name, value in typed.items()}}


def credentials(role: str) -> dict[str, str]:
    """Return what a person of this role types."""
    return {"email": network.ROLES[role].address or "", "password": network.PASSWORD}


def in_work(practice: Practice) -> Revision:
    """Return the draft as it stands."""
    wanted = select(Revision).where(
        Revision.practice_id == practice.id, Revision.state == State.DRAFT
    )
    return db.session().scalars(wanted).one()


def lose_session(client: FlaskClient, way: str) -> None:
    """Let the session end in the database, or the browser forget it."""
    if way == "cookie gone":
        client.delete_cookie("session")
        return
    db.session().execute(update(SignIn).values(revoked_at=clock.now()))
    db.session().commit()


def test_official_lands_on_the_work_list(app: Flask, client: FlaskClient) -> None:
    """Without a page to go on to."""
    answer = network.post(client, "/sign-in", credentials("official"))
    assert answer.headers["Location"] == "/work"


def test_sign_in_goes_on_to_the_page_that_asked_for_it(app: Flask, client: FlaskClient) -> None:
    """The address comes back, its query with it."""
    asked = client.get("/practices/new?x=1")
    assert asked.headers["Location"].endswith("/sign-in?next=/practices/new?x%3D1")
    page = client.get(asked.headers["Location"]).text
    answer = client.post("/sign-in", data=sent(page, "/sign-in", **credentials("official")))
    assert answer.headers["Location"] == "/practices/new?x=1"


@pytest.mark.parametrize("target", AWAY)
@pytest.mark.parametrize("field", ["next", "resume"])
def test_sign_in_never_leads_to_another_site(client: FlaskClient, field: str, target: str) -> None:
    """OWASP: unvalidated redirects."""
    answer = network.post(client, "/sign-in", {**credentials("official"), field: target})
    assert answer.headers["Location"] == "/work"


def test_wrong_password_keeps_the_address_and_tells_nothing(client: FlaskClient) -> None:
    """The same words whether or not the account exists."""
    pages = []
    for address in ("official@sidoarjo.example", "nobody@sidoarjo.example"):
        answer = network.post(client, "/sign-in", {"email": address, "password": "wrong wrong"})
        assert answer.status_code == 422
        assert f'value="{address}"' in answer.text
        pages.append(answer.text.replace(address, ""))
    assert "The email address or the password is not right." in pages[0]
    assert pages[0].count("govuk-error-message") == pages[1].count("govuk-error-message")


def test_too_many_attempts_are_asked_to_wait(client: FlaskClient) -> None:
    """The eleventh is refused even with the right password."""
    for _try in range(10):
        network.post(client, "/sign-in", {**credentials("official"), "password": "wrong wrong"})
    answer = network.post(client, "/sign-in", credentials("official"))
    assert answer.status_code == 429
    assert "Please wait 15 minutes." in answer.text


def test_signed_in_person_needs_no_sign_in_page(app: Flask) -> None:
    """It leads on to the work list."""
    assert network.client_of(app, "official").get("/sign-in").headers["Location"] == "/work"


def test_copied_cookie_stops_working_at_sign_out(app: Flask) -> None:
    """Sign-out ends the session in the database, not only in the browser."""
    client, thief = network.client_of(app, "official"), app.test_client()
    cookie = client.get_cookie("session")
    assert cookie
    thief.set_cookie("session", cookie.value)
    assert thief.get("/account").status_code == 200
    assert "You are signed out." in network.post(client, "/sign-out", follow_redirects=True).text
    assert thief.get("/account").status_code == 302


def test_account_page_shows_own_sessions_and_ends_one(app: Flask) -> None:
    """The one in use is marked and has no button."""
    office, phone = network.client_of(app, "official"), network.client_of(app, "official")
    page = office.get("/account").text
    assert page.count("This one") == 1
    assert page.count('/revoke"') == 1
    other = db.session().scalars(select(SignIn.id).order_by(SignIn.id.desc())).first()
    answer = network.post(office, f"/account/sessions/{other}/revoke", follow_redirects=True)
    assert "The session is ended." in answer.text
    assert phone.get("/account").status_code == 302


def test_session_of_somebody_else_is_not_there(app: Flask) -> None:
    """Neither seen nor ended."""
    network.client_of(app, "lead")
    theirs = db.session().scalars(select(SignIn.id).order_by(SignIn.id.desc())).first()
    client = network.client_of(app, "official")
    assert network.post(client, f"/account/sessions/{theirs}/revoke").status_code == 404
    found = db.session().get(SignIn, theirs)
    assert found is not None
    assert found.revoked_at is None


def test_ending_the_session_in_use_signs_out(app: Flask) -> None:
    """The next page is the sign-in page."""
    client = network.client_of(app, "official")
    own = db.session().scalars(select(SignIn.id).order_by(SignIn.id.desc())).first()
    answer = network.post(client, f"/account/sessions/{own}/revoke")
    assert answer.headers["Location"] == "/sign-in"


@pytest.mark.parametrize("way", ["session ended", "cookie gone"])
def test_text_posted_after_the_session_ended_is_kept_through_sign_in(app: Flask, way: str) -> None:
    """The whole way: refused, a wrong password, the right one, sent again, saved."""
    practice = network.write()
    client = network.client_of(app, "official")
    token = network.csrf_of(client.get("/about").text)
    path = f"/practices/{practice.slug}/edit/summary"
    text = 'Shops wait "two" days.\r\n\r\nThe <b>market</b> & the port too.'
    topics = ["licensing", "waste"]
    data = {"summary": text, "base": "1.1", "topics": topics}
    lose_session(client, way)
    refused = client.post(path, data={**data, "csrf_token": token}, headers=HOME)
    assert refused.status_code == 401
    assert "What you wrote is not lost" in refused.text
    again = client.post(
        "/sign-in",
        data=sent(refused.text, "/sign-in", **{**credentials("official"), "password": "no"}),
    )
    assert again.status_code == 422
    page = client.post("/sign-in", data=sent(again.text, "/sign-in", **credentials("official")))
    assert page.status_code == 200
    assert "It is not saved yet" in page.text
    saved = client.post(path, data=sent(page.text, path))
    assert saved.status_code == 302
    content = in_work(practice).content
    assert content.summary == text.replace("\r\n", "\n")
    assert list(content.topics) == topics


def test_form_from_before_the_sign_in_is_sent_again_with_one_press(app: Flask) -> None:
    """Somebody signed in on another tab meanwhile."""
    client = network.client_of(app, "official")
    data = {
        **network.form_data(title="Kept title", blocks=[BLOCK]),
        "csrf_token": "of an older session",
    }
    page = client.post("/practices/new", data=data, headers=HOME)
    assert page.status_code == 400
    answer = client.post("/practices/new", data=sent(page.text, "/practices/new"))
    assert answer.status_code == 302
    assert db.session().scalars(select(Revision.title)).all() == ["Kept title"]


@pytest.mark.parametrize("role", ["visitor", "official"])
@pytest.mark.parametrize("headers", [{}, {"Origin": "https://evil.example"}])
def test_form_of_another_site_is_refused(app: Flask, role: str, headers: dict[str, str]) -> None:
    """Nothing that it carried is kept or offered to be sent again."""
    client = network.client_of(app, role)
    data = network.form_data(title="Planted")
    answer = client.post("/practices/new", data=data, headers=headers)
    assert answer.status_code == 400
    assert "This form came from another site." in answer.text
    assert "Planted" not in answer.text


def test_password_is_never_kept_in_a_page(client: FlaskClient) -> None:
    """Neither typed wrongly nor carried along."""
    answer = network.post(client, "/sign-in", {"email": "a@b.example", "password": "my secret"})
    assert "my secret" not in answer.text


def test_chosen_language_is_kept_in_the_account(app: Flask) -> None:
    """It holds on another browser, and the choice stands in the audit log."""
    network.post(network.client_of(app, "official"), "/language", {"language": "id"})
    person = db.session().scalar(select(Person).where(Person.name == "sidoarjo official"))
    assert person is not None
    assert person.language == "id"
    elsewhere = network.client_of(app, "official")
    assert '<html lang="id">' in elsewhere.get("/account").text
    actions = db.session().scalars(select(audit.Entry.action)).all()
    assert "person.language_chosen" in actions


@pytest.mark.parametrize(
    ("user_agent", "words"),
    [
        (
            "Mozilla/5.0 (Windows NT 10.0; rv:128.0) Gecko/20100101 Firefox/128.0",
            "Firefox, Windows",
        ),
        ("Mozilla/5.0 (Linux; Android 14) Chrome/126.0 Mobile Safari/537.36", "Chrome, Android"),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/126.0 Safari/537.36 Edg/126.0", "Edge, Windows"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) Safari/604.1", "Safari, iPhone"),
        ("curl/8.0", ""),
    ],
)
def test_browser_is_named_as_people_call_it(user_agent: str, words: str) -> None:
    """Its own long name tells nobody which session it is."""
    assert browser_name(user_agent) == words
