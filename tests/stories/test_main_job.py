"""The main job in a real browser, by what the pages say: write, sign off, publish, find, admit.

In both languages, with and without JavaScript. Words are looked up in the catalogue that the
pages are served with, so that the story follows the words a person reads.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, expect

from citynet.demo.service import SECRETARIAT
from tests.browser.person import Person
from tests.browser.site import Site
from tests.browser.words import Words
from tests.stories import steps

pytestmark = [pytest.mark.browser, pytest.mark.slow]
OFFICIAL, LEAD = "official@sidoarjo.example", "lead@sidoarjo.example"
READER = "official@kupang.example"
FOUND_WITHIN_SECONDS = 2.0
Open = Callable[[], Person]


@dataclass(frozen=True)
class Telling:
    """What one telling of the story writes; each has its own practice and newcomer."""

    language: str
    has_scripts: bool
    title: str
    newcomer: str

    def __str__(self) -> str:
        """Name the telling."""
        return f"{self.language}, {'with' if self.has_scripts else 'without'} scripts"


TELLINGS = (
    Telling("en", True, "Scales at the corner shop", "Kota Bitung"),
    Telling("en", False, "Scales at the village hall", "Kota Palopo"),
    Telling("id", True, "Timbangan di warung pojok", "Kota Ternate"),
    Telling("id", False, "Timbangan di balai desa", "Kota Gorontalo"),
)


@pytest.fixture(params=TELLINGS, ids=str)
def telling(request: pytest.FixtureRequest) -> Telling:
    """Return one telling after the other."""
    assert isinstance(request.param, Telling)
    return request.param


@pytest.fixture
def opens(chromium: Browser, site: Site, telling: Telling) -> Iterator[Open]:
    """Return a way to open a window of the telling's kind; all are closed at the end."""
    people: list[Person] = []

    def open_window() -> Person:
        people.append(Person(chromium, site, telling.language, has_scripts=telling.has_scripts))
        return people[-1]

    yield open_window
    for person in people:
        person.close()


def test_practice_is_written_found_and_read(telling: Telling, opens: Open) -> None:
    """From an official's first draft to a colleague in another city who opens it."""
    author, lead, secretariat, reader = (opens() for _ in range(4))
    author.sign_in(OFFICIAL)
    steps.draft_with_a_title(author, telling.title)
    steps.answer_and_submit(author, telling.title)
    lead.sign_in(LEAD)
    steps.sign_off(lead, telling.title)
    reader.sign_in(READER)
    secretariat.sign_in(SECRETARIAT)
    expect(secretariat.heading("Secretariat desk")).to_be_visible()
    steps.publish(secretariat, telling.title)
    find_within_seconds(reader, telling)
    find_by_topic(reader, telling, "en")
    find_by_topic(reader, telling, "id")
    for person in (author, lead, secretariat, reader):
        person.sign_out()


def test_city_is_admitted_and_suspended(telling: Telling, opens: Open) -> None:
    """The secretariat writes an application down, admits the city, and suspends it."""
    clerk, city = opens(), telling.newcomer
    clerk.sign_in(SECRETARIAT)
    clerk.page.goto("/")
    clerk.open_account_menu()
    clerk.link("Secretariat desk").click()
    clerk.link("Memberships").click()
    clerk.link("Register an application").click()
    steps.choose_city(clerk, city)
    steps.fill_contact(clerk, "Ani (contoh)", f"{city.split()[1].lower()}@city.example")
    clerk.button("Register the application").click()
    clerk.sees("The application of %(city)s is registered.", city=city)
    clerk.link("Admit").click()
    clerk.button("Continue to the letter").click()
    clerk.button("Admit and send the letter").click()
    clerk.sees("%(city)s is a member now. The letter is under way.", city=city)
    clerk.link("Open the membership").click()
    clerk.link("Suspend").click()
    clerk.button("Suspend").click()
    expect(clerk.heading("Please correct this")).to_be_visible()
    clerk.field("Reason").fill(f"Because: {city}")
    clerk.button("Suspend").click()
    clerk.sees("%(city)s is suspended now.", city=city)
    expect(clerk.main.get_by_text(f"Because: {city}").first).to_be_visible()
    clerk.sign_out()


def find_within_seconds(reader: Person, telling: Telling) -> None:
    """See it in search soon after the publication was confirmed."""
    start = time.monotonic()
    asked = {"q": reader.words.topic("waste-banks"), "sort": "newest"}
    while telling.title not in reader.get("/search", **asked):
        assert time.monotonic() - start < FOUND_WITHIN_SECONDS, "search does not find it yet"
        time.sleep(0.05)


def find_by_topic(reader: Person, telling: Telling, language: str) -> None:
    """Search the topic's name in a language, narrow by city, and open the practice."""
    reader.page.goto("/")
    box = reader.field("What must your city solve?")
    box.fill(Words(language).topic("waste-banks").lower())
    box.press("Enter")
    name = re.compile(rf"^\s*{re.escape(reader.words('City'))}\s*$")
    fold = reader.main.locator("details.cn-facet > summary").filter(has_text=name)
    if not fold.is_visible():
        reader.page.locator("summary").filter(has_text=reader.words("Filters")).click()
    fold.click()
    city = reader.main.get_by_role("group", name=reader.words("City"), exact=True)
    option = city.get_by_label(re.compile(r"^Kabupaten Sidoarjo\s*\d+$"))
    promised = int(re.findall(r"\d+", city.locator("label").filter(
        has_text="Kabupaten Sidoarjo").inner_text())[-1])  # fmt: skip
    option.check()
    reader.button("Apply filters").click()
    total = reader.words.count("%(num)s practice", "%(num)s practices", promised)
    expect(reader.main.get_by_text(total, exact=True)).to_be_visible()
    reader.link_named(telling.title).click()
    expect(reader.page.get_by_role("heading", name=telling.title, level=1)).to_be_visible()
    expect(reader.link_named(reader.words.topic("waste-banks"))).to_be_visible()
