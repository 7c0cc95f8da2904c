"""The audit log: who did what, on whom, when, from where, before and after.

Entries are written with what they record, in the same transaction, and never changed: `verify`
proves it (`audit_chain`). Erasing a person blanks the parts that tell of them and nothing else.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from flask import g, has_request_context, request
from sqlalchemy import ColumnElement, Select, and_, func, or_, select, true, update

from citynet.kit import audit_chain, clock, db, personal
from citynet.kit.audit_chain import EMPTY, Entry, Fault, Head, Mark, Report, area_of, verify
from citynet.kit.page import Page

__all__ = [
    "Change", "Entry", "Fault", "Filter", "Head", "Mark", "Report", "changes_of", "entries",
    "every", "notes_of", "record", "redact", "verify",
]  # fmt: skip
Values = Mapping[str, object]


class Change(NamedTuple):
    """A field that an act changed."""

    field: str
    before: object
    after: object


def record(
    actor_id: int | None,
    action: str,
    *,
    subject: tuple[str, int],
    city_id: int | None = None,
    details: Values | None = None,
    before: Values | None = None,
    after: Values | None = None,
) -> None:
    """Write an entry at the end of the transaction under way; `subject` is its kind and id.

    `before` and `after` map the fields that changed to their values; none of the three holds
    secrets, and what tells of a person is recorded on the subject ("person", id).
    """
    in_request = has_request_context()
    entry = Entry(
        at=clock.now(),
        actor_id=actor_id,
        area=area_of(action),
        action=action,
        subject_kind=subject[0],
        subject_id=subject[1],
        city_id=city_id,
        request_id=g.get("request_id", "") if in_request else "",
        address=(request.remote_addr or "")[:45] if in_request else "",
        details=_text(details),
        before=_text(before),
        after=_text(after),
    )
    db.before_commit(audit_chain.append, entry)


@dataclass(frozen=True, kw_only=True)
class Filter:
    """Which entries are wanted: all that is given must hold; `also` is a further condition."""

    actor_id: int | None = None
    # A whole action, such as `person.created`, or its first word.
    action: str = ""
    subject_kind: str = ""
    subject_id: int | None = None
    city_id: int | None = None
    since: datetime | None = None
    until: datetime | None = None
    request_id: str = ""
    also: ColumnElement[bool] | None = None

    @property
    def is_empty(self) -> bool:
        """Tell whether every entry is wanted."""
        return self.also is None and self == Filter()

    def condition(self) -> ColumnElement[bool]:
        """Return the condition on `Entry`."""
        act = self.action.rstrip(".")
        equal = (
            (Entry.actor_id, self.actor_id),
            (Entry.action if "." in act else Entry.area, act or None),
            (Entry.subject_kind, self.subject_kind or None),
            (Entry.subject_id, self.subject_id),
            (Entry.city_id, self.city_id),
            (Entry.request_id, self.request_id or None),
        )
        given = [column == value for column, value in equal if value is not None]
        if self.since is not None:
            given.append(Entry.at >= self.since)
        if self.until is not None:
            given.append(Entry.at < self.until)
        return and_(true(), *given, *([] if self.also is None else [self.also]))


EVERYTHING = Filter()


def entries(wanted: Filter = EVERYTHING, number: int = 1, *, size: int = 50) -> Page[Entry]:
    """Return a page of entries, newest first."""
    if wanted.is_empty:
        counted = select(func.max(Entry.position))
    else:
        counted = select(func.count()).select_from(Entry).where(wanted.condition())
    total = db.session().scalar(counted) or 0
    rows = _newest_first(wanted).offset((number - 1) * size).limit(size)
    return Page(db.session().scalars(rows).all(), total, number, size)


def every(wanted: Filter = EVERYTHING) -> Iterator[Entry]:
    """Give all entries, newest first, a few at a time from the database: for exports."""
    yield from db.session().scalars(_newest_first(wanted).execution_options(yield_per=1_000))


def changes_of(entry: Entry) -> list[Change]:
    """Return what the act changed, by field."""
    before, after = json.loads(entry.before), json.loads(entry.after)
    return [Change(key, before.get(key), after.get(key)) for key in {**before, **after}]


def notes_of(entry: Entry) -> dict[str, object]:
    """Return what else was written down with the act."""
    notes: dict[str, object] = json.loads(entry.details)
    return notes


@db.transaction
def redact(*, actor_id: int | None = None, subject: tuple[str, int] | None = None) -> int:
    """Blank from where somebody acted, or what is told of a subject; return how many entries.

    The chain still holds, and the entry shows when it was blanked.
    """
    changed = 0
    if actor_id is not None:
        own = and_(Entry.actor_id == actor_id, Entry.address_salt != "")
        changed += _blank(own, address="", address_salt="")
    if subject is not None:
        about = and_(Entry.subject_kind == subject[0], Entry.subject_id == subject[1])
        kept = and_(about, Entry.content_salt != "")
        changed += _blank(kept, details=EMPTY, before=EMPTY, after=EMPTY, content_salt="")
    return changed


@personal.holder("audit")
class Trail:
    """What the log holds about a person: what they did, and what was done to them."""

    def export(self, person_id: int) -> dict[str, object]:
        """Return both, newest first; from where others acted is theirs."""
        about = and_(Entry.subject_kind == "person", Entry.subject_id == person_id)
        found = every(Filter(also=or_(Entry.actor_id == person_id, about)))
        return {"entries": [_told(entry, person_id) for entry in found]}

    def files(self, _person_id: int) -> dict[str, bytes]:
        """Return none."""
        return {}

    def erase(self, person_id: int, _pseudonym: str) -> None:
        """Blank where they acted from and what is told of them; that they acted stays."""
        redact(actor_id=person_id, subject=("person", person_id))


def _newest_first(wanted: Filter) -> Select[Entry]:
    newest = (Entry.at.desc(), Entry.position.desc())
    return select(Entry).where(wanted.condition()).order_by(*newest)


def _blank(which: ColumnElement[bool], **values: str) -> int:
    moment = func.coalesce(Entry.redacted_at, clock.now())
    statement = update(Entry).where(which).values(redacted_at=moment, **values)
    done = statement.returning(Entry.position).execution_options(synchronize_session=False)
    return len(db.session().execute(done).all())


def _told(entry: Entry, person_id: int) -> dict[str, object]:
    is_own = entry.actor_id == person_id
    return {
        "at": entry.at.isoformat(),
        "action": entry.action,
        "is_own": is_own,
        "subject": f"{entry.subject_kind} {entry.subject_id}",
        "from": entry.address if is_own else "",
        "details": notes_of(entry),
        "before": json.loads(entry.before),
        "after": json.loads(entry.after),
    }


def _text(values: Values | None) -> str:
    return json.dumps(dict(values or {}), ensure_ascii=False, sort_keys=True, default=str)
