"""Reads of memberships and their history."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, ScalarSelect, Select, case, func, or_, select
from sqlalchemy.orm import contains_eager, joinedload

from citynet.accounts.models import Person
from citynet.cities import policy, terms
from citynet.cities.models import (
    Actor,
    Application,
    AppState,
    Chapter,
    City,
    Matter,
    Membership,
    MembershipChange,
    Official,
    Role,
    Standing,
)
from citynet.cities.queries.cities import get_administered, read_name
from citynet.kit import db
from citynet.kit.errors import NotFound
from citynet.kit.page import Page

# Within which a term counts as one that ends soon: the first reminder's distance.
EXPIRING_DAYS = 60
# How many act for a `City` of the query around it.
OFFICIALS = (
    select(func.count(Official.id)).where(Official.city_id == City.id).scalar_subquery()
)  # fmt: skip
# Membership with its city, name of the chapter, number of officials, name of the lead, practices.
MembershipRow = tuple[Membership, str | None, int, str | None, int]


@dataclass(frozen=True)
class Step:
    """A change of a membership as one reader may know it."""

    matter: Matter
    before: Standing | None
    after: Standing
    at: datetime
    # Empty for whoever may not read them.
    reason: str
    by_name: str


def membership_of(city_id: int) -> Membership | None:
    """Return a city's membership, if it ever asked for one."""
    return db.session().scalar(select(Membership).where(Membership.city_id == city_id))


def shown_membership(actor: Actor, city: City) -> Membership | None:
    """Return a city's membership as far as the actor may know of it."""
    found = membership_of(city.id)
    if found is None or not policy.can_see_standing(actor, city, Standing(found.standing)):
        return None
    return found


def shown_history(actor: Actor, city: City, membership: Membership) -> list[Step]:
    """Return the changes that the actor may know, newest first: the public those of standing."""
    may_read = policy.can_read_reasons(actor, city)
    may_see_term = policy.can_see_term(actor, city)
    return [
        Step(
            matter=Matter(change.matter),
            before=Standing(change.before) if change.before else None,
            after=Standing(change.after),
            at=change.at,
            reason=change.reason if may_read else "",
            by_name=change.by.name if may_read and change.by else "",
        )
        for change in history(membership)
        if policy.can_see_standing(actor, city, Standing(change.after))
        and (may_see_term or change.before != change.after)
    ]


def history(membership: Membership) -> Sequence[MembershipChange]:
    """Return each change, newest first, with who made it."""
    wanted = (
        select(MembershipChange)
        .options(joinedload(MembershipChange.by))
        .where(MembershipChange.membership_id == membership.id)
        .order_by(MembershipChange.id.desc())
    )
    return db.session().scalars(wanted).all()


def members(
    *, countries: Sequence[str] = (), country: str = "", chapter: str = "", text: str = "",
    number: int = 1, size: int = 60,
) -> Page[Membership]:  # fmt: skip
    """Return a page of the member cities the public sees, by country in this order, and name."""
    wanted = _memberships().where(Membership.standing.in_(policy.SHOWN))
    if country:
        wanted = wanted.where(City.country == country)
    if chapter:
        wanted = wanted.join(City.chapter).where(Chapter.slug == chapter)
    places = {code: place for place, code in enumerate(countries)}
    order = case(places, value=City.country, else_=len(places)) if places else City.country
    return _page(_named(wanted, text).order_by(order, City.name, City.id), number, size)


def desk_rows(actor: Actor, practices: ScalarSelect[int]) -> Select[*MembershipRow]:
    """Return the query of the memberships the actor looks after: the rows of the desk's list.

    `practices` counts those of a `City`; this slice does not know them.
    """
    lead = _leads().with_only_columns(Person.name).scalar_subquery()
    return (
        select(Membership, Chapter.name, OFFICIALS, lead, practices)
        .join(Membership.city)
        .outerjoin(City.chapter)
        .options(contains_eager(Membership.city))
        .where(policy.administered_by(actor))
    )


