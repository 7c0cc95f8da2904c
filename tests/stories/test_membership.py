"""A membership's life in a real browser, by what the pages and the mails say.

A city applies, is asked, admitted and led to its first practice; another is reminded and renewed,
lapses and comes back. Once in English with JavaScript, once in Indonesian without.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest
from playwright.sync_api import Browser, expect

from citynet.demo.desk import PASSWORD
from citynet.demo.service import SECRETARIAT
from tests.browser.mails import text_of
from tests.browser.person import PATIENCE_MS, Person
from tests.browser.places.rows import BY_CITY
from tests.browser.site import Site
from tests.browser.words import Words
from tests.stories import steps

pytestmark = [pytest.mark.browser, pytest.mark.slow]
Open = Callable[[], Person]
# The mails to the leads of the demonstration are in the language of their accounts.
LEADS_READ = Words("id")
OVER = (
    "UPDATE memberships SET from_day = '2020-01-01', until_day = '2020-12-31'"
    " WHERE city_id = (SELECT id FROM cities WHERE slug = ?)"
)
PRACTICE = f"{BY_CITY} AND revisions.visibility = 'public'"


@dataclass(frozen=True)
class Telling:
    """What one telling is about; each has cities of its own."""

    language: str
    has_scripts: bool
    # The city that applies, and what it writes first.
    city: str
    title: str
    # Members of the demonstration: one whose term ends soon, one that will lapse.
    ending: str
    lapsing: str

    def __str__(self) -> str:
        """Name the telling."""
        return f"{self.language}, {'with' if self.has_scripts else 'without'} scripts"

    def address(self, name: str) -> str:
        """Return the address of somebody in the city that applies."""
        return f"{name}@{self.city.split()[-1].lower()}.example"


TELLINGS = (
    Telling("en", True, "Kota Singkawang", "A list for the waste bank",
            "Kabupaten Banyuwangi", "Kabupaten Kulon Progo"),
    Telling("id", False, "Kota Sorong", "Daftar untuk bank sampah",
            "Kota Kupang", "Kabupaten Bojonegoro"),
)  # fmt: skip


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


def test_stranger_applies_and_publishes(telling: Telling, opens: Open) -> None:
    """From a stranger's first look at the terms to the first practice that the public reads."""
    lead, official, clerk = (opens() for _ in range(3))
    apply(lead, telling)
    clerk.sign_in(SECRETARIAT)
    ask_for_more(clerk, telling)
    answer(lead, telling)
    admit(clerk, telling)
    accept(lead, telling.address("lead"), telling)
    invite_by_a_list(lead, telling)
    accept(official, telling.address("official"), telling)
    official.page.goto("/work")
    steps.draft_with_a_title(official, telling.title)
    steps.answer_and_submit(official, telling.title)
    lead.page.goto("/work")
    steps.sign_off(lead, telling.title)
    clerk.page.goto("/admin/")
    steps.publish(clerk, telling.title)
    read_as_the_public(opens(), telling)


def test_term_is_renewed_and_lapses(telling: Telling, opens: Open, site: Site) -> None:
    """One city is reminded once and renewed; another lapses, rests, and comes back."""
    clerk, official = opens(), opens()
    clerk.sign_in(SECRETARIAT)
    is_reminded_once(site, telling.ending)
    renew_from_the_desk(clerk, telling)
    lapse(site, telling.lapsing)
    official.sign_in(f"official@{last_word(telling.lapsing)}.example")
    rests(official)
    is_marked(opens(), telling)
    take_back(clerk, telling)
    official.page.goto("/work")
    steps.draft_with_a_title(official, telling.title)


