"""People behind the doors: who acts where, who is invited, who asks, and lists that wait."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from citynet.accounts import service as accounts
from citynet.accounts.models import OneTimeSecret, Person, Purpose
from citynet.accounts.queries import by_email
from citynet.accounts.service import secrets
from citynet.cities import queries as cities
from citynet.cities.models import Actor, Invitation, JoinRequest, RequestState, Role, Seat
from citynet.cities.queries.team import official_of
from citynet.cities.service import appoint, inviting, people, previews
from citynet.cities.service.invitations import invite_by_mail, invite_colleague
from citynet.kit import clock, db, tokens
from tests.accounts import acting
from tests.doors.canaries import word_of
from tests.network import PASSWORD, ROLES, actor

Things = dict[str, dict[str, object]]
SIDOARJO, SEOUL = "kabupaten-sidoarjo", "seoul"
# Somebody with a second factor, about whom no role is.
STRONG = "strong@citynet.example"
LONG_AGO = timedelta(days=40)


def address_of(role: str) -> str:
    """Return the mail address of a role's person."""
    return ROLES[role].address or "" if role in ROLES else f"{role}@sidoarjo.example"


def person_of(role: str) -> Person:
    """Return a role's person."""
    found = by_email(address_of(role))
    assert found, role
    return found


def actor_of(role: str) -> Actor:
    """Return a role's actor, with the rights of this moment."""
    return cities.actor_of(person_of(role))


def add_officials() -> None:
    """Add those who will be moved and removed, and somebody with a second factor."""
    for role in ("moved", "removed"):
        _add_official(role, SIDOARJO)
    accounts.create_person(None, STRONG, name="Sterk", password=PASSWORD)
    acting.switch_on(STRONG)


def plant() -> Things:
    """Write everything, and return it by its names."""
    return {**_officials(), **_invitations(), **_requests(), **_lists(), **_people(), **_resets()}


def begin_jobs() -> Things:
    """Begin two jobs, which stay waiting."""
    things: Things = {}
    for role, thing in (("lead", "lead's job"), ("chapter", "chapter's job")):
        kept = _list(role, word_of(thing))
        job = previews.begin(actor(role), kept, (inviting.INVITE,))
        things[thing.replace(" ", "-")] = {"job_id": job.id}
        if role == "lead":
            things["begun-list"] = {"preview_id": kept}
    return things


def _add_official(name: str, slug: str) -> Person:
    person = accounts.create_person(
        None, address_of(name), name=f"{name} official", password=PASSWORD
    )
    appoint(actor("secretariat"), person, cities.get_city(slug), role=Role.OFFICIAL)
    return person


def _officials() -> Things:
    found = {role: official_of(person_of(role).id) for role in ("official", "lead")}
    return {
        thing: {"official_id": one.id}
        for thing, one in (("colleague", found["official"]), ("oneself", found["lead"]))
        if one is not None
    }


@db.transaction
def _invitation(email: str, slug: str, seat: Seat, **state: object) -> dict[str, object]:
    """Keep an invitation whose link is known, as it may stand after a while."""
    secret = tokens.secret()
    state = {"expires_at": clock.now() + timedelta(days=14), **state}
    kept = Invitation(
        email=email, name="Invited", language="en", seat=seat, city_id=cities.get_city(slug).id,
        invited_by_id=person_of("secretariat").id, secret_digest=tokens.digest(secret), **state,
    )  # fmt: skip
    db.session().add(kept)
    db.session().flush()
    return {"invitation_id": kept.id, "secret": secret}


