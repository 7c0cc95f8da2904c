"""The tree of topics: the shipped one, how topics are used, and their former addresses."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import func, or_, select
from sqlalchemy.orm import selectinload

from citynet.kit import db
from citynet.kit.errors import NotFound
from citynet.practices.models import Revision, RevisionTopic, State, Topic, TopicAlias, TopicSynonym

TREE = Path(__file__).parent / "data" / "topics.json"


@dataclass(frozen=True)
class Use:
    """How many practices have a topic in any of their texts, and how many readers find there."""

    practices: int = 0
    published: int = 0


@db.transaction
def load() -> int:
    """Add each shipped topic that never was there, and return how many.

    What the secretariat merged or took out since does not come back.
    """
    rows: list[dict[str, str | list[str] | int]] = json.loads(TREE.read_text(encoding="utf-8"))
    ids = {slug: key for key, slug in db.session().execute(select(Topic.id, Topic.slug)).all()}
    former = select(TopicAlias.slug, TopicAlias.topic_id)
    gone = {slug: key for slug, key in db.session().execute(former).all()}  # noqa: C416
    added = 0
    for row in rows:
        slug, above = str(row["slug"]), str(row["parent"] or "")
        if slug in ids or slug in gone:
            continue
        topic = Topic(
            slug=slug,
            parent_id=ids.get(above, gone.get(above)),
            position=int(str(row["order"])),
            **{key: row[key] for key in ("name_en", "name_id", "description_en", "description_id")},
        )
        topic.synonyms = [
            TopicSynonym(language=language, text=words)
            for language in ("en", "id")
            for words in dict.fromkeys(_words(row, f"synonyms_{language}"))
        ]
        db.session().add(topic)
        db.session().flush()
        ids[slug] = topic.id
        added += 1
    return added


def get_by_id(topic_id: int) -> Topic:
    """Return a topic with its synonyms.

    Raises:
        NotFound: no such topic.
    """
    wanted = select(Topic).options(selectinload(Topic.synonyms)).where(Topic.id == topic_id)
    found = db.session().scalar(wanted)
    if found is None:
        raise NotFound
    return found


def moved_to(slug: str) -> str | None:
    """Return the address of the topic into which one of a former address was merged."""
    wanted = (
        select(Topic.slug)
        .join(TopicAlias, TopicAlias.topic_id == Topic.id)
        .where(TopicAlias.slug == slug)
    )
    return db.session().scalar(wanted)


def current(slugs: Sequence[str]) -> tuple[str, ...]:
    """Return addresses with the former ones replaced by what they lead to now, each once."""
    wanted = (
        select(TopicAlias.slug, Topic.slug)
        .join(Topic, Topic.id == TopicAlias.topic_id)
        .where(TopicAlias.slug.in_(slugs))
    )
    moved = {old: new for old, new in db.session().execute(wanted).all()}  # noqa: C416
    return tuple(dict.fromkeys(moved.get(slug, slug) for slug in slugs))


def uses() -> Mapping[int, Use]:
    """Return how each topic is used itself, without its narrower ones, by id."""
    practice = Revision.practice_id
    is_out = Revision.state == State.PUBLISHED
    wanted = (
        select(
            RevisionTopic.topic_id,
            func.count(func.distinct(practice)),
            func.count(func.distinct(practice)).filter(is_out),
        )
        .join(Revision, Revision.id == RevisionTopic.revision_id)
        .group_by(RevisionTopic.topic_id)
    )
    return {key: Use(every, out) for key, every, out in db.session().execute(wanted).all()}


def published_about(topic_ids: Sequence[int]) -> Sequence[int]:
    """Return the ids of the practices whose published text has one of the topics."""
    wanted = (
        select(Revision.practice_id)
        .join(RevisionTopic, RevisionTopic.revision_id == Revision.id)
        .where(Revision.state == State.PUBLISHED, RevisionTopic.topic_id.in_(topic_ids))
        .distinct()
    )
    return db.session().scalars(wanted.order_by(Revision.practice_id)).all()


def taken_words(language: str, *, without: int | None) -> Mapping[str, Topic]:
    """Return the other topics by each name and synonym they have in a language, in lower case."""
    others = select(Topic).options(selectinload(Topic.synonyms))
    if without is not None:
        others = others.where(Topic.id != without)
    return {
        words.casefold(): topic
        for topic in db.session().scalars(others)
        for words in (
            topic.name_id if language == "id" else topic.name_en,
            *(one.text for one in topic.synonyms if one.language == language),
        )
    }


def is_address_taken(slug: str) -> bool:
    """Tell whether a topic has or had this address."""
    topic = select(Topic.id).where(Topic.slug == slug)
    alias = select(TopicAlias.id).where(TopicAlias.slug == slug)
    return bool(db.session().scalar(select(or_(topic.exists(), alias.exists()))))


def _words(row: Mapping[str, str | list[str] | int], key: str) -> list[str]:
    found = row[key]
    return found if isinstance(found, list) else []
