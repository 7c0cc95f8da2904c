"""Commands on how somebody is known: the password, and the mail address it goes with.

What a visitor asks for by mail is answered by the worker: a known and an unknown address cost the
request the same, and it says the same.
"""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy.exc import IntegrityError

from citynet.accounts import letters, passwords, policy, queries, sealing
from citynet.accounts.models import OneTimeSecret, Person, Purpose, SignIn
from citynet.accounts.service import people, secrets, throttling
from citynet.kit import audit, db, effects, tokens
from citynet.kit.errors import Invalid, NotFound, require
from citynet.kit.http import external_url
from citynet.kit.i18n import _, current_language

RESET = "accounts.reset"
# Of higher floors: what goes by an address goes by the new one from then on.
Follower = Callable[[str, str], None]
_followers: list[Follower] = []


def follower(function: Follower) -> Follower:
    """Register what is to be done, in the same transaction, when somebody's address changes."""
    _followers.append(function)
    return function


def change_password(
    actor: Person, current: str, new: str, *, sign_in: SignIn, address: str
) -> None:
    """Set another password; the person's other sessions end.

    Raises:
        Throttled, Invalid: not the actor's password, or a new one that is too weak.
    """
    require(policy.can_change_settings(actor))
    throttling.confirm_password(actor, current, address)
    _set_password(actor.id, passwords.hash_password(new), sign_in)


@db.transaction
def _set_password(person_id: int, password_hash: str, sign_in: SignIn | None) -> None:
    person = people.locked(person_id)
    person.password_hash = password_hash
    people.end_sessions(person, but=sign_in)
    audit.record(person.id, "person.password_changed", subject=("person", person.id))
    letters.tell(person, "accounts.password_changed", link=external_url("accounts.forgot"))


def ask_reset(email: str, *, address: str) -> None:
    """Have a link sent to whoever has this address, if anybody has.

    Raises:
        Throttled: too many letters to this address, or asked for from this one.
    """
    throttling.count_letter(email, address)
    _ask_reset(email)


@db.transaction
def _ask_reset(email: str) -> None:
    effects.enqueue(
        RESET, email=queries.normal_email(email)[:254], language=current_language(),
        number=tokens.secret(),
    )  # fmt: skip


@effects.effect(RESET)
@db.transaction
def _send_reset(payload: effects.Payload) -> None:
    """Send the link; done twice, it finds the one it made."""
    person = queries.by_email(payload["email"])
    secret = sealing.derived(RESET, payload["number"])
    is_made = queries.worth(Purpose.PASSWORD_RESET, secret) != queries.Worth.UNKNOWN
    if person is None or not person.is_active or is_made:
        return
    secrets.void(person, Purpose.PASSWORD_RESET)
    secrets.make(Purpose.PASSWORD_RESET, person, secret=secret)
    link = external_url("accounts.reset", secret=secret)
    language = person.language or payload["language"]
    letters.tell(person, "accounts.password_reset", language=language, link=link)


def reset_password(secret: str, new: str) -> None:
    """Set a password by the link of a letter: all sessions end, a second factor stays.

    Raises:
        NotFound: the link is over.
        Invalid: the password is too weak.
    """
    if queries.one_time(Purpose.PASSWORD_RESET, secret) is None:
        raise NotFound
    _reset_password(secret, passwords.hash_password(new))


@db.transaction
def _reset_password(secret: str, password_hash: str) -> None:
    person = secrets.take(Purpose.PASSWORD_RESET, secret).person
    if person is None:
        raise NotFound
    _set_password(person.id, password_hash, None)


def ask_mail_change(actor: Person, email: str, password: str, *, address: str) -> None:
    """Send a link to the new address and a notice to the old one; nothing changes before.

    Whether the new address is somebody's is told to its owner only.

    Raises:
        Throttled, Invalid: not the actor's password, or no address.
    """
    require(policy.can_change_settings(actor))
    problem = people.problem_of_email(email)
    if not problem and queries.normal_email(email) == actor.email:
        problem = _("This is your address already.")
    if problem:
        raise Invalid({"email": problem})
    throttling.confirm_password(actor, password, address)
    throttling.count_letter(email, address)
    _ask_mail_change(actor, queries.normal_email(email))


@db.transaction
def _ask_mail_change(actor: Person, email: str) -> None:
    person = people.locked(actor.id)
    secrets.void(person, Purpose.MAIL_CHANGE)
    link = external_url(
        "accounts.confirm_email", secret=secrets.make(Purpose.MAIL_CHANGE, person, value=email)
    )
    owner = queries.by_email(email)
    if owner is None:
        letters.tell(person, "accounts.mail_change", to=email, email=email, link=link)
    else:
        letters.tell(owner, "accounts.mail_taken", link=external_url("accounts.sign_in"))
    audit.record(person.id, "person.mail_change_asked", subject=("person", person.id))
    letters.tell(
        person, "accounts.mail_change_asked", email=email, link=external_url("accounts.forgot")
    )


def asked_mail_change(actor: Person, secret: str) -> OneTimeSecret | None:
    """Return the change that the link confirms, None if it is over or another person's."""
    found = queries.one_time(Purpose.MAIL_CHANGE, secret)
    return found if found is not None and found.person_id == actor.id else None


@db.transaction
def confirm_mail_change(actor: Person, secret: str) -> None:
    """Let the new address hold; links sent to the old one are void.

    Raises:
        NotFound: the link is over or another person's.
        Invalid: the address came to somebody else meanwhile.
    """
    require(policy.can_change_settings(actor))
    if asked_mail_change(actor, secret) is None:
        raise NotFound
    email = secrets.take(Purpose.MAIL_CHANGE, secret).value
    person = people.locked(actor.id)
    before = person.email
    try:
        with db.savepoint():
            person.email = email
            db.session().flush()
    except IntegrityError as error:
        raise Invalid({"email": _("This address belongs to another account by now.")}) from error
    for follow in _followers:
        follow(before, email)
    secrets.void(person)
    audit.record(
        person.id, "person.mail_changed", subject=("person", person.id),
        before={"email": before}, after={"email": email},
    )  # fmt: skip
    letters.tell(
        person, "accounts.mail_changed", to=before, email=email,
        link=external_url("accounts.settings"),
    )  # fmt: skip
