"""Did-you-mean for engines that have none: the nearest word of theirs, found as ours finds it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
from rapidfuzz.distance import OSA
from rapidfuzz.process import cdist


class Lexicon:
    """Every word of an index with how many documents have it."""

    def __init__(self, counts: Iterable[tuple[str, int]]) -> None:
        self.counts = dict(counts)
        self._by_letter: dict[str, list[str]] = {}
        for word in self.counts:
            self._by_letter.setdefault(word[:1], []).append(word)

    def nearest(self, word: str) -> str | None:
        """Return the nearest word, of those begun alike if any; of equally near the commonest."""
        return _nearest(word, self._by_letter.get(word[:1], []), self.counts) or _nearest(
            word, list(self.counts), self.counts
        )


def _nearest(word: str, known: Sequence[str], counts: Mapping[str, int]) -> str | None:
    most = 1 if len(word) < 6 else 2
    found = cdist([word], known, scorer=OSA.distance, score_cutoff=most, dtype=np.uint8)[0]
    near = [
        (int(found[at]), -counts[known[at]], known[at])
        for at in np.flatnonzero(found <= most).tolist()
    ]
    return min(near)[2] if near else None
