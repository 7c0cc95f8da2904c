"""Who may do what with accounts."""

from __future__ import annotations

from datetime import timedelta

from citynet.accounts.models import Identity, Passkey, Person, SecondFactor, SignIn
from citynet.kit import clock

FRESH_MINUTES = 15


def can_change_settings(person: Person | None) -> bool:
    """Tell whether somebody is signed in: everyone sets their own language and sessions."""
    return person is not None and person.is_active


def can_revoke(person: Person | None, sign_in: SignIn) -> bool:
    """Tell whether the session is the person's own."""
    return can_change_settings(person) and person is not None and sign_in.person_id == person.id


def can_create_person(person: Person | None) -> bool:
    """Tell whether the person may add others: the secretariat; None is the command line."""
    return person is None or person.is_secretariat


def can_deactivate(actor: Person | None, person: Person) -> bool:
    """Tell whether an account may be closed: never one's own, the secretariat's by itself only."""
    if actor is None:
        return True
    is_other = actor.is_active and actor.id != person.id
    return is_other and (actor.is_secretariat or not person.is_secretariat)


def can_remove_identity(person: Person, identity: Identity) -> bool:
    """Tell whether the link is the person's own, and a password is there to sign in with."""
    return identity.person_id == person.id and person.password_hash.startswith("$argon2")


def can_export(actor: Person, person: Person) -> bool:
    """Tell whether the actor may have all that is held about the person: about oneself only."""
    return actor.is_active and actor.id == person.id


def is_fresh(sign_in: SignIn) -> bool:
    """Tell whether the session was opened so lately that the password need not be asked again."""
    return clock.now() - sign_in.created_at < timedelta(minutes=FRESH_MINUTES)


def can_erase(actor: Person | None, person: Person) -> bool:
    """Tell whether the person may be erased: by themselves or the secretariat; None: a command."""
    return actor is None or (actor.is_active and (actor.id == person.id or actor.is_secretariat))


def is_set_up(factor: SecondFactor) -> bool:
    """Tell whether a first code has proved that the app has the secret."""
    return factor.confirmed_at is not None


def can_remove_passkey(person: Person | None, passkey: Passkey) -> bool:
    """Tell whether the passkey is the person's own."""
    return can_change_settings(person) and person is not None and passkey.person_id == person.id


def can_reset_second_factor(actor: Person | None, person: Person) -> bool:
    """Tell whether somebody else's lost second factor may be taken away; None: command line."""
    return actor is None or (actor.is_active and actor.is_secretariat and actor.id != person.id)
