"""Commands of whoever follows the link of an invitation: the link is their right to act."""

from __future__ import annotations

from sqlalchemy import select, update

from citynet.accounts.models import Person, SignIn
from citynet.accounts.service.people import register
from citynet.accounts.service.signing_in import Visit, open_session
from citynet.cities.models import (
    VISITOR,
    Actor,
    ChapterPerson,
    Invitation,
    JoinRequest,
    RequestState,
    Role,
    Seat,
)  # fmt: skip
from citynet.cities.queries import team
from citynet.cities.queries.team import LinkState
from citynet.cities.service.officials import hold, place
from citynet.kit import audit, clock, db, tokens
from citynet.kit.errors import Conflict, Invalid, NotFound, require
from citynet.kit.i18n import _


@db.transaction
def accept_new(secret: str, *, name: str, password: str, has_agreed: bool, visit: Visit) -> SignIn:
    """Make an account for the invited address, take the seat, and open a session.

    Raises:
        NotFound: no invitation has this link.
        Conflict: the link leads elsewhere by now; ask `team.link` where.
        Invalid: no name, a weak password, no agreement.
    """
    found = _take(VISITOR, secret, LinkState.NEW)
    if not has_agreed:
        raise Invalid({"agreed": _("Agree to this first: without it there can be no account.")})
    person = register(found.email, name=name, password=password, language=found.language)
    _seat(found, person)
    return open_session(person, visit)


@db.transaction
def accept_as(actor: Actor, secret: str) -> Invitation:
    """Take the seat with the account one is signed in with.

    Raises:
        NotFound: no invitation has this link.
        Conflict: the link leads elsewhere by now; ask `team.link` where.
    """
    require(actor.is_signed_in)
    found = _take(actor, secret, LinkState.READY)
    if actor.person is None:
        raise NotFound
    _seat(found, actor.person)
    return found


def _take(actor: Actor, secret: str, wanted: LinkState) -> Invitation:
    """Return the invitation, held, if it leads where it should: of two at once one gets it."""
    row = select(Invitation).where(Invitation.secret_digest == tokens.digest(secret))
    db.session().execute(row.with_for_update()).all()
    found, state = team.link(actor, secret)
    if state != wanted:
        raise Conflict(_("This link does not lead there any more. See what happened."))
    return found


def _seat(found: Invitation, person: Person) -> None:
    found.used_at = clock.now()
    if found.city_id is not None:
        held = team.official_of(person.id)
        hold(found.city_id, held.city_id if held else None)
        if held is None or held.city_id != found.city_id:
            place(person.id, person, found.city_id, Role(found.seat))
        _answer_requests(found.email, found.city_id)
    else:
        _seat_in_secretariat(found, person)
    audit.record(
        person.id, "invitation.accepted", subject=("invitation", found.id),
        city_id=found.city_id, details={"seat": found.seat},
    )  # fmt: skip


def _seat_in_secretariat(found: Invitation, person: Person) -> None:
    if team.official_of(person.id) is not None:
        raise Conflict(_("You act for a city. Leave it first; then you can decide on it."))
    if person.is_secretariat:
        raise Conflict(_("You are of the secretariat already."))
    if found.seat == Seat.SECRETARIAT:
        person.is_secretariat = True
    else:
        wanted = select(ChapterPerson).where(ChapterPerson.person_id == person.id)
        row = db.session().scalar(wanted) or ChapterPerson(person_id=person.id)
        row.chapter_id = found.chapter_id or 0
        db.session().add(row)
    audit.record(
        person.id, "secretariat.joined", subject=("person", person.id),
        details={"seat": found.seat, "by": found.invited_by_id},
    )  # fmt: skip


def _answer_requests(email: str, city_id: int) -> None:
    """Let what the person asked for meanwhile wait no longer."""
    is_open = JoinRequest.state.in_([RequestState.ASKED, RequestState.WAITING])
    own = update(JoinRequest).where(JoinRequest.email == email, JoinRequest.city_id == city_id)
    db.session().execute(
        own.where(is_open).values(state=RequestState.ACCEPTED, decided_at=clock.now())
    )
