"""Steps that several stories take: write and publish a practice, choose a city, apply for it."""

from __future__ import annotations

import re

from playwright.sync_api import FilePayload, expect

from citynet.practices.editing import PARTS
from tests.browser.person import Person

LETTER: FilePayload = {
    "name": "letter.pdf", "mimeType": "application/pdf",
    "buffer": b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<<>>\nendobj\n%%EOF\n",
}  # fmt: skip


# What an author tells in some parts of the editor, by their labels, and what is not known.
TOLD = {
    "What it is": ("The practice in one line", "Responsible agency"),
    "What it is about": ("Summary",),
    "The problem before": ("The problem before, and whom it hit",),
    "What was done": ("What it is called",),
    "What it cost": ("Cost and source of funds",),
    "Whom to ask": ("Contact office",),
}
NOT_KNOWN = {
    "Who it took": "Staffing and partners", "Legal basis": "Legal basis",
    "What came of it": "Results", "What you learned": "Lessons",
    "To replicate it": "What must exist to replicate it",
}  # fmt: skip


def draft_with_a_title(author: Person, title: str) -> None:
    """Begin a draft, which needs a title only, and come to its first part."""
    expect(author.heading("My work")).to_be_visible()
    author.link("Write a practice").click()
    author.field("Title").fill(title)
    name = {"en": "English", "id": "Bahasa Indonesia"}[author.words.language]
    author.box("Language you write in", name).check()
    author.button("Begin the draft").click()
    author.sees("Your draft is saved.")
    expect(author.heading("What it is")).to_be_visible()


def answer_and_submit(author: Person, title: str) -> None:
    """Walk through the parts until nothing that is asked for is missing; hand it to the lead."""
    author.link("Overview").click()
    author.button("Submit to the lead").click()
    expect(author.heading("Please correct this")).to_be_visible()
    author.link("Go on writing").click()
    for part in PARTS:
        expect(author.heading(str(part.title)).first).to_be_visible()
        _answer(author, str(part.title), title)
        author.button("Save and go on").click()
    author.sees(
        "Everything that is asked for is answered. Submit it, and your city’s lead can sign it off."
    )
    author.button("Submit to the lead").click()
    author.sees("Submitted. Your city's lead can sign it off now.")


def _answer(author: Person, part: str, title: str) -> None:
    for label in TOLD.get(part, ()):
        author.field(label).first.fill(f"{author.words(label)}: {title}")
    if part in NOT_KNOWN:
        unknown = f"{author.words('Not known')}: {author.words(NOT_KNOWN[part])}"
        author.main.get_by_label(unknown, exact=True).check()
    if part == "What it is about":
        topic = re.compile(f"^{re.escape(author.words('Main topic'))}")
        author.main.get_by_label(topic).select_option(label=author.words.topic("waste-banks"))
    if part == "Where it stands":
        author.box("Status", "Running").check()
        author.field("Started").fill("2019-10")


def sign_off(lead: Person, title: str) -> None:
    """Find it on the work list, read it, and answer for it."""
    expect(lead.page.get_by_role("heading", name=lead.words("For you to sign off"))).to_be_visible()
    lead.link_named(title).click()
    lead.button("Sign off").click()
    lead.sees("Signed off. The secretariat will review it now.")


def publish(secretariat: Person, title: str) -> None:
    """Find it among the reviews and publish it."""
    secretariat.link("Reviews").click()
    secretariat.link_named(title).click()
    secretariat.button("Publish").click()
    secretariat.sees("Published. Readers find it in search within seconds.")


def choose_city(person: Person, city: str) -> None:
    """Find a city by its name: by keyboard in the list under the field, or by the search step."""
    field = person.main.locator("#chooser")
    if not person.has_scripts:
        field.fill(city)
        person.button("Find the city").click()
        person.main.get_by_role("radio", name=city, exact=True).check()
        person.button("Continue").click()
        return
    expect(field).to_have_role("combobox")
    field.press_sequentially(city)
    option = person.main.get_by_role("option").filter(has_text=city).first
    expect(option).to_be_visible()
    field.press("ArrowDown")
    while option.get_attribute("aria-selected") != "true":
        field.press("ArrowDown")
    field.press("Enter")


def fill_contact(person: Person, name: str, address: str) -> None:
    """Tell who answers for an application; the table knows the rest of the city."""
    person.field("Name of the contact person").fill(name)
    person.field("Office or position").fill("Bappeda")
    person.field("Email address").fill(address)


def letter_goes(clerk: Person, button: str, added: str) -> None:
    """Read the letter of a decision, add a sentence to it, and send it."""
    text = clerk.field("Text")
    text.fill(f"{text.input_value()}\n\n{added}")
    clerk.button(button).click()
