"""The shipped tree of topics: what it holds, and that it loads once."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import delete, func, select

from citynet.kit import db
from citynet.practices import queries, topics
from citynet.practices.models import Topic, TopicsEdition, TopicSynonym

ICONS = topics.TREE.parents[2] / "web" / "templates" / "macros" / "icons.html"
ROWS: list[dict[str, Any]] = json.loads(topics.TREE.read_text(encoding="utf-8"))
WORDS = topics.shipped_words()
# Words that stand in every practice and would find all of them.
EMPTY = {
    "city", "data", "government", "information", "project", "program", "programme", "public",
    "service", "services", "system", "kota", "layanan", "pelayanan", "pemerintah",
    "masyarakat", "warga", "sistem", "informasi", "daerah", "dinas",
}  # fmt: skip


def tree() -> dict[str, list[str]]:
    """Return the slugs of each top topic's children."""
    return {
        row["slug"]: [child["slug"] for child in ROWS if child["parent"] == row["slug"]]
        for row in ROWS
        if row["parent"] is None
    }


def count_of(model: type[Topic | TopicSynonym]) -> int:
    """Return how many rows a table holds."""
    return db.session().scalar(select(func.count()).select_from(model)) or 0


def test_tree_is_wide_enough() -> None:
    """At least 12 top topics and 60 in all, each with its own slug and each top with children."""
    assert len(tree()) >= 12
    assert len(ROWS) >= 60
    assert len({row["slug"] for row in ROWS}) == len(ROWS)
    assert all(tree().values())


def test_parents_stand_before_their_children() -> None:
    """Loading goes down the list once."""
    seen: set[str] = set()
    for row in ROWS:
        assert row["parent"] is None or row["parent"] in seen
        seen.add(row["slug"])


def test_every_topic_has_a_picture() -> None:
    """The icons' families are the tree."""
    block = ICONS.read_text(encoding="utf-8").split("set families = {")[1].split("}")[0]
    families = {
        parent: children.split() for parent, children in re.findall(r"'(.+?)': '(.+?)'", block)
    }
    assert families == tree()


@pytest.mark.parametrize("row", ROWS, ids=lambda row: str(row["slug"]))
def test_topic_is_told_in_both_languages(row: dict[str, Any]) -> None:
    """Names, a sentence and some other words, as long and as many as the form allows."""
    for language in ("en", "id"):
        assert 0 < len(row[f"name_{language}"]) <= 80
        assert 0 < len(row[f"description_{language}"]) <= 300
        assert row[f"description_{language}"].endswith(".")
        words = [word.text for word in WORDS[row["slug"]] if word.language == language]
        assert 3 <= len(words) <= topics.MOST_SYNONYMS
        assert all(0 < len(word) <= 80 and word == " ".join(word.split()) for word in words)
        words = [word.casefold() for word in words]
        assert len(set(words)) == len(words)
        assert row[f"name_{language}"].lower() not in words
        assert not EMPTY.intersection(words)


@pytest.mark.parametrize("language", ["en", "id"])
def test_no_word_belongs_to_two_topics(language: str) -> None:
    """A synonym that names two topics would lead to neither."""
    words = [
        text.casefold()
        for row in ROWS
        for text in (
            row[f"name_{language}"],
            *(word.text for word in WORDS[row["slug"]] if word.language == language),
        )
    ]
    assert len(set(words)) == len(words) >= 1500


def test_shipped_words_are_of_shipped_topics() -> None:
    """Of an edition each, and either another name or narrower."""
    assert WORDS.keys() == {row["slug"] for row in ROWS}
    lines = topics.WORDS.read_text(encoding="utf-8").splitlines()[1:]
    assert {line.split(",")[2] for line in lines} == {"same", "narrower"}
    assert {word.since for of_one in WORDS.values() for word in of_one} == {1, 2}


