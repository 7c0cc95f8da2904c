"""Texts read for the index: quickly, and as the same words are read in a query."""

from __future__ import annotations

import random

import pytest

from citynet.index import analysis
from citynet.index.analysis import Told
from citynet.index.document import Wording
from citynet.index.language import place, read, spellings, stem, words

PIECES = [
    "wi", "fi", "Wi", "wı", "İ", "lalu", "lintas", "LALU", "e", "E", "gov", "kota", "Kota", "a",
    "x2", "_", "é", "e\u0301", "\u0301", "’", "'", "s", " ", "-", "‐", "‑", "–", "\u00a0", ".",
    "\n", "ſ", "中", "ß", "x" * 70,
]  # fmt: skip


@pytest.mark.parametrize("seed", range(20))
def test_spellings_are_the_words_of_a_text(seed: int) -> None:
    """Whether or not words are made of several."""
    dice = random.Random(seed)
    for _text in range(500):
        text = "".join(dice.choices(PIECES, k=dice.randint(1, 9)))
        told = [read(one)[2:] for one in spellings(text)]
        assert told == [(word.text, word.part) for word in words(text)], text


def test_wording_is_weighed_by_where_its_words_stand() -> None:
    """And its sequence keeps the ends of its parts."""
    told = Told(Wording("en", "Waste banks", "The waste", "E-licensing of waste", "Bank"))
    bank = stem("banks", "en")
    assert told.weights["wast"] == 4 + 2 + 1
    assert told.weights[bank] == 4 + 1.5
    assert told.weights[stem("licensing", "en")] == 1
    assert told.length == 4 * 2 + 2 * 2 + 1.5 + 3
    assert told.title_words == {"waste", "banks"}
    assert told.words == {"waste", "banks", "the", "elicensing", "licensing", "of", "bank"}
    sequence = [number for part in told.places for number in part.tolist()]
    wanted = ["wast", bank, "", "wast", "", bank, "", stem("elicensing", "en"), "wast", ""]
    assert sequence == [place(one) if one else 0 for one in wanted]


def test_memory_of_spellings_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """What makes room is worked out again, and nothing is left once it is forgotten."""
    monkeypatch.setattr(analysis, "MOST_KEPT", 3)
    text = "one two three four five six"
    first = Told(Wording("en", text, "", text))
    assert Told(Wording("en", text, "", text)).weights == first.weights
    assert len(analysis._SAID["en"]) <= 3
    analysis.forget()
    assert not analysis._SAID["en"]
