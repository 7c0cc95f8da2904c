"""What the readers of certain audiences see of a generation, and the figures that follow from it.

Every figure is taken from documents that the reader may see: the answer is the one that an index
without the others would give. A view is made once for each generation and audience.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from math import log1p
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from citynet.index.columns import Columns, Numbers
from citynet.index.facets import Mask
from citynet.index.language import LANGUAGES
from citynet.index.recent import Recent

Fills = NDArray[np.float32]
# The documents that hold a word and its weight in each.
Pair = tuple[Numbers, Fills]
SATURATION, LENGTH_SHARE = 1.6, 0.75
# How much more a practice counts that was confirmed now, whose results a replicating city
# confirmed, that was replicated often: of near equals the better known comes first, no more.
FRESH, PROVEN, REPLICATED = 0.03, 0.02, 0.02
HALF_LIFE_SECONDS = 2 * 365 * 86_400.0
MOST_EVIDENCE, MOST_REPLICATIONS = 3, 4
# How much more what is told in the reader's language counts.
OWN_LANGUAGE = 1.05
MOST_HELD = 2_000_000
# A topic says of a document what a word in its title does.
TOPIC_WEIGHT = 4.0


class Held(NamedTuple):
    """The documents seen that hold any of several words, and how much each is filled with them.

    More of the same adds ever less: a fill never reaches SATURATION + 1.
    """

    documents: Numbers
    fills: Fills


class View:
    """The documents that may be seen."""

    def __init__(self, columns: Columns, seen: Mask) -> None:
        self.columns, self.seen = columns, seen
        self.total = int(np.count_nonzero(seen))
        lengths = columns.lengths.astype(np.float32)
        mean = float(lengths[seen].mean(dtype=np.float64)) if self.total else 1.0
        self._slowing = SATURATION * (1 - LENGTH_SHARE + LENGTH_SHARE * lengths / max(mean, 1.0))
        self._merits = _merits(columns, seen)
        self._merits_in: dict[str, Fills] = {}
        self._orders: dict[str, Numbers] = {}
        self._kept = Recent[Held](MOST_HELD, lambda one: len(one.documents) + 100)

    def merits(self, language: str) -> Fills:
        """Return by how much to multiply each document's score for a reader of a language."""
        if language not in LANGUAGES:
            return self._merits
        if language not in self._merits_in:
            own = self.columns.told_in(language) * np.float32(OWN_LANGUAGE - 1)
            self._merits_in[language] = self._merits * (1 + own)
        return self._merits_in[language]

    def rarity(self, having: int) -> float:
        """Return how telling a word is that so many of the documents hold."""
        return log1p((self.total - having + 0.5) / (having + 0.5))

    def held(self, name: Hashable, read: Callable[[], Iterable[Pair]], *among: Mask) -> Held:
        """Return what of the postings can be seen and is in all the masks, made once by name."""
        return self._kept.get(name, lambda: self._held(list(read()), among))

    def about(self, topic: str) -> Held:
        """Return the documents of a topic."""
        return self._kept.get(("topic", topic), lambda: self._about(topic))

    def ordered(self, sort: str) -> Numbers:
        """Return the numbers of all documents seen in the order of a sort, of equals the newest."""
        name = sort if sort in ("confirmed", "replicated") else "newest"
        if name not in self._orders:
            numbers = np.flatnonzero(self.seen).astype(np.int32)
            by = {
                "newest": self.columns.published,
                "confirmed": self.columns.confirmed,
                "replicated": self.columns.replications.astype(np.float64),
            }
            first, newest = -by[name][numbers], -by["newest"][numbers]
            self._orders[name] = numbers[np.lexsort((newest, first))]
        return self._orders[name]

    def _held(self, every: list[Pair], among: Iterable[Mask]) -> Held:
        if len(every) == 1:
            documents, weights = every[0]
        else:
            dense = np.zeros(len(self.columns), np.float32)
            for documents, weights in every:
                dense[documents] = np.maximum(dense[documents], weights)
            documents = np.flatnonzero(dense).astype(np.int32)
            weights = dense[documents]
        keep = self.seen[documents]
        for mask in among:
            keep = keep & mask[documents]
        documents, weights = documents[keep], weights[keep].astype(np.float32)
        fills = weights * np.float32(SATURATION + 1) / (weights + self._slowing[documents])
        return Held(documents, fills.astype(np.float32))

    def _about(self, topic: str) -> Held:
        mask = self.columns.having("topic", (topic,)) & self.seen
        documents = np.flatnonzero(mask).astype(np.int32)
        fill = TOPIC_WEIGHT * (SATURATION + 1) / (TOPIC_WEIGHT + SATURATION)
        return Held(documents, np.full(len(documents), fill, np.float32))


def _merits(columns: Columns, seen: Mask) -> Fills:
    """Return by how much each document's score is multiplied: from 1 to a few hundredths more."""
    known = np.maximum(columns.published, columns.confirmed)
    newest = known[seen].max(initial=0)
    fresh = FRESH * np.exp2((np.minimum(known, newest) - newest) / HALF_LIFE_SECONDS)
    proven = PROVEN * np.minimum(columns.evidence, MOST_EVIDENCE) / MOST_EVIDENCE
    replicated = (
        REPLICATED * np.minimum(columns.replications, MOST_REPLICATIONS) / MOST_REPLICATIONS
    )
    merits: Fills = (1 + fresh + proven + replicated).astype(np.float32)
    return merits
