"""Commands on links to accounts at the network's provider: know somebody by one, remove one."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from citynet.accounts import letters, policy, queries
from citynet.accounts.models import Identity, Person, SignIn
from citynet.accounts.provider import Claims
from citynet.accounts.service.signing_in import SecondStep, Visit, go_in, open_session
from citynet.kit import audit, clock, db
from citynet.kit.errors import Forbidden, NotFound, require
from citynet.kit.http import external_url
from citynet.kit.i18n import _


@db.transaction
def sign_in_through(claims: Claims, visit: Visit) -> SignIn | SecondStep:
    """Let in whom the provider knows: at once where it saw a second factor, else by our own step.

    Raises:
        Forbidden: nobody's account, or of a person who may not sign in; the sentence tells what
            to do.
    """
    person = _recognise(claims)
    if claims.is_strong:
        return open_session(person, visit, is_strong=True)
    return go_in(person, visit)


def _recognise(claims: Claims) -> Person:
    """Return whose account at the provider it is; the first time it is linked by its address."""
    known = db.session().scalar(
        select(Identity)
        .options(joinedload(Identity.person))
        .where(Identity.issuer == claims.issuer, Identity.subject == claims.subject)
    )
    person = known.person if known else _person_of(claims.verified_email)
    require(person.is_active, _("This account is closed. Ask the secretariat to open it again."))
    identity = known or _link(person, claims)
    identity.used_at = clock.now()
    return person


@db.transaction
def remove_identity(actor: Person, identity_id: int) -> None:
    """Remove the link to one of the actor's accounts at a provider.

    Raises:
        NotFound: no link of the actor's.
    """
    require(policy.can_change_settings(actor))
    found = db.session().get(Identity, identity_id)
    if found is None or not policy.can_remove_identity(actor, found):
        raise NotFound
    db.session().delete(found)
    audit.record(actor.id, "identity.removed", subject=("person", actor.id))


def _person_of(verified_email: str) -> Person:
    """Return the person with the address, held so that two sign-ins at once link one account."""
    if not verified_email:
        raise Forbidden(
            _("Your email address is not confirmed there. Confirm it, or use your password.")
        )
    wanted = select(Person).where(Person.email == queries.normal_email(verified_email))
    person = db.session().scalar(wanted.with_for_update())
    if person is None:
        raise Forbidden(
            _("No account here has the email address %(email)s.", email=verified_email[:254])
        )
    return person


def _link(person: Person, claims: Claims) -> Identity:
    """Link the account; an address that came to another account there opens nothing by itself."""
    wanted = select(Identity).where(
        Identity.person_id == person.id, Identity.issuer == claims.issuer
    )
    own = db.session().scalar(wanted)
    if own is None:
        own = Identity(person_id=person.id, issuer=claims.issuer, subject=claims.subject)
        db.session().add(own)
        db.session().flush()
        audit.record(person.id, "identity.linked", subject=("person", person.id))
        link = external_url("accounts.settings")
        letters.tell(person, "accounts.provider_linked", provider=claims.provider, link=link)
    require(
        own.subject == claims.subject,
        _(
            "Your account is linked to another account there. Sign in with your password, remove"
            " that link in your account, and try again."
        ),
    )
    return own
