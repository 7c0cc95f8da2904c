"""What accounts hold about a person: given out, and erased.

The person's own row goes last, with the command: other slices find what is theirs by its address.
"""

from __future__ import annotations

import json
import re

from sqlalchemy import delete, or_, select

from citynet.accounts.models import (
    Identity,
    OneTimeSecret,
    Passkey,
    Person,
    RecoveryCode,
    SecondFactor,
    SignIn,
)  # fmt: skip
from citynet.kit import db, effects, jobs, personal

# All that only signs the person in.
SECRETS = (Identity, OneTimeSecret, Passkey, RecoveryCode, SecondFactor, SignIn)


@personal.holder("accounts")
class Accounts:
    """The account, the ways to sign in, sessions; and mail that waits."""

    def export(self, person_id: int) -> dict[str, object]:
        """Return what is held, without what signs in."""
        person = db.session().get_one(Person, person_id)
        return {
            "person": personal.told(person, "id", "name", "email", "language", "is_secretariat",
                            "created_at", "deactivated_at"),
            "sessions": _rows(SignIn, person_id, "created_at", "used_at", "expires_at",
                              "revoked_at", "is_strong", "address", "browser"),
            "linked_accounts": _rows(Identity, person_id, "issuer", "subject", "linked_at",
                                     "used_at"),
            "codes_of_an_app": _rows(SecondFactor, person_id, "created_at", "confirmed_at"),
            "recovery_codes": _rows(RecoveryCode, person_id, "created_at", "used_at"),
            "passkeys": _rows(Passkey, person_id, "name", "created_at", "used_at"),
            "links": _rows(OneTimeSecret, person_id, "purpose", "created_at", "expires_at",
                           "used_at"),
        }  # fmt: skip

    def files(self, _person_id: int) -> dict[str, bytes]:
        """Return none: an account has no files."""
        return {}

    def erase(self, person_id: int, _pseudonym: str) -> None:
        """Delete every way in, letters to the person, and lines of jobs that name the address."""
        email = db.session().get_one(Person, person_id).email
        for table in SECRETS:
            db.session().execute(delete(table).where(table.person_id == person_id))
        db.session().execute(delete(OneTimeSecret).where(OneTimeSecret.value == email))
        _drop_letters(email)
        _blank_jobs(email)


def _drop_letters(email: str) -> None:
    """Delete what waits to be sent to the address, and what about it will never be sent."""
    effect = effects.Effect
    holds = effect.payload.icontains(json.dumps(email)[1:-1], autoescape=True)
    for row in db.session().scalars(select(effect).where(holds)).all():
        payload = json.loads(row.payload)
        is_dead = row.state == effects.State.DEAD
        if email in payload.values() or (is_dead and _names(str(payload), email)):
            db.session().delete(row)


def _blank_jobs(email: str) -> None:
    """Empty the lines of jobs that name the address."""
    item = jobs.JobItem
    holds = (one.icontains(email, autoescape=True) for one in (item.payload, item.note))
    for row in db.session().scalars(select(item).where(or_(*holds))).all():
        if _names(f"{row.payload} {row.note}", email):
            row.payload, row.note = "{}", ""


def _names(text: str, email: str) -> bool:
    """Tell whether a text holds this address, and not only one that ends or begins like it."""
    address = rf"(?<![\w.%+-]){re.escape(email)}(?![\w-]|\.\w)"
    return re.search(address, text, re.IGNORECASE) is not None


def _rows(
    table: type[Identity | OneTimeSecret | Passkey | RecoveryCode | SecondFactor | SignIn],
    person_id: int,
    *names: str,
) -> list[dict[str, object]]:
    wanted = select(table).where(table.person_id == person_id).order_by(table.id)
    return [personal.told(row, *names) for row in db.session().scalars(wanted)]
