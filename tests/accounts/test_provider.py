"""Sign-in through a real OpenID Connect provider, run beside the test on a port of its own."""

from __future__ import annotations

import base64
import hashlib
import shutil
import socket
import threading
import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import flask
import pytest
import requests
from authlib.deprecate import AuthlibDeprecationWarning
from flask import Flask
from flask.testing import FlaskClient
from joserfc.jwk import RSAKey
from sqlalchemy import func, select
from werkzeug.serving import make_server

from citynet.accounts import codes, provider, queries, sealing
from citynet.accounts import service as accounts
from citynet.accounts.models import Identity, Person, SecondFactor, SignIn
from citynet.accounts.service import erasing
from citynet.app import create_app
from citynet.kit import clock, db, effects
from tests import network
from tests.conftest import Browser, close, config_in

with warnings.catch_warnings():
    # The provider's package uses a module that Authlib is about to move.
    warnings.simplefilter("ignore", AuthlibDeprecationWarning)
    import oidc_provider_mock
    from oidc_provider_mock._app import AuthorizationCode, OpenIDCode

pytestmark = [
    pytest.mark.filterwarnings("ignore::authlib.deprecate.AuthlibDeprecationWarning"),
    pytest.mark.filterwarnings("ignore:get_jwt_config:DeprecationWarning"),
]
OFFICIAL = "official@sidoarjo.example"
BACK = "/sign-in/provider/back"
DOWN = "does not answer just now"
DOUBTED = "could not be checked"


@dataclass
class Provider:
    """The provider: where it is, and what reached its token endpoint."""

    url: str
    asked: list[dict[str, str]] = field(default_factory=list)

    def knows(self, subject: str, **claims: object) -> str:
        """Make somebody known and return their subject."""
        requests.put(f"{self.url}/users/{subject}", json=claims, timeout=5).raise_for_status()
        return subject

    def knows_official(self, **claims: object) -> str:
        """Make the official of Sidoarjo known, with a confirmed address."""
        return self.knows("siti", **{"email": OFFICIAL, "email_verified": True, **claims})

    def approve(self, address: str, subject: str) -> str:
        """Press the button of the provider's page and return where it sends the browser."""
        answer = requests.post(address, data={"sub": subject}, timeout=5, allow_redirects=False)
        assert answer.status_code == 302, answer.text
        return answer.headers["Location"].removeprefix("http://localhost")


@pytest.fixture(scope="module")
def house() -> Iterator[Provider]:
    """Run the provider on a free port for all tests of this file."""
    made = oidc_provider_mock.app(require_nonce=True)
    # Its debugger would answer instead of failing.
    made.debug = False
    server = make_server("localhost", 0, made, threaded=True)
    one = Provider(f"http://localhost:{server.server_port}")

    def note() -> None:
        if flask.request.path == "/oauth2/token":
            one.asked.append(flask.request.form.to_dict())

    made.before_request(note)

    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield one
    server.shutdown()
    thread.join()
    server.server_close()


@contextmanager
def opened(template: Path, folder: Path, **settings: object) -> Iterator[Flask]:
    """Return an application over the small network with these settings."""
    shutil.copytree(template, folder)
    app = create_app(config_in(folder, oidc_client_id="citynet", oidc_client_secret="s" * 20,
                               oidc_name="Sidoarjo ID", **settings))  # fmt: skip
    app.test_client_class = Browser
    with app.app_context():
        yield app
        db.session().rollback()
    close(app)


@pytest.fixture
def app(template: Path, tmp_path: Path, house: Provider) -> Iterator[Flask]:
    """Return an application whose settings name the provider."""
    with opened(template, tmp_path / "instance", oidc_issuer=house.url) as app:
        yield app


def begin(client: FlaskClient, *, after: str = "") -> str:
    """Press the button on the sign-in page and return where the browser is sent."""
    answer = client.get("/sign-in/provider", query_string={"next": after} if after else {})
    assert answer.status_code == 302, answer.text
    return answer.location


def enter(client: FlaskClient, house: Provider, subject: str, *, after: str = "") -> Any:
    """Go to the provider, approve there, and come back."""
    return client.get(house.approve(begin(client, after=after), subject))


