"""PostgreSQL full text: a weighted tsvector in the document's language under a GIN index.

A page is one statement: what is found and ranked by `ts_rank_cd` once, then its number, the ten
best with `ts_headline`, and each facet's counts. Did-you-mean is pg_trgm's nearest word of a table
that `ts_stat` fills when the index is made, as its handbook advises. The server is the tests' own:
it does not wait for the disk, which makes writing faster than it would be.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import islice

import psycopg

from bench.search.asking import FACETS, HITS, SUGGESTIONS, Answer, Ask, groups
from bench.search.corpus import codes
from citynet.index.document import Document

BATCH, LIKE_WORDS = 500, 10
TABLES = """
    CREATE EXTENSION IF NOT EXISTS pg_trgm;
    DROP TABLE IF EXISTS docs, words;
    CREATE TABLE docs (
        id integer PRIMARY KEY, is_public boolean, published_at bigint, topic integer[],
        country integer, year integer, language integer, title text, text text, document tsvector,
        named tsvector
    );
    CREATE TABLE words (word text, ndoc integer);
"""
AFTERWARDS = """
    CREATE INDEX ON docs USING gin (document);
    CREATE INDEX ON docs USING gin (named);
    CREATE INDEX ON docs USING gin (topic);
    INSERT INTO words SELECT word, ndoc FROM ts_stat('SELECT document FROM docs');
    CREATE INDEX ON words USING gist (lower(word) gist_trgm_ops);
    CREATE UNIQUE INDEX ON words (word);
    ANALYZE;
"""
INSERT = """
    INSERT INTO docs VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s,
        setweight(to_tsvector(%s::regconfig, %s), 'A') || to_tsvector(%s::regconfig, %s),
        to_tsvector('simple', %s))
