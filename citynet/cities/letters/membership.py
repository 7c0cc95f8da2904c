"""Letters to a city's lead about its membership: reminders, lapse, suspension, end, renewal."""

from __future__ import annotations

from citynet.accounts.models import Person
from citynet.cities import queries
from citynet.cities.models import City, Membership, Standing
from citynet.kit import letters, network
from citynet.kit.http import external_url
from citynet.kit.i18n import _, in_language, lazy, show_date

REMINDER, LAPSED, RENEWED = "membership.reminder", "membership.lapsed", "membership.renewed"
SUSPENDED, ENDED = "membership.suspended", "membership.ended"
OF_STANDING = {
    Standing.ACTIVE: RENEWED,
    Standing.LAPSED: LAPSED,
    Standing.SUSPENDED: SUSPENDED,
    Standing.ENDED: ENDED,
}
_VALUES = {
    "name": lazy("Siti Rahma"),
    "city": lazy("Kabupaten Sidoarjo"),
    "network": "CityNet",
    "contact": "secretariat@citynet.example",
    "link": "https://citynet.example/work",
}
_REASON = {**_VALUES, "reason": lazy("The board decided so on 3 May.")}
_UNTIL = {**_VALUES, "until": lazy("31 December 2027")}

letters.register(
    REMINDER,
    title=lazy("Membership: reminder before the term ends"),
    subject=lazy("The membership of {city} ends on {until}"),
    text=lazy(
        "Dear {name},\n\n"
        "the membership of {city} in {network} ends on {until}: {days} days from now.\n\n"
        "To renew it, write to the secretariat: {contact}. Without a renewal the membership "
        "lapses: what your city published stays readable, but its officials can no longer write, "
        "ask or read what is meant for members.\n\n"
        "{link}"
    ),
    values={**_UNTIL, "days": "30"},
)
letters.register(
    LAPSED,
    title=lazy("Membership: lapsed"),
    subject=lazy("The membership of {city} has lapsed"),
    text=lazy(
        "Dear {name},\n\n"
        "the membership of {city} in {network} has lapsed.\n\n"
        "What your city published stays readable. Its officials read what is public, and can no "
        "longer write, ask or read what is meant for members. To return, write to the "
        "secretariat: {contact}. A renewal is enough.\n\n"
        "{link}"
    ),
    values=_VALUES,
)
letters.register(
    RENEWED,
    title=lazy("Membership: renewed or restored"),
    subject=lazy("The membership of {city} goes on"),
    text=lazy(
        "Dear {name},\n\n"
        "the membership of {city} in {network} goes on. Its term: {until}.\n\n"
        "The officials of your city write, ask and read as members.\n\n"
        "{link}"
    ),
    values={**_VALUES, "until": lazy("until 31 December 2027")},
)
letters.register(
    SUSPENDED,
    title=lazy("Membership: suspended"),
    subject=lazy("The membership of {city} is suspended"),
    text=lazy(
        "Dear {name},\n\n"
        "the secretariat has suspended the membership of {city} in {network}. Its reason:\n\n"
        "{reason}\n\n"
        "What your city published stays readable. Its officials read what is public, and can "
        "write again once the membership is restored. Questions? Write to {contact}.\n\n"
        "{link}"
    ),
    values=_REASON,
)
letters.register(
    ENDED,
    title=lazy("Membership: ended"),
    subject=lazy("The membership of {city} has ended"),
    text=lazy(
        "Dear {name},\n\n"
        "the membership of {city} in {network} has ended. The reason:\n\n"
        "{reason}\n\n"
        "What your city published stays readable. Its officials read what is public. Questions? "
        "Write to {contact}.\n\n"
        "{link}"
    ),
    values=_REASON,
)


def tell_of_standing(membership: Membership, reason: str) -> None:
    """Write to the city's lead, if it has one, that the membership stands elsewhere now."""
    _send(OF_STANDING[Standing(membership.standing)], membership, reason=reason)


def remind(membership: Membership, *, days: int) -> bool:
    """Write to the city's lead that the term ends, and tell whether there is one."""
    return _send(REMINDER, membership, days=days)


def _send(key: str, membership: Membership, *, reason: str = "", days: int = 0) -> bool:
    found = queries.city_and_lead(membership.city_id)
    if found is None:
        return False
    city, lead = found
    language = language_of(lead, city)
    with in_language(language):
        until = show_date(membership.until_day)
        if key == RENEWED:
            until = _("until %(date)s", date=until) if until else _("without an end")
    now = network.current()
    letters.send(
        key, to=lead.email, language=language, name=lead.name, city=city.full_name,
        network=now.name, contact=now.contact_address, until=until, reason=reason, days=days,
        link=external_url("practices.work"),
    )  # fmt: skip
    return True


def language_of(person: Person, city: City) -> str:
    """Return the person's language; where none is chosen yet, the one of the city's country."""
    return person.language or language_of_country(city.country)


def language_of_country(country: str) -> str:
    """Return the language in which somebody of a country is first written to."""
    return "id" if country == "ID" else "en"
