"""The terms of memberships: renewed and put right by hand, reminded of and ended by the worker."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy import ColumnElement, case, or_, select

from citynet.cities import policy, terms
from citynet.cities.letters import membership as letters
from citynet.cities.models import VISITOR, Actor, City, Matter, Membership, Standing
from citynet.cities.service import history
from citynet.cities.service.memberships import check_days
from citynet.kit import db, worker
from citynet.kit.errors import Conflict, Invalid
from citynet.kit.i18n import _

# Days before the end at which the lead is reminded; the worker sends the nearest only.
REMINDERS = (60, 30, 7)


@db.transaction
def renew(
    actor: Actor, city: City, *, until: date | None, reason: str, seen_until: date | None
) -> Membership:
    """Prolong the term of a member, or take a lapsed one back; None is a term without end.

    `seen_until` is the end of the term that the actor saw.

    Raises:
        Invalid: no reason, or a day that is past or not later than the present end.
        Conflict: somebody renewed first, or the membership is neither active nor lapsed.
        NotFound: the city never asked to join.
    """
    membership, before = history.hold(actor, city)
    reason = history.read_reason(reason)
    until = None if until == terms.WITHOUT_END else until
    if seen_until != before.until_day:
        raise Conflict(_("Somebody changed the term before you. See below what happened."))
    if before.standing not in policy.RENEWABLE:
        raise Conflict(_("Only an active or a lapsed membership can be renewed."))
    check_days(Standing.ACTIVE, None, until)
    if before.until_day is None and before.standing == Standing.ACTIVE:
        raise Conflict(_("This membership has no end, so there is nothing to renew."))
    if until is not None and before.until_day is not None and until <= before.until_day:
        raise Invalid({"until": _("The term runs until then already. Write a later day.")})
    if before.standing == Standing.LAPSED:
        membership.standing, membership.from_day = Standing.ACTIVE, terms.today()
    membership.until_day = until
    history.note(actor, membership, before, matter=Matter.RENEWAL, reason=reason)
    letters.tell_of_standing(membership, reason)
    return membership


@db.transaction
def correct_term(
    actor: Actor, city: City, *, from_day: date, until: date | None, reason: str,
    seen_until: date | None,
) -> Membership:  # fmt: skip
    """Put the days of a term right that were written down wrongly; None is a term without end.

    Raises:
        Invalid: no reason, or days that cannot be a term.
        Conflict: somebody changed the term first, or there is none, or nothing differs.
        NotFound: the city never asked to join.
    """
    membership, before = history.hold(actor, city)
    reason = history.read_reason(reason)
    until = None if until == terms.WITHOUT_END else until
    if seen_until != before.until_day:
        raise Conflict(_("Somebody changed the term before you. See below what happened."))
    if before.standing == Standing.APPLIED:
        raise Conflict(_("The city is not admitted yet, so there is no term to put right."))
    if (from_day, until) == (before.from_day, before.until_day):
        raise Conflict(_("These are the days that are written down already."))
    check_days(Standing(membership.standing), from_day, until)
    membership.from_day, membership.until_day = from_day, until
    history.note(actor, membership, before, matter=Matter.TERM, reason=reason)
    return membership


@worker.periodic("memberships.terms", minutes=60)
def keep_terms() -> None:
    """End what is over and remind of what ends soon: each once, however often this runs."""
    for membership_id in _ids(_is_over()):
        _lapse(membership_id)
    for membership_id in _ids(_is_to_be_reminded()):
        _remind(membership_id)


@db.transaction
def _lapse(membership_id: int) -> None:
    """Let a membership lapse whose term is over, if that is so still."""
    membership = history.held(_one(membership_id) & _is_over())
    if membership is None:
        return
    before = history.was(membership)
    membership.standing = Standing.LAPSED
    history.note(VISITOR, membership, before, matter=Matter.STANDING)
    letters.tell_of_standing(membership, "")


@db.transaction
def _remind(membership_id: int) -> None:
    """Remind the lead, if that is still to be done; a city without one is asked about again."""
    membership = history.held(_one(membership_id) & _is_to_be_reminded())
    if membership is None or membership.until_day is None:
        return
    days = (membership.until_day - terms.today()).days
    if letters.remind(membership, days=days):
        membership.reminded_days = next(one for one in sorted(REMINDERS) if days <= one)


def _ids(condition: ColumnElement[bool]) -> list[int]:
    wanted = select(Membership.id).where(condition).order_by(Membership.until_day, Membership.id)
    return list(db.session().scalars(wanted))


def _one(membership_id: int) -> ColumnElement[bool]:
    return Membership.id == membership_id


def _is_over() -> ColumnElement[bool]:
    return (Membership.standing == Standing.ACTIVE) & (Membership.until_day < terms.today())


def _is_to_be_reminded() -> ColumnElement[bool]:
    """Return the condition for active members that are nearer to the end than last told."""
    day = terms.today()
    stage = case(
        *((Membership.until_day <= day + timedelta(days=one), one) for one in sorted(REMINDERS)),
        else_=max(REMINDERS) + 1,
    )
    is_near = Membership.until_day.between(day, day + timedelta(days=max(REMINDERS)))
    is_untold = or_(Membership.reminded_days.is_(None), Membership.reminded_days > stage)
    return (Membership.standing == Standing.ACTIVE) & is_near & is_untold
