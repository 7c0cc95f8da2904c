"""Decisions on applications: admit, ask for more, decline, each with a letter that was seen.

Whoever decides saw the letter and perhaps changed it; it goes in the same transaction. Where the
letter says `{link}`, a link that only its reader gets takes that place as it goes.
"""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import select

from citynet.cities import policy, terms
from citynet.cities.letters import joining as letters
from citynet.cities.letters.joining import LINK
from citynet.cities.models import (
    Actor,
    Application,
    AppState,
    City,
    Kind,
    MessageKind,
    Standing,
)
from citynet.cities.queries import applications as queries
from citynet.cities.queries import cases
from citynet.cities.queries.memberships import membership_of
from citynet.cities.service import casework
from citynet.cities.service.cities import correct_city, data_of
from citynet.cities.service.drafting import Admission, check_place, checked, seat_for
from citynet.cities.service.history import read_reason
from citynet.cities.service.invitations import invite
from citynet.cities.service.memberships import change_standing
from citynet.cities.table import slugs_of
from citynet.kit import clock, db
from citynet.kit.errors import Conflict, require
from citynet.kit.i18n import _
from citynet.kit.letters import Draft


@db.transaction
def ask(actor: Actor, application_id: int, draft: Draft, *, seen: int) -> Application:
    """Ask the applicant for more; `seen` is the version that the page showed.

    Raises:
        NotFound: no such application, or not the actor's to decide.
        Invalid: a letter that cannot go.
        Conflict: somebody decided first, or the application changed.
    """
    application = _hold(actor, application_id, seen)
    draft, before = checked(draft), application.state
    application.state = AppState.ASKED
    application.version += 1
    _write(actor, application, draft, MessageKind.QUESTION, link=casework.new_link(application))
    casework.note(actor, "application.asked", application, before=before)
    return application


@db.transaction
def decline(
    actor: Actor, application_id: int, reason: str, draft: Draft, *, seen: int
) -> Application:
    """Decline; a city that only applied is no applicant any more, others stay where they stand.

    Raises:
        NotFound: no such application, or not the actor's to decide.
        Invalid: no reason, or a letter that cannot go.
        Conflict: somebody decided first, or the application changed.
    """
    application = _hold(actor, application_id, seen)
    draft, reason = checked(draft), read_reason(reason)
    if (city := application.city) is not None:
        membership = membership_of(city.id)
        if membership is not None and membership.standing == Standing.APPLIED:
            change_standing(actor, city, Standing.ENDED, reason=reason)
    _decide(actor, application, AppState.DECLINED, reason)
    _write(actor, application, draft, MessageKind.DECISION, link=casework.new_link(application))
    return application


@db.transaction
def admit(
    actor: Actor, application_id: int, admission: Admission, draft: Draft, *, seen: int
) -> Application:
    """Admit the city, and invite the contact as its lead.

    Raises:
        NotFound: no such application, or not the actor's to decide.
        Invalid: by the field's name.
        Conflict: somebody decided first, or the application changed.
    """
    application = _hold(actor, application_id, seen)
    draft = checked(draft)
    check_place(application, admission)
    city = _city_of(actor, application, admission)
    if casework.begin_membership(actor, city).standing != Standing.ACTIVE:
        change_standing(
            actor, city, Standing.ACTIVE, reason=admission.reason, category=admission.category,
            until=admission.until or terms.WITHOUT_END,
        )  # fmt: skip
    if admission.takes_data:
        _take_data(actor, application, city)
    _decide(actor, application, AppState.ADMITTED, read_reason(admission.reason))
    _write(actor, application, draft, MessageKind.DECISION, link=_link(actor, application, city))
    return application


def _hold(actor: Actor, application_id: int, seen: int) -> Application:
    cases.get_application(actor, application_id)
    application = casework.hold(application_id)
    if not application.is_open:
        raise Conflict(_("Somebody decided before you. See below what happened."))
    if application.version != seen:
        raise Conflict(_("The application changed while you wrote. See below what is new."))
    return application


def _city_of(actor: Actor, application: Application, admission: Admission) -> City:
    """Return the city to admit; one that is not in the table is matched, or written into it."""
    if application.city is not None:
        return application.city
    city = admission.match
    if city is not None:
        require(policy.can_register(actor, city))
        other = queries.open_at(f"city:{city.id}")
        if other is not None:
            _absorb(application, other)
    else:
        city = _new_city(application, admission)
    application.city = city
    return city


def _new_city(application: Application, admission: Admission) -> City:
    kind = Kind(application.kind)
    code = f"own:{application.id}"
    slugs = slugs_of(
        {"kind": kind, "name": application.name, "country": application.country, "code": code}
    )
    taken = set(db.session().scalars(select(City.slug).where(City.slug.in_(slugs))))
    city = City(
        code=code, slug=next(slug for slug in slugs if slug not in taken), name=application.name,
        kind=kind, country=application.country, province=application.province,
        population=application.population, area_km2=application.area_km2,
        population_year=clock.now().year if application.population else None,
        latitude=admission.latitude, longitude=admission.longitude,
    )  # fmt: skip
    db.session().add(city)
    db.session().flush()
    return city


def _absorb(application: Application, other: Application) -> None:
    """Let another open case of the same city follow this one."""
    followers = queries.joined_to(other)
    other = casework.hold(other.id)
    for one in (other, *followers):
        one.state, one.first_id = AppState.JOINED, application.id
        one.version += 1


def _take_data(actor: Actor, application: Application, city: City) -> None:
    before = data_of(city)
    is_counted = application.population not in (None, before.population)
    wanted = replace(
        before, kind=Kind(application.kind),
        population=application.population or before.population,
        population_year=clock.now().year if is_counted else before.population_year,
        area_km2=application.area_km2 or before.area_km2,
    )  # fmt: skip
    correct_city(actor, city, wanted)


def _decide(actor: Actor, application: Application, state: AppState, reason: str) -> None:
    before, application.state, application.reason = application.state, state, reason
    application.decided_at, application.decided_by_id = clock.now(), actor.person_id
    application.version += 1
    casework.note(actor, f"application.{state}", application, before=before)
    for one in queries.joined_to(application):
        casework.mail_link(letters.DECIDED, one)


def _link(actor: Actor, application: Application, city: City) -> str:
    """Return what the letter of admission leads to: the invitation, or the private page."""
    role, _fate = seat_for(application, city)
    if role is None:
        return casework.new_link(application)
    return invite(
        actor, city, email=application.email, name=application.contact_name, role=role,
        language=application.language,
    ).link  # fmt: skip


def _write(
    actor: Actor, application: Application, draft: Draft, kind: MessageKind, *, link: str
) -> None:
    """Send the letter, and keep its words without the line of the link."""
    letters.send(Draft(draft.subject, draft.text.replace(LINK, link)), application)
    kept = "\n".join(line for line in draft.text.splitlines() if LINK not in line)
    casework.say(application, kind, kept, by=actor)
