"""Documents made by chance for the table of speed: about 600 words each, and what is asked of them.

How often a word stands follows Zipf's law. The commonest are real fillers of the two languages; the
others are made of syllables, and are such that no stemmer changes them: so every engine, whichever
its stemmer, finds the same documents for a word. Each document has one word that is its own.
Document number n is always the same one; they are made once and streamed from a file, so that
making them is in nobody's time.
"""

from __future__ import annotations

import json
import pickle
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

import numpy as np
import Stemmer
from numpy.typing import NDArray

from citynet.index.document import Document
from config import ROOT

SEED, WORDS, LENGTH = 1987, 60_000, 600
# The keys are ids of practices above those of the demonstration network.
FIRST_KEY = 1_000
TITLE, SUMMARY, SENTENCE = 6, 40, 14


def _listed(text: str) -> tuple[str, ...]:
    return tuple(text.split())


COUNTRIES = _listed("ID PH TH MY VN IN JP KR CN TW SG LK BD NP PK KH LA MM MN BN TL FJ PG AU NZ")
YEARS = tuple(str(year) for year in range(2015, 2025))
FILLERS = {
    "en": _listed(
        """the of and to in a for with that on as by is from at was are this be it or an were which
        their has have not been but they its more also can will these into when would there after
        all"""
    ),
    "id": _listed(
        """yang dan di untuk dengan dari pada dalam ini itu adalah oleh ke tidak akan juga atau
        telah sebagai dapat para karena bahwa ada serta agar secara lebih tersebut kepada sudah saat
        hingga antara tentang harus seperti bagi mereka setiap yakni yaitu"""
    ),
}
_ONSETS = _listed("b d f g h j k l m n p r s t v w z br dr gr kr pr tr st")
_VOWELS, _ENDS = "aeiou", "bdfgklmnprt"
_SYLLABLES = len(_ONSETS) * len(_VOWELS)
_SHORT = 25_000
# A prime, so that no two numbers are written alike.
_STEP = 7_368_787


def document(number: int) -> Document:
    """Return document `number`, whatever the size of the corpus."""
    dice = np.random.default_rng((SEED, number))
    language = ("en", "id")[int(dice.integers(2))]
    ranks = np.searchsorted(_shares(), dice.random(LENGTH)).tolist()
    known, fillers = words(), FILLERS[language]
    text = [fillers[rank] if rank < len(fillers) else known[rank] for rank in ranks]
    text[-1] = own_word(number)
    is_public, day = bool(dice.random() < 0.7), int(dice.integers(3_650))
    country = int(dice.pareto(0.8)) % len(COUNTRIES)
    return Document(
        key=str(FIRST_KEY + number),
        stamp="1",
        language=language,
        title=" ".join(text[:TITLE]).capitalize(),
        summary=_sentences(text[TITLE : TITLE + SUMMARY]),
        body=_sentences(text[TITLE + SUMMARY :]),
        keywords="",
        audiences=frozenset({"public", "members"} if is_public else {"members"}),
        facets={
            "topic": tuple(dice.choice(topics(), int(dice.integers(1, 4)), replace=False).tolist()),
            "country": (COUNTRIES[country],),
            "year": (YEARS[int(dice.integers(len(YEARS)))],),
            "language": (language,),
        },
        published_at=datetime(2015, 1, 1, tzinfo=UTC) + timedelta(days=day, seconds=number),
        evidence=int(dice.integers(4)),
        replications=int(dice.random() < 0.1),
    )


def store(path: Path, total: int) -> None:
    """Write the first `total` documents into a file."""
    with path.open("wb") as file:
        for number in range(total):
            pickle.dump(document(number), file, protocol=pickle.HIGHEST_PROTOCOL)


def stored(path: Path) -> Iterator[Document]:
    """Yield the documents of a file that `store` wrote."""
    with path.open("rb") as file:
        while file.peek(1):
            yield pickle.load(file)


@cache
def words() -> list[str]:
    """Return the words by rank; the first are in the place of fillers and stand nowhere."""
    found: list[str] = []
    number = 0
    while len(found) < WORDS:
        # Of what is written as easily, short words are the commoner.
        made = _spell(number, syllables=2 if number < _SHORT else 3)
        number += 1
        if _is_its_own_stem(made):
            found.append(made)
    shuffled: list[str] = np.random.default_rng(SEED).permutation(found).tolist()
    return shuffled


@cache
def ranks() -> Mapping[str, int]:
    """Return the rank of each word that is not in the place of a filler."""
    return {word: rank for rank, word in enumerate(words()) if rank >= len(FILLERS["en"])}


def own_word(number: int) -> str:
    """Return the word that only document `number` has."""
    tries = (_spell(number * 256 + step, syllables=4) for step in range(256))
    return next(made for made in tries if _is_its_own_stem(made))


@cache
def topics() -> list[str]:
    """Return twenty topics that the network has."""
    path = ROOT / "citynet" / "practices" / "data" / "topics.json"
    return sorted(one["slug"] for one in json.loads(path.read_text(encoding="utf-8")))[:20]


@cache
def codes() -> Mapping[str, Mapping[str, int]]:
    """Return a number for each value of each facet, for engines that count numbers."""
    values = {"topic": topics(), "country": COUNTRIES, "year": YEARS, "language": tuple(FILLERS)}
    return {name: {value: code for code, value in enumerate(own)} for name, own in values.items()}


@cache
def _shares() -> NDArray[np.float64]:
    shares = 1 / (np.arange(WORDS) + 2.7)
    return np.cumsum(shares / shares.sum())


def _spell(number: int, *, syllables: int) -> str:
    """Write a number as a word of so many syllables, numbers near one another far apart."""
    number = number * _STEP % (_SYLLABLES**syllables * len(_ENDS))
    letters = [_ENDS[number % len(_ENDS)]]
    number //= len(_ENDS)
    for _syllable in range(syllables):
        onset, vowel = divmod(number % _SYLLABLES, len(_VOWELS))
        letters += [_VOWELS[vowel], _ONSETS[onset]]
        number //= _SYLLABLES
    return "".join(reversed(letters))


_STEMMERS = [Stemmer.Stemmer(one) for one in ("indonesian", "english", "porter")]


def _is_its_own_stem(word: str) -> bool:
    return all(one.stemWord(word) == word for one in _STEMMERS)


def _sentences(text: list[str]) -> str:
    parts = [text[at : at + SENTENCE] for at in range(0, len(text), SENTENCE)]
    return " ".join(" ".join(part).capitalize() + "." for part in parts)
