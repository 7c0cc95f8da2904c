"""The door behind the link of the yearly question: is this practice still running?"""

from __future__ import annotations

from flask import g, render_template, request, url_for
from werkzeug.utils import redirect
from werkzeug.wrappers import Response

from citynet.kit.doors import anyone
from citynet.kit.errors import Conflict, Invalid
from citynet.kit.i18n import _
from citynet.practices import service
from citynet.practices.models import Answer as Said
from citynet.practices.views import bp

Answer = str | Response | tuple[str, int]
GONE = 410


@bp.get("/still-running/<secret>")
@anyone
def still_running(secret: str) -> Answer:
    """Ask; programs that follow the links of a mail answer nothing by it."""
    return _page(secret)


@bp.post("/still-running/<secret>")
@anyone
def still_running_post(secret: str) -> Answer:
    """Take the answer."""
    if service.question_of(secret) is None:
        return _page(secret)
    said, note = request.form.get("answer", ""), request.form.get("note", "")
    if said not in list(Said):
        return _page(secret, 422, error=_("Press the button that tells how it is."))
    try:
        service.answer_question(g.actor, secret, Said(said), note=note)
    except Invalid as error:
        return _page(secret, 422, said=said, note=note, error=error.fields["note"])
    except Conflict:
        return _page(secret, 409)
    return redirect(url_for("practices.still_running", secret=secret))


def _page(
    secret: str, status: int = 200, *, said: str = "", note: str = "", error: str = ""
) -> tuple[str, int]:
    """Show the question, what was answered already, or that the link is too old: 410."""
    asked = service.question_of(secret)
    page = render_template(
        "practices/alive.html", asked=asked, secret=secret, said=said, note=note, error=error
    )
    return page, GONE if asked is None else status
