"""Letters about people: invitations, requests to join one's city, and who leads it."""

from __future__ import annotations

from citynet.kit import letters
from citynet.kit.i18n import lazy

INVITATION = "people.invitation"
COLLEAGUE = "people.colleague"
APPOINTED = "people.appointed"
LEAD = "people.lead"
REMOVED = "people.removed"
WELCOME = "people.welcome"
CONFIRM_REQUEST = "people.request_confirm"
KNOWN_ALREADY = "people.request_known"
REQUEST = "people.request"
DECLINED = "people.request_declined"

_CITY, _PERSON, _LINK = lazy("Kabupaten Sidoarjo"), "Sari Wulandari", "https://citynet.example/…"

letters.register(
    INVITATION,
    title=lazy("Invitation of an official"),
    subject=lazy("Invitation to act for {city} in {network}"),
    text=lazy(
        "Dear {name},\n\n{inviter} invites you to {network}, where cities learn from cities, as "
        "{role} of {city}.\n\nOpen this page to accept. You set a password there, and your "
        "address is confirmed with it.\n\nAccept the invitation: {link}\n\nThe link works once, "
        "until {until}, and for you alone. If you do not know what this is about, leave it: "
        "nothing happens then."
    ),
    values={
        "name": _PERSON, "city": _CITY, "network": "CityNet", "inviter": "Budi Santoso",
        "role": lazy("official"), "until": lazy("8 December 2026"), "link": _LINK,
    },
)  # fmt: skip
letters.register(
    COLLEAGUE,
    title=lazy("Invitation to the secretariat"),
    subject=lazy("Invitation to the {seat}"),
    text=lazy(
        "Dear {name},\n\n{inviter} invites you to work in the {seat}.\n\nOpen this page to "
        "accept. You set a password there, and your address is confirmed with it.\n\n"
        "Accept the invitation: {link}\n\nThe link works once, until {until}, and for you alone. "
        "If you do not know what this is about, leave it: nothing happens then."
    ),
    values={
        "name": _PERSON, "seat": lazy("secretariat of CityNet"), "inviter": "Budi Santoso",
        "until": lazy("8 December 2026"), "link": _LINK,
    },
)  # fmt: skip
letters.register(
    APPOINTED,
    title=lazy("To an official who was let in"),
    subject=lazy("You act for {city} now"),
    text=lazy(
        "Dear {name},\n\nFrom now on you act for {city} in {network}, as {role}. Sign in with "
        "the password you have.\n\nOpen {network}: {link}"
    ),
    values={
        "name": _PERSON, "city": _CITY, "network": "CityNet", "role": lazy("official"),
        "link": _LINK,
    },
)  # fmt: skip
letters.register(
    LEAD,
    title=lazy("To the new lead of a city"),
    subject=lazy("You lead {city} now"),
    text=lazy(
        "Dear {name},\n\n{by} made you the lead of {city} in {network}. You invite officials, "
        "decide on requests to join, and sign practices off.\n\nSee the people of your city: "
        "{link}"
    ),
    values={
        "name": _PERSON, "city": _CITY, "network": "CityNet", "by": "Budi Santoso", "link": _LINK,
    },
)  # fmt: skip
letters.register(
    WELCOME,
    title=lazy("To somebody who has an account and never signed in"),
    subject=lazy("Your account in {network}"),
    text=lazy(
        "Dear {name},\n\nyou have an account in {network}, where cities learn from cities, with "
        "this address. Set a password, and sign in.\n\nSet a password: {link}\n\nIf you do not "
        "know what this is about, leave it, or write to the secretariat."
    ),
    values={"name": _PERSON, "network": "CityNet", "link": _LINK},
)
letters.register(
    REMOVED,
    title=lazy("To an official who was removed"),
    subject=lazy("You do not act for {city} any more"),
    text=lazy(
        "Dear {name},\n\nFrom now on you do not act for {city} in {network}. What you wrote keeps "
        "your name, and your account stays open: another city can invite you.\n\nIf this is a "
        "mistake, ask the lead of the city."
    ),
    values={"name": _PERSON, "city": _CITY, "network": "CityNet"},
)
letters.register(
    CONFIRM_REQUEST,
    title=lazy("To confirm a request to join a city"),
    subject=lazy("Confirm that you want to join {city}"),
    text=lazy(
        "Dear {name},\n\nsomebody, we think you, asked at {network} to act for {city}. Confirm "
        "your address; then the lead of the city decides.\n\nConfirm the request: {link}\n\nThe "
        "link works for 14 days. If it was not you, leave it: nothing happens then."
    ),
    values={"name": _PERSON, "city": _CITY, "network": "CityNet", "link": _LINK},
)
letters.register(
    KNOWN_ALREADY,
    title=lazy("To somebody who asks twice to join a city"),
    subject=lazy("Your request to join {city}"),
    text=lazy(
        "Dear {name},\n\nsomebody, we think you, asked at {network} to act for {city}. There is "
        "nothing more to do: either you act for it already, or your request waits for the lead "
        "of the city.\n\nSee where it stands: {link}"
    ),
    values={"name": _PERSON, "city": _CITY, "network": "CityNet", "link": _LINK},
)
letters.register(
    REQUEST,
    title=lazy("To the lead: somebody asks to join the city"),
    subject=lazy("{asker} asks to join {city}"),
    text=lazy(
        "Dear {name},\n\n{asker} ({email}) asks to act for {city}. Office: {office}.\n\n{note}\n\n"
        "The address is confirmed. Let the person in only if you know who it is.\n\nDecide on the "
        "request: {link}"
    ),
    values={
        "name": "Budi Santoso", "asker": _PERSON, "email": "sari@sidoarjo.example",
        "city": _CITY, "office": lazy("Licensing office"), "note": lazy("I follow Ms Dewi."),
        "link": _LINK,
    },
)  # fmt: skip
letters.register(
    DECLINED,
    title=lazy("To somebody who is not let into a city"),
    subject=lazy("Your request to join {city}"),
    text=lazy(
        "Dear {name},\n\nthank you for asking to act for {city} in {network}. The city cannot let "
        "you in at present. It writes:\n\n{reason}\n\nPublic practices stay open to you without an "
        "account."
    ),
    values={
        "name": _PERSON, "city": _CITY, "network": "CityNet",
        "reason": lazy("Please ask your agency to name you first."),
    },
)  # fmt: skip
