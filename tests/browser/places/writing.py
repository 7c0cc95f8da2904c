"""What authors, leads and contacts look at on a practice's way: its editor, its files, its end."""

from __future__ import annotations

import io
import re

from PIL import Image
from playwright.sync_api import Page, expect

from citynet.practices.editing import PARTS
from tests.browser.person import Person
from tests.browser.places import rows
from tests.browser.places.kinds import Place, Round, Way, opened, refused
from tests.browser.site import Site

PART = "/practices/<slug>/edit/<key>"
WORDS = """\
The problem before

Every permit took five visits to three offices.

Nobody knows where this belongs

The market opens at four in the morning.
"""
LONG_AGO = "2020-01-01 00:00:00.000000"
# Nobody answered for it for years, so that its city is asked.
UNCONFIRMED = "UPDATE practices SET last_confirmed_at = ? WHERE slug = ?"


def rounds(site: Site, language: str) -> list[Round]:
    """Return what those who write practices and answer for them look at."""
    return [_author(site), _reader_of_revisions(site), _withdrawing(site), _asked(site, language)]


def _author(site: Site) -> Round:
    city = site.look_up(rows.CITY_WITH, "draft")
    slug = site.look_up(rows.BY_CITY, "draft", city)
    one = f"/practices/{slug}"
    edit = f"{one}/edit"
    return Round(
        "author", site.look_up(rows.PERSON_OF, "official", city),
        (
            Place("/practices/new", "/practices/new"),
            Place("/practices/new/word", "/practices/new/word"),
            Place("/practices/<slug>/draft", f"{one}/draft"),
            Place("/practices/<slug>/edit", edit),
            Place("/practices/<slug>/edit", f"{edit}?check=1"),
            *(Place(PART, f"{edit}/{part.key}") for part in PARTS),
            Place("404", f"{edit}/nothing", 404),
            Place("/practices/<slug>/files", f"{one}/files"),
            Place("/practices/<slug>/word", f"{one}/word"),
            Place("/practices/<slug>/revisions", f"{one}/revisions"),
        ),
        (
            Way("no title", refused("/practices/new", "Begin the draft"), 422),
            Way("part with errors", lambda person: _no_day(person, f"{edit}/status"), 422),
            Way("part with a row more", lambda person: _row_more(person, f"{edit}/blocks")),
            Way("two texts", lambda person: _conflict(person, f"{edit}/lessons"), 409),
            Way("no text to read", refused(f"{one}/word", "Read the text"), 422),
            Way("text read", lambda person: _read(person, f"{one}/word"),
                rule="/practices/word/<int:preview_id>"),
            Way("text taken", _take),
            Way("text to be placed", opened(f"{edit}/leftover")),
            Way("new text read", lambda person: _read(person, "/practices/new/word")),
            Way("picture added", lambda person: _add_picture(person, f"{one}/files")),
            Way("picture to remove", _remove_picture,
                rule="/practices/<slug>/files/<key>/remove"),
        ),
    )  # fmt: skip


def _reader_of_revisions(site: Site) -> Round:
    city = site.look_up(rows.CITY_WITH_TWO_TEXTS)
    slug = site.look_up(f"{rows.BY_CITY} AND revisions.number > 1", "published", city)
    every = f"/practices/{slug}/revisions"
    return Round(
        "author with revisions", site.look_up(rows.PERSON_OF, "official", city),
        (
            Place("/practices/<slug>", f"/practices/{slug}"),
            Place("/practices/<slug>/edit", f"/practices/{slug}/edit"),
            Place("/practices/<slug>/revisions", every),
            Place("/practices/<slug>/revisions/<int(max=999999):number>", f"{every}/1"),
            Place("/practices/<slug>/revisions/compare", f"{every}/compare?one=1&other=2"),
            Place("/practices/<slug>/revisions/compare", f"{every}/compare?one=1&other=1"),
        ),
    )  # fmt: skip


def _withdrawing(site: Site) -> Round:
    slug, lead = (site.look_up(one) for one in (rows.LED, rows.LEAD_OF_LED))
    withdraw = f"/practices/{slug}/withdraw"
    return Round(
        "lead who withdraws", lead,
        (Place("/practices/<slug>/withdraw", withdraw),),
        (
            Way("no reason to withdraw", refused(withdraw, "Withdraw it"), 422),
            Way("withdrawn", _withdraw, 410),
            Way("work with a withdrawn practice", opened("/work")),
            Way("brought back", lambda person: _bring_back(person, slug)),
        ),
    )  # fmt: skip


