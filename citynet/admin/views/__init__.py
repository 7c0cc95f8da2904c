"""Doors of the secretariat's desk: the network's own, and a chapter's for its cities."""

from __future__ import annotations

from flask import Blueprint, g, redirect, request, url_for
from flask_login import current_user, login_required
from werkzeug.wrappers import Response

from citynet.accounts.queries import owes_second_factor
from citynet.admin.desks import desks_of
from citynet.cities import policy as city_policy
from citynet.kit.errors import Forbidden

bp = Blueprint("admin", __name__, url_prefix="/admin", template_folder="../templates")
bp.app_context_processor(lambda: {"desks_of": desks_of})
Answer = str | Response | tuple[str, int]


@bp.before_request
@login_required
def _secretariats_only() -> Response | None:
    """Refuse everyone else before a view begins; who still owes a second factor sets it up."""
    if city_policy.can_use_desk(g.actor):
        return None
    # Flask-Login asks nobody who sends OPTIONS to sign in.
    if current_user.is_authenticated and owes_second_factor(current_user):
        return redirect(url_for("accounts.second_factor", next=request.path))
    raise Forbidden
