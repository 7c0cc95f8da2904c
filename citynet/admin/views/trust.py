"""Cities of trust: those whose lead's sign-off publishes without the secretariat's review."""

from __future__ import annotations

from collections.abc import Callable

from flask import flash, g, render_template, request, url_for
from werkzeug.utils import redirect

from citynet.admin.views import Answer, bp
from citynet.cities import queries as cities
from citynet.cities.models import Actor, City
from citynet.kit.doors import policy
from citynet.kit.errors import Conflict, Invalid, NotFound, require
from citynet.kit.i18n import _
from citynet.practices import policy as practice_policy
from citynet.practices import queries, service


@bp.get("/reviews/trust")
@policy("can_review")
def trusted() -> Answer:
    """Show the cities of trust, and the form to add one."""
    require(practice_policy.can_review(g.actor))
    return _page()


@bp.post("/reviews/trust")
@policy("can_trust")
def trust() -> Answer:
    """Switch the review off for a city."""
    done = _("What the lead of this city signs off is published at once from now on.")
    return _decide(request.form.get("city", ""), service.trust, done)


@bp.post("/reviews/trust/<slug>/end")
@policy("can_trust")
def review_again(slug: str) -> Answer:
    """Switch the review on again for a city."""
    done = _("The secretariat reviews what this city signs off from now on.")
    return _decide(slug, service.review_again, done)


def _decide(slug: str, command: Callable[..., None], done: str) -> Answer:
    """Take the step; what cannot be taken is shown with what was typed."""
    require(practice_policy.can_review(g.actor))
    try:
        city: City = cities.get_administered(g.actor, slug)
    except NotFound:
        if request.endpoint == "admin.trust":
            return _page({"city": _("Choose a city.")}), 422
        raise
    actor: Actor = g.actor
    try:
        command(actor, city, reason=request.form.get("reason", ""))
    except Invalid as error:
        return _page(error.fields, slug), 422
    except Conflict as error:
        flash(str(error), "warning")
        return _page(), 409
    flash(done, "success")
    return redirect(url_for("admin.trusted"))


def _page(errors: dict[str, str] | None = None, slug: str = "") -> str:
    return render_template(
        "admin/trusted.html", trusted=queries.trusted_cities(g.actor),
        cities=queries.reviewed_cities(g.actor), errors=errors or {}, slug=slug,
        typed=request.form,
    )  # fmt: skip
