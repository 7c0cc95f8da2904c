"""Doors to cities. What a city published is shown by the practices slice's queries, see `web`."""

from __future__ import annotations

from flask import Blueprint, render_template, request

from citynet.cities import queries
from citynet.kit.doors import anyone
from citynet.kit.page import number_from

bp = Blueprint("cities", __name__, template_folder="templates")


@bp.get("/cities/")
@anyone
def index() -> str:
    """Show the member cities, by country and name."""
    country, text = request.args.get("country", "")[:2], request.args.get("q", "")
    page = queries.members(country=country, text=text, number=number_from(request.args.get("page")))
    return render_template(
        "cities/list.html", page=page, counts=queries.member_counts(), country=country, text=text
    )
