"""What search knows of the topics' words: as they are now, in every process."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from flask import Flask
from sqlalchemy import event, func, select

from citynet.app import create_app
from citynet.index.language import LANGUAGES, stem, words
from citynet.index.vocabulary import Entry
from citynet.kit import db, effects
from citynet.practices import editing_topics, queries, topics
from citynet.practices.models import Topic
from citynet.practices.topic_words import Words
from citynet.search import vocabulary
from tests import network
from tests.conftest import close, config_in, quick
from tests.network import actor

LICENSING = Words(name_en="Licensing", name_id="Perizinan", synonyms_id="izin usaha")


def id_of(slug: str) -> int:
    """Return a topic's id."""
    return db.session().scalars(select(Topic.id).where(Topic.slug == slug)).one()


def called(slug: str) -> set[str]:
    """Return what search knows a topic by."""
    return {one.text for one in vocabulary.current().entries if one.topic == slug}


def rename(**changes: str) -> None:
    """Change the words of licensing as the secretariat does."""
    words = Words(**{**vars(LICENSING), **changes})
    editing_topics.change(actor("secretariat"), id_of("licensing"), words)


@pytest.fixture
def other(app: Flask) -> Iterator[Flask]:
    """Return another process's application over the same network."""
    found = quick(create_app(config_in(app.config["CITYNET"].instance_dir)))
    yield found
    close(found)


def test_names_and_synonyms_of_both_languages_are_known(app: Flask) -> None:
    """With the topic they name, and whether they name only a part of it."""
    rename(narrower_en="trade permits")
    assert set(vocabulary.current().entries) >= {
        Entry("licensing", "en", "Licensing"),
        Entry("licensing", "id", "Perizinan"),
        Entry("licensing", "id", "izin usaha"),
        Entry("licensing", "en", "trade permits", is_narrower=True),
    }


def test_changed_synonym_is_known_at_once_in_every_process(app: Flask, other: Flask) -> None:
    """Without a restart, and nothing is written into the index."""
    network.write_to("published", topics=["licensing"])
    with other.app_context():
        assert called("licensing") == {"Licensing", "Perizinan", "izin usaha"}
    waiting = db.session().scalar(select(func.count()).select_from(effects.Effect))
    rename(synonyms_id="surat izin")
    assert db.session().scalar(select(func.count()).select_from(effects.Effect)) == waiting
    for one in (app, other):
        with one.app_context():
            assert called("licensing") == {"Licensing", "Perizinan", "surat izin"}


def test_synonym_that_was_rolled_back_is_not_known(app: Flask) -> None:
    """Not even where it was read in between, and another one came after it."""

    @db.transaction
    def fail() -> None:
        rename(synonyms_id="surat izin")
        assert "surat izin" in called("licensing")
        raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert called("licensing") == {"Licensing", "Perizinan", "izin usaha"}
    rename(synonyms_id="izin dagang")
    assert called("licensing") == {"Licensing", "Perizinan", "izin dagang"}


def test_vocabulary_is_read_once_for_each_version(app: Flask) -> None:
    """Later searches ask for the version alone."""
    first = vocabulary.current()
    asked: list[str] = []
    listen = (db.db.engine, "before_cursor_execute", lambda *told: asked.append(told[2]))
    event.listen(*listen)
    try:
        assert vocabulary.current() is first
    finally:
        event.remove(*listen)
    assert len([one for one in asked if one.startswith("SELECT")]) == 1
    rename(synonyms_id="surat izin")
    assert vocabulary.current() is not first


def test_threads_that_meet_a_change_make_one_vocabulary(app: Flask) -> None:
    """The others wait for the first."""
    vocabulary.current()
    rename(synonyms_id="surat izin")
    barrier = Barrier(4)

    def read(_number: int) -> int:
        with app.app_context():
            barrier.wait()
            return id(vocabulary.current())

    with ThreadPoolExecutor(4) as pool:
        assert len(set(pool.map(read, range(4)))) == 1


CHANGES: dict[str, Callable[[], object]] = {
    "add": lambda: editing_topics.add(
        actor("secretariat"), Words(name_en="Parking", name_id="Parkir")
    ),
    "change": lambda: rename(name_en="Permits"),
    "narrow": lambda: rename(synonyms_id="", narrower_id="izin usaha"),
    "merge": lambda: editing_topics.merge(
        actor("secretariat"), id_of("waste"), id_of("licensing")
    ),
    "take out": lambda: editing_topics.take_out(actor("secretariat"), id_of("waste")),
    "load": topics.load,
}  # fmt: skip


@pytest.mark.parametrize("name", CHANGES)
def test_every_change_of_words_is_known(app: Flask, name: str) -> None:
    """The version is another one, and what is read for it is what the rows say."""
    before, known = topics.version(), vocabulary.current().entries
    CHANGES[name]()
    assert topics.version() not in ("", before)
    entries = vocabulary.current().entries
    assert entries != known
    assert set(entries) == {Entry(*row) for row in topics.all_words()}
    assert len(entries) == 2 * len(queries.all_topics()) + sum(
        map(len, queries.synonyms().values())
    )


def test_vocabulary_follows_changes_on_postgres(on_postgres: Flask) -> None:
    """The version is one row there, too."""
    topics.load()
    loaded = vocabulary.current()
    assert len(loaded.entries) > 3000
    assert vocabulary.current() is loaded
    rename(synonyms_id="surat izin")
    assert called("licensing") == {"Licensing", "Perizinan", "surat izin"}


def test_version_is_the_same_while_nothing_changes(app: Flask) -> None:
    """Saving a topic as it is, or loading what is loaded, is no change."""
    topics.load()
    before = topics.version()
    topics.load()
    rename(**{name: "\n".join(words) for name, words in words_of("licensing").items()})
    assert topics.version() == before


def words_of(slug: str) -> dict[str, list[str]]:
    """Return a topic's other words by field."""
    found: dict[str, list[str]] = {}
    for one in queries.get_topic(slug).synonyms:
        kind = "narrower" if one.is_narrower else "synonyms"
        found.setdefault(f"{kind}_{one.language}", []).append(one.text)
    return found


def test_topics_named_in_a_text_are_told_the_nearest_first(app: Flask) -> None:
    """By any of their words, in either language; words of no topic tell of none."""
    topics.load()
    assert vocabulary.topics_named("bank sampah di pasar")[0] == "waste-banks"
    assert vocabulary.topics_named("bus lanes")[0] == "public-transport"
    assert "markets" in vocabulary.topics_named("waste of a wet market")
    assert vocabulary.topics_named("the of 17") == []
    assert vocabulary.topics_named("x " * 5000) == []


def test_general_pairs_are_shipped_once_each(app: Flask) -> None:
    """And each says something in both languages."""
    pairs = vocabulary.current().pairs
    assert pairs == tuple(map(tuple, json.loads(vocabulary.PAIRS.read_text(encoding="utf-8"))))
    assert len({(one.casefold(), other.casefold()) for one, other in pairs}) == len(pairs) >= 600
    for pair in pairs:
        for language, text in zip(LANGUAGES, pair, strict=True):
            assert text == " ".join(text.split())
            assert any(stem(word.text, language) for word in words(text)), pair
