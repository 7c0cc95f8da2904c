"""Practices from JSON lines, through the same validation and commands as the form.

Each line is one record, documented in the README. A bad line is reported with its number and
reason and undone alone; the good ones are kept in transactions of 50. A record's `key`, or the
hash of the line, makes a second import add nothing.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from citynet.cities.models import Actor
from citynet.kit import db
from citynet.kit.errors import CityNetError, Invalid
from citynet.kit.i18n import _
from citynet.practices import content as contents
from citynet.practices import queries, service
from citynet.practices.models import Practice

BATCH = 50
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
                key = str(record.get("key") or hashlib.sha256(line.encode()).hexdigest())[:200]
                is_new = import_record(record, team, key=key) is not None
        except Invalid as error:
            reasons = "; ".join(f"{name}: {text}" for name, text in error.fields.items())
            report.problems.append(Problem(number, reasons))
        except CityNetError as error:
            report.problems.append(Problem(number, str(error) or type(error).__name__))
        else:
            report.added += is_new
            report.known += not is_new


def _record(line: str) -> dict[str, object]:
    try:
        record = json.loads(line)
    except (json.JSONDecodeError, RecursionError):
        raise Invalid({"line": _("This is not a JSON object on one line.")}) from None
    if not isinstance(record, dict):
        raise Invalid({"line": _("This is not a JSON object on one line.")})
    return record
