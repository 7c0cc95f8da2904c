"""What goes when somebody is forgotten: invitations, requests and applications of an address.

That and when a city applied stays as history; name, address, words and papers go. Called where a
person is erased, and from the command line for an applicant who has no account.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import delete, select

from citynet.accounts import queries as people
from citynet.cities.models import (
    Application,
    ApplicationFile,
    ApplicationLink,
    ApplicationMessage,
    AppState,
    Invitation,
    JoinRequest,
    Preview,
    RequestState,
)
from citynet.cities.queries import applications as queries
from citynet.cities.service import applications, casework
from citynet.kit import audit, db, effects, files
from citynet.kit.errors import Conflict
from citynet.kit.i18n import _

FILE_GONE = "application.file_gone"
OPEN_REQUEST = (RequestState.ASKED, RequestState.WAITING)
NOBODY = "N.N."


@db.transaction
def forget_address(email: str) -> int:
    """Forget somebody who never had an account, as whoever runs the server; return how much.

    Raises:
        Conflict: the address has an account, which is erased as a whole.
    """
    email = people.normal_email(email)
    if people.by_email(email) is not None:
        raise Conflict(_("This address has an account. Erase the person instead."))
    count = len(invitations_of(email)) + len(requests_of(email)) + len(applications_of(email))
    let_go(email, NOBODY)
    return count


def let_go(email: str, pseudonym: str) -> None:
    """Inside a command: delete what is open; take name and address out of what stays."""
    # One too many is no harm: whoever was shown it sends the list once more.
    naming = Preview.lines.icontains(email, autoescape=True)
    db.session().execute(delete(Preview).where(naming))
    for invitation in invitations_of(email):
        audit.redact(subject=("invitation", invitation.id))
        if invitation.used_at is None and invitation.revoked_at is None:
            db.session().delete(invitation)
        else:
            invitation.email, invitation.name = "", pseudonym
    for request in requests_of(email):
        audit.redact(subject=("join_request", request.id))
        if request.state in OPEN_REQUEST:
            db.session().delete(request)
        else:
            request.email, request.name = "", pseudonym
            request.office = request.note = request.reason = ""
    for application in applications_of(email):
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
    for paper in papers_of(application):
        effects.enqueue(FILE_GONE, stored=paper.stored)
        db.session().delete(paper)
    own = ApplicationLink.application_id == application.id
    db.session().execute(delete(ApplicationLink).where(own))
    for message in messages_of(application):
        message.text = ""


def invitations_of(email: str) -> Sequence[Invitation]:
    """Return the invitations to an address, oldest first."""
    wanted = select(Invitation).where(Invitation.email == email)
    return db.session().scalars(wanted.order_by(Invitation.id)).all()


def requests_of(email: str) -> Sequence[JoinRequest]:
    """Return the requests to join of an address, oldest first."""
    wanted = select(JoinRequest).where(JoinRequest.email == email)
    return db.session().scalars(wanted.order_by(JoinRequest.id)).all()


def applications_of(email: str) -> Sequence[Application]:
    """Return the applications of an address, oldest first."""
    wanted = select(Application).where(Application.email == email)
    return db.session().scalars(wanted.order_by(Application.id)).all()


def papers_of(application: Application) -> Sequence[ApplicationFile]:
    """Return the papers of an application."""
    wanted = select(ApplicationFile).where(ApplicationFile.application_id == application.id)
    return db.session().scalars(wanted.order_by(ApplicationFile.id)).all()


def messages_of(application: Application) -> Sequence[ApplicationMessage]:
    """Return the messages of an application."""
    wanted = select(ApplicationMessage).where(ApplicationMessage.application_id == application.id)
    return db.session().scalars(wanted.order_by(ApplicationMessage.id)).all()
