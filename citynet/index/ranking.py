"""Which documents a query finds, how well, and what its writer may have meant.

Two thirds of the words must be there, or as many as any visible document has: so a slip in one of
five words costs nothing, and two common words do not find everything. Documents with more of the
words come first; among them counts BM25 over words that were weighted by where they stand (title,
summary, keywords, body). Every figure is taken from documents that the reader may see: the answer
is the one that an index without the others would give.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Protocol

import numpy as np
from rapidfuzz.distance import OSA
from rapidfuzz.process import cdist

from citynet.index.columns import Columns, Floats, Mask, Numbers
from citynet.index.query import Query

MOST_EXPANSIONS = 50
MOST_CORRECTIONS = 3
SATURATION, LENGTH_SHARE = 1.2, 0.75
OWN_LANGUAGE = 1.1


@dataclass(frozen=True)
class Postings:
    """The documents that hold a word, each once, and the word's weight in each."""

    documents: Numbers
    weights: Floats


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


@dataclass(frozen=True)
class Matches:
    """Which documents match, in which tier (words found) and how well within it."""

    mask: Mask
    tiers: Floats
    scores: Floats

    def best_first(self, among: Mask, published: Floats) -> Numbers:
        """Return the numbers of documents, best first; of equals the newest."""
        numbers = np.flatnonzero(among)
        order = np.lexsort((-published[numbers], -self.scores[numbers], -self.tiers[numbers]))
        return numbers[order].astype(np.int32)


def newest_first(among: Mask, published: Floats) -> Numbers:
    """Return the numbers of documents, newest first."""
    numbers = np.flatnonzero(among)
    return numbers[np.argsort(-published[numbers], kind="stable")].astype(np.int32)


def match(query: Query, lookup: Lookup, columns: Columns, seen: Mask) -> Matches:
    """Return which of the documents seen match a query."""
    size = len(seen)
    mask, tiers, scores = seen.copy(), np.zeros(size), np.zeros(size)
    if not query.is_blank and not query.has_terms:
        mask[:] = False
    for stems in query.without:
        for stem in stems:
            mask[lookup.stem(stem).documents] = False
    phrases = [_dense((lookup.phrase(way) for way in ways), size) for ways in query.phrases]
    for weights in phrases:
        mask &= weights > 0
    groups = [_dense(map(lookup.stem, term.stems), size) for term in query.terms]
    groups += [beginning(lookup.beginning(letters), seen) for letters in query.prefixes]
    if groups:
        tiers = np.sum([weights > 0 for weights in groups], axis=0, dtype=np.float64)
        found = tiers[mask].max(initial=0)
        mask &= (tiers > 0) & (tiers >= min(-(-2 * len(groups) // 3), found))
    for weights in [*groups, *phrases]:
        scores += _bm25(weights, columns.lengths, seen)
    return Matches(mask, tiers, scores)


def _dense(postings: Iterable[Postings], size: int) -> Floats:
    """Return the weight of the heaviest of alternatives in every document."""
    weights = np.zeros(size)
    for one in postings:
        weights[one.documents] = np.maximum(weights[one.documents], one.weights)
    return weights


def beginning(expansions: Iterator[Numbers], seen: Mask) -> Floats:
    """Return 1 for documents with one of the words, of the first that can be seen."""
    weights, used = np.zeros(len(seen)), 0
    for documents in expansions:
        if seen[documents].any():
            weights[documents] = 1
            used += 1
        if used == MOST_EXPANSIONS:
            break
    return weights


def _bm25(weights: Floats, lengths: Floats, seen: Mask) -> Floats:
    total, having = np.count_nonzero(seen), np.count_nonzero(weights[seen])
    if not having:
        return np.zeros_like(weights)
    rarity = np.log1p((total - having + 0.5) / (having + 0.5))
    relative = lengths / max(lengths[seen].mean(), 1.0)
    slowing = SATURATION * (1 - LENGTH_SHARE + LENGTH_SHARE * relative)
    scores: Floats = rarity * weights * (SATURATION + 1) / (weights + slowing)
    return scores


def corrected(query: Query, lookup: Lookup, *, seen: Mask, wanted: Mask) -> str | None:
    """Return the query with words that nobody wrote replaced by near ones, if there are any.

    `seen` is what the reader may see, `wanted` what of it passes the filters.
    """
    unknown = [
        term
        for term in query.terms
        if len(term.word.text) >= 4
        and not any(seen[lookup.stem(stem).documents].any() for stem in term.stems)
    ]
    text = query.text
    if not 0 < len(unknown) <= MOST_CORRECTIONS:
        return None
    for term in reversed(unknown):
        nearest = _nearest(term.word.text, lookup, wanted)
        if nearest is not None:
            text = text[: term.word.start] + nearest + text[term.word.end :]
    return text.strip() if text != query.text else None


def _nearest(word: str, lookup: Lookup, wanted: Mask) -> str | None:
    """Return the nearest word, of equally near ones the most common, among what is wanted."""
    lexicon = lookup.lexicon()
    if not lexicon:
        return None
    most = 1 if len(word) < 6 else 2
    distances = cdist([word], lexicon, scorer=OSA.distance, score_cutoff=most, dtype=np.uint8)[0]
    near = sorted((int(distances[at]), at) for at in np.flatnonzero(distances <= most).tolist())
    for _distance, equals in groupby(near, key=lambda pair: pair[0]):
        counted = [
            (int(np.count_nonzero(wanted[lookup.word(lexicon[at])])), lexicon[at])
            for _, at in equals
        ]
        count, found = max(counted, key=lambda pair: (pair[0], pair[1]))
        if count:
            return found
    return None
