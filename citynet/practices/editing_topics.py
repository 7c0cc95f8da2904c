"""Commands on the tree of topics: add, change, order, merge, take out.

Every change of words draws a new version, by which search knows that its vocabulary is old. Only
names, and under what a topic stands, are in the documents of the index: a change of these writes an
effect that indexes the practices it touches. A tree has two levels; a word belongs to one topic.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from slugify import slugify
from sqlalchemy import delete, func, select, update

from citynet.cities.models import Actor
from citynet.cities.policy import can_manage_network
from citynet.kit import audit, db, effects, tokens
from citynet.kit.errors import Conflict, NotFound, require
from citynet.kit.i18n import _
from citynet.practices import topics
from citynet.practices.content import Content
from citynet.practices.models import Revision, RevisionTopic, Topic, TopicAlias, TopicSynonym
from citynet.practices.topic_words import KINDS, NARROWER, Words, checked

INDEX_MANY = "practices.index"
AT_ONCE = 200
INDEXED = ("name_en", "name_id", "parent")


@db.transaction
def add(actor: Actor, words: Words) -> Topic:
    """Add a topic at the end of its place in the tree.

    Raises:
        Invalid: what is missing, too long or another topic's, by field.
    """
    require(can_manage_network(actor))
    tidy, synonyms, parent = checked(words, None)
    topic = Topic(
        slug=_free_slug(tidy["name_en"]), parent_id=parent.id if parent else None,
        position=_last_position(parent) + 1, **tidy,
    )  # fmt: skip
    topic.synonyms = _synonym_rows(synonyms)
    db.session().add(topic)
    db.session().flush()
    topics.renew()
    _record(actor, "topic.added", topic, {}, _told(topic, parent))
    return topic


@db.transaction
def change(actor: Actor, topic_id: int, words: Words) -> Topic:
    """Rename a topic, describe it, move it under another, and keep its synonyms.

    Its address stays. The practices that readers find under it are indexed anew for another name
    or place; synonyms hold at the next search without.

    Raises:
        Invalid: what is missing, too long or another topic's, by field.
        NotFound: no such topic.
    """
    require(can_manage_network(actor))
    _lock_tree()
    topic = topics.get_by_id(topic_id)
    tidy, synonyms, parent = checked(words, topic)
    before = _told(topic, _parent_of(topic))
    if topic.parent_id != (parent.id if parent else None):
        topic.parent_id = parent.id if parent else None
        topic.position = _last_position(parent) + 1
    for name, value in tidy.items():
        setattr(topic, name, value)
    topic.synonyms.clear()
    db.session().flush()
    topic.synonyms.extend(_synonym_rows(synonyms))
    db.session().flush()
    after = _told(topic, parent)
    if before != after:
        topics.renew()
        _record(actor, "topic.changed", topic, before, after)
    if any(before[name] != after[name] for name in INDEXED):
        _index(topics.published_about([topic.id, *_children(topic.id)]))
    return topic


@db.transaction
def move(actor: Actor, topic_id: int, *, step: int) -> Topic:
    """Put a topic before (`step` -1) or behind (1) its neighbour of the same level.

    Raises:
        NotFound: no such topic.
    """
    require(can_manage_network(actor))
    _lock_tree()
    topic = topics.get_by_id(topic_id)
    level = list(
        db.session().scalars(
            select(Topic).where(Topic.parent_id.is_not_distinct_from(topic.parent_id))
            .order_by(Topic.position, Topic.id)
        )
    )  # fmt: skip
    here = level.index(topic)
    there = min(max(0, here + step), len(level) - 1)
    level.insert(there, level.pop(here))
    for position, one in enumerate(level):
        one.position = position
    if here != there:
        _record(actor, "topic.moved", topic, {"place": here + 1}, {"place": there + 1})
    return topic


@db.transaction
def merge(actor: Actor, topic_id: int, into_id: int) -> Topic:
    """Put a topic into another: its practices, words, narrower topics and address follow.

    Raises:
        Conflict: the two cannot be one, or somebody merged or deleted one of them meanwhile.
    """
    require(can_manage_network(actor))
    _lock_tree()
    try:
        topic, into = topics.get_by_id(topic_id), topics.get_by_id(into_id)
    except NotFound:
        raise Conflict(_("Somebody merged or deleted this topic meanwhile.")) from None
    children = _children(topic.id)
    _require_mergeable(topic, into, children)
    touched = topics.published_about([topic.id, *children])
    details = {"topic": topic.name_en, "into": into.name_en, "practices": _follow(topic, into)}
    before = _told(topic, _parent_of(topic))
    update_children = update(Topic).where(Topic.parent_id == topic.id).values(parent_id=into.id)
    db.session().execute(update_children)
    _hand_over_words(topic, into)
    _retire(topic, into)
    topics.renew()
    audit.record(
        actor.person_id, "topic.merged", subject=("topic", topic_id), details=details, before=before
    )
    _index(touched)
    return into


@db.transaction
def take_out(actor: Actor, topic_id: int) -> None:
    """Delete a topic that no practice has.

    Raises:
        Conflict: it is used, or has narrower topics.
        NotFound: no such topic.
    """
    require(can_manage_network(actor))
    _lock_tree()
    topic = topics.get_by_id(topic_id)
    if not is_unused(topic.id):
        raise Conflict(_("Practices or narrower topics hang on this topic. Merge it instead."))
    _record(actor, "topic.deleted", topic, _told(topic, _parent_of(topic)), {})
    _retire(topic, None)
    topics.renew()


def is_unused(topic_id: int) -> bool:
    """Tell whether no text and no narrower topic hangs on a topic."""
    texts = select(RevisionTopic.topic_id).where(RevisionTopic.topic_id == topic_id)
    children = select(Topic.id).where(Topic.parent_id == topic_id)
    return not db.session().scalar(select(texts.exists() | children.exists()))


def can_be_merged(topic: Topic, into: Topic, *, has_children: bool) -> bool:
    """Tell whether the tree still has two levels afterwards."""
    return topic.id != into.id and not (has_children and into.parent_id is not None)


def _require_mergeable(topic: Topic, into: Topic, children: Sequence[int]) -> None:
    if topic.id == into.id:
        raise Conflict(_("Choose another topic to merge it into."))
    if not can_be_merged(topic, into, has_children=bool(children)):
        raise Conflict(_("This topic has narrower ones. Merge it into a topic of the first level."))


def _follow(topic: Topic, into: Topic) -> int:
    """Give every text of a topic the other one, and return how many practices have them."""
    about = select(RevisionTopic.revision_id).where(RevisionTopic.topic_id == topic.id)
    rows = db.session().execute(
        select(Revision.id, Revision.practice_id, Revision.content_json)
        .where(Revision.id.in_(about)).with_for_update()
    ).all()  # fmt: skip
    changed = [
        {"id": key, "content_json": _with_topic(content, topic.slug, into.slug)}
        for key, _practice_id, content in rows
    ]
    if changed:
        db.session().execute(update(Revision), changed)
    both = select(RevisionTopic.revision_id).where(RevisionTopic.topic_id == into.id)
    is_own = RevisionTopic.topic_id == topic.id
    twice = delete(RevisionTopic).where(
        is_own, RevisionTopic.revision_id.in_(both.scalar_subquery())
    )
    rest = update(RevisionTopic).where(is_own).values(topic_id=into.id)
    for statement in (twice, rest):
        db.session().execute(statement.execution_options(synchronize_session=False))
    return len({practice_id for _key, practice_id, _content in rows})


def _with_topic(content_json: str, old: str, new: str) -> str:
    content = Content.model_validate_json(content_json)
    slugs = dict.fromkeys(new if slug == old else slug for slug in content.topics)
    return content.model_copy(update={"topics": tuple(slugs)}).model_dump_json()


def _hand_over_words(topic: Topic, into: Topic) -> None:
    """What a topic was called finds the other one from now on."""
    known = {(one.language, one.text.casefold()) for one in into.synonyms}
    known |= {("en", into.name_en.casefold()), ("id", into.name_id.casefold())}
    own = [("en", topic.name_en, False), ("id", topic.name_id, False)]
    rest = [(one.language, one.text, one.is_narrower) for one in topic.synonyms]
    for language, words, is_narrower in [*own, *rest]:
        if (language, words.casefold()) not in known:
            known.add((language, words.casefold()))
            into.synonyms.append(
                TopicSynonym(language=language, text=words, is_narrower=is_narrower)
            )


def _retire(topic: Topic, into: Topic | None) -> None:
    """Delete a topic and remember its address, and those that led to it."""
    to = into.id if into else None
    former = update(TopicAlias).where(TopicAlias.topic_id == topic.id).values(topic_id=to)
    db.session().execute(former)
    db.session().add(TopicAlias(slug=topic.slug, topic_id=to))
    db.session().flush()
    db.session().delete(topic)
    db.session().flush()


def _index(practice_ids: Sequence[int]) -> None:
    """Write effects that index these practices, some at a time."""
    for ids in db.chunks(practice_ids, AT_ONCE):
        effects.enqueue(INDEX_MANY, practice_ids=" ".join(map(str, ids)))


def _lock_tree() -> None:
    """Make others wait who would change the tree; SQLite has one writer anyway."""
    db.session().execute(select(Topic.id).order_by(Topic.id).with_for_update())


def _children(topic_id: int) -> Sequence[int]:
    return db.session().scalars(select(Topic.id).where(Topic.parent_id == topic_id)).all()


def _parent_of(topic: Topic) -> Topic | None:
    return db.session().get(Topic, topic.parent_id) if topic.parent_id else None


def _last_position(parent: Topic | None) -> int:
    is_beside = Topic.parent_id.is_not_distinct_from(parent.id if parent else None)
    last = db.session().scalar(select(func.max(Topic.position)).where(is_beside))
    return -1 if last is None else last


def _synonym_rows(words: Mapping[str, Sequence[str]]) -> list[TopicSynonym]:
    return [
        TopicSynonym(language=language, text=text, is_narrower=kind == NARROWER)
        for kind, language in KINDS
        for text in words[f"{kind}_{language}"]
    ]


def _free_slug(name: str) -> str:
    plain = slugify(name, max_length=60, word_boundary=True) or "topic"
    slugs = [plain, *(f"{plain}-{number}" for number in range(2, 50))]
    free = (slug for slug in slugs if not topics.is_address_taken(slug))
    return next(free, f"{plain}-{tokens.secret()[:8].lower()}")


def _told(topic: Topic, parent: Topic | None) -> dict[str, object]:
    """Return what stands in the audit log of a topic."""
    told: dict[str, object] = {
        name: getattr(topic, name)
        for name in ("name_en", "name_id", "description_en", "description_id")
    }
    for kind, language in KINDS:
        words = sorted(
            one.text
            for one in topic.synonyms
            if one.language == language and one.is_narrower == (kind == NARROWER)
        )
        told[f"{kind}_{language}"] = ", ".join(words)
    return {**told, "parent": parent.name_en if parent else ""}


def _record(
    actor: Actor, action: str, topic: Topic, before: dict[str, object], after: dict[str, object]
) -> None:
    changed = [name for name in {**before, **after} if before.get(name) != after.get(name)]
    audit.record(
        actor.person_id, action, subject=("topic", topic.id), details={"topic": topic.name_en},
        before={name: before[name] for name in changed if name in before},
        after={name: after[name] for name in changed if name in after},
    )  # fmt: skip
