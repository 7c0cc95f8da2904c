"""The letters of this slice: a review that is due, and whether a practice is still running."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from citynet.accounts.models import Person
from citynet.cities import queries as cities
from citynet.kit import letters, network
from citynet.kit.http import external_url
from citynet.kit.i18n import in_language, lazy, show_date
from citynet.practices.models import Answer, Practice, Revision

REVIEW_DUE = "practice.review_due"
STILL_RUNNING, REPORTED = "practice.still_running", "practice.reported"
# As whom somebody is asked; the link remembers it.
CONTACT, LEAD = "contact", "lead"
REPORTS = {
    Answer.STOPPED: lazy("It has stopped"),
    Answer.CHANGED: lazy("It runs, but has changed"),
}
_PRACTICE = {
    "title": lazy("Business permits in one visit"),
    "city": lazy("Kabupaten Sidoarjo"),
    "network": "CityNet",
    "link": "https://citynet.example/practices/business-permits-in-one-visit",
}

letters.register(
    REVIEW_DUE,
    title=lazy("Review: reminder that it is due"),
    subject=lazy("Please review “{title}” by {due}"),
    text=lazy(
        "Dear {name},\n\n"
        "you review the practice “{title}” of {city}. It is due on {due}.\n\n"
        "Read it, then publish it or send it back with what should change.\n\n"
        "{link}"
    ),
    values={**_PRACTICE, "name": lazy("Siti Rahma"), "due": lazy("3 May 2027")},
)
letters.register(
    STILL_RUNNING,
    title=lazy("Practice: the yearly question whether it is still running"),
    subject=lazy("Is “{title}” still running?"),
    text=lazy(
        "Hello,\n\n"
        "{city} published the practice “{title}” in {network}. Other cities read it and may want "
        "to do the same, so we ask once a year: is it still running?\n\n"
        "The page behind this link asks for one click. It works for 90 days and needs no "
        "account.\n\n"
        "Answer now: {link}\n\n"
        "If nobody answers within 60 days, the page tells readers so."
    ),
    values=_PRACTICE,
)
letters.register(
    REPORTED,
    title=lazy("Practice: its contact reports a change"),
    subject=lazy("The contact of “{title}” reports a change"),
    text=lazy(
        "Dear {name},\n\n"
        "the contact of your practice “{title}” has answered the yearly question: {answer}.\n\n"
        "{reason}\n\n"
        "Readers see this on its page until you publish a revised text.\n\n"
        "{link}"
    ),
    values={
        **_PRACTICE, "name": lazy("Siti Rahma"), "answer": lazy("It has stopped"),
        "reason": lazy("The counter was closed when the office moved."),
    },
)  # fmt: skip


@dataclass(frozen=True)
class Asked:
    """Somebody who is asked whether a practice is still running."""

    role: str
    email: str
    name: str
    language: str


def asked_about(revision: Revision, practice: Practice) -> list[Asked]:
    """Return whom to ask about a practice: its contact and its city's lead, each address once."""
    found = []
    if (row := cities.city_and_lead(practice.city_id)) is not None:
        lead = row[1]
        found.append(Asked(LEAD, lead.email, lead.name, lead.language or revision.language))
    email = revision.content.contact_email
    if email and email.lower() not in {one.email.lower() for one in found}:
        found.append(Asked(CONTACT, email, "", revision.language))
    return found


def ask(one: Asked, revision: Revision, practice: Practice, *, token: str) -> None:
    """Ask one of them whether the practice is still running."""
    letters.send(
        STILL_RUNNING, to=one.email, to_name=one.name, language=one.language,
        title=revision.title, city=practice.city.full_name, network=network.current().name,
        link=external_url("practices.still_running", secret=token),
    )  # fmt: skip


def tell_lead_of_answer(
    revision: Revision, practice: Practice, answer: Answer, reason: str
) -> None:
    """Write to the city's lead, if it has one, what the contact answered."""
    if (row := cities.city_and_lead(practice.city_id)) is None:
        return
    lead = row[1]
    language = lead.language or revision.language
    with in_language(language):
        words = str(REPORTS[answer])
    letters.send(
        REPORTED, to=lead.email, to_name=lead.name, language=language, name=lead.name,
        title=revision.title, city=practice.city.full_name, network=network.current().name,
        answer=words, reason=reason, link=external_url("practices.show", slug=practice.slug),
    )  # fmt: skip


def remind_reviewer(person: Person, revision: Revision, practice: Practice, due: date) -> None:
    """Remind a reviewer of a text that waits."""
    language = person.language or "en"
    with in_language(language):
        day = show_date(due)
    letters.send(
        REVIEW_DUE, to=person.email, to_name=person.name, language=language, name=person.name,
        title=revision.title, city=practice.city.full_name, network=network.current().name,
        due=day, link=external_url("practices.draft", slug=practice.slug),
    )  # fmt: skip
