"""Passkeys in a real browser, with its virtual device (WebAuthn over the DevTools protocol)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread

import pytest
from flask import Flask
from playwright.sync_api import Browser, CDPSession, Page, expect
from werkzeug.serving import make_server

from tests.accounts.acting import EMAIL
from tests.browser.fixtures import open_chromium
from tests.network import PASSWORD

pytestmark = pytest.mark.browser
DEVICE = {
    "protocol": "ctap2", "transport": "internal", "hasResidentKey": True,
    "hasUserVerification": True, "isUserVerified": True, "automaticPresenceSimulation": True,
}  # fmt: skip


@pytest.fixture
def port(app: Flask) -> Iterator[int]:
    """Serve the small network and return its port."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    serving = Thread(target=server.serve_forever)
    serving.start()
    yield server.server_port
    server.shutdown()
    serving.join()
    server.server_close()


@contextmanager
def window(browser: Browser, url: str, *, has_scripts: bool = True) -> Iterator[Page]:
    """Open a window on the network, narrow as a phone; a fault of a script fails the test."""
    context = browser.new_context(
        base_url=url, java_script_enabled=has_scripts, locale="en-GB",
        viewport={"width": 360, "height": 760},
    )  # fmt: skip
    context.set_default_timeout(15_000)
    faults: list[str] = []
    page = context.new_page()
    page.on("pageerror", lambda error: faults.append(str(error)))
    yield page
    context.close()
    assert faults == []


def plug_in(page: Page) -> tuple[CDPSession, str]:
    """Give the window a device that keeps passkeys."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    made = session.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})
    return session, str(made["authenticatorId"])


def sign_in(page: Page) -> None:
    """Come in by the password."""
    page.goto("/sign-in")
    page.get_by_label("Email address").fill(EMAIL)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("main").get_by_role("button", name="Sign in", exact=True).click()
    expect(page).to_have_url(re.compile("/work$"))


def add(page: Page, password: str = PASSWORD) -> None:
    """Fill in the form for a new passkey and send it."""
    page.goto("/account/passkeys")
    page.get_by_label("Name of the passkey").fill("My laptop")
    page.get_by_label("Your password").fill(password)
    page.get_by_role("button", name="Add a passkey").click()


def test_passkey_is_made_and_opens_the_account(app: Flask, port: int) -> None:
    """Added, signed out, in again without a word typed; refused where nobody is recognised."""
    with open_chromium() as browser, window(browser, f"http://localhost:{port}") as page:
        session, device = plug_in(page)
        sign_in(page)
        add(page, "not the password")
        expect(page.get_by_text("This is not your password.")).to_be_visible()
        add(page)
        expect(page.get_by_text("The passkey is added.")).to_be_visible()
        expect(page.get_by_text("My laptop", exact=True)).to_be_visible()
        add(page)
        expect(page.get_by_text("Your device made no passkey.")).to_be_visible()
        page.context.clear_cookies()
        page.goto("/sign-in?next=/account/passkeys")
        session.send(
            "WebAuthn.setUserVerified", {"authenticatorId": device, "isUserVerified": False}
        )
        page.get_by_role("button", name="Sign in with a passkey").click()
        expect(page.get_by_text("The passkey was not used.")).to_be_visible()
        session.send(
            "WebAuthn.setUserVerified", {"authenticatorId": device, "isUserVerified": True}
        )
        page.get_by_role("button", name="Sign in with a passkey").click()
        expect(page).to_have_url(re.compile("/account/passkeys$"))
        expect(page.get_by_text("Last used")).to_be_visible()


@pytest.mark.parametrize("reason", ["no scripts", "a bare address"])
def test_button_is_hidden_where_no_passkey_works(app: Flask, port: int, reason: str) -> None:
    """Nobody presses what can only fail."""
    host = "localhost" if reason == "no scripts" else "127.0.0.1"
    with (
        open_chromium() as browser,
        window(browser, f"http://{host}:{port}", has_scripts=reason != "no scripts") as page,
    ):
        page.goto("/sign-in")
        expect(page.get_by_role("link", name="Forgotten your password?")).to_be_visible()
        expect(page.get_by_role("button", name="Sign in with a passkey")).to_have_count(0)
