"""Commands on people: add, close, open again, and the language they read in."""

from __future__ import annotations

from email_validator import EmailNotValidError, validate_email
from sqlalchemy import select, update

from citynet.accounts import passwords, policy, queries
from citynet.accounts.models import Person, SignIn
from citynet.accounts.service import secrets
from citynet.kit import audit, clock, db, html
from citynet.kit.errors import Conflict, Invalid, require
from citynet.kit.i18n import LANGUAGES, _


@db.transaction
def create_person(
    actor: Person | None,
    email: str,
    *,
    name: str,
    password: str,
    language: str | None = None,
    is_secretariat: bool = False,
) -> Person:
    """Add a person; `actor` None is the command line.

    Raises:
        Invalid: an address that is none or taken, a weak password, no name.
    """
    require(policy.can_create_person(actor))
    person = _add(email, name, password, language)
    person.is_secretariat = is_secretariat
    audit.record(
        actor.id if actor else None, "person.created", subject=("person", person.id),
        after={"secretariat": True} if is_secretariat else None,
    )  # fmt: skip
    return person


@db.transaction
def register(email: str, *, name: str, password: str, language: str | None) -> Person:
    """Add the person who proved this address, as by the link of an invitation.

    The caller has checked the proof; the person acts themselves.

    Raises:
        Invalid: an address that is none or taken, a weak password, no name.
    """
    person = _add(email, name, password, language)
    audit.record(person.id, "person.registered", subject=("person", person.id))
    return person


@db.transaction
def deactivate(actor: Person | None, person: Person, *, reason: str) -> Person:
    """Close an account and end its sessions at once; what the person wrote stays theirs.

    Whom the actor may administer is the caller's to ask, who knows cities and chapters; `actor`
    None is the command line.

    Raises:
        Forbidden: oneself, or a person of the secretariat by somebody who is not of it.
        Conflict: nobody of the secretariat would be left.
        Invalid: no reason.
    """
    require(policy.can_deactivate(actor, person), _("You cannot deactivate this person."))
    words = _reason(reason)
    others = _hold_secretariat(person.id)
    found = locked(person.id)
    if found.is_secretariat and not others:
        raise Conflict(_("This is the last person of the secretariat. Add another one first."))
    if found.is_active:
        found.deactivated_at = clock.now()
        end_sessions(found)
        _note(actor, "person.deactivated", found, words)
    return found


@db.transaction
def reactivate(actor: Person | None, person: Person, *, reason: str) -> Person:
    """Open a closed account again; its passwords and second factor hold as before.

    Raises:
        Forbidden: oneself, or a person of the secretariat by somebody who is not of it.
        Conflict: the person was erased.
        Invalid: no reason.
    """
    require(policy.can_deactivate(actor, person), _("You cannot reactivate this person."))
    words = _reason(reason)
    found = locked(person.id)
    if found.erased_at is not None:
        raise Conflict(_("This person's data was erased. Invite the person anew."))
    if found.deactivated_at is not None:
        found.deactivated_at = None
        _note(actor, "person.reactivated", found, words)
    return found


def end_sessions(person: Person, *, but: SignIn | None = None) -> int:
    """Inside a command: end the person's sessions and void their links; return how many ended."""
    secrets.void(person)
    ended = db.session().execute(
        update(SignIn)
        .where(
            SignIn.person_id == person.id,
            SignIn.revoked_at.is_(None),
            SignIn.id != (but.id if but else 0),
        )
        .values(revoked_at=clock.now())
    )
    return int(ended.rowcount)  # type: ignore[attr-defined]


@db.transaction
def rename(actor: Person, name: str) -> None:
    """Set the name that others see.

    Raises:
        Invalid: nothing that can be seen, or too long.
    """
    require(policy.can_change_settings(actor))
    tidy, person = tidy_name(name), locked(actor.id)
    if tidy != person.name:
        before, person.name = person.name, tidy
        audit.record(
            actor.id, "person.renamed", subject=("person", actor.id),
            before={"name": before}, after={"name": tidy},
        )  # fmt: skip


@db.transaction
def choose_language(actor: Person, language: str) -> None:
    """Keep the language the person reads in.

    Raises:
        Invalid: a language CityNet does not speak.
    """
    require(policy.can_change_settings(actor))
    if language not in LANGUAGES:
        raise Invalid({"language": _("Choose English or Indonesian.")})
    person = db.session().get_one(Person, actor.id)
    if person.language != language:
        person.language = language
        audit.record(
            actor.id,
            "person.language_chosen",
            subject=("person", actor.id),
            details={"language": language},
        )


def problem_of_email(email: str) -> str:
    """Return what is wrong with the shape of an address, empty if nothing is."""
    try:
        validate_email(email, check_deliverability=False, test_environment=True)
    except EmailNotValidError:
        return _("Write an email address, such as name@city.go.id.")
    return ""


def tidy_name(name: str) -> str:
    """Return a name on one line, without what cannot be seen.

    Raises:
        Invalid: nothing is left, or it is too long.
    """
    tidy = html.line(name)
    if not tidy or len(name) > 120:
        raise Invalid({"name": _("Write a name of up to 120 characters.")})
    return tidy


def _add(email: str, name: str, password: str, language: str | None) -> Person:
    problem = problem_of_email(email)
    if problem:
        raise Invalid({"email": problem})
    tidy = tidy_name(name)
    if queries.by_email(email) is not None:
        raise Invalid({"email": _("There is an account with this email address already.")})
    person = Person(
        email=queries.normal_email(email),
        name=tidy,
        password_hash=passwords.hash_password(password),
        language=language if language in LANGUAGES else None,
    )
    db.session().add(person)
    db.session().flush()
    return person


def _reason(reason: str) -> str:
    words = html.line(reason)
    if not words:
        raise Invalid({"reason": _("Write why. It stays in the log.")})
    return words[:1000]


def locked(person_id: int) -> Person:
    """Inside a command: return the person as it stands now, held until the command is done."""
    wanted = select(Person).where(Person.id == person_id).with_for_update()
    return db.session().scalars(wanted.execution_options(populate_existing=True)).one()


def _hold_secretariat(but: int) -> bool:
    """Hold the secretariat, so that one of it stays; tell whether it has somebody else.

    All are held in the order of their numbers, also the person meant: of two who close each other
    one waits, and neither for ever.
    """
    active = select(Person.id).where(Person.is_secretariat, Person.is_active)
    held = db.session().scalars(active.order_by(Person.id).with_for_update()).all()
    return any(one != but for one in held)


def _note(actor: Person | None, action: str, person: Person, reason: str) -> None:
    audit.record(
        actor.id if actor else None,
        action,
        subject=("person", person.id),
        details={"reason": reason},
    )
