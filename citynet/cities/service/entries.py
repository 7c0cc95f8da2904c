"""What is typed into an application, tidied and checked, whoever typed it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from slugify import slugify

from citynet.accounts.queries import normal_email
from citynet.accounts.service.people import problem_of_email
from citynet.cities.models import City, Kind
from citynet.cities.models.application import COUNTRIES
from citynet.kit import html, network
from citynet.kit.errors import Invalid
from citynet.kit.html import drop_invisible
from citynet.kit.i18n import LANGUAGES, _

LONGEST = {"name": 120, "province": 80, "contact_name": 120, "office": 160, "phone": 40}
LONGEST_NOTE = 2000
MOST_PEOPLE, MOST_KM2 = 50_000_000, 1_000_000.0
# Names stand in mails: whoever types them must not be able to put an address there.
LIKE_A_LINK = re.compile(r"[/\\@<>{}]|\bwww\.|\bhttps?\b", re.IGNORECASE)
PHONE = re.compile(r"[+0-9][0-9 ()/.-]{4,39}")


@dataclass(frozen=True, kw_only=True)
class Entry:
    """An application as it was typed; `city` is None for one that is not in the table."""

    city: City | None
    kind: Kind
    contact_name: str
    office: str
    email: str
    language: str
    name: str = ""
    country: str = ""
    province: str = ""
    population: int | None = None
    area_km2: float | None = None
    phone: str = ""
    note: str = ""
    # The ids of files that are kept.
    papers: Sequence[int] = ()

    @property
    def place(self) -> str:
        """Return what makes two applications one case."""
        if self.city is not None:
            return f"city:{self.city.id}"
        lies = f"{self.country}:{slugify(self.province)}:{self.kind}"
        return f"own:{lies}:{slugify(self.name) or self.name}"[:250]


def tidied(entry: Entry) -> Entry:
    """Return an entry on clean lines; of a city of the table, name and place are the table's.

    Raises:
        Invalid: by the field's name.
    """
    if (city := entry.city) is not None:
        entry = replace(
            entry, name=city.name, province=city.province or "", country=city.country
        )  # fmt: skip
    tidy = replace(
        entry, name=html.line(entry.name), province=html.line(entry.province),
        contact_name=html.line(entry.contact_name), office=html.line(entry.office),
        phone=html.line(entry.phone), email=normal_email(entry.email),
        note=drop_invisible(entry.note).strip(),
    )  # fmt: skip
    errors = _wrong_lines(tidy) | _wrong_rest(tidy) | _wrong_numbers(tidy)
    if errors:
        raise Invalid(errors)
    return tidy


def _wrong_lines(entry: Entry) -> dict[str, str]:
    errors: dict[str, str] = {}
    needed = {
        "name": _("Write the name of the city."),
        "contact_name": _("Write the name of the contact person."),
        "office": _("Write the office or position of the contact person."),
    }
    for name, longest in LONGEST.items():
        text = getattr(entry, name)
        if not text and name in needed:
            errors[name] = needed[name]
        elif len(text) > longest:
            errors[name] = _("Write at most %(num)s characters.", num=longest)
        elif LIKE_A_LINK.search(text) and (entry.city is None or name in needed):
            errors[name] = _("Write it in plain words, without signs as in a web address.")
    return errors


def _wrong_rest(entry: Entry) -> dict[str, str]:
    errors: dict[str, str] = {}
    if entry.phone and not PHONE.fullmatch(entry.phone):
        errors["phone"] = _("Write a phone number in digits, such as +62 31 894 1234.")
    if problem := problem_of_email(entry.email):
        errors["email"] = problem
    elif not network.is_address(entry.email):
        errors["email"] = _("Write an email address in plain Latin letters.")
    if len(entry.note) > LONGEST_NOTE:
        errors["note"] = _("Write at most %(num)s characters.", num=LONGEST_NOTE)
    if entry.country not in COUNTRIES:
        errors["country"] = _("Choose the country.")
    if entry.language not in LANGUAGES:
        errors["language"] = _("Choose English or Indonesian.")
    return errors


def _wrong_numbers(entry: Entry) -> dict[str, str]:
    errors: dict[str, str] = {}
    if entry.population is not None and not 1 <= entry.population <= MOST_PEOPLE:
        errors["population"] = _("Write the number of people in digits, such as 250000.")
    if entry.area_km2 is not None and not 0.01 <= entry.area_km2 <= MOST_KM2:
        errors["area_km2"] = _("Write the area in square kilometres, such as 125.5.")
    return errors
