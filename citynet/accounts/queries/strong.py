"""Reads of second factors, recovery codes and passkeys, and who must have one."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from flask import current_app
from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from citynet.accounts import policy
from citynet.accounts.models import Passkey, Person, RecoveryCode, SecondFactor, SignIn
from citynet.kit import db
from config import Config

Reason = Callable[[Person], bool]
_reasons: list[Reason] = []


def asks_for_second_factor(reason: Reason) -> Reason:
    """Register a reason, known to a higher floor, why a person must have a second factor."""
    _reasons.append(reason)
    return reason


def is_second_factor_required() -> bool:
    """Tell whether the network asks secretariats for a second factor."""
    config: Config = current_app.config["CITYNET"]
    return config.require_second_factor


def must_have_second_factor(person: Person) -> bool:
    """Tell whether the person has rights that need more than a password."""
    is_asked = is_second_factor_required()
    return is_asked and (person.is_secretariat or any(reason(person) for reason in _reasons))


def owes_second_factor(sign_in: SignIn) -> bool:
    """Tell whether the session stands without rights until a second factor is given."""
    if sign_in.is_strong or not is_second_factor_required():
        return False
    return must_have_second_factor(db.session().get_one(Person, sign_in.person_id))


def needs_second_step(person: Person) -> bool:
    """Tell whether the right password is not enough to come in.

    Whoever must have a second factor and has passkeys only comes in with one of them: a weak
    session could set up an app of its own.
    """
    if second_factor(person) is not None:
        return True
    return must_have_second_factor(person) and bool(passkeys(person))


def second_factor(person: Person) -> SecondFactor | None:
    """Return the person's app, if it is set up."""
    found = factor_of(person)
    return found if found is not None and policy.is_set_up(found) else None


def factor_of(person: Person) -> SecondFactor | None:
    """Return the person's app, also one whose first code is still awaited."""
    return db.session().scalar(select(SecondFactor).where(SecondFactor.person_id == person.id))


def recovery_codes_left(person: Person) -> int:
    """Return how many recovery codes the person has not used."""
    wanted = select(func.count()).where(
        RecoveryCode.person_id == person.id, RecoveryCode.used_at.is_(None)
    )
    return int(db.session().scalar(wanted) or 0)


def passkeys(person: Person) -> Sequence[Passkey]:
    """Return the person's passkeys, oldest first."""
    wanted = select(Passkey).where(Passkey.person_id == person.id).order_by(Passkey.id)
    return db.session().scalars(wanted).all()


def passkey(credential_id: str) -> Passkey | None:
    """Return a passkey with its person, by what the device calls it."""
    wanted = select(Passkey).options(joinedload(Passkey.person))
    return db.session().scalar(wanted.where(Passkey.credential_id == credential_id))
