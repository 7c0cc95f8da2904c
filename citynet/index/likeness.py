"""More like this: documents that share a document's most telling words, and its topics.

Topics reach over languages, and so do the titles of what is told in both.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

import numpy as np

from citynet.index.columns import Numbers
from citynet.index.language import LANGUAGES, stems, words
from citynet.index.ranking import Lookup
from citynet.index.view import Held, View

# How many of a document's words are looked up, and how many of them are compared.
MOST_READ, MOST_TELLING = 48, 14
IN_TITLE, IN_SUMMARY, IN_TOPICS = 2.0, 1.0, 1.5


def nearest(
    number: int, titles: Sequence[str], summaries: Sequence[str], lookup: Lookup, view: View,
    limit: int,
) -> Numbers:  # fmt: skip
    """Return the numbers of the documents that are most like one, the nearest first."""
    scores = np.zeros(len(view.seen), np.float32)
    for held, weight in _telling(number, titles, summaries, lookup, view):
        scores[held.documents] += held.fills * np.float32(weight)
    scores *= view.merits("")
    scores[number] = 0
    numbers = np.flatnonzero(scores).astype(np.int32)
    if len(numbers) > limit:
        numbers = numbers[np.argpartition(-scores[numbers], limit)[: limit + 1]]
    published = view.columns.published[numbers]
    return numbers[np.lexsort((numbers, -published, -scores[numbers]))][:limit]


def _telling(
    number: int, titles: Sequence[str], summaries: Sequence[str], lookup: Lookup, view: View
) -> list[tuple[Held, float]]:
    """Return what tells most of a document, and how much."""
    weights: dict[str, float] = defaultdict(float)
    for texts, weight in ((titles, IN_TITLE), (summaries, IN_SUMMARY)):
        for one in _stems(texts):
            weights[one] += weight
    found = []
    for one in list(weights)[:MOST_READ]:
        held = view.held(frozenset({one}), lambda one=one: [lookup.stem(one)])  # type: ignore[misc]
        if len(held.documents) > 1:
            found.append((held, weights[one] * view.rarity(len(held.documents))))
    found.sort(key=lambda pair: -pair[1])
    topics = [view.about(topic) for topic in view.columns.facets.values("topic", number)]
    about = [(held, IN_TOPICS * view.rarity(len(held.documents))) for held in topics]
    return found[:MOST_TELLING] + about


def _stems(texts: Iterable[str]) -> Iterable[str]:
    """Return each stem of some texts once, in their order."""
    read = (
        one for text in texts for word in words(text) for one in sorted(stems(word, *LANGUAGES))
    )
    return dict.fromkeys(read)
