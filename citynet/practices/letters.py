"""The letters of this slice: what became of a text, reviews, and whether a practice still runs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from citynet.accounts.models import Person
from citynet.cities import queries as cities
from citynet.kit import letters, network
from citynet.kit.http import external_url
from citynet.kit.i18n import _, in_language, language_name, lazy, show_date
from citynet.practices.models import Answer, Practice, Revision, Translation

SENT_BACK, SIGNED_OFF = "practice.sent_back", "practice.signed_off"
PUBLISHED = "practice.published"
REVIEW, REVIEW_DUE = "practice.review", "practice.review_due"
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

_SITI: dict[str, str] = {**_PRACTICE, "name": lazy("Siti Rahma")}

letters.register(
    SENT_BACK,
    title=lazy("Practice: to its authors when the text is sent back"),
    subject=lazy("Please change “{title}”"),
    text=lazy(
        "Dear {name},\n\n"
        "your text “{title}” was read and comes back to you. This should change:\n\n"
        "{comment}\n\n"
        "Open the text, change it, and submit it again. Nothing you wrote is lost.\n\n"
        "Open the text: {link}"
    ),
    values={**_SITI, "comment": lazy("Please add the source of the yearly cost.")},
)
letters.register(
    SIGNED_OFF,
    title=lazy("Practice: to its authors when the lead signs the text off"),
    subject=lazy("“{title}” is signed off"),
    text=lazy(
        "Dear {name},\n\n"
        "the lead of {city} has signed off “{title}”. The secretariat reads it now. There is "
        "nothing for you to do.\n\n"
        "See where it stands: {link}"
    ),
    values=_SITI,
)
letters.register(
    PUBLISHED,
    title=lazy("Practice: to its authors when the text is published"),
    subject=lazy("“{title}” is published"),
    text=lazy(
        "Dear {name},\n\n"
        "“{title}” of {city} is published in {network}. Other cities read it now, and can "
        "replicate it.\n\n"
        "See the page: {link}"
    ),
    values=_SITI,
)
letters.register(
    REVIEW,
    title=lazy("Review: to the reviewer who is named"),
    subject=lazy("You review “{title}”"),
    text=lazy(
        "Dear {name},\n\n"
        "you were named to review the practice “{title}” of {city}. Due: {due}.\n\n"
        "Read it, then publish it or send it back with what should change.\n\n"
        "Open the text: {link}"
    ),
    values={**_SITI, "due": lazy("3 May 2027")},
)
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
    values={**_SITI, "due": lazy("3 May 2027")},
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
        **_SITI, "answer": lazy("It has stopped"),
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


def tell_author(
    key: str, person: Person, text: Revision | Translation, practice: Practice, *,
    comment: str = "",
) -> None:  # fmt: skip
    """Write to an author what became of the text; without a comment it names those beside."""
    language = person.language or text.language
    with in_language(language):
        comment = comment or _("See the comments beside the fields.")
        is_translation = isinstance(text, Translation)
        title = f"{text.title} ({language_name(text.language)})" if is_translation else text.title
    letters.send(
        key, to=person.email, to_name=person.name, language=language, name=person.name,
        title=title, city=practice.city.full_name, network=network.current().name,
        comment=comment, link=_page_of(text, practice, is_out=key == PUBLISHED),
    )  # fmt: skip


def _page_of(text: Revision | Translation, practice: Practice, *, is_out: bool) -> str:
    """Return where an author reads on."""
    if isinstance(text, Translation):
        door = "practices.show_in" if is_out else "practices.translation"
        return external_url(door, slug=practice.slug, language=text.language)
    return external_url("practices.show" if is_out else "practices.draft", slug=practice.slug)


def name_reviewer(person: Person, revision: Revision, practice: Practice, due: date | None) -> None:
    """Tell somebody to review a text, and by when."""
    _write_to_reviewer(REVIEW, person, revision, practice, due)


def remind_reviewer(person: Person, revision: Revision, practice: Practice, due: date) -> None:
    """Remind a reviewer of a text that waits."""
    _write_to_reviewer(REVIEW_DUE, person, revision, practice, due)


def _write_to_reviewer(
    key: str, person: Person, revision: Revision, practice: Practice, due: date | None
) -> None:
    language = person.language or "en"
    with in_language(language):
        day = show_date(due) if due else _("no day is set")
    letters.send(
        key, to=person.email, to_name=person.name, language=language, name=person.name,
        title=revision.title, city=practice.city.full_name, network=network.current().name,
        due=day, link=external_url("practices.draft", slug=practice.slug),
    )  # fmt: skip
