"""Words that stand near one another as they were typed: what that adds to the best documents."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from citynet.index.columns import Numbers
from citynet.index.language import place
from citynet.index.query import Query
from citynet.index.ranking import Lookup, Matches
from citynet.index.view import Fills

# Of how many documents the places are read, how far words may be apart, and what it weighs.
MOST_READ, FARTHEST, NEAR = 24, 8, 0.4


def nearness(query: Query, matches: Matches, lookup: Lookup, documents: Numbers) -> Fills:
    """Return what is added to the score of each document, for each two words in sequence."""
    added = np.zeros(len(documents), np.float32)
    held = [_among(documents, one.documents) for one in matches.words[: len(query.terms)]]
    both = [left & right for left, right in pairwise(held)]
    wanted = np.flatnonzero(np.any(both, axis=0)) if both else np.zeros(0, np.intp)
    if not len(wanted):
        return added
    texts = [lookup.places(number) for number in documents[wanted].tolist()]
    text = np.concatenate(texts)
    owners = np.repeat(wanted, [len(one) for one in texts])
    parts = np.cumsum(text == 0)
    stands = [_stands(text, term.stems) for term in query.terms]
    for number, (left, right) in enumerate(pairwise(stands)):
        best = np.zeros(len(documents), np.float32)
        for at, worth in _nearest(left, right, parts):
            np.maximum.at(best, owners[at], worth)
        added += np.float32(min(matches.rarities[number : number + 2])) * best
    return np.float32(NEAR) * added


def _among(documents: Numbers, others: Numbers) -> NDArray[np.bool_]:
    """Return which documents are among others, which are in their order."""
    if not len(others):
        return np.zeros(len(documents), np.bool_)
    at = np.minimum(np.searchsorted(others, documents), len(others) - 1)
    return np.equal(others[at], documents)


def _stands(text: NDArray[np.uint32], stems: Iterable[str]) -> NDArray[np.intp]:
    """Return where any of the stems stands."""
    return np.flatnonzero(np.any([text == place(one) for one in stems], axis=0))


def _nearest(
    left: NDArray[np.intp], right: NDArray[np.intp], parts: NDArray[np.intp]
) -> list[tuple[NDArray[np.intp], Fills]]:
    """Return where the right word stands with the left one near before it, or behind it."""
    found = []
    for first, second, turned in ((left, right, 0), (right, left, 1)):
        if not len(first) or not len(second):
            continue
        nearest = np.searchsorted(first, second) - 1
        known = nearest >= 0
        at, before = second[known], first[nearest[known]]
        apart = at - before + turned
        near = (apart <= FARTHEST) & (parts[at] == parts[before])
        found.append((at[near], (1 / apart[near]).astype(np.float32)))
    return found
