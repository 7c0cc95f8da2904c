"""What is searched for beside the words of a query, and what is told of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

import numpy as np

from citynet.index.engine import Also
from citynet.index.language import LANGUAGES, Word, stems
from citynet.index.query import Query
from citynet.index.ranking import Expansion, Lookup
from citynet.index.view import Held, View
from citynet.index.vocabulary import TOPIC, Meaning, Name, Vocabulary

# Of each meaning and in all; a phrase of common words would be looked for in too many documents.
MOST_NAMES_EACH, MOST_NAMES, MOST_PHRASES, MOST_IN_PHRASE = 6, 20, 8, 2_000
MOST_TOLD = 6
# How much a word counts that was meant in place of one that nobody wrote.
MEANT = 0.8
NONE = Held(np.zeros(0, np.int32), np.zeros(0, np.float32))


class Expander:
    """What is known of the readers, and how many look-ups are left."""

    def __init__(self, vocabulary: Vocabulary, lookup: Lookup, view: View) -> None:
        self._vocabulary, self._lookup, self._view = vocabulary, lookup, view
        self._names, self._phrases = MOST_NAMES, MOST_PHRASES

    def expand(self, query: Query, meant: Mapping[int, str], language: str) -> list[Expansion]:
        """Return what the words of a query mean beside themselves and can be found.

        `meant` are the words in place of those that nobody wrote, by the number of their term.
        """
        found = [self._meant(query, at, word) for at, word in meant.items()]
        spelt = {query.terms[at].word.start: word for at, word in meant.items()}
        text = [word._replace(text=spelt.get(word.start, word.text)) for word in query.words]
        for meaning in self._vocabulary.meanings(text, language):
            terms = tuple(
                number
                for number, term in enumerate(query.terms)
                if meaning.start <= term.word.start < meaning.end
            )
            if terms:
                found += self._expansions(meaning, terms, query.text[meaning.start : meaning.end])
        return [one for one in found if len(one.held.documents)]

    def _meant(self, query: Query, term: int, word: str) -> Expansion:
        typed, own = query.terms[term].word, stems(Word(0, len(word), word), *LANGUAGES)
        held = self._view.held(own, lambda: map(self._lookup.stem, own))
        return Expansion((term,), held, MEANT, query.text[typed.start : typed.end], word)

    def _expansions(
        self, meaning: Meaning, terms: tuple[int, ...], asked: str
    ) -> Iterator[Expansion]:
        for topic, weight in meaning.topics:
            called = self._vocabulary.name(topic, _other(meaning.language))
            held, is_topic = self._view.about(topic), weight == TOPIC
            yield Expansion(terms, held, weight, asked, called, is_topic=is_topic)
        for name, weight in _fewest(meaning)[:MOST_NAMES_EACH]:
            is_phrase = len(name.stems) > 1
            if self._names and (self._phrases or not is_phrase):
                self._names -= 1
                self._phrases -= is_phrase
                held = self._held(name)
                yield Expansion(terms, held, weight, asked, name.text, name.stems)

    def _held(self, name: Name) -> Held:
        """Return the documents told in a name's language that hold it."""
        told = self._view.columns.told_in(name.language)
        each = [self._stem(stem) for stem in name.stems]
        if len(each) > 1 and min(len(one.documents) for one in each) > MOST_IN_PHRASE:
            return NONE
        if len(each) == 1:
            return self._view.held(name[::2], lambda: [self._lookup.stem(name.stems[0])], told)
        return self._view.held(name[::2], lambda: [self._lookup.phrase(name.stems)], told)

    def _stem(self, stem: str) -> Held:
        return self._view.held(frozenset({stem}), lambda: [self._lookup.stem(stem)])


def also(expansions: Iterable[Expansion]) -> list[Also]:
    """Return for people what was searched beside their words."""
    told: dict[str, list[str]] = {}
    named = set[str]()
    for one in sorted(expansions, key=lambda one: -one.weight):
        words, name = told.setdefault(one.asked, []), one.words.casefold()
        if name and name not in named | {one.asked.casefold()}:
            named.add(name)
            words.append(one.words)
    found, room = [], MOST_TOLD
    for asked, words in told.items():
        if words[:room]:
            found.append(Also(asked, tuple(words[:room])))
            room -= len(words[:room])
    return found


def _other(language: str) -> str:
    return LANGUAGES[1 - LANGUAGES.index(language)]


def _fewest(meaning: Meaning) -> list[tuple[Name, float]]:
    """Return names without those that hold another whole: where they stand, it stands, too."""
    kept = list[tuple[Name, float]]()
    for name, weight in sorted(meaning.names, key=lambda pair: (-pair[1], len(pair[0].stems))):
        known = [set(o.stems) for o, _ in kept if o.language == name.language]
        if not any(stems <= set(name.stems) for stems in known):
            kept.append((name, weight))
    return kept
