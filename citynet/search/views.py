"""Doors to search."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Response, g, jsonify, render_template, request, url_for
from markupsafe import Markup, escape

from citynet.cities import queries as cities
from citynet.index.engine import Request
from citynet.kit.doors import anyone
from citynet.kit.i18n import _, country_name, current_language, language_name
from citynet.kit.page import Page, number_from
from citynet.practices import policy
from citynet.practices import queries as practices
from citynet.practices.cards import Card, cards
from citynet.practices.topics import current
from citynet.practices.words import STATUSES
from citynet.search import queries, service
from citynet.search.queries import FACETS

bp = Blueprint("search", __name__, template_folder="templates")
SIZE, MOST_VALUES = 10, 20


@dataclass(frozen=True)
class Option:
    """A value of a facet as the page offers it."""

    value: str
    label: str
    # None where nobody counted: the database answers in place of the index.
    count: int | None
    selected: bool


@bp.get("/search")
@anyone
def results() -> str:
    """Show what was found, with facets."""
    wanted = read_request()
    answer = queries.ask(g.actor, wanted)
    if not answer.is_complete:
        service.repair_index()
        answer = queries.ask(g.actor, wanted)  # the command let go of the rows read before it
    page = Page(answer.hits, answer.found.total, wanted.page, wanted.size)
    pairs = [(name, value) for name, values in wanted.filters.items() for value in values]
    return render_template(
        "search/results.html",
        q=wanted.text,
        sort=wanted.sort,
        page=page,
        hits=_shown(answer),
        facets=facets(answer, wanted),
        chosen=_chosen(wanted),
        args={**wanted.filters, "q": wanted.text, "sort": wanted.sort},
        pairs=pairs,
        is_complete=answer.is_complete,
        suggestion=answer.found.suggestion,
        topics=[] if page.total else queries.topics_near(g.actor, wanted.text),
    )


@bp.get("/search/suggest")
@anyone
def suggest() -> Response:
    """Return titles that begin so, as JSON."""
    text = request.args.get("q", "")[:200]
    found = queries.suggestions(g.actor, text)
    return jsonify(
        [{"title": title, "url": url_for("practices.show", slug=slug)} for slug, title in found]
    )


def read_request() -> Request:
    """Read the search from the address; what cannot be is left out."""
    filters = {
        name: tuple(value[:120] for value in request.args.getlist(name)[:MOST_VALUES] if value)
        for name in FACETS
    }
    if filters["topic"]:
        filters["topic"] = current(filters["topic"])
    text = request.args.get("q", "")[:200]
    sort = request.args.get("sort")
    return Request(
        text=text,
        audiences=policy.audiences(g.actor),
        filters={name: values for name, values in filters.items() if values},
        sort=sort if sort in ("relevance", "newest") else "relevance",
        page=number_from(request.args.get("page")),
        size=SIZE,
        language=current_language(),
    )


def _shown(answer: queries.Answer) -> list[tuple[Card, Markup, str]]:
    """Return the card of each hit with its snippet and the snippet's language."""
    found = cards([row for _hit, row in answer.hits])
    return [
        (card, highlighted(hit.snippet), hit.language)
        for card, (hit, _row) in zip(found, answer.hits, strict=True)
    ]


def highlighted(snippet: Iterable[tuple[str, bool]]) -> Markup:
    """Write a snippet with its matches marked; every piece is escaped."""
    return Markup("").join(
        Markup("<mark>{}</mark>").format(text) if is_match else escape(text)
        for text, is_match in snippet
    )


def facets(answer: queries.Answer, wanted: Request) -> list[tuple[str, str, list[Option]]]:
    """Return name, title and options of each facet that has any."""
    titles = {
        "topic": _("Topic"), "country": _("Country"), "city": _("City"),
        "language": _("Language"), "status": _("Status"), "year": _("Year it began"),
    }  # fmt: skip
    shown = []
    for name in FACETS:
        counts: dict[str, int | None] = {**dict(answer.found.facets.get(name, ()))}
        chosen = wanted.filters.get(name, ())
        for value in chosen:
            counts.setdefault(value, 0 if answer.is_complete else None)
        label = labels(name, list(counts))
        options = [Option(value, label(value), n, value in chosen) for value, n in counts.items()]
        if name == "year":
            options.sort(key=lambda option: option.value, reverse=True)
        if options:
            shown.append((name, titles[name], options))
    return shown


def labels(name: str, values: list[str]) -> Callable[[str], str]:
    """Return how to write the values of a facet for people."""
    if name == "topic":
        topics = practices.topics_by_slug(values)
        return lambda value: topics[value].name if value in topics else value
    if name == "city":
        names = cities.names_by_slug(values)
        return lambda value: names.get(value, value)
    if name == "status":
        return lambda value: str(STATUSES.get(value, value))  # type: ignore[call-overload]
    return {"country": country_name, "language": language_name}.get(name, str)


def _chosen(wanted: Request) -> list[dict[str, str]]:
    """Return each chosen value with the address without it."""
    links = []
    for name, values in wanted.filters.items():
        label = labels(name, list(values))
        for value in values:
            rest: dict[str, Any] = {**wanted.filters, name: [v for v in values if v != value]}
            url = url_for("search.results", q=wanted.text, sort=wanted.sort, **rest)
            links.append({"label": label(value), "url": url})
    return links