def _invitations() -> Things:
    admin, then = actor("secretariat"), clock.now() - LONG_AGO
    mailed = {
        "to-seoul": invite_by_mail(
            actor("rival lead"), cities.get_city(SEOUL), name=word_of("invited to Seoul"),
            email=f"{word_of('invited to Seoul')}@x.example", role=Role.OFFICIAL, language="en",
        ),
        "to-colleague": invite_colleague(
            admin, None, email=f"{word_of('invited as colleague')}@x.example",
            name=word_of("invited as colleague"), language="en",
        ),
    }  # fmt: skip
    word, official = word_of("invited"), Seat.OFFICIAL
    return {
        **{thing: {"invitation_id": one.id} for thing, one in mailed.items()},
        "to-sidoarjo": _invitation(f"{word}@x.example", SIDOARJO, official),
        "to-lead": _invitation("new.lead@x.example", SIDOARJO, Seat.LEAD),
        "to-nobody's": _invitation(address_of("nobody's"), SIDOARJO, official),
        "to-rival-lead": _invitation(address_of("rival lead"), SIDOARJO, official),
        "invited-and-came": _invitation("came@x.example", SIDOARJO, official, used_at=then),
        "taken-back": _invitation("taken@x.example", SIDOARJO, official, revoked_at=then),
        "invitation-over": _invitation("over@x.example", SIDOARJO, official, expires_at=then),
    }


@db.transaction
def _request(word: str, slug: str, state: RequestState, **more: object) -> dict[str, object]:
    secret = tokens.secret()
    asked = JoinRequest(
        city_id=cities.get_city(slug).id, email=f"{word}@x.example", name=f"Asker {word}",
        office=f"Office {word}", note=f"Note {word}", language="en", state=state,
        secret_digest=tokens.digest(secret), **more,
    )  # fmt: skip
    db.session().add(asked)
    db.session().flush()
    return {"request_id": asked.id, "secret": secret}


def _requests() -> Things:
    asked, waiting = RequestState.ASKED, RequestState.WAITING
    return {
        "asks": _request(word_of("asks"), SIDOARJO, waiting),
        "asks-seoul": _request(word_of("asks Seoul"), SEOUL, waiting),
        "asks-unconfirmed": _request(word_of("asks unconfirmed"), SIDOARJO, asked),
        "asks-over": _request("over", SIDOARJO, asked, asked_at=clock.now() - LONG_AGO),
        "asked-before": _request("before", SIDOARJO, RequestState.DECLINED),
    }


def _list(role: str, word: str) -> int:
    """Keep a list of one invitation to Sidoarjo, and return its number."""
    return inviting.preview(
        actor(role), cities.get_city(SIDOARJO),
        inviting.read_pasted(f"Listed {word} <{word}@x.example>"),
        role=Role.OFFICIAL, language="en",
    ).id  # fmt: skip


def _lists() -> Things:
    return {
        "lead's-list": {"preview_id": _list("lead", word_of("lead's list"))},
        "secretariat's-list": {"preview_id": _list("secretariat", word_of("secretariat's list"))},
        "chapter's-list": {"preview_id": _list("chapter", "listed")},
    }


def _people() -> Things:
    """Return people by where they act; two of them can sign in no more."""
    ids = {
        "sidoarjo's-person": person_of("official").id,
        "lead's-person": person_of("lead").id,
        "seoul's-person": person_of("rival").id,
        "free-person": person_of("nobody's").id,
        "secretariat's": person_of("secretariat").id,
        "chapter's-person": person_of("chapter").id,
        "applicant's-person": person_of("pending").id,
    }
    for thing, slug, role in (
        ("closed for", SIDOARJO, "chapter"), ("closed in Seoul for", SEOUL, "secretariat")
    ):  # fmt: skip
        person = _add_official(thing.replace(" ", "."), slug)
        people.deactivate(actor(role), person, reason=f"Because of {word_of(thing)}")
        ids[thing.replace(" ", "-")] = person.id
    return {thing: {"person_id": one} for thing, one in ids.items()}


@db.transaction
def _resets() -> Things:
    """Return links to a new password: one that is good, one used, one whose time is over."""
    person, then = by_email(STRONG), clock.now() - timedelta(hours=2)
    things: Things = {}
    for thing in ("reset", "reset-used", "reset-over"):
        secret = secrets.make(Purpose.PASSWORD_RESET, person)
        row = db.session().scalars(
            select(OneTimeSecret).where(OneTimeSecret.digest == tokens.digest(secret))
        ).one()  # fmt: skip
        row.used_at = then if thing == "reset-used" else None
        row.expires_at = then if thing == "reset-over" else row.expires_at
        things[thing] = {"secret": secret}
    return things
