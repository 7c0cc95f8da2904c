"""Segments: merged now and then, without a trace in any answer."""

from __future__ import annotations

import random
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from citynet.index import reading, whoosh
from citynet.index.codec import decoded, encoded, opened, sealed
from citynet.index.document import Document
from citynet.index.engine import IndexUnavailable
from citynet.index.language import place
from citynet.index.reading import Reading
from citynet.index.segments import TERMS, Merging
from citynet.index.store import Store
from citynet.index.whoosh import WhooshEngine
from citynet.index.writing import NONE, SOME
from tests.index.documents import Rows, at_random, document, drop, filled, keys, put, request

TEXTS = ("kota", "city market", '"city market"', "pas*", "-kota pasar", "")


def read(folder: Path) -> Reading:
    """Return what is read of an index."""
    return Reading(Store(folder).load())


@pytest.mark.parametrize("merging", [NONE, SOME, Merging(10_000, 3, is_even=True)])
def test_publications_one_by_one_leave_few_segments_and_the_same_answers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, merging: Merging
) -> None:
    """Whether it is merged before a publication is visible or after it."""
    monkeypatch.setattr(whoosh, "SOME", merging)
    dice, held, engine = random.Random(1), dict[str, Document](), WhooshEngine(tmp_path / "index")
    most = 0
    for one in at_random(45, 1):
        held[one.key] = one
        put(engine, [one])
        if dice.random() < 0.3:
            gone = dice.choice(list(held))
            del held[gone]
            drop(engine, [gone])
        names = Store(tmp_path / "index").manifest().files
        most = max(most, sum(name.endswith(TERMS) for name in names))
    assert most <= 17
    whole = filled(tmp_path / "whole", list(held.values()))
    for text in TEXTS:
        asked = request(text, audiences=["members"], size=45)
        ours, theirs = engine.find(asked), whole.find(asked)
        assert sorted(keys(ours)) == sorted(keys(theirs))
        assert {name: dict(one) for name, one in ours.facets.items()} == {
            name: dict(one) for name, one in theirs.facets.items()
        }
        snippets = {hit.key: hit.snippet for hit in theirs.hits}
        assert {hit.key: hit.snippet for hit in ours.hits} == snippets
    assert engine.check(Rows(list(held.values()))).is_whole


def test_rebuild_leaves_one_segment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """However many it took on the way."""
    monkeypatch.setattr("citynet.index.writing.MOST_POSTINGS", 100)
    documents = at_random(40, 3)
    filled(tmp_path / "index", documents)
    reading = read(tmp_path / "index")
    assert len(reading.segments) == 1
    assert {*reading.columns.keys} == {one.key for one in documents}


def test_columns_hold_what_documents_tell(tmp_path: Path) -> None:
    """Numbers, texts and places, also after a merge."""
    confirmed = datetime(2025, 1, 1, tzinfo=UTC)
    one = Document(
        key="a", stamp="7", language="id", title="Pasar kota", summary="Sampah", body="Izin",
        keywords="", audiences=frozenset({"public"}), facets={"topic": ("waste", "wifi")},
        published_at=confirmed, blocks="Taman", confirmed_at=confirmed, evidence=2, replications=9,
    )  # fmt: skip
    engine = filled(tmp_path / "index", [document(1, "kota")])
    for _ in range(9):
        put(engine, [one, document(2, "pasar")])
    reading = read(tmp_path / "index")
    (number,) = [at for at in reading.columns.keys.find("a") if reading.live[at]]
    columns = reading.columns
    assert columns.confirmed[number] == confirmed.timestamp()
    assert (columns.evidence[number], columns.replications[number]) == (2, 9)
    assert columns.titles[number] == ["Pasar kota"]
    assert columns.having("topic", ["wifi"])[number]
    assert not columns.having("nothing", ["wifi"]).any()
    assert reading.texts(number, "en") == ("id", "Sampah", "Izin\nTaman")
    assert reading.places(number).tolist()[:4] == [
        place("pasar"),
        place("kota"),
        0,
        place("sampah"),
    ]
    weights = [
        float(reading.stem(stem).weights[-1]) for stem in ("kota", "sampah", "taman", "izin")
    ]
    assert weights == [4.0, 2.0, 1.5, 1.0]


@pytest.mark.parametrize("count", [1, 5, 31, 32, 1000])
@pytest.mark.parametrize("kind", ["ones", "quarters", "exact"])
@pytest.mark.parametrize("spread", [1, 300, 90_000])
def test_postings_are_read_as_they_were_written(count: int, kind: str, spread: int) -> None:
    """Whatever their gaps and weights."""
    dice = np.random.default_rng(count)
    ids = np.cumsum(dice.integers(1, spread + 1, count)).astype(np.int32)
    ways = {"ones": np.ones(count), "quarters": dice.integers(1, 200, count) / 4}
    weights = ways.get(kind, dice.random(count)).astype(np.float32)
    starts = np.array([0, 1, count + 1])
    _other, record, _last = encoded(
        np.concatenate([[7], ids, [0]]).astype(np.int32),
        np.concatenate([[0.3], weights, [1]]).astype(np.float32),
        starts,
    )
    found_ids, found_weights = decoded(opened(sealed(record, b"kota"), b"kota"))
    assert found_ids.tolist() == ids.tolist()
    assert found_weights.tolist() == weights.tolist()


def test_record_of_another_is_not_taken() -> None:
    """Nor one with a wrong bit, nor a part of one."""
    record = sealed(b"content", b"1")
    assert opened(record, b"1") == b"content"
    for wrong, owner in ((record, b"2"), (record[:-1], b"1"), (record[:2], b"1"), (b"", b"1")):
        with pytest.raises(IndexUnavailable):
            opened(wrong, owner)


@pytest.mark.parametrize("sparse", [0, 1_000_000])
def test_phrase_is_found_however_its_documents_are_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, sparse: int
) -> None:
    """One by one or all at once, over several segments."""
    monkeypatch.setattr(reading, "SPARSE", sparse)
    monkeypatch.setattr(reading, "AT_ONCE", 7)
    documents = at_random(120, 8)
    engine = filled(tmp_path / "index", documents[:80])
    put(engine, documents[80:100])
    put(engine, documents[100:])
    found = read(tmp_path / "index").phrase(["kota", "pasar"]).documents
    holding = [
        one.key
        for one in documents
        if any("kota pasar" in text for told in one.wordings for text in (told.title, told.body))
        or any("kota pasar" in told.summary for told in one.wordings)
    ]
    columns = read(tmp_path / "index").columns
    assert sorted(columns.keys[at] for at in found.tolist()) == sorted(holding)
    assert len(holding) > 5
