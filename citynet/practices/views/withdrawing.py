"""Doors to take a published practice away and to bring it back; and the page left in its place."""

from __future__ import annotations

from flask import flash, g, render_template, request, url_for
from flask_login import login_required
from werkzeug.utils import redirect

from citynet.kit.doors import policy
from citynet.kit.errors import Conflict, Invalid, NotFound, require
from citynet.kit.i18n import _
from citynet.practices import policy as policies
from citynet.practices import queries, service
from citynet.practices.models import Practice
from citynet.practices.views import bp
from citynet.practices.views.deciding import Answer, moved_on, seen


@bp.get("/practices/<slug>/withdraw")
@login_required
@policy("can_withdraw")
def withdraw(slug: str) -> Answer:
    """Ask why the practice is withdrawn."""
    revision = queries.get_published(g.actor, slug)
    require(policies.can_withdraw(g.actor, revision.practice))
    return render_template("practices/withdraw.html", revision=revision, errors={}, reason="")


@bp.post("/practices/<slug>/withdraw")
@login_required
@policy("can_withdraw")
def withdraw_post(slug: str) -> Answer:
    """Take the practice out of sight."""
    practice, reason = _practice(slug), request.form.get("reason", "")
    try:
        service.withdraw(g.actor, practice, reason=reason, seen=seen())
    except Invalid as error:
        page = render_template(
            "practices/withdraw.html", revision=queries.get_published(g.actor, slug),
            errors=error.fields, reason=reason,
        )  # fmt: skip
        return page, 422
    except Conflict as error:
        return _moved_on(slug, error)
    flash(_("The practice is withdrawn. This page tells readers why."), "success")
    return redirect(url_for("practices.show", slug=slug))


@bp.post("/practices/<slug>/bring-back")
@login_required
@policy("can_withdraw")
def bring_back(slug: str) -> Answer:
    """Show the practice to readers again."""
    try:
        service.bring_back(g.actor, _practice(slug), seen=seen())
    except Conflict as error:
        return _moved_on(slug, error)
    flash(_("The practice is back. Readers find it in search within seconds."), "success")
    return redirect(url_for("practices.show", slug=slug))


def _practice(slug: str) -> Practice:
    """Return a practice that is published or withdrawn and that the actor may know of."""
    try:
        return queries.get_published(g.actor, slug).practice
    except NotFound:
        return queries.get_withdrawn(g.actor, slug).practice


def _moved_on(slug: str, error: Conflict) -> Answer:
    """Show what stands there now to whoever pressed a button of an older page."""
    require(policies.can_withdraw(g.actor, _practice(slug)))
    return moved_on(slug, error)
