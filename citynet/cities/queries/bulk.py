"""Reads of many memberships at once, for a preview and for the job after it."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import select

from citynet.cities import policy
from citynet.cities.models import Actor, Chapter, City, Membership
from citynet.kit import db

# The membership, its city, and the name of the city's chapter.
MembershipAndChapter = tuple[Membership, City, str | None]


def memberships_by_id(actor: Actor, ids: list[int]) -> Mapping[int, MembershipAndChapter]:
    """Return those of these memberships that the actor looks after, by id."""
    found: dict[int, MembershipAndChapter] = {}
    for some in db.chunks(ids):
        wanted = (
            select(Membership, City, Chapter.name)
            .join(City, City.id == Membership.city_id)
            .outerjoin(Chapter, Chapter.id == City.chapter_id)
            .where(Membership.id.in_(some), policy.administered_by(actor))
            .execution_options(populate_existing=True)
        )
        for row in db.session().execute(wanted):
            found[row[0].id] = row
    return found
