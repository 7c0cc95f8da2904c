"""Steps that several stories take: write and publish a practice, choose a city, apply for it."""

from __future__ import annotations

import re

from playwright.sync_api import FilePayload, expect

from tests.browser.person import Person

LETTER: FilePayload = {
    "name": "letter.pdf", "mimeType": "application/pdf",
    "buffer": b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<<>>\nendobj\n%%EOF\n",
}  # fmt: skip


def draft_with_a_title(author: Person, title: str) -> None:
    """Save the first draft, which needs a title only."""
    expect(author.heading("My work")).to_be_visible()
    author.link("Write a practice").click()
    author.field("Title").fill(title)
    author.button("Save the draft").click()
    author.sees("Your draft is saved.")
    expect(author.page.get_by_role("heading", name=title, level=1)).to_be_visible()
    expect(author.heading("This is a draft")).to_be_visible()


def answer_and_submit(author: Person, title: str) -> None:
    """Go on writing until nothing that is asked for is missing, and hand it to the lead."""
    author.link("Go on writing").click()
    author.button("Save and submit").click()
    expect(author.heading("Please correct this")).to_be_visible()
    for label in ("The practice in one line", "Responsible agency", "Summary",
                  "The problem before, and whom it hit", "Cost and source of funds",
                  "Contact office"):  # fmt: skip
        author.field(label).fill(f"{author.words(label)}: {title}")
    author.main.get_by_label(re.compile(f"^{re.escape(author.words('Main topic'))}")).select_option(
        label=author.words.topic("waste-banks")
    )
    author.box("Status", "Running").check()
    author.field("Started").fill("2019-10")
    author.field("What it is called").first.fill(title)
    for label in ("Staffing and partners", "Legal basis", "Results", "Lessons",
                  "What must exist to replicate it"):  # fmt: skip
        unknown = f"{author.words('Not known')}: {author.words(label)}"
        author.main.get_by_label(unknown, exact=True).check()
    name = {"en": "English", "id": "Bahasa Indonesia"}[author.words.language]
    author.box("Language you write in", name).check()
    author.button("Save and submit").click()
    author.sees("Submitted. Your city's lead can sign it off now.")


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
