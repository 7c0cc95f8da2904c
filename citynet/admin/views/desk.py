"""The first page of the desk: what waits, and the network in numbers."""

from __future__ import annotations

from flask import g, render_template

from citynet.admin import queries, waiting
from citynet.admin.views import bp
from citynet.cities import queries as cities
from citynet.kit.doors import policy


@bp.get("/")
@policy("can_use_desk")
def desk() -> str:
    """Show what waits, oldest first, and the network in numbers."""
    return render_template(
        "admin/desk.html", queues=waiting.queues(g.actor), numbers=queries.numbers(g.actor),
        standings=cities.count_by_standing(g.actor),
    )  # fmt: skip