def is_signed_in(client: FlaskClient) -> bool:
    """Tell whether the account can be opened."""
    return bool(client.get("/account").status_code == 200)


def person(email: str = OFFICIAL) -> Person:
    """Return a person."""
    found = queries.by_email(email)
    assert found is not None
    return found


def links() -> int:
    """Return how many links there are."""
    return db.session().scalar(select(func.count()).select_from(Identity)) or 0


def refused(answer: Any, client: FlaskClient) -> str:
    """Return the page of somebody whom the provider knows and the network does not let in."""
    assert (answer.status_code, answer.location) == (302, "/sign-in/provider/unknown")
    page = client.get(answer.location)
    assert page.status_code == 200
    assert "Ask its lead for an invitation" in page.text
    assert not is_signed_in(client)
    return str(page.text)


def told(answer: Any, client: FlaskClient) -> str:
    """Return the page that a refused person sees, the form for the password on it."""
    assert answer.status_code == 302
    page = client.get(answer.location).text
    assert 'name="password"' in page
    return str(page)


def test_first_sign_in_links_the_account_by_its_confirmed_address(
    client: FlaskClient, house: Provider
) -> None:
    """The person is told by mail, and goes where everybody goes."""
    answer = enter(client, house, house.knows_official())
    assert (answer.status_code, answer.location) == (302, "/work")
    assert is_signed_in(client)
    link = db.session().scalars(select(Identity)).one()
    assert (link.person_id, link.issuer, link.subject) == (person().id, house.url, "siti")
    letters = db.session().scalars(select(effects.Effect.payload)).all()
    assert any("Sidoarjo ID" in letter and OFFICIAL in letter for letter in letters)


def test_second_sign_in_knows_the_account_whatever_its_address(
    client: FlaskClient, app: Flask, house: Provider
) -> None:
    """The subject counts: an address changes hands, and need not be told again."""
    enter(client, house, house.knows_official())
    house.knows("siti", email="elsewhere@citynet.example", email_verified=False)
    again = app.test_client()
    assert enter(again, house, "siti").location == "/work"
    assert is_signed_in(again)
    assert links() == 1


def test_signing_in_goes_on_where_the_person_wanted(client: FlaskClient, house: Provider) -> None:
    """The place waits in the browser's session."""
    answer = enter(client, house, house.knows_official(), after="/practices/new")
    assert answer.location == "/practices/new"


@pytest.mark.parametrize(
    "target", ["//evil.example", "https://evil.example", "/\\evil.example", "/" + "x" * 3000]
)
def test_signing_in_never_leads_elsewhere(
    client: FlaskClient, house: Provider, target: str
) -> None:
    """An address of another host, or one that the cookie could not hold, is forgotten."""
    assert enter(client, house, house.knows_official(), after=target).location == "/work"


def test_code_is_bound_to_the_browser_that_asked(client: FlaskClient, house: Provider) -> None:
    """PKCE (RFC 7636): the provider sees a digest first, and its origin with the code."""
    address = begin(client)
    asked = parse_qs(urlsplit(address).query)
    assert asked["code_challenge_method"] == ["S256"]
    assert asked["scope"] == ["openid email"]
    assert len(asked["nonce"][0]) >= 20
    client.get(house.approve(address, house.knows_official()))
    digest = hashlib.sha256(house.asked[-1]["code_verifier"].encode()).digest()
    assert asked["code_challenge"] == [base64.urlsafe_b64encode(digest).rstrip(b"=").decode()]


def test_session_of_before_ends(client: FlaskClient, app: Flask, house: Provider) -> None:
    """Signing in again in one browser leaves one session, on a new cookie."""
    subject = house.knows_official()
    enter(client, house, subject)
    enter(client, house, subject)
    open_ones = select(func.count()).select_from(SignIn).where(SignIn.revoked_at.is_(None))
    assert db.session().scalar(open_ones) == 1


