"""Doors beside the results: suggestions while one types, and telling what the network lacks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from flask import g, jsonify, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from citynet.asked import service as asked
from citynet.asked.models import LONGEST_QUERY
from citynet.kit import throttle
from citynet.kit.doors import anyone
from citynet.kit.errors import Invalid
from citynet.kit.i18n import _, ngettext
from citynet.search import suggesting
from citynet.search.suggesting import Option
from citynet.search.views import bp

Answer = str | Response | tuple[str, int]
MOST_REPORTS, MINUTES = 10, 60


@bp.get("/search/suggest")
@anyone
def suggest() -> Response:
    """Return suggestions by kind, as JSON, with the words that tell how many there are."""
    found = suggesting.suggest(g.actor, request.args.get("q", ""))
    groups = [
        _group(_("Practices"), found.practices), _group(_("Topics"), found.topics),
        _group(_("Cities"), found.cities), _group(_("Often searched"), found.queries),
    ]  # fmt: skip
    count = sum(len(options) for _label, options in groups)
    told = ngettext("%(num)s suggestion", "%(num)s suggestions", count)
    shown = [{"label": label, "options": options} for label, options in groups if options]
    return jsonify({"told": told if count else _("No suggestions"), "groups": shown})


@bp.get("/search/missing")
@anyone
def missing() -> Answer:
    """Show the form that tells the network what it lacks."""
    return _form(request.args.get("q", "")[:LONGEST_QUERY])


@bp.post("/search/missing")
@anyone
def report_missing() -> Answer:
    """Write down what is missing; what cannot be taken is shown with what was typed."""
    query, words = request.form.get("q", ""), request.form.get("words", "")
    if not throttle.hit("missing", request.remote_addr or "", limit=MOST_REPORTS, minutes=MINUTES):
        late = _("You told us of several things within an hour. Wait an hour and send this again.")
        return _form(query, words, {"q": late}), 429
    try:
        asked.report(g.actor, query, words)
    except Invalid as error:
        return _form(query, words, error.fields), 422
    return redirect(url_for("search.missing_sent"), 303)


@bp.get("/search/missing/sent")
@anyone
def missing_sent() -> Answer:
    """Say what happens now, and where to look meanwhile."""
    return render_template("search/missing_sent.html")


def _group(label: str, options: Sequence[Option]) -> tuple[str, list[dict[str, str]]]:
    return label, [{"text": one.text, "url": one.url, "language": one.language} for one in options]


def _form(query: str, words: str = "", errors: Mapping[str, str] | None = None) -> str:
    return render_template("search/missing.html", q=query, words=words, errors=errors or {})
