"""What a person typed into the search field, read within bounds.

Offered: plain words, "a phrase", -without and begin*; everything else is text. Each word is read
in both languages. There is no nesting, no field, no leading wildcard and no fuzziness, so that no
text costs more than a few look-ups.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import islice

from citynet.index.language import LANGUAGES, Word, is_stop, stem, words

MOST_CHARACTERS = 200
MOST_TERMS = 10
MOST_WORDS = 24
_PHRASE = re.compile(r'["“”„]([^"“”„]*)["“”„]')
_WITHOUT = re.compile(r"(?<!\S)-(\w\S*)")
_PREFIX = re.compile(r"(?<![\w\-])([^\W_]{3,})\*(?!\S)")


@dataclass(frozen=True)
class Term:
    """A word asked for, where it stands in the text, by its stems in both languages."""

    word: Word
    stems: frozenset[str]


@dataclass(frozen=True)
class Query:
    """What is asked: some of the words and beginnings, all of the phrases, none of `without`."""

    text: str
    terms: tuple[Term, ...] = ()
    prefixes: tuple[str, ...] = ()
    phrases: tuple[frozenset[tuple[str, ...]], ...] = ()
    without: tuple[frozenset[str], ...] = ()
    # All words outside phrases as they were typed, fillers too: what they mean together.
    words: tuple[Word, ...] = ()

    @property
    def is_blank(self) -> bool:
        """Tell whether nothing was typed."""
        return not self.text.strip()

    @property
    def has_terms(self) -> bool:
        """Tell whether anything typed can be looked up."""
        return bool(self.terms or self.prefixes or self.phrases or self.without)

    @property
    def stems(self) -> frozenset[str]:
        """Return every stem that counts as a match."""
        found = {one for term in self.terms for one in term.stems}
        return frozenset(found.union(*(way for ways in self.phrases for way in ways)))


def read(text: str) -> Query:
    """Read a search text; any text can be read."""
    text = "".join(c if c.isprintable() else " " for c in text[:MOST_CHARACTERS])
    quoted, rest = _take(_PHRASE, text)
    unwanted, rest = _take(_WITHOUT, rest)
    begun, rest = _take(_PREFIX, rest)
    room = MOST_TERMS
    phrases: list[frozenset[tuple[str, ...]]] = []
    for quote in quoted:
        inside = list(words(quote))[:room]
        room -= len(inside)
        phrases.append(_ways(inside))
    without = [_stems(word) for part in unwanted for word in words(part)][:room]
    room -= len(without)
    prefixes = list(dict.fromkeys(prefix for part in begun for prefix in _begin(part)))[:room]
    room -= len(prefixes)
    typed = tuple(islice(words(rest), MOST_WORDS))
    terms = {
        term.stems: term
        for term in reversed([Term(word, _stems(word)) for word in typed])
        if term.stems
    }
    return Query(
        text=text,
        terms=tuple(sorted(terms.values(), key=lambda term: term.word.start)[:room]),
        prefixes=tuple(prefixes),
        phrases=tuple(dict.fromkeys(ways for ways in phrases if ways)),
        without=tuple(found for found in without if found),
        words=typed,
    )


def _take(pattern: re.Pattern[str], text: str) -> tuple[list[str], str]:
    """Return what the pattern finds, and the text with line ends in its place.

    The rest keeps its length, so that words can be replaced where they stand, and no compound
    reaches over a line end.
    """
    found = [match[1] for match in pattern.finditer(text)]
    return found, pattern.sub(lambda match: "\n" * len(match.group()), text)


def _begin(part: str) -> list[str]:
    return [word.text for word in words(part) if len(word.text) >= 3]


def _stems(word: Word) -> frozenset[str]:
    """Return the stems of a word; none where one language takes it for a filler."""
    if is_stop(word.text):
        return frozenset()
    return frozenset(stem(word.text, language) for language in LANGUAGES)


def _ways(inside: list[Word]) -> frozenset[tuple[str, ...]]:
    """Return the words of a phrase as each language's documents hold them."""
    ways = (tuple(filter(None, (stem(w.text, one) for w in inside))) for one in LANGUAGES)
    return frozenset(way for way in ways if way)
