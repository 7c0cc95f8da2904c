"""Commands on requests to join one's city.

Whoever asks gets the same answer, whether or not the network knows the address: what depends on
it goes by mail to that address alone. A request comes before the lead once the address is
confirmed, and stands there once however often it is asked.
"""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import and_, delete, or_, select

from citynet.accounts import queries as people
from citynet.accounts.service.people import problem_of_email, tidy_name
from citynet.accounts.service.throttling import count_letter
from citynet.cities import policy
from citynet.cities.letters import team as letters_about_people
from citynet.cities.models import (
    Actor,
    City,
    Invitation,
    JoinRequest,
    Preview,
    RequestState,
    Role,
    Standing,
)  # fmt: skip
from citynet.cities.queries import addresses, team
from citynet.cities.service import previews
from citynet.cities.service.entries import LIKE_A_LINK
from citynet.cities.service.invitations import invite_by_mail
from citynet.cities.service.officials import hold, place, renewed, tell_appointed
from citynet.kit import audit, clock, db, html, letters, network, tokens, worker
from citynet.kit.errors import Conflict, Invalid, NotFound, require
from citynet.kit.html import drop_invisible
from citynet.kit.http import external_url
from citynet.kit.i18n import LANGUAGES, _, in_language

LONGEST_OFFICE, LONGEST_NOTE = 120, 1000


def ask(
    city: City, *, email: str, name: str, office: str, note: str, language: str, address: str
) -> None:
    """Ask to join a city as a stranger, from a network address; a mail is sent to confirm it.

    Raises:
        NotFound: the city takes no requests.
        Invalid: what cannot be taken, by field.
        Throttled: too many of late.
    """
    _require_open(city)
    email, fields = _checked(email, name, office, note)
    # The name stands in a mail that anybody may be sent.
    if LIKE_A_LINK.search(name):
        words = _("Write it in plain words, without signs as in a web address.")
        raise Invalid({"name": words})
    count_letter(email, address)
    _ask(city, email, fields, language)


@db.transaction
def _ask(city: City, email: str, fields: dict[str, str], language: str) -> None:
    hold(city.id)
    known = addresses.known({email}).get(email)
    found = _open_request(city.id, email)
    is_here = known is not None and known.city_id == city.id
    if is_here or (found is not None and found.state == RequestState.WAITING):
        _mail(
            letters_about_people.KNOWN_ALREADY, email, fields["name"], language, city,
            link=external_url("web.city", slug=city.slug),
        )  # fmt: skip
        return
    secret = tokens.secret()
    found = _write(found, city, email, fields, language)
    found.secret_digest = tokens.digest(secret)
    _mail(
        letters_about_people.CONFIRM_REQUEST, email, fields["name"], language, city,
        link=external_url("team.confirm_request", secret=secret),
    )  # fmt: skip


@db.transaction
def ask_as(actor: Actor, city: City, *, office: str, note: str, language: str) -> JoinRequest:
    """Ask to join a city with the account one is signed in with: the address is known.

    Raises:
        NotFound: the city takes no requests.
        Invalid: what cannot be taken, by field.
        Conflict: the actor acts for the city already, or is of a secretariat.
    """
    require(actor.person is not None)
    _require_open(city)
    person = renewed(actor).person
    if person is None:
        raise NotFound
    if actor.city_id == city.id:
        raise Conflict(_("You act for this city already."))
    if person.is_secretariat or actor.chapter is not None:
        raise Conflict(_("A person of the secretariat acts for no city."))
    email, fields = _checked(person.email, person.name, office, note)
    hold(city.id)
    found = _open_request(city.id, email)
    if found is None or found.state == RequestState.ASKED:
        found = _write(found, city, email, fields, language)
        _put_before_lead(found, city)
    return found


@db.transaction
def confirm(secret: str) -> JoinRequest:
    """Confirm the address of a request, and put it before the lead.

    Raises:
        NotFound: no request has this link, or not any more.
    """
    row = select(JoinRequest).where(JoinRequest.secret_digest == tokens.digest(secret))
    db.session().execute(row.with_for_update()).all()
    found = team.request_by(secret)
    if found.state == RequestState.ASKED:
        _put_before_lead(found, found.city)
    return found


@db.transaction
def let_in(actor: Actor, request_id: int) -> JoinRequest:
    """Let somebody into the city: at once with an account that acts for none, else by a link.

    Raises:
        NotFound: none that the actor decides on.
        Conflict: decided meanwhile, or the person cannot act for this city.
    """
    found = _waiting(actor, request_id)
    person = people.by_email(found.email)
    known = addresses.known({found.email}).get(found.email)
    if person is not None and known is not None and _is_free(known):
        tell_appointed(place(actor.person_id, person, found.city_id, Role.OFFICIAL), found.city)
    else:
        try:
            invite_by_mail(
                actor, found.city, email=found.email, name=found.name, role=Role.OFFICIAL,
                language=found.language,
            )  # fmt: skip
        except Invalid as error:
            raise Conflict(str(error)) from error
    return _decide(actor, found, RequestState.ACCEPTED)


