"""A practice in the reader's language: translated, reviewed, found, and kept up to date.

Told in both languages, with and without JavaScript; each telling's version is in the language of
its people, and the original in the other one.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from babel import Locale
from playwright.sync_api import Browser, Locator, expect

from citynet.demo.service import SECRETARIAT
from tests.browser.person import Person
from tests.browser.site import Site
from tests.stories import steps

pytestmark = [pytest.mark.browser, pytest.mark.slow]
OFFICIAL, LEAD = "official@sidoarjo.example", "lead@sidoarjo.example"
SLUG = (
    "SELECT slug FROM practices JOIN revisions ON revisions.practice_id = practices.id"
    " WHERE revisions.title = ?"
)
FOUND_WITHIN_SECONDS = 2.0
PROBLEM = "The problem before, and whom it hit"
# What is translated in each part, by its label.
TOLD = {
    "What it is": ("Title", "The practice in one line"),
    "What it is about": ("Summary",),
    "The problem before": (PROBLEM,),
    "What was done": ("What it is called",),
}
Open = Callable[[str], Person]


@dataclass(frozen=True)
class Telling:
    """What one telling of the story translates."""

    language: str
    has_scripts: bool
    original: str
    title: str
    word: str

    def __str__(self) -> str:
        """Name the telling."""
        return f"{self.language}, {'with' if self.has_scripts else 'without'} scripts"

    @property
    def other(self) -> str:
        """Return the language of the original."""
        return {"en": "id", "id": "en"}[self.language]

    def name_of(self, language: str) -> str:
        """Return a language's name as these people read it."""
        return str(Locale(self.language).languages[language])


TELLINGS = (
    Telling("en", True, "Loket di alun-alun", "One counter under the banyan", "banyan"),
    Telling("id", False, "A counter at the harbour", "Satu loket di mercusuar", "mercusuar"),
)


@pytest.fixture(scope="module", autouse=True)
def originals(site: Site) -> None:
    """Publish what is translated, past the pages: another story tells how that is done."""
    published = (f"versions.write_original({one.original!r}, {one.other!r})" for one in TELLINGS)
    site.run("\n".join(["from tests.browser import versions", *published]))


@pytest.fixture(params=TELLINGS, ids=str)
def telling(request: pytest.FixtureRequest) -> Telling:
    """Return one telling after the other."""
    assert isinstance(request.param, Telling)
    return request.param


@pytest.fixture
def opens(chromium: Browser, site: Site, telling: Telling) -> Iterator[Open]:
    """Return a way to open a window in a language; all are closed at the end."""
    people: list[Person] = []

    def open_window(language: str) -> Person:
        people.append(Person(chromium, site, language, has_scripts=telling.has_scripts))
        return people[-1]

    yield open_window
    for person in people:
        person.close()


def test_readers_get_their_language_first(telling: Telling, opens: Open, site: Site) -> None:
    """From a translator's first word to a version that follows its original."""
    page = f"/practices/{site.look_up(SLUG, telling.original)}"
    translator, lead, secretariat = (opens(telling.language) for _ in range(3))
    for person, address in ((translator, OFFICIAL), (lead, LEAD), (secretariat, SECRETARIAT)):
        person.come_in(address)
    translate(translator, page, telling)
    bring_out(lead, secretariat, telling)

    reader = opens(telling.language)
    find(reader, page, telling)
    read_in_both(reader, opens(telling.other), page, telling)

    change_the_original(translator, page, telling)
    lead.page.goto("/work")
    steps.sign_off(lead, telling.original)
    secretariat.page.goto("/admin/")
    steps.publish(secretariat, telling.original)
    is_marked(reader, page)

    bring_up_to_date(translator, telling)
    bring_out(lead, secretariat, telling)
    is_new(reader, page)


def translate(translator: Person, page: str, telling: Telling) -> None:
    """Begin the version from the practice's page, go through its parts, and submit it."""
    translator.page.goto(page)
    translator.link("Language versions of this practice").click()
    into = translator.words(
        "Begin the translation into %(language)s", language=telling.name_of(telling.language)
    )
    translator.main.get_by_role("button", name=into, exact=True).click()
    translator.sees("This is a draft")
    translator.link("Go on translating").click()
    for part, labels in TOLD.items():
        expect(translator.heading(part).first).to_be_visible()
        for label in labels:
            told = telling.title if label == "Title" else f"{telling.title}: {label}"
            words_of(translator, label, telling).fill(told)
        is_last = part == list(TOLD)[-1]
        translator.button("Save and finish" if is_last else "Save and go on").click()
    submit(translator)