def apply(lead: Person, telling: Telling) -> None:
    """Read what membership is, apply with a letter, confirm, and look at the private page."""
    lead.page.goto("/")
    lead.link("Join the network").click()
    lead.link("Apply for membership").click()
    steps.choose_city(lead, telling.city)
    steps.fill_contact(lead, "Ana Lestari (contoh)", telling.address("lead"))
    lead.main.locator("input[type=file]").set_input_files(steps.LETTER)
    lead.button("Send the application").click()
    expect(lead.heading("Please correct this")).to_be_visible()
    lead.sees("This file is kept, you need not choose it again:")
    lead.main.get_by_label(
        lead.words("I agree that the secretariat uses what I wrote to decide on the membership.")
    ).check()
    lead.button("Send the application").click()
    expect(lead.heading("Now confirm it: a mail is under way")).to_be_visible()
    lead.page.goto(lead.site.mails.link(telling.address("lead"), "/join/confirm/"))
    lead.button("Confirm the application").click()
    lead.sees("The secretariat reads it now")
    expect(lead.link_named("letter.pdf")).to_be_visible()


def ask_for_more(clerk: Person, telling: Telling) -> None:
    """Find the case in the queue and ask a question, in a letter with a sentence more."""
    clerk.link("Applications").click()
    clerk.link_named(telling.city).click()
    expect(clerk.link_named("letter.pdf")).to_be_visible()
    clerk.link("Ask for more").click()
    clerk.field("What you want to know").fill(f"Who signs for {telling.city}?")
    clerk.button("Continue to the letter").click()
    steps.letter_goes(clerk, "Send the question", "Two lines are enough.")
    clerk.sees("The question about %(city)s is under way.", city=telling.city)


def answer(lead: Person, telling: Telling) -> None:
    """Read the question in the mail, and answer on the private page."""
    subject = lead.words("A question about the application of {city}").format(city=telling.city)
    letter = text_of(lead.site.mails.wait(telling.address("lead"), subject))
    assert f"Who signs for {telling.city}?" in letter
    assert "Two lines are enough." in letter
    lead.page.goto(lead.site.mails.link(telling.address("lead"), "/join/"))
    lead.sees("The secretariat asks for more")
    lead.field("Your answer or note").fill("The mayor signs.")
    lead.button("Send to the secretariat").click()
    lead.sees("The secretariat has it now.")


def admit(clerk: Person, telling: Telling) -> None:
    """Read the answer, and admit with the letter shown and changed."""
    clerk.page.reload()
    clerk.sees("The mayor signs.")
    clerk.link("Admit").click()
    clerk.button("Continue to the letter").click()
    steps.letter_goes(clerk, "Admit and send the letter", "See you in Kupang.")
    clerk.sees("%(city)s is a member now. The letter is under way.", city=telling.city)


def accept(person: Person, address: str, telling: Telling) -> None:
    """Follow the link of an invitation, set a password, and be in."""
    person.page.goto(person.site.mails.link(address, "/invitations/"))
    expect(person.heading("You are invited to %(place)s", place=telling.city)).to_be_visible()
    person.field("Password").fill(PASSWORD)
    person.main.get_by_label(
        person.words("I agree that the network keeps my name, my address and what I do here.")
    ).check()
    person.button("Accept and go in").click()
    person.sees("Welcome. Your account is ready.")


def invite_by_a_list(lead: Person, telling: Telling) -> None:
    """Being the lead, paste a list, read what it would do, and watch it done."""
    lead.sees("Lead of %(city)s", city=telling.city)
    lead.open_account_menu()
    lead.link("People of my city").click()
    lead.link("Invite many").click()
    lead.field("People").fill(
        f"Budi Santoso (contoh) <{telling.address('official')}>; {telling.address('lead')}"
    )
    lead.button("Show what would happen").click()
    for word in ("Will be done", "Left alone"):
        lead.sees(word)
    one = lead.words.count("Send %(num)s invitation", "Send %(num)s invitations", 1)
    lead.main.get_by_role("button", name=one, exact=True).click()
    done = lead.main.get_by_text(lead.words("Finished. Everything was done."))
    expect(done).to_be_visible(timeout=PATIENCE_MS)


