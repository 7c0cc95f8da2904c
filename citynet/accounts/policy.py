"""Who may do what with accounts."""

from __future__ import annotations

from citynet.accounts.models import Person, SignIn


def can_change_settings(person: Person | None) -> bool:
    """Tell whether somebody is signed in: everyone sets their own language and sessions."""
    return person is not None and person.deactivated_at is None


def can_revoke(person: Person | None, sign_in: SignIn) -> bool:
    """Tell whether the session is the person's own."""
    return can_change_settings(person) and person is not None and sign_in.person_id == person.id


def can_create_person(person: Person | None) -> bool:
    """Tell whether the person may add others: the secretariat; None is the command line."""
    return person is None or person.is_secretariat
