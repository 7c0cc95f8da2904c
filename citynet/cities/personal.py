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
    ChapterPerson,
    City,
    Invitation,
    JoinRequest,
    Membership,
    MembershipChange,
    Official,
    Preview,
    Role,
    Standing,
)
from citynet.cities.service import forgetting
from citynet.kit import db, files, personal
from citynet.kit.errors import NotFound
from citynet.kit.i18n import _


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
        (JoinRequest, JoinRequest.state.not_in(forgetting.OPEN_REQUEST)),
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
                for one in forgetting.invitations_of(email)
            ],
            "requests": [
                personal.told(one, "email", "name", "office", "note", "state", "asked_at",
                              "decided_at", "reason")
                for one in forgetting.requests_of(email)
            ],
            "applications": [_application(one) for one in forgetting.applications_of(email)],
            "decisions": _decisions(person_id),
        }  # fmt: skip

    def files(self, person_id: int) -> dict[str, bytes]:
        """Return the papers that were handed in with the person's applications."""
        email = db.session().get_one(Person, person_id).email
        found: dict[str, bytes] = {}
        for application in forgetting.applications_of(email):
            for paper in forgetting.papers_of(application):
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
        forgetting.let_go(email, pseudonym)


def _application(application: Application) -> dict[str, object]:
    return {
        **personal.told(application, "state", "contact_name", "office", "email", "phone", "note",
                        "consented_at", "created_at", "decided_at", "reason"),
        "city": application.full_name,
        "messages": [
            personal.told(one, "kind", "text", "at") for one in forgetting.messages_of(application)
        ],
        "files": [personal.told(one, "name", "at") for one in forgetting.papers_of(application)],
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
