"""What cities hold about a person: seats, invitations, requests, applications and decisions.

History stays: who decided on a membership is told by the pseudonym. What was only ever about
letting the person in goes, with the papers of an application.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import delete, or_, select, true, update
from sqlalchemy.orm import joinedload

from citynet.accounts.models import Person
from citynet.accounts.service import credentials, erasing
from citynet.cities.models import (
    Application,
    ApplicationFile,
    ApplicationLink,
    ApplicationMessage,
    AppState,
    ChapterPerson,
    City,
    Invitation,
    JoinRequest,
    Membership,
    MembershipChange,
    Official,
    Preview,
    RequestState,
    Role,
    Standing,
)
from citynet.cities.queries import applications as queries
from citynet.cities.service import applications, casework
from citynet.kit import audit, db, effects, files, personal
from citynet.kit.errors import NotFound
from citynet.kit.i18n import _

FILE_GONE = "application.file_gone"
OPEN_REQUEST = (RequestState.ASKED, RequestState.WAITING)


@erasing.obstacle
def lead_hands_over(person: Person) -> str:
    """Tell a lead that the city must not be left without one; a city that left needs none."""
    wanted = (
        select(City)
        .join(Official, Official.city_id == City.id)
        .outerjoin(Membership, Membership.city_id == City.id)
        .where(Official.person_id == person.id, Official.role == Role.LEAD)
        .where(or_(Membership.standing.is_(None), Membership.standing != Standing.ENDED))
    )
    city = db.session().scalar(wanted)
    if city is None:
        return ""
    return _(
        "The lead of %(city)s cannot be erased before somebody else is its lead. Hand over on the"
        " page of the city's people, or ask the secretariat to name another lead.",
        city=city.full_name,
    )


@credentials.follower
def take_along(before: str, after: str) -> None:
    """Let what was decided go by the new address: it is given out and erased by it.

    What is open still goes to the address it was sent to, and is forgotten in time.
    """
    is_closed = or_(Invitation.used_at.is_not(None), Invitation.revoked_at.is_not(None))
    for table, which in (
        (Invitation, is_closed),
        (JoinRequest, JoinRequest.state.not_in(OPEN_REQUEST)),
        (Application, true()),
    ):
        moved = update(table).where(table.email == before, which)
        db.session().execute(moved.values(email=after))


@personal.holder("cities")
class Cities:
    """The person's part in cities, and what was written to let them in."""

    def export(self, person_id: int) -> dict[str, object]:
        """Return seats, what was written by and to the person's address, and decisions."""
        email = db.session().get_one(Person, person_id).email
        return {
            "seats": [
                {"city": one.city.full_name, "role": one.role, "since": one.since}
                for one in _officials(person_id)
            ],
            "chapters": [
                {"chapter": one.chapter.name, "since": one.since} for one in _chapters(person_id)
            ],
            "invitations": [
                personal.told(one, "email", "name", "seat", "invited_at", "expires_at", "used_at",
                              "revoked_at")
                for one in _invitations(email)
            ],
            "requests": [
                personal.told(one, "email", "name", "office", "note", "state", "asked_at",
                              "decided_at", "reason")
                for one in _requests(email)
            ],
            "applications": [_application(one) for one in _applications(email)],
            "decisions": _decisions(person_id),
        }  # fmt: skip

    def files(self, person_id: int) -> dict[str, bytes]:
        """Return the papers that were handed in with the person's applications."""
        email = db.session().get_one(Person, person_id).email
        found: dict[str, bytes] = {}
        for application in _applications(email):
            for paper in _papers(application):
                try:
                    found[f"{paper.id} {paper.name}"] = files.get(paper.stored)
                except NotFound:
                    continue
        return found

    def erase(self, person_id: int, pseudonym: str) -> None:
        """Delete seats and what is open; take name and address out of what stays as history."""
        email = db.session().get_one(Person, person_id).email
        for table in (Official, ChapterPerson, Preview):
            db.session().execute(delete(table).where(table.person_id == person_id))
        # One too many is no harm: whoever was shown it sends the list once more.
        naming = Preview.lines.icontains(email, autoescape=True)
        db.session().execute(delete(Preview).where(naming))
        for invitation in _invitations(email):
            audit.redact(subject=("invitation", invitation.id))
            if invitation.used_at is None and invitation.revoked_at is None:
                db.session().delete(invitation)
            else:
                invitation.email, invitation.name = "", pseudonym
        for request in _requests(email):
            audit.redact(subject=("join_request", request.id))
            if request.state in OPEN_REQUEST:
                db.session().delete(request)
            else:
                request.email, request.name = "", pseudonym
                request.office = request.note = request.reason = ""
        for application in _applications(email):
            audit.redact(subject=("application", application.id))
            _blank(application, pseudonym)


