"""The chain of the audit log: its rows, how each is bound to the one before, and the proof of it.

An entry's hash covers the hash before it and all of its own facts, its place among them. The two
parts that may hold personal data (the address; the details with what was before and after) are
covered by salted digests, so that an erasure can blank a part, its salt included: the chain still
holds and shows that something stood there. Entries are written at the very end of a transaction,
under the lock of the head's row, which is therefore taken last: concurrent transactions neither
fork the chain nor wait for each other in a circle. Triggers of the database (migration 0002)
refuse every change but such an erasure. Who can lift the triggers and write the whole chain anew
is found out by a head that was kept elsewhere.
"""

from __future__ import annotations

import enum
import hashlib
import json
import secrets
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import NamedTuple, Protocol, cast

from sqlalchemy import Index, String, Text, func, select
from sqlalchemy.orm import Mapped, mapped_column

from citynet.kit import clock, db

EMPTY = "{}"
BATCH = 2_000


class Entry(db.Base):
    """One act. `actor_id` is no foreign key: the log outlives the person's row."""

    __tablename__ = "audit_entries"
    # Lists are ordered by time, so that each filter finds its newest rows without sorting.
    __table_args__ = (
        Index("ix_audit_entries_actor", "actor_id", "at"),
        Index("ix_audit_entries_city", "city_id", "at"),
        Index("ix_audit_entries_subject", "subject_kind", "subject_id", "at"),
        Index("ix_audit_entries_area", "area", "at"),
        Index("ix_audit_entries_action", "action", "at"),
    )

    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime] = mapped_column(default=clock.now, index=True)
    # None where the system itself acted.
    actor_id: Mapped[int | None]
    # The first word of the action, such as `person` of `person.created`.
    area: Mapped[str] = mapped_column(String(60))
    action: Mapped[str] = mapped_column(String(60))
    subject_kind: Mapped[str] = mapped_column(String(40))
    subject_id: Mapped[int]
    # The city the act concerns, so that its lead may read it.
    city_id: Mapped[int | None]
    request_id: Mapped[str] = mapped_column(String(36), index=True)
    address: Mapped[str] = mapped_column(String(45))
    details: Mapped[str] = mapped_column(Text)
    before: Mapped[str] = mapped_column(Text)
    after: Mapped[str] = mapped_column(Text)
    # A salt is empty once its part was blanked.
    address_salt: Mapped[str] = mapped_column(String(32))
    content_salt: Mapped[str] = mapped_column(String(32))
    address_digest: Mapped[str] = mapped_column(String(64))
    content_digest: Mapped[str] = mapped_column(String(64))
    redacted_at: Mapped[datetime | None]
    hash: Mapped[str] = mapped_column(String(64))


class Head(db.Base):
    """Where the chain ends; one row, written with each transaction's entries."""

    __tablename__ = "audit_heads"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    position: Mapped[int]
    hash: Mapped[str] = mapped_column(String(64))


class Mark(NamedTuple):
    """An entry's place and hash: kept elsewhere, it proves everything up to there."""

    position: int
    hash: str


BEGINNING = "0" * 64
START = Mark(0, BEGINNING)


class Fault(enum.StrEnum):
    """What is wrong with the first entry that does not hold."""

    ALTERED = "its facts or its place are not what its hash was made of, or it was put in later"
    ADDRESS = "its address was altered"
    CONTENT = "its details were altered"
    MISSING = "it was removed"
    CUT = "the log ends before it, but once went further"
    BEYOND = "it stands behind the end that was written down"
    HEAD = "the end that was written down is another one"
    KEPT = "the head kept elsewhere is another one"


@dataclass(frozen=True)
class Report:
    """What a verification found; `broken_at` is the position of the first entry at fault."""

    entries: int
    redacted: int
    head: Mark
    broken_at: int | None = None
    fault: Fault | None = None


class Facts(Protocol):
    """What a hash is made of: an entry, or a row with its columns."""

    position: int
    at: datetime
    actor_id: int | None
    action: str
    subject_kind: str
    subject_id: int
    city_id: int | None
    request_id: str
    address_digest: str
    content_digest: str


class Row(Facts, Protocol):
    """A row of the table with all its columns."""

    area: str
    address: str
    details: str
    before: str
    after: str
    address_salt: str
    content_salt: str
    redacted_at: datetime | None
    hash: str


def area_of(action: str) -> str:
    """Return the first word of an action."""
    return action.partition(".")[0]


def digest_of(salt: str, *parts: str) -> str:
    """Return the salted digest of what may be blanked later."""
    return _sha256([salt, *parts])


