"""Documents, requests and engines for the tests of the index."""

from __future__ import annotations

import random
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from citynet.index.document import Document, Wording
from citynet.index.engine import Engine, Found, Request
from citynet.index.whoosh import WhooshEngine

EVERYONE = frozenset({"public", "members"})
MEMBERS = frozenset({"members"})
WORDS = {
    "id": ["kota", "pasar", "sampah", "izin", "layanan", "warga", "parkir", "banjir", "taman"],
    "en": ["city", "market", "waste", "permit", "service", "citizen", "parking", "flood", "park"],
}


def document(
    key: int | str,
    title: str = "",
    *,
    summary: str = "",
    body: str = "",
    keywords: str = "",
    language: str = "en",
    audiences: Collection[str] = EVERYONE,
    facets: Mapping[str, tuple[str, ...]] | None = None,
    day: int = 0,
    stamp: str = "1",
    others: Sequence[Wording] = (),
) -> Document:
    """Return a document; `day` counts from the first of 2024."""
    return Document(
        key=str(key), stamp=stamp, language=language, title=title, summary=summary, body=body,
        keywords=keywords, audiences=frozenset(audiences), facets=facets or {},
        published_at=datetime(2024, 1, 1, tzinfo=UTC) + timedelta(days=day), others=tuple(others),
    )  # fmt: skip


def at_random(count: int, seed: int) -> list[Document]:
    """Return documents of few words, so that most queries find some, and of many facets.

    Of every five one is told in the other language, too.
    """
    dice = random.Random(seed)

    def text(language: str, size: int) -> str:
        return " ".join(dice.choices(WORDS[language], k=size))

    found = []
    for key in range(count):
        languages = dice.sample(["id", "en"], 2 if dice.random() < 0.2 else 1)
        language = languages[0]
        facets = {
            "topic": tuple(
                dice.sample(["licensing", "waste", "wifi", "water"], dice.randint(0, 3))
            ),
            "country": (dice.choice(["ID", "TH", "PH"]),),
            "language": tuple(languages),
            "year": (str(dice.randint(2015, 2018)),) if dice.random() < 0.8 else (),
        }
        found.append(
            document(
                key,
                text(language, 3),
                summary=text(language, 5),
                body=text(language, 12),
                keywords="permit; izin" if dice.random() < 0.2 else "",
                language=language,
                audiences=EVERYONE if dice.random() < 0.7 else MEMBERS,
                facets=facets,
                day=dice.randint(0, 900),
                others=[
                    Wording(one, text(one, 3), text(one, 5), text(one, 12)) for one in languages[1:]
                ],
            )
        )
    return found


def request(
    text: str = "",
    *,
    audiences: Collection[str] = ("public",),
    filters: Mapping[str, tuple[str, ...]] | None = None,
    sort: str = "relevance",
    page: int = 1,
    size: int = 10,
    language: str = "en",
) -> Request:
    """Return a search of a visitor."""
    return Request(text, audiences, filters or {}, sort, page, size, language)


def filled(folder: Path, documents: Sequence[Document]) -> WhooshEngine:
    """Return an engine that holds these documents."""
    engine = WhooshEngine(folder)
    engine.rebuild(documents, total=len(documents))
    return engine


def keys(found: Found) -> list[str]:
    """Return the keys of a page, in order."""
    return [hit.key for hit in found.hits]


class Rows:
    """A source that holds what it is given."""

    def __init__(self, documents: Sequence[Document]) -> None:
        self.held = {one.key: one for one in documents}

    def stamps(self) -> Mapping[str, str]:
        """Return the stamps by key."""
        return {key: one.stamp for key, one in self.held.items()}

    def documents(self, keys: Collection[str] | None = None) -> Iterator[Document]:
        """Yield the documents of these keys, or all."""
        yield from (one for key, one in self.held.items() if keys is None or key in keys)


def put(engine: Engine, documents: Sequence[Document]) -> None:
    """Write documents in place of those with the same keys."""
    rows = Rows(documents)
    engine.update(list(rows.held), rows)


def drop(engine: Engine, keys: Collection[str]) -> None:
    """Take documents out."""
    engine.update(keys, Rows(()))
