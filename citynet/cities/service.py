"""Commands on memberships and officials."""

from __future__ import annotations

from sqlalchemy import select

from citynet.accounts.models import Person
from citynet.cities import policy, queries
from citynet.cities.models import (
    Actor,
    City,
    Membership,
    MembershipChange,
    Official,
    Role,
    Standing,
)  # fmt: skip
from citynet.kit import audit, clock, db
from citynet.kit.errors import Conflict, Invalid, NotFound, require
from citynet.kit.html import drop_invisible
from citynet.kit.i18n import _

LONGEST_REASON = 1000


@db.transaction
def register_application(actor: Actor, city: City, *, reason: str = "") -> Membership:
    """Write down that a city has asked to join.

    Raises:
        Invalid: a reason longer than 1,000 characters.
        Conflict: the city has a membership already.
    """
    require(policy.can_manage_memberships(actor))
    reason = drop_invisible(reason).strip()
    if len(reason) > LONGEST_REASON:
        raise Invalid({"reason": _("Write at most 1,000 characters.")})
    if queries.membership_of(city.id) is not None:
        raise Conflict(_("This city has a membership already."))
    membership = Membership(city_id=city.id, standing=Standing.APPLIED)
    db.session().add(membership)
    db.session().flush()
    _note_change(actor, membership, before=None, reason=reason)
    return membership


@db.transaction
def change_standing(
    actor: Actor, city: City, after: Standing, *, reason: str, seen: Standing | None = None
) -> Membership:
    """Admit, suspend, restore, let lapse or end a membership; `seen` is what the actor saw.

    Raises:
        Invalid: no reason, or one longer than 1,000 characters.
        Conflict: somebody decided first, or the step is not possible.
        NotFound: the city never asked to join.
    """
    require(policy.can_manage_memberships(actor))
    reason = drop_invisible(reason).strip()
    if not reason or len(reason) > LONGEST_REASON:
        raise Invalid({"reason": _("Write the reason, up to 1,000 characters.")})
    wanted = select(Membership).where(Membership.city_id == city.id).with_for_update()
    membership = db.session().scalar(wanted.execution_options(populate_existing=True))
    if membership is None:
        raise NotFound
    before = Standing(membership.standing)
    if seen is not None and seen != before:
        raise Conflict(_("Somebody decided before you. See below what happened."))
    if not policy.can_move(before, after):
        raise Conflict(_("This step is not possible from where the membership stands now."))
    membership.standing = after
    if after == Standing.ACTIVE and membership.admitted_at is None:
        membership.admitted_at = clock.now()
    _note_change(actor, membership, before=before, reason=reason)
    return membership


@db.transaction
def appoint(actor: Actor, person: Person, city: City, *, role: Role) -> Official:
    """Let a person act for a city, or change what they are there.

    Raises:
        Conflict: the city has another lead, or would be left without one; or the person acts
            for another city, from which only the secretariat moves somebody.
    """
    require(policy.can_manage_officials(actor, city.id))
    official = db.session().scalar(select(Official).where(Official.person_id == person.id))
    is_elsewhere = official is not None and official.city_id != city.id
    if is_elsewhere and not policy.can_move_officials(actor):
        raise Conflict(_("This person acts for another city. Ask the secretariat to move them."))
    if official is not None and official.role == Role.LEAD:
        raise Conflict(_("A lead stays until another takes over."))
    if role == Role.LEAD and any(o.role == Role.LEAD for o in queries.officials_of(city.id)):
        raise Conflict(_("The city has a lead already."))
    if official is None:
        official = Official(person_id=person.id)
        db.session().add(official)
    official.city_id, official.role, official.since = city.id, role, clock.now()
    db.session().flush()
    audit.record(
        actor.person_id,
        "official.appointed",
        subject=("person", person.id),
        city_id=city.id,
        details={"role": role},
    )
    return official


def _note_change(
    actor: Actor, membership: Membership, *, before: Standing | None, reason: str
) -> None:
    db.session().add(
        MembershipChange(
            membership_id=membership.id,
            before=before,
            after=membership.standing,
            reason=reason,
            by_id=actor.person_id,
        )
    )
    audit.record(
        actor.person_id,
        f"membership.{membership.standing}",
        subject=("membership", membership.id),
        city_id=membership.city_id,
        details={"before": before, "after": membership.standing, "reason": reason},
    )
