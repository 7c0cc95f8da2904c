"""What one did oneself, and for a lead what was done in the city."""

from __future__ import annotations

from flask import Blueprint, g
from flask_login import login_required

from citynet.admin import lists, queries
from citynet.admin.audit_lists import OF_CITY, OWN
from citynet.admin.policy import can_read_city_log
from citynet.admin.views import Answer
from citynet.kit.audit import Entry
from citynet.kit.doors import policy, signed_in
from citynet.kit.errors import require

bp = Blueprint("own_audit", __name__, template_folder="../templates")


@bp.get("/account/actions")
@login_required
@signed_in
def own_actions() -> Answer:
    """Show what one did oneself."""
    base = queries.acts(Entry.actor_id == g.actor.person_id)
    return lists.answer(OWN, base, "admin/own_actions.html")


@bp.get("/city/actions")
@login_required
@policy("can_read_city_log")
def city_actions() -> Answer:
    """Show the lead what was done in the city."""
    require(can_read_city_log(g.actor))
    base = queries.acts(Entry.city_id == g.actor.city_id)
    return lists.answer(OF_CITY, base, "admin/city_actions.html")
