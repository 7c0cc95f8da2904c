"""Which documents a query finds, and how well.

Each word counts as much as it is rare. A document is found that has half of what the best of all
has, in questions of many words a third: so a slip costs nothing, and a common word beside a rare
one does not find everything.
What stands for a word, by what the vocabulary knows, counts as that word at less weight. Score is
BM25 over words that were weighted by where they stand (title, summary, blocks, body, topics), less
where words are missing, and more where words stand near one another as they were typed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from citynet.index.columns import Numbers
from citynet.index.facets import Mask
from citynet.index.language import is_weak
from citynet.index.query import Query, Term
from citynet.index.view import Fills, Held, View

MOST_EXPANSIONS = 50
# The share of the best document's words that a document must have, less in a question of many
# words, and how steeply it falls behind for those it has not.
NEEDED, NEEDED_OF_MANY, MANY, MISSING_COSTS = 0.5, 0.34, 4, 0.5
LEAST = np.finfo(np.float32).tiny
# How much more a word counts that names a topic in a question of many words, and how much less one
# that says little of what is sought, unless it is a part of what is known by name.
NAMING, WEAK = 1.5, 0.4


class Postings(NamedTuple):
    """The documents that hold a word, each once in their order, and its weight in each."""

    documents: Numbers
    weights: Fills


class Lookup(Protocol):
    """How the words of a generation are read."""

    def stem(self, stem: str) -> Postings:
        """Return where a stem stands."""

    def phrase(self, stems: Sequence[str]) -> Postings:
        """Return where stems stand one after the other."""

    def beginning(self, letters: str) -> Iterator[Numbers]:
        """Yield, for each word that begins so, the documents that hold it."""

    def word(self, word: str) -> Numbers:
        """Return the documents that hold a word as it is written."""

    def lexicon(self) -> Sequence[str]:
        """Return every word that is written anywhere, visible or not."""

    def places(self, number: int) -> NDArray[np.uint32]:
        """Return the numbers of a document's stems in order, 0 where a part of it ends."""


@dataclass(frozen=True)
class Expansion:
    """Documents found by something that stands for some of the query's terms, by their number.

    `words` are what it is called for people, `stems` what of it stands in a text; `is_topic` tells
    that the terms name a whole topic.
    """

    terms: tuple[int, ...]
    held: Held
    weight: float
    asked: str
    words: str
    stems: tuple[str, ...] = ()
    is_topic: bool = False


@dataclass(frozen=True)
class Matches:
    """Which documents match and how well; which hold each word, and how rare that is."""

    mask: Mask
    scores: Fills
    words: Sequence[Held]
    rarities: Sequence[float]

    def best_first(self, among: Mask, most: int, published: NDArray[np.floating]) -> Numbers:
        """Return the numbers of the best documents, best first; of equals the newest."""
        numbers = np.flatnonzero(among).astype(np.int32)
        scores = self.scores[numbers]
        if len(numbers) > most:
            least = np.partition(scores, len(numbers) - most)[len(numbers) - most]
            numbers, scores = numbers[scores >= least], scores[scores >= least]
        return numbers[np.lexsort((-published[numbers], -scores))][:most]


def match(
    query: Query, lookup: Lookup, view: View, expansions: Sequence[Expansion], language: str
) -> Matches:
    """Return which of the documents seen match a query; those in `language` count a little more."""
    mask, size = view.seen.copy(), len(view.seen)
    if not query.is_blank and not query.has_terms:
        mask[:] = False
    for stems in query.without:
        for stem in stems:
            mask[lookup.stem(stem).documents] = False
    scores = np.zeros(size, np.float32)
    for ways in query.phrases:
        held = view.held(ways, lambda ways=ways: [lookup.phrase(way) for way in ways])  # type: ignore[misc]
        within = np.zeros(size, np.bool_)
        within[held.documents] = True
        mask &= within
        scores[held.documents] += view.rarity(len(held.documents)) * held.fills
    groups = _groups(query, lookup, view)
    counting = _shares(query, len(groups), expansions)
    rarities = _add_words(groups, counting, view, expansions, mask, scores)
    if not query.is_blank:
        scores *= view.merits(language)
    return Matches(mask, scores, groups, rarities)


def _groups(query: Query, lookup: Lookup, view: View) -> list[Held]:
    """Return where the words and beginnings of a query stand."""
    return [held_of(term, lookup, view) for term in query.terms] + [
        _beginning(lookup, letters, view) for letters in query.prefixes
    ]


def held_of(term: Term, lookup: Lookup, view: View) -> Held:
    """Return where a word stands."""
    return view.held(term.stems, lambda: map(lookup.stem, term.stems))


def _shares(query: Query, total: int, expansions: Sequence[Expansion]) -> list[float]:
    """Return how much each word or beginning counts beside its rarity."""
    shares = [1.0] * total
    for number, term in enumerate(query.terms):
        others = [one for one in expansions if number in one.terms]
        if total >= MANY and any(one.is_topic for one in others):
            shares[number] = NAMING
        elif not others and is_weak(term.word.text):
            shares[number] = WEAK
    return shares


def _add_words(
    groups: Sequence[Held], counting: Sequence[float], view: View,
    expansions: Sequence[Expansion], mask: Mask, scores: Fills,
) -> list[float]:  # fmt: skip
    """Add to the scores what the words find, and take from the mask what has too few of them;
    return how rare each is.
    """
    rarities: list[float] = []
    if not groups:
        return rarities
    has = np.zeros_like(scores)
    for number, own in enumerate(groups):
        others = [one for one in expansions if number in one.terms]
        together = _together(own, others, len(scores)) if others else own
        having = len(own.documents) or len(together.documents)
        rarities.append(view.rarity(having) * counting[number] if having else 0.0)
        rarity = np.float32(rarities[-1])
        scores[together.documents] += together.fills * rarity
        has[together.documents] += rarity
    most = (has * mask).max(initial=0)
    needed = NEEDED if len(groups) < MANY else NEEDED_OF_MANY
    # What is not found is multiplied with the rest: to pick out what is takes longer.
    mask &= has >= max(np.float32(needed) * most, LEAST)
    scores *= (has / np.float32(sum(rarities) or 1)) ** MISSING_COSTS
    return rarities


def _together(own: Held, others: Sequence[Expansion], size: int) -> Held:
    """Return the documents of a word and of what stands for it, each by what fills it most."""
    fills = np.zeros(size, np.float32)
    fills[own.documents] = own.fills
    for one in others:
        at = one.held.documents
        fills[at] = np.maximum(fills[at], one.held.fills * np.float32(one.weight))
    documents = np.flatnonzero(fills).astype(np.int32)
    return Held(documents, fills[documents])


def _beginning(lookup: Lookup, letters: str, view: View) -> Held:
    return view.held(("beginning", letters), lambda: [beginning(lookup.beginning(letters), view)])


def beginning(expansions: Iterator[Numbers], view: View) -> Postings:
    """Return documents with one of the words, of the first that can be seen."""
    weights, used = np.zeros(len(view.seen), np.float32), 0
    for documents in expansions:
        if view.seen[documents].any():
            weights[documents] = 1
            used += 1
        if used == MOST_EXPANSIONS:
            break
    numbers = np.flatnonzero(weights).astype(np.int32)
    return Postings(numbers, weights[numbers])
