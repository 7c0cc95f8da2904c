"""What the page of results shows: hits, what was searched, ways to narrow, order and turn it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from markupsafe import Markup, escape

from citynet.asked import queries as asked
from citynet.cities.models import Actor
from citynet.index.engine import Hit
from citynet.kit.i18n import _
from citynet.kit.page import Page
from citynet.practices import queries as practices
from citynet.practices.cards import Card, cards
from citynet.practices.charts import EVIDENCE
from citynet.practices.models import Revision
from citynet.search import queries
from citynet.search.addresses import Search
from citynet.search.database import NOT_FILTERED
from citynet.search.facets import facets_of
from citynet.search.places import places_of
from citynet.search.queries import Answer
from citynet.search.words import TITLES, labels


@dataclass(frozen=True)
class Shown:
    """A hit: its card, where its words were found, and what vouches for its results."""

    card: Card
    snippet: Markup
    snippet_language: str
    evidence: str


@dataclass(frozen=True)
class Link:
    """A way on from here."""

    label: str
    url: str
    is_current: bool = False


def context_of(actor: Actor, search: Search, answer: Answer) -> dict[str, object]:
    """Return what the template of the page knows."""
    found = answer.found
    counts = queries.counts_by_city(actor, answer) if search.is_map else {}
    return {
        "q": search.text,
        "search": search,
        "args": search.args,
        "page": Page(answer.hits, found.total, search.page, answer.request.size),
        "hits": [] if search.is_map else shown_hits(answer.hits),
        "placed": places_of(counts, search) if counts else None,
        "facets": facets_of(answer, search),
        "chosen": chosen_links(search),
        "ignored": [] if answer.is_complete else _ignored(search),
        "is_complete": answer.is_complete,
        "suggestion": found.suggestion,
        "corrected": answer.request.text if answer.request.text != search.text else "",
        "also": found.also,
        "orders": _orders(search, answer),
        "topics": [] if found.total else queries.topics_near(actor, search.text),
        "known": None if found.total else asked.answer_to(actor, search.text),
    }


def shown_hits(hits: Sequence[tuple[Hit, Revision]]) -> list[Shown]:
    """Return the card of each hit with its snippet and evidence."""
    evidence = practices.evidence_of([row.practice_id for _hit, row in hits])
    told = {key: str(EVIDENCE[found]) for key, found in evidence.items()}
    return [
        Shown(card, highlighted(hit.snippet), hit.language, told.get(row.practice_id, ""))
        for card, (hit, row) in zip(cards([row for _hit, row in hits]), hits, strict=True)
    ]


def highlighted(snippet: Iterable[tuple[str, bool]]) -> Markup:
    """Write a snippet with its matches marked; every piece is escaped."""
    return Markup("").join(
        Markup("<mark>{}</mark>").format(text) if is_match else escape(text)
        for text, is_match in snippet
    )


def chosen_links(search: Search) -> list[Link]:
    """Return each chosen value with the address without it."""
    write = {name: labels(name, values) for name, values in search.filters.items()}
    return [
        Link(
            write[name](value),
            search.with_values(name, tuple(v for v in search.filters[name] if v != value)),
        )
        for name, value in search.chosen
    ]


def _orders(search: Search, answer: Answer) -> list[Link]:
    """Return the orders that make sense for what was found; the database knows no best match."""
    words = {
        "relevance": _("Best match"), "newest": _("Newest"), "confirmed": _("Last confirmed"),
        "replicated": _("Most replicated"),
    }  # fmt: skip
    is_ranked = bool(search.text) and answer.is_complete
    left_out = {"relevance": not is_ranked, "replicated": not answer.found.is_replicated}
    offered = [name for name in words if not left_out.get(name)]
    current = search.sort if search.sort in offered else offered[0]
    return [Link(words[name], search.url(sort=name), name == current) for name in offered]


def _ignored(search: Search) -> list[str]:
    """Return the facets of which the database knows nothing."""
    return [str(TITLES[name]) for name in NOT_FILTERED if name in search.filters]
