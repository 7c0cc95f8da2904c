"""Doors of the secretariat: memberships, reviews, effects."""

from __future__ import annotations

from flask import Blueprint, flash, g, render_template, request, url_for
from flask_login import login_required
from werkzeug.utils import redirect
from werkzeug.wrappers import Response

from citynet.cities import policy as city_policy
from citynet.cities import queries as cities
from citynet.cities import service as memberships_service
from citynet.cities.models import Standing
from citynet.kit import effects
from citynet.kit.doors import policy
from citynet.kit.errors import Conflict, Invalid, NotFound, require
from citynet.kit.i18n import _
from citynet.kit.page import number_from
from citynet.practices import policy as practice_policy
from citynet.practices import queries as practices
from citynet.practices.models import State

bp = Blueprint("admin", __name__, url_prefix="/admin", template_folder="templates")
Answer = str | Response | tuple[str, int]
NEWEST = 5
REVIEWED = (State.SIGNED_OFF, State.SUBMITTED)


@bp.before_request
@login_required
def _secretariat_only() -> None:
    """Refuse everyone else before a view begins."""
    require(city_policy.can_manage_memberships(g.actor))


@bp.get("/")
@policy("can_manage_memberships")
def desk() -> Answer:
    """Show what waits."""
    waiting = practices.waiting_for_secretariat(g.actor)
    signed_off = [revision for revision in waiting if revision.state == State.SIGNED_OFF]
    return render_template(
        "admin/desk.html",
        standings=cities.count_by_standing(),
        reviews=len(signed_off),
        with_leads=len(waiting) - len(signed_off),
        dead=effects.latest(1, state=effects.State.DEAD).total,
    )


@bp.get("/memberships")
@policy("can_manage_memberships")
def memberships() -> Answer:
    """Show memberships, those that wait first."""
    wanted = request.args.get("standing", "")
    standing = Standing(wanted) if wanted in list(Standing) else None
    text = request.args.get("q", "")
    page = cities.memberships(
        standing=standing, text=text, number=number_from(request.args.get("page"))
    )
    return render_template(
        "admin/memberships.html", page=page, standing=standing, text=text,
        counts=cities.count_by_standing(), moves={s: _moves(s) for s in Standing},
    )  # fmt: skip


@bp.get("/memberships/new")
@policy("can_manage_memberships")
def new_membership() -> Answer:
    """Find the city that asks to join, by its name."""
    text = request.args.get("q", "")[:80]
    return render_template("admin/find_city.html", text=text, found=cities.cities_named(text))


@bp.get("/memberships/new/<slug>")
@policy("can_manage_memberships")
def application(slug: str) -> Answer:
    """Ask for a note before an application is written down."""
    city = cities.get_city(slug)
    if cities.membership_of(city.id) is not None:
        return redirect(url_for("admin.membership", slug=slug))
    return _application(slug, {}, "")


@bp.post("/memberships/new/<slug>")
@policy("can_manage_memberships")
def register(slug: str) -> Answer:
    """Write down that a city asks to join; who comes second is shown what there is."""
    city = cities.get_city(slug)
    reason = request.form.get("reason", "")
    try:
        memberships_service.register_application(g.actor, city, reason=reason)
    except Invalid as error:
        return _application(slug, error.fields, reason), 422
    except Conflict as error:
        return _case(slug, {"": str(error)}, reason), 409
    flash(_("The application of %(city)s is registered.", city=city.full_name), "success")
    return redirect(url_for("admin.membership", slug=slug))


@bp.get("/memberships/<slug>")
@policy("can_manage_memberships")
def membership(slug: str) -> Answer:
    """Show one city's case with its history and the steps that are possible."""
    return _case(slug, {}, "")


@bp.get("/memberships/<slug>/<any(active, suspended, lapsed, ended):after>")
@policy("can_manage_memberships")
def confirm(slug: str, after: str) -> Answer:
    """Ask for the reason before a standing changes."""
    return _confirm(slug, Standing(after), {}, "")


@bp.post("/memberships/<slug>/<any(active, suspended, lapsed, ended):after>")
@policy("can_manage_memberships")
def change(slug: str, after: str) -> Answer:
    """Change a standing; who comes second is shown what happened."""
    city = cities.get_city(slug)
    seen = request.form.get("seen", "")
    reason = request.form.get("reason", "")
    try:
        memberships_service.change_standing(
            g.actor, city, Standing(after), reason=reason,
            seen=Standing(seen) if seen in list(Standing) else None,
        )  # fmt: skip
    except Invalid as error:
        return _confirm(slug, Standing(after), error.fields, reason), 422
    except Conflict as error:
        return _case(slug, {"": str(error)}, reason), 409
    done = {
        Standing.ACTIVE: _("%(city)s is an active member now.", city=city.full_name),
        Standing.SUSPENDED: _("%(city)s is suspended now.", city=city.full_name),
        Standing.LAPSED: _("The membership of %(city)s has lapsed.", city=city.full_name),
        Standing.ENDED: _("The membership of %(city)s is ended.", city=city.full_name),
    }
    flash(done[Standing(after)], "success")
    return redirect(url_for("admin.membership", slug=slug))


@bp.get("/reviews")
@policy("can_review")
def reviews() -> Answer:
    """Show the texts to approve, and those that wait for their city's lead."""
    require(practice_policy.can_review(g.actor))
    waiting = practices.waiting_for_secretariat(g.actor)
    groups = {state: [r for r in waiting if r.state == state] for state in REVIEWED}
    return render_template("admin/reviews.html", groups=groups, State=State)


@bp.get("/effects")
@policy("can_manage_memberships")
def effect_list() -> Answer:
    """Show what is done after commits, with the last error of what failed."""
    wanted = request.args.get("state", "")
    state = effects.State(wanted) if wanted in list(effects.State) else None
    page = effects.latest(number_from(request.args.get("page")), state=state)
    return render_template("admin/effects.html", page=page, state=state, states=list(effects.State))


@bp.post("/effects/<int:effect_id>/rerun")
@policy("can_manage_memberships")
def rerun_effect(effect_id: int) -> Answer:
    """Try a failed effect again now."""
    if effects.rerun(effect_id, actor_id=g.actor.person_id) is None:
        raise NotFound
    flash(_("It will be tried again at once."), "success")
    return redirect(url_for("admin.effect_list"))


def _moves(before: Standing) -> list[Standing]:
    return [after for after in Standing if city_policy.can_move(before, after)]


def _case(slug: str, errors: dict[str, str], reason: str) -> str:
    city = cities.get_city(slug)
    found = cities.membership_of(city.id)
    if found is None:
        raise NotFound
    return render_template(
        "admin/membership.html", city=city, membership=found, history=cities.history(found),
        officials=cities.officials_of(city.id),
        page=practices.latest(g.actor, city_id=city.id, size=NEWEST),
        moves=_moves(Standing(found.standing)),
        errors=errors, reason=reason,
    )  # fmt: skip


def _confirm(slug: str, after: Standing, errors: dict[str, str], reason: str) -> str:
    city = cities.get_city(slug)
    found = cities.membership_of(city.id)
    if found is None:
        raise NotFound
    return render_template(
        "admin/confirm.html", city=city, membership=found, after=after, errors=errors,
        reason=reason, officials=len(cities.officials_of(city.id)),
    )  # fmt: skip


def _application(slug: str, errors: dict[str, str], reason: str) -> str:
    city = cities.get_city(slug)
    return render_template("admin/apply.html", city=city, errors=errors, reason=reason)
