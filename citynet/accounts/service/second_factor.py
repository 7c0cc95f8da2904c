"""Commands on the second factor: an app with one-time codes, and recovery codes beside it."""

from __future__ import annotations

from sqlalchemy import delete, select, update

from citynet.accounts import codes, letters, policy, queries, sealing
from citynet.accounts.models import Passkey, Person, RecoveryCode, SecondFactor, SignIn
from citynet.accounts.service import people, throttling
from citynet.kit import audit, clock, db
from citynet.kit.errors import Conflict, Invalid, require
from citynet.kit.http import external_url
from citynet.kit.i18n import _


def begin(actor: Person, password: str, *, address: str) -> None:
    """Make a secret for an app; nothing is asked of anybody until a first code confirms it.

    Raises:
        Throttled, Invalid: not the actor's password.
        Conflict: an app is set up already.
    """
    require(policy.can_change_settings(actor))
    throttling.confirm_password(actor, password, address)
    _begin(actor)


@db.transaction
def _begin(actor: Person) -> None:
    person = people.locked(actor.id)
    factor = queries.factor_of(person)
    if factor is None:
        factor = SecondFactor(person_id=person.id)
        db.session().add(factor)
    elif policy.is_set_up(factor):
        raise Conflict(_("A second factor is on already. Switch it off first."))
    factor.sealed_secret = sealing.seal(codes.new_secret())
    factor.last_step = 0


def secret_of(actor: Person) -> str | None:
    """Return the secret that still waits for its first code, None if none does."""
    factor = queries.factor_of(actor)
    if factor is None or policy.is_set_up(factor):
        return None
    return sealing.unseal(factor.sealed_secret)


def confirm(actor: Person, code: str, *, sign_in: SignIn, address: str) -> list[str]:
    """Switch the second factor on, and return the recovery codes, which nobody can read again.

    The person's other sessions, opened without it, end.

    Raises:
        Throttled, Invalid: not a code of the app.
        Conflict: nothing waits for a code.
    """
    require(policy.can_change_settings(actor))
    throttling.count_code(actor, address)
    made = _confirm(actor, code, sign_in)
    throttling.forgive_code(actor, address)
    return made


@db.transaction
def _confirm(actor: Person, code: str, sign_in: SignIn) -> list[str]:
    person = people.locked(actor.id)
    factor = queries.factor_of(person)
    if factor is None or policy.is_set_up(factor):
        raise Conflict(_("Nothing waits to be confirmed. Begin again."))
    _use_app(factor, code)
    factor.confirmed_at = clock.now()
    people.end_sessions(person, but=sign_in)
    db.session().get_one(SignIn, sign_in.id).is_strong = True
    made = _renew_codes(person)
    audit.record(person.id, "second_factor.on", subject=("person", person.id))
    letters.tell(person, "accounts.second_factor_on", link=external_url("accounts.settings"))
    return made


def renew_codes(actor: Person, password: str, code: str, *, address: str) -> list[str]:
    """Replace the recovery codes and return the new ones.

    Raises:
        Throttled, Invalid: not the actor's password or code.
        Conflict: no second factor is on.
    """
    _confirm_password(actor, password, address)
    return _renew(actor, code)


@db.transaction
def _renew(actor: Person, code: str) -> list[str]:
    person = people.locked(actor.id)
    use_code(person, code)
    made = _renew_codes(person)
    audit.record(person.id, "recovery_codes.renewed", subject=("person", person.id))
    return made


def switch_off(actor: Person, password: str, code: str, *, address: str) -> None:
    """Take the app and the recovery codes away, after password and code.

    Raises:
        Throttled, Invalid: not the actor's password or code.
        Conflict: no second factor is on.
    """
    _confirm_password(actor, password, address)
    _switch_off(actor, code)
    throttling.forgive_code(actor, address)


@db.transaction
def _switch_off(actor: Person, code: str) -> None:
    person = people.locked(actor.id)
    use_code(person, code)
    take_away(person)
    audit.record(person.id, "second_factor.off", subject=("person", person.id))
    letters.tell(person, "accounts.second_factor_off", link=external_url("accounts.forgot"))


@db.transaction
def reset(actor: Person | None, person: Person) -> None:
    """Take everything strong away from somebody who lost it; `actor` None is the command line.

    Raises:
        Forbidden: oneself, or not by the secretariat.
    """
    require(policy.can_reset_second_factor(actor, person))
    found = people.locked(person.id)
    db.session().execute(delete(Passkey).where(Passkey.person_id == found.id))
    take_away(found)
    people.end_sessions(found)
    actor_id = actor.id if actor else None
    audit.record(actor_id, "second_factor.reset", subject=("person", found.id))
    letters.tell(found, "accounts.second_factor_off", link=external_url("accounts.forgot"))


def take_away(person: Person) -> None:
    """Inside a command: delete app and recovery codes; without passkeys no session is strong."""
    db.session().execute(delete(SecondFactor).where(SecondFactor.person_id == person.id))
    db.session().execute(delete(RecoveryCode).where(RecoveryCode.person_id == person.id))
    if not queries.passkeys(person):
        weaken(person)


def weaken(person: Person) -> None:
    """Inside a command: let no session of the person count as strong any more."""
    own = update(SignIn).where(SignIn.person_id == person.id, SignIn.is_strong)
    db.session().execute(own.values(is_strong=False))


def use_code(person: Person, code: str) -> None:
    """Inside a command: take a code of the app or a recovery code, each once.

    Raises:
        Invalid: a wrong code, or one that was used.
    """
    if not codes.is_of_app(code):
        return _use_recovery_code(person, code)
    wanted = select(SecondFactor).where(
        SecondFactor.person_id == person.id, SecondFactor.confirmed_at.is_not(None)
    )
    factor = db.session().scalar(wanted.with_for_update().execution_options(populate_existing=True))
    if factor is None:
        raise Invalid({"code": _wrong()})
    return _use_app(factor, code)


def _use_app(factor: SecondFactor, code: str) -> None:
    secret = sealing.unseal(factor.sealed_secret)
    step = codes.step_of(secret, code, after=factor.last_step) if secret else None
    if step is None:
        raise Invalid({"code": _wrong()})
    factor.last_step = step


def _use_recovery_code(person: Person, code: str) -> None:
    wanted = select(RecoveryCode).where(
        RecoveryCode.person_id == person.id, RecoveryCode.digest == codes.digest(code)
    )
    found = db.session().scalar(wanted.with_for_update().execution_options(populate_existing=True))
    if found is None or found.used_at is not None:
        raise Invalid({"code": _wrong()})
    found.used_at = clock.now()
    db.session().flush()
    left = queries.recovery_codes_left(person)
    audit.record(person.id, "recovery_code.used", subject=("person", person.id))
    letters.tell(
        person,
        "accounts.recovery_code_used",
        left=str(left),
        link=external_url("accounts.settings"),
    )


def _renew_codes(person: Person) -> list[str]:
    db.session().execute(delete(RecoveryCode).where(RecoveryCode.person_id == person.id))
    made = codes.new_recovery_codes()
    for code in made:
        db.session().add(RecoveryCode(person_id=person.id, digest=codes.digest(code)))
    return made


def _confirm_password(actor: Person, password: str, address: str) -> None:
    """Check the password, and that the code may be tried; the command itself uses it up."""
    require(policy.can_change_settings(actor))
    if queries.second_factor(actor) is None:
        raise Conflict(_("No second factor is on."))
    throttling.confirm_password(actor, password, address)
    throttling.count_code(actor, address)


def _wrong() -> str:
    return _("This code is not right, or it was used already. Wait for the next one.")
