"""Commands of applicants: apply, confirm, add, withdraw; the secretariat writes down a paper one.

An applicant is nobody who signs in: what shows them is the secret of a link that was mailed.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import and_, delete, or_, select
from sqlalchemy.exc import IntegrityError

from citynet.accounts.queries import normal_email
from citynet.cities import policy
from citynet.cities.letters import joining as letters
from citynet.cities.models import (
    VISITOR,
    Actor,
    Application,
    ApplicationFile,
    AppState,
    City,
    LinkPurpose,
    Matter,
    Membership,
    MessageKind,
    Standing,
)
from citynet.cities.queries import applications as queries
from citynet.cities.queries.memberships import membership_of
from citynet.cities.service import casework, history
from citynet.cities.service.entries import Entry, tidied
from citynet.kit import clock, db, effects, files, worker
from citynet.kit.errors import Conflict, Invalid, require
from citynet.kit.html import drop_invisible
from citynet.kit.i18n import _
from citynet.kit.uploads import Upload

FORGET_AFTER, KEEP_FOR = timedelta(days=30), timedelta(days=3)
MOST_FILES, MOST_MESSAGES = 12, 60
MOST_LINKS = 3


@db.transaction
def keep(upload: Upload) -> ApplicationFile:
    """Keep a document, so that a form with errors does not lose it."""
    kept = ApplicationFile(
        stored=files.put(upload.content), name=upload.name, media_type=upload.media_type,
        size_bytes=len(upload.content),
    )  # fmt: skip
    db.session().add(kept)
    db.session().flush()
    return kept


@db.transaction
def apply(actor: Actor, entry: Entry) -> Application:
    """Keep an application that its applicant has still to confirm, and mail the link for that.

    Raises:
        Invalid: by the field's name.
        Conflict: the city is a member.
    """
    application = _add(tidied(entry))
    application.consented_at = clock.now()
    db.session().flush()
    casework.mail_link(letters.CONFIRM, application, LinkPurpose.CONFIRM)
    casework.note(actor, "application.sent", application)
    return application


@db.transaction
def confirm(secret: str) -> str:
    """Bring an application to the secretariat; return the secret of the link to follow it.

    Raises:
        NotFound: no such link.
        Conflict: the link was used or is too old, or the city is a member by now.
    """
    link = queries.link_of(secret, LinkPurpose.CONFIRM)
    application = casework.hold(link.application_id)
    if not queries.is_usable(link):
        raise Conflict(_("This link was used already, or is too old."))
    link.used_at = clock.now()
    _enter(VISITOR, application)
    return casework.mint(application, LinkPurpose.FOLLOW)


@db.transaction
def register(actor: Actor, entry: Entry) -> Application:
    """Write down an application that came on paper; its contact follows it as others do.

    Raises:
        Invalid: by the field's name.
        Conflict: the city is a member.
    """
    require(policy.can_use_desk(actor))
    application = _add(tidied(entry))
    application.registered_by_id = actor.person_id
    require(
        policy.can_register(actor, entry.city)
        if entry.city is not None
        else policy.decides_on(actor, application)
    )
    db.session().flush()
    _enter(actor, application)
    return application


@db.transaction
def add(secret: str, text: str, papers: Sequence[int]) -> Application:
    """Add what the secretariat asked for, or what was forgotten; the case waits again.

    Raises:
        NotFound: no such link.
        Invalid: nothing, or too much.
        Conflict: it is decided or withdrawn.
    """
    application, first = _hold_case(secret)
    text = drop_invisible(text).strip()
    if not text and not papers:
        raise Invalid({"text": _("Write an answer, or choose a file.")})
    if len(text) > casework.LONGEST_TEXT:
        raise Invalid({"text": _("Write at most %(num)s characters.", num=casework.LONGEST_TEXT)})
    known = queries.messages_and_files(application.id)
    if known[0] >= MOST_MESSAGES or known[1] + len(papers) > MOST_FILES:
        raise Invalid({"text": _("There is much already. Write to the secretariat by mail.")})
    if text:
        casework.say(application, MessageKind.ANSWER, text, by=VISITOR)
    casework.add_files(application, papers)
    first.state = AppState.WAITING
    first.version += 1
    casework.note(VISITOR, "application.added", application)
    return application


@db.transaction
def withdraw(secret: str) -> Application:
    """Take an application back; the oldest that had joined it goes on in its place.

    Raises:
        NotFound: no such link.
        Conflict: it is decided or withdrawn.
    """
    application, first = _hold_case(secret)
    take_back(application, first)
    casework.mail_link(letters.WITHDRAWN, application)
    return application


def take_back(application: Application, first: Application) -> None:
    """Inside a command: withdraw an open application; `first` is the case, both are held."""
    others = queries.joined_to(application)
    state, before = first.state, application.state
    application.state, application.first_id = AppState.WITHDRAWN, None
    application.decided_at = clock.now()
    first.version += 1
    db.session().flush()
    if application is first and others:
        _go_on(others, AppState(state))
    elif application is first and application.city_id is not None:
        _end_membership(application.city_id)
    casework.note(VISITOR, "application.withdrawn", application, before=before)


@db.transaction
def ask_for_links(email: str) -> None:
    """Mail the links to an address's applications, if it has any: the worker looks that up."""
    effects.enqueue("joining.links", email=normal_email(email)[:254])


