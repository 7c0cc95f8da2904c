"""Doors to home, the pages of cities, the chosen language, and the state of the system."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter

from flask import (
    Blueprint,
    current_app,
    g,
    jsonify,
    redirect,
    render_template,
    request,
    url_for,
)  # fmt: skip
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.wrappers import Response

from citynet.accounts import service as accounts
from citynet.announcements import queries as announcements
from citynet.cities import policy as city_policy
from citynet.cities import queries as cities
from citynet.cities.models import Membership
from citynet.index.engine import Engine, IndexUnavailable
from citynet.kit import db, worker
from citynet.kit.doors import anyone
from citynet.kit.errors import NotFound
from citynet.kit.http import is_local
from citynet.kit.i18n import COOKIE, LANGUAGES, country_name
from citynet.kit.page import number_from
from citynet.practices import queries as practices
from citynet.practices.cards import cards
from citynet.web.map import map_of

bp = Blueprint("web", __name__, template_folder="templates")
YEAR_SECONDS = 31_536_000


@bp.get("/")
@anyone
def home() -> str:
    """Show what the network is, its map, topics and newest practices."""
    by_city = practices.counts_by_city(g.actor)
    by_topic = practices.counts_by_topic(g.actor)
    members = cities.active_members()
    newest = practices.latest(g.actor, size=6)
    topics = [
        {"slug": top.slug, "name": top.name, "count": by_topic.get(top.id, 0)}
        for top, _children in practices.topic_tree()
    ]
    counts = {
        "cities": len(members),
        "countries": len({city.country for city in members}),
        "practices": newest.total,
    }
    return render_template(
        "web/home.html", newest=cards(newest.items), topics=topics, counts=counts,
        map=map_of(members, by_city), announcements=announcements.shown_to(g.actor),
    )  # fmt: skip


cities_bp = Blueprint("cities", __name__, template_folder="../cities/templates")


@dataclass(frozen=True)
class CityTile:
    """What the list shows of a member city."""

    slug: str
    name: str
    country: str
    province: str
    standing: str
    practices: int


@cities_bp.get("/cities/")
@anyone
def index() -> str:
    """Show the member cities, by country, each with its number of practices."""
    counts = cities.member_counts()
    countries = sorted(counts, key=country_name)
    country, text = request.args.get("country", "")[:2].upper(), request.args.get("q", "")[:80]
    chapter = request.args.get("chapter", "")[:60]
    page = cities.members(
        countries=countries, country=country, chapter=chapter, text=text,
        number=number_from(request.args.get("page")),
    )  # fmt: skip
    return render_template(
        "cities/list.html", page=page, counts=counts, countries=countries, country=country,
        chapters=cities.member_chapters(), chapter=chapter, text=text,
        groups=_by_country(page.items),
    )  # fmt: skip


@bp.get("/cities/<slug>")
@anyone
def city(slug: str) -> str:
    """Show a city with its practices, and its standing as far as the reader may know it."""
    found = cities.get_city(slug)
    membership = cities.shown_membership(g.actor, found)
    page = practices.latest(g.actor, number=number_from(request.args.get("page")), city_id=found.id)
    return render_template(
        "cities/show.html", city=found, membership=membership, page=page, cards=cards(page.items),
        history=cities.shown_history(g.actor, found, membership) if membership else [],
        place=map_of([found], {found.id: page.total}),
        can_decide=city_policy.administers(g.actor, found),
        can_register=city_policy.can_register(g.actor, found),
        can_see_term=city_policy.can_see_term(g.actor, found),
    )  # fmt: skip


@bp.get("/about")
@anyone
def about() -> str:
    """Show what the network is and where its data comes from."""
    return render_template("web/about.html")


@bp.post("/language")
@anyone
def language() -> Response:
    """Remember the language, in the account where there is one and in the browser."""
    chosen = request.form.get("language", "")
    if chosen not in LANGUAGES:
        raise NotFound
    if g.actor.is_signed_in:
        accounts.choose_language(g.actor.person, chosen)
    target = request.form.get("next", "")
    answer = redirect(target if is_local(target) else url_for("web.home"))
    answer.set_cookie(
        COOKIE, chosen, max_age=YEAR_SECONDS, samesite="Lax", httponly=True,
        secure=bool(current_app.config["SESSION_COOKIE_SECURE"]),
    )  # fmt: skip
    return answer


@bp.get("/healthz")
@anyone
def healthz() -> Response:
    """Answer that the process is alive."""
    return jsonify({"status": "alive"})


@bp.get("/readyz")
@anyone
def readyz() -> tuple[Response, int]:
    """Answer whether database, index and worker are ready, each by name."""
    parts = {"database": _is_database_ready(), "index": _is_index_ready()}
    parts["worker"] = parts["database"] and worker.is_alive()
    words = {name: "ready" if is_ready else "not ready" for name, is_ready in parts.items()}
    return jsonify(words), 200 if all(parts.values()) else 503


def _by_country(memberships: Sequence[Membership]) -> list[tuple[str, list[CityTile]]]:
    """Return the code of each country with the tiles of its cities, in the order given."""
    by_city = practices.counts_by_city(g.actor)
    tiles = (
        CityTile(
            slug=one.city.slug,
            name=one.city.full_name,
            country=one.city.country,
            province=one.city.province or "",
            standing=one.standing,
            practices=by_city.get(one.city_id, 0),
        )
        for one in memberships
    )
    return [(code, list(found)) for code, found in groupby(tiles, key=attrgetter("country"))]


def _is_database_ready() -> bool:
    try:
        return db.is_reachable()
    except SQLAlchemyError:
        return False


def _is_index_ready() -> bool:
    index: Engine = current_app.extensions["index"]
    try:
        return bool(index.generation())
    except IndexUnavailable:
        return False


styleguide = Blueprint("styleguide", __name__, template_folder="templates")


@styleguide.get("/styleguide")
@anyone
def show() -> str:
    """Show every token and macro, in development."""
    return render_template("web/styleguide.html")
