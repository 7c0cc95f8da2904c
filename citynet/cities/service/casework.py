"""What the commands on applications share: rows held, links, letters, messages, the membership."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import joinedload

from citynet.cities.letters import joining as letters
from citynet.cities.models import (
    Actor,
    Application,
    ApplicationFile,
    ApplicationLink,
    ApplicationMessage,
    City,
    LinkPurpose,
    Matter,
    Membership,
    MessageKind,
    Standing,
)
from citynet.cities.queries.chapters import chapter_of_country
from citynet.cities.queries.memberships import membership_of
from citynet.cities.service import history
from citynet.cities.service.history import Was
from citynet.kit import audit, clock, db, tokens
from citynet.kit.http import external_url

CONFIRM_FOR, FOLLOW_FOR = timedelta(days=7), timedelta(days=730)
LONGEST_TEXT = 5000
PAGES = {LinkPurpose.CONFIRM: "joining.confirm", LinkPurpose.FOLLOW: "joining.status"}


def hold(application_id: int) -> Application:
    """Inside a command: return an application as it is now, kept from others until the end."""
    wanted = (
        select(Application)
        .options(joinedload(Application.city))
        .where(Application.id == application_id)
        .with_for_update(of=Application)
    )
    return db.session().scalars(wanted.execution_options(populate_existing=True)).one()


def mint(application: Application, purpose: LinkPurpose) -> str:
    """Inside a command: return the secret of a new link, of which only the digest is kept."""
    secret, length = tokens.secret(), CONFIRM_FOR if purpose == LinkPurpose.CONFIRM else FOLLOW_FOR
    db.session().add(
        ApplicationLink(
            application_id=application.id, digest=tokens.digest(secret), purpose=purpose,
            expires_at=clock.now() + length,
        )
    )  # fmt: skip
    return secret


def new_link(application: Application, purpose: LinkPurpose = LinkPurpose.FOLLOW) -> str:
    """Inside a command: return the whole address of a new link."""
    return external_url(PAGES[purpose], secret=mint(application, purpose))


def mail_link(
    key: str, application: Application, purpose: LinkPurpose = LinkPurpose.FOLLOW
) -> None:
    """Inside a command: send the applicant a letter with a new link."""
    link = new_link(application, purpose)
    letters.send(letters.compose(key, application, link=link), application)


def say(application: Application, kind: MessageKind, text: str, *, by: Actor) -> None:
    """Inside a command: add a message to an application."""
    db.session().add(
        ApplicationMessage(
            application_id=application.id, kind=kind, text=text, by_id=by.person_id
        )
    )  # fmt: skip


def begin_membership(actor: Actor, city: City) -> Membership:
    """Inside a command: return the city's membership, begun if it never asked for one.

    A city of a chapter's country comes to the chapter.
    """
    city = history.hold_city(city)
    if city.chapter_id is None and (chapter := chapter_of_country(city.country)):
        city.chapter_id = chapter.id
    membership = membership_of(city.id)
    if membership is None:
        membership = Membership(city_id=city.id, standing=Standing.APPLIED)
        history.note(actor, membership, Was(), matter=Matter.STANDING)
    return membership


def add_files(application: Application, papers: Sequence[int]) -> None:
    """Inside a command: give kept files, by their ids, to an application."""
    kept = update(ApplicationFile).where(
        ApplicationFile.id.in_(papers), ApplicationFile.application_id.is_(None)
    )
    db.session().execute(kept.values(application_id=application.id))


def note(actor: Actor, action: str, application: Application, *, before: str = "") -> None:
    """Inside a command: write an act into the audit log; `before` is the state it changed."""
    audit.record(
        actor.person_id, action, subject=("application", application.id),
        city_id=application.city_id, details={"city": application.full_name},
        before={"state": before} if before else None,
        after={"state": application.state} if before else None,
    )  # fmt: skip
