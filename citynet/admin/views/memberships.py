"""Doors to memberships: the list with its exports."""

from __future__ import annotations

from collections.abc import Mapping

from flask import g
from sqlalchemy import ColumnElement

from citynet.admin import lists, membership_pages
from citynet.admin.choices import NO_CHAPTER, chapters, countries_of_members
from citynet.admin.lists import Action, Choice, Column, List, Words, contains
from citynet.admin.views import Answer, bp
from citynet.cities import queries as cities
from citynet.cities.models import Category, Chapter, City, Membership, Standing
from citynet.cities.queries import MembershipRow
from citynet.kit.doors import policy
from citynet.kit.i18n import lazy
from citynet.practices import queries as practices

STANDINGS: Mapping[str, str] = {
    Standing.APPLIED: lazy("Applied"),
    Standing.ACTIVE: lazy("Member"),
    Standing.LAPSED: lazy("Lapsed"),
    Standing.SUSPENDED: lazy("Suspended"),
    Standing.ENDED: lazy("Membership ended"),
}
CATEGORIES: Mapping[str, str] = {
    Category.FULL: lazy("Full member"),
    Category.ASSOCIATE: lazy("Associate member"),
}
_practices = practices.published_in_city()


def _in_chapter(slug: str) -> ColumnElement[bool]:
    return City.chapter_id.is_(None) if slug == NO_CHAPTER else Chapter.slug == slug


MEMBERSHIPS: List[MembershipRow] = List(
    key="memberships", title=lazy("Memberships"), endpoint="admin.memberships", id=Membership.id,
    columns=(
        Column("city", lazy("City"), lambda one: one[0].city.full_name, sort=City.name),
        Column("code", lazy("Code"), lambda one: one[0].city.code, is_shown=False),
        Column("country", lazy("Country"), lambda one: one[0].city.country, sort=City.country),
        Column("province", lazy("Province"), lambda one: one[0].city.province, sort=City.province,
               is_shown=False),
        Column("chapter", lazy("Chapter"), lambda one: one[1], sort=Chapter.name),
        Column("standing", lazy("Standing"), lambda one: one[0].standing,
               sort=Membership.standing),
        Column("category", lazy("Category"), lambda one: one[0].category,
               sort=Membership.category, is_shown=False),
        Column("since", lazy("Since"), lambda one: one[0].admitted_at,
               sort=Membership.admitted_at),
        Column("from", lazy("Term from"), lambda one: one[0].from_day, is_shown=False),
        Column("until", lazy("Until"), lambda one: one[0].until_day, sort=Membership.until_day),
        Column("lead", lazy("Lead"), lambda one: one[3], is_shown=False),
        Column("officials", lazy("Officials"), lambda one: one[2], sort=cities.OFFICIALS,
               is_number=True),
        Column("practices", lazy("Practices"), lambda one: one[4], sort=_practices,
               is_number=True),
    ),
    filters=(
        Words("q", lazy("City or province"), lambda text: contains(text, City.name, City.province)),
        Choice("standing", lazy("Standing"), STANDINGS, lambda one: Membership.standing == one),
        Choice("category", lazy("Category"), CATEGORIES, lambda one: Membership.category == one),
        Choice("country", lazy("Country"), countries_of_members, lambda one: City.country == one),
        Choice("chapter", lazy("Chapter"), chapters, _in_chapter),
        Choice("term", lazy("Term"), {"soon": lazy("Ends within 60 days")},
               lambda _one: cities.expiring()),
        Choice("lead", lazy("Lead"), {"none": lazy("Without a lead")},
               lambda _one: cities.without_lead()),
    ),
    # Those that wait for a decision first, oldest first.
    order=((Membership.standing == Standing.APPLIED).desc(), Membership.applied_at),
    actions=(Action("admin.bulk_memberships", lazy("Change the chosen")),),
)  # fmt: skip


@bp.get("/memberships")
@policy("can_use_desk")
def memberships() -> Answer:
    """Show memberships, those that wait first; or export what is filtered."""
    moves = {before: membership_pages.moves_from(before) for before in Standing}
    return lists.answer(
        MEMBERSHIPS, cities.desk_rows(g.actor, _practices), "admin/memberships.html", moves=moves,
        counts=cities.count_by_standing(g.actor),
    )  # fmt: skip
