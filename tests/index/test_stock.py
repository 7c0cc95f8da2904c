"""What our engine matches is what Whoosh's own queries match over the same words."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from functools import lru_cache, reduce
from pathlib import Path

import pytest
from whoosh import fields
from whoosh.analysis import SpaceSeparatedTokenizer
from whoosh.filedb.filestore import RamStorage
from whoosh.query import And, Not, Or, Phrase, Prefix, Query, Term
from whoosh.searching import Searcher

from citynet.index.document import Document
from citynet.index.language import LANGUAGES, stem, stems, words
from citynet.index.reading import Reading
from citynet.index.store import Store
from tests.index.documents import WORDS, at_random, drop, filled, put

COUNT, QUERIES = 240, 2_000
Set = frozenset[str]
STEMS = [*sorted({stem(word, one) for one in LANGUAGES for word in WORDS[one]}), "nowhere"]


def written_into_segments(folder: Path) -> tuple[Reading, dict[str, Document]]:
    """Return what is read of several segments with deleted documents, and what should be there."""
    before, after = at_random(COUNT, 1), at_random(COUNT, 2)
    engine = filled(folder, before[:120])
    for start in range(120, COUNT, 40):
        put(engine, before[start : start + 40])
    replaced = after[60:90]
    put(engine, replaced)
    dropped = [str(n) for n in range(80, 200, 7)]
    drop(engine, dropped)
    held = {one.key: one for one in before} | {one.key: one for one in replaced}
    for key in dropped:
        del held[key]
    return Reading(Store(folder).load()), held


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Reading, Searcher]]:
    """Return our index and one that Whoosh alone wrote, over the same documents."""
    ours, held = written_into_segments(tmp_path_factory.mktemp("index") / "index")
    assert len(ours.segments) > 2
    assert not ours.live.all()
    text = fields.TEXT(analyzer=SpaceSeparatedTokenizer(), phrase=True)
    index = RamStorage().create_index(fields.Schema(key=fields.STORED, stems=text, words=text))
    writer = index.writer()
    for document in held.values():
        writer.add_document(key=document.key, stems=stemmed(document), words=spelt(document))
    writer.commit()
    with index.searcher() as searcher:
        yield ours, searcher


def parts_of(document: Document) -> list[tuple[str, str]]:
    """Return each text of a document with its language."""
    own = [
        (text, wording.language)
        for wording in document.wordings
        for text in (wording.title, wording.summary, wording.blocks, wording.body)
    ]
    return own + [(document.keywords, language) for language in LANGUAGES]


def stemmed(document: Document) -> str:
    """Return the stems of a document in order, with a word of its own where a text ends."""
    ends = (
        " ".join(found for word in words(text) for found in sorted(stems(word, language)))
        for text, language in parts_of(document)
    )
    return " | ".join(ends)


def spelt(document: Document) -> str:
    """Return the words of a document."""
    return " ".join(word.text for text, _ in parts_of(document) for word in words(text))


def theirs(searcher: Searcher, query: Query) -> Set:
    """Return the keys that Whoosh finds."""
    found = searcher.docs_for_query(query)
    return frozenset(searcher.stored_fields(number)["key"] for number in found)


def keys(ours: Reading, numbers: list[int]) -> Set:
    """Return the keys of documents that are there still."""
    return frozenset(ours.columns.keys[number] for number in numbers if ours.live[number])


@lru_cache
def word_of(ours: Reading, one: str) -> Set:
    """Return the keys of documents that hold a stem."""
    return keys(ours, ours.stem(one).documents.tolist())


def any_of(ours: Reading, chosen: list[str]) -> tuple[Set, Query]:
    """Ask for one of several stems."""
    found = frozenset[str]().union(*(word_of(ours, one) for one in chosen))
    return found, Or([Term("stems", one) for one in chosen])


def all_of(ours: Reading, chosen: list[str]) -> tuple[Set, Query]:
    """Ask for several stems together."""
    found = reduce(frozenset.intersection, [word_of(ours, one) for one in chosen])
    return found, And([Term("stems", one) for one in chosen])


def but_not(ours: Reading, chosen: list[str]) -> tuple[Set, Query]:
    """Ask for a stem without others."""
    first, *others = chosen
    found = word_of(ours, first).difference(*(word_of(ours, one) for one in others))
    return found, And([Term("stems", first), *(Not(Term("stems", one)) for one in others)])


def phrase(ours: Reading, chosen: list[str]) -> tuple[Set, Query]:
    """Ask for stems one after the other."""
    found = keys(ours, ours.phrase(chosen).documents.tolist())
    return found, Phrase("stems", chosen) if chosen[1:] else Term("stems", chosen[0])


def prefix(ours: Reading, chosen: list[str]) -> tuple[Set, Query]:
    """Ask for words that begin so."""
    letters = chosen[0][: len(chosen)]
    found = [one.tolist() for one in ours.beginning(letters)]
    return keys(ours, [number for one in found for number in one]), Prefix("words", letters)


@pytest.mark.parametrize("ask", [any_of, all_of, but_not, phrase, prefix])
def test_matching_sets_are_those_of_stock_whoosh(
    pair: tuple[Reading, Searcher], ask: Callable[[Reading, list[str]], tuple[Set, Query]]
) -> None:
    """Over segments with deleted documents; 10,000 queries in all, most of which find some."""
    ours, searcher = pair
    dice, known, found_some = random.Random(3), dict[tuple[str, ...], Set](), 0
    for _ in range(QUERIES):
        chosen = dice.choices(STEMS, k=dice.choice((1, 2, 2, 2, 3, 3)))
        found, query = ask(ours, chosen)
        if tuple(chosen) not in known:
            known[tuple(chosen)] = theirs(searcher, query)
        assert found == known[tuple(chosen)], query
        found_some += bool(found)
    assert found_some > QUERIES / 10
