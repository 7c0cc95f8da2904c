"""The audit log in words: a line for each act, as far as its reader may know it."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import url_for

from citynet.admin import acts, queries
from citynet.admin.act_words import CITY_FIELDS, PERSON_FIELDS, Names, field_of, value_of
from citynet.admin.queries import ActRow
from citynet.kit import audit
from citynet.kit.i18n import _

# What a city does not learn of what was decided on it; secretariats do.
KEPT_FROM_CITIES = frozenset({"reason", "note"})
# A secretariat reads no draft: it learns that a city writes, not what. Submitting tells the title.
WRITING = frozenset({
    "practice.created", "practice.saved", "practice.restored", "practice.file_added",
    "practice.file_removed", "practice.translation_begun", "practice.translation_saved",
    "practice.translation_discarded",
})  # fmt: skip
KEPT_OF_WRITING = frozenset({"title", "file"})


@dataclass(frozen=True)
class Told:
    """A field that changed, or a note when there is nothing before and after."""

    field: str
    before: str
    after: str


@dataclass(frozen=True)
class Line:
    """One act in words."""

    position: int
    at: datetime
    who: str
    what: str
    whom: str
    # Where to look at what it was done to; empty where there is no page.
    url: str
    city: str
    changes: list[Told]
    notes: list[tuple[str, str]]
    address: str
    is_blanked: bool
    hash: str

    @property
    def changed(self) -> str:
        """Return the changes and notes as one text: a cell of the export."""
        changes = [f"{one.field}: {one.before} → {one.after}" for one in self.changes]
        return "; ".join([*changes, *(f"{field}: {value}" for field, value in self.notes)])


# Writes a line once the names of cities and people are known.
Teller = Callable[[Names, Names], Line]


def for_secretariat(rows: Sequence[ActRow]) -> list[Line]:
    """Tell everything but what drafts are called, with links into the desk."""
    return _tell(rows, _line_for_secretariat)


def for_city(rows: Sequence[ActRow]) -> list[Line]:
    """Tell a lead what was done in the city: not why the secretariat decided, nor from where."""
    return _tell(rows, _line_for_city)


def for_oneself(rows: Sequence[ActRow]) -> list[Line]:
    """Tell people what they did, and from where."""
    return _tell(rows, lambda row: _line(row, who=_doer(row), url=_public_url(row)))


def _tell(
    rows: Sequence[ActRow], tell: Callable[[ActRow], Callable[[Names, Names], Line]]
) -> list[Line]:
    """Return the lines, the names that their fields hold by id read in two queries."""
    cities, people = queries.names_of(_ids(rows, CITY_FIELDS), _ids(rows, PERSON_FIELDS))
    return [tell(row)(cities, people) for row in rows]


def _line_for_secretariat(row: ActRow) -> Teller:
    if row[0].action in WRITING:
        return _line(row, who=_doer(row), url="", hidden=KEPT_OF_WRITING, is_named=False)
    return _line(row, who=_doer(row), url=_desk_url(row))


def _line_for_city(row: ActRow) -> Teller:
    _entry, _name, is_secretariat, chapter_person, *_rest = row
    is_outside = bool(is_secretariat or chapter_person)
    who = _("The secretariat") if is_outside else _doer(row)
    return _line(row, who=who, url=_public_url(row), hidden=KEPT_FROM_CITIES, is_address_told=False)


def _line(
    row: ActRow, *, who: str, url: str, hidden: frozenset[str] = frozenset(),
    is_address_told: bool = True, is_named: bool = True,
) -> Teller:  # fmt: skip
    entry, city = row[0], row[5]

    def written(cities: Names, people: Names) -> Line:
        return Line(
            position=entry.position, at=entry.at, who=who, what=acts.word_of(entry.action),
            whom=_subject(row, is_named=is_named), url=url, city=city.full_name if city else "",
            changes=[
                Told(field_of(one.field), value_of(one.field, one.before, cities, people),
                     value_of(one.field, one.after, cities, people))
                for one in audit.changes_of(entry) if one.field not in hidden
            ],
            notes=[
                (field_of(name), value_of(name, value, cities, people))
                for name, value in audit.notes_of(entry).items() if name not in hidden
            ],
            address=entry.address if is_address_told else "",
            is_blanked=entry.redacted_at is not None, hash=entry.hash,
        )  # fmt: skip

    return written


def _doer(row: ActRow) -> str:
    entry, name = row[0], row[1]
    if entry.actor_id is None:
        return _("The network itself")
    return name or _("Person %(number)s, no longer here", number=entry.actor_id)


def _subject(row: ActRow, *, is_named: bool) -> str:
    entry, _name, _is_secretariat, _chapter, person, city, practice, _topic = row
    notes = audit.notes_of(entry)
    if entry.subject_kind == "session":
        return ""
    name = person or notes.get("title") or notes.get("topic") or practice
    if entry.subject_kind in ("membership", "city", "application"):
        name = city.full_name if city else notes.get("city")
    kind = str(acts.KINDS.get(entry.subject_kind, entry.subject_kind))
    return f"{kind}: {name}" if name and is_named else kind


def _desk_url(row: ActRow) -> str:
    entry, *_names, city, practice, topic = row
    kind, number = entry.subject_kind, entry.subject_id
    if kind == "person" and row[4] is not None:
        return url_for("admin.person", person_id=number)
    if kind in ("membership", "city") and city is not None:
        return url_for("admin.membership", slug=city.slug)
    if kind == "application":
        return url_for("admin.application", application_id=number)
    if kind == "announcement":
        return url_for("admin.announcement", announcement_id=number)
    if topic is not None:
        return url_for("admin.topic", topic_id=number)
    return url_for("practices.show", slug=practice) if practice else ""


def _public_url(row: ActRow) -> str:
    practice = row[6]
    return url_for("practices.show", slug=practice) if practice else ""


def _ids(rows: Sequence[ActRow], fields: Sequence[str]) -> list[int]:
    """Return the ids that stand in these fields of what was noted and changed."""
    found: set[int] = set()
    for row in rows:
        for text in (row[0].details, row[0].before, row[0].after):
            values: dict[str, Any] = json.loads(text)
            found.update(values[name] for name in fields if type(values.get(name)) is int)
    return sorted(found)
