"""The search page as the production server sends it, over the documents of the table of speed.

Growing the real network to 100,000 practices takes longer than all the rest, so the rows of the
database are written in bulk with the words of one practice of the demonstration, under the keys of
the documents, and the index is the one that was measured: its hits, facets and snippets are real,
the cards around them all look alike.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from itertools import islice
from pathlib import Path
from urllib.parse import urlencode

from flask import Flask
from sqlalchemy import func, insert, select

from bench import load, network, server
from bench.search import corpus
from bench.search.queries import FILTERED, Queries
from citynet.index.document import Document
from citynet.index.vocabulary import Vocabulary
from citynet.kit import db
from citynet.practices import queries
from citynet.practices.models import Practice, Revision, RevisionTopic
from citynet.search.vocabulary import current

CHUNK, QUERIES, SECONDS = 2_000, 50, 4.0


class Network:
    """The demonstration network and the rows behind the documents of an index."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.app: Flask = network.open_app(folder)
        network.build_demonstration(self.app)
        self._rows = 0

    @property
    def index(self) -> Path:
        """Return the folder of the index that the network reads."""
        return self.folder / "index"

    def vocabulary(self) -> Vocabulary:
        """Return the words that the network searches beside those typed."""
        with self.app.app_context():
            found = current()
            db.session().rollback()
        return found

    def grow(self, documents: Path) -> None:
        """Write a practice for each document that has none."""
        with self.app.app_context():
            new = islice(corpus.stored(documents), self._rows, None)
            while batch := list(islice(new, CHUNK)):
                _write(batch)
                self._rows += len(batch)


def measure(grown: Network, size: int) -> None:
    """Serve the network and print what its pages take."""
    with server.serve(grown.folder) as running:
        for name, paths in _paths(size).items():
            print(f"  {size:,}: {name} over HTTP", file=sys.stderr)
            load.measure(running.port, paths, seconds=1)
            for clients in (1, load.CLIENTS):
                found = load.measure(running.port, paths, seconds=SECONDS, clients=clients)
                times = "".join(f"{found.percentile_ms(share):>9.1f}" for share in (50, 95, 99))
                print(
                    f"{size:>9,}  {name:<30}{clients:>8}{found.per_second:>9.0f}{times}"
                    f"{found.failures:>8}",
                    flush=True,
                )
        memory = running.worker_mb()
        print(
            f"{size:>9,}  start-up {running.start_seconds:.2f} s, a worker "
            f"{f'{memory:.0f} MB' if memory else 'of unknown size'}",
            flush=True,
        )


def head() -> None:
    """Print what the columns are."""
    print(f"\nHTTP: {server.WORKERS} web workers of 4 threads, {SECONDS:g} s a line")
    titles = "".join(f"{title:>9}" for title in ("req/s", "p50 ms", "p95 ms", "p99 ms"))
    print(f"{'documents':>9}  {'':<30}{'clients':>8}{titles}{'failed':>8}", flush=True)


def _paths(size: int) -> Mapping[str, list[str]]:
    """Return addresses of each kind, each query once."""
    asked = Queries(size, "http")
    texts = {
        "/search, two words": [" ".join(asked.words(2).words) for _ in range(QUERIES)],
        "/search, four words": [" ".join(asked.words(4).words) for _ in range(QUERIES)],
        "/search, a rare word": [asked.rare().words[0] for _ in range(QUERIES)],
        "/search, a phrase": [f'"{" ".join(asked.phrase().words)}"' for _ in range(QUERIES)],
        "/search, a slip": [asked.misspelt().words[0] for _ in range(QUERIES)],
    }
    narrowed = [" ".join(asked.words(2).words) for _ in range(QUERIES)]
    return {
        **{
            name: [f"/search?{urlencode({'q': text})}" for text in every]
            for name, every in texts.items()
        },
        "/search, two filters": [
            f"/search?{urlencode({'q': text, **FILTERED}, doseq=True)}" for text in narrowed
        ],
        "/search/suggest": [
            f"/search/suggest?{urlencode({'q': asked.typed()})}" for _ in range(QUERIES)
        ],
    }


@db.transaction
def _write(documents: list[Document]) -> None:
    """Write what the search page reads of a practice, under the keys of the documents."""
    session = db.session()
    model = session.scalars(select(Revision).where(Revision.state == "published").limit(1)).one()
    cities = list(session.scalars(select(Practice.city_id).distinct().order_by(Practice.city_id)))
    slugs = {topic.slug: topic.id for topic in queries.all_topics()}
    first = int(session.scalar(select(func.max(Revision.id))) or 0) + 1
    ids = [int(document.key) for document in documents]
    session.execute(
        insert(Practice),
        [
            {"id": key, "slug": f"made-{key}", "city_id": cities[key % len(cities)]}
            for key in ids
        ],
    )  # fmt: skip
    session.execute(
        insert(Revision),
        [
            {
                "id": number, "practice_id": key, "number": 1, "state": model.state,
                "title": one.title[:100], "subtitle": model.subtitle, "summary": model.summary,
                "language": one.language, "status": model.status,
                "visibility": "public" if "public" in one.audiences else "members",
                "started_year": int(one.facets["year"][0]), "content_json": model.content_json,
                "published_at": one.published_at,
            }
            for number, (key, one) in enumerate(zip(ids, documents, strict=True), first)
        ],
    )  # fmt: skip
    session.execute(
        insert(RevisionTopic),
        [
            {"revision_id": number, "topic_id": slugs[slug], "position": position}
            for number, one in enumerate(documents, first)
            for position, slug in enumerate(one.facets["topic"])
        ],
    )
