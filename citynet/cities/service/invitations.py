"""Commands on invitations: a link for one address, which takes it to a city or a secretariat.

The link holds for 14 days and works once; only its digest is kept. Inviting again, or sending
again, makes a new link, and the old one is dead.
"""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import format_date
from sqlalchemy import select

from citynet.accounts import queries as people
from citynet.accounts.service import Throttled
from citynet.accounts.service.people import problem_of_email, tidy_name
from citynet.cities import policy
from citynet.cities.letters import team as letters_about_people
from citynet.cities.models import Actor, Chapter, City, Invitation, Role, Seat
from citynet.cities.queries import addresses, team
from citynet.cities.service.fates import GOING, Fate, fate_of, sentence
from citynet.cities.service.officials import ROLE_WORDS, hold, renewed
from citynet.kit import audit, clock, db, letters, network, throttle, tokens
from citynet.kit.errors import Conflict, Invalid, require
from citynet.kit.http import external_url
from citynet.kit.i18n import LANGUAGES, _, in_language

LETTERS_PER_HOUR = 5


@dataclass(frozen=True)
class Invited:
    """An invitation with its link, which is known only now."""

    invitation: Invitation
    link: str


def count_letter(email: str) -> None:
    """Before a command: count a letter to an address, so that nobody's mailbox is flooded.

    Raises:
        Throttled: five in an hour.
    """
    who = people.normal_email(email)[:254]
    if not throttle.hit("invitation", who, limit=LETTERS_PER_HOUR, minutes=60):
        raise Throttled({"email": _("This address got enough letters. Try again in an hour.")})


@db.transaction
def invite(
    actor: Actor, city: City, *, email: str, name: str, role: Role, language: str
) -> Invited:
    """Invite an address to act for a city. The caller sends the link; `invite_by_mail` does.

    Raises:
        Forbidden: not the actor's city, or a role that is not the actor's to give.
        Invalid: no address, no name, or an address that cannot be invited here, and why.
        Conflict: the city is not in the network.
    """
    hold(city.id)
    actor = renewed(actor)
    require(
        policy.can_name_lead(actor, city)
        if role == Role.LEAD
        else policy.can_manage_officials(actor, city)
    )
    if team.standing_of(city.id) not in team.IN_THE_NETWORK:
        raise Conflict(_("%(city)s is not in the network.", city=city.full_name))
    email, name = _checked(email, name)
    fate = fate_of(email, city, role)
    if fate not in GOING:
        raise Invalid({"email": sentence(fate)})
    wanted = select(Invitation).where(
        Invitation.email == email, Invitation.city_id == city.id, *_IS_OPEN
    )
    found = db.session().scalar(wanted) or Invitation(email=email, city_id=city.id)
    found.seat = Seat(role)
    return _write(actor, found, name, language)


@db.transaction
def invite_by_mail(
    actor: Actor, city: City, *, email: str, name: str, role: Role, language: str
) -> Invitation:
    """Invite an address to act for a city, and send it the link; see `invite`."""
    invited = invite(actor, city, email=email, name=name, role=role, language=language)
    _send(actor, invited, city=city)
    return invited.invitation


@db.transaction
def invite_colleague(
    actor: Actor, chapter: Chapter | None, *, email: str, name: str, language: str
) -> Invitation:
    """Invite an address to the network's secretariat, or to a chapter's.

    Raises:
        Forbidden: only the network's secretariat does.
        Invalid: no address, no name, or somebody who acts for a city or is of a secretariat.
    """
    require(policy.can_manage_network(renewed(actor)))
    email, name = _checked(email, name)
    known = addresses.known({email}).get(email)
    if known is not None and not known.is_active:
        raise Invalid({"email": sentence(Fate.CLOSED)})
    if known is not None and known.city_id is not None:
        raise Invalid({"email": _("This person acts for a city, and cannot decide on it too.")})
    if known is not None and known.is_of_secretariat:
        raise Invalid({"email": sentence(Fate.SECRETARIAT)})
    chapter_id = chapter.id if chapter else None
    wanted = select(Invitation).where(
        Invitation.email == email, Invitation.city_id.is_(None),
        Invitation.chapter_id == chapter_id, *_IS_OPEN,
    )  # fmt: skip
    found = db.session().scalar(wanted) or Invitation(email=email, chapter_id=chapter_id)
    found.seat = Seat.CHAPTER if chapter else Seat.SECRETARIAT
    invited = _write(actor, found, name, language)
    _send(actor, invited, chapter=chapter)
    return invited.invitation