@pytest.mark.parametrize(
    ("claims", "sentence"),
    [
        ({"email": OFFICIAL, "email_verified": False}, "is not confirmed there"),
        ({"email": OFFICIAL}, "is not confirmed there"),
        ({"email": OFFICIAL, "email_verified": "true"}, "is not confirmed there"),
        ({"email": "", "email_verified": True}, "is not confirmed there"),
        ({"email": "new@city.example", "email_verified": True}, "new@city.example"),
        ({"email": "<b>@x.example", "email_verified": True}, "&lt;b&gt;@x.example"),
    ],
)
def test_whom_the_network_does_not_know_gets_a_page_that_helps(
    client: FlaskClient, house: Provider, claims: dict[str, object], sentence: str
) -> None:
    """Nobody comes in, and no account comes to be."""
    before = db.session().scalar(select(func.count()).select_from(Person))
    answer = enter(client, house, house.knows("stranger", **claims))
    assert sentence in refused(answer, client)
    assert links() == 0
    assert db.session().scalar(select(func.count()).select_from(Person)) == before


def test_address_that_came_to_another_account_there_opens_nothing(
    client: FlaskClient, app: Flask, house: Provider
) -> None:
    """The next holder of a mailbox is not the person whose account it opened first."""
    enter(client, house, house.knows_official())
    house.knows("successor", email=OFFICIAL, email_verified=True)
    other = app.test_client()
    answer = enter(other, house, "successor")
    assert "linked to another account there" in refused(answer, other)


def test_deactivated_person_stays_out(client: FlaskClient, app: Flask, house: Provider) -> None:
    """Whether the account was linked before or not."""
    subject = house.knows_official()
    for browser in (client, app.test_client()):
        if browser is not client:
            accounts.reactivate(None, person(), reason="Example")
            enter(app.test_client(), house, subject)
        accounts.deactivate(None, person(), reason="Example")
        assert "This account is closed" in refused(enter(browser, house, subject), browser)


def test_erased_person_stays_out(client: FlaskClient, app: Flask, house: Provider) -> None:
    """The link is gone with the address that made it."""
    subject = house.knows_official()
    enter(client, house, subject)
    erasing.erase(None, person())
    other = app.test_client()
    assert OFFICIAL in refused(enter(other, house, subject), other)
    assert links() == 0


def test_official_of_a_suspended_city_comes_in_and_reads(
    client: FlaskClient, house: Provider
) -> None:
    """As with a password."""
    house.knows("susi", email="official@suspended.example", email_verified=True)
    assert enter(client, house, "susi").location == "/work"
    assert is_signed_in(client)


def set_up_second_factor() -> str:
    """Give the official an app and return its secret."""
    secret = codes.new_secret()
    with db.atomic():
        db.session().add(SecondFactor(
            person_id=person().id, sealed_secret=sealing.seal(secret), confirmed_at=clock.now()
        ))  # fmt: skip
    return secret


@pytest.mark.parametrize(
    "claims", [{}, {"amr": ["pwd"]}, {"amr": "mfa"}, {"acr": "0"}, {"amr": []}]
)
def test_own_second_factor_is_asked_where_the_provider_saw_none(
    client: FlaskClient, house: Provider, claims: dict[str, object]
) -> None:
    """The provider's word for a person is worth a password."""
    set_up_second_factor()
    answer = enter(client, house, house.knows_official(**claims), after="/practices/new")
    if claims == {"amr": "mfa"}:  # not a list: no ID token that can be believed
        assert DOUBTED in told(answer, client)
        return
    assert answer.location == "/sign-in/code?next=/practices/new"
    assert not is_signed_in(client)
    assert db.session().scalar(select(func.count()).select_from(SignIn)) == 0


@pytest.mark.parametrize(
    "claims", [{"amr": ["pwd", "otp"]}, {"amr": ["mfa"]}, {"amr": ["hwk"]}, {"acr": "mfa"}]
)
def test_second_factor_at_the_provider_counts(
    client: FlaskClient, house: Provider, claims: dict[str, object]
) -> None:
    """The session is strong without another code."""
    set_up_second_factor()
    assert enter(client, house, house.knows_official(**claims)).location == "/work"
    assert db.session().scalars(select(SignIn)).one().is_strong


def test_session_without_a_second_factor_is_not_strong(
    client: FlaskClient, house: Provider
) -> None:
    """Rights that need one wait."""
    enter(client, house, house.knows_official())
    assert not db.session().scalars(select(SignIn)).one().is_strong


