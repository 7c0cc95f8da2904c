"""Doors to decisions on an application: what a step asks, its letter, and the step itself."""

from __future__ import annotations

from flask import flash, g, request, url_for
from werkzeug.utils import redirect

from citynet.admin import application_pages as pages
from citynet.admin.views import Answer, bp
from citynet.cities.queries import cases
from citynet.kit.doors import policy
from citynet.kit.errors import Conflict, Invalid
from citynet.kit.i18n import lazy

STEP = "/applications/<int:application_id>/<any(admit, ask, decline):step>"
DONE = {
    pages.ADMIT: lazy("%(city)s is a member now. The letter is under way."),
    pages.ASK: lazy("The question about %(city)s is under way."),
    pages.DECLINE: lazy("The application of %(city)s is declined. The letter is under way."),
}


@bp.get(STEP)
@policy("decides_on")
def application_step(application_id: int, step: str) -> Answer:
    """Ask what the step needs to know; on what is decided there is no step."""
    found = cases.get_application(g.actor, application_id)
    if not found.is_open:
        return redirect(url_for("admin.application", application_id=application_id))
    return pages.step_page(step, found)


@bp.post(f"{STEP}/letter")
@policy("decides_on")
def application_letter(application_id: int, step: str) -> Answer:
    """Show the letter of the step before it goes."""
    found = cases.get_application(g.actor, application_id)
    try:
        return pages.letter_page(step, found, pages.composed(step, found))
    except Invalid as error:
        return pages.step_page(step, found, error.fields), 422


@bp.post(STEP)
@policy("decides_on")
def take_application_step(application_id: int, step: str) -> Answer:
    """Take the step and send the letter; who comes second is shown what happened."""
    found = cases.get_application(g.actor, application_id)
    try:
        pages.take(step, application_id, found)
    except Invalid as error:
        return _again(step, application_id, error.fields), 422
    except Conflict as error:
        found = cases.get_application(g.actor, application_id)
        return pages.case(found, {"": str(error)}), 409
    flash(str(DONE[step]) % {"city": found.full_name}, "success")
    return redirect(url_for("admin.application", application_id=application_id))


def _again(step: str, application_id: int, errors: dict[str, str]) -> str:
    """Show the page again on which something is wrong."""
    found = cases.get_application(g.actor, application_id)
    if set(errors) <= {"subject", "text"} and "text" in request.form:
        return pages.letter_page(step, found, pages.typed_draft(), errors)
    return pages.step_page(step, found, errors)