def link(previous: str, entry: Facts) -> str:
    """Return the hash of an entry that follows the one with the previous hash."""
    at = entry.at.replace(tzinfo=entry.at.tzinfo or UTC).astimezone(UTC)
    return _sha256(
        [
            previous, entry.position, at.isoformat(timespec="microseconds"), entry.actor_id,
            entry.action, entry.subject_kind, entry.subject_id, entry.city_id, entry.request_id,
            entry.address_digest, entry.content_digest,
        ]
    )  # fmt: skip


def append(entries: Sequence[Entry]) -> None:
    """Write entries at the end of the chain; the transaction does nothing after this."""
    head = _locked_head()
    for entry in entries:
        entry.address_salt, entry.content_salt = secrets.token_hex(16), secrets.token_hex(16)
        entry.address_digest = digest_of(entry.address_salt, entry.address)
        entry.content_digest = digest_of(
            entry.content_salt, entry.details, entry.before, entry.after
        )
        entry.position = head.position + 1
        entry.hash = link(head.hash, entry)
        head.position, head.hash = entry.position, entry.hash
    db.session().add_all(entries)
    db.session().flush()


def verify(progress: Callable[[int], object] | None = None, *, kept: Mark | None = None) -> Report:
    """Walk the chain from its beginning and report the first entry that does not hold.

    `progress` is told how many more were looked at; `kept` is a head that was kept elsewhere.
    """
    # One statement, so that entries written meanwhile are not taken for a fault.
    newest, position, hash_ = (
        db.session()
        .execute(
            select(
                select(func.max(Entry.position)).scalar_subquery(),
                select(Head.position).scalar_subquery(),
                select(Head.hash).scalar_subquery(),
            )
        )
        .one()
    )
    head, previous, redacted = Mark(position or 0, hash_ or BEGINNING), START, 0
    for batch in _batches(newest or 0):
        for row in batch:
            if broken := _broken(previous, row, kept):
                return Report(previous.position, redacted, head, *broken)
            previous = Mark(row.position, row.hash)
            redacted += row.redacted_at is not None
        if progress:
            progress(len(batch))
    return Report(previous.position, redacted, head, *(_broken_end(previous, head, kept) or ()))


def _batches(newest: int) -> Iterator[Sequence[Row]]:
    """Give the rows of the chain in their order, as plain rows and a few at a time."""
    last: int | None = None
    while True:
        wanted = select(Entry.__table__).where(Entry.position <= newest).limit(BATCH)
        if last is not None:
            wanted = wanted.where(Entry.position > last)
        found = db.session().execute(wanted.order_by(Entry.position)).all()
        if not found:
            return
        batch = cast("Sequence[Row]", found)
        last = batch[-1].position
        yield batch


def _broken(previous: Mark, row: Row, kept: Mark | None) -> tuple[int, Fault] | None:
    """Return where and how the chain breaks at this row, None where it holds."""
    expected = previous.position + 1
    if row.position > expected:
        return expected, Fault.MISSING
    is_own_area = row.area == area_of(row.action)
    if row.position < expected or not is_own_area or row.hash != link(previous.hash, row):
        return row.position, Fault.ALTERED
    if not _holds(row, row.address_salt, row.address_digest, row.address):
        return row.position, Fault.ADDRESS
    if not _holds(row, row.content_salt, row.content_digest, row.details, row.before, row.after):
        return row.position, Fault.CONTENT
    if kept and kept.position == row.position and kept.hash != row.hash:
        return row.position, Fault.KEPT
    return None


def _holds(row: Row, salt: str, digest: str, *parts: str) -> bool:
    """Tell whether a part is what its digest was made of, or was blanked whole."""
    if salt:
        return digest == digest_of(salt, *parts)
    return row.redacted_at is not None and set(parts) <= {"", EMPTY}


def _broken_end(last: Mark, head: Mark, kept: Mark | None) -> tuple[int, Fault] | None:
    """Return what is wrong with the end of a chain that holds up to there."""
    if last.position < max(head.position, kept.position if kept else 0):
        return last.position + 1, Fault.CUT
    if last.position > head.position:
        return head.position + 1, Fault.BEYOND
    return None if last == head else (head.position, Fault.HEAD)


def _locked_head() -> Head:
    """Return the head's row, locked to the end of the transaction."""
    head = db.session().get(Head, 1, with_for_update=True, populate_existing=True)
    if head is None:
        first = db.insert(Head).values(id=1, position=0, hash=BEGINNING)
        db.session().execute(first.on_conflict_do_nothing())
        head = db.session().get_one(Head, 1, with_for_update=True, populate_existing=True)
    return head


def _sha256(parts: Sequence[str | int | None]) -> str:
    text = json.dumps(list(parts), separators=(",", ":"))
    return hashlib.sha256(text.encode("ascii")).hexdigest()
