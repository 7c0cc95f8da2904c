"""A published practice as a document of the index, and the stamp that tells its state."""

from __future__ import annotations

import zlib
from collections.abc import Collection, Container, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import TypeVar

from sqlalchemy import func, select
from sqlalchemy.orm import contains_eager, selectinload

from citynet.cities.models import City
from citynet.index.document import Document, Wording
from citynet.kit import db
from citynet.practices import charts, queries
from citynet.practices import content as contents
from citynet.practices.charts import Evidence
from citynet.practices.content import Content
from citynet.practices.fields import CostBand, Visibility
from citynet.practices.models import (
    Practice,
    Revision,
    RevisionTopic,
    State,
    Topic,
    Translation,
)  # fmt: skip
from citynet.practices.queries.files import attached_to_published

T = TypeVar("T", bound=str)
BATCH = 200
# Counted up when the same rows make other documents, so that a check finds those of before.
SHAPE = 2
# From how many people on; Indonesian planning calls them small, middle, large and metropolitan.
POPULATION_BANDS = {
    "under_100k": 0, "to_500k": 100_000, "to_1m": 500_000, "to_5m": 1_000_000,
    "over_5m": 5_000_000,
}  # fmt: skip
_COST_BANDS = {
    CostBand.UNDER_10K: 0, CostBand.TO_100K: 10_000, CostBand.TO_1M: 100_000,
    CostBand.OVER_1M: 1_000_000,
}  # fmt: skip

# What of a city stands in the documents of its practices, and may change without them.
_OF_CITY = (City.name, City.kind, City.population, City.province)
_STATES = (
    select(
        Revision.practice_id, Revision.id, func.coalesce(Translation.id, 0),
        func.coalesce(RevisionTopic.topic_id, 0), Practice.last_confirmed_at, *_OF_CITY,
    )
    .join(Revision.practice)
    .join(Practice.city)
    .outerjoin(RevisionTopic, RevisionTopic.revision_id == Revision.id)
    .outerjoin(Translation, queries.is_told())
    .where(Revision.state == State.PUBLISHED)
    .order_by(Translation.language)
)  # fmt: skip


class PracticeSource:
    """What the index should hold: every published practice, by its id."""

    def stamps(self) -> Mapping[str, str]:
        """Return the stamp of each document, by key."""
        tree = {topic.id: topic for topic in queries.all_topics()}
        topics = {key: _told_of(topic, tree) for key, topic in tree.items()}
        texts: dict[int, dict[str, None]] = {}
        about: dict[int, set[str]] = {}
        rest: dict[int, tuple[datetime | None, tuple[object, ...]]] = {}
        for key, own, told, topic, confirmed_at, *city in db.session().execute(_STATES).all():
            found = texts.setdefault(key, {str(own): None})
            if told:
                found[f"+{told}"] = None
            about.setdefault(key, set()).add(topics.get(topic, ""))
            rest[key] = confirmed_at, tuple(city)
        return {
            str(key): _stamp("".join(found), about[key], rest[key][0], *rest[key][1])
            for key, found in texts.items()
        }

    def documents(self, keys: Collection[str] | None = None) -> Iterator[Document]:
        """Yield the documents of these keys, or all."""
        wanted = sorted(int(key) for key in (self.stamps() if keys is None else keys))
        topics = {topic.id: topic for topic in queries.all_topics()}
        for start in range(0, len(wanted), BATCH):
            ids = wanted[start : start + BATCH]
            translations, attached = queries.published_translations(ids), attached_to_published(ids)
            for revision in _published(ids):
                yield document_of(
                    revision, translations.get(revision.practice_id, ()), topics=topics,
                    attached=attached.get(revision.practice_id, ()),
                )  # fmt: skip


def document_of(
    revision: Revision,
    translations: Sequence[Translation] = (),
    *,
    topics: Mapping[int, Topic],
    attached: Container[str] = (),
) -> Document:
    """Return the document of a published revision and its published translations, by language.

    Its practice, city and topics are loaded; `attached` are the numbers of its documents.
    """
    practice, city, content = revision.practice, revision.practice.city, revision.content
    others = [one for one in translations if one.language != revision.language]
    lineage = _lineage(revision, topics)
    is_public, own = revision.visibility == Visibility.PUBLIC, _wording(content)
    evidence = charts.best_evidence(content.results, attached)
    return Document(
        key=str(revision.practice_id),
        stamp=_stamp_of(revision, others, topics),
        language=own.language,
        title=own.title,
        summary=own.summary,
        body=own.body,
        blocks=own.blocks,
        keywords="; ".join(filter(None, [*_names(lineage), city.full_name, city.province])),
        audiences=frozenset({"public", "members"} if is_public else {"members"}),
        facets={
            "topic": tuple(topic.slug for topic in lineage),
            "language": (revision.language, *(one.language for one in others)),
            "evidence": _one(evidence),
            **_facts(revision),
            **_place(city),
        },
        published_at=revision.published_at or revision.created_at,
        confirmed_at=practice.last_confirmed_at,
        evidence=list(Evidence).index(evidence) if evidence else 0,
        # Only what is translated: the rest would be read in the wrong language.
        others=tuple(_wording(queries.words_for(one, revision)) for one in others),
    )  # fmt: skip


