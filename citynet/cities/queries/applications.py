"""Reads of applications: what a mailed link leads to, what stands open, what belongs to one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from citynet.cities.models import (
    Application,
    ApplicationFile,
    ApplicationLink,
    ApplicationMessage,
    AppState,
    LinkPurpose,
)
from citynet.kit import clock, db, files, tokens
from citynet.kit.errors import NotFound

OPEN = (AppState.WAITING, AppState.ASKED)


@dataclass(frozen=True)
class Followed:
    """What an applicant sees: their own words, and how the case stands."""

    application: Application
    # The same, unless it joined another one: nothing of that one is shown but state and reason.
    first: Application
    messages: Sequence[ApplicationMessage]
    files: Sequence[ApplicationFile]


def link_of(secret: str, purpose: LinkPurpose) -> ApplicationLink:
    """Return a mailed link with its application and city.

    Raises:
        NotFound: no such link, or one for something else.
    """
    own = joinedload(ApplicationLink.application)
    first = own.joinedload(Application.first).joinedload(Application.city)
    wanted = (
        select(ApplicationLink)
        .options(own.joinedload(Application.city), first)
        .where(ApplicationLink.digest == tokens.digest(secret), ApplicationLink.purpose == purpose)
    )
    link = db.session().scalar(wanted)
    if link is None:
        raise NotFound
    return link


def is_usable(link: ApplicationLink) -> bool:
    """Tell whether a link to confirm can still be used."""
    return (
        link.used_at is None
        and link.expires_at > clock.now()
        and link.application.state == AppState.UNCONFIRMED
    )


def kept_file(file_id: int) -> ApplicationFile | None:
    """Return a file that waits for its form to be right."""
    found = db.session().get(ApplicationFile, file_id)
    return found if found is not None and found.application_id is None else None


def applied_by(secret: str) -> Application:
    """Return the application that a link to follow leads to.

    Raises:
        NotFound: no such link, or one that is too old.
    """
    link = link_of(secret, LinkPurpose.FOLLOW)
    if link.expires_at <= clock.now():
        raise NotFound
    return link.application


def followed(secret: str) -> Followed:
    """Return what the holder of a link may see.

    Raises:
        NotFound: no such link, or one that is too old.
    """
    application = applied_by(secret)
    return Followed(
        application, application.first or application,
        messages_of([application.id]), files_of([application.id]).get(application.id, ()),
    )  # fmt: skip


def own_file(secret: str, file_id: int) -> ApplicationFile:
    """Return a file that the link's holder added.

    Raises:
        NotFound: no such link or file, or another application's.
    """
    return file_of(applied_by(secret), file_id)


def open_at(place: str) -> Application | None:
    """Return the application of this place on which nobody has decided."""
    wanted = select(Application).where(Application.place == place, Application.state.in_(OPEN))
    return db.session().scalar(wanted)


def joined_to(application: Application) -> Sequence[Application]:
    """Return the applications that follow this one, oldest first."""
    wanted = select(Application).where(Application.first_id == application.id)
    return db.session().scalars(wanted.order_by(Application.confirmed_at, Application.id)).all()


def files_of(ids: Sequence[int]) -> Mapping[int, Sequence[ApplicationFile]]:
    """Return the files of applications, by application."""
    wanted = select(ApplicationFile).where(ApplicationFile.application_id.in_(ids))
    found: dict[int, list[ApplicationFile]] = {}
    for file in db.session().scalars(wanted.order_by(ApplicationFile.id)):
        found.setdefault(file.application_id or 0, []).append(file)
    return found


def messages_and_files(application_id: int) -> tuple[int, int]:
    """Return how many messages and files an application has."""
    counts = [
        db.session().scalar(
            select(func.count()).select_from(kind).where(kind.application_id == application_id)
        )
        for kind in (ApplicationMessage, ApplicationFile)
    ]
    return counts[0] or 0, counts[1] or 0


@files.keeper
def is_referred_to(stored: str) -> bool:
    """Tell whether an application has this file of the store."""
    wanted = select(ApplicationFile.id).where(ApplicationFile.stored == stored).limit(1)
    return db.session().scalar(wanted) is not None


def file_of(application: Application, file_id: int) -> ApplicationFile:
    """Return a file of an application.

    Raises:
        NotFound: no such file, or another application's.
    """
    found = db.session().get(ApplicationFile, file_id)
    if found is None or found.application_id != application.id:
        raise NotFound
    return found


def messages_of(ids: Sequence[int]) -> Sequence[ApplicationMessage]:
    """Return what was written about applications, oldest first, with who of the secretariat did."""
    wanted = (
        select(ApplicationMessage)
        .options(joinedload(ApplicationMessage.by))
        .where(ApplicationMessage.application_id.in_(ids))
        .order_by(ApplicationMessage.id)
    )
    return db.session().scalars(wanted).all()
