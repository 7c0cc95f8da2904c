"""The suggestions under a search box in a real browser: keys, mouse, slow lines, and without."""

from __future__ import annotations

import re
from collections.abc import Iterator
from threading import Event

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Locator, expect

from tests.browser.fixtures import chromium
from tests.search.search_page import ANSWER, NOTHING, Server, served

__all__ = ["chromium"]
pytestmark = [pytest.mark.browser, pytest.mark.slow]
# Letter by letter, with no time in between.
AT_ONCE = """(box, text) => [...text].forEach((letter) => {
  box.value += letter;
  box.dispatchEvent(new InputEvent("input"));
})"""


class Reader:
    """Somebody who types into the search box."""

    def __init__(self, context: BrowserContext, server: Server) -> None:
        """Open the page."""
        self.server, self.page = server, context.new_page()
        self.complaints: list[str] = []
        self.page.on("console", self._note)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.goto(server.url)

    def _note(self, message: ConsoleMessage) -> None:
        if message.type == "error" and "Failed to load resource" not in message.text:
            self.complaints.append(message.text)

    @property
    def box(self) -> Locator:
        """Return the box, which assistive technology knows as a combobox."""
        return self.page.get_by_role("combobox", name="Search practices")

    @property
    def list(self) -> Locator:
        """Return the list, if it is open."""
        return self.page.get_by_role("listbox", name="Suggestions")

    @property
    def active(self) -> Locator:
        """Return the option where the keyboard stands."""
        return self.page.get_by_role("option", selected=True)

    def press(self, *keys: str) -> None:
        """Press keys, one after the other."""
        for key in keys:
            self.page.keyboard.press(key)

    def type(self, text: str = "waste") -> None:
        """Type into the box."""
        self.box.focus()
        self.page.keyboard.type(text)

    def opens(self, text: str = "waste") -> None:
        """Type what has suggestions, and see them."""
        self.type(text)
        expect(self.list).to_be_visible()

    def stands_on(self, text: str) -> None:
        """See the option named active, for eyes and for screen readers."""
        expect(self.active).to_have_text(text)
        expect(self.active).to_be_in_viewport()
        option = self.active.get_attribute("id") or ""
        expect(self.box).to_have_attribute("aria-activedescendant", option)
        expect(self.box).to_be_focused()

    def is_closed(self) -> None:
        """See no list."""
        expect(self.list).to_be_hidden()
        expect(self.box).to_have_attribute("aria-expanded", "false")
        assert self.box.get_attribute("aria-activedescendant") is None


@pytest.fixture
def server() -> Iterator[Server]:
    """Serve the page."""
    with served() as running:
        yield running


@pytest.fixture
def reader(chromium: Browser, server: Server) -> Iterator[Reader]:
    """Return somebody at a desk; the page complains of nothing while they are there."""
    with chromium.new_context() as context:
        opened = Reader(context, server)
        yield opened
        assert opened.complaints == []


def test_box_is_a_combobox_with_a_list_of_groups(reader: Reader) -> None:
    """As the pattern names its roles and states."""
    expect(reader.box).to_have_attribute("aria-autocomplete", "list")
    expect(reader.box).to_have_attribute("aria-expanded", "false")
    expect(reader.box).to_have_attribute("autocomplete", "off")
    reader.opens()
    expect(reader.box).to_have_attribute("aria-expanded", "true")
    owned = reader.box.get_attribute("aria-controls")
    assert owned == reader.list.get_attribute("id")
    expect(reader.list.get_by_role("group")).to_have_count(3)
    practices = reader.list.get_by_role("group", name="Practices")
    expect(practices.get_by_role("option")).to_have_text(["Waste bank", "Bank sampah <b>"])
    expect(practices.get_by_role("option").nth(1)).to_have_attribute("lang", "id")
    expect(reader.page.get_by_role("status")).to_have_text("4 suggestions")
    assert reader.active.count() == 0


def test_arrows_go_round_and_through_the_box(reader: Reader) -> None:
    """Down from the last option to the box, up from the box to the last."""
    reader.opens()
    for text in ("Waste bank", "Bank sampah <b>", "Waste", "waste water"):
        reader.press("ArrowDown")
        reader.stands_on(text)
    reader.press("ArrowDown")
    expect(reader.active).to_have_count(0)
    reader.press("ArrowUp")
    reader.stands_on("waste water")
    expect(reader.box).to_have_value("waste")


def test_home_end_and_letters_lead_back_into_the_text(reader: Reader) -> None:
    """With the cursor where the key says."""
    reader.opens()
    for key, at in (("Home", 0), ("End", 5), ("ArrowLeft", 4)):
        reader.press("ArrowDown")
        reader.stands_on("Waste bank")
        reader.press(key)
        expect(reader.active).to_have_count(0)
        assert reader.box.evaluate("one => one.selectionStart") == at
    assert reader.box.get_attribute("aria-activedescendant") is None


def test_escape_closes_and_then_clears(reader: Reader) -> None:
    """And an arrow opens the list again."""
    reader.opens()
    reader.press("ArrowDown", "Escape")
    reader.is_closed()
    expect(reader.box).to_have_value("waste")
    expect(reader.page.get_by_role("status")).to_have_text("")
    reader.press("ArrowDown")
    reader.stands_on("Waste bank")
    reader.press("Escape", "ArrowUp")
    reader.stands_on("waste water")
    reader.press("Escape", "Alt+ArrowDown")
    expect(reader.list).to_be_visible()
    expect(reader.active).to_have_count(0)
    reader.press("Escape", "Escape")
    expect(reader.box).to_have_value("")
    assert reader.server.asked.count("waste") == 1