def without_lead() -> ColumnElement[bool]:
    """Return the condition for cities that nobody answers for; `City` must be joined."""
    return ~_leads().exists()


def expiring(days: int = EXPIRING_DAYS) -> ColumnElement[bool]:
    """Return the condition for active memberships whose term ends within so many days."""
    last = terms.today() + timedelta(days=days)
    return (Membership.standing == Standing.ACTIVE) & (Membership.until_day <= last)


def count_expiring(actor: Actor) -> int:
    """Return how many terms end within 60 days, of the cities the actor looks after."""
    counted = select(func.count(Membership.id)).join(Membership.city)
    wanted = counted.where(policy.administered_by(actor), expiring())
    return db.session().scalar(wanted) or 0


def applications_of(city_id: int) -> Sequence[Application]:
    """Return a city's applications whose senders proved their address, newest first."""
    is_real = Application.state != AppState.UNCONFIRMED
    wanted = select(Application).where(Application.city_id == city_id, is_real)
    return db.session().scalars(wanted.order_by(Application.id.desc())).all()


def countries_administered(actor: Actor) -> Sequence[str]:
    """Return the countries of the memberships the actor looks after, by ISO code."""
    wanted = select(City.country).join(Membership, Membership.city_id == City.id).distinct()
    return db.session().scalars(wanted.where(policy.administered_by(actor))).all()


def get_case(actor: Actor, slug: str) -> tuple[City, Membership]:
    """Return a city that the actor looks after with its membership.

    Raises:
        NotFound: no such city, it never asked to join, or others look after it.
    """
    city = get_administered(actor, slug)
    found = membership_of(city.id)
    if found is None or not policy.administers(actor, city):
        raise NotFound
    return city, found


def standing_reason(actor: Actor) -> str:
    """Return why the actor's own city may do less than before; empty where nobody wrote it."""
    if not policy.can_read_own_reason(actor):
        return ""
    wanted = (
        select(MembershipChange.reason)
        .join(Membership, Membership.id == MembershipChange.membership_id)
        .where(Membership.city_id == actor.city_id)
        .where(MembershipChange.matter == Matter.STANDING)
        .order_by(MembershipChange.id.desc())
        .limit(1)
    )
    return db.session().scalar(wanted) or ""


def member_counts() -> dict[str, int]:
    """Return how many member cities the public sees in each country, by ISO code."""
    counted = (
        select(City.country, func.count())
        .join(Membership, Membership.city_id == City.id)
        .where(Membership.standing.in_(policy.SHOWN))
        .group_by(City.country)
    )
    return dict(db.session().execute(counted).all())


def count_by_standing(actor: Actor) -> dict[Standing, int]:
    """Return how many of the memberships the actor looks after stand where."""
    counted = (
        select(Membership.standing, func.count())
        .join(Membership.city)
        .where(policy.administered_by(actor))
        .group_by(Membership.standing)
    )
    return {Standing(key): count for key, count in db.session().execute(counted).all()}


def _leads() -> Select[int]:
    """Return the query of who answers for a `City`; whoever cannot sign in does not."""
    return (
        select(Official.id)
        .join(Person, Person.id == Official.person_id)
        .where(Official.city_id == City.id, Official.role == Role.LEAD)
        .where(Person.is_active)
    )


def _memberships() -> Select[Membership]:
    return select(Membership).join(Membership.city).options(joinedload(Membership.city))


def _named(wanted: Select[Membership], text: str) -> Select[Membership]:
    name, kinds = read_name(text)
    if not name:
        return wanted
    texts = (City.name, City.province)
    return wanted.where(
        or_(*(one.icontains(name, autoescape=True) for one in texts)), City.kind.in_(kinds)
    )


def _page(wanted: Select[Membership], number: int, size: int) -> Page[Membership]:
    total = db.session().scalar(select(func.count()).select_from(wanted.order_by(None).subquery()))
    found = db.session().scalars(wanted.offset((number - 1) * size).limit(size)).all()
    return Page(found, total or 0, number, size)
