"""Reads of people and sessions."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import func, or_, select
from sqlalchemy.orm import joinedload

from citynet.accounts.models import FailedSignIn, Person, SignIn
from citynet.kit import clock, db, tokens
from citynet.kit.html import drop_invisible


def by_email(email: str) -> Person | None:
    """Return the person with this address, in any case."""
    return db.session().scalar(select(Person).where(Person.email == normal_email(email)))


def normal_email(email: str) -> str:
    """Return the form of an address that is stored and compared."""
    return drop_invisible(email).strip().lower()


def valid_sign_in(secret: str) -> SignIn | None:
    """Return the session if it is neither revoked nor expired and the person is active."""
    wanted = (
        select(SignIn)
        .join(SignIn.person)
        .options(joinedload(SignIn.person))
        .where(
            SignIn.secret_digest == tokens.digest(secret),
            SignIn.revoked_at.is_(None),
            SignIn.expires_at > clock.now(),
            Person.deactivated_at.is_(None),
        )
    )
    return db.session().scalar(wanted)


def own_sign_ins(person: Person) -> Sequence[SignIn]:
    """Return the person's sessions that still hold, newest first."""
    wanted = select(SignIn).where(
        SignIn.person_id == person.id,
        SignIn.revoked_at.is_(None),
        SignIn.expires_at > clock.now(),
    )
    return db.session().scalars(wanted.order_by(SignIn.id.desc())).all()


def failures(*, account_digest: str, address: str, minutes: int) -> tuple[int, int]:
    """Return how many refused passwords the account and the address had in these minutes."""
    since = clock.now() - timedelta(minutes=minutes)
    is_account, is_address = (
        FailedSignIn.account_digest == account_digest,
        FailedSignIn.address == address,
    )
    counted = (
        select(
            func.count().filter(is_account),
            func.count().filter(is_address),
        )
        .select_from(FailedSignIn)
        .where(FailedSignIn.at > since, or_(is_account, is_address))
    )
    account, from_address = db.session().execute(counted).one()
    return int(account), int(from_address)
