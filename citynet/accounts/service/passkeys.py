"""Commands on passkeys (WebAuthn): add one, come in with one, remove one.

A challenge is a row that is used up by the first answer to it, right or wrong. The device must
have checked who holds it (by finger, face or PIN), so a passkey is strong by itself.
"""

from __future__ import annotations

import json
from dataclasses import dataclass

import structlog
from cryptography.exceptions import InvalidSignature
from sqlalchemy import select
from webauthn import (
    generate_authentication_options,
    generate_registration_options,
    options_to_json,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.authentication.verify_authentication_response import VerifiedAuthentication
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url, generate_user_handle
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)
from webauthn.registration.verify_registration_response import VerifiedRegistration

from citynet.accounts import letters, policy, queries
from citynet.accounts.models import Passkey, Person, Purpose, SignIn
from citynet.accounts.service import people, second_factor, secrets, throttling
from citynet.accounts.service.signing_in import Visit, open_session
from citynet.kit import audit, clock, db, html
from citynet.kit.errors import Invalid, NotFound, require
from citynet.kit.http import external_url
from citynet.kit.i18n import _

MOST_PASSKEYS = 20
# What the library lets through of an answer that is no answer: it reads keys and types unguarded.
UNREADABLE = (WebAuthnException, InvalidSignature, ValueError, KeyError, TypeError, IndexError,
              AttributeError, RecursionError)  # fmt: skip
log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Site:
    """To whom a passkey belongs: the host (`id`) and origin of the network, and its name."""

    id: str
    origin: str
    name: str


@dataclass(frozen=True)
class Ceremony:
    """What the browser is asked, as JSON, and the secret that finds the challenge again."""

    secret: str
    options: str


def begin_adding(actor: Person, password: str, *, site: Site, address: str) -> Ceremony:
    """Return what a device needs to make a passkey.

    Raises:
        Throttled, Invalid: not the actor's password, or too many passkeys.
    """
    require(policy.can_change_settings(actor))
    throttling.confirm_password(actor, password, address)
    own = queries.passkeys(actor)
    if len(own) >= MOST_PASSKEYS:
        raise Invalid({"current": _("You have many passkeys. Remove one you no longer use.")})
    handle = base64url_to_bytes(own[0].user_handle) if own else generate_user_handle()
    options = generate_registration_options(
        rp_id=site.id,
        rp_name=site.name,
        user_id=handle,
        user_name=actor.email,
        user_display_name=actor.name,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED,
            user_verification=UserVerificationRequirement.REQUIRED,
        ),
        exclude_credentials=[
            PublicKeyCredentialDescriptor(id=base64url_to_bytes(one.credential_id)) for one in own
        ],
    )
    waits = " ".join(map(bytes_to_base64url, (options.challenge, handle)))
    return Ceremony(_keep(Purpose.PASSKEY_NEW, actor, waits), options_to_json(options))


def add(
    actor: Person, secret: str, credential: str, *, name: str, site: Site, sign_in: SignIn
) -> Passkey:
    """Keep the passkey that the actor's device made.

    Raises:
        Invalid: no name, the time is over, or not what was asked for.
    """
    require(policy.can_change_settings(actor))
    tidy = html.line(name)[:60]
    if not tidy:
        raise Invalid({"name": _("Give the passkey a name, such as “Office laptop”.")})
    challenge, _space, handle = _use_up(Purpose.PASSKEY_NEW, secret, actor).partition(" ")
    try:
        made = verify_registration_response(
            credential=credential,
            expected_challenge=base64url_to_bytes(challenge),
            expected_rp_id=site.id,
            expected_origin=site.origin,
            require_user_verification=True,
        )
    except UNREADABLE as error:
        raise _refused(error) from error
    return _add(actor, made, handle, tidy, sign_in)


@db.transaction
def _add(
    actor: Person, made: VerifiedRegistration, handle: str, name: str, sign_in: SignIn
) -> Passkey:
    person = people.locked(actor.id)
    credential_id = bytes_to_base64url(made.credential_id)
    if queries.passkey(credential_id) is not None:
        raise Invalid({"passkey": _("This passkey is known already.")})
    if not queries.passkeys(person) and queries.second_factor(person) is None:
        # As with an app: a session begun with the password alone must not add a factor of its own.
        people.end_sessions(person, but=sign_in)
    added = Passkey(
        person_id=person.id,
        name=name,
        credential_id=credential_id,
        public_key=made.credential_public_key,
        user_handle=handle,
        sign_count=made.sign_count,
    )
    db.session().add(added)
    db.session().get_one(SignIn, sign_in.id).is_strong = True
    db.session().flush()
    audit.record(person.id, "passkey.added", subject=("person", person.id))
    letters.tell(
        person, "accounts.passkey_added", passkey=name, link=external_url("accounts.settings")
    )
    return added


