"""Reads of a city's people: officials, invitations and requests."""

from __future__ import annotations

import enum
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from citynet.accounts import queries as people
from citynet.accounts.models import Person, SignIn
from citynet.cities import policy
from citynet.cities.models import (
    Actor,
    Invitation,
    JoinRequest,
    Membership,
    Official,
    RequestState,
    Role,
    Seat,
    Standing,
)  # fmt: skip
from citynet.kit import clock, db, tokens
from citynet.kit.errors import NotFound
from citynet.kit.page import Page

LASTS = timedelta(days=14)
# Where a city has people who may act for it, with more or fewer rights.
IN_THE_NETWORK = frozenset({Standing.APPLIED, Standing.ACTIVE, Standing.LAPSED, Standing.SUSPENDED})


class LinkState(enum.StrEnum):
    """Where a link of an invitation leads at this moment, for this reader."""

    NEW = "new"  # to a form for a password
    SIGN_IN = "sign_in"  # the address has an account
    READY = "ready"  # its owner is signed in
    FOREIGN = "foreign"  # somebody else is
    LEADS = "leads"  # the owner answers for another city first
    CLOSED = "closed"  # the account is deactivated
    OVER = "over"  # the city has left the network, or the inviter may not invite any more
    USED = "used"
    EXPIRED = "expired"
    REVOKED = "revoked"


@dataclass(frozen=True)
class TeamMember:
    """An official as the page of a city's people shows them."""

    official: Official
    last_seen_at: datetime | None

    @property
    def is_lead(self) -> bool:
        """Tell whether this one answers for the city."""
        return self.official.role == Role.LEAD and self.official.person.is_active


def team(city_id: int) -> list[TeamMember]:
    """Return the officials of a city with their last sign-in, the lead first, then by name."""
    seen = (
        select(SignIn.person_id, func.max(SignIn.created_at).label("at"))
        .group_by(SignIn.person_id)
        .subquery()
    )
    wanted = (
        select(Official, seen.c.at)
        .join(Official.person)
        .options(joinedload(Official.person))
        .outerjoin(seen, seen.c.person_id == Official.person_id)
        .where(Official.city_id == city_id)
        .order_by(Official.role, Person.name, Official.id)
    )
    return [TeamMember(official, at) for official, at in db.session().execute(wanted)]


def officials(city_id: int) -> Sequence[Official]:
    """Return a city's officials with their people as they are now, the lead first."""
    wanted = (
        select(Official)
        .options(joinedload(Official.person))
        .where(Official.city_id == city_id)
        .order_by(Official.role, Official.id)
    )
    return db.session().scalars(wanted.execution_options(populate_existing=True)).all()


def lead_of(city_id: int) -> Official | None:
    """Return who answers for a city; a deactivated lead counts as none."""
    wanted = (
        select(Official)
        .join(Official.person)
        .options(joinedload(Official.person))
        .where(
            Official.city_id == city_id,
            Official.role == Role.LEAD,
            Person.is_active,
        )
    )
    return db.session().scalar(wanted.execution_options(populate_existing=True))


def official_of(person_id: int) -> Official | None:
    """Return what a person is, and in which city."""
    wanted = (
        select(Official)
        .options(joinedload(Official.person), joinedload(Official.city))
        .where(Official.person_id == person_id)
    )
    return db.session().scalar(wanted.execution_options(populate_existing=True))


def open_invitations(city_id: int | None) -> Sequence[Invitation]:
    """Return a city's invitations that wait, or those to secretariats; newest first."""
    wanted = (
        select(Invitation)
        .options(joinedload(Invitation.invited_by), joinedload(Invitation.chapter))
        .where(
            Invitation.city_id == city_id,
            Invitation.used_at.is_(None),
            Invitation.revoked_at.is_(None),
        )
        .order_by(Invitation.invited_at.desc(), Invitation.id.desc())
    )
    return db.session().scalars(wanted).all()


def invitation(actor: Actor, invitation_id: int) -> Invitation:
    """Return an invitation that the actor manages.

    Raises:
        NotFound: none, or one that is not the actor's to know of.
    """
    wanted = (
        select(Invitation)
        .options(joinedload(Invitation.city), joinedload(Invitation.chapter))
        .where(Invitation.id == invitation_id)
    )
    found = db.session().scalar(wanted)
    if found is None or not may_manage(actor, found):
        raise NotFound
    return found


