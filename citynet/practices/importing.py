"""Practices from JSON lines, through the same validation and commands as the form.

Each line is one record, documented in the README. A bad line is reported with its number and
reason and undone alone; the good ones are kept in transactions of 50. A record's `key`, or the
hash of the line, makes a second import add nothing. Lines are parted by line feeds only: JSON may
hold the other signs that Python takes for the end of a line.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from citynet.cities.models import Actor
from citynet.kit import db, letters
from citynet.kit.errors import CityNetError, Invalid
from citynet.kit.html import drop_invisible, excerpt
from citynet.kit.i18n import _
from citynet.practices import content as contents
from citynet.practices import queries, service
from citynet.practices.models import Practice

BATCH = 50
LONGEST_LINE, LONGEST_KEY, LONGEST_REASON = 1_000_000, 160, 1_000
# Fields of a record that are not the practice's text.
OUTSIDE = frozenset({"key", "city"})


@dataclass(frozen=True)
class Team:
    """Who writes, and where given signs off and publishes."""

    author: Actor
    lead: Actor | None = None
    secretariat: Actor | None = None


@dataclass(frozen=True)
class Problem:
    """A line that was refused; lines count from 1."""

    line: int
    reason: str


@dataclass
class Report:
    """What an import did."""

    added: int = 0
    known: int = 0
    problems: list[Problem] = field(default_factory=list)


def import_lines(
    lines: Sequence[str], team: Team, *, progress: Callable[[int], None] = lambda _n: None
) -> Report:
    """Import every line that can be and report the others."""
    report = Report()
    for start in range(0, len(lines), BATCH):
        _import_batch(lines[start : start + BATCH], start + 1, team, report)
        progress(len(lines[start : start + BATCH]))
    return report


def import_record(record: Mapping[str, object], team: Team, *, key: str) -> Practice | None:
    """Import one record; None where it was imported before.

    Raises:
        Invalid: what cannot be taken, by field.
        CityNetError: what the team may not do.
    """
    if queries.by_import_key(key) is not None:
        return None
    fields = {name: value for name, value in record.items() if name not in OUTSIDE}
    revision = service.create(team.author, contents.read(fields), import_key=key)
    practice = db.session().get_one(Practice, revision.practice_id)
    if team.lead is not None:
        with letters.withheld():
            service.submit(team.author, practice)
            service.sign_off(team.lead, practice)
            if team.secretariat is not None:
                service.publish(team.secretariat, practice)
    return practice


@db.transaction
def _import_batch(lines: Sequence[str], first: int, team: Team, report: Report) -> None:
    for number, line in enumerate(lines, start=first):
        if not line.strip():
            continue
        try:
            with db.savepoint():
                record = _record(line)
                key = _key(record, line, team)
                is_new = import_record(record, team, key=key) is not None
        except Invalid as error:
            reasons = "; ".join(f"{name}: {text}" for name, text in error.fields.items())
            report.problems.append(Problem(number, _shortened(reasons)))
        except CityNetError as error:
            report.problems.append(Problem(number, str(error) or _("You may not do this.")))
        else:
            report.added += is_new
            report.known += not is_new


def _record(line: str) -> dict[str, object]:
    """Return the record of a line.

    Raises:
        Invalid: no JSON object, or one that could be read in two ways.
    """
    if len(line) > LONGEST_LINE:
        raise Invalid({"line": _("This line is longer than one million characters.")})
    if any("\ud800" <= letter <= "\udfff" for letter in line):
        raise Invalid({"line": _("This line is not written in UTF-8.")})
    try:
        record = json.loads(line, object_pairs_hook=_once, parse_constant=_refuse)
    except (ValueError, RecursionError):
        # A whole number of thousands of digits is a ValueError of its own.
        raise Invalid({"line": _("This is not a JSON object on one line.")}) from None
    if not isinstance(record, dict):
        raise Invalid({"line": _("This is not a JSON object on one line.")})
    return record


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    """Make an object of its fields, none of which may come twice."""
    record = dict(pairs)
    if len(record) < len(pairs):
        twice = next(name for name, count in Counter(n for n, _v in pairs).items() if count > 1)
        raise Invalid({twice: _("This field comes twice.")})
    return record


def _refuse(constant: str) -> object:
    raise ValueError(f"{constant} is no JSON")


def _key(record: Mapping[str, object], line: str, team: Team) -> str:
    """Return what tells a city's records apart: their own keys, else the hashes of the lines."""
    key = record.get("key")
    if key is None:
        key = hashlib.sha256(line.strip().encode()).hexdigest()
    if not isinstance(key, str) or not 0 < len(key) <= LONGEST_KEY or drop_invisible(key) != key:
        raise Invalid({"key": _("Write a key of 1 to 160 visible characters, or none.")})
    return f"{team.author.city.code if team.author.city else ''}:{key}"


def _shortened(reasons: str) -> str:
    """Return reasons that a terminal can show: they may hold what the line's author wrote."""
    return excerpt(drop_invisible(reasons), LONGEST_REASON)
