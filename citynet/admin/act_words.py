"""What the audit log holds, in words: the fields that an act changed, and their values."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from datetime import date

from citynet.admin.choices import LANGUAGES
from citynet.kit.i18n import _, lazy, show_date, show_number

FIELDS: Mapping[str, str] = {
    "address": lazy("Address"),
    "area_km2": lazy("Area"),
    "audience": lazy("Who reads it"),
    "before": lazy("Before"),
    "begins_on": lazy("First day"),
    "by": lazy("How"),
    "category": lazy("Category"),
    "answer": lazy("Answer"),
    "chapter": lazy("Chapter"),
    "city": lazy("City"),
    "comment": lazy("Comment"),
    "contact_address": lazy("Contact address"),
    "day": lazy("Day"),
    "country": lazy("Country"),
    "description_en": lazy("Description in English"),
    "description_id": lazy("Description in Indonesian"),
    "due_on": lazy("Due on"),
    "email": lazy("Mail address"),
    "ends_on": lazy("Last day"),
    "field": lazy("Field"),
    "filters": lazy("Filters"),
    "file": lazy("File"),
    "from": lazy("From"),
    "into": lazy("Merged into"),
    "key": lazy("Which"),
    "kind": lazy("Kind"),
    "language": lazy("Language"),
    "latitude": lazy("Latitude"),
    "lead": lazy("Lead"),
    "link": lazy("Where to read on"),
    "list": lazy("List"),
    "longitude": lazy("Longitude"),
    "mark": lazy("Mark"),
    "name": lazy("Name"),
    "name_en": lazy("Name in English"),
    "name_id": lazy("Name in Indonesian"),
    "narrower_en": lazy("Narrower words in English"),
    "narrower_id": lazy("Narrower words in Indonesian"),
    "parent": lazy("Stands under"),
    "place": lazy("Place"),
    "population": lazy("Population"),
    "population_year": lazy("Year of the count"),
    "practice": lazy("Practice"),
    "practices": lazy("Practices that followed"),
    "reason": lazy("Reason"),
    "reports": lazy("Reports settled"),
    "restored": lazy("Restored revision"),
    "reviewer": lazy("Reviewer"),
    "revision": lazy("Revision"),
    "role": lazy("Role"),
    "rows": lazy("Rows"),
    "seat": lazy("Role"),
    "secretariat": lazy("Belongs to the secretariat"),
    "sessions": lazy("Sessions"),
    "standing": lazy("Standing"),
    "state": lazy("State"),
    "subject": lazy("Subject"),
    "synonyms_en": lazy("Other words in English"),
    "synonyms_id": lazy("Other words in Indonesian"),
    "term_months": lazy("Term in months"),
    "text": lazy("Text"),
    "text_en": lazy("Text in English"),
    "text_id": lazy("Text in Indonesian"),
    "title": lazy("Title"),
    "title_en": lazy("Title in English"),
    "title_id": lazy("Title in Indonesian"),
    "topic": lazy("Topic"),
    "until": lazy("Until"),
}
# Codes of closed sets, by the field they stand in.
VALUES: Mapping[str, Mapping[str, str]] = {
    "audience": {"everybody": lazy("Everybody"), "members": lazy("Officials of member cities")},
    "category": {"full": lazy("Full member"), "associate": lazy("Associate member")},
    "kind": {
        "kota": lazy("City (kota)"), "kabupaten": lazy("Regency (kabupaten)"),
        "city": lazy("City or town"),
    },
    "language": LANGUAGES,
    "role": {"official": lazy("Official"), "lead": lazy("Lead")},
    "seat": {
        "official": lazy("Official"), "lead": lazy("Lead"),
        "chapter": lazy("Secretariat of a chapter"), "secretariat": lazy("Secretariat"),
    },
    "standing": {
        "applied": lazy("Applied"), "active": lazy("Member"), "lapsed": lazy("Lapsed"),
        "suspended": lazy("Suspended"), "ended": lazy("Membership ended"),
    },
    # Of applications, and of texts.
    "state": {
        "waiting": lazy("Waiting for the secretariat"), "asked": lazy("More is asked"),
        "joined": lazy("Joined the first"), "admitted": lazy("Admitted"),
        "declined": lazy("Declined"), "withdrawn": lazy("Withdrawn"), "draft": lazy("Draft"),
        "submitted": lazy("Submitted"), "signed_off": lazy("Signed off"),
        "published": lazy("Published"),
    },
    "answer": {
        "running": lazy("Still running"), "changed": lazy("Changed"),
        "stopped": lazy("Stopped"),
    },
}  # fmt: skip
# Fields that hold the id of a row, and of what it is.
CITY_FIELDS, PERSON_FIELDS = ("city", "city_id"), ("lead", "person", "person_id")
DAY_FIELDS, YEAR_FIELDS = (
    ("begins_on", "day", "due_on", "ends_on", "from", "until"),
    ("population_year",),
)
Names = Mapping[int, str]


def field_of(name: str) -> str:
    """Return what a field is called; one that has no words of its own stands as it is."""
    return str(FIELDS.get(name, name.replace("_", " ")))


def value_of(name: str, value: object, cities: Names, people: Names) -> str:
    """Return a value in words; `cities` and `people` are names by id."""
    if value is None or value == "":
        return "–"
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if name in YEAR_FIELDS:
        return str(value)
    if isinstance(value, int):
        names = cities if name in CITY_FIELDS else people if name in PERSON_FIELDS else {}
        return names.get(value, show_number(value))
    if isinstance(value, (list, tuple)):
        return ", ".join(value_of(name, one, cities, people) for one in value)
    if isinstance(value, dict):
        return ", ".join(
            f"{field_of(key)}: {value_of(key, one, cities, people)}" for key, one in value.items()
        )
    if name in DAY_FIELDS:
        with suppress(ValueError):
            return show_date(date.fromisoformat(str(value)))
    return str(VALUES.get(name, {}).get(str(value), value))
