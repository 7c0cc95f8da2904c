"""A search, asked of the index; where the index fails, of the database, with a notice."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import structlog
from flask import current_app
from sqlalchemy import ColumnElement, Select, exists, func, or_, select

from citynet.cities.models import Actor, City
from citynet.index.engine import Engine, Found, Hit, IndexUnavailable, Request
from citynet.kit import db
from citynet.practices import policy
from citynet.practices import queries as practices
from citynet.practices.cards import headings_of
from citynet.practices.models import Practice, Revision, RevisionTopic, Topic, Translation

FACETS = ("topic", "country", "city", "language", "status", "year")
SHORTEST_WORD = 3
log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Answer:
    """What was found, with the rows the reader may see."""

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


def ask(actor: Actor, request: Request) -> Answer:
    """Answer a search; rows pass the second lock of `visible_to`."""
    try:
        found, is_complete = engine().find(request), True
    except IndexUnavailable:
        log.warning("index_unavailable", exc_info=True)
        found, is_complete = _from_database(actor, request), False
    rows = practices.by_practice_ids(actor, [int(hit.key) for hit in found.hits])
    return Answer(found, rows, is_complete)


def suggestions(actor: Actor, text: str, *, limit: int = 6) -> list[tuple[str, str]]:
    """Return address and title of practices of which a title has words that begin so.

    The title is the one in the reader's language, whichever was found.
    """
    try:
        found = engine().suggest(text, policy.audiences(actor), limit)
    except IndexUnavailable:
        return []
    rows = practices.by_practice_ids(actor, [int(key) for key, _title in found])
    shown = [rows[int(key)] for key, _title in found if int(key) in rows]
    called = zip(shown, headings_of(shown), strict=True)
    return [(row.practice.slug, heading.title) for row, heading in called]


def topics_near(actor: Actor, text: str, *, limit: int = 6) -> list[TopicCount]:
    """Return topics that have practices: those whose words are in the text, then the largest."""
    counts, synonyms = practices.counts_by_topic(actor), practices.synonyms()
    words = [word for word in text.lower().split() if len(word) >= SHORTEST_WORD]

    def nearness(topic: Topic) -> tuple[int, int]:
        names = " ".join([topic.name_en, topic.name_id, *synonyms.get(topic.id, [])]).lower()
        return sum(word in names for word in words), counts.get(topic.id, 0)

    filled = [topic for topic in practices.all_topics() if counts.get(topic.id)]
    near = sorted(filled, key=nearness, reverse=True)[:limit]
    return [TopicCount(topic.slug, topic.name, counts[topic.id]) for topic in near]


def _from_database(actor: Actor, request: Request) -> Found:
    """Find by plain words in title, subtitle and summary; no facets, no ranking."""
    wanted = (
        select(Revision.practice_id)
        .join(Revision.practice)
        .join(Practice.city)
        .where(policy.visible_to(actor))
    )
    for word in request.text.split()[:10]:
        own, told = _holds(Revision, word), _holds(Translation, word)
        wanted = wanted.where(or_(own, exists().where(practices.is_told(), told)))
    columns = {"country": City.country, "city": City.slug, "status": Revision.status}
    for name, values in request.filters.items():
        if name in columns:
            wanted = wanted.where(columns[name].in_(values))
        elif name == "language":
            is_told = exists().where(practices.is_told(), Translation.language.in_(values))
            wanted = wanted.where(or_(Revision.language.in_(values), is_told))
        elif name == "year":
            years = [int(value) for value in values if re.fullmatch("[0-9]{4}", value)]
            wanted = wanted.where(Revision.started_year.in_(years))
        elif name == "topic":
            wanted = wanted.where(Revision.id.in_(_about(values)))
    total = db.session().scalar(select(func.count()).select_from(wanted.subquery())) or 0
    offset = (request.page - 1) * request.size
    newest = wanted.order_by(Revision.published_at.desc()).offset(offset).limit(request.size)
    hits = [Hit(key=str(key), score=0.0, snippet=()) for key in db.session().scalars(newest)]
    return Found(
        total=total, hits=hits, facets={}, number=request.page, size=request.size, suggestion=None
    )


def _holds(words: type[Revision | Translation], word: str) -> ColumnElement[bool]:
    texts = (words.title, words.subtitle, words.summary)
    return or_(*(text.icontains(word, autoescape=True) for text in texts))


def _about(slugs: Sequence[str]) -> Select[int]:
    parents = select(Topic.id).where(Topic.slug.in_(slugs))
    return (
        select(RevisionTopic.revision_id)
        .join(Topic, Topic.id == RevisionTopic.topic_id)
        .where(or_(Topic.slug.in_(slugs), Topic.parent_id.in_(parents)))
    )