def begin_sign_in(*, site: Site, address: str) -> Ceremony:
    """Return what a device needs to come in; nobody has said yet who they are.

    Raises:
        Throttled: begun too often from this address.
    """
    throttling.count_ceremony(address)
    options = generate_authentication_options(
        rp_id=site.id, user_verification=UserVerificationRequirement.REQUIRED
    )
    waits = bytes_to_base64url(options.challenge)
    return Ceremony(_keep(Purpose.PASSKEY_SIGN_IN, None, waits), options_to_json(options))


def sign_in(secret: str, credential: str, *, site: Site, visit: Visit) -> SignIn:
    """Open a strong session for whose passkey answered.

    Raises:
        Invalid: over, unknown, or not what was asked for; all sound the same.
    """
    challenge = _use_up(Purpose.PASSKEY_SIGN_IN, secret, None)
    try:
        answer = json.loads(credential)
        passkey = queries.passkey(str(answer["id"]))
        handle = answer["response"].get("userHandle")
    except UNREADABLE as error:
        raise _refused(error) from error
    if passkey is None or handle != passkey.user_handle:
        raise _refused(None)
    return _sign_in(passkey.id, credential, challenge, site, visit)


@db.transaction
def _sign_in(passkey_id: int, credential: str, challenge: str, site: Site, visit: Visit) -> SignIn:
    wanted = select(Passkey).where(Passkey.id == passkey_id).with_for_update()
    passkey = db.session().scalars(wanted.execution_options(populate_existing=True)).one_or_none()
    if passkey is None:
        raise _refused(None)
    person = people.locked(passkey.person_id)
    verified = _verify(passkey, credential, challenge, site)
    if not person.is_active:
        raise _refused(None)
    passkey.sign_count, passkey.used_at = verified.new_sign_count, clock.now()
    return open_session(person, visit, is_strong=True)


def _verify(
    passkey: Passkey, credential: str, challenge: str, site: Site
) -> VerifiedAuthentication:
    try:
        return verify_authentication_response(
            credential=credential,
            expected_challenge=base64url_to_bytes(challenge),
            expected_rp_id=site.id,
            expected_origin=site.origin,
            credential_public_key=passkey.public_key,
            credential_current_sign_count=passkey.sign_count,
            require_user_verification=True,
        )
    except UNREADABLE as error:
        raise _refused(error) from error


def remove(actor: Person, passkey_id: int, password: str, *, address: str) -> None:
    """Forget a passkey: it opens nothing from now on.

    Raises:
        NotFound: no passkey of the actor's.
        Throttled, Invalid: not the actor's password.
    """
    find(actor, passkey_id)
    throttling.confirm_password(actor, password, address)
    _remove(actor, passkey_id)


@db.transaction
def _remove(actor: Person, passkey_id: int) -> None:
    found = find(actor, passkey_id)
    db.session().delete(found)
    db.session().flush()
    if not queries.passkeys(actor) and queries.second_factor(actor) is None:
        second_factor.weaken(actor)
    audit.record(actor.id, "passkey.removed", subject=("person", actor.id))
    letters.tell(
        actor, "accounts.passkey_removed", passkey=found.name, link=external_url("accounts.forgot")
    )


def find(actor: Person, passkey_id: int) -> Passkey:
    """Return one of the actor's passkeys.

    Raises:
        NotFound: no passkey of the actor's.
    """
    found = db.session().get(Passkey, passkey_id)
    if found is None or not policy.can_remove_passkey(actor, found):
        raise NotFound
    return found


@db.transaction
def _keep(purpose: Purpose, person: Person | None, value: str) -> str:
    return secrets.make(purpose, person, value=value)


@db.transaction
def _use_up(purpose: Purpose, secret: str, actor: Person | None) -> str:
    """Take the challenge for good, whatever the answer is worth; return what was kept with it."""
    try:
        taken = secrets.take(purpose, secret)
    except NotFound:
        raise _refused(None) from None
    if taken.person_id != (actor.id if actor else None):
        raise _refused(None)
    return taken.value


def _refused(error: Exception | None) -> Invalid:
    log.info("passkey_refused", reason=str(error) if error else "unknown, over or another's")
    return Invalid({"passkey": _("The passkey was not accepted. Try again, or use your password.")})