@db.transaction
def send_again(actor: Actor, invitation_id: int) -> Invitation:
    """Send an invitation with a new link; the old one is dead.

    Raises:
        NotFound: none that the actor manages.
        Conflict: it was used or taken back.
        Invalid: the address cannot be invited any more, and why.
    """
    found = _locked(actor, invitation_id)
    if found.city is None:
        return invite_colleague(
            actor, found.chapter, email=found.email, name=found.name, language=found.language
        )
    return invite_by_mail(
        actor, found.city, email=found.email, name=found.name,
        role=Role(found.seat), language=found.language,
    )  # fmt: skip


@db.transaction
def revoke(actor: Actor, invitation_id: int) -> Invitation:
    """Take an invitation back: its link is dead at once.

    Raises:
        NotFound: none that the actor manages.
        Conflict: it was used or taken back.
    """
    found = _locked(actor, invitation_id)
    found.revoked_at = clock.now()
    audit.record(
        actor.person_id, "invitation.revoked", subject=("invitation", found.id),
        city_id=found.city_id,
    )  # fmt: skip
    return found


_IS_OPEN = (Invitation.used_at.is_(None), Invitation.revoked_at.is_(None))


def _locked(actor: Actor, invitation_id: int) -> Invitation:
    wanted = select(Invitation).where(Invitation.id == invitation_id).with_for_update()
    db.session().scalar(wanted.execution_options(populate_existing=True))
    found = team.invitation(renewed(actor), invitation_id)
    if found.used_at is not None or found.revoked_at is not None:
        raise Conflict(_("This invitation was accepted or taken back meanwhile."))
    return found


def _checked(email: str, name: str) -> tuple[str, str]:
    """Return address and name as they are kept; without a name the address gives one."""
    if problem := problem_of_email(email.strip()):
        raise Invalid({"email": problem})
    email = people.normal_email(email)
    return email, tidy_name(name if name.strip() else name_from(email))


def name_from(email: str) -> str:
    """Return a name to begin from where only the address is known: `sari.w@…` is Sari W."""
    local = email.partition("@")[0].partition("+")[0]
    return " ".join(part.capitalize() for part in local.replace("_", ".").split(".") if part)


def _write(actor: Actor, found: Invitation, name: str, language: str) -> Invited:
    secret, is_new = tokens.secret(), found.id is None
    found.name, found.secret_digest = name, tokens.digest(secret)
    found.language = language if language in LANGUAGES else "en"
    found.invited_at, found.invited_by_id = clock.now(), actor.person_id
    found.expires_at = found.invited_at + team.LASTS
    db.session().add(found)
    db.session().flush()
    audit.record(
        actor.person_id, "invitation.sent" if is_new else "invitation.sent_again",
        subject=("invitation", found.id), city_id=found.city_id, details={"seat": found.seat},
    )  # fmt: skip
    return Invited(found, external_url("invitations.accept", secret=secret))


def _send(
    actor: Actor, invited: Invited, *, city: City | None = None, chapter: Chapter | None = None
) -> None:
    to = invited.invitation
    with in_language(to.language):
        values = {
            "name": to.name, "inviter": actor.name or network.current().name,
            "network": network.current().name, "link": invited.link,
            "until": str(format_date(to.expires_at, "d MMMM y")),
        }  # fmt: skip
        if city is not None:
            key = letters_about_people.INVITATION
            values |= {"city": city.full_name, "role": str(ROLE_WORDS[Role(to.seat)])}
        else:
            key = letters_about_people.COLLEAGUE
            values["seat"] = seat_words(chapter)
        letters.send(key, to=to.email, language=to.language, to_name=to.name, **values)


def seat_words(chapter: Chapter | None) -> str:
    """Return what a secretariat is called."""
    return _("secretariat of %(name)s", name=chapter.name if chapter else network.current().name)
