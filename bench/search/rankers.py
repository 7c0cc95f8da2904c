"""The engines of the table of quality: each is given the same words and asked the same queries.

The others get what their handbooks advise: any of the words, each field in its language where they
know it, titles counting more. A document that is told in two languages gives both.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Protocol

import psycopg
import Stemmer
import tantivy
from whoosh import analysis, fields, index, qparser

from citynet.index import language as reading
from citynet.index.document import Document
from citynet.index.engine import Request
from citynet.index.vocabulary import NOTHING, Vocabulary
from citynet.index.whoosh import WhooshEngine

TITLE = 2.0
CONFIGURATIONS = {"en": "english", "id": "indonesian"}
_INDONESIAN = Stemmer.Stemmer("indonesian")
EVERYONE = frozenset({"public", "members"})


class Ranker(Protocol):
    """Something that orders documents by a query."""

    def run(self, text: str, language: str, depth: int) -> list[str]:
        """Return keys, best first."""


class Ours:
    """The engine that is built in, asked as the search page asks it."""

    def __init__(self, folder: Path, documents: Sequence[Document]) -> None:
        self.vocabulary: Vocabulary = NOTHING
        self._engine = WhooshEngine(folder)
        self._engine.rebuild(documents, total=len(documents))

    def run(self, text: str, language: str, depth: int) -> list[str]:
        """Return keys, best first; what finds nothing is asked as it was probably meant."""
        request = Request(text, EVERYONE, {}, "relevance", 1, depth, language)
        found = self._engine.find(request, self.vocabulary)
        if not found.total and found.suggestion:
            found = self._engine.find(replace(request, text=found.suggestion), self.vocabulary)
        return [hit.key for hit in found.hits]


class PlainWhoosh:
    """Whoosh as its handbook shows it: a text field each for title, summary and body."""

    def __init__(
        self, folder: Path, documents: Sequence[Document], languages: Sequence[str]
    ) -> None:
        stems = {
            "en": analysis.StemmingAnalyzer(), "id": analysis.StemmingAnalyzer(stemfn=indonesian),
        }  # fmt: skip
        names = [f"{part}_{one}" for one in languages for part in ("title", "summary", "body")]
        own = {name: fields.TEXT(analyzer=stems[name[-2:]]) for name in names}
        folder.mkdir()
        self._index = index.create_in(str(folder), fields.Schema(key=fields.ID(stored=True), **own))
        writer = self._index.writer(limitmb=256)
        for one in documents:
            told = {}
            for wording, title, summary, rest in _texts(one):
                told[f"title_{wording}"] = title
                told[f"summary_{wording}"] = summary
                told[f"body_{wording}"] = rest
            writer.add_document(key=one.key, **told)
        writer.commit()
        self._searcher = self._index.searcher()
        self._parser = qparser.MultifieldParser(
            names, self._index.schema, group=qparser.OrGroup, plugins=[qparser.WhitespacePlugin()]
        )

    def run(self, text: str, language: str, depth: int) -> list[str]:  # noqa: ARG002
        """Return keys, best first."""
        found = self._searcher.search(self._parser.parse(" ".join(_words(text))), limit=depth)
        return [str(hit["key"]) for hit in found]


class Fts5:
    """SQLite FTS5: any of the words, a title counts twice; Porter's stems but for Indonesian."""

    def __init__(self, documents: Sequence[Document], languages: Sequence[str]) -> None:
        self.languages = languages
        tokenizer = "unicode61" if languages == ("id",) else "porter unicode61"
        self._connection = sqlite3.connect(":memory:")
        self._connection.execute(
            f"""CREATE VIRTUAL TABLE docs
            USING fts5(key UNINDEXED, title, text, tokenize='{tokenizer}')"""
        )
        for one in documents:
            told = list(_texts(one))
            titles = " ".join(self.read(title, language) for language, title, _, _ in told)
            texts = " ".join(
                self.read(f"{summary} {rest}", language) for language, _, summary, rest in told
            )
            row = (one.key, titles, texts)
            self._connection.execute("INSERT INTO docs VALUES (?, ?, ?)", row)

    def read(self, text: str, language: str) -> str:  # noqa: ARG002
        """Return a text as it is indexed."""
        return text

    def asked(self, text: str) -> Collection[str]:
        """Return the words to look for."""
        return _words(text)

    def run(self, text: str, language: str, depth: int) -> list[str]:  # noqa: ARG002
        """Return keys, best first."""
        match = " OR ".join(f'"{word}"' for word in self.asked(text))
        rows = self._connection.execute(
            f"SELECT key FROM docs WHERE docs MATCH ? ORDER BY bm25(docs, 0, {TITLE}, 1) LIMIT ?",
            (match or '""', depth),
        )
        return [str(row[0]) for row in rows]


