"""The benchmark of search: every engine answers the same, and the tables are printed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bench.search import corpus, costs, quality, speed
from bench.search.asking import Ask, Engine, Reader
from bench.search.collections import Asked, Collection
from bench.search.engines import ENGINES, FTS5, FTS5_NUMPY, POSTGRES
from bench.search.queries import FILTERED, Queries
from bench.search.table import Table
from citynet.index.document import Document
from citynet.index.vocabulary import NOTHING

SIZE = 200


@pytest.fixture(scope="module")
def engines(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Engine]:
    """Return an index of each engine that needs no server, with the same documents."""
    folder = tmp_path_factory.mktemp("engines")
    corpus.store(folder / "documents", SIZE)
    found = {}
    for name, make in ENGINES.items():
        if name != POSTGRES:
            found[name] = make(str(folder / (FTS5 if name == FTS5_NUMPY else name)))
            if name != FTS5_NUMPY:
                found[name].build(corpus.stored(folder / "documents"), SIZE)
    return found


@pytest.fixture(scope="module")
def readers(engines: Mapping[str, Engine]) -> Iterator[Mapping[str, Reader]]:
    """Give a reader of each engine."""
    opened = {name: engine.open() for name, engine in engines.items()}
    yield opened
    for reader in opened.values():
        reader.close()


def test_documents_are_always_the_same_and_streamed(tmp_path: Path) -> None:
    corpus.store(tmp_path / "few", 3)
    assert list(corpus.stored(tmp_path / "few")) == [corpus.document(n) for n in range(3)]


def test_every_engine_finds_the_same_documents_for_a_rare_word(
    readers: Mapping[str, Reader],
) -> None:
    queries = Queries(SIZE, "rare")
    for ask in [queries.rare() for _ in range(40)]:
        found = {name: reader.find(ask.whole) for name, reader in readers.items()}
        assert len({answer.total for answer in found.values()}) == 1, ask
        assert len({frozenset(answer.keys) for answer in found.values()}) == 1, ask
        assert next(iter(found.values())).total > 0


@pytest.mark.parametrize("filters", [{}, FILTERED])
def test_every_engine_counts_the_same_facets(
    readers: Mapping[str, Reader], filters: Mapping[str, tuple[str, ...]]
) -> None:
    queries = Queries(SIZE, "facets")
    for ask in [Ask(queries.common().words, filters=filters) for _ in range(10)]:
        found = [reader.find(ask.whole) for reader in readers.values()]
        assert all(answer.facets == found[0].facets for answer in found), ask
        assert len({answer.total for answer in found}) == 1


def test_every_engine_corrects_a_slip_and_suggests_titles(readers: Mapping[str, Reader]) -> None:
    queries = Queries(SIZE, "slips")
    ask, typed = queries.misspelt(), queries.typed()
    for reader in readers.values():
        assert reader.find(ask.whole).suggestion
        assert reader.suggest(typed)
        assert reader.like(queries.key())


def test_the_table_of_speed_is_printed(
    engines: Mapping[str, Engine],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    for name in ("WARM", "COLD", "SAMPLES"):
        monkeypatch.setattr(speed, name, 2)
    monkeypatch.setattr(costs, "PUBLICATIONS", 1)
    table = Table(SIZE, list(engines))
    table.head()
    speed.measure(table, engines)
    costs.publish(table, engines)
    printed = capsys.readouterr().out
    for line in ("common word", "PAGE, two words", "cold PAGE, two words", "published to visible"):
        assert f"{SIZE}  {line}" in printed
    assert "nan" not in printed


def test_the_table_of_quality_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    documents = [
        Document(
            key=key, stamp="1", language="en", title=title, summary="", body="", keywords="",
            audiences=frozenset({"public", "members"}), facets={},
            published_at=datetime(2024, 1, 1, tzinfo=UTC),
        )
        for key, title in (("1", "A market"), ("2", "Waste of a city"), ("3", "Parking"))
    ]  # fmt: skip
    asked = [Asked("waste", "en", {"2": 3})]
    quality.measure_one(Collection("three", documents, {"all": asked}), NOTHING, None)
    lines = capsys.readouterr().out.splitlines()
    told = {line[:44].strip(): line[44:].split() for line in lines if line.endswith("%")}
    assert {"ours", "Whoosh, plain", "SQLite FTS5", "tantivy"} <= told.keys()
    assert all(figures == ["1.000"] * 4 + ["0.0%"] for figures in told.values())
