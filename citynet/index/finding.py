"""A request answered from a generation: what is seen, found, counted, cut into pages and shown."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Protocol

import numpy as np

from citynet.index import ranking, snippets
from citynet.index.columns import Columns, Mask, Numbers, both
from citynet.index.engine import Found, Hit, Request
from citynet.index.language import words
from citynet.index.query import MOST_TERMS, Query, read

LARGEST_PAGE, LAST_PAGE = 100, 10_000


class Generation(ranking.Lookup, Protocol):
    """All that is read of a generation of the index."""

    @property
    def columns(self) -> Columns:
        """Return what is known of every document."""

    @property
    def live(self) -> Mask:
        """Return which documents have not been taken out."""

    def title_beginning(self, letters: str) -> Iterator[Numbers]:
        """Yield, for each word of a title that begins so, the documents with that title."""

    def texts(self, number: int, language: str) -> tuple[str, str, str]:
        """Return summary and body of a document in this language or its own, after which one."""


def find(generation: Generation, request: Request) -> Found:
    """Return a page of what a request finds."""
    columns, query = generation.columns, read(request.text)
    size = min(max(1, request.size), LARGEST_PAGE)
    number = min(max(1, request.page), LAST_PAGE)
    seen = columns.seen_by(request.audiences) & generation.live
    matches = ranking.match(query, generation, columns, seen)
    passing = columns.filtered(request.filters)
    among = both(matches.mask, passing.values())
    if query.is_blank or request.sort == "newest":
        order = ranking.newest_first(among, columns.published)
    else:
        matches.scores[columns.languages.having((request.language,), len(columns))] *= (
            ranking.OWN_LANGUAGE
        )
        order = matches.best_first(among, columns.published)
    page = order[(number - 1) * size : number * size]
    wanted = both(seen, passing.values())
    return Found(
        total=len(order),
        hits=[
            _hit(generation, at, float(matches.scores[at]), query, request.language)
            for at in page.tolist()
        ],
        facets=columns.counted(matches.mask, passing),
        number=number,
        size=size,
        suggestion=ranking.corrected(query, generation, seen=seen, wanted=wanted),
    )


def suggest(
    generation: Generation, text: str, audiences: Collection[str], limit: int
) -> list[tuple[str, str]]:
    """Return key and title of documents of which a title has words that begin so.

    Titles that begin with the text come first, then the newest.
    """
    columns, query = generation.columns, read(text)
    typed = [word.text for word in words(query.text)][:MOST_TERMS]
    if sum(map(len, typed)) < 2:
        return []
    seen = columns.seen_by(audiences) & generation.live
    among = seen.copy()
    for word in typed:
        among &= ranking.beginning(generation.title_beginning(word), seen) > 0
    newest = ranking.newest_first(among, columns.published)
    start = query.text.strip().casefold()

    def begins(title: str) -> bool:
        return title.casefold().startswith(start)

    found = [
        (columns.keys[at], next(filter(begins, columns.titles[at]), columns.titles[at][0]))
        for at in newest.tolist()
    ]
    found.sort(key=lambda pair: not begins(pair[1]))
    return found[: max(0, limit)]


def stamps(generation: Generation) -> dict[str, str]:
    """Return the stamp of each document by its key."""
    columns = generation.columns
    return {columns.keys[at]: columns.stamps[at] for at in np.flatnonzero(generation.live).tolist()}


def _hit(generation: Generation, at: int, score: float, query: Query, language: str) -> Hit:
    own, *texts = generation.texts(at, language)
    return Hit(
        key=generation.columns.keys[at],
        score=score,
        snippet=snippets.snippet(texts, query),
        language=own,
    )
