"""Reads of sessions."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from citynet.accounts.models import Person, SignIn
from citynet.kit import clock, db, tokens


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
            Person.is_active,
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


def known_browsers(person: Person) -> frozenset[str]:
    """Return what the browsers call themselves that the person signed in with before."""
    wanted = select(SignIn.browser).where(SignIn.person_id == person.id).distinct()
    return frozenset(db.session().scalars(wanted).all())
