"""The shipped tree of topics: what it holds, and that it loads once."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from citynet.kit import db
from citynet.practices import topics
from citynet.practices.models import Topic, TopicSynonym

ICONS = topics.TREE.parents[2] / "web" / "templates" / "macros" / "icons.html"
ROWS: list[dict[str, Any]] = json.loads(topics.TREE.read_text(encoding="utf-8"))
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
    """Names, a sentence and three to eight other words, as long as the tables allow."""
    for language in ("en", "id"):
        assert 0 < len(row[f"name_{language}"]) <= 80
        assert 0 < len(row[f"description_{language}"]) <= 300
        assert row[f"description_{language}"].endswith(".")
        words = [word.lower() for word in row[f"synonyms_{language}"]]
        assert 3 <= len(words) <= 8
        assert len(set(words)) == len(words)
        assert all(0 < len(word) <= 80 and word == word.strip() for word in words)
        assert row[f"name_{language}"].lower() not in words
        assert not EMPTY.intersection(words)


@pytest.mark.parametrize("language", ["en", "id"])
def test_no_word_belongs_to_two_topics(language: str) -> None:
    """A synonym that names two topics would lead to neither."""
    words = [
        word.lower()
        for row in ROWS
        for word in (row[f"name_{language}"], *row[f"synonyms_{language}"])
    ]
    assert {word for word in words if words.count(word) > 1} == set()
    assert len(words) >= 400


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
