"""One-time secrets inside commands: made, taken once, voided; kept as digests only."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.orm import joinedload

from citynet.accounts.models import OneTimeSecret, Person, Purpose
from citynet.kit import clock, db, tokens, worker
from citynet.kit.errors import NotFound

LASTS = {
    Purpose.PASSWORD_RESET: timedelta(hours=1),
    Purpose.MAIL_CHANGE: timedelta(hours=24),
    Purpose.SECOND_STEP: timedelta(minutes=10),
    Purpose.PASSKEY_NEW: timedelta(minutes=5),
    Purpose.PASSKEY_SIGN_IN: timedelta(minutes=5),
}
# A link that is over still finds its page, which says so.
KEPT_AFTERWARDS = timedelta(days=7)


def make(purpose: Purpose, person: Person | None, *, value: str = "", secret: str = "") -> str:
    """Inside a command: return a new secret; `secret` is one that was made already."""
    secret = secret or tokens.secret()
    row = OneTimeSecret(
        digest=tokens.digest(secret),
        purpose=purpose,
        person_id=person.id if person else None,
        value=value,
        expires_at=clock.now() + LASTS[purpose],
    )
    db.session().add(row)
    db.session().flush()
    return secret


def take(purpose: Purpose, secret: str) -> OneTimeSecret:
    """Inside a command: use a secret up; of two who come at once, one has it.

    Raises:
        NotFound: not for this purpose, used, expired or void.
    """
    wanted = (
        select(OneTimeSecret)
        .options(joinedload(OneTimeSecret.person))
        .where(OneTimeSecret.digest == tokens.digest(secret), OneTimeSecret.purpose == purpose)
        .with_for_update(of=OneTimeSecret)
        .execution_options(populate_existing=True)
    )
    found = db.session().scalar(wanted)
    if found is None or found.used_at is not None or found.expires_at <= clock.now():
        raise NotFound
    if found.person is not None and not found.person.is_active:
        raise NotFound
    found.used_at = clock.now()
    return found


def void(person: Person, *purposes: Purpose) -> None:
    """Inside a command: let the person's unused secrets end now, all or those of some purposes."""
    is_one_of = OneTimeSecret.purpose.in_(purposes or tuple(Purpose))
    db.session().execute(
        update(OneTimeSecret)
        .where(OneTimeSecret.person_id == person.id, OneTimeSecret.used_at.is_(None), is_one_of)
        .values(expires_at=clock.now())
    )


@worker.periodic("accounts.forget_secrets", minutes=60)
@db.transaction
def forget_old() -> None:
    """Delete what nobody asks for any more."""
    over = OneTimeSecret.expires_at < clock.now() - KEPT_AFTERWARDS
    db.session().execute(delete(OneTimeSecret).where(over))
