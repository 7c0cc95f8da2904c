"""SQLite FTS5: title and text with its Porter stemmer, facts of documents in tables beside them.

A page is one statement that puts what is found with its score into a table in memory, then the ten
best, their number and each facet's `GROUP BY` read from there, and its own `snippet()`. It has no
did-you-mean: see rival_tantivy. The variant with NumPy fetches every number and score, and counts
columns that it keeps in memory, as ours does.
"""

from __future__ import annotations

import math
import re
import sqlite3
from collections import Counter
from collections.abc import Iterable, Mapping
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bench.search.asking import FACETS, HITS, SUGGESTIONS, Answer, Ask, Filters, groups
from bench.search.corpus import codes
from bench.search.lexicon import Lexicon
from citynet.index.document import Document

LIKE_WORDS = 10
TABLES = """
    PRAGMA journal_mode = WAL;
    CREATE VIRTUAL TABLE docs USING fts5(title, text, tokenize = 'porter unicode61');
    INSERT INTO docs(docs, rank) VALUES ('rank', 'bm25(2.0, 1.0)');
    CREATE VIRTUAL TABLE lexicon USING fts5vocab(docs, 'row');
    CREATE TABLE facts (
        id INTEGER PRIMARY KEY, is_public INTEGER, published_at INTEGER,
        country INTEGER, year INTEGER, language INTEGER
    );
    CREATE TABLE topics (id INTEGER, topic INTEGER, PRIMARY KEY (id, topic)) WITHOUT ROWID;
    CREATE INDEX by_topic ON topics (topic, id);
"""
FOUND = "CREATE TEMP TABLE found (id INTEGER PRIMARY KEY, score REAL)"


class Fts5:
    """A database in a folder."""

    def __init__(self, place: str) -> None:
        self._path = Path(place) / "fts5.db"

    def build(self, documents: Iterable[Document], total: int) -> None:  # noqa: ARG002
        """Make the index of all these documents in one transaction, merged at the end."""
        self._path.parent.mkdir()
        connection = sqlite3.connect(self._path)
        connection.executescript(TABLES)
        with connection:
            for one in documents:
                _write(connection, one)
            connection.execute("INSERT INTO docs(docs) VALUES ('optimize')")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.close()

    def put(self, document: Document) -> None:
        """Write one document so that readers find it."""
        connection = sqlite3.connect(self._path)
        with connection:
            _write(connection, document)
        connection.close()

    def open(self) -> Fts5Reader:
        """Return a new reader."""
        return Fts5Reader(self._path)

    def size_bytes(self) -> int:
        """Return what it takes on the disk."""
        return sum(file.stat().st_size for file in self._path.parent.iterdir())


class Fts5NumPy(Fts5):
    """The same database, read with NumPy."""

    def open(self) -> Fts5Reader:
        """Return a new reader."""
        return Fts5NumPyReader(self._path)