def test_loading_adds_every_topic_once(app: Flask) -> None:
    """A second load adds nothing."""
    known = set(db.session().scalars(select(Topic.slug)))
    assert topics.load() == sum(row["slug"] not in known for row in ROWS)
    counts = count_of(Topic), count_of(TopicSynonym)
    assert counts[0] == len({row["slug"] for row in ROWS} | known)
    assert topics.load() == 0
    assert (count_of(Topic), count_of(TopicSynonym)) == counts


def test_loaded_child_hangs_under_its_parent(app: Flask) -> None:
    """Its synonyms come along in both languages."""
    topics.load()
    child = db.session().scalars(select(Topic).where(Topic.slug == "waste-banks")).one()
    assert child.parent_id is not None
    assert db.session().get_one(Topic, child.parent_id).slug == "waste"
    wanted = select(TopicSynonym.language).where(TopicSynonym.topic_id == child.id)
    assert set(db.session().scalars(wanted)) == {"en", "id"}


def words_of(slug: str) -> dict[str, bool]:
    """Return a topic's words by their text, and whether each is narrower."""
    wanted = select(TopicSynonym.text, TopicSynonym.is_narrower).join(
        Topic, Topic.id == TopicSynonym.topic_id
    )
    rows = db.session().execute(wanted.where(Topic.slug == slug)).all()
    return {text: is_narrower for text, is_narrower in rows}  # noqa: C416


def go_back(**words: bool) -> None:
    """Bring markets to what a network of the first edition held: these words, none narrower."""

    @db.transaction
    def write() -> None:
        topics.load()
        topic = queries.get_topic("markets")
        topic.synonyms.clear()
        db.session().flush()
        topic.synonyms.extend(
            TopicSynonym(language="en", text=text.replace("_", " "), is_narrower=is_one)
            for text, is_one in words.items()
        )
        db.session().execute(delete(TopicsEdition))

    write()


def test_network_of_the_first_edition_gets_the_words_shipped_since(app: Flask) -> None:
    """Its own stay, and what it took out of the first edition does not come back."""
    of_first = {word.text for word in WORDS["markets"] if word.since == 1}
    later = {word.text for word in WORDS["markets"] if word.since == 2}
    assert {"hawkers", "wet market"} <= of_first
    go_back(wet_market=False, our_own_word=False)
    assert topics.load() == 0
    assert words_of("markets").keys() == {"wet market", "our own word", *later}


def test_word_taken_out_of_any_edition_stays_out(app: Flask) -> None:
    """Loading again, at each start, adds nothing."""
    topics.load()
    change = delete(TopicSynonym).where(TopicSynonym.text == WORDS["markets"][0].text)
    db.session().execute(change)
    db.session().commit()
    topics.load()
    assert WORDS["markets"][0].text not in words_of("markets")


def test_shipped_words_of_the_first_edition_learn_whether_they_are_narrower(app: Flask) -> None:
    """Nobody could say so before; later it is the secretariat's."""
    narrower = next(one.text for one in WORDS["markets"] if one.is_narrower and one.since == 1)
    go_back(**{narrower.replace(" ", "_"): False})
    topics.load()
    assert words_of("markets")[narrower]


def test_shipped_word_that_another_topic_has_stays_there(app: Flask) -> None:
    """Whoever gave it to that one meant it, and thirty words are enough for a topic."""
    later = [one.text for one in WORDS["markets"] if one.since == 2 and one.language == "en"]
    go_back()
    waste = queries.get_topic("waste")
    waste.synonyms.append(TopicSynonym(language="en", text=later[0].upper()))
    db.session().commit()
    topics.load()
    assert later[0] not in words_of("markets")
    assert later[1] in words_of("markets")


def test_topic_with_many_words_of_its_own_gets_no_more_than_thirty(app: Flask) -> None:
    """Its form would refuse them."""
    go_back(**{f"own_{number}": False for number in range(29)})
    topics.load()
    wanted = select(func.count()).select_from(TopicSynonym).join(Topic)
    wanted = wanted.where(Topic.slug == "markets", TopicSynonym.language == "en")
    assert db.session().scalar(wanted) == topics.MOST_SYNONYMS
