"""The texts that wait to be approved."""

from __future__ import annotations

from flask import g, render_template

from citynet.admin.views import Answer, bp
from citynet.kit.doors import policy
from citynet.kit.errors import require
from citynet.practices import policy as practice_policy
from citynet.practices import queries as practices
from citynet.practices.models import State

REVIEWED = (State.SIGNED_OFF, State.SUBMITTED)


@bp.get("/reviews")
@policy("can_review")
def reviews() -> Answer:
    """Show the texts to approve, and those that wait for their city's lead."""
    require(practice_policy.can_review(g.actor))
    waiting = practices.waiting_for_secretariat(g.actor)
    groups = {state: [r for r in waiting if r.state == state] for state in REVIEWED}
    return render_template("admin/reviews.html", groups=groups, State=State)