class Fts5Reader:
    """A connection."""

    def __init__(self, path: Path) -> None:
        self._connection = sqlite3.connect(path)
        self._connection.execute("PRAGMA temp_store = MEMORY")
        self._connection.execute(FOUND)

    @cached_property
    def _lexicon(self) -> Lexicon:
        return Lexicon(self._connection.execute("SELECT term, doc FROM lexicon"))

    def find(self, ask: Ask) -> Answer:
        """Answer a search of a visitor."""
        if ask.has_facets:
            total, ids, facets = self._counted(ask)
        else:
            condition, values = _condition(ask.filters)
            common = f"FROM docs JOIN facts ON facts.id = docs.rowid WHERE docs MATCH ? {condition}"
            row = self._connection.execute(
                f"SELECT count(*) {common}", (_match(ask), *values)
            ).fetchone()
            rows = self._connection.execute(
                f"SELECT docs.rowid {common} ORDER BY rank LIMIT {HITS}", (_match(ask), *values)
            )
            total, ids, facets = int(row[0]), [int(one[0]) for one in rows], {}
        return Answer(
            total=total,
            keys=[str(one) for one in ids],
            facets=facets,
            snippets=self._snippets(ask, ids) if ask.has_snippets else [],
            suggestion=self._corrected(ask) if ask.has_suggestion else None,
        )

    def _counted(self, ask: Ask) -> tuple[int, list[int], Mapping[str, Mapping[str, int]]]:
        """Return total, ten best and the counts of all facets."""
        run, counts = self._connection.execute, {}
        total, ids = 0, []
        for names, filters in groups(ask.filters):
            condition, values = _condition(filters)
            score = "rank" if filters == ask.filters else "0"
            run("DELETE FROM found")
            run(
                f"""INSERT INTO found SELECT docs.rowid, {score} FROM docs
                JOIN facts ON facts.id = docs.rowid WHERE docs MATCH ? {condition}""",
                (_match(ask), *values),
            )
            if filters == ask.filters:
                total = int(run("SELECT count(*) FROM found").fetchone()[0])
                best = run(f"SELECT id FROM found ORDER BY score LIMIT {HITS}")
                ids = [int(row[0]) for row in best]
            for name in names:
                table = "topics" if name == "topic" else "facts"
                rows = run(f"SELECT {name}, count(*) FROM found JOIN {table} USING (id) GROUP BY 1")
                values_of = list(codes()[name])
                counts[name] = {values_of[code]: int(count) for code, count in rows}
        return total, ids, counts

    def _snippets(self, ask: Ask, ids: list[int]) -> list[str]:
        marks = ",".join("?" * len(ids))
        rows = self._connection.execute(
            f"""SELECT rowid, snippet(docs, 1, '<b>', '</b>', '…', 30) FROM docs
            WHERE docs MATCH ? AND rowid IN ({marks})""",
            (_match(ask), *ids),
        )
        by_id = dict(rows.fetchall())
        return [str(by_id[one]) for one in ids]

    def _corrected(self, ask: Ask) -> str | None:
        run = self._connection.execute
        unknown = [
            word
            for word in ask.words
            if not run("SELECT 1 FROM docs WHERE docs MATCH ? LIMIT 1", (f'"{word}"',)).fetchone()
        ]
        if not unknown or ask.how == "prefix":
            return None
        near = {word: self._lexicon.nearest(word) or word for word in unknown}
        return " ".join(near.get(word, word) for word in ask.words)

    def suggest(self, letters: str) -> list[str]:
        """Return titles with words that begin so, the newest first."""
        rows = self._connection.execute(
            f"""SELECT title FROM docs JOIN facts ON facts.id = docs.rowid
            WHERE docs MATCH ? AND is_public ORDER BY published_at DESC LIMIT {SUGGESTIONS}""",
            (f"title : {letters}*",),
        )
        return [str(row[0]) for row in rows]

    def like(self, key: str) -> list[str]:
        """Return the keys of ten documents that share the rarest words of this one."""
        run, counts = self._connection.execute, self._lexicon.counts
        row = run("SELECT title || ' ' || text FROM docs WHERE rowid = ?", (int(key),)).fetchone()
        own = Counter(re.findall(r"\w+", row[0].lower()))
        many = max(counts.values())
        telling = {
            word: times * math.log(many / counts[word])
            for word, times in own.items()
            if counts.get(word, 0) > 1
        }
        asked = tuple(sorted(telling, key=lambda word: -telling[word])[:LIKE_WORDS])
        rows = run(
            f"""SELECT docs.rowid FROM docs JOIN facts ON facts.id = docs.rowid
            WHERE docs MATCH ? AND is_public ORDER BY rank LIMIT {HITS + 1}""",
            (_match(Ask(asked)),),
        )
        return [str(one[0]) for one in rows if str(one[0]) != key][:HITS]

    def close(self) -> None:
        """Let go of what is open."""
        self._connection.close()


