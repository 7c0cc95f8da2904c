"""Search by the database alone, while the index cannot be read: plain words, most of the filters.

It knows no related words, ranks nothing and counts nothing. Cost and evidence stand only inside
the texts, so these filters do not count; the page says so.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import TypeVarTuple

from sqlalchemy import ColumnElement, Select, and_, exists, false, func, or_, select

from citynet.cities.models import Actor, City
from citynet.index.engine import Found, Hit, Request
from citynet.kit import db
from citynet.practices import policy
from citynet.practices import queries as practices
from citynet.practices.document import POPULATION_BANDS
from citynet.practices.models import Practice, Revision, RevisionTopic, Topic, Translation

Ts = TypeVarTuple("Ts")
MOST_WORDS = 10
NOT_FILTERED = ("cost", "evidence")
_COLUMNS = {
    "country": City.country, "province": City.province, "city": City.slug, "kind": City.kind,
    "status": Revision.status, "visibility": Revision.visibility,
}  # fmt: skip


def find(actor: Actor, request: Request) -> Found:
    """Return a page of what holds all the words in title, subtitle or summary."""
    wanted = _matching(actor, request, select(Revision.practice_id))
    total = db.session().scalar(select(func.count()).select_from(wanted.subquery())) or 0
    if request.sort == "confirmed":
        wanted = wanted.order_by(Practice.last_confirmed_at.desc().nulls_last())
    wanted = wanted.order_by(Revision.published_at.desc(), Revision.practice_id)
    page = wanted.offset((request.page - 1) * request.size).limit(request.size)
    hits = [Hit(key=str(key), score=0.0, snippet=()) for key in db.session().scalars(page)]
    return Found(
        total=total, hits=hits, facets={}, number=request.page, size=request.size, suggestion=None
    )


def counts_by_city(actor: Actor, request: Request) -> Sequence[tuple[str, int]]:
    """Return the address of each city with how many practices are found there."""
    wanted = _matching(actor, request, select(City.slug, func.count())).group_by(City.slug)
    return [(slug, count) for slug, count in db.session().execute(wanted).all()]


def _matching(actor: Actor, request: Request, wanted: Select[*Ts]) -> Select[*Ts]:
    wanted = (
        wanted.select_from(Revision)
        .join(Revision.practice)
        .join(Practice.city)
        .where(policy.visible_to(actor))
    )
    for word in request.text.split()[:MOST_WORDS]:
        own, told = _holds(Revision, word), _holds(Translation, word)
        wanted = wanted.where(or_(own, exists().where(practices.is_told(), told)))
    conditions = (_is_one_of(name, values) for name, values in request.filters.items())
    return wanted.where(*(one for one in conditions if one is not None))


def _is_one_of(name: str, values: Sequence[str]) -> ColumnElement[bool] | None:
    """Return the condition of a filter; None where the database cannot tell."""
    if name in _COLUMNS:
        return _COLUMNS[name].in_(values)
    if name == "language":
        is_told = exists().where(practices.is_told(), Translation.language.in_(values))
        return or_(Revision.language.in_(values), is_told)
    if name == "year":
        years = [int(value) for value in values if re.fullmatch("[0-9]{4}", value)]
        return Revision.started_year.in_(years)
    if name == "topic":
        return Revision.id.in_(_about(values))
    if name == "population":
        return or_(false(), *(_lives_in(POPULATION_BANDS, value) for value in values))
    return None


def _lives_in(bands: Mapping[str, int], band: str) -> ColumnElement[bool]:
    """Return the condition for cities of a band of population."""
    if band not in bands:
        return false()
    next_ones = [least for least in bands.values() if least > bands[band]]
    within = [City.population >= max(1, bands[band])]
    return and_(*within, *(City.population < least for least in next_ones[:1]))


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
