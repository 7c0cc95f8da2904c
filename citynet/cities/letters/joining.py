"""Letters to applicants: confirm, received, more asked, decided; and how each is filled in."""

from __future__ import annotations

from citynet.cities.models import Application
from citynet.kit import letters, network
from citynet.kit.i18n import lazy
from citynet.kit.letters import Draft

CONFIRM, RECEIVED, JOINED = "joining.confirm", "joining.received", "joining.joined"
LOST_LINK, ASKED, DECLINED = "joining.link", "joining.asked", "joining.declined"
ADMITTED, ADMITTED_KNOWN = "joining.admitted", "joining.admitted_known"
DECIDED, WITHDRAWN = "joining.decided", "joining.withdrawn"
# Stands in a letter that is shown before it goes; the private link takes its place then.
LINK = "{link}"

_VALUES = {
    "name": "Sari Wulandari",
    "city": lazy("Kabupaten Sidoarjo"),
    "network": "CityNet",
    "contact": "secretariat@citynet.example",
    "link": "https://citynet.example/join/…",
}
# A stranger may have typed any address and any name: this one greets nobody by name.
_OF_A_STRANGER = {key: words for key, words in _VALUES.items() if key != "name"}
_TERM = {
    **_VALUES, "category": lazy("full member"), "until": lazy("until 31 December 2027"),
}  # fmt: skip

letters.register(
    CONFIRM,
    title=lazy("Application: confirm the address"),
    subject=lazy("Confirm your application to {network}"),
    text=lazy(
        "Good day,\n\nsomebody, we think you, applied for the membership of {city} in {network} "
        "and gave this address. Confirm it; then the secretariat gets the application.\n\n"
        "Confirm the application: {link}\n\nThe link works once, for 7 days. If it was not you, "
        "leave it: after 30 days everything that was typed is deleted."
    ),
    values=_OF_A_STRANGER,
)
letters.register(
    RECEIVED,
    title=lazy("Application: received"),
    subject=lazy("The application of {city} is received"),
    text=lazy(
        "Dear {name},\n\nthe secretariat of {network} has the application of {city}. On your "
        "private page you see where it stands, add papers, and read the decision. Keep this "
        "mail, and give the link to nobody.\n\nFollow the application: {link}\n\nQuestions? "
        "Write to {contact}."
    ),
    values=_VALUES,
)
letters.register(
    JOINED,
    title=lazy("Application: joined to an earlier one of the same city"),
    subject=lazy("Your application for {city} is joined to an earlier one"),
    text=lazy(
        "Dear {name},\n\nthe secretariat of {network} has an application of {city} already. "
        "Yours is joined to it: both are decided together, and the secretariat sees what each of "
        "you wrote. On your private page you see where it stands. Give the link to nobody.\n\n"
        "Follow the application: {link}\n\nQuestions? Write to {contact}."
    ),
    values=_VALUES,
)
letters.register(
    LOST_LINK,
    title=lazy("Application: the private link again"),
    subject=lazy("Your link to the application of {city}"),
    text=lazy(
        "Good day,\n\nsomebody, we think you, asked for the link to the application of {city} in "
        "{network}. Give it to nobody.\n\nFollow the application: {link}\n\nIf it was not you, "
        "leave this mail: the link went to your address only."
    ),
    values=_OF_A_STRANGER,
)
letters.register(
    ASKED,
    title=lazy("Application: more is asked"),
    subject=lazy("A question about the application of {city}"),
    text=lazy(
        "Dear {name},\n\nthank you for the application of {city}. To decide on it, the "
        "secretariat of {network} needs to know more:\n\n{question}\n\nAnswer on your private "
        "page. You can add papers there.\n\nAnswer the question: {link}\n\n"
        "You can also write to {contact}."
    ),
    values={**_VALUES, "question": lazy("Who signs for the city?")},
)
letters.register(
    DECLINED,
    title=lazy("Application: declined"),
    subject=lazy("The application of {city}"),
    text=lazy(
        "Dear {name},\n\nthank you for the application of {city}. The secretariat of {network} "
        "cannot admit the city at present. Its reason:\n\n{reason}\n\nThe city can apply again at "
        "any time. Public practices stay open to everybody.\n\nSee the decision: {link}\n\n"
        "Questions? Write to {contact}."
    ),
    values={**_VALUES, "reason": lazy("The letter of intent is not signed.")},
)
letters.register(
    ADMITTED,
    title=lazy("Application: admitted, with the invitation of the contact"),
    subject=lazy("{city} is a member of {network}"),
    text=lazy(
        "Dear {name},\n\nwelcome: {city} is a member of {network} now, as {category}, {until}."
        "\n\nOpen this page and set a password. Then you act for the city: you publish what it "
        "did, and ask the officials of other cities.\n\n"
        "Accept the invitation: {link}\n\nThe link works once, and for you alone. Questions? "
        "Write to {contact}."
    ),
    values=_TERM,
)
letters.register(
    ADMITTED_KNOWN,
    title=lazy("Application: admitted, the contact has an account already"),
    subject=lazy("{city} is a member of {network}"),
    text=lazy(
        "Dear {name},\n\nwelcome: {city} is a member of {network} now, as {category}, {until}."
        "\n\nYou act for a city already: sign in with the password you have.\n\n"
        "See the decision: {link}\n\nQuestions? Write to {contact}."
    ),
    values=_TERM,
)
letters.register(
    DECIDED,
    title=lazy("Application: decided, to the others who applied for the city"),
    subject=lazy("The secretariat has decided on the application of {city}"),
    text=lazy(
        "Dear {name},\n\nthe secretariat of {network} has decided on the application of {city}, "
        "to which yours is joined. On your private page you see the decision, its reason, and "
        "what comes next.\n\nSee the decision: {link}\n\nQuestions? Write to {contact}."
    ),
    values=_VALUES,
)
letters.register(
    WITHDRAWN,
    title=lazy("Application: withdrawn by the applicant"),
    subject=lazy("Your application for {city} is withdrawn"),
    text=lazy(
        "Dear {name},\n\nyou withdrew your application for {city} in {network}. Nothing more is "
        "to be done. The city can apply again at any time.\n\nSee your application: {link}\n\n"
        "If it was not you, write to {contact}."
    ),
    values=_VALUES,
)


def compose(key: str, application: Application, *, link: str = LINK, **values: str) -> Draft:
    """Return a letter to an applicant in their language; without a link its place is kept."""
    now = network.current()
    return letters.compose(
        key, application.language, name=application.contact_name, city=application.full_name,
        network=now.name, contact=now.contact_address, link=link, **values,
    )  # fmt: skip


def send(draft: Draft, application: Application) -> None:
    """Send it to the applicant once the command is committed; who was erased has no address."""
    if application.email:
        letters.send_draft(
            draft, to=application.email, language=application.language,
            to_name=application.contact_name if application.confirmed_at else "",
        )  # fmt: skip