@pytest.mark.parametrize(
    "alter",
    [
        lambda path: path.replace("state=", "state=x"),
        lambda path: path.partition("&state=")[0],
        lambda path: path.replace("code=", "code=x"),
        lambda path: path.partition("?")[0],
        lambda path: path.partition("?")[0] + "?error=server_error&error_description=<b>",
    ],
)
def test_altered_way_back_opens_nothing(
    client: FlaskClient, house: Provider, alter: Callable[[str], str]
) -> None:
    """A changed state, a changed code, or neither."""
    path = house.approve(begin(client), house.knows_official())
    answer = client.get(alter(path))
    page = told(answer, client)
    assert DOUBTED in page
    assert "<b>" not in page
    assert not is_signed_in(client)


def test_way_back_works_once(client: FlaskClient, app: Flask, house: Provider) -> None:
    """A replayed code opens nothing, in this browser or in another one."""
    path = house.approve(begin(client), house.knows_official())
    before = client.get_cookie("session")
    assert before is not None
    assert client.get(path).location == "/work"
    thief = app.test_client()
    thief.set_cookie("session", before.value)
    for browser in (app.test_client(), thief):
        assert DOUBTED in told(browser.get(path), browser)
        assert not is_signed_in(browser)
    # Whoever is signed in already stays so.
    client.get(path)
    assert is_signed_in(client)


def test_way_back_of_somebody_else_opens_nothing(
    client: FlaskClient, app: Flask, house: Provider
) -> None:
    """Nobody can be signed in to an attacker's account by a link (RFC 6749, 10.12)."""
    attacker = app.test_client()
    path = house.approve(begin(attacker), house.knows_official())
    begin(client)
    assert DOUBTED in told(client.get(path), client)
    assert not is_signed_in(client)


def test_cancelling_is_no_fault(client: FlaskClient, house: Provider) -> None:
    """The sign-in page tells how to go on, and where to stays known."""
    address = begin(client, after="/practices/new")
    answer = requests.post(address, data={"action": "deny"}, timeout=5, allow_redirects=False)
    back = client.get(answer.headers["Location"].removeprefix("http://localhost"))
    assert "You did not finish at Sidoarjo ID" in told(back, client)
    assert back.location == "/sign-in?next=/practices/new"


OTHER_KEY = RSAKey.generate_key(2048, private=True)
real_config = OpenIDCode.get_jwt_config


def with_config(**changes: object) -> dict[str, Any]:
    """Return what makes the provider sign ID tokens otherwise."""

    def get_jwt_config(self: Any, grant: Any, client: Any = None) -> dict[str, object]:
        return {**real_config(self, grant, client), **changes}

    return {"get_jwt_config": get_jwt_config}


FAULTS: dict[str, tuple[type, dict[str, Any]]] = {
    "another audience": (OpenIDCode, with_config(aud=["other"])),
    "another audience, for us": (
        OpenIDCode,
        {
            **with_config(aud=["other"]),
            "generate_user_info": lambda _self, user, _scope: {
                "sub": user.sub, **user.claims, "azp": "citynet"
            },
        },
    ),
    "another nonce": (AuthorizationCode, {"get_nonce": lambda _self: "n" * 20}),
    "no nonce": (AuthorizationCode, {"get_nonce": lambda _self: None}),
    "another issuer": (OpenIDCode, with_config(iss="https://evil.example")),
    "expired": (OpenIDCode, with_config(exp=-3600)),
    "another key": (OpenIDCode, with_config(key=OTHER_KEY.as_dict(private=True))),
    "signed with the secret": (
        OpenIDCode,
        with_config(
            alg="HS256", key={"kty": "oct", "k": "c3Nzc3Nzc3Nzc3Nzc3Nzc3Nzc3M"}
        ),
    ),
    "nobody": (
        OpenIDCode,
        {"generate_user_info": lambda _self, user, _scope: {**user.claims, "sub": "x" * 256}},
    ),
}  # fmt: skip


