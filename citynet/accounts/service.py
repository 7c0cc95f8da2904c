"""Commands on people and sessions."""

from __future__ import annotations

from datetime import timedelta

from email_validator import EmailNotValidError, validate_email
from flask import current_app
from sqlalchemy import delete

from citynet.accounts import passwords, policy, queries
from citynet.accounts.models import FailedSignIn, Person, SignIn
from citynet.kit import audit, clock, db, tokens
from citynet.kit.errors import Invalid, NotFound, require
from citynet.kit.html import drop_invisible
from citynet.kit.i18n import LANGUAGES, _

WINDOW_MINUTES = 15
TRIES_PER_ACCOUNT, TRIES_PER_ADDRESS = 10, 50


class Throttled(Invalid):
    """Too many refused passwords of late: 429."""


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
    problems = _problems(email, name)
    if problems:
        raise Invalid(problems)
    person = Person(
        email=queries.normal_email(email),
        name=" ".join(drop_invisible(name).split()),
        password_hash=passwords.hash_password(password),
        language=language if language in LANGUAGES else None,
        is_secretariat=is_secretariat,
    )
    db.session().add(person)
    db.session().flush()
    audit.record(actor.id if actor else None, "person.created", subject=("person", person.id))
    return person


def sign_in(email: str, password: str, *, address: str, browser: str) -> SignIn:
    """Open a session.

    Raises:
        Throttled: too many refused passwords for this account or from this address.
        Invalid: wrong; the same sentence and time whether or not the account exists.
    """
    account = tokens.digest(queries.normal_email(email))
    by_account, by_address = queries.failures(
        account_digest=account, address=address, minutes=WINDOW_MINUTES
    )
    if by_account >= TRIES_PER_ACCOUNT or by_address >= TRIES_PER_ADDRESS:
        raise Throttled({"password": _("Too many attempts. Please wait 15 minutes.")})
    person = queries.by_email(email)
    is_right = passwords.is_right(person.password_hash if person else None, password)
    if person is None or not is_right or person.deactivated_at is not None:
        _note_failure(account, address)
        raise Invalid({"password": _("The email address or the password is not right.")})
    return _open_session(person, address, browser)


@db.transaction
def _note_failure(account_digest: str, address: str) -> None:
    """Count a refused password; what no throttle looks at any more is forgotten."""
    old = clock.now() - timedelta(minutes=2 * WINDOW_MINUTES)
    db.session().execute(delete(FailedSignIn).where(FailedSignIn.at < old))
    db.session().add(FailedSignIn(account_digest=account_digest, address=address))


@db.transaction
def _open_session(person: Person, address: str, browser: str) -> SignIn:
    secret = tokens.secret()
    opened = SignIn(
        secret_digest=tokens.digest(secret),
        person_id=person.id,
        expires_at=clock.now() + timedelta(days=int(current_app.config["SESSION_DAYS"])),
        address=address[:45],
        browser=browser[:200],
    )
    db.session().add(opened)
    db.session().flush()
    audit.record(person.id, "session.opened", subject=("session", opened.id))
    opened.secret = secret  # type: ignore[misc]
    return opened


@db.transaction
def revoke(actor: Person, sign_in_id: int) -> SignIn:
    """End one of the actor's own sessions at once.

    Raises:
        NotFound: no session of the actor's.
    """
    found = db.session().get(SignIn, sign_in_id)
    if found is None or not policy.can_revoke(actor, found):
        raise NotFound
    if found.revoked_at is None:
        found.revoked_at = clock.now()
        audit.record(actor.id, "session.revoked", subject=("session", found.id))
    return found


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


def _problems(email: str, name: str) -> dict[str, str]:
    problems: dict[str, str] = {}
    try:
        validate_email(email, check_deliverability=False, test_environment=True)
    except EmailNotValidError:
        problems["email"] = _("Write an email address, such as name@city.go.id.")
    if not drop_invisible(name).strip() or len(name) > 120:
        problems["name"] = _("Write the person's name, up to 120 characters.")
    if not problems and queries.by_email(email) is not None:
        problems["email"] = _("There is an account with this email address already.")
    return problems
