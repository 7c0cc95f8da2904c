"""Doors for those who decide on a text: submit, sign off, send back, publish, plan."""

from __future__ import annotations

from datetime import date

from flask import flash, g, request, url_for
from flask_login import login_required
from werkzeug.utils import redirect
from werkzeug.wrappers import Response

from citynet.kit.doors import policy
from citynet.kit.errors import Conflict, Invalid, NotFound
from citynet.kit.i18n import _
from citynet.practices import policy as policies
from citynet.practices import queries, service
from citynet.practices.models import Revision, State
from citynet.practices.views import bp, reading

Answer = str | Response | tuple[str, int]
LONGEST_DAY = 40


@bp.post("/practices/<slug>/submit")
@login_required
@policy("can_submit")
def submit(slug: str) -> Answer:
    """Hand the draft to the lead."""
    return submit_text(slug)


@bp.post("/practices/<slug>/sign-off")
@login_required
@policy("can_sign_off")
def sign_off(slug: str) -> Answer:
    """Answer for the text as lead."""
    revision = to_decide(slug)
    try:
        found = service.sign_off(g.actor, revision.practice, seen=seen())
    except Conflict as error:
        return moved_on(slug, error)
    if found.state == State.PUBLISHED:
        return _is_out(slug)
    flash(_("Signed off. The secretariat will review it now."), "success")
    return redirect(url_for("practices.draft", slug=slug))


@bp.post("/practices/<slug>/send-back")
@login_required
@policy("can_send_back")
def send_back(slug: str) -> Answer:
    """Return the text with what should change."""
    practice, comment = to_decide(slug).practice, request.form.get("comment", "")
    is_own = policies.can_edit(g.actor, practice)
    try:
        service.send_back(g.actor, practice, comment=comment, seen=seen())
    except Invalid as error:
        return not_taken(slug, error)
    except Conflict as error:
        return moved_on(slug, error)
    flash(_("Sent back to the authors with your comment."), "success")
    return redirect(url_for("practices.work") if is_own else url_for("admin.reviews"))


@bp.post("/practices/<slug>/publish")
@login_required
@policy("can_publish")
def publish(slug: str) -> Answer:
    """Show the text to readers, now or from a day on."""
    practice, form = to_decide(slug).practice, request.form
    try:
        if form.get("when") != "day":
            service.publish(g.actor, practice, seen=seen())
            return _is_out(slug)
        service.schedule(g.actor, practice, day=day_in("day"), seen=seen())
    except Invalid as error:
        return not_taken(slug, error)
    except Conflict as error:
        return moved_on(slug, error)
    flash(_("Approved. It comes out on the day you gave."), "success")
    return redirect(url_for("practices.draft", slug=slug))


@bp.post("/practices/<slug>/unschedule")
@login_required
@policy("can_publish")
def unschedule(slug: str) -> Answer:
    """Take the day of publication back."""
    practice = to_decide(slug).practice
    try:
        service.unschedule(g.actor, practice, seen=seen())
    except Conflict as error:
        return moved_on(slug, error)
    flash(_("The day is taken back. The text waits for the secretariat again."), "success")
    return redirect(url_for("practices.draft", slug=slug))


def submit_text(slug: str) -> Answer:
    """Submit; if something is missing, lead to the overview that names it."""
    revision = to_decide(slug)
    try:
        service.submit(g.actor, revision.practice, seen=seen())
    except Invalid:
        return redirect(url_for("practices.edit", slug=slug, check=1))
    except Conflict as error:
        return moved_on(slug, error)
    flash(_("Submitted. Your city's lead can sign it off now."), "success")
    return redirect(url_for("practices.draft", slug=slug))


def base_of(revision: Revision) -> str:
    """Write which text an editor begins from."""
    return f"{revision.number}.{revision.version}"


def read_base(text: str | None) -> tuple[int, int]:
    """Read what `base_of` wrote; anything else is a text nobody began from."""
    parts = (text or "").split(".")
    if len(parts) == 2 and all(
        part.isascii() and part.isdigit() and len(part) < 9 for part in parts
    ):
        return int(parts[0]), int(parts[1])
    return (0, 0)


def seen() -> service.Seen:
    """Return the text that the page of the pressed button showed, where it tells."""
    return read_base(request.form["seen"]) if "seen" in request.form else None


def to_decide(slug: str) -> Revision:
    """Return the text in work; for those inside the work, the newest one once it is out."""
    try:
        return queries.get_in_work(g.actor, slug)
    except NotFound:
        revision = queries.newest_text(g.actor, slug)
        practice = revision.practice
        if policies.can_edit(g.actor, practice) or policies.can_review_of(g.actor, practice):
            return revision
        raise


def moved_on(slug: str, error: Conflict) -> Answer:
    """Show where the text stands to whoever pressed a button of an older page."""
    flash(str(error), "warning")
    return reading.page_of(queries.newest_text(g.actor, slug)), 409


def not_taken(slug: str, error: Invalid) -> Answer:
    """Show the text again with what was typed and why it could not be taken."""
    found = queries.get_in_work(g.actor, slug)
    return reading.page_of(found, typed=request.form, errors=error.fields), 422


def day_in(name: str) -> date | None:
    """Return the day of a field; None where it is empty.

    Raises:
        Invalid: what stands there is no day.
    """
    text = request.form.get(name, "").strip()[:LONGEST_DAY]
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise Invalid({name: _("Write a day as year-month-day, such as 2027-12-31.")}) from None


def _is_out(slug: str) -> Response:
    flash(_("Published. Readers find it in search within seconds."), "success")
    return redirect(url_for("practices.show", slug=slug))
