"""The translator's page in a real browser: side by side, saved by itself, rows that stay.

The page is the one the network makes; the server behind it is a stand-in (`editor_page`).
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, FloatRect, Locator, Page, ViewportSize, expect

from citynet.app import create_app
from citynet.practices import service
from tests.browser.fixtures import chromium
from tests.conftest import Browser as Visitor
from tests.conftest import close, config_in, quick
from tests.network import actor, client_of
from tests.practices.editor_page import Server, served
from tests.practices.translator import published

__all__ = ["chromium"]
pytestmark = [pytest.mark.browser, pytest.mark.slow]
WIDE = ViewportSize(width=1280, height=900)
NARROW = ViewportSize(width=360, height=740)
LAWS = [{"title": "Decree on one counter"}, {"title": "", "link": "https://law.example/b"}]
LEGAL = "<p>It lets <strong>one</strong> office sign.</p><table><tr><td>60 days</td></tr></table>"


class Translating(Server):
    """A server that shows one page of the network and keeps what it is sent."""

    def __init__(self, made: str) -> None:
        """Begin with a page as the network made it."""
        super().__init__()
        self.made = made

    def page(self) -> str:
        """Return the page, with this server behind it."""
        told = self.made.replace("/static/dist/", "/dist/")
        told = re.sub(r'action="[^"]+/law"', 'action="/page"', told)
        told = re.sub(r'data-autosave="[^"]+"', 'data-autosave="/save"', told)
        told = re.sub(r'(name="csrf_token" value=")[^"]+', rf"\g<1>{self.token}", told)
        return re.sub(r'(name="base"[^>]* value=")[^"]+', rf"\g<1>{self.base}", told)

    def save(self, fields: dict[str, str]) -> tuple[int, dict[str, object]]:
        """Keep what is sent."""
        self.base += 1
        self.saves.append(fields)
        return 200, {"saved_at": "12:04", "base": str(self.base)}


@pytest.fixture(scope="module")
def made(template: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    """Return the page of a part with rows, one of them without words, and a rich text."""
    folder = tmp_path_factory.mktemp("translator") / "instance"
    shutil.copytree(template, folder)
    app = quick(create_app(config_in(folder)))
    app.test_client_class = Visitor
    with app.app_context():
        practice = published(laws=LAWS, legal_basis=LEGAL)
        service.begin_translation(actor("official"), practice, "id")
        address = f"/practices/{practice.slug}/translations/id/law"
        answer = client_of(app, "official").get(address)
    close(app)
    assert answer.status_code == 200, answer.text
    return answer.text


@pytest.fixture
def page(made: str, chromium: Browser) -> Iterator[Page]:
    """Return the open page; nothing it does is against its content policy."""
    with served(Translating(made)) as server:
        context = chromium.new_context(viewport=WIDE)
        context.set_default_timeout(8_000)
        opened, complaints = context.new_page(), []
        opened.on("pageerror", lambda error: complaints.append(str(error)))
        opened.on("console", lambda one: complaints.append(one.text) if _is_bad(one) else None)
        opened.clock.install()
        opened.goto(server.url)
        opened.server = server  # type: ignore[attr-defined]
        yield opened
        assert not complaints
        context.close()


def _is_bad(message: object) -> bool:
    text = str(getattr(message, "text", ""))
    return getattr(message, "type", "") == "error" and "Failed to load resource" not in text


def server_of(page: Page) -> Translating:
    """Return the server behind the page."""
    return page.server  # type: ignore[attr-defined,no-any-return]


def rich(page: Page) -> Locator:
    """Return the editor of the rich text, by its label."""
    return page.get_by_role("textbox", name="Legal basis Indonesian")


def box(page: Page, selector: str) -> FloatRect:
    """Return where a part of the page stands."""
    found = page.locator(selector).last.bounding_box()
    assert found is not None
    return found


def test_original_and_words_stand_side_by_side(page: Page) -> None:
    """On a telephone one stands above the other, the original first; nothing sticks out."""
    left, right = box(page, ".cn-pair__side--original"), box(page, ".cn-rich")
    assert left["x"] + left["width"] <= right["x"]
    page.set_viewport_size(NARROW)
    above, below = box(page, ".cn-pair__side--original"), box(page, ".cn-rich")
    assert above["y"] + above["height"] <= below["y"]
    width = page.evaluate("document.documentElement.scrollWidth")
    assert width <= NARROW["width"]


def test_each_side_is_in_its_language(page: Page) -> None:
    """The words are typed in the language of the version, whatever the page's is."""
    expect(rich(page)).to_have_attribute("lang", "id")
    expect(page.locator(".cn-pair__text").first).to_have_attribute("lang", "en")
    expect(page.locator(".cn-pair__text table")).to_have_count(1)


def test_words_are_saved_by_themselves_with_every_row(page: Page) -> None:
    """A row without words goes along, so that the rows stay as many."""
    rich(page).click()
    page.keyboard.type("Satu kantor menandatangani.")
    page.get_by_label("Title Indonesian").fill("Keputusan satu loket")
    page.clock.fast_forward(2_100)
    expect(page.locator("[data-saved]")).to_have_text("Saved 12:04")
    sent = server_of(page).saves[-1]
    assert sent["legal_basis"] == "<p>Satu kantor menandatangani.</p>"
    assert (sent["laws-0-title"], sent["laws-1-title"]) == ("Keputusan satu loket", "")
    assert sent["format"] == "html"


def test_words_are_kept_while_the_line_is_down(page: Page) -> None:
    """And sent when it returns."""
    page.context.set_offline(True)
    rich(page).click()
    page.keyboard.type("Satu kantor.")
    page.clock.fast_forward(2_100)
    expect(page.locator("[data-saved]")).to_contain_text("kept in this browser")
    assert page.evaluate("Object.keys(localStorage).length") == 1
    page.context.set_offline(False)
    expect(page.locator("[data-saved]")).to_have_text("Saved 12:04")
    assert server_of(page).saves[-1]["legal_basis"] == "<p>Satu kantor.</p>"


def test_enter_in_a_field_saves_the_part(page: Page) -> None:
    """It presses Save, and nothing else."""
    page.get_by_label("Title Indonesian").fill("Keputusan")
    page.keyboard.press("Enter")
    page.wait_for_url("**/page")
    assert server_of(page).pages[-1]["action"] == "save"
    assert server_of(page).pages[-1]["laws-0-title"] == "Keputusan"