def read_as_the_public(visitor: Person, telling: Telling) -> None:
    """Find the city among the members, with its practice."""
    visitor.page.goto("/cities/")
    box = visitor.main.get_by_role("searchbox", name=visitor.words("Search the member cities"))
    box.fill(telling.city.split()[-1])
    box.press("Enter")
    visitor.link_named(telling.city).click()
    expect(visitor.main.get_by_text(visitor.words("Member"), exact=True).first).to_be_visible()
    visitor.link_named(telling.title).click()
    expect(visitor.page.get_by_role("heading", name=telling.title, level=1)).to_be_visible()


def is_reminded_once(site: Site, city: str) -> None:
    """Find one reminder at the lead's, also after the worker has looked again."""
    address, words = f"lead@{last_word(city)}.example", LEADS_READ
    subject = words("The membership of {city} ends on {until}").format(city=city, until="DAY")
    pattern = re.compile(re.escape(subject).replace("DAY", ".+"))
    site.run("from citynet.cities.service import terms\nterms.keep_terms()\nterms.keep_terms()")
    site.mails.wait(address)
    found = [one for one in site.mails.to(address) if pattern.fullmatch(str(one["Subject"]))]
    assert len(found) == 1


def renew_from_the_desk(clerk: Person, telling: Telling) -> None:
    """See on the desk that the term ends, and prolong it."""
    queue = clerk.main.get_by_role("region", name=clerk.words("Terms that end soon"))
    queue.get_by_role("link", name=telling.ending, exact=True).click()
    renew(clerk, telling.ending)


def renew(clerk: Person, city: str) -> None:
    """Prolong the term of the membership shown; its lead gets a mail."""
    clerk.link("Renew").click()
    clerk.field("Last day of the term").fill(f"{datetime.now(UTC).year + 2}-12-31")
    clerk.field("Reason").fill("The fee is paid.")
    clerk.button("Renew").click()
    clerk.sees("The membership of %(city)s is renewed.", city=city)
    subject = LEADS_READ("The membership of {city} goes on").format(city=city)
    clerk.site.mails.wait(f"lead@{last_word(city)}.example", subject)


def lapse(site: Site, city: str) -> None:
    """Let the term be over, and the worker see it; the lead gets a mail."""
    site.change(OVER, slug_of(city))
    site.run("from citynet.cities.service import terms\nterms.keep_terms()")
    subject = LEADS_READ("The membership of {city} has lapsed").format(city=city)
    site.mails.wait(f"lead@{last_word(city)}.example", subject)


def rests(official: Person) -> None:
    """Read why nothing can be written now."""
    official.sees(
        "The membership of your city has lapsed. You can read what is public; you can write again "
        "once the membership is renewed. Ask the secretariat for it."
    )
    expect(official.link("Write a practice")).to_have_count(0)
    assert official.context.request.get("/practices/new").status == 403


def is_marked(visitor: Person, telling: Telling) -> None:
    """Read on what the city published, with the mark that it lapsed."""
    visitor.page.goto(f"/cities/{slug_of(telling.lapsing)}")
    visitor.sees("The membership has lapsed. What the city published stays here.")
    slug = visitor.site.look_up(PRACTICE, "published", slug_of(telling.lapsing))
    visitor.page.goto(f"/practices/{slug}")
    visitor.sees(
        "The membership of %(city)s in the network has changed: %(standing)s. What the city "
        "published stays readable.",
        city=telling.lapsing, standing=visitor.words("Lapsed").lower(),
    )  # fmt: skip


def take_back(clerk: Person, telling: Telling) -> None:
    """Find the lapsed membership by search, and renew it."""
    clerk.page.goto("/admin/")
    box = clerk.main.get_by_role("searchbox", name=clerk.words("Find a city or a person"))
    box.fill(telling.lapsing.split(maxsplit=1)[1])
    box.press("Enter")
    clerk.link_named(telling.lapsing).click()
    renew(clerk, telling.lapsing)


def last_word(city: str) -> str:
    """Return how the demonstration's addresses write a city."""
    return city.split(maxsplit=1)[1].lower().replace(" ", "")


def slug_of(city: str) -> str:
    """Return the address of a city's page."""
    return city.lower().replace(" ", "-")