def words_of(person: Person, label: str, telling: Telling) -> Locator:
    """Return the box for the words of a field, beside its original."""
    name = f"{person.words(label)} {telling.name_of(telling.language)}"
    return person.main.get_by_role("textbox", name=name, exact=True)


def submit(translator: Person) -> None:
    """Hand the words to the lead, when nothing is missing."""
    translator.sees("Everything is translated. Submit it, and your city’s lead can sign it off.")
    translator.button("Submit to the lead").click()
    translator.sees("Submitted. Your city's lead can sign it off now.")


def bring_out(lead: Person, secretariat: Person, telling: Telling) -> None:
    """Find the words on the work list and sign them off; among the reviews, and publish them."""
    lead.page.goto("/work")
    steps.sign_off(lead, telling.title)
    secretariat.page.goto("/admin/reviews")
    secretariat.link_named(telling.title).click()
    secretariat.button("Publish").click()
    secretariat.sees("Published. Readers of this language see it now.")


def find(reader: Person, page: str, telling: Telling) -> None:
    """Find it by a word that only the translation says, and open it."""
    start = time.monotonic()
    while f'href="{page}"' not in reader.get("/search", q=telling.word):
        assert time.monotonic() - start < FOUND_WITHIN_SECONDS, "search does not find it yet"
        time.sleep(0.05)
    reader.page.goto("/")
    box = reader.field("What must your city solve?")
    box.fill(telling.word)
    box.press("Enter")
    reader.link_named(telling.title).click()
    expect(reader.page).to_have_url(re.compile(re.escape(page)))
    expect(title(reader, telling.title)).to_be_visible()


def read_in_both(reader: Person, other: Person, page: str, telling: Telling) -> None:
    """Each gets their browser's language first, and can go to the other one."""
    reader.page.goto(page)
    expect(title(reader, telling.title)).to_be_visible()
    reader.sees("Translated from %(language)s by the city", language=telling.name_of(telling.other))
    reader.link("Read the original").click()
    expect(title(reader, telling.original)).to_be_visible()
    other.page.goto(page)
    expect(title(other, telling.original)).to_be_visible()
    name = str(Locale(telling.other).languages[telling.language])
    other.link("Also in %(language)s", language=name).click()
    expect(title(other, telling.title)).to_be_visible()


def title(person: Person, words: str) -> Locator:
    """Return the first heading of a practice's page."""
    return person.page.get_by_role("heading", name=words, level=1, exact=True)


def change_the_original(author: Person, page: str, telling: Telling) -> None:
    """Tell the problem otherwise, and hand it to the lead."""
    author.page.goto(f"{page}/edit/problem")
    author.field(PROBLEM).fill(f"{telling.original}: 40000.")
    author.button("Save").click()
    author.sees("Your draft is saved.")
    author.link("Overview").click()
    author.button("Submit to the lead").click()
    author.sees("Submitted. Your city's lead can sign it off now.")


def is_marked(reader: Person, page: str) -> None:
    """Read which part tells something else by now."""
    reader.page.goto(page)
    reader.sees("The original has changed since this translation")
    notice = reader.main.locator(".cn-banner--warning")
    expect(notice.get_by_role("link", name=reader.words(PROBLEM), exact=True)).to_be_visible()


def bring_up_to_date(translator: Person, telling: Telling) -> None:
    """Find it on the work list, see what changed, translate it, and submit it."""
    translator.page.goto("/work")
    behind = translator.main.get_by_role(
        "region", name=re.compile(re.escape(translator.words("Behind their original")))
    )
    behind.get_by_role("link", name=telling.title, exact=True).click()
    translator.button("Bring it up to date").click()
    translator.link("Go on translating").click()
    translator.sees("The original has changed here: check your words")
    expect(translator.main.locator(".cn-tocheck ins").last).to_contain_text("40000")
    words_of(translator, PROBLEM, telling).fill(f"{telling.title}: 40000.")
    translator.button("Save").click()
    translator.sees("Your translation is saved.")
    translator.link("Overview").click()
    submit(translator)


def is_new(reader: Person, page: str) -> None:
    """Read the new words, with no mark."""
    reader.page.goto(page)
    expect(reader.main.get_by_text("40000").first).to_be_visible()
    mark = reader.words("The original has changed since this translation")
    expect(reader.main.get_by_text(mark)).to_have_count(0)
