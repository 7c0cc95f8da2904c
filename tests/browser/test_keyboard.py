"""The main ways by keyboard alone."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, expect

from tests.browser import versions
from tests.browser.person import Person
from tests.browser.places import rows
from tests.browser.site import Site

pytestmark = [pytest.mark.browser, pytest.mark.slow]
OFFICIAL = "official@sidoarjo.example"
MOST_STEPS = 60
# What can be used on a page; of a toolbar the keys with arrows reach the rest.
CONTROLS = """() => {
  const all = "a[href], button, input, textarea, summary, [contenteditable=true], [tabindex]";
  window.controls = [...document.querySelectorAll(all)]
    .filter((one) => one.closest("main") && one.tabIndex >= 0 && one.checkVisibility());
  return window.controls.map((one) => one.outerHTML.slice(0, 120));
}"""
FOCUSED = """() => {
  // A card is drawn around as a whole, by what its link puts over it.
  const isSeen = [null, "::after"].some((part) => {
    const style = getComputedStyle(document.activeElement, part);
    return style.outlineStyle !== "none" || style.boxShadow !== "none";
  });
  return [window.controls.indexOf(document.activeElement), isSeen];
}"""


@pytest.fixture
def person(chromium: Browser, site: Site) -> Iterator[Person]:
    """Return somebody at a desk."""
    opened = Person(chromium, site, "en")
    yield opened
    opened.close()


def step_to(person: Person, wanted: Locator) -> None:
    """Press Tab until the wanted part has the focus."""
    for _step in range(MOST_STEPS):
        person.page.keyboard.press("Tab")
        if wanted.evaluate("one => one === document.activeElement"):
            return
    pytest.fail(f"Tab does not reach {wanted}")


def all_is_reached(person: Person) -> None:
    """Press Tab through the page: it comes to all there is, in its order, and that is seen."""
    controls: list[str] = person.page.evaluate(CONTROLS)
    reached: list[int] = []
    for _step in range(len(controls) + MOST_STEPS):
        if len(reached) == len(controls):
            break
        person.page.keyboard.press("Tab")
        place, is_seen = person.page.evaluate(FOCUSED)
        if place >= 0:
            reached.append(place)
            assert is_seen, controls[place]
    assert reached == list(range(len(controls)))


def test_first_step_skips_to_the_content(person: Person) -> None:
    """The skip link is seen when it has the focus, and leads past the head."""
    person.page.goto("/")
    person.page.keyboard.press("Tab")
    link = person.link("Skip to the content")
    expect(link).to_be_focused()
    expect(link).to_be_in_viewport()
    person.page.keyboard.press("Enter")
    expect(person.main).to_be_focused()


def test_focus_can_be_seen(person: Person) -> None:
    """What has the focus on the home page is drawn around or behind."""
    person.page.goto("/")
    for _step in range(12):
        person.page.keyboard.press("Tab")
        style = person.page.evaluate(
            """() => {
              const style = getComputedStyle(document.activeElement);
              return [style.outlineStyle, style.boxShadow, style.backgroundColor];
            }"""
        )
        assert style[0] != "none" or style[1] != "none", person.page.evaluate(
            "document.activeElement.outerHTML"
        )


def test_search_needs_no_mouse(person: Person) -> None:
    """From the home page to an open practice."""
    person.page.goto("/")
    step_to(person, person.field("What must your city solve?"))
    person.page.keyboard.type("waste bank")
    person.page.keyboard.press("Enter")
    first = person.main.locator("ol .cn-card__link").first
    expect(first).to_be_visible()
    title = first.inner_text()
    step_to(person, first)
    person.page.keyboard.press("Enter")
    expect(person.page.get_by_role("heading", name=title, level=1)).to_be_visible()


def test_filters_need_no_mouse(person: Person) -> None:
    """Tab comes to every filter, Enter unfolds one, Space ticks it, and Enter applies it."""
    person.page.goto("/search?q=waste")
    all_is_reached(person)
    person.page.goto("/search?q=waste")
    folded = person.main.locator("details.cn-facet:not([open])").first
    step_to(person, folded.locator("> summary"))
    person.page.keyboard.press("Enter")
    first = person.main.locator("details.cn-facet:focus-within input").first
    person.page.keyboard.press("Tab")
    expect(first).to_be_focused()
    person.page.keyboard.press("Space")
    person.page.keyboard.press("Enter")
    chosen = person.main.get_by_role("list", name=person.words("Chosen filters"))
    step_to(person, chosen.get_by_role("link").first)
    person.page.keyboard.press("Enter")
    expect(chosen).to_have_count(0)


def test_suggestion_needs_no_mouse(person: Person) -> None:
    """Arrows walk the suggestions, and Enter opens one."""
    person.page.goto("/search")
    step_to(person, person.main.get_by_role("combobox"))
    person.page.keyboard.type("waste")
    expect(person.page.get_by_role("listbox")).to_be_visible()
    person.page.keyboard.press("ArrowDown")
    chosen = person.page.get_by_role("option", selected=True).inner_text()
    person.page.keyboard.press("Enter")
    expect(person.page.get_by_role("heading", name=chosen, level=1)).to_be_visible()


def test_map_needs_no_mouse(person: Person) -> None:
    """Each city on it is a stop, and Enter shows what was found there."""
    person.page.goto("/search?q=waste&view=map")
    city = person.main.locator("svg a").first
    step_to(person, city)
    person.page.keyboard.press("Enter")
    expect(person.main.locator("ol .cn-card__link").first).to_be_visible()


def test_error_summary_leads_to_the_field(person: Person) -> None:
    """It has the focus when the page comes back, and its link puts the cursor into the field."""
    person.sign_in(OFFICIAL)
    person.page.goto("/practices/new")
    field = person.field("Title")
    field.focus()
    person.page.keyboard.press("Enter")
    summary = person.page.locator(".govuk-error-summary")
    expect(summary).to_be_focused()
    person.page.keyboard.press("Tab")
    expect(summary.get_by_role("link").first).to_be_focused()
    person.page.keyboard.press("Enter")
    expect(field).to_be_focused()


def test_account_menu_opens_and_closes(person: Person) -> None:
    """Enter opens it, Escape closes it, and the focus stays where it was."""
    person.sign_in(OFFICIAL)
    person.page.goto("/about")
    menu = person.page.locator("summary.cn-tool")
    step_to(person, menu)
    person.page.keyboard.press("Enter")
    expect(person.button("Sign out")).to_be_visible()
    person.page.keyboard.press("Tab")
    person.page.keyboard.press("Escape")
    expect(person.button("Sign out")).to_be_hidden()
    expect(menu).to_be_focused()


def test_rich_text_needs_no_mouse(person: Person, site: Site) -> None:
    """Keys make words bold, and Tab leads out of the text to what comes after it."""
    city = site.look_up(rows.CITY_WITH, "draft")
    person.sign_in(site.look_up(rows.PERSON_OF, "official", city))
    person.page.goto(f"/practices/{site.look_up(rows.BY_CITY, 'draft', city)}/edit/upkeep")
    text = person.page.locator("#awards")
    step_to(person, text)
    person.page.keyboard.press("Control+A")
    person.page.keyboard.type("Bold")
    person.page.keyboard.press("Control+A")
    person.page.keyboard.press("Control+B")
    expect(text.locator("b, strong")).to_have_text("Bold")
    step_to(person, person.button("Save and go on"))


def test_translator_needs_no_mouse(person: Person, site: Site) -> None:
    """Tab comes to all that a part's page has, in its order, and what has the focus is seen."""
    slug = versions.written(site)["draft"]
    person.sign_in(OFFICIAL)
    person.page.goto(f"/practices/{slug}/translations/id/blocks")
    expect(person.page.get_by_role("toolbar").first).to_be_visible()
    all_is_reached(person)
