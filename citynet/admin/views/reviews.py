"""The texts that wait to be approved, all or those that are the reader's to review."""

from __future__ import annotations

from flask import g, render_template, request

from citynet.admin.views import Answer, bp
from citynet.kit import clock
from citynet.kit.doors import policy
from citynet.kit.errors import require
from citynet.practices import policy as practice_policy
from citynet.practices import queries as practices
from citynet.practices.models import State


@bp.get("/reviews")
@policy("can_review")
def reviews() -> Answer:
    """Show the texts to approve, those that wait for a day, and those with their city's lead."""
    require(practice_policy.can_review(g.actor))
    is_mine, waiting = "mine" in request.args, practices.waiting_for_secretariat(g.actor)
    progress = practices.progress_of(waiting)
    if is_mine:
        waiting = [r for r in waiting if progress[r.id].reviewer_id == g.actor.person_id]
    # Nobody is asked for a translation by name.
    words = [] if is_mine else practices.waiting_translations(g.actor)
    signed_off = [r for r in waiting if r.state == State.SIGNED_OFF]
    return render_template(
        "admin/reviews.html", progress=progress, is_mine=is_mine, today=clock.now().date(),
        ready=[r for r in signed_off if progress[r.id].day is None],
        planned=[r for r in signed_off if progress[r.id].day is not None],
        early=[r for r in waiting if r.state == State.SUBMITTED],
        ready_words=[one for one in words if one.state == State.SIGNED_OFF],
        early_words=[one for one in words if one.state == State.SUBMITTED],
    )  # fmt: skip
