"""Erasure: a person's data goes from every slice, what they wrote for others keeps a pseudonym.

What is erased is noted outside the database too, so that `replay` erases again whoever a restored
backup brought back. Slices that know why somebody cannot go yet register an `obstacle`.
"""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from flask import current_app
from sqlalchemy import select

from citynet.accounts import policy
from citynet.accounts.models import Erasure, Person
from citynet.accounts.queries.people import secretariat_size
from citynet.kit import audit, clock, db, effects, personal
from citynet.kit.errors import Conflict, require
from citynet.kit.i18n import _

LEDGER = "erasures.jsonl"
NOTE = "erasure.note"
# Read the same in both languages: nomen nescio, as in a list of references.
PSEUDONYM = "N.N. {}"
Obstacle = Callable[[Person], str]
_obstacles: list[Obstacle] = []


@dataclass(frozen=True)
class Noted:
    """An erasure as the file beside the database tells it."""

    person_id: int
    pseudonym: str
    person_created_at: datetime
    at: datetime


def obstacle(function: Obstacle) -> Obstacle:
    """Register what may stand before an erasure: a sentence that tells what to do, or nothing."""
    _obstacles.append(function)
    return function


def obstacles(person: Person) -> list[str]:
    """Return what stands before this person's erasure."""
    return [sentence for tell in _obstacles if (sentence := tell(person))]


@db.transaction
def erase(actor: Person | None, person: Person) -> Erasure:
    """Erase a person from every slice for good; `actor` None is the command line.

    Raises:
        Conflict: erased before, or something stands before it; the sentence tells what to do.
    """
    require(policy.can_erase(actor, person))
    found = _locked(person.id)
    if found is None or found.erased_at is not None:
        raise Conflict(_("This person's data was erased before."))
    if found.is_secretariat:
        _lock_secretariat()
    for sentence in obstacles(found):
        raise Conflict(sentence)
    erasure = _carry_out(Noted(found.id, _free_pseudonym(), found.created_at, clock.now()))
    audit.record(actor.id if actor else None, "person.erased", subject=("person", found.id))
    return erasure


@obstacle
def somebody_of_the_secretariat_stays(person: Person) -> str:
    """Tell the last person of the secretariat that the network cannot be left without one."""
    if not person.is_secretariat or secretariat_size(but=person.id):
        return ""
    return _("This is the last person of the secretariat. Add another one first.")


def noted() -> list[Noted]:
    """Return every erasure noted beside the database, oldest first."""
    path = _ledger()
    return list(_read(path.read_text(encoding="ascii").splitlines())) if path.exists() else []


def brought_back() -> list[Noted]:
    """Return the erasures that the database does not know, as after restoring an older one."""
    return [
        one for one in noted() if _is_brought_back(db.session().get(Person, one.person_id), one)
    ]


def replay() -> int:
    """Erase again whoever was brought back, and return how many; once more finds nobody."""
    return sum(_repeat(one) for one in brought_back())


@db.transaction
def _repeat(noted: Noted) -> bool:
    if not _is_brought_back(_locked(noted.person_id), noted):
        return False
    if _is_taken(noted.pseudonym):
        noted = replace(noted, pseudonym=_free_pseudonym())
    _carry_out(noted)
    audit.record(None, "person.erased_again", subject=("person", noted.person_id))
    return True


def _carry_out(noted: Noted) -> Erasure:
    """Erase in every slice, and then the row itself, by whose address they find what is theirs."""
    personal.erase_all(noted.person_id, noted.pseudonym)
    person = db.session().get_one(Person, noted.person_id)
    person.name, person.language, person.is_secretariat = noted.pseudonym, None, False
    # No mail can be sent there (RFC 2606), and no password leads to this.
    person.email, person.password_hash = f"erased-{person.id}@erased.invalid", "!"
    person.erased_at = noted.at
    person.deactivated_at = person.deactivated_at or noted.at
    erasure = Erasure(
        person_id=noted.person_id,
        pseudonym=noted.pseudonym,
        person_created_at=noted.person_created_at,
        at=noted.at,
    )
    db.session().add(erasure)
    effects.enqueue(NOTE, line=_line(noted), person_id=str(noted.person_id))
    return erasure


@effects.effect(NOTE)
def _note(payload: effects.Payload) -> None:
    """Add the erasure to the file beside the database, which restoring a backup leaves alone.

    Whoever erased themselves did so from a network address: that entry came last, and goes here.
    """
    audit.redact(actor_id=int(payload["person_id"]))
    path, line = _ledger(), payload["line"]
    before = path.read_text(encoding="ascii") if path.exists() else ""
    if line in before.splitlines():
        return
    handle = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    with os.fdopen(handle, "ab") as file:
        # What a crash left of a line is closed off: the effect runs again and writes it whole.
        start = "\n" if before and not before.endswith("\n") else ""
        file.write(f"{start}{line}\n".encode("ascii"))
        file.flush()
        os.fsync(file.fileno())


def _line(noted: Noted) -> str:
    return json.dumps(
        {
            "person_id": noted.person_id,
            "pseudonym": noted.pseudonym,
            "person_created_at": noted.person_created_at.isoformat(),
            "at": noted.at.isoformat(),
        }
    )


def _read(lines: list[str]) -> Iterator[Noted]:
    for line in lines:
        try:
            told = json.loads(line)
        except ValueError:  # the beginning of a line, from a crash: it stands below once more
            continue
        yield Noted(
            int(told["person_id"]),
            str(told["pseudonym"]),
            datetime.fromisoformat(told["person_created_at"]),
            datetime.fromisoformat(told["at"]),
        )


def _ledger() -> Path:
    return Path(current_app.config["CITYNET"].instance_dir) / LEDGER


def _is_brought_back(person: Person | None, noted: Noted) -> bool:
    """Tell whether it is that person, unerased; another may have come to the number later."""
    is_same = person is not None and person.created_at == noted.person_created_at
    return is_same and person is not None and person.erased_at is None


def _locked(person_id: int) -> Person | None:
    wanted = select(Person).where(Person.id == person_id).with_for_update()
    return db.session().scalar(wanted.execution_options(populate_existing=True))


def _free_pseudonym() -> str:
    """Return a pseudonym nobody has: four letters, more once many are taken."""
    for size in (2, 2, 2, 3, 3, 4):
        name = PSEUDONYM.format(secrets.token_hex(size))
        if not _is_taken(name):
            return name
    return PSEUDONYM.format(secrets.token_hex(16))


def _is_taken(pseudonym: str) -> bool:
    found = select(Erasure.id).where(Erasure.pseudonym == pseudonym)
    return db.session().scalar(found) is not None


def _lock_secretariat() -> None:
    """Let two of the last ones not erase themselves at once."""
    every = select(Person.id).where(Person.is_secretariat).order_by(Person.id)
    db.session().execute(every.with_for_update())