def test_enter_goes_where_the_option_leads(reader: Reader) -> None:
    """To its page."""
    reader.opens()
    reader.press("ArrowDown", "ArrowDown", "Enter")
    expect(reader.page).to_have_url(re.compile("/practices/bank-sampah$"))


def test_enter_without_an_option_searches(reader: Reader) -> None:
    """For what was typed, with the filters of the form."""
    reader.opens()
    reader.press("Enter")
    expect(reader.page).to_have_url(re.compile(r"/search\?q=waste&topic=waste$"))


def test_tab_leaves_and_closes(reader: Reader) -> None:
    """To the button, not into the list, and takes no option."""
    reader.opens()
    reader.press("ArrowDown", "Tab")
    expect(reader.page.get_by_role("button", name="Search")).to_be_focused()
    reader.is_closed()
    expect(reader.box).to_have_value("waste")


def test_press_of_the_mouse_goes_there(reader: Reader) -> None:
    """While the pointer is in the list the box keeps the keyboard."""
    reader.opens()
    reader.list.get_by_text("Topics").click()
    expect(reader.box).to_be_focused()
    reader.list.get_by_role("option", name="Waste", exact=True).click()
    expect(reader.page).to_have_url(re.compile("/topics/waste$"))


def test_press_elsewhere_closes(reader: Reader) -> None:
    """And coming back finds it closed."""
    reader.opens()
    reader.page.get_by_role("heading", name="Search").click()
    reader.is_closed()


def test_who_comes_back_finds_the_list_closed(reader: Reader) -> None:
    """With what was typed, or without, as the browser keeps it."""
    reader.opens()
    reader.press("ArrowDown", "Enter")
    expect(reader.page.get_by_role("heading", name="There")).to_be_visible()
    reader.page.go_back()
    reader.is_closed()


def test_fast_typing_asks_once(reader: Reader) -> None:
    """And what was asked before is not asked again."""
    reader.box.focus()
    reader.box.evaluate(AT_ONCE, "waste")
    expect(reader.list).to_be_visible()
    assert reader.server.asked == ["waste"]
    reader.press("Backspace")
    expect(reader.list).to_be_hidden()
    reader.page.keyboard.type("e")
    expect(reader.list).to_be_visible()
    assert reader.server.asked.count("waste") == 1


def test_late_answer_to_an_older_text_changes_nothing(reader: Reader) -> None:
    """The browser let go of it, and the newer one stands."""
    held = reader.server.held["was"] = Event()
    reader.server.answers["was"] = {**ANSWER, "told": "old"}
    with reader.page.expect_request("**/search/suggest?q=was"):
        reader.type("was")
    reader.page.keyboard.type("te")
    expect(reader.list).to_be_visible()
    held.set()
    reader.press("ArrowDown")
    reader.stands_on("Waste bank")
    expect(reader.page.get_by_role("status")).to_have_text("4 suggestions")


def test_nothing_found_is_told_and_shows_no_list(reader: Reader) -> None:
    """Politely."""
    reader.server.answers["zzz"] = NOTHING
    reader.type("zzz")
    expect(reader.page.get_by_role("status")).to_have_text("No suggestions")
    reader.is_closed()


@pytest.mark.parametrize("status", [500, 429, 404])
def test_failure_leaves_the_box_as_it_is(reader: Reader, status: int) -> None:
    """It searches by its button."""
    reader.opens()
    reader.server.status = status
    reader.page.keyboard.type("s")
    reader.is_closed()
    reader.page.get_by_role("button", name="Search").click()
    expect(reader.page).to_have_url(re.compile(r"/search\?q=wastes&topic=waste$"))


def test_one_letter_asks_nothing(reader: Reader) -> None:
    """Two do."""
    with reader.page.expect_response("**/search/suggest?*"):
        reader.type("w")
        reader.type("a")
    assert reader.server.asked == ["wa"]


def test_without_the_script_the_button_searches(chromium: Browser, server: Server) -> None:
    """A plain field."""
    with chromium.new_context(java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(server.url)
        page.get_by_role("searchbox", name="Search practices").fill("waste")
        page.get_by_role("button", name="Search").click()
        expect(page).to_have_url(re.compile(r"/search\?q=waste&topic=waste$"))


@pytest.mark.parametrize("width", [360, 1280])
def test_open_list_has_no_barrier_and_fits(chromium: Browser, server: Server, width: int) -> None:
    """By axe, on a telephone and at a desk; options are large enough for a finger."""
    with chromium.new_context(viewport={"width": width, "height": 640}) as context:
        reader = Reader(context, server)
        reader.opens()
        reader.press("ArrowDown")
        found = Axe().run(reader.page, options={"resultTypes": ["violations"]})
        broken = {one["id"] for one in found.response["violations"]}
        assert broken <= {"landmark-one-main", "region"}, found.generate_report()
        assert reader.page.evaluate("document.documentElement.scrollWidth") <= width
        for option in reader.list.get_by_role("option").all():
            box = option.bounding_box()
            assert box is not None
            assert box["height"] >= 40
            assert box["x"] >= 0
            assert box["x"] + box["width"] <= width


def test_active_option_is_seen_in_forced_colours_and_the_list_is_not_printed(
    chromium: Browser, server: Server
) -> None:
    """By a line around it, for its ground is not painted."""
    with chromium.new_context(forced_colors="active") as context:
        reader = Reader(context, server)
        reader.opens()
        reader.press("ArrowDown")
        style = reader.active.evaluate(
            "one => [getComputedStyle(one).outlineStyle, getComputedStyle(one).outlineWidth]"
        )
        assert style == ["solid", "2px"]
        reader.page.emulate_media(media="print")
        expect(reader.list).to_be_hidden()