class Fts5NumPyReader(Fts5Reader):
    """A connection with the facts of all documents in memory."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        rows = self._connection.execute(
            "SELECT id, is_public, country, year, language FROM facts ORDER BY id"
        ).fetchall()
        self._facts: NDArray[np.int64] = np.array(rows, np.int64).reshape(-1, 5)
        topics = self._connection.execute("SELECT id, topic FROM topics ORDER BY id").fetchall()
        pairs = np.array(topics, np.int64).reshape(-1, 2)
        self._topics = np.zeros((len(self._facts), len(codes()["topic"])), np.bool_)
        self._topics[np.searchsorted(self._facts[:, 0], pairs[:, 0]), pairs[:, 1]] = True

    def _counted(self, ask: Ask) -> tuple[int, list[int], Mapping[str, Mapping[str, int]]]:
        """Return total, ten best and the counts of all facets."""
        rows = self._connection.execute(
            "SELECT rowid, rank FROM docs WHERE docs MATCH ?", (_match(ask),)
        ).fetchall()
        flat = np.array(rows, np.float64).reshape(-1, 2)
        at = np.searchsorted(self._facts[:, 0], flat[:, 0].astype(np.int64))
        seen = self._facts[at, 1] == 1
        at, scores = at[seen], flat[seen, 1]
        passing = {name: self._having(name, held)[at] for name, held in ask.filters.items()}
        among = np.logical_and.reduce([np.ones(len(at), np.bool_), *passing.values()])
        counts = {}
        for name in FACETS:
            others = [mask for other, mask in passing.items() if other != name]
            own = at[np.logical_and.reduce([np.ones(len(at), np.bool_), *others])]
            counts[name] = self._counts(name, own)
        at, scores = at[among], scores[among]
        nearest = np.argpartition(scores, HITS)[:HITS] if len(at) > HITS else np.arange(len(at))
        best = nearest[np.argsort(scores[nearest])]
        return len(at), self._facts[at[best], 0].tolist(), counts

    def _having(self, name: str, values: Iterable[str]) -> NDArray[np.bool_]:
        wanted = [codes()[name][value] for value in values]
        if name == "topic":
            return np.asarray(self._topics[:, wanted].any(axis=1))
        return np.isin(self._facts[:, 1 + FACETS.index(name)], wanted)

    def _counts(self, name: str, at: NDArray[np.int64]) -> Mapping[str, int]:
        values = list(codes()[name])
        if name == "topic":
            found = self._topics[at].sum(axis=0)
        else:
            column = self._facts[at, 1 + FACETS.index(name)]
            found = np.bincount(column, minlength=len(values))
        return {value: int(found[code]) for code, value in enumerate(values) if found[code]}


def _match(ask: Ask) -> str:
    words = [f'"{word}"' for word in ask.words]
    if ask.how == "phrase":
        return '"' + " ".join(ask.words) + '"'
    if ask.how == "prefix":
        return f"{ask.words[0]}*"
    return (" AND " if ask.how == "all" else " OR ").join(words)


def _condition(filters: Filters) -> tuple[str, list[int]]:
    """Return what rows of `facts` must be, and the values of its marks."""
    condition, bound = " AND is_public", []
    for name, values in filters.items():
        marks = ",".join("?" * len(values))
        inside = f"(SELECT id FROM topics WHERE topic IN ({marks}))"
        condition += (
            f" AND facts.id IN {inside}" if name == "topic" else f" AND {name} IN ({marks})"
        )
        bound += [codes()[name][value] for value in values]
    return condition, bound


def _write(connection: sqlite3.Connection, document: Document) -> None:
    number, facets, numbers = int(document.key), document.facets, codes()
    connection.execute(
        "INSERT INTO docs(rowid, title, text) VALUES (?, ?, ?)",
        (number, document.title, f"{document.summary}\n{document.body}"),
    )
    one = [numbers[name][facets[name][0]] for name in FACETS[1:]]
    is_public, published = "public" in document.audiences, int(document.published_at.timestamp())
    connection.execute(
        "INSERT INTO facts VALUES (?, ?, ?, ?, ?, ?)", (number, is_public, published, *one)
    )
    connection.executemany(
        "INSERT INTO topics VALUES (?, ?)",
        [(number, numbers["topic"][topic]) for topic in facets["topic"]],
    )
