"""How often something secret may be guessed, counted before it is looked at.

A guess is counted by account and address together, so that nobody locks somebody else out with a
few wrong passwords; by account over all addresses; and by address over all accounts.
"""

from __future__ import annotations

from citynet.accounts import letters, passwords, queries
from citynet.accounts.models import Person
from citynet.kit import db, throttle, tokens
from citynet.kit.errors import Invalid
from citynet.kit.http import external_url
from citynet.kit.i18n import _

WINDOW_MINUTES, DAY_MINUTES = 15, 24 * 60
# From one address, from all of them, and from one address on all accounts.
TRIES_PER_ACCOUNT, TRIES_FROM_EVERYWHERE, TRIES_PER_ADDRESS = 10, 100, 50
# Codes are short: what may be guessed in a day is bounded too.
CODES_PER_DAY = 60
LETTERS_PER_ACCOUNT, LETTERS_PER_ADDRESS = 5, 20
CEREMONIES_PER_ADDRESS = 60


class Throttled(Invalid):
    """Too many tries of late: 429."""


def count_password(email: str, address: str, *, field: str = "password") -> None:
    """Count a try of an account's password.

    Raises:
        Throttled: too many for this account or from this address.
    """
    account = _account(email)
    # What is refused by an earlier line does not count on the later ones: else one address could
    # use up what an account may be tried from everywhere.
    is_within = (
        _hit("password.address", address, TRIES_PER_ADDRESS)
        and _hit(f"password.{account}", address, TRIES_PER_ACCOUNT)
        and _hit("password.account", account, TRIES_FROM_EVERYWHERE)
    )
    if not is_within:
        raise Throttled({field: _("Too many attempts. Please wait 15 minutes.")})


def forgive_password(email: str, address: str) -> None:
    """Forget the tries of somebody who had the right password, not those on other accounts."""
    throttle.forgive(f"password.{_account(email)}", address)
    throttle.take_back("password.account", _account(email))
    throttle.take_back("password.address", address)


def confirm_password(person: Person, password: str, address: str) -> None:
    """Make sure that whoever changes an account is the one who opened it.

    Raises:
        Throttled: too many tries.
        Invalid: it is not the password.
    """
    count_password(person.email, address, field="current")
    if not passwords.is_right(person.password_hash, password):
        raise Invalid({"current": _("This is not your password.")})
    forgive_password(person.email, address)


def count_code(person: Person, address: str) -> None:
    """Count a try of a person's code; who is guessed at is told once a day.

    Raises:
        Throttled: too many.
    """
    who = str(person.id)
    if _hit(f"code.{who}", address, TRIES_PER_ACCOUNT) and throttle.hit(
        "code.account", who, limit=CODES_PER_DAY, minutes=DAY_MINUTES
    ):
        return
    if throttle.hit("code.told", who, limit=1, minutes=DAY_MINUTES):
        _tell_of_wrong_codes(person)
    raise Throttled({"code": _("Too many attempts. Please wait 15 minutes.")})


def forgive_code(person: Person, address: str) -> None:
    """Forget the tries of somebody who had the right code."""
    throttle.forgive(f"code.{person.id}", address)
    throttle.forgive("code.account", str(person.id))


def count_letter(email: str, address: str) -> None:
    """Count a letter that somebody asks for, so that nobody's mailbox is flooded.

    Raises:
        Throttled: too many to this address, or asked for from this one.
    """
    if not (
        _hit("letter.address", address, LETTERS_PER_ADDRESS)
        and _hit("letter", _account(email), LETTERS_PER_ACCOUNT)
    ):
        raise Throttled({"email": _("Too many letters were asked for. Please wait 15 minutes.")})


def count_ceremony(address: str) -> None:
    """Count a sign-in with a passkey that somebody begins: each leaves a row for a while.

    Raises:
        Throttled: too many from this address.
    """
    if not _hit("passkey", address, CEREMONIES_PER_ADDRESS):
        raise Throttled({"passkey": _("Too many attempts. Please wait 15 minutes.")})


@db.transaction
def _tell_of_wrong_codes(person: Person) -> None:
    letters.tell(person, "accounts.codes_refused", link=external_url("accounts.forgot"))


def _hit(what: str, who: str, limit: int) -> bool:
    return throttle.hit(what, who, limit=limit, minutes=WINDOW_MINUTES)


def _account(email: str) -> str:
    return tokens.digest(queries.normal_email(email))
