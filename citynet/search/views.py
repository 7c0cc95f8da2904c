"""Doors to search: the page of results."""

from __future__ import annotations

from flask import Blueprint, g, render_template, request

from citynet.asked import service as asked
from citynet.kit.doors import anyone
from citynet.kit.i18n import current_language
from citynet.search import addresses, queries, service, showing

bp = Blueprint("search", __name__, template_folder="templates")


@bp.get("/search")
@anyone
def results() -> str:
    """Show what was found, as a list or a map, with ways to narrow it."""
    search = addresses.read(request.args, g.actor)
    wanted = search.request(g.actor, current_language())
    answer = queries.ask(g.actor, wanted, as_typed=search.is_as_typed)
    if not answer.is_complete:
        service.repair_index()
        answer = queries.ask(g.actor, wanted)  # the command let go of the rows read before it
    elif answer.found.total and search.is_first:
        asked.note(g.actor, answer.request.text, address=request.remote_addr or "")
    return render_template("search/results.html", **showing.context_of(g.actor, search, answer))
