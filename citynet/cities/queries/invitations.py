"""Reads of invitations for the desk: the rows of its list."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import ColumnElement, Select, case, select
from sqlalchemy.orm import contains_eager, joinedload

from citynet.cities import policy
from citynet.cities.models import Actor, Invitation
from citynet.kit import clock, db


def state() -> ColumnElement[str]:
    """Return where an invitation stands, as one word to filter by."""
    return case(
        (Invitation.used_at.is_not(None), "accepted"),
        (Invitation.revoked_at.is_not(None), "revoked"),
        (Invitation.expires_at <= clock.now(), "expired"),
        else_="open",
    )


def state_of(found: Invitation) -> str:
    """Return the same of one row."""
    if found.used_at is not None:
        return "accepted"
    if found.revoked_at is not None:
        return "revoked"
    return "expired" if found.is_over else "open"


def desk_invitations(actor: Actor) -> Select[Invitation]:
    """Return the query of the invitations to where the actor looks after."""
    return (
        select(Invitation)
        .outerjoin(Invitation.city)
        .options(
            contains_eager(Invitation.city),
            joinedload(Invitation.chapter),
            joinedload(Invitation.invited_by),
        )
        .where(policy.administered_by(actor))
    )


def invitations_by_id(actor: Actor, ids: list[int]) -> Mapping[int, Invitation]:
    """Return those of these invitations that the actor looks after, by id."""
    found: dict[int, Invitation] = {}
    for some in db.chunks(ids):
        wanted = (
            desk_invitations(actor)
            .where(Invitation.id.in_(some))
            .execution_options(populate_existing=True)
        )
        found |= {one.id: one for one in db.session().scalars(wanted)}
    return found