"""
CONFIGURATIONS = {"en": "english", "id": "indonesian"}
Value = str | int | list[int]


class Postgres:
    """A database of a server."""

    def __init__(self, place: str) -> None:
        self._address = place

    def build(self, documents: Iterable[Document], total: int) -> None:  # noqa: ARG002
        """Make the index of all these documents over one connection, the GIN index at the end."""
        with psycopg.connect(self._address) as connection:
            connection.execute(TABLES)
            rest = iter(documents)
            while batch := list(islice(rest, BATCH)):
                with connection.cursor() as cursor:
                    cursor.executemany(INSERT, [_row(one) for one in batch])
            connection.execute("SET LOCAL maintenance_work_mem = '512MB'")
            connection.execute(AFTERWARDS)
        with psycopg.connect(self._address, autocommit=True) as connection:
            connection.execute("VACUUM docs")

    def put(self, document: Document) -> None:
        """Write one document so that readers find it."""
        with psycopg.connect(self._address) as connection:
            connection.execute(INSERT, _row(document))

    def open(self) -> PostgresReader:
        """Return a new reader."""
        return PostgresReader(self._address)

    def size_bytes(self) -> int:
        """Return what it takes on the disk."""
        wanted = "SELECT pg_total_relation_size('docs') + pg_total_relation_size('words')"
        with psycopg.connect(self._address) as connection:
            row = connection.execute(wanted).fetchone()
        return int(row[0]) if row else 0


class PostgresReader:
    """A connection."""

    def __init__(self, address: str) -> None:
        self._connection = psycopg.connect(address, autocommit=True)
        # Compiling a statement takes longer than all of ours do.
        self._connection.execute("SET jit = off")
        self.server_process = self._connection.info.backend_pid

    def find(self, ask: Ask) -> Answer:
        """Answer a search of a visitor."""
        query, asked = _query(ask)
        statement, values = _statement(ask)
        run = self._connection.execute
        rows = run(statement.encode(), {"asked": asked, "query": query, **values}).fetchall()
        facets: dict[str, dict[str, int]] = {}
        keys, snippets, total = [], [], 0
        for what, number, text in rows:
            if what == "total":
                total = int(number)
            elif what == "hit":
                keys.append(str(number))
                snippets.append(str(text))
            else:
                value = list(codes()[what])[int(text)]
                facets.setdefault(what, {})[value] = int(number)
        suggestion = self._corrected(ask) if ask.has_suggestion else None
        return Answer(total, keys, facets, snippets if ask.has_snippets else [], suggestion)

    def _corrected(self, ask: Ask) -> str | None:
        run, near = self._connection.execute, {}
        known = run("SELECT word FROM words WHERE word = ANY(%s)", (list(ask.words),)).fetchall()
        for word in set(ask.words) - {row[0] for row in known}:
            row = run(
                "SELECT word FROM words ORDER BY lower(word) <-> %s LIMIT 1", (word,)
            ).fetchone()
            near[word] = str(row[0]) if row else word
        if not near or ask.how == "prefix":
            return None
        return " ".join(near.get(word, word) for word in ask.words)

    def suggest(self, letters: str) -> list[str]:
        """Return titles with words that begin so, the newest first."""
        rows = self._connection.execute(
            f"""SELECT title FROM docs WHERE named @@ to_tsquery('simple', %s) AND is_public
            ORDER BY published_at DESC LIMIT {SUGGESTIONS}""".encode(),
            (f"{letters}:*",),
        )
        return [str(row[0]) for row in rows]

    def like(self, key: str) -> list[str]:
        """Return the keys of ten documents that share the rarest words of this one."""
        rows = self._connection.execute(
            f"""WITH own AS (
                SELECT word FROM docs, unnest(document) AS one (lexeme, places, weights)
                JOIN words ON word = lexeme WHERE docs.id = %(key)s AND ndoc > 1
                ORDER BY cardinality(places) * ln((SELECT count(*) FROM docs)::float / ndoc) DESC
                LIMIT {LIKE_WORDS}
            ), query AS (SELECT string_agg(quote_literal(word), ' | ')::tsquery AS q FROM own)
            SELECT id FROM docs, query WHERE document @@ q AND is_public AND id <> %(key)s
            ORDER BY ts_rank_cd(document, q) DESC LIMIT {HITS}""".encode(),
            {"key": int(key)},
        )
        return [str(row[0]) for row in rows]

    def close(self) -> None:
        """Let go of what is open."""
        self._connection.close()


def _query(ask: Ask) -> tuple[str, str]:
    """Return the query as the server reads it, and its text; both languages are asked."""
    if ask.how == "phrase":
        read, text = "phraseto_tsquery", " ".join(ask.words)
    elif ask.how == "prefix":
        return "to_tsquery('simple', %(asked)s)", f"{ask.words[0]}:*"
    else:
        read, text = "to_tsquery", (" & " if ask.how == "all" else " | ").join(ask.words)
    return " || ".join(f"{read}('{one}', %(asked)s)" for one in CONFIGURATIONS.values()), text


def _statement(ask: Ask) -> tuple[str, Mapping[str, Value]]:
    """Return what a page asks in one statement, and the values of its filters."""
    query, _text = _query(ask)
    found, counted, values = [], [], {}
    for number, (names, filters) in enumerate(groups(ask.filters)):
        condition = "is_public"
        for name, wanted in filters.items():
            values[name] = [codes()[name][value] for value in wanted]
            operator = "&&" if name == "topic" else "= ANY"
            condition += f" AND {name} {operator} (%({name})s::integer[])"
        if number and not ask.has_facets:
            break
        score = "0" if number else "ts_rank_cd(document, q)"
        found.append(
            f"""found{number} AS MATERIALIZED (SELECT id, {", ".join(FACETS)}, {score} AS score
            FROM docs, query WHERE document @@ q AND {condition})"""
        )
        for name in names if ask.has_facets else ():
            value = "unnest(topic)" if name == "topic" else name
            counted.append(
                f"""SELECT '{name}', count(*), value::text FROM
                (SELECT {value} AS value FROM found{number}) AS every GROUP BY value"""
            )
    text = "text" if ask.has_snippets else "''"
    options = "MaxFragments=1, MaxWords=30, MinWords=15"
    configuration = "CASE language WHEN 0 THEN 'english' ELSE 'indonesian' END::regconfig"
    headline = f"ts_headline({configuration}, {text}, q, '{options}')" if ask.has_snippets else text
    parts = [
        "SELECT 'total' AS what, count(*) AS number, '' AS text FROM found0",
        f"""SELECT 'hit', id, {headline} FROM (SELECT id, score FROM found0
        ORDER BY score DESC LIMIT {HITS}) AS best JOIN docs USING (id), query""",
        *counted,
    ]
    united = " UNION ALL ".join(f"({part})" for part in parts)
    return f"WITH query AS (SELECT {query} AS q), {', '.join(found)} {united}", values


def _row(document: Document) -> tuple[Value | bool, ...]:
    numbers, facets = codes(), document.facets
    own = [numbers[name][facets[name][0]] for name in FACETS[1:]]
    text, configuration = f"{document.summary}\n{document.body}", CONFIGURATIONS[document.language]
    return (
        int(document.key), "public" in document.audiences, int(document.published_at.timestamp()),
        [numbers["topic"][one] for one in facets["topic"]], *own, document.title, text,
        configuration, document.title, configuration, text, document.title,
    )  # fmt: skip