@effects.effect(FILE_GONE)
def _remove_file(payload: effects.Payload) -> None:
    """Delete a paper that no application has any more."""
    if not queries.is_referred_to(payload["stored"]):
        files.remove(payload["stored"])


def _blank(application: Application, pseudonym: str) -> None:
    """Keep that and when the city applied; what the person wrote and handed in goes.

    An application nobody decided on is withdrawn: there is nobody left to answer.
    """
    if application.state == AppState.UNCONFIRMED:
        application.state = AppState.WITHDRAWN
    elif application.is_open or application.first_id is not None:
        first = casework.hold(application.first_id or application.id)
        applications.take_back(casework.hold(application.id), first)
    application.contact_name, application.email = pseudonym, ""
    application.office = application.phone = application.note = ""
    application.version += 1
    for paper in _papers(application):
        effects.enqueue(FILE_GONE, stored=paper.stored)
        db.session().delete(paper)
    own = ApplicationLink.application_id == application.id
    db.session().execute(delete(ApplicationLink).where(own))
    for message in _messages(application):
        message.text = ""


def _application(application: Application) -> dict[str, object]:
    return {
        **personal.told(application, "state", "contact_name", "office", "email", "phone", "note",
                        "consented_at", "created_at", "decided_at", "reason"),
        "city": application.full_name,
        "messages": [personal.told(one, "kind", "text", "at") for one in _messages(application)],
        "files": [personal.told(one, "name", "at") for one in _papers(application)],
    }  # fmt: skip


def _decisions(person_id: int) -> list[dict[str, object]]:
    wanted = (
        select(MembershipChange, City)
        .join(Membership, Membership.id == MembershipChange.membership_id)
        .join(City, City.id == Membership.city_id)
        .where(MembershipChange.by_id == person_id)
        .order_by(MembershipChange.id)
    )
    return [
        {"city": city.full_name, **personal.told(change, "before", "after", "reason", "at")}
        for change, city in db.session().execute(wanted).all()
    ]


def _officials(person_id: int) -> Sequence[Official]:
    wanted = select(Official).options(joinedload(Official.city))
    return db.session().scalars(wanted.where(Official.person_id == person_id)).all()


def _chapters(person_id: int) -> Sequence[ChapterPerson]:
    wanted = select(ChapterPerson).options(joinedload(ChapterPerson.chapter))
    return db.session().scalars(wanted.where(ChapterPerson.person_id == person_id)).all()


def _invitations(email: str) -> Sequence[Invitation]:
    wanted = select(Invitation).where(Invitation.email == email)
    return db.session().scalars(wanted.order_by(Invitation.id)).all()


def _requests(email: str) -> Sequence[JoinRequest]:
    wanted = select(JoinRequest).where(JoinRequest.email == email)
    return db.session().scalars(wanted.order_by(JoinRequest.id)).all()


def _applications(email: str) -> Sequence[Application]:
    wanted = select(Application).where(Application.email == email)
    return db.session().scalars(wanted.order_by(Application.id)).all()


def _papers(application: Application) -> Sequence[ApplicationFile]:
    wanted = select(ApplicationFile).where(ApplicationFile.application_id == application.id)
    return db.session().scalars(wanted.order_by(ApplicationFile.id)).all()


def _messages(application: Application) -> Sequence[ApplicationMessage]:
    wanted = select(ApplicationMessage).where(ApplicationMessage.application_id == application.id)
    return db.session().scalars(wanted.order_by(ApplicationMessage.id)).all()