@effects.effect("joining.links")
@db.transaction
def _mail_links(payload: effects.Payload) -> None:
    wanted = select(Application).where(Application.email == payload["email"])
    newest: dict[str, Application] = {}
    for application in db.session().scalars(wanted.order_by(Application.id.desc()).limit(50)):
        newest.setdefault(application.place, application)
    for application in list(newest.values())[:MOST_LINKS]:
        if application.state == AppState.UNCONFIRMED:
            casework.mail_link(letters.CONFIRM, application, LinkPurpose.CONFIRM)
        else:
            casework.mail_link(letters.LOST_LINK, application)


@worker.periodic("joining.forget", minutes=24 * 60)
def forget_unconfirmed() -> None:
    """Delete what nobody confirmed for 30 days, and files that no application took."""
    for stored in _forget():
        files.remove(stored)


@db.transaction
def _forget() -> list[str]:
    """Delete the rows; return the files that nobody refers to any more."""
    old = select(Application.id).where(
        Application.state == AppState.UNCONFIRMED,
        Application.created_at < clock.now() - FORGET_AFTER,
    )
    is_left = and_(
        ApplicationFile.application_id.is_(None), ApplicationFile.at < clock.now() - KEEP_FOR
    )
    is_old = or_(is_left, ApplicationFile.application_id.in_(old))
    stored = set(db.session().scalars(select(ApplicationFile.stored).where(is_old)))
    db.session().execute(delete(ApplicationFile).where(is_old))
    db.session().execute(delete(Application).where(Application.id.in_(old)))
    return [one for one in stored if not queries.is_referred_to(one)]


def _add(entry: Entry) -> Application:
    if entry.city is not None:
        _refuse_members(entry.city)
    application = Application(
        state=AppState.UNCONFIRMED, place=entry.place, city=entry.city, name=entry.name,
        kind=entry.kind, country=entry.country, province=entry.province or None,
        population=entry.population, area_km2=entry.area_km2, contact_name=entry.contact_name,
        office=entry.office, email=entry.email, phone=entry.phone, note=entry.note,
        language=entry.language,
    )  # fmt: skip
    db.session().add(application)
    db.session().flush()
    casework.add_files(application, entry.papers)
    return application


def _refuse_members(city: City) -> None:
    membership = membership_of(city.id)
    if membership is not None and membership.standing == Standing.ACTIVE:
        words = _("%(city)s is a member already. Ask to join your city.", city=city.full_name)
        raise Conflict(words)


def _enter(actor: Actor, application: Application) -> None:
    """Bring it before the secretariat: as a case of its own, or joined to the one there is."""
    if application.city_id is not None:
        city = db.session().get_one(City, application.city_id)
        casework.begin_membership(actor, city)
        _refuse_members(city)
    application.confirmed_at = clock.now()
    application.version += 1
    first = _open_at(application.place)
    if first is None and not _is_first(application):
        first = _open_at(application.place)
    if first is not None:
        application.state, application.first_id = AppState.JOINED, first.id
        first.version += 1
    casework.mail_link(letters.JOINED if first else letters.RECEIVED, application)
    casework.note(actor, "application.joined" if first else "application.received", application)


def _is_first(application: Application) -> bool:
    """Open a case; tell whether nobody was quicker, which PostgreSQL lets happen."""
    try:
        with db.savepoint():
            application.state = AppState.WAITING
            db.session().flush()
    except IntegrityError:
        db.session().refresh(application)
        return False
    return True


def _open_at(place: str) -> Application | None:
    found = queries.open_at(place)
    return casework.hold(found.id) if found is not None else None


def _hold_case(secret: str) -> tuple[Application, Application]:
    """Return the application of a link and the one it follows, else itself, if it is open."""
    own = queries.applied_by(secret)
    # The case is held first, as whoever decides holds it.
    first = casework.hold(own.first_id or own.id)
    application = casework.hold(own.id)
    if (application.first_id or application.id) != first.id:
        raise Conflict(_("The application changed just now. Look at it again."))
    if not first.is_open:
        raise Conflict(_("This application is decided or withdrawn. Nothing can be changed now."))
    return application, first


def _go_on(others: Sequence[Application], state: AppState) -> None:
    """Let the first of these take the place of the one they followed."""
    heir = casework.hold(others[0].id)
    heir.state, heir.first_id = state, None
    heir.version += 1
    db.session().flush()
    for one in others[1:]:
        casework.hold(one.id).first_id = heir.id


def _end_membership(city_id: int) -> None:
    """Let a city that only applied be no applicant any more."""
    membership = history.held(Membership.city_id == city_id)
    if membership is not None and membership.standing == Standing.APPLIED:
        before = history.was(membership)
        membership.standing = Standing.ENDED
        reason = _("The applicant withdrew the application.")
        history.note(VISITOR, membership, before, matter=Matter.STANDING, reason=reason)
