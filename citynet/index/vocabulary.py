"""What words mean beside themselves: names and synonyms of topics, in both languages.

A query is expanded when it is read, so that a changed word holds at the next search. What a
sequence of words means is looked up by its stems, the longest sequences first.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import NamedTuple

from citynet.index.language import LANGUAGES, Word, is_weak, stem, words

Stems = tuple[str, ...]
# How much what is known beside a word counts, of what the word itself does: what translates it,
# what a topic is called in the other language and in its own, the topic; a topic of which it names
# a part; a topic among whose names it is.
PAIR, OTHER, SAME, TOPIC, NARROWER, HINT = 0.9, 0.8, 0.15, 0.7, 0.5, 0.45
# A word in names of many topics tells of none of them.
LEAST_SHARE, LEAST_NAMED = 0.3, 1


@dataclass(frozen=True)
class Entry:
    """A name or synonym of a topic in one language; a narrower one names only a part of it."""

    topic: str
    language: str
    text: str
    is_narrower: bool = False


class Name(NamedTuple):
    """Words of a language, as they are written and by their stems."""

    language: str
    text: str
    stems: Stems


@dataclass(frozen=True)
class Meaning:
    """What a piece of a text says beside its words: names and topics, each with its weight."""

    start: int
    end: int
    language: str
    names: tuple[tuple[Name, float], ...] = ()
    topics: tuple[tuple[str, float], ...] = ()


class _Span(NamedTuple):
    """The words from `first` to `last`, read in a language."""

    first: int
    last: int
    language: str
    stems: Stems


@dataclass
class _Known:
    """What is known of one sequence of stems; of its topics, whether it names only a part."""

    topics: dict[str, bool] = field(default_factory=dict)
    pairs: list[Name] = field(default_factory=list)

    @property
    def is_whole(self) -> bool:
        """Tell whether it says all of something, so that its words need not be read one by one."""
        return bool(self.pairs) or not all(self.topics.values())


class Vocabulary:
    """Names of topics, and pairs of words (Indonesian, English) that say the same, by their stems.

    Made once for each version of the topics.
    """

    def __init__(
        self, entries: Iterable[Entry] = (), pairs: Iterable[tuple[str, str]] = ()
    ) -> None:
        self.entries, self.pairs = tuple(entries), tuple(pairs)
        self._known: dict[tuple[str, Stems], _Known] = {}
        # The names that say all of a topic, its own name first.
        self._names: dict[tuple[str, str], list[Name]] = defaultdict(list)
        self._hints: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
        self._spelt: set[str] = set()
        for entry in self.entries:
            self._add(entry)
        for pair in self.pairs:
            left, right = (self._named(*one) for one in zip(LANGUAGES, pair, strict=True))
            if left.stems and right.stems:
                self._of(left).pairs.append(right)
                self._of(right).pairs.append(left)
        # The folded words of all names, each once.
        self.spelt: Sequence[str] = sorted(self._spelt)
        self._longest = max((len(stems) for _language, stems in self._known), default=0)

    def _named(self, language: str, text: str) -> Name:
        spelt = [word.text for word in words(text)]
        self._spelt.update(spelt)
        return Name(language, text, tuple(filter(None, (stem(one, language) for one in spelt))))

    def _of(self, name: Name) -> _Known:
        return self._known.setdefault((name.language, name.stems), _Known())

    def _add(self, entry: Entry) -> None:
        name = self._named(entry.language, entry.text)
        if not name.stems:
            return
        topics = self._of(name).topics
        topics[entry.topic] = topics.get(entry.topic, True) and entry.is_narrower
        own = self._names[entry.topic, entry.language]
        if not entry.is_narrower and all(name.stems != other.stems for other in own):
            own.append(name)
        for one in set(name.stems):
            self._hints[entry.language, one][entry.topic] += 1

    def name(self, topic: str, language: str) -> str:
        """Return what a topic is called in a language, or nothing."""
        return next((one.text for one in self._names.get((topic, language), ())), "")

    def has_word(self, word: str) -> bool:
        """Tell whether a folded word is written in any name."""
        return word in self._spelt

    def meanings(self, text: Sequence[Word], language: str) -> list[Meaning]:
        """Return what the words of a text mean; `language` decides what could be either's."""
        spans = sorted(self._spans(text), key=lambda one: (one.first - one.last, one.first))
        own = self._language(text, spans, language)
        found, taken = list[Meaning](), set[int]()
        for _place, alike in groupby(spans, key=lambda span: span[:2]):
            several = list(alike)
            places = set(range(several[0].first, several[0].last + 1))
            if places & taken:
                continue
            for span in self._true(several, own):
                known = self._known[span.language, span.stems]
                found.append(self._meaning(text, span, known))
                if known.is_whole:
                    taken |= places
        rest = [at for at, word in enumerate(text) if at not in taken and not is_weak(word.text)]
        return found + [hint for at in rest if (hint := self._hint(text[at], own))]

    def _spans(self, text: Sequence[Word]) -> Iterator[_Span]:
        """Yield each sequence of words that the vocabulary knows in a language."""
        for language in LANGUAGES:
            read = [(at, one) for at, w in enumerate(text) if (one := stem(w.text, language))]
            for begin in range(len(read)):
                for end in range(begin + 1, min(begin + self._longest, len(read)) + 1):
                    stems = tuple(one for _at, one in read[begin:end])
                    if (language, stems) in self._known:
                        yield _Span(read[begin][0], read[end - 1][0], language, stems)

    def _language(self, text: Sequence[Word], spans: Iterable[_Span], language: str) -> str:
        """Return the language that more of the words are of, else the one given."""
        votes = Counter[str]()
        read = {one: {span[:2] for span in spans if span.language == one} for one in LANGUAGES}
        for one, other in (LANGUAGES, LANGUAGES[::-1]):
            votes[one] += len(read[one] - read[other])
            votes[one] += sum(not stem(w.text, one) and bool(stem(w.text, other)) for w in text)
        left, right = LANGUAGES
        if votes[left] == votes[right]:
            return language
        return left if votes[left] > votes[right] else right

    def _true(self, alike: list[_Span], own: str) -> list[_Span]:
        """Return the readings of one piece: of false friends (air, solar) the own language's."""
        if len(alike) == 2:
            left, right = (self._known[span.language, span.stems] for span in alike)
            if not left.topics.keys() & right.topics.keys():
                return [span for span in alike if span.language == own] or alike[:1]
        return alike

    def _meaning(self, text: Sequence[Word], span: _Span, known: _Known) -> Meaning:
        weights = dict.fromkeys(known.pairs, PAIR)
        for topic, is_narrower in known.topics.items():
            if not is_narrower:
                for language in LANGUAGES:
                    weight = SAME if language == span.language else OTHER
                    for name in self._names.get((topic, language), ()):
                        if name.stems != span.stems:
                            weights[name] = max(weight, weights.get(name, 0.0))
        return Meaning(
            text[span.first].start,
            text[span.last].end,
            span.language,
            tuple(sorted(weights.items(), key=lambda pair: -pair[1])),
            tuple((one, NARROWER if narrow else TOPIC) for one, narrow in known.topics.items()),
        )

    def _hint(self, word: Word, own: str) -> Meaning | None:
        """Return the topics among whose names a word is, where they are few."""
        for language in (own, *(one for one in LANGUAGES if one != own)):
            counted = self._hints.get((language, stem(word.text, language)))
            if counted:
                total = counted.total()
                topics = tuple(
                    (topic, HINT * count / total)
                    for topic, count in counted.most_common(3)
                    if count >= LEAST_NAMED and count >= LEAST_SHARE * total
                )
                return Meaning(word.start, word.end, language, (), topics) if topics else None
        return None


NOTHING = Vocabulary()
