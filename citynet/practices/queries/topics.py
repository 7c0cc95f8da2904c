"""Reads of topics."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import selectinload

from citynet.cities.models import Actor
from citynet.kit import db
from citynet.practices import policy
from citynet.practices.models import (
    Revision,
    RevisionTopic,
    Topic,
    TopicSynonym,
)  # fmt: skip
from citynet.practices.queries.practices import pairs


def all_topics() -> Sequence[Topic]:
    """Return every topic, parents before their children, in the secretariat's order."""
    return db.session().scalars(select(Topic).order_by(Topic.parent_id, Topic.position)).all()


def topic_tree() -> list[tuple[Topic, list[Topic]]]:
    """Return each top topic with its children, in the secretariat's order."""
    every = all_topics()
    tops = [one for one in every if one.parent_id is None]
    return [(top, [one for one in every if one.parent_id == top.id]) for top in tops]


def get_topic(slug: str) -> Topic:
    """Return a topic with its synonyms.

    Raises:
        NotFound: no such topic.
    """
    wanted = select(Topic).options(selectinload(Topic.synonyms)).where(Topic.slug == slug)
    return db.the_one(wanted)


def topics_by_slug(slugs: Collection[str]) -> Mapping[str, Topic]:
    """Return topics by slug."""
    found = db.session().scalars(select(Topic).where(Topic.slug.in_(slugs)))
    return {topic.slug: topic for topic in found}


def counts_by_topic(actor: Actor) -> Mapping[int, int]:
    """Return how many practices each topic has, those of its children counted once with it."""
    counted = (
        select(
            func.coalesce(Topic.parent_id, Topic.id),
            func.count(func.distinct(RevisionTopic.revision_id)),
        )
        .join(RevisionTopic, RevisionTopic.topic_id == Topic.id)
        .join(Revision, Revision.id == RevisionTopic.revision_id)
        .where(policy.visible_to(actor))
        .group_by(func.coalesce(Topic.parent_id, Topic.id))
    )
    own = (
        select(RevisionTopic.topic_id, func.count())
        .join(Revision, Revision.id == RevisionTopic.revision_id)
        .join(Topic, Topic.id == RevisionTopic.topic_id)
        .where(policy.visible_to(actor), Topic.parent_id.is_not(None))
        .group_by(RevisionTopic.topic_id)
    )
    return pairs([*db.session().execute(counted).all(), *db.session().execute(own).all()])


def synonyms() -> Mapping[int, list[str]]:
    """Return the synonyms of every topic in both languages, by topic id."""
    found: dict[int, list[str]] = {}
    for topic_id, words in db.session().execute(select(TopicSynonym.topic_id, TopicSynonym.text)):
        found.setdefault(topic_id, []).append(words)
    return found
