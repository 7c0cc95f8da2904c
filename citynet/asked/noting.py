"""How past queries are counted: noted beside the database, gathered by the worker.

A search appends one line to a small file and waits for nobody: not for SQLite's one writer, and
not for a disk that is full. The worker adds the lines to the table each minute. What a line says
of the asker is one bit of sixteen, chosen by a keyed digest of asker and text: three bits are
three people at least, the same person counts once however often, and everybody shares the bit
with a sixteenth of all others. So adding the same lines twice changes nothing either.
"""

from __future__ import annotations

import hmac
import json
import os
from collections import defaultdict
from collections.abc import Mapping
from datetime import date, timedelta
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

import structlog
from flask import current_app
from sqlalchemy import delete, func, select

from citynet.asked.folding import fold, is_fit_to_show
from citynet.asked.models import PastQuery
from citynet.cities.models import Actor
from citynet.kit import clock, db, throttle, worker
from citynet.kit.i18n import LANGUAGES, current_language
from citynet.practices import policy
from citynet.practices.fields import Visibility

BITS = 16
KEPT_DAYS = 180
# What too few people asked to be shown tells nothing, and goes sooner.
KEPT_DAYS_OF_FEW = 30
FEWEST_ASKERS = 3
# A stranger who floods search fills these, not the disk.
MOST_BYTES, MOST_NEW_A_DAY = 1_000_000, 2_000
log = structlog.get_logger(__name__)


class Text(NamedTuple):
    """A query as it is counted."""

    text: str
    language: str
    audience: str


def note(actor: Actor, text: str, *, address: str) -> None:
    """Note that a search for a text found something; it fails for nothing and waits for nobody."""
    folded = fold(text)
    if not is_fit_to_show(folded):
        return
    asker = f"person {actor.person_id}" if actor.is_signed_in else throttle.source(address)
    is_member = Visibility.MEMBERS in policy.audiences(actor)
    audience = Visibility.MEMBERS if is_member else Visibility.PUBLIC
    noted = [folded, current_language(), audience.value, bit_of(asker, folded)]
    try:
        _append(_file(), json.dumps(noted).encode() + b"\n")
    except OSError:
        log.warning("query_not_noted", exc_info=True)


def bit_of(asker: str, folded: str) -> int:
    """Return which bit an asker sets: another one for each text, the same one each time."""
    key = str(current_app.secret_key).encode()
    return hmac.new(key, f"asked\n{folded}\n{asker}".encode(), sha256).digest()[0] % BITS


@worker.periodic("asked.gather", minutes=1)
def gather() -> None:
    """Add what was noted to the table; what a killed worker had taken is added again first."""
    noted = _file()
    taken = noted.with_suffix(".taken")
    if not taken.exists():
        if not noted.exists():
            return
        noted.rename(taken)
    _add(_read(taken))
    taken.unlink()


@worker.periodic("asked.forget", minutes=worker.DAY_MINUTES)
@db.transaction
def forget_old() -> None:
    """Delete what nobody asked for half a year, and sooner what only one or two people asked.

    What is hidden stays, for otherwise it would come back.
    """
    today = clock.now().date()
    for days, is_meant in (
        (KEPT_DAYS, PastQuery.different >= FEWEST_ASKERS),
        (KEPT_DAYS_OF_FEW, PastQuery.different < FEWEST_ASKERS),
    ):
        is_old = PastQuery.last_on < today - timedelta(days=days)
        gone = delete(PastQuery).where(is_old, is_meant, PastQuery.hidden_at.is_(None))
        db.session().execute(gone)


@db.transaction
def _add(masks: Mapping[Text, int]) -> None:
    today = clock.now().date()
    began_today = select(func.count()).where(PastQuery.first_on == today)
    room = MOST_NEW_A_DAY - (db.session().scalar(began_today) or 0)
    for some in db.chunks(list(masks)):
        wanted = select(PastQuery).where(PastQuery.text.in_({one.text for one in some}))
        rows = {Text(row.text, row.language, row.audience): row
                for row in db.session().scalars(wanted)}  # fmt: skip
        hidden = {row.text: row for row in rows.values() if row.hidden_at}
        for one in some:
            if one in rows:
                _count(rows[one], masks[one], today)
            elif room > 0:
                room -= 1
                db.session().add(_first(one, masks[one], today, hidden.get(one.text)))


def _count(row: PastQuery, mask: int, today: date) -> None:
    """Add a day's bits; those that the row has of the same day count once."""
    if row.last_on != today:
        row.last_on, row.askers_last = today, 0
    row.asked += (mask & ~row.askers_last).bit_count()
    row.askers_last |= mask
    row.askers |= mask
    row.different = row.askers.bit_count()


def _first(one: Text, mask: int, today: date, hidden: PastQuery | None) -> PastQuery:
    """Return the row of a text; where another row of the same text is hidden, so is this one."""
    count = mask.bit_count()
    return PastQuery(
        text=one.text, language=one.language, audience=Visibility(one.audience), askers=mask,
        different=count, asked=count, askers_last=mask, first_on=today, last_on=today,
        hidden_at=hidden.hidden_at if hidden else None,
        hidden_by_id=hidden.hidden_by_id if hidden else None,
    )  # fmt: skip


def _file() -> Path:
    folder: Path = current_app.config["CITYNET"].instance_dir
    return folder / "asked.noted"


def _append(path: Path, row: bytes) -> None:
    """Write a line in one go, so that those of several processes do not mix; or leave it out."""
    descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        if os.fstat(descriptor).st_size < MOST_BYTES:
            os.write(descriptor, row)
    finally:
        os.close(descriptor)


def _read(path: Path) -> dict[Text, int]:
    """Return the bits of each text; what is no line of ours, as after a full disk, is left out."""
    masks: dict[Text, int] = defaultdict(int)
    for row in path.read_bytes().splitlines():
        try:
            text, language, audience, bit = json.loads(row)
            one = Text(fold(text), str(language), Visibility(audience).value)
            shift = int(bit)
        except (ValueError, TypeError):
            continue
        if is_fit_to_show(one.text) and one.language in LANGUAGES and 0 <= shift < BITS:
            masks[one] |= 1 << shift
    return masks
