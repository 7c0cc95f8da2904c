"""Work done after commits: the list, and another try."""

from __future__ import annotations

from flask import flash, g, render_template, request, url_for
from werkzeug.utils import redirect

from citynet.admin.views import Answer, bp
from citynet.admin.waiting import WORK
from citynet.cities import policy as city_policy
from citynet.kit import effects
from citynet.kit.doors import policy
from citynet.kit.errors import NotFound, require
from citynet.kit.i18n import _
from citynet.kit.page import number_from


@bp.get("/effects")
@policy("can_manage_network")
def effect_list() -> Answer:
    """Show what is done after commits, with the last error of what failed."""
    require(city_policy.can_manage_network(g.actor))
    wanted = request.args.get("state", "")
    state = effects.State(wanted) if wanted in list(effects.State) else None
    page = effects.latest(number_from(request.args.get("page")), state=state)
    return render_template(
        "admin/effects.html", page=page, state=state, states=list(effects.State), work=WORK
    )  # fmt: skip


@bp.post("/effects/<int:effect_id>/rerun")
@policy("can_manage_network")
def rerun_effect(effect_id: int) -> Answer:
    """Try a failed effect again now."""
    require(city_policy.can_manage_network(g.actor))
    if effects.rerun(effect_id, actor_id=g.actor.person_id) is None:
        raise NotFound
    flash(_("It will be tried again at once."), "success")
    return redirect(url_for("admin.effect_list"))