def population_band(population: int | None) -> str | None:
    """Return the band of a number of people; None where nobody counted them."""
    return _band(population, POPULATION_BANDS) if population else None


def cost_band(content: Content) -> CostBand | None:
    """Return what it cost to set up: by the figure in US dollars, else by the band told.

    Other currencies are not converted: a rate of today would tell nothing of what it cost then.
    """
    if content.cost_setup and content.cost_currency == "USD":
        return _band(float(content.cost_setup.replace(",", ".")), _COST_BANDS)
    return content.cost_band


def _band(number: float, bands: Mapping[T, int]) -> T:
    """Return the last band that begins at or below a number."""
    return [band for band, least in bands.items() if number >= least][-1]


def _facts(revision: Revision) -> Mapping[str, tuple[str, ...]]:
    return {
        "status": _one(revision.status), "year": _one(str(revision.started_year or "")),
        "cost": _one(cost_band(revision.content)), "visibility": (str(revision.visibility),),
    }  # fmt: skip


def _place(city: City) -> Mapping[str, tuple[str, ...]]:
    return {
        "country": (city.country,), "province": _one(city.province), "city": (city.slug,),
        "kind": (str(city.kind),), "population": _one(population_band(city.population)),
    }  # fmt: skip


def _one(value: str | None) -> tuple[str, ...]:
    """Return the value of a facet that has one or none."""
    return (str(value),) if value else ()


def _stamp_of(
    revision: Revision, others: Sequence[Translation], topics: Mapping[int, Topic]
) -> str:
    practice = revision.practice
    return _stamp(
        "+".join(map(str, (revision.id, *(one.id for one in others)))),
        {_told_of(topic, topics) for topic in revision.topics} or {""},
        practice.last_confirmed_at, *(getattr(practice.city, name.key) for name in _OF_CITY),
    )  # fmt: skip


def _stamp(texts: str, topics: Iterable[str], confirmed_at: datetime | None, *city: object) -> str:
    """Return which texts a document tells, and a sum of all else that it copies."""
    copied = (SHAPE, sorted(topics), confirmed_at and confirmed_at.isoformat(), *map(str, city))
    return f"{texts}.{zlib.crc32(repr(copied).encode()):08x}"


def _told_of(topic: Topic, topics: Mapping[int, Topic]) -> str:
    """Return what documents tell of a topic and of the one above it."""
    lineage = (topic, topics.get(topic.parent_id or 0))
    return "|".join(f"{one.slug}|{one.name_en}|{one.name_id}" for one in lineage if one)


def _lineage(revision: Revision, topics: Mapping[int, Topic]) -> Sequence[Topic]:
    """Return the topics of a text and those above them."""
    found = {
        topic.id: topic
        for own in revision.topics
        for topic in (own, topics.get(own.parent_id or 0))
        if topic is not None
    }
    return list(found.values())


def _names(topics: Iterable[Topic]) -> list[str]:
    """Return what topics are called in both languages."""
    return [text for topic in topics for text in (topic.name_en, topic.name_id)]


def _wording(content: Content) -> Wording:
    return Wording(
        content.language, content.title, _sentences(content.subtitle, content.summary),
        contents.full_text(content), contents.blocks_text(content),
    )  # fmt: skip


def _sentences(subtitle: str, summary: str) -> str:
    """Join the two so that a snippet over both reads as two sentences."""
    end = "" if subtitle.endswith((".", "!", "?")) or not subtitle else "."
    return f"{subtitle}{end} {summary}".strip()


def _published(ids: list[int]) -> list[Revision]:
    wanted = (
        select(Revision)
        .join(Revision.practice)
        .join(Practice.city)
        .options(
            contains_eager(Revision.practice).contains_eager(Practice.city),
            selectinload(Revision.topics),
        )
        .where(Practice.id.in_(ids), Revision.state == State.PUBLISHED)
    )
    return list(db.session().scalars(wanted))
