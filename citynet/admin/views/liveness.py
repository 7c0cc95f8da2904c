"""Which practices still run: what cities answered, and who has not answered."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from flask import g

from citynet.admin import lists
from citynet.admin.choices import countries_of_members
from citynet.admin.lists import Choice, Column, Day, List, Words, contains
from citynet.admin.views import Answer, bp
from citynet.cities.models import City
from citynet.kit.doors import policy
from citynet.kit.errors import require
from citynet.kit.http import external_url
from citynet.kit.i18n import lazy
from citynet.practices import policy as practice_policy
from citynet.practices.models import Revision
from citynet.practices.queries.liveness import (
    Life,
    LifeRow,
    is_life,
    last_word,
    lives,
    with_life,
)  # fmt: skip

LIVES: Mapping[str, str] = {
    Life.UNANSWERED: lazy("Not answered for 60 days"),
    Life.STOPPED: lazy("Reported stopped"),
    Life.CHANGED: lazy("Reported changed"),
    Life.ASKED: lazy("Asked, no answer yet"),
    Life.OLD: lazy("Not confirmed for a year"),
    Life.CONFIRMED: lazy("Confirmed within a year"),
}


def _address(row: LifeRow) -> str:
    return external_url("practices.show", slug=row[0].practice.slug)


def _confirmed_at(row: LifeRow) -> datetime | None:
    return row[0].practice.last_confirmed_at or row[0].published_at


LIVENESS: List[LifeRow] = List(
    key="liveness", title=lazy("Still running?"), endpoint="admin.liveness", id=Revision.id,
    columns=(
        Column("practice", lazy("Practice"), lambda one: one[0].title, sort=Revision.title),
        Column("address", lazy("Address"), _address, is_shown=False),
        Column("city", lazy("City"), lambda one: one[0].practice.city.full_name, sort=City.name),
        Column("country", lazy("Country"), lambda one: one[0].practice.city.country,
               is_shown=False),
        Column("confirmed", lazy("Last confirmed"), _confirmed_at, sort=last_word()),
        Column("asked", lazy("Asked on"), lambda one: one[1].asked_at if one[1] else None),
        Column("answered", lazy("Answered on"), lambda one: one[1].answered_at if one[1] else None),
        Column("state", lazy("Answer"), lambda one: one[2]),
        Column("by", lazy("Answered by"), lambda one: one[1].answered_as if one[1] else None,
               is_shown=False),
        Column("note", lazy("Why it stopped, or what changed"),
               lambda one: one[1].note if one[1] else None, is_shown=False),
    ),
    filters=(
        Words("q", lazy("Title or city"), lambda text: contains(text, Revision.title, City.name)),
        Choice("state", lazy("Answer"), LIVES, is_life),
        Choice("country", lazy("Country"), countries_of_members, lambda one: City.country == one),
        Day("before", lazy("Last confirmed before"), lambda day: last_word() < day),
    ),
    # What nobody has confirmed for longest.
    order=(last_word(),), prepare=with_life,
)  # fmt: skip


@bp.get("/liveness")
@policy("can_review")
def liveness() -> Answer:
    """Show of each practice whether it still runs, as far as its city said; or export that."""
    require(practice_policy.can_review(g.actor))
    return lists.answer(
        LIVENESS, lives(g.actor), "admin/liveness.html", words=LIVES,
        confirmed_at=_confirmed_at,
    )  # fmt: skip
