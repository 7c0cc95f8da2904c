"""Somebody who writes in the editor, in a real browser."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Dialog, Locator, Page

from tests.browser.fixtures import chromium
from tests.practices.editor_page import Server, served

__all__ = ["Writer", "chromium", "server", "writer"]
KEYS = r"(Control|Alt)\+\w+|Arrow\w+|Home|End|Tab|Enter|Escape|Backspace"


class Writer:
    """Somebody who writes on the page; time passes when they say so."""

    def __init__(self, context: BrowserContext, server: Server) -> None:
        """Open a window and the page."""
        self.context, self.server = context, server
        self.page: Page = context.new_page()
        self.page.clock.install()
        self.complaints: list[str] = []
        self.questions: list[str] = []
        self.page.on("console", self._note)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("dialog", self._agree)
        self.page.goto(server.url)

    def _note(self, message: ConsoleMessage) -> None:
        if message.type == "error" and "Failed to load resource" not in message.text:
            self.complaints.append(message.text)

    def _agree(self, dialog: Dialog) -> None:
        self.questions.append(dialog.type)
        dialog.accept()

    @property
    def text(self) -> Locator:
        """Return the rich field by its label."""
        return self.page.get_by_role("textbox", name="Problem")

    @property
    def status(self) -> Locator:
        """Return where the page says how the text stands."""
        return self.page.locator("[data-saved]")

    def html(self) -> str:
        """Return what the form would send now."""
        self.page.clock.fast_forward(400)
        return self.page.locator("[name=problem]").input_value()

    def press(self, *names: str) -> None:
        """Press buttons of the toolbar."""
        for name in names:
            self.page.get_by_role("button", name=name, exact=True).click()

    def type(self, *keys: str) -> None:
        """Type into what has the keyboard: keys by name, anything else letter by letter."""
        for key in keys:
            if re.fullmatch(KEYS, key):
                self.page.keyboard.press(key)
            else:
                self.page.keyboard.type(key)

    def write(self, words: str = "It floods.") -> None:
        """Write into the field."""
        self.text.click()
        self.page.keyboard.type(words)

    def wait(self, seconds: float = 2.1) -> None:
        """Let time pass."""
        self.page.clock.fast_forward(int(seconds * 1000))

    def kept(self) -> int:
        """Return how many texts this browser keeps."""
        return int(self.page.evaluate("Object.keys(localStorage).length"))


@pytest.fixture
def server() -> Iterator[Server]:
    """Serve the page."""
    with served() as state:
        yield state


@pytest.fixture
def writer(chromium: Browser, server: Server) -> Iterator[Writer]:
    """Return somebody at the page; nothing it does is against its content policy."""
    context = chromium.new_context()
    context.set_default_timeout(8_000)
    opened = Writer(context, server)
    yield opened
    assert not opened.complaints
    context.close()
