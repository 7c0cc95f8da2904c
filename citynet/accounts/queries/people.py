"""Reads of people."""

from __future__ import annotations

from sqlalchemy import func, select

from citynet.accounts.models import Person
from citynet.kit import db
from citynet.kit.html import drop_invisible


def by_email(email: str) -> Person | None:
    """Return the person with this address, in any case."""
    return db.session().scalar(select(Person).where(Person.email == normal_email(email)))


def normal_email(email: str) -> str:
    """Return the form of an address that is stored and compared."""
    return drop_invisible(email).strip().lower()


def secretariat_size(*, but: int = 0) -> int:
    """Return how many people of the network's secretariat can sign in; `but` is not counted."""
    counted = select(func.count()).where(Person.is_secretariat, Person.is_active, Person.id != but)
    return int(db.session().scalar(counted) or 0)
