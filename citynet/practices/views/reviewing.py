"""Doors for those who review: comments beside fields, and who reviews by when."""

from __future__ import annotations

from flask import flash, g, request, url_for
from flask_login import login_required
from werkzeug.utils import redirect

from citynet.kit.doors import policy
from citynet.kit.errors import Conflict, Invalid
from citynet.kit.http import number_in
from citynet.kit.i18n import _
from citynet.practices import service
from citynet.practices.views import bp
from citynet.practices.views.deciding import Answer, day_in, moved_on, not_taken, seen, to_decide


@bp.post("/practices/<slug>/comments")
@login_required
@policy("can_comment_on")
def comment(slug: str) -> Answer:
    """Write beside a field what should change."""
    practice, form = to_decide(slug).practice, request.form
    field, text = form.get("field", ""), form.get("text", "")
    try:
        made = service.comment_on(g.actor, practice, field=field, text=text, seen=seen())
    except Invalid as error:
        return not_taken(slug, error)
    except Conflict as error:
        return moved_on(slug, error)
    flash(_("Your comment stands beside the field. Send the text back when you are done."))
    return redirect(url_for("practices.draft", slug=slug, _anchor=f"comment-{made.id}"))


@bp.post("/practices/<slug>/comments/<int(max=2147483647):comment_id>/resolve")
@login_required
@policy("can_resolve")
def resolve(slug: str, comment_id: int) -> Answer:
    """Mark a comment as done."""
    practice = to_decide(slug).practice
    try:
        service.resolve(g.actor, practice, comment_id)
    except Conflict as error:
        return moved_on(slug, error)
    flash(_("The comment is marked as done."), "success")
    return redirect(url_for("practices.draft", slug=slug))


@bp.post("/practices/<slug>/reviewer")
@login_required
@policy("can_review_of")
def assign(slug: str) -> Answer:
    """Say who reviews the text, and by when."""
    practice, was = to_decide(slug).practice, _number("seen_reviewer")
    try:
        service.assign(
            g.actor, practice, reviewer_id=_number("reviewer"), due_on=day_in("due_on"),
            seen=seen(), seen_reviewer=was,
        )  # fmt: skip
    except Invalid as error:
        return not_taken(slug, error)
    except Conflict as error:
        return moved_on(slug, error)
    flash(_("Who reviews this text is written down."), "success")
    return redirect(url_for("practices.draft", slug=slug))


def _number(name: str) -> int | None:
    """Return a person's number; None for nobody, 0 for what is no number of anybody."""
    text = request.form.get(name, "").strip()
    return (number_in(text) or 0) if text else None
