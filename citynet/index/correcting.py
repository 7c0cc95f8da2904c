"""What the writer of a query may have meant: near words in place of those that nobody wrote."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from math import log10

import numpy as np
from rapidfuzz.distance import OSA
from rapidfuzz.process import cdist

from citynet.index.facets import Mask
from citynet.index.language import Word
from citynet.index.query import Query
from citynet.index.ranking import Lookup, held_of
from citynet.index.view import View
from citynet.index.vocabulary import Vocabulary

MOST_CORRECTIONS = 3
SHORTEST = 3
# What ten times as many documents are worth, in slips; of how many words they are counted.
TENFOLD, MOST_COUNTED = 0.4, 20


def corrections(
    query: Query, vocabulary: Vocabulary, lookup: Lookup, view: View, *, wanted: Mask, language: str
) -> dict[int, str]:
    """Return the word meant for each term, by its number, that nobody wrote but near to one.

    `wanted` is what of the documents seen passes the filters.
    """
    unknown = [
        number
        for number, term in enumerate(query.terms)
        if len(term.word.text) >= SHORTEST
        and not vocabulary.has_word(term.word.text)
        and not len(held_of(term, lookup, view).documents)
    ]
    if len(unknown) > MOST_CORRECTIONS:
        return {}
    nearest = {
        number: _nearest(query.terms[number].word, vocabulary, lookup, view, wanted, language)
        for number in unknown
    }
    return {number: word for number, word in nearest.items() if word is not None}


def suggestion(query: Query, meant: Mapping[int, str]) -> str | None:
    """Return the query with the words that were meant, if any."""
    text = query.text
    for number in sorted(meant, reverse=True):
        word = query.terms[number].word
        text = text[: word.start] + meant[number] + text[word.end :]
    return text.strip() if meant else None


def _nearest(
    word: Word, vocabulary: Vocabulary, lookup: Lookup, view: View, wanted: Mask, language: str
) -> str | None:
    """Return the word meant: near, written in many documents that are wanted, begun alike.

    Only where no word that begins alike is near, all words are compared.
    """
    typed = word.text
    for letters in (typed[:1], "") if len(typed) > SHORTEST else (typed[:1],):
        slips: dict[str, int] = {}
        for known in (lookup.lexicon(), vocabulary.spelt):
            slips.update(_near(typed, _beginning(known, letters)))
        found: list[tuple[float, str]] = []
        for one in sorted(slips, key=lambda one: (slips[one], one)):
            count = int(np.count_nonzero(wanted[lookup.word(one)]))
            if count or _means_something(one, vocabulary, view, wanted, language):
                found.append((slips[one] - TENFOLD * min(log10(count or 1), 2), one))
            # Hidden words take no room.
            if len(found) == MOST_COUNTED:
                break
        if found:
            return min(found)[1]
    return None


def _beginning(known: Sequence[str], letters: str) -> Sequence[str]:
    """Return the words, of some in their order, that begin so."""
    if not letters:
        return known
    first = bisect_left(known, letters)
    return known[first : bisect_left(known, letters + "\U0010ffff", first)]


def _near(typed: str, known: Sequence[str]) -> dict[str, int]:
    """Return the words that are near enough, each with the slips that would make it this one."""
    if not known:
        return {}
    most = 1 if len(typed) < 6 else 2
    slips = cdist([typed], known, scorer=OSA.distance, score_cutoff=most, dtype=np.uint8)[0]
    return {known[at]: int(slips[at]) for at in np.flatnonzero(slips <= most).tolist()}


def _means_something(
    word: str, vocabulary: Vocabulary, view: View, wanted: Mask, language: str
) -> bool:
    """Tell whether documents are wanted of a topic that a word of the vocabulary names."""
    if not vocabulary.has_word(word):
        return False
    meanings = vocabulary.meanings([Word(0, len(word), word)], language)
    topics = [topic for meaning in meanings for topic, _weight in meaning.topics]
    return any(wanted[view.about(topic).documents].any() for topic in topics)
