"""tantivy: title and text with its English stemmer, facets as numbers in its fast fields.

A page is one search for the ten best and their number, one aggregation that counts all facets, and
its own generator of snippets over the ten stored texts. It has no did-you-mean: a word is looked up
in its dictionary, and one that is not there is sought among all of them as ours does it. Words as
they are written stand in a field of their own, as ours keeps them, for prefixes and for that.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property
from itertools import islice
from pathlib import Path

import tantivy
from tantivy import Occur, Query

from bench.search.asking import (
    FACETS,
    HITS,
    SNIPPET,
    SUGGESTIONS,
    Answer,
    Ask,
    Filters,
    groups,
)  # fmt: skip
from bench.search.corpus import codes
from bench.search.lexicon import Lexicon
from citynet.index.document import Document

BATCH, MEMORY = 20_000, 256_000_000
TITLE = 2.0


class Tantivy:
    """An index in a folder."""

    def __init__(self, place: str) -> None:
        self._folder = Path(place)

    def build(self, documents: Iterable[Document], total: int) -> None:  # noqa: ARG002
        """Make the index of all these documents, with as many threads as there are cores."""
        self._folder.mkdir()
        index = tantivy.Index(_schema(), path=str(self._folder))
        writer = index.writer(MEMORY)
        rest = iter(documents)
        while batch := list(islice(rest, BATCH)):
            for one in batch:
                writer.add_document(_prepared(one))
            writer.commit()
        writer.wait_merging_threads()

    def put(self, document: Document) -> None:
        """Write one document so that readers find it."""
        with tantivy.Index.open(str(self._folder)).writer(num_threads=1) as writer:
            writer.delete_documents_by_term("key", document.key)
            writer.add_document(_prepared(document))

    def open(self) -> TantivyReader:
        """Return a new reader."""
        return TantivyReader(self._folder)

    def size_bytes(self) -> int:
        """Return what it takes on the disk."""
        return sum(file.stat().st_size for file in self._folder.rglob("*") if file.is_file())


class TantivyReader:
    """An open index; each search asks whether there is a newer one."""

    def __init__(self, folder: Path) -> None:
        self._index = tantivy.Index.open(str(folder))
        self._schema = self._index.schema
        self._public = Query.const_score_query(
            Query.term_query(self._schema, "is_public", True), 0.0
        )
        self._codes = codes()

    @cached_property
    def _lexicon(self) -> Lexicon:
        return Lexicon(self._index.searcher().terms_with_prefix("words", ""))

    def find(self, ask: Ask) -> Answer:
        """Answer a search of a visitor."""
        self._index.reload()
        searcher = self._index.searcher()
        query = self._filtered(self._query(ask), ask.filters)
        found = searcher.search(query, HITS)
        documents = [searcher.doc(address) for _score, address in found.hits]
        return Answer(
            total=found.count,  # type: ignore[attr-defined]
            keys=[str(one.get_first("key")) for one in documents],
            facets=self._facets(searcher, ask) if ask.has_facets else {},
            snippets=self._snippets(searcher, ask, documents) if ask.has_snippets else [],
            suggestion=self._corrected(searcher, ask) if ask.has_suggestion else None,
        )

    def _query(self, ask: Ask) -> Query:
        if ask.how == "phrase":
            ways = [
                Query.phrase_query(self._schema, name, list(ask.words))
                for name in ("title", "text")
            ]
            return Query.boolean_query([(Occur.Should, way) for way in ways])
        if ask.how == "prefix":
            return Query.phrase_prefix_query(self._schema, "words", list(ask.words))
        occur = Occur.Must if ask.how == "all" else Occur.Should
        if occur == Occur.Should or len(ask.words) == 1:
            parts = [(Occur.Should, part) for word in ask.words for part in self._parts(word)]
            return Query.boolean_query(parts)
        each = [
            Query.boolean_query([(Occur.Should, part) for part in self._parts(word)])
            for word in ask.words
        ]
        return Query.boolean_query([(Occur.Must, one) for one in each])

    def _parts(self, word: str) -> list[Query]:
        title = Query.term_query(self._schema, "title", word)
        return [Query.boost_query(title, TITLE), Query.term_query(self._schema, "text", word)]

    def _filtered(self, query: Query, filters: Filters) -> Query:
        parts = [(Occur.Must, query), (Occur.Must, self._public)]
        for name, values in filters.items():
            wanted = Query.term_set_query(
                self._schema, name, [self._codes[name][value] for value in values]
            )
            parts.append((Occur.Must, Query.const_score_query(wanted, 0.0)))
        return Query.boolean_query(parts)

    def _facets(self, searcher: tantivy.Searcher, ask: Ask) -> Mapping[str, Mapping[str, int]]:
        query, counts = self._query(ask), {}
        for names, filters in groups(ask.filters):
            wanted = {name: {"terms": {"field": name, "size": 1000}} for name in names}
            found = searcher.aggregate(self._filtered(query, filters), wanted)
            for name in names:
                values = list(self._codes[name])
                counts[name] = {
                    values[int(one["key"])]: int(one["doc_count"]) for one in found[name]["buckets"]
                }
        return counts

    def _snippets(
        self, searcher: tantivy.Searcher, ask: Ask, documents: list[tantivy.Document]
    ) -> list[str]:
        generator = tantivy.SnippetGenerator.create(
            searcher, self._query(ask), self._schema, "text"
        )
        generator.set_max_num_chars(SNIPPET)
        return [generator.snippet_from_doc(one).to_html() for one in documents]

    def _corrected(self, searcher: tantivy.Searcher, ask: Ask) -> str | None:
        unknown = [word for word in ask.words if not searcher.doc_freq("text", word)]
        if not unknown or ask.how == "prefix":
            return None
        near = {word: self._lexicon.nearest(word) or word for word in unknown}
        return " ".join(near.get(word, word) for word in ask.words)

    def suggest(self, letters: str) -> list[str]:
        """Return titles with words that begin so, the newest first."""
        self._index.reload()
        searcher = self._index.searcher()
        begun = Query.phrase_prefix_query(self._schema, "title", [letters])
        query = self._filtered(begun, {})
        found = searcher.search(query, SUGGESTIONS, count=False, order_by_field="published_at")
        return [str(searcher.doc(at).get_first("title")) for _value, at in found.hits]

    def like(self, key: str) -> list[str]:
        """Return the keys of ten documents that tell of the same."""
        searcher = self._index.searcher()
        own = searcher.search(Query.term_query(self._schema, "key", key), 1, count=False)
        near = Query.more_like_this_query(
            own.hits[0][1], min_doc_frequency=2, min_term_frequency=1, max_query_terms=10
        )
        found = searcher.search(self._filtered(near, {}), HITS + 1, count=False)
        keys = [str(searcher.doc(at).get_first("key")) for _score, at in found.hits]
        return [one for one in keys if one != key][:HITS]

    def close(self) -> None:
        """Let go of what is open."""


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("key", stored=True, tokenizer_name="raw", index_option="basic")
    builder.add_text_field("title", stored=True, tokenizer_name="en_stem")
    builder.add_text_field("text", stored=True, tokenizer_name="en_stem")
    builder.add_text_field("words", index_option="basic")
    builder.add_boolean_field("is_public", indexed=True, fast=True)
    builder.add_unsigned_field("published_at", fast=True)
    for name in FACETS:
        builder.add_unsigned_field(name, indexed=True, fast=True)
    return builder.build()


def _prepared(document: Document) -> tantivy.Document:
    text, numbers = f"{document.summary}\n{document.body}", codes()
    made = tantivy.Document()
    made.add_text("key", document.key)
    made.add_text("title", document.title)
    made.add_text("text", text)
    made.add_text("words", f"{document.title}\n{text}")
    made.add_boolean("is_public", "public" in document.audiences)
    made.add_unsigned("published_at", int(document.published_at.timestamp()))
    for name in FACETS:
        for value in document.facets[name]:
            made.add_unsigned(name, numbers[name][value])
    return made
