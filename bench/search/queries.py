"""What is asked in the table of speed, the same of every engine: made by chance from the corpus."""

from __future__ import annotations

import random
import re

from bench.search import corpus
from bench.search.asking import Ask, Filters

# Ranks of words: about half of all documents have a common one, a tenth one of the middle.
COMMON, MIDDLE, MANY = (60, 160), (60, 1_000), (60, 5_000)
FILTERED: Filters = {"country": ("ID", "PH", "TH"), "year": ("2019", "2020", "2021", "2022")}
BEGINNING, TYPED = 4, 3


class Queries:
    """Queries over the first `size` documents, drawn in the order in which they are asked for."""

    def __init__(self, size: int, seed: str) -> None:
        self._size, self._dice = size, random.Random(f"{seed} {size}")
        # Each word that is drawn by rank comes once: so a new reader has not read it before.
        self._used: set[int] = set()

    def common(self) -> Ask:
        """Return a common word."""
        return Ask((self._word(COMMON),))

    def rare(self) -> Ask:
        """Return a word that hardly any document has."""
        known = corpus.ranks()
        text = [word for word in self._text() if word in known]
        return Ask((max(text, key=known.__getitem__),))

    def words(self, count: int, how: str = "any") -> Ask:
        """Return words, the more of them the rarer."""
        bounds = MIDDLE if count == 2 else MANY
        return Ask(tuple(self._word(bounds) for _ in range(count)), how)

    def phrase(self) -> Ask:
        """Return two words that stand together somewhere, none of them a filler."""
        known = corpus.ranks()
        while True:
            text = self._text()
            at = self._dice.randrange(len(text) - 1)
            if text[at] in known and text[at + 1] in known:
                return Ask((text[at], text[at + 1]), "phrase")

    def prefix(self) -> Ask:
        """Return how a common word begins."""
        return Ask((self._word(COMMON)[:BEGINNING],), "prefix")

    def filtered(self) -> Ask:
        """Return two words within two facets."""
        return Ask(self.words(2).words, filters=FILTERED)

    def misspelt(self) -> Ask:
        """Return a common word with a wrong letter."""
        word, known = self._word(COMMON), corpus.ranks()
        while word in known:
            at = self._dice.randrange(1, len(word))
            word = word[:at] + self._dice.choice("cqxy") + word[at + 1 :]
        return Ask((word,), has_suggestion=True)

    def typed(self) -> str:
        """Return the first letters of a word of a title."""
        title = corpus.document(self._public()).title.lower().split()
        return max(title, key=len)[:TYPED]

    def key(self) -> str:
        """Return the key of a document."""
        return corpus.document(self._public()).key

    def _word(self, bounds: tuple[int, int]) -> str:
        free = set(range(*bounds)) - self._used
        if not free:
            self._used.clear()
            free = set(range(*bounds))
        rank = self._dice.choice(sorted(free))
        self._used.add(rank)
        return corpus.words()[rank]

    def _text(self) -> list[str]:
        return re.findall(r"\w+", corpus.document(self._public()).body.lower())

    def _public(self) -> int:
        while True:
            number = self._dice.randrange(self._size)
            if "public" in corpus.document(number).audiences:
                return number
