"""What a secretariat looks at to review: texts that wait, comments, cities of trust."""

from __future__ import annotations

from datetime import timedelta

from playwright.sync_api import expect

from citynet.demo.service import SECRETARIAT
from citynet.kit import clock
from tests.browser.person import Person
from tests.browser.places import rows
from tests.browser.places.kinds import Place, Round, Way, opened, refused
from tests.browser.site import Site

TRUST = "/admin/reviews/trust"


def secretariat(site: Site) -> Round:
    """Return what the secretariat looks at from the list of reviews on."""
    slug = site.look_up(rows.TEXT, "signed_off")
    draft = f"/practices/{slug}/draft"
    return Round(
        "secretariat, reviews", SECRETARIAT,
        (
            Place("/admin/reviews", "/admin/reviews"),
            Place("/admin/reviews", "/admin/reviews?mine=1"),
            Place(TRUST, TRUST),
            Place("/practices/<slug>/draft", draft),
            Place("/practices/<slug>/revisions", f"/practices/{slug}/revisions"),
        ),
        (
            Way("no day to publish", lambda person: _no_day(person, draft), 422),
            Way("empty comment", lambda person: _comment(person, draft, ""), 422),
            Way("comment", lambda person: _comment(person, draft, "Give the source.")),
            Way("reviewer", lambda person: _assign(person, draft)),
            Way("planned for a day", lambda person: _plan(person, draft)),
            Way("reviews with one planned", opened("/admin/reviews")),
            Way("day taken back", lambda person: _take_back(person, draft)),
            Way("no city to trust", refused(TRUST, "Switch the review off"), 422),
            Way("city of trust", _trust),
            Way("review on again", _review_again),
        ),
    )  # fmt: skip


def _unfold(person: Person, words: str) -> None:
    person.page.locator("summary").filter(has_text=person.words(words)).first.click()


def _no_day(person: Person, draft: str) -> None:
    person.page.goto(draft)
    person.box("When readers see it", "From a day on").check()
    person.button("Publish").click()
    expect(person.heading("Please correct this")).to_be_visible()


def _comment(person: Person, draft: str, words: str) -> None:
    person.page.goto(draft)
    _unfold(person, "Comment on a field")
    form = person.main.locator("details[open] form")
    form.get_by_label(person.words("What should change")).fill(words)
    form.get_by_role("button", name=person.words("Add the comment"), exact=True).click()
    if words:
        person.sees("Your comment stands beside the field. Send the text back when you are done.")
    else:
        expect(person.heading("Please correct this")).to_be_visible()


def _assign(person: Person, draft: str) -> None:
    """Take the text on; the second language finds it taken, and only changes the day."""
    person.page.goto(draft)
    person.main.locator("details:has(#reviewer) > summary").click()
    person.main.locator("#reviewer").select_option(index=1)
    person.field("Due on").fill(_in_days({"en": 30, "id": 31}[person.words.language]))
    person.button("Save the reviewer").click()
    person.sees("Who reviews this text is written down.")


def _plan(person: Person, draft: str) -> None:
    person.page.goto(draft)
    person.box("When readers see it", "From a day on").check()
    person.field("Day").fill(_in_days(40))
    person.button("Publish").click()
    person.sees("Approved. It comes out on the day you gave.")


def _take_back(person: Person, draft: str) -> None:
    person.page.goto(draft)
    person.button("Take the day back").click()
    person.sees("The day is taken back. The text waits for the secretariat again.")


def _in_days(days: int) -> str:
    return (clock.now().date() + timedelta(days)).isoformat()


def _trust(person: Person) -> None:
    person.page.goto(TRUST)
    person.main.locator("#city").select_option(index=1)
    person.main.locator("#reason").fill("Five practices published without a change.")
    person.button("Switch the review off").click()
    person.sees("What the lead of this city signs off is published at once from now on.")


def _review_again(person: Person) -> None:
    _unfold(person, "Review it again")
    person.main.locator("details[open] textarea").fill("A new lead.")
    person.button("Switch the review on").click()
    person.sees("The secretariat reviews what this city signs off from now on.")
