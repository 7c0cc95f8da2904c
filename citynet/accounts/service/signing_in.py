"""Commands that open a session: by password, and by a code after it; and those that end one.

Where the password is not enough, it opens no session: what the browser holds then is good for
nothing but the second step, and not for long.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from flask import current_app
from sqlalchemy import select, update

from citynet.accounts import letters, passwords, policy, queries
from citynet.accounts.browsers import browser_name
from citynet.accounts.models import Person, Purpose, SignIn
from citynet.accounts.service import second_factor, secrets, throttling
from citynet.kit import audit, clock, db, tokens
from citynet.kit.errors import Invalid, NotFound
from citynet.kit.http import external_url
from citynet.kit.i18n import _

BETWEEN_NOTES = timedelta(hours=1)


@dataclass(frozen=True)
class SecondStep:
    """The password was right and is not enough: what the browser keeps until the code comes."""

    secret: str


@dataclass(frozen=True)
class Visit:
    """From where somebody comes in; `replaces` is the session this browser had before."""

    address: str
    browser: str
    replaces: SignIn | None = None


def sign_in(
    email: str, password: str, *, address: str, browser: str, replaces: SignIn | None = None
) -> SignIn | SecondStep:
    """Open a session, or the second step to one.

    Raises:
        Throttled: too many tries for this account or from this address.
        Invalid: wrong; the same sentence and time whether or not the account exists.
    """
    throttling.count_password(email, address)
    person = queries.by_email(email)
    password_hash = person.password_hash if person else None
    is_right = passwords.is_right(password_hash, password)
    if person is None or not is_right or not person.is_active:
        raise Invalid({"password": _("The email address or the password is not right.")})
    throttling.forgive_password(email, address)
    return go_in(person, Visit(address, browser, replaces), password_hash=password_hash)


@db.transaction
def go_in(
    person: Person, visit: Visit, *, password_hash: str | None = None, is_strong: bool = False
) -> SignIn | SecondStep:
    """Let in somebody who gave a first factor, or both: at once, or by the second step.

    Raises:
        Invalid: closed, or given another password, since the first factor was checked.
    """
    _require_unchanged(person, password_hash)
    if is_strong or not queries.needs_second_step(person):
        return open_session(person, visit, is_strong=is_strong)
    if visit.replaces is not None:
        _end(visit.replaces)
    return SecondStep(secrets.make(Purpose.SECOND_STEP, person))


def finish(secret: str, code: str, visit: Visit) -> SignIn:
    """Take the second step with a code of the app or a recovery code, and open a session.

    Raises:
        NotFound: the step is over: sign in again.
        Throttled: too many codes.
        Invalid: a wrong code, or one that was used.
    """
    step = queries.one_time(Purpose.SECOND_STEP, secret)
    if step is None or step.person is None:
        raise NotFound
    person = step.person
    throttling.count_code(person, visit.address)
    opened = _finish(secret, code, visit)
    throttling.forgive_code(person, visit.address)
    return opened


@db.transaction
def _finish(secret: str, code: str, visit: Visit) -> SignIn:
    person = secrets.take(Purpose.SECOND_STEP, secret).person
    if person is None:
        raise NotFound
    # A wrong code raises, and with it the step is taken back: it can be tried again.
    second_factor.use_code(person, code)
    return open_session(person, visit, is_strong=True)


def open_session(person: Person, visit: Visit, *, is_strong: bool = False) -> SignIn:
    """Inside a command: open a session for somebody who proved who they are."""
    seen = {browser_name(one) for one in queries.known_browsers(person)}
    if visit.replaces is not None:
        _end(visit.replaces)
    secret = tokens.secret()
    opened = SignIn(
        secret_digest=tokens.digest(secret),
        person_id=person.id,
        expires_at=clock.now() + timedelta(days=int(current_app.config["SESSION_DAYS"])),
        is_strong=is_strong,
        address=visit.address[:45],
        browser=visit.browser[:200],
    )
    db.session().add(opened)
    db.session().flush()
    audit.record(person.id, "session.opened", subject=("session", opened.id))
    name = browser_name(visit.browser)
    if seen and name not in seen:
        link = external_url("accounts.settings")
        letters.tell(person, "accounts.new_browser", browser=name or "–", link=link)
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
    _end(found)
    return found


@db.transaction
def revoke_others(actor: Person, current: SignIn) -> int:
    """End the actor's sessions but the current one, and return how many there were.

    Raises:
        NotFound: the current one is not the actor's.
    """
    if not policy.can_revoke(actor, current):
        raise NotFound
    others = [one for one in queries.own_sign_ins(actor) if one.id != current.id]
    for one in others:
        _end(one)
    return len(others)


def is_note_due(sign_in: SignIn) -> bool:
    """Tell whether the last use that was written down lies an hour back."""
    return sign_in.used_at < clock.now() - BETWEEN_NOTES


@db.transaction
def note_use(sign_in_id: int, address: str) -> None:
    """Write down that a session is used, and from where."""
    db.session().execute(
        update(SignIn)
        .where(SignIn.id == sign_in_id)
        .values(used_at=clock.now(), address=address[:45])
    )


def _require_unchanged(person: Person, password_hash: str | None) -> None:
    wanted = select(Person).where(Person.id == person.id).with_for_update()
    found = db.session().scalars(wanted.execution_options(populate_existing=True)).one()
    if not found.is_active or password_hash not in (None, found.password_hash):
        raise Invalid({"password": _("The email address or the password is not right.")})


def _end(sign_in: SignIn) -> None:
    if sign_in.revoked_at is None:
        sign_in.revoked_at = clock.now()
        audit.record(sign_in.person_id, "session.revoked", subject=("session", sign_in.id))
