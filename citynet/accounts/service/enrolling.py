"""The command that adds a person who sets the password later, by "forgotten password"."""

from __future__ import annotations

from functools import cache

from citynet.accounts import passwords, policy, queries
from citynet.accounts.models import Person
from citynet.accounts.service.people import problem_of_email, tidy_name
from citynet.kit import audit, db, tokens
from citynet.kit.errors import Invalid, require
from citynet.kit.i18n import LANGUAGES, _


@db.transaction
def enrol(actor: Person | None, email: str, *, name: str, language: str) -> Person:
    """Add a person of a list that is brought in; nobody knows a password to the account.

    Raises:
        Forbidden: not by the secretariat; None is the command line.
        Invalid: an address that is none or taken, no name.
    """
    require(policy.can_create_person(actor))
    if problem := problem_of_email(email.strip()):
        raise Invalid({"email": problem})
    if queries.by_email(email) is not None:
        raise Invalid({"email": _("There is an account with this email address already.")})
    person = Person(
        email=queries.normal_email(email), name=tidy_name(name),
        password_hash=_unknown_password(), language=language if language in LANGUAGES else None,
    )  # fmt: skip
    db.session().add(person)
    db.session().flush()
    audit.record(actor.id if actor else None, "person.created", subject=("person", person.id))
    return person


@cache
def _unknown_password() -> str:
    """Return a hash of what nobody knows: it takes as long to check as any other.

    One for all of a list, for each takes a tenth of a second to make.
    """
    return passwords.hash_password(tokens.secret())
