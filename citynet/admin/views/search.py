"""Search over cities and people, within what the actor looks after."""

from __future__ import annotations

from flask import g, render_template, request

from citynet.admin import queries
from citynet.admin.views import Answer, bp
from citynet.kit import html
from citynet.kit.doors import policy

LONGEST = 80


@bp.get("/search")
@policy("can_use_desk")
def search() -> Answer:
    """Show cities by name or code, and people by name or mail address."""
    text = html.line(request.args.get("q", "")[:LONGEST])
    found = queries.found(g.actor, text)
    return render_template("admin/search.html", text=text, found=found, most=queries.MOST_FOUND)
