"""What somebody looks at who wants to join: a city that applies, an official of one."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.person import Person
from tests.browser.places.kinds import Place, Round, Way, refused

ASKED = "lead@bandaaceh.example"
INVITED = "baru@sidoarjo.example"
CONFIRM = "/join/confirm/<string(length=43):secret>"
STATUS = "/join/<string(length=43):secret>"
INVITATION, REQUEST = "/invitations/<secret>", "/join-requests/<secret>"
# The city that applies is not in the table; each language has one, for an admission of its own.
CITIES = {"en": "Farawayport", "id": "Pelabuhan Jauh"}


def rounds() -> list[Round]:
    """Return what applicants and invited people look at."""
    return [
        Round("applicant without an account", None, _APPLYING, _APPLICATION),
        Round("newcomer", None, _ASKING, _NEWCOMER),
    ]


def _address(person: Person, name: str) -> str:
    return f"{name}-{person.words.language}@farawayport.example"


def _apply(person: Person) -> None:
    person.page.goto("/join/apply?city=other")
    person.field("Name of the city").fill(CITIES[person.words.language])
    person.main.locator("#country").select_option("FJ")
    for label, words in (
        ("Name of the contact person", "Ana (example)"),
        ("Office or position", "Town clerk"),
        ("Email address", _address(person, "clerk")),
    ):
        person.field(label).fill(words)
    person.main.locator("#consent").check()
    person.button("Send the application").click()
    expect(person.heading("Now confirm it: a mail is under way")).to_be_visible()


def _confirm(person: Person) -> None:
    person.page.goto(person.site.mails.link(_address(person, "clerk"), "/join/confirm/"))


def _follow(person: Person) -> None:
    person.button("Confirm the application").click()
    person.sees("Your application is with the secretariat now.")


def _nothing_added(person: Person) -> None:
    person.button("Send to the secretariat").click()
    expect(person.heading("Please correct this")).to_be_visible()


def _withdraw(person: Person) -> None:
    person.page.goto(person.site.mails.link(_address(person, "clerk"), "/join/"))
    person.link("Withdraw the application").click()
    expect(person.button("Withdraw the application")).to_be_visible()


def _lost(person: Person) -> None:
    person.page.goto("/join/link")
    person.field("Email address").fill(_address(person, "clerk"))
    person.button("Send the link").click()
    person.sees("Look into your mail")


def _question(person: Person) -> None:
    person.page.goto(person.site.mails.link(ASKED, "/join/"))
    expect(person.heading("Answer the question")).to_be_visible()


def _ask(person: Person) -> None:
    person.page.goto("/cities/kabupaten-sidoarjo/join")
    for label, words in (
        ("Your name", "Ana (example)"),
        ("Your email address at work", _address(person, "asks")),
        ("Office or agency", "Licensing office"),
    ):
        person.field(label).fill(words)
    person.main.locator("#agreed").check()
    person.button("Ask to join").click()
    expect(person.main.locator("form")).to_have_count(0)


def _confirm_request(person: Person) -> None:
    person.page.goto(person.site.mails.link(_address(person, "asks"), "/join-requests/"))
    expect(person.button("Confirm")).to_be_visible()


def _confirmed_request(person: Person) -> None:
    person.button("Confirm").click()
    expect(person.button("Confirm")).to_have_count(0)


def _invited(person: Person) -> None:
    person.page.goto(person.site.mails.link(INVITED, "/invitations/"))
    expect(person.button("Accept and go in")).to_be_visible()


def _accepts_nothing(person: Person) -> None:
    person.button("Accept and go in").click()
    expect(person.heading("Please correct this")).to_be_visible()


_APPLYING = (
    Place("/join", "/join"),
    Place("/join/apply", "/join/apply"),
    Place("/join/apply", "/join/apply?q=kupang"),
    Place("/join/apply", "/join/apply?q=zzzz"),
    Place("/join/apply", "/join/apply?city=kota-bitung"),
    Place("/join/apply", "/join/apply?city=kabupaten-sidoarjo"),
    Place("/join/link", "/join/link"),
    Place(STATUS, f"/join/{'a' * 43}", 404),
)
_APPLICATION = (
    Way("application with errors", refused("/join/apply?city=other", "Send the application"), 422),
    Way("application sent", _apply, rule="/join/sent"),
    Way("confirm", _confirm, rule=CONFIRM),
    Way("status", _follow, rule=STATUS),
    Way("nothing added", _nothing_added, 422),
    Way("withdraw", _withdraw, rule=f"{STATUS}/withdraw"),
    Way("used link", _confirm, 410),
    Way("lost link", _lost),
    Way("question", _question),
)
_ASKING = (
    Place("/cities/<slug>/join", "/cities/kabupaten-sidoarjo/join"),
    Place(REQUEST, "/join-requests/nothing", 404),
    Place(INVITATION, "/invitations/nothing", 404),
)
_NEWCOMER = (
    Way("asked with errors", refused("/cities/kabupaten-sidoarjo/join", "Ask to join"), 422),
    Way("asked to join", _ask),
    Way("confirm request", _confirm_request, rule=REQUEST),
    Way("confirmed request", _confirmed_request),
    Way("invited", _invited, rule=INVITATION),
    Way("accepted with errors", _accepts_nothing, 422),
)
