"""All that a request finds, as keys alone."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from citynet.index.engine import IndexUnavailable
from citynet.index.vocabulary import Entry, Vocabulary
from citynet.index.whoosh import WhooshEngine
from tests.index.documents import MEMBERS, at_random, document, filled, keys, request

KNOWN = Vocabulary([Entry("waste", "en", "waste"), Entry("waste", "id", "sampah")])


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> WhooshEngine:
    """Return an engine that holds more than two pages of nearly everything."""
    return filled(tmp_path_factory.mktemp("index") / "index", at_random(300, 5))


@pytest.mark.parametrize("sort", ["relevance", "newest", "confirmed", "replicated"])
@pytest.mark.parametrize("text", ["", "waste", "kota pasar", "city* -market", '"city market"'])
def test_keys_are_those_of_all_pages_in_their_order(
    engine: WhooshEngine, text: str, sort: str
) -> None:
    """With filters and a vocabulary, and whatever page is asked for."""
    asked = replace(request(text, filters={"country": ("ID", "TH")}, sort=sort), size=100)
    first = engine.find(asked, KNOWN)
    pages = range(1, first.total // 100 + 2)
    every = [key for page in pages for key in keys(engine.find(replace(asked, page=page), KNOWN))]
    assert len(every) == first.total
    assert engine.keys(replace(asked, page=7, size=1), KNOWN) == every


def test_keys_of_what_is_hidden_are_not_told(tmp_path: Path) -> None:
    """As in pages."""
    hidden = document("h", "Waste", audiences=MEMBERS)
    engine = filled(tmp_path / "index", [hidden, document("p", "Waste")])
    assert engine.keys(request("waste")) == ["p"]
    assert set(engine.keys(request("waste", audiences=MEMBERS))) == {"h", "p"}


def test_keys_of_a_damaged_index_are_not_told(tmp_path: Path) -> None:
    """Nothing is known then."""
    engine = filled(tmp_path / "index", [document(1, "Waste")])
    (tmp_path / "index" / "manifest").write_bytes(b"1\n{}")
    with pytest.raises(IndexUnavailable):
        engine.keys(request("waste"))
