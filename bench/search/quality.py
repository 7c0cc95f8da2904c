"""How good the first answers are: each engine over the same documents and queries, as one table."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from flask import Flask

from bench.search import collections, rankers
from bench.search.collections import Collection
from bench.search.judging import Quality, judged
from bench.search.rankers import Ranker
from citynet.index.document import Document
from citynet.index.vocabulary import NOTHING, Vocabulary

DEPTH = 100
COLUMNS = ("nDCG@10", "MRR", "recall@10", "recall@100", "nothing")


def measure(app: Flask, vocabulary: Vocabulary, address: str | None) -> None:
    """Print the table; a PostgreSQL without address is left out."""
    measure_one(collections.demonstration(app), vocabulary, address)
    for collection in collections.real():
        measure_one(collection, vocabulary, address)


def measure_one(collection: Collection, vocabulary: Vocabulary, address: str | None) -> None:
    """Print a line for each engine and group of queries."""
    print(f"\n{collection.name}: {len(collection.documents):,} documents", flush=True)
    print(f"{'':<44}" + "".join(f"{column:>12}" for column in COLUMNS))
    with tempfile.TemporaryDirectory() as name:
        found = dict(_found(collection, vocabulary, Path(name), address))
    for group, asked in collection.groups.items():
        judgements = {str(at): one.wanted for at, one in enumerate(asked)}
        print(f"  {group}: {len(asked)} queries")
        for engine, runs in found.items():
            print(f"    {engine:<40}{_figures(judged(judgements, runs[group]))}", flush=True)


Runs = Mapping[str, Mapping[str, list[str]]]


def _found(
    collection: Collection, vocabulary: Vocabulary, folder: Path, address: str | None
) -> Iterator[tuple[str, Runs]]:
    """Yield each engine's name and what it finds for each group of queries."""
    documents, languages = collection.documents, collection.languages
    ours = rankers.Ours(folder / "ours", documents)
    for name, words in (("ours", vocabulary), ("ours, no vocabulary", NOTHING)):
        ours.vocabulary = words
        yield name, _runs(name, ours, collection)
    others: dict[str, Ranker] = {
        "Whoosh, plain": rankers.PlainWhoosh(folder / "plain", documents, languages),
        "SQLite FTS5": rankers.Fts5(documents, languages),
        "SQLite FTS5 with our stems": rankers.Fts5WithOurStems(documents, languages),
        "tantivy": rankers.Tantivy(documents, languages),
    }
    told = [_with_names(document, vocabulary) for document in documents]
    if told != documents:
        others["SQLite FTS5, synonyms in documents"] = rankers.Fts5(told, languages)
        others["tantivy, synonyms in documents"] = rankers.Tantivy(told, languages)
    for name, ranker in others.items():
        yield name, _runs(name, ranker, collection)
    if address is not None:
        postgres = rankers.Postgres(address, documents)
        for postgres.rank in ("ts_rank_cd", "ts_rank"):
            name = f"PostgreSQL, {postgres.rank}"
            yield name, _runs(name, postgres, collection)


def _with_names(document: Document, vocabulary: Vocabulary) -> Document:
    """Return a document with all that its topics are called: what others can know of that."""
    topics = document.facets.get("topic", ())
    names = [entry.text for entry in vocabulary.entries if entry.topic in topics]
    return replace(document, keywords="; ".join([document.keywords, *names])) if names else document


def _runs(name: str, ranker: Ranker, collection: Collection) -> Runs:
    print(f"  {collection.name}: {name}", file=sys.stderr)
    return {
        group: {str(at): ranker.run(one.text, one.language, DEPTH) for at, one in enumerate(asked)}
        for group, asked in collection.groups.items()
    }


def _figures(found: Quality) -> str:
    figures = (found.ndcg, found.mrr, found.recall, found.deep_recall)
    return "".join(f"{figure:>12.3f}" for figure in figures) + f"{found.nothing:>12.1%}"
