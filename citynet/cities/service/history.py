"""How memberships are changed: held while one is decided on, each change written down once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, select

from citynet.cities import policy
from citynet.cities.models import (
    Actor,
    Category,
    City,
    Matter,
    Membership,
    MembershipChange,
    Standing,
)
from citynet.kit import audit, db
from citynet.kit.errors import Invalid, NotFound, require
from citynet.kit.html import drop_invisible
from citynet.kit.i18n import _

LONGEST_REASON = 1000


@dataclass(frozen=True)
class Was:
    """What stood before a change; nothing where there was no membership."""

    standing: Standing | None = None
    category: Category | None = None
    from_day: date | None = None
    until_day: date | None = None


def hold(actor: Actor, city: City) -> tuple[Membership, Was]:
    """Return a city's membership, kept from others until the command ends, if it is the actor's.

    The city is read anew: it may have gone to another chapter since the page was shown.

    Raises:
        Forbidden: the actor does not look after the city.
        NotFound: the city never asked to join.
    """
    require(policy.administers(actor, hold_city(city)))
    membership = held(Membership.city_id == city.id)
    if membership is None:
        raise NotFound
    return membership, was(membership)


def hold_city(city: City) -> City:
    """Return the city as it is now, kept from changing until the command ends."""
    wanted = select(City).where(City.id == city.id).with_for_update(of=City)
    return db.session().scalars(wanted.execution_options(populate_existing=True)).one()


def held(condition: ColumnElement[bool]) -> Membership | None:
    """Return a membership as it is now, kept from changing until the command ends."""
    wanted = select(Membership).where(condition).with_for_update()
    return db.session().scalar(wanted.execution_options(populate_existing=True))


def was(membership: Membership) -> Was:
    """Return what stands now, before it is changed."""
    return Was(
        Standing(membership.standing), Category(membership.category), membership.from_day,
        membership.until_day,
    )  # fmt: skip


def read_reason(reason: str, *, is_needed: bool = True) -> str:
    """Return a reason as it is kept.

    Raises:
        Invalid: none where one is needed, or more than 1,000 characters.
    """
    reason = drop_invisible(reason).strip()
    if is_needed and not reason:
        raise Invalid({"reason": _("Write the reason, up to 1,000 characters.")})
    if len(reason) > LONGEST_REASON:
        words = _("Write the reason, up to 1,000 characters.")
        raise Invalid({"reason": words if is_needed else _("Write at most 1,000 characters.")})
    return reason


def note(
    actor: Actor, membership: Membership, before: Was, *, matter: Matter, reason: str = ""
) -> None:
    """Write a change into the history and the audit log, whoever made it: nobody is the system."""
    db.session().add(membership)
    db.session().flush()
    if membership.until_day != before.until_day:
        membership.reminded_days = None
    db.session().add(
        MembershipChange(
            membership_id=membership.id, matter=matter, reason=reason, by_id=actor.person_id,
            before=before.standing, after=membership.standing,
            category_before=before.category, category_after=membership.category,
            from_day_before=before.from_day, from_day_after=membership.from_day,
            until_day_before=before.until_day, until_day_after=membership.until_day,
        )
    )  # fmt: skip
    old, new = _words(before), _words(was(membership))
    changed = [name for name in new if old[name] != new[name]]
    action = membership.standing if matter == Matter.STANDING else matter
    audit.record(
        actor.person_id,
        f"membership.{action}",
        subject=("membership", membership.id),
        city_id=membership.city_id,
        details={"reason": reason} if reason else None,
        before={name: old[name] for name in changed},
        after={name: new[name] for name in changed},
    )


def _words(state: Was) -> dict[str, str | None]:
    return {
        "standing": state.standing,
        "category": state.category,
        "from": state.from_day.isoformat() if state.from_day else None,
        "until": state.until_day.isoformat() if state.until_day else None,
    }
