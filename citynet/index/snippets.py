"""The few lines of a document that show why it was found: plain text, its matches marked."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from citynet.index.language import LANGUAGES, Word, stems, words
from citynet.index.query import Query

LENGTH = 200
BEFORE = 60
MOST_READ = 50_000
Pieces = tuple[tuple[str, bool], ...]
_SPACE = re.compile(r"\s+")


def snippet(texts: Sequence[str], query: Query) -> Pieces:
    """Return a piece of the first text that holds a match, else the beginning of the first."""
    for text in texts:
        first = next(_matches(text[:MOST_READ], query), None)
        if first is not None:
            return _cut(text, first.start, query)
    return _cut(next(filter(str.strip, texts), ""), 0, query)


def _matches(text: str, query: Query) -> Iterator[Word]:
    wanted, prefixes = query.stems, query.prefixes
    if not (wanted or prefixes):
        return
    for word in words(text):
        if not wanted.isdisjoint(stems(word, *LANGUAGES)) or word.text.startswith(prefixes):
            yield word


def _cut(text: str, first: int, query: Query) -> Pieces:
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
    for word in _matches(window, query):
        pieces += [(window[at : word.start], False), (window[word.start : word.end], True)]
        at = word.end
    pieces += [(window[at:], False), (" …" if is_cut else "", False)]
    return tuple((_SPACE.sub(" ", piece), is_match) for piece, is_match in pieces if piece)
