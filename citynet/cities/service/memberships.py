"""Commands on memberships: register, admit, suspend, restore, let lapse, end, change category."""

from __future__ import annotations

from datetime import date

from citynet.cities import policy, queries, terms
from citynet.cities.letters import membership as letters
from citynet.cities.models import (
    Actor,
    Category,
    City,
    Matter,
    Membership,
    Standing,
)
from citynet.cities.service import history
from citynet.cities.service.history import Was
from citynet.kit import clock, db
from citynet.kit.errors import Conflict, Invalid, require
from citynet.kit.i18n import _


@db.transaction
def register_application(actor: Actor, city: City, *, reason: str = "") -> Membership:
    """Write down that a city has asked to join; it comes to its country's chapter.

    Raises:
        Invalid: a reason longer than 1,000 characters.
        Conflict: the city has a membership already.
    """
    city = history.hold_city(city)
    require(policy.can_register(actor, city))
    reason = history.read_reason(reason, is_needed=False)
    if queries.membership_of(city.id) is not None:
        raise Conflict(_("This city has a membership already."))
    if city.chapter_id is None and (chapter := queries.chapter_of_country(city.country)):
        city.chapter_id = chapter.id
    membership = Membership(
        city_id=city.id, standing=Standing.APPLIED, category=Category.FULL
    )  # fmt: skip
    history.note(actor, membership, Was(), matter=Matter.STANDING, reason=reason)
    return membership


@db.transaction
def change_standing(
    actor: Actor, city: City, after: Standing, *, reason: str, seen: Standing | None = None,
    category: Category | None = None, until: date | None = None,
) -> Membership:  # fmt: skip
    """Admit, suspend, restore, let lapse or end a membership; `seen` is what the actor saw.

    Whoever becomes active begins a term, unless an earlier one still runs: up to `until`, else
    of the network's length; `terms.WITHOUT_END` is a term without end.

    Raises:
        Invalid: no reason, or one longer than 1,000 characters; a term that ends before it begins.
        Conflict: somebody decided first, or the step is not possible.
        NotFound: the city never asked to join.
    """
    membership, before = history.hold(actor, city)
    reason = history.read_reason(reason)
    if seen is not None and seen != before.standing:
        raise Conflict(_("Somebody decided before you. See below what happened."))
    if before.standing is None or not policy.can_move(before.standing, after):
        raise Conflict(_("This step is not possible from where the membership stands now."))
    membership.standing = after
    if after == Standing.ACTIVE:
        membership.category = category or membership.category
        _begin_term(membership, before, until)
    history.note(actor, membership, before, matter=Matter.STANDING, reason=reason)
    if before.standing != Standing.APPLIED:
        letters.tell_of_standing(membership, reason)
    return membership


@db.transaction
def change_category(
    actor: Actor, city: City, category: Category, *, reason: str, seen: Category | None = None
) -> Membership:
    """Make a member full or associate; `seen` is what the actor saw.

    Raises:
        Invalid: no reason, or one longer than 1,000 characters.
        Conflict: somebody changed it first, or it is of this category already.
        NotFound: the city never asked to join.
    """
    membership, before = history.hold(actor, city)
    reason = history.read_reason(reason)
    if seen is not None and seen != before.category:
        raise Conflict(_("Somebody changed the category before you. See below what happened."))
    if category == before.category:
        raise Conflict(_("The membership is of this category already."))
    membership.category = category
    history.note(actor, membership, before, matter=Matter.CATEGORY, reason=reason)
    return membership


@db.transaction
def enter(
    actor: Actor, city: City, standing: Standing, *, reason: str, category: Category,
    from_day: date | None, until_day: date | None,
) -> Membership:  # fmt: skip
    """Write down a membership as it already stands: a network's list is brought in.

    Raises:
        Invalid: a reason longer than 1,000 characters, days that do not fit.
        Conflict: the city has a membership already.
    """
    city = history.hold_city(city)
    require(policy.administers(actor, city))
    reason = history.read_reason(reason)
    if queries.membership_of(city.id) is not None:
        raise Conflict(_("This city has a membership already."))
    check_days(standing, from_day, until_day)
    membership = Membership(
        city_id=city.id, standing=standing, category=category, from_day=from_day,
        until_day=until_day,
    )  # fmt: skip
    if standing != Standing.APPLIED:
        membership.from_day = from_day or terms.today()
        membership.admitted_at = clock.now() - (terms.today() - membership.from_day)
    history.note(actor, membership, Was(), matter=Matter.STANDING, reason=reason)
    return membership


def check_days(standing: Standing, first: date | None, last: date | None) -> None:
    """Refuse days that cannot be a term.

    Raises:
        Invalid: by the field's name.
    """
    if first is not None and first > terms.today():
        raise Invalid({"from": _("The first day lies ahead. Write a day up to today.")})
    if last is None:
        return
    if standing == Standing.ACTIVE and last < terms.today():
        raise Invalid({"until": _("This day is past. Write a day from today on.")})
    if first is not None and last < first:
        raise Invalid({"until": _("The last day lies before the first one.")})
    if terms.is_too_far(last):
        raise Invalid({"until": _("This day is too far ahead. Check the year.")})


def _begin_term(membership: Membership, before: Was, until: date | None) -> None:
    """Set the term of a membership that becomes active."""
    is_over = before.until_day is not None and before.until_day < terms.today()
    goes_on = before.standing == Standing.SUSPENDED and not is_over
    if membership.admitted_at is None:
        membership.admitted_at = clock.now()
    if goes_on and until is None:
        return
    first = (before.from_day if goes_on else None) or terms.today()
    last = terms.usual_end(first) if until is None else until
    membership.from_day = first
    membership.until_day = None if last == terms.WITHOUT_END else last
    check_days(Standing.ACTIVE, first, membership.until_day)
