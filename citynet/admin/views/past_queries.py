"""What many search for and others are offered: the list, and hiding what should not be shown."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from flask import flash, g, url_for
from sqlalchemy import true
from werkzeug.utils import redirect

from citynet.admin import lists
from citynet.admin.choices import LANGUAGES
from citynet.admin.lists import Choice, Column, List, Words, contains
from citynet.admin.views import Answer, bp
from citynet.asked import policy as asked_policy
from citynet.asked import queries, service
from citynet.asked.models import PastQuery
from citynet.cities.models import Actor
from citynet.kit.doors import policy
from citynet.kit.errors import Conflict, require
from citynet.kit.i18n import _, language_name, lazy
from citynet.practices.fields import Visibility

AUDIENCES: Mapping[str, str] = {
    Visibility.PUBLIC.value: lazy("Everybody"),
    Visibility.MEMBERS.value: lazy("Members"),
}
STATES: Mapping[str, str] = {"shown": lazy("Shown"), "hidden": lazy("Hidden")}
IS_IN = {"shown": PastQuery.hidden_at.is_(None), "hidden": PastQuery.hidden_at.is_not(None)}

PAST_QUERIES: List[PastQuery] = List(
    key="past-queries", title=lazy("Often searched"), endpoint="admin.past_queries",
    id=PastQuery.id,
    columns=(
        Column("text", lazy("Searched for"), lambda one: one.text, sort=PastQuery.text),
        Column("language", lazy("Language"), lambda one: language_name(one.language),
               sort=PastQuery.language),
        Column("audience", lazy("Offered to"), lambda one: str(AUDIENCES[one.audience]),
               sort=PastQuery.audience),
        Column("asked", lazy("Times searched"), lambda one: one.asked, sort=PastQuery.asked,
               is_number=True),
        Column("last", lazy("Last searched on"), lambda one: one.last_on, sort=PastQuery.last_on),
        Column("state", lazy("State"),
               lambda one: str(STATES["hidden" if one.hidden_at else "shown"]),
               sort=PastQuery.hidden_at),
    ),
    filters=(
        Words("q", lazy("Words"), lambda text: contains(text, PastQuery.text)),
        Choice("language", lazy("Language"), LANGUAGES, lambda value: PastQuery.language == value),
        Choice("audience", lazy("Offered to"), AUDIENCES,
               lambda value: PastQuery.audience == value),
        Choice("state", lazy("State"), STATES, lambda value: IS_IN.get(value, true())),
    ),
    order=(PastQuery.asked.desc(), PastQuery.text),
)  # fmt: skip


@bp.get("/past-queries")
@policy("can_hide")
def past_queries() -> Answer:
    """Show what others are offered while they type, or export it."""
    require(asked_policy.can_hide(g.actor))
    return lists.answer(
        PAST_QUERIES, queries.shared_queries(), "admin/past_queries.html", audiences=AUDIENCES
    )


@bp.post("/past-queries/<int:query_id>/hide")
@policy("can_hide")
def hide_query(query_id: int) -> Answer:
    """Offer a text to nobody any more."""
    return _decide(service.hide, query_id, _("Nobody is offered this search any more."))


@bp.post("/past-queries/<int:query_id>/show")
@policy("can_hide")
def show_query(query_id: int) -> Answer:
    """Offer a hidden text again."""
    return _decide(service.show, query_id, _("This search is offered again."))


def _decide(command: Callable[[Actor, int], PastQuery], query_id: int, done: str) -> Answer:
    try:
        command(g.actor, query_id)
    except Conflict as error:
        flash(str(error), "warning")
    else:
        flash(done, "success")
    return redirect(url_for("admin.past_queries"))