def _asked(site: Site, language: str) -> Round:
    order = {"en": "ASC", "id": "DESC"}[language]
    slug = site.look_up(f"{rows.LED} {order}")
    lead = site.look_up(f"{rows.LEAD_OF_LED} {order}")
    return Round(
        "contact who is asked", None,
        (Place("404", "/still-running/nothing-of-this-kind", 404),),
        (
            Way("still running", lambda person: _ask(person, slug, lead),
                rule="/still-running/<secret>"),
            Way("stopped without a reason", _stopped, 422),
            Way("answered", _answered),
        ),
    )  # fmt: skip


def _no_day(person: Person, path: str) -> None:
    person.page.goto(path)
    person.field("Started").fill("last year")
    person.button("Save and go on").click()
    expect(person.heading("Please correct this")).to_be_visible()


def _row_more(person: Person, path: str) -> None:
    person.page.goto(path)
    names = person.field("What it is called")
    before = names.count()
    person.button("Add a building block").click()
    expect(names).to_have_count(before + 1)


def _conflict(person: Person, path: str) -> None:
    """Save the same field from two windows."""
    person.page.goto(path)
    other = person.context.new_page()
    other.goto(path)
    _save_lessons(other, person, "The other text")
    expect(other.get_by_role("main")).to_contain_text(person.words("Your draft is saved."))
    other.close()
    _save_lessons(person.page, person, "My text")
    expect(person.heading("Two texts of the same part")).to_be_visible()


def _save_lessons(page: Page, person: Person, words: str) -> None:
    page.locator("#lessons").fill(f"{words} ({person.words.language})")
    save = page.locator(".cn-formbar").get_by_role("button", name=person.words("Save"), exact=True)
    save.click()


def _read(person: Person, path: str) -> None:
    person.page.goto(path)
    person.field("Text").fill(WORDS)
    person.button("Read the text").click()
    expect(person.heading("Where each section goes")).to_be_visible()


def _take(person: Person) -> None:
    keep = person.words("Keep it, to be placed later")
    person.main.locator("select").last.select_option(label=keep)
    person.button("Add it to the draft").click()
    person.sees("Your text is in the draft. Read each part, and fill in what it does not say.")


def _add_picture(person: Person, path: str) -> None:
    person.page.goto(path)
    made, items = io.BytesIO(), person.main.locator("[data-file]")
    before = items.count()
    shade = (40, 120, 90) if person.words.language == "en" else (40, 90, 120)
    Image.new("RGB", (640, 480), shade).save(made, "JPEG")
    name = f"counter-{person.words.language}.jpg"
    sent = {"name": name, "mimeType": "image/jpeg", "buffer": made.getvalue()}
    person.main.locator("#files").set_input_files(sent)  # type: ignore[arg-type]
    expect(items).to_have_count(before + 1)
    expect(items.last).to_contain_text(name)


def _remove_picture(person: Person) -> None:
    remove = re.compile(rf"^{re.escape(person.words('Remove'))}")
    person.main.locator("[data-file]").last.get_by_role("link", name=remove).click()
    expect(person.button("Remove it")).to_be_visible()


def _withdraw(person: Person) -> None:
    person.field("Reason").fill("It names people who did not agree to be named.")
    person.button("Withdraw it").click()
    person.sees("The practice is withdrawn. This page tells readers why.")


def _bring_back(person: Person, slug: str) -> None:
    person.page.goto(f"/practices/{slug}")
    person.button("Bring it back").click()
    person.sees("The practice is back. Readers find it in search within seconds.")


def _ask(person: Person, slug: str, lead: str) -> None:
    person.site.change(UNCONFIRMED, LONG_AGO, slug)
    person.site.run("from citynet.practices.service import liveness\nliveness.ask_what_is_due()")
    person.page.goto(person.site.mails.link(lead, "/still-running/"))
    expect(person.heading("Is it still running?")).to_be_visible()


def _stopped(person: Person) -> None:
    person.button("It has stopped").click()
    expect(person.heading("Please correct this")).to_be_visible()


def _answered(person: Person) -> None:
    person.button("Yes, it is still running").click()
    person.sees("Thank you: your answer is written down")