class Fts5WithOurStems(Fts5):
    """The same given our stems in place of words: what is left is the difference in ranking."""

    def read(self, text: str, language: str) -> str:
        """Return a text as it is indexed."""
        return " ".join(
            one for word in reading.words(text) for one in reading.stems(word, language)
        )

    def asked(self, text: str) -> Collection[str]:
        """Return the words to look for, read in each language of the documents."""
        every = (reading.stems(word, *self.languages) for word in reading.words(text))
        return sorted({one for stems in every for one in stems})


class Postgres:
    """PostgreSQL: any of the words in both languages, weighted fields, ranked as `rank` does."""

    def __init__(self, address: str, documents: Sequence[Document]) -> None:
        self.rank = "ts_rank_cd"
        self._connection = psycopg.connect(address, autocommit=True)
        run = self._connection.execute
        run("DROP TABLE IF EXISTS judged")
        run("CREATE TABLE judged (key text PRIMARY KEY, document tsvector)")
        part = "setweight(to_tsvector(%s::regconfig, %s), %s)"
        for one in documents:
            values: list[str] = []
            for language, *parts in _texts(one):
                for text, weight in zip(parts, "ABD", strict=True):
                    values += [CONFIGURATIONS[language], text, weight]
            vector = " || ".join([part] * (len(values) // 3))
            run(f"INSERT INTO judged VALUES (%s, {vector})".encode(), [one.key, *values])
        run("CREATE INDEX ON judged USING gin (document)")
        run("ANALYZE judged")

    def run(self, text: str, language: str, depth: int) -> list[str]:  # noqa: ARG002
        """Return keys, best first."""
        query = " || ".join(f"to_tsquery('{one}', %(asked)s)" for one in CONFIGURATIONS.values())
        rows = self._connection.execute(
            f"""SELECT key FROM judged, (SELECT {query} AS q) AS query WHERE document @@ q
            ORDER BY {self.rank}(document, q, 1) DESC, key LIMIT %(depth)s""".encode(),
            {"asked": " | ".join(_words(text)), "depth": depth},
        )
        return [str(row[0]) for row in rows]


class Tantivy:
    """tantivy: any of the words, a title counts twice; its English stemmer, none for Indonesian."""

    def __init__(self, documents: Sequence[Document], languages: Sequence[str]) -> None:
        builder = tantivy.SchemaBuilder()
        builder.add_text_field("key", stored=True, tokenizer_name="raw")
        for language in languages:
            tokenizer = "en_stem" if language == "en" else "default"
            builder.add_text_field(f"title_{language}", tokenizer_name=tokenizer)
            builder.add_text_field(f"text_{language}", tokenizer_name=tokenizer)
        self._index = tantivy.Index(builder.build())
        self._titles = [f"title_{one}" for one in languages]
        self._fields = [*self._titles, *(f"text_{one}" for one in languages)]
        writer = self._index.writer()
        for one in documents:
            made = tantivy.Document()
            made.add_text("key", one.key)
            for language, title, summary, rest in _texts(one):
                made.add_text(f"title_{language}", title)
                made.add_text(f"text_{language}", f"{summary}\n{rest}")
            writer.add_document(made)
        writer.commit()
        writer.wait_merging_threads()
        self._index.reload()

    def run(self, text: str, language: str, depth: int) -> list[str]:  # noqa: ARG002
        """Return keys, best first."""
        searcher, boosts = self._index.searcher(), dict.fromkeys(self._titles, TITLE)
        query = self._index.parse_query(" ".join(_words(text)), self._fields, boosts)
        found = searcher.search(query, depth).hits
        return [str(searcher.doc(address).get_first("key")) for _score, address in found]


def indonesian(word: str) -> str:
    """Return the stem of a word; Whoosh writes the name of this function into its schema."""
    return str(_INDONESIAN.stemWord(word))


def _texts(document: Document) -> Iterator[tuple[str, str, str, str]]:
    """Yield language, title, summary and all other words of each wording; names with the first."""
    names = document.keywords
    for one in document.wordings:
        yield one.language, one.title, one.summary, f"{one.body}\n{one.blocks}\n{names}"
        names = ""


def _words(text: str) -> list[str]:
    return list(dict.fromkeys(re.findall(r"\w+", text.lower())))
