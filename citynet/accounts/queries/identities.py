"""Reads of links to accounts at the network's provider."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from citynet.accounts.models import Identity, Person
from citynet.kit import db


def identities(person: Person) -> Sequence[Identity]:
    """Return the person's links, oldest first."""
    wanted = select(Identity).where(Identity.person_id == person.id).order_by(Identity.id)
    return db.session().scalars(wanted).all()
