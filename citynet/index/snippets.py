"""The few lines of a document that show why it was found: plain text, its matches marked.

Reading every word of ten documents would take longer than finding them: what may match is looked
for by a pattern of the letters that a stem's words have in common, and only that is read.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import islice

from citynet.index.language import LANGUAGES, Word, fold, is_stop, stems, words
from citynet.index.query import Query
from citynet.index.ranking import Expansion

LENGTH, BEFORE = 200, 60
MOST_READ, MOST_TRIED = 50_000, 400
# No word is longer, nor what stands between the words of a phrase.
REACH = 80
Pieces = tuple[tuple[str, bool], ...]
_SPACE = re.compile(r"\s+")
_ACCENTED = re.compile("[\u00c0-\u024f\u0300-\u036f\u1e00-\u1eff]")
_JOINT = r"[\W_]?"
_LETTERS = re.compile(r"[^\W_]*")


@dataclass(frozen=True)
class Marks:
    """What counts as a match: stems, beginnings, and stems one after the other."""

    stems: frozenset[str]
    prefixes: tuple[str, ...] = ()
    phrases: frozenset[tuple[str, ...]] = frozenset()

    @staticmethod
    def of(query: Query, expansions: Iterable[Expansion]) -> Marks:
        """Return what is marked for a query and what was searched beside it."""
        names = [one.stems for one in expansions if one.stems]
        single = {name[0] for name in names if len(name) == 1}
        several = frozenset(name for name in names if len(name) > 1)
        return Marks(query.stems | single, query.prefixes, several)

    @cached_property
    def _firsts(self) -> frozenset[str]:
        return frozenset(phrase[0] for phrase in self.phrases)

    @cached_property
    def pattern(self) -> re.Pattern[str] | None:
        """Return what finds every word that may match, nothing where none can."""
        found = {_core(stem) for stem in self.stems | self._firsts}
        found |= {re.escape(prefix) for prefix in self.prefixes}
        longest = sorted(found - {""}, key=lambda one: (-len(one), one))
        return re.compile("|".join(longest)) if longest else None

    def may_have(self, letters: str) -> bool:
        """Tell whether letters may be a match, or the beginning of one."""
        if not letters.isalnum():
            return True
        folded = fold(letters)
        own = _stems(folded, "")
        return (
            not self.stems.isdisjoint(own)
            or not self._firsts.isdisjoint(own)
            or folded.startswith(self.prefixes)
        )

    def has(self, word: Word) -> bool:
        """Tell whether a word alone is a match."""
        own = _stems(word.text, word.part)
        return not self.stems.isdisjoint(own) or word.text.startswith(self.prefixes)

    def phrase_at(self, text: str, word: Word) -> list[Word]:
        """Return the words of a phrase that begins with this word of a text."""
        own = _stems(word.text, word.part)
        for phrase in self.phrases:
            if phrase[0] in own:
                rest = words(text[word.start : word.end + REACH])
                told = list(islice((w for w in rest if not is_stop(w.text)), len(phrase)))
                if len(told) == len(phrase) and all(
                    stem in _stems(one.text, one.part)
                    for one, stem in zip(told, phrase, strict=True)
                ):
                    return [_moved(one, word.start) for one in told]
        return []


def snippet(texts: Sequence[str], marks: Marks) -> Pieces:
    """Return a piece of the first text that holds a match, else the beginning of the first."""
    for text in texts:
        first = next(_matches(text[:MOST_READ], marks), None)
        if first is not None:
            return _cut(text, first[0], marks)
    return _cut(next(filter(str.strip, texts), ""), 0, marks)


def _matches(text: str, marks: Marks) -> Iterator[tuple[int, int]]:
    """Yield where words that match begin and end, in their order."""
    if marks.pattern is None:
        return
    lowered = text.lower()
    # Accents hide letters from the pattern: such a text is read word by word.
    is_plain = text.isascii() or not (len(lowered) > len(text) or _ACCENTED.search(lowered))
    tried: Iterator[tuple[int, int]] = (
        (one.span() for one in marks.pattern.finditer(lowered))
        if is_plain
        else ((word.start, word.end) for word in words(text))
    )
    end = 0
    for start, stop in islice(tried, MOST_TRIED):
        if start < end or not marks.may_have(_letters(text, start, stop)):
            continue
        word = _word_at(text, start, stop)
        if word is not None:
            for one in [word] if marks.has(word) else marks.phrase_at(text, word):
                yield one.start, one.end
                end = one.end


def _letters(text: str, start: int, stop: int) -> str:
    """Return the letters around a piece of a text."""
    least = max(0, start - REACH)
    while start > least and text[start - 1].isalnum():
        start -= 1
    rest = _LETTERS.match(text, stop, stop + REACH)
    return text[start : rest.end() if rest else stop]


def _word_at(text: str, start: int, stop: int) -> Word | None:
    """Return the word in which something stands."""
    begin = start
    while begin > max(0, start - REACH) and not text[begin - 1].isspace():
        begin -= 1
    end = stop
    while end < min(len(text), stop + REACH) and not text[end].isspace():
        end += 1
    read = (_moved(word, begin) for word in words(text[begin:end]))
    return next((word for word in read if word.start <= start < word.end), None)


def _moved(word: Word, by: int) -> Word:
    return word._replace(start=word.start + by, end=word.end + by)


@lru_cache(maxsize=10_000)
def _core(stem: str) -> str:
    """Return the letters that all words of a stem have, or nearly all, as a pattern.

    Indonesian prefixes swallow a k, p, s or t; English endings change an e or i.
    """
    core = stem[1:] if len(stem) > 3 and stem[0] in "kpst" else stem
    core = core[:-1] if len(core) > 3 and core[-1] in "ei" else core
    if stem == "wifi":
        return f"wi{_JOINT}fi"
    if core.startswith("e") and len(core) > 3:
        return f"e{_JOINT}{re.escape(core[1:])}"
    return re.escape(core)


@lru_cache(maxsize=100_000)
def _stems(text: str, part: str) -> frozenset[str]:
    return stems(Word(0, 0, text, part), *LANGUAGES)


def _cut(text: str, first: int, marks: Marks) -> Pieces:
    """Return about LENGTH characters from a little before the first match, cut between words."""
    start = max(0, first - BEFORE)
    if start:
        space = text.find(" ", start, first)
        start = space + 1 if space >= 0 else first
    window = text[start : start + LENGTH]
    is_cut = start + LENGTH < len(text)
    if is_cut and " " in window[first - start :]:
        window = window[: window.rindex(" ")]
    pieces, at = [("… " if start else "", False)], 0
    for begin, end in _matches(window, marks):
        pieces += [(window[at:begin], False), (window[begin:end], True)]
        at = end
    pieces += [(window[at:], False), (" …" if is_cut else "", False)]
    return tuple((_SPACE.sub(" ", piece), is_match) for piece, is_match in pieces if piece)
