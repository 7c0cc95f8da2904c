"""Commands of the desk on people: close and open accounts, sessions, second factors, rights.

Each asks whether the actor looks after this person: the network's secretariat after everyone, a
chapter's after the officials of its cities. What the command does to the account is `accounts`'.
"""

from __future__ import annotations

from sqlalchemy import delete, select

from citynet.accounts import service as accounts
from citynet.accounts.models import Person
from citynet.accounts.service import erasing, second_factor
from citynet.accounts.service.people import end_sessions as end_sessions_of
from citynet.cities import policy
from citynet.cities.models import Actor, ChapterPerson
from citynet.cities.queries import team
from citynet.cities.service.officials import hold, make_way, renewed
from citynet.kit import audit, db, html
from citynet.kit.errors import Conflict, require
from citynet.kit.i18n import _

LONGEST_REASON = 1000


@db.transaction
def deactivate(
    actor: Actor, person: Person, *, reason: str, successor_id: int | None = None
) -> Person:
    """Close an account; what the person wrote keeps its name. A lead hands over before.

    Raises:
        Forbidden: not the actor's to look after.
        Invalid: no reason, or a lead's successor is not chosen though somebody could be.
        Conflict: the last person of the secretariat.
    """
    held = team.official_of(person.id)
    hold(held.city_id if held else None)
    _require(actor, person)
    read_reason(reason)
    if held is not None:
        make_way(actor, held, successor_id, may_leave_none=True)
    return accounts.deactivate(_account_of(actor), person, reason=reason)


@db.transaction
def reactivate(actor: Actor, person: Person, *, reason: str) -> Person:
    """Open a closed account again, with the rights its city has now.

    Raises:
        Forbidden: not the actor's to look after.
        Invalid: no reason.
        Conflict: the person was erased.
    """
    _require(actor, person)
    return accounts.reactivate(_account_of(actor), person, reason=reason)


@db.transaction
def end_sessions(actor: Actor, person: Person) -> int:
    """End every session of a person at once, and void the links to their account."""
    _require(actor, person)
    ended = end_sessions_of(person)
    audit.record(
        actor.person_id, "person.sessions_ended", subject=("person", person.id),
        details={"sessions": ended},
    )  # fmt: skip
    return ended


@db.transaction
def reset_second_factor(actor: Actor, person: Person, *, reason: str) -> None:
    """Take the second factor and the passkeys of somebody who lost them; they are told.

    Raises:
        Forbidden: only the network's secretariat does, and nobody their own.
        Invalid: no reason.
    """
    require(policy.can_manage_network(renewed(actor)))
    words = read_reason(reason)
    second_factor.reset(actor.person, person)
    audit.record(
        actor.person_id, "second_factor.reset_reason", subject=("person", person.id),
        details={"reason": words},
    )  # fmt: skip


@db.transaction
def give_rights(actor: Actor, person: Person) -> Person:
    """Make somebody a person of the network's secretariat.

    Raises:
        Conflict: the person acts for a city, or the account is closed.
    """
    require(policy.can_manage_network(renewed(actor)))
    found = _held(person)
    if team.official_of(found.id) is not None:
        raise Conflict(_("This person acts for a city. Whoever decides on cities acts for none."))
    if not found.is_active:
        raise Conflict(_("This account is deactivated. Open it again first."))
    if not found.is_secretariat:
        db.session().execute(delete(ChapterPerson).where(ChapterPerson.person_id == found.id))
        _change_rights(actor, found, is_secretariat=True)
    return found


@db.transaction
def take_rights(actor: Actor, person: Person) -> Person:
    """Make a person of the network's secretariat an ordinary one again; the last one stays.

    Raises:
        Conflict: the last person of the secretariat who can sign in.
    """
    others = select(Person).where(Person.is_secretariat).order_by(Person.id).with_for_update()
    staff = db.session().scalars(others.execution_options(populate_existing=True)).all()
    require(policy.can_manage_network(renewed(actor)))
    found = _held(person)
    if not any(one.id != found.id and one.is_active for one in staff):
        raise Conflict(_("This is the last person of the secretariat. Add another one first."))
    if found.is_secretariat:
        _change_rights(actor, found, is_secretariat=False)
    return found


@db.transaction
def erase(actor: Actor, person: Person) -> None:
    """Erase a person who asked for it, for good; what they published keeps a pseudonym.

    Raises:
        Forbidden: only the network's secretariat does, and nobody themselves here.
        Conflict: something stands before it; the sentence tells what to do.
    """
    require(policy.can_manage_network(renewed(actor)) and actor.person_id != person.id)
    erasing.erase(actor.person, person)


def read_reason(reason: str) -> str:
    """Return a reason as it is kept.

    Raises:
        Invalid: none, or longer than 1,000 characters.
    """
    sentence = _("Write the reason, up to 1,000 characters.")
    return html.said(reason, field="reason", most=LONGEST_REASON, sentence=sentence)


def _require(actor: Actor, person: Person) -> None:
    held = team.official_of(person.id)
    require(policy.can_administer(renewed(actor), person, held.city if held else None))


def _account_of(actor: Actor) -> Person:
    """Return the actor's account; `_require` has let nobody through who has none."""
    if actor.person is None:
        raise RuntimeError("a visitor administers nobody")
    return actor.person


def _held(person: Person) -> Person:
    wanted = select(Person).where(Person.id == person.id).with_for_update()
    return db.session().scalars(wanted.execution_options(populate_existing=True)).one()


def _change_rights(actor: Actor, person: Person, *, is_secretariat: bool) -> None:
    before = person.is_secretariat
    person.is_secretariat = is_secretariat
    audit.record(
        actor.person_id, "person.secretariat", subject=("person", person.id),
        before={"secretariat": before}, after={"secretariat": is_secretariat},
    )  # fmt: skip
