"""A request answered from a generation: what is seen, found, counted, cut into pages and shown."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import NamedTuple, Protocol
from weakref import WeakKeyDictionary

import numpy as np

from citynet.index import correcting, expanding, likeness, nearness, ranking, snippets
from citynet.index.columns import Columns, Numbers, both
from citynet.index.engine import Found, Hit, Request
from citynet.index.expanding import Expander
from citynet.index.facets import Mask
from citynet.index.language import LANGUAGES, words
from citynet.index.query import MOST_TERMS, Query, read
from citynet.index.ranking import Matches
from citynet.index.recent import Recent
from citynet.index.view import Held, View
from citynet.index.vocabulary import NOTHING, Vocabulary

LARGEST_PAGE, LAST_PAGE = 100, 10_000
# How many titles are looked at for suggestions.
MOST_READ = 200
MOST_VIEWS = 4


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


_views: WeakKeyDictionary[Generation, Recent[View]] = WeakKeyDictionary()


def view_of(generation: Generation, audiences: Collection[str]) -> View:
    """Return what these audiences see of a generation, made once."""
    kept, columns = _views.setdefault(generation, Recent(MOST_VIEWS)), generation.columns
    return kept.get(
        frozenset(audiences), lambda: View(columns, columns.seen_by(audiences) & generation.live)
    )


class _Answer(NamedTuple):
    """What a request finds, before it is cut into pages; `among` is what passes all filters."""

    view: View
    query: Query
    passing: Mapping[str, Mask]
    meant: Mapping[int, str]
    expansions: Sequence[ranking.Expansion]
    matches: Matches
    among: Mask


def _answer(generation: Generation, request: Request, vocabulary: Vocabulary) -> _Answer:
    columns, query = generation.columns, read(request.text)
    view, language = view_of(generation, request.audiences), request.language
    passing = columns.filtered(request.filters)
    meant = correcting.corrections(
        query, vocabulary, generation, view,
        wanted=both(view.seen, passing.values()), language=language,
    )  # fmt: skip
    expansions = []
    if not request.is_exact:
        near = meant if len(meant) < len(query.terms) else {}
        expansions = Expander(vocabulary, generation, view).expand(query, near, language)
    matches = ranking.match(query, generation, view, expansions, language)
    among = both(matches.mask, passing.values())
    return _Answer(view, query, passing, meant, expansions, matches, among)


def _order(generation: Generation, request: Request, found: _Answer, most: int) -> Numbers:
    """Return what was found in the order that is asked for, at least so many of it."""
    if request.sort == "relevance" and not found.query.is_blank:
        return _best_first(generation, found.query, found.matches, found.among, most)
    ordered = found.view.ordered(request.sort)
    return ordered[found.among[ordered]]


def find(generation: Generation, request: Request, vocabulary: Vocabulary = NOTHING) -> Found:
    """Return a page of what a request finds."""
    columns, answer = generation.columns, _answer(generation, request, vocabulary)
    size = min(max(1, request.size), LARGEST_PAGE)
    number = min(max(1, request.page), LAST_PAGE)
    order = _order(generation, request, answer, number * size)
    marks = snippets.Marks.of(answer.query, answer.expansions)
    return Found(
        total=int(np.count_nonzero(answer.among)),
        hits=[
            _hit(generation, at, float(answer.matches.scores[at]), marks, request.language)
            for at in order[(number - 1) * size : number * size].tolist()
        ],
        facets=columns.counted(answer.matches.mask, answer.passing),
        gains=columns.gained(answer.matches.mask, answer.passing),
        number=number,
        size=size,
        suggestion=correcting.suggestion(answer.query, answer.meant),
        also=expanding.also(answer.expansions),
        is_replicated=bool(((columns.replications > 0) & answer.among).any()),
    )


def keys(generation: Generation, request: Request, vocabulary: Vocabulary = NOTHING) -> list[str]:
    """Return the keys of all that a request finds, in its order."""
    columns, answer = generation.columns, _answer(generation, request, vocabulary)
    order = _order(generation, request, answer, len(columns))
    return [columns.keys[number] for number in order.tolist()]


def _best_first(
    generation: Generation, query: Query, matches: Matches, among: Mask, most: int
) -> Numbers:
    """Return the best documents, the very best by how near their words stand, too."""
    published = generation.columns.published
    order = matches.best_first(among, max(most, nearness.MOST_READ), published)
    best = order[: nearness.MOST_READ]
    matches.scores[best] += nearness.nearness(query, matches, generation, best)
    again = np.lexsort((-published[best], -matches.scores[best]))
    return np.concatenate([best[again], order[len(best) :]])


def suggest(
    generation: Generation, text: str, audiences: Collection[str], limit: int
) -> list[tuple[str, str]]:
    """Return key and title of documents of which a title has words that begin so.

    Titles that begin with the text come first, then the newest; of very many, the newest only.
    """
    columns, query = generation.columns, read(text)
    typed = [word.text for word in words(query.text)][:MOST_TERMS]
    if sum(map(len, typed)) < 2:
        return []
    view = view_of(generation, audiences)
    among = view.seen.copy()
    for word in typed:
        within = np.zeros_like(among)
        within[_titled(generation, view, word).documents] = True
        among &= within
    ordered = view.ordered("newest")
    # Two letters begin a word of a tenth of all titles: nobody waits while each is read.
    newest = ordered[among[ordered]][:MOST_READ].tolist()
    first, others = list[tuple[str, str]](), list[tuple[str, str]]()
    start = query.text.strip().casefold()
    for at in newest:
        if len(first) >= limit:
            break
        titles = columns.titles[at]
        title = next((one for one in titles if one.casefold().startswith(start)), None)
        if title is not None:
            first.append((columns.keys[at], title))
        elif len(others) < limit:
            others.append((columns.keys[at], titles[0]))
    return (first + others)[: max(0, limit)]


def _titled(generation: Generation, view: View, word: str) -> Held:
    """Return the documents with a title of which a word begins so."""

    def read() -> list[ranking.Postings]:
        return [ranking.beginning(generation.title_beginning(word), view)]

    return view.held(("titled", word), read)


def like(generation: Generation, key: str, audiences: Collection[str], limit: int) -> list[str]:
    """Return the keys of other documents seen that tell of the same, the nearest first."""
    columns, view = generation.columns, view_of(generation, audiences)
    held = [number for number in columns.keys.find(key) if view.seen[number]]
    if not held or limit < 1:
        return []
    every = (generation.texts(held[0], language) for language in LANGUAGES)
    told = {own: summary for own, summary, _body in every}
    near = likeness.nearest(
        held[0], columns.titles[held[0]], list(told.values()), generation, view, limit
    )
    return [columns.keys[number] for number in near.tolist()]


def stamps(generation: Generation) -> dict[str, str]:
    """Return the stamp of each document by its key."""
    columns = generation.columns
    return {columns.keys[at]: columns.stamps[at] for at in np.flatnonzero(generation.live).tolist()}


def _hit(
    generation: Generation, at: int, score: float, marks: snippets.Marks, language: str
) -> Hit:
    own, *texts = generation.texts(at, language)
    return Hit(
        key=generation.columns.keys[at],
        score=score,
        snippet=snippets.snippet(texts, marks),
        language=own,
    )
