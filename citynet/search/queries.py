"""A search, asked of the index; where the index fails, of the database, with a notice."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import structlog
from flask import current_app

from citynet.cities.models import Actor
from citynet.index.engine import Engine, Found, Hit, IndexUnavailable, Request
from citynet.practices import policy
from citynet.practices import queries as practices
from citynet.practices.models import Revision, Topic
from citynet.search import database, vocabulary
from citynet.search.words import TITLES

FACETS = tuple(TITLES)
log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Answer:
    """What was found, with the rows the reader may see.

    `request` is the one answered: where nothing was found, perhaps with other words than those
    typed. Where the database answered in place of the index, it is not complete.
    """

    request: Request
    found: Found
    rows: Mapping[int, Revision]
    is_complete: bool

    @property
    def hits(self) -> Sequence[tuple[Hit, Revision]]:
        """Return each hit with its row, best first."""
        return [
            (hit, self.rows[int(hit.key)]) for hit in self.found.hits if int(hit.key) in self.rows
        ]


@dataclass(frozen=True)
class TopicCount:
    """A topic with how many practices the reader finds there."""

    slug: str
    name: str
    count: int


def engine() -> Engine:
    """Return the index of this process."""
    index: Engine = current_app.extensions["index"]
    return index


def ask(actor: Actor, request: Request, *, as_typed: bool = True) -> Answer:
    """Answer a search; rows pass the second lock of `visible_to`.

    Unless the words are to be searched as they are typed, those that the engine suggests are
    searched where the typed ones find nothing.
    """
    is_complete = True
    try:
        found = _find(request)
        if found.suggestion and not found.total and not as_typed:
            corrected = replace(request, text=found.suggestion)
            if (other := _find(corrected)).total:
                request, found = corrected, other
    except IndexUnavailable:
        log.warning("index_unavailable", exc_info=True)
        found, is_complete = database.find(actor, request), False
    rows = practices.by_practice_ids(actor, [int(hit.key) for hit in found.hits])
    return Answer(request, found, rows, is_complete)


def counts_by_city(actor: Actor, answer: Answer) -> Mapping[str, int]:
    """Return how many practices of all that was found each city has, by its address."""
    if not answer.is_complete:
        return dict(database.counts_by_city(actor, answer.request))
    wanted = answer.request.filters.get("city")
    counts = answer.found.facets.get("city", ())
    return {slug: count for slug, count in counts if wanted is None or slug in wanted}


def counts_beside(
    request: Request, topics: tuple[str, ...], further: Sequence[str]
) -> Mapping[str, int] | None:
    """Return how many a search finds with these topics and, each alone, one of further ones.

    None where the index fails meanwhile.
    """
    filters = {**request.filters, "topic": topics}
    try:
        found = _find(replace(request, filters=filters, page=1, size=1))
    except IndexUnavailable:
        return None
    gains = dict(found.gains.get("topic", ()))
    return {slug: found.total + gains.get(slug, 0) for slug in further}


def alike(actor: Actor, practice_id: int, limit: int) -> Sequence[Revision]:
    """Return other practices that tell of the same, the nearest first; none without an index."""
    try:
        keys = engine().like(str(practice_id), policy.audiences(actor), limit)
    except IndexUnavailable:
        return []
    rows = practices.by_practice_ids(actor, [int(key) for key in keys])
    return [rows[int(key)] for key in keys if int(key) in rows]


def topics_near(actor: Actor, text: str, *, limit: int = 6) -> list[TopicCount]:
    """Return topics that have practices: those the text names, those above them, the largest."""
    counts, topics = practices.counts_by_topic(actor), practices.all_topics()
    slugs = {topic.id: topic.slug for topic in topics}
    above = {topic.slug: slugs[topic.parent_id] for topic in topics if topic.parent_id}
    named = vocabulary.topics_named(text)
    near = [*named, *(above[slug] for slug in named if slug in above)]
    filled = [topic for topic in topics if counts.get(topic.id)]

    def place(topic: Topic) -> tuple[int, int]:
        at = near.index(topic.slug) if topic.slug in near else len(near)
        return at, -counts[topic.id]

    shown = sorted(filled, key=place)[:limit]
    return [TopicCount(topic.slug, topic.name, counts[topic.id]) for topic in shown]


def _find(request: Request) -> Found:
    return engine().find(request, vocabulary.current())


practices.finds_alike(alike)