@pytest.mark.parametrize("fault", FAULTS)
def test_id_token_that_is_not_ours_is_not_believed(
    client: FlaskClient, house: Provider, fault: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """OpenID Connect Core 3.1.3.7: signature, issuer, audience, times and nonce."""
    place, changes = FAULTS[fault]
    for name, function in changes.items():
        monkeypatch.setattr(place, name, function)
    answer = enter(client, house, house.knows_official())
    assert DOUBTED in told(answer, client)
    assert not is_signed_in(client)
    assert links() == 0


def test_address_is_asked_for_where_the_id_token_has_none(
    client: FlaskClient, house: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Core 5.4: many providers tell it at another address."""
    monkeypatch.setattr(
        OpenIDCode, "generate_user_info", lambda _s, user, _scope: {"sub": user.sub}
    )
    assert enter(client, house, house.knows_official()).location == "/work"
    assert links() == 1


@pytest.mark.parametrize("known", [False, True])
def test_provider_that_is_down_leaves_the_password(
    template: Path, tmp_path: Path, house: Provider, *, known: bool
) -> None:
    """Before the provider was ever asked, and after."""
    with socket.socket() as free:
        free.bind(("localhost", 0))
        port = free.getsockname()[1]
    with opened(template, tmp_path / "instance", oidc_issuer=f"http://localhost:{port}") as app:
        client = app.test_client()
        if known:  # it went away between the two steps
            metadata = (
                app.extensions["authlib.integrations.flask_client"]
                .create_client(provider.KEY)
                .server_metadata
            )
            metadata.update(
                issuer=f"http://localhost:{port}", _loaded_at=time.time(),
                authorization_endpoint=f"http://localhost:{port}/a",
                token_endpoint=f"http://localhost:{port}/t",
            )  # fmt: skip
            state = parse_qs(urlsplit(begin(client, after="/practices/new")).query)["state"][0]
            answer = client.get(f"{BACK}?code=c&state={state}")
        else:
            answer = client.get("/sign-in/provider?next=/practices/new")
        assert DOWN in told(answer, client)
        assert answer.location == "/sign-in?next=/practices/new"
        assert is_signed_in(network.client_of(app, "official"))


def test_provider_that_hangs_is_not_waited_for(
    template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who does not answer in time counts as down."""
    monkeypatch.setattr(provider, "TIMEOUT_SECONDS", 0.1)
    with socket.create_server(("localhost", 0)) as silent:
        issuer = f"http://localhost:{silent.getsockname()[1]}"
        with opened(template, tmp_path / "instance", oidc_issuer=issuer) as app:
            client = app.test_client()
            assert DOWN in told(client.get("/sign-in/provider"), client)


def test_provider_that_names_another_issuer_is_refused(
    template: Path, tmp_path: Path, house: Provider
) -> None:
    """Discovery 4.3: exactly the issuer of the settings, a slash counts."""
    with opened(template, tmp_path / "instance", oidc_issuer=f"{house.url}/") as app:
        client = app.test_client()
        for _time in range(2):
            assert DOUBTED in told(client.get("/sign-in/provider"), client)


def test_network_without_a_provider_has_no_such_door(template: Path, tmp_path: Path) -> None:
    """No button, no address."""
    with opened(template, tmp_path / "instance", oidc_issuer="") as app:
        client = app.test_client()
        assert "Sidoarjo ID" not in client.get("/sign-in").text
        for path in ("/sign-in/provider", BACK, "/sign-in/provider/unknown"):
            assert client.get(path).status_code == 404


def test_button_stands_on_the_sign_in_page(client: FlaskClient) -> None:
    """It keeps where the person wanted to go."""
    page = client.get("/sign-in?next=/practices/new").text
    assert "Sign in with Sidoarjo ID" in page
    assert "/sign-in/provider?next=/practices/new" in page


def test_person_sees_and_removes_the_link(client: FlaskClient, house: Provider) -> None:
    """Afterwards the password is the way in."""
    enter(client, house, house.knows_official())
    page = client.get("/account").text
    assert "Sidoarjo ID" in page
    link = db.session().scalars(select(Identity)).one()
    answer = network.post(client, f"/account/identities/{link.id}/remove")
    assert answer.status_code == 302
    assert links() == 0


def test_nobody_removes_the_link_of_another(
    client: FlaskClient, app: Flask, house: Provider
) -> None:
    """To a stranger there is no such link; without a token nothing happens."""
    enter(client, house, house.knows_official())
    link = db.session().scalars(select(Identity)).one()
    rival = network.client_of(app, "rival")
    address = f"/account/identities/{link.id}/remove"
    assert network.post(rival, address).status_code == 404
    assert client.post(address).status_code == 400
    assert links() == 1
