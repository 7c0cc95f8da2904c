"""The tree of topics: the shipped one, how topics are used, and their former addresses.

Topics and their words have a version that each change draws anew, so that whoever keeps a copy of
them knows that it is old (see `search/vocabulary.py`).
"""

from __future__ import annotations

import csv
import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from sqlalchemy import func, or_, select
from sqlalchemy.orm import selectinload

from citynet.kit import db, tokens
from citynet.kit.errors import NotFound
from citynet.practices.models import (
    Revision,
    RevisionTopic,
    State,
    Topic,
    TopicAlias,
    TopicsEdition,
    TopicSynonym,
)

TREE = Path(__file__).parent / "data" / "topics.json"
# One word a line: its topic, language and kind, and the edition that brought it.
WORDS = TREE.with_name("topic_words.csv")
# The edition that was shipped before editions were counted, and words were narrower or not.
FIRST_EDITION = 1
# Of one topic in one language.
MOST_SYNONYMS = 30


class ShippedWord(NamedTuple):
    """Another word for a topic, and the edition since which it is shipped."""

    language: str
    text: str
    is_narrower: bool
    since: int

    @property
    def key(self) -> tuple[str, str]:
        """Return what no other word of any topic may be."""
        return self.language, self.text.casefold()


@dataclass(frozen=True)
class Use:
    """How many practices have a topic in any of their texts, and how many readers find there."""

    practices: int = 0
    published: int = 0


@db.transaction
def load() -> int:
    """Add each shipped topic that never was there, and return how many.

    Topics that are there get the words shipped since the edition they had, unless another topic
    has them. What the secretariat merged or took out since, topic or word, does not come back.
    """
    words = shipped_words()
    newest = max(word.since for of_one in words.values() for word in of_one)
    edition = db.session().scalar(select(TopicsEdition.words)) or FIRST_EDITION
    added = _add_topics()
    if added or edition < newest:
        _add_words(words, new=added, edition=edition)
        renew(words=newest)
    return len(added)


def shipped_words() -> Mapping[str, Sequence[ShippedWord]]:
    """Return the words shipped for each topic, by its address."""
    found: dict[str, list[ShippedWord]] = {}
    with WORDS.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            word = ShippedWord(
                row["language"], row["text"], row["kind"] == "narrower", int(row["since"])
            )
            found.setdefault(row["topic"], []).append(word)
    return found


def version() -> str:
    """Return which state topics and words are in: another text after each change, for good."""
    return db.session().scalar(select(TopicsEdition.version)) or ""


def all_words() -> list[tuple[str, str, str, bool]]:
    """Return address, language, text and whether it is narrower of every name and other word."""
    named = db.session().execute(select(Topic.slug, Topic.name_en, Topic.name_id)).all()
    others = (
        select(Topic.slug, TopicSynonym.language, TopicSynonym.text, TopicSynonym.is_narrower)
        .join(Topic, Topic.id == TopicSynonym.topic_id)
        .order_by(TopicSynonym.id)
    )
    return [
        *((slug, "en", name, False) for slug, name, _name in named),
        *((slug, "id", name, False) for slug, _name, name in named),
        *((row.slug, row.language, row.text, row.is_narrower)
          for row in db.session().execute(others)),
    ]  # fmt: skip


def renew(*, words: int | None = None) -> None:
    """Tell that topics or words changed, in the transaction that changes them."""
    drawn = tokens.secret()
    row = db.insert(TopicsEdition).values(id=1, version=drawn, words=words or FIRST_EDITION)
    kept = {"version": drawn, **({} if words is None else {"words": words})}
    db.session().execute(row.on_conflict_do_update(index_elements=["id"], set_=kept))


def _add_topics() -> Collection[int]:
    """Add the topics that never were there, without their other words; return their ids."""
    rows: list[dict[str, str | int]] = json.loads(TREE.read_text(encoding="utf-8"))
    ids = {slug: key for key, slug in db.session().execute(select(Topic.id, Topic.slug)).all()}
    former = select(TopicAlias.slug, TopicAlias.topic_id)
    gone = {slug: key for slug, key in db.session().execute(former).all()}  # noqa: C416
    added = set()
    for row in rows:
        slug, above = str(row["slug"]), str(row["parent"] or "")
        if slug in ids or slug in gone:
            continue
        topic = Topic(
            slug=slug,
            parent_id=ids.get(above, gone.get(above)),
            position=int(row["order"]),
            **{key: row[key] for key in ("name_en", "name_id", "description_en", "description_id")},
        )
        db.session().add(topic)
        db.session().flush()
        ids[slug] = topic.id
        added.add(topic.id)
    return added


def _add_words(
    shipped: Mapping[str, Sequence[ShippedWord]], *, new: Collection[int], edition: int
) -> None:
    every = select(Topic).options(selectinload(Topic.synonyms))
    topics = db.session().scalars(every.execution_options(populate_existing=True)).all()
    taken = {key for topic in topics for key in _keys(topic)}
    for topic in topics:
        held = {(one.language, one.text.casefold()): one for one in topic.synonyms}
        had = 0 if topic.id in new else edition
        for word in shipped.get(topic.slug, ()):
            if word.key in held:
                if edition == FIRST_EDITION:
                    held[word.key].is_narrower = word.is_narrower
            elif word.since > had and word.key not in taken and _has_room(topic, word.language):
                taken.add(word.key)
                topic.synonyms.append(
                    TopicSynonym(
                        language=word.language, text=word.text, is_narrower=word.is_narrower
                    )
                )
    db.session().flush()


def _keys(topic: Topic) -> list[tuple[str, str]]:
    names = [("en", topic.name_en), ("id", topic.name_id)]
    return [
        (language, text.casefold())
        for language, text in [*names, *((one.language, one.text) for one in topic.synonyms)]
    ]


def _has_room(topic: Topic, language: str) -> bool:
    return sum(one.language == language for one in topic.synonyms) < MOST_SYNONYMS


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