@db.transaction
def decline(actor: Actor, request_id: int, *, reason: str) -> JoinRequest:
    """Do not let somebody in; the reason is mailed to them.

    Raises:
        NotFound: none that the actor decides on.
        Conflict: decided meanwhile.
        Invalid: no reason, or too long.
    """
    found = _waiting(actor, request_id)
    sentence = _("Write the reason, up to 1,000 characters.")
    found.reason = html.said(reason, field="reason", most=LONGEST_NOTE, sentence=sentence)
    _mail(
        letters_about_people.DECLINED, found.email, found.name, found.language, found.city,
        reason=found.reason,
    )  # fmt: skip
    return _decide(actor, found, RequestState.DECLINED)


@worker.periodic("people.forget", minutes=60)
@db.transaction
def forget_old() -> None:
    """Delete what nobody needs any more: previews after a day, links after their time."""
    moment = clock.now()
    a_year_ago = moment - timedelta(days=365)
    is_unconfirmed = and_(
        JoinRequest.state == RequestState.ASKED, JoinRequest.asked_at < moment - team.LASTS
    )
    for old in (
        delete(Preview).where(Preview.created_at < moment - previews.LASTS),
        delete(JoinRequest).where(or_(is_unconfirmed, JoinRequest.decided_at < a_year_ago)),
        delete(Invitation).where(Invitation.expires_at < a_year_ago),
    ):
        db.session().execute(old)


def _require_open(city: City) -> None:
    if team.standing_of(city.id) != Standing.ACTIVE:
        raise NotFound


def _checked(email: str, name: str, office: str, note: str) -> tuple[str, dict[str, str]]:
    problems: dict[str, str] = {}
    if problem := problem_of_email(email.strip()):
        problems["email"] = problem
    try:
        name = tidy_name(name)
    except Invalid as error:
        problems |= error.fields
    office, note = html.line(office), drop_invisible(note).strip()
    if not office or len(office) > LONGEST_OFFICE:
        problems["office"] = _("Write your office, up to 120 characters.")
    if len(note) > LONGEST_NOTE:
        problems["note"] = _("Write at most 1,000 characters.")
    if problems:
        raise Invalid(problems)
    return people.normal_email(email), {"name": name, "office": office, "note": note}


def _open_request(city_id: int, email: str) -> JoinRequest | None:
    wanted = select(JoinRequest).where(
        JoinRequest.city_id == city_id, JoinRequest.email == email,
        JoinRequest.state.in_([RequestState.ASKED, RequestState.WAITING]),
    )  # fmt: skip
    return db.session().scalar(wanted.execution_options(populate_existing=True))


def _write(
    found: JoinRequest | None, city: City, email: str, fields: dict[str, str], language: str
) -> JoinRequest:
    found = found or JoinRequest(city_id=city.id, email=email)
    found.name, found.office, found.note = fields["name"], fields["office"], fields["note"]
    found.language = language if language in LANGUAGES else "en"
    found.state, found.asked_at = RequestState.ASKED, clock.now()
    db.session().add(found)
    db.session().flush()
    return found


def _put_before_lead(found: JoinRequest, city: City) -> None:
    found.state, found.confirmed_at = RequestState.WAITING, clock.now()
    audit.record(None, "request.asked", subject=("join_request", found.id), city_id=city.id)
    lead = team.lead_of(city.id)
    if lead is not None:
        to = lead.person
        _mail(
            letters_about_people.REQUEST, to.email, to.name, to.language or "en", city,
            asker=found.name, email=found.email, office=found.office, note=found.note,
            link=external_url("team.people"),
        )  # fmt: skip


def _waiting(actor: Actor, request_id: int) -> JoinRequest:
    wanted = select(JoinRequest).where(JoinRequest.id == request_id).with_for_update()
    db.session().scalar(wanted.execution_options(populate_existing=True))
    actor = renewed(actor)
    found = team.request_of(actor, request_id)
    require(policy.can_manage_officials(actor, found.city))
    if found.state != RequestState.WAITING:
        raise Conflict(_("Somebody decided on this request meanwhile."))
    return found


def _is_free(known: addresses.Known) -> bool:
    return known.is_active and known.city_id is None and not known.is_of_secretariat


def _decide(actor: Actor, found: JoinRequest, state: RequestState) -> JoinRequest:
    found.state, found.decided_at = state, clock.now()
    found.decided_by_id, found.secret_digest = actor.person_id, None
    audit.record(
        actor.person_id,
        f"request.{state}",
        subject=("join_request", found.id),
        city_id=found.city_id,
    )
    return found


def _mail(letter: str, to: str, name: str, language: str, city: City, **values: object) -> None:
    with in_language(language):
        letters.send(
            letter, to=to, language=language, to_name=name, name=name, city=city.full_name,
            network=network.current().name, **values,
        )  # fmt: skip