def may_manage(actor: Actor, found: Invitation) -> bool:
    """Tell whether the actor could have written the invitation."""
    if found.city is None:
        return policy.can_manage_network(actor)
    if found.seat == Seat.LEAD:
        return policy.can_name_lead(actor, found.city)
    return policy.can_manage_officials(actor, found.city)


def requests_waiting(city_id: int) -> Sequence[JoinRequest]:
    """Return the requests to join a city that wait for its lead, oldest first."""
    wanted = (
        select(JoinRequest)
        .where(JoinRequest.city_id == city_id, JoinRequest.state == RequestState.WAITING)
        .order_by(JoinRequest.id)
    )
    return db.session().scalars(wanted).all()


def requests_to(actor: Actor, number: int = 1, size: int = 50) -> Page[JoinRequest]:
    """Return a page of what waits in the cities the actor looks after, oldest first."""
    waiting = (
        select(JoinRequest)
        .join(JoinRequest.city)
        .where(JoinRequest.state == RequestState.WAITING, policy.administered_by(actor))
    )
    total = db.session().scalar(select(func.count()).select_from(waiting.subquery())) or 0
    rows = waiting.options(joinedload(JoinRequest.city)).order_by(JoinRequest.id)
    found = db.session().scalars(rows.offset((number - 1) * size).limit(size)).all()
    return Page(found, total, number, size)


def request_of(actor: Actor, request_id: int) -> JoinRequest:
    """Return a request that the actor decides on.

    Raises:
        NotFound: none, one to another's city, or one whose address is not confirmed.
    """
    wanted = (
        select(JoinRequest)
        .options(joinedload(JoinRequest.city))
        .where(JoinRequest.id == request_id, JoinRequest.state != RequestState.ASKED)
    )
    found = db.session().scalar(wanted)
    if found is None or not policy.can_manage_officials(actor, found.city):
        raise NotFound
    return found


def request_by(secret: str) -> JoinRequest:
    """Return the request that a link confirms.

    Raises:
        NotFound: none, or its time is over.
    """
    wanted = (
        select(JoinRequest)
        .options(joinedload(JoinRequest.city))
        .where(JoinRequest.secret_digest == tokens.digest(secret))
    )
    found = db.session().scalar(wanted.execution_options(populate_existing=True))
    if found is None or found.asked_at < clock.now() - LASTS:
        raise NotFound
    return found


def link(actor: Actor, secret: str) -> tuple[Invitation, LinkState]:
    """Return the invitation that a link belongs to, and where it leads for this reader.

    Raises:
        NotFound: no invitation has this link.
    """
    wanted = (
        select(Invitation)
        .options(
            joinedload(Invitation.city),
            joinedload(Invitation.chapter),
            joinedload(Invitation.invited_by),
        )
        .where(Invitation.secret_digest == tokens.digest(secret))
    )
    found = db.session().scalar(wanted.execution_options(populate_existing=True))
    if found is None:
        raise NotFound
    return found, _state_of(actor, found)


def _state_of(actor: Actor, found: Invitation) -> LinkState:
    if found.used_at is not None:
        return LinkState.USED
    if found.revoked_at is not None:
        return LinkState.REVOKED
    if found.is_over:
        return LinkState.EXPIRED
    if not _still_stands(found):
        return LinkState.OVER
    if actor.person is not None and actor.person.email != found.email:
        return LinkState.FOREIGN
    person = people.by_email(found.email)
    if person is None:
        return LinkState.NEW
    if not person.is_active:
        return LinkState.CLOSED
    if actor.person is None:
        return LinkState.SIGN_IN
    held = official_of(person.id)
    leads = held is not None and held.role == Role.LEAD and held.city_id != found.city_id
    return LinkState.LEADS if leads else LinkState.READY


def _still_stands(found: Invitation) -> bool:
    """Tell whether the city still has people, and a secretariat's inviter still may invite."""
    if found.city_id is not None:
        return standing_of(found.city_id) in IN_THE_NETWORK
    inviter = found.invited_by
    return inviter is not None and inviter.is_active and inviter.is_secretariat


def standing_of(city_id: int) -> Standing | None:
    """Return where a city's membership stands, None if it never asked for one."""
    found = db.session().scalar(select(Membership.standing).where(Membership.city_id == city_id))
    return Standing(found) if found else None


def open_cities() -> set[int]:
    """Return the ids of all cities that have people: those in the network."""
    wanted = select(Membership.city_id).where(Membership.standing.in_(IN_THE_NETWORK))
    return set(db.session().scalars(wanted))
