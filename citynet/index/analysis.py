"""A text read for the index: what its words weigh by where they stand, and their sequence.

Nearly every word of a text stands in others, too: what a spelling says is worked out once and
remembered, and a text is read by looking its spellings up.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from citynet.index.document import Wording
from citynet.index.language import LANGUAGES, place, read, spellings, stem

# How much a word counts by where it stands; quarters take one byte in the index.
IN_TITLE, IN_SUMMARY, IN_BLOCKS, IN_BODY = 4.0, 2.0, 1.5, 1.0
# Of each language; 35 MB, until they are forgotten.
MOST_KEPT = 100_000
Places = NDArray[np.uint32]
# What a word says as it is spelt: its stems, itself folded (and what an e- before it is of), and
# its stem's number, 0 of a filler. A plain tuple: collecting garbage does not look into it again.
Spelling = tuple[tuple[str, ...], tuple[str, ...], int]
# An end that no phrase reaches over.
END = np.zeros(1, np.uint32)


class _Said(dict[str, Spelling]):
    """What spellings say in some languages; when there are too many, all of them make room."""

    def __init__(self, *languages: str) -> None:
        super().__init__()
        self._languages = languages

    def __missing__(self, spelt: str) -> Spelling:
        if len(self) >= MOST_KEPT:
            self.clear()
        word = read(spelt)
        texts = (word.text, word.part) if word.part else (word.text,)
        every = (stem(text, language) for text in texts for language in self._languages)
        own = stem(word.text, self._languages[0])
        number = place(own) if own else 0
        said = self[spelt] = tuple(dict.fromkeys(filter(None, every))), texts, number
        return said


_SAID = {language: _Said(language) for language in LANGUAGES}
_IN_BOTH = _Said(*LANGUAGES)


def forget() -> None:
    """Give back the memory that many documents took."""
    for said in (*_SAID.values(), _IN_BOTH):
        said.clear()


class Told:
    """What is read of one wording: the weights of its stems, its words, and all in sequence."""

    def __init__(self, wording: Wording) -> None:
        said = _SAID[wording.language if wording.language in LANGUAGES else "en"]
        self.words, self.places = set[str](), list[Places]()
        self.weights, self.length = defaultdict[str, float](float), 0.0
        for text, weight in (
            (wording.title, IN_TITLE), (wording.summary, IN_SUMMARY),
            (wording.blocks, IN_BLOCKS), (wording.body, IN_BODY),
        ):  # fmt: skip
            spelt = spellings(text)
            for one, count in Counter(spelt).items():
                stems, words, _place = said[one]
                for found in stems:
                    self.weights[found] += weight * count
                self.words.update(words)
            self.places += _places([said[one] for one in spelt])
            self.length += weight * len(spelt)
        self.title_words = {word for one in spellings(wording.title) for word in said[one][1]}


class Keywords:
    """What is read of names that stand in both languages."""

    def __init__(self, text: str) -> None:
        spelt = spellings(text)
        said = [_IN_BOTH[one] for one in spelt]
        self.stems = {found for one in said for found in one[0]}
        self.words = {word for one in said for word in one[1]}
        self.places = [
            one for language in LANGUAGES for one in _places(_SAID[language][one] for one in spelt)
        ]


def _places(said: Iterable[Spelling]) -> list[Places]:
    """Return the numbers of the stems of a part, and its end."""
    return [np.array([number for _stems, _words, number in said if number], np.uint32), END]
