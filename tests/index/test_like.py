"""More like this: what tells of the same, in either language, among what the reader may see."""

from __future__ import annotations

from pathlib import Path

import pytest

from citynet.index.document import Wording
from citynet.index.whoosh import WhooshEngine
from tests.index.documents import EVERYONE, MEMBERS, at_random, document, drop, filled, put

PUBLIC = frozenset({"public"})


@pytest.fixture
def engine(tmp_path: Path) -> WhooshEngine:
    """Return practices of which some are about the same."""
    return filled(
        tmp_path / "index",
        [
            document("flood", "Flood warning by sirens", summary="Residents warn of the river.",
                     facets={"topic": ("flood-warning", "disaster")}),
            document("siren", "Sirens along the river", summary="A warning for residents.",
                     facets={"topic": ("flood-warning", "disaster")}),
            document("banjir", "Peringatan dini banjir", summary="Warga berjaga.", language="id",
                     facets={"topic": ("flood-warning", "disaster")}),
            document("quake", "Recovery after the quake", facets={"topic": ("disaster",)}),
            document("bus", "Night buses", summary="Routes drawn by riders.",
                     facets={"topic": ("transport",)}),
            document("bis", "Bus malam", summary="Rute malam.", language="id",
                     facets={"topic": ("transport",)},
                     others=[Wording("en", "Night buses of the coast", "Routes by night.", "")]),
            document("secret", "Flood warning by sirens for members", audiences=MEMBERS,
                     facets={"topic": ("flood-warning",)}),
        ],
    )  # fmt: skip


def test_nearest_come_first_and_never_itself(engine: WhooshEngine) -> None:
    """Words and topics count, topics in every language."""
    found = engine.like("flood", PUBLIC, 5)
    assert found[0] == "siren"
    assert set(found[:3]) == {"siren", "banjir", "quake"}
    assert "flood" not in found
    assert "bus" not in found


def test_other_language_is_reached_by_topics_and_by_what_is_told_in_both(
    engine: WhooshEngine,
) -> None:
    """From either side."""
    assert set(engine.like("banjir", PUBLIC, 2)) == {"flood", "siren"}
    assert engine.like("bus", PUBLIC, 1) == ["bis"]
    assert engine.like("bis", PUBLIC, 1) == ["bus"]


def test_hidden_are_neither_told_nor_asked_about(engine: WhooshEngine) -> None:
    """Members see them."""
    assert "secret" not in engine.like("flood", PUBLIC, 9)
    assert engine.like("secret", PUBLIC, 9) == []
    assert "secret" in engine.like("flood", EVERYONE, 2)
    assert "flood" in engine.like("secret", EVERYONE, 2)


@pytest.mark.parametrize("limit", [-1, 0, 1, 2, 50])
def test_as_many_as_asked_for_and_no_document_twice(engine: WhooshEngine, limit: int) -> None:
    """Fewer where there are no more."""
    found = engine.like("flood", PUBLIC, limit)
    assert len(found) == len(set(found)) <= max(0, limit)


@pytest.mark.parametrize("key", ["", "nobody", "flo", "flood\0", "\ud800", "x" * 10_000])
def test_unknown_key_is_like_nothing(engine: WhooshEngine, key: str) -> None:
    """Nor is one that was taken out."""
    assert engine.like(key, PUBLIC, 5) == []


def test_key_that_was_taken_out_is_like_nothing_and_nothing_is_like_it(
    engine: WhooshEngine,
) -> None:
    """At once."""
    drop(engine, ["siren"])
    assert engine.like("siren", PUBLIC, 5) == []
    assert "siren" not in engine.like("flood", PUBLIC, 5)


def test_rewritten_document_is_found_by_what_it_tells_now(engine: WhooshEngine) -> None:
    """Its older state, which is still in the files, is not asked."""
    put(engine, [document("flood", "Night buses by the river", facets={"topic": ("transport",)})])
    assert set(engine.like("flood", PUBLIC, 2)) == {"bus", "bis"}


def test_every_document_of_a_network_is_like_some(tmp_path: Path) -> None:
    """With the same answer each time."""
    documents = at_random(60, 8)
    engine = filled(tmp_path / "index", documents)
    for one in documents:
        found = engine.like(one.key, EVERYONE, 4)
        assert len(found) == 4
        assert found == engine.like(one.key, EVERYONE, 4)
