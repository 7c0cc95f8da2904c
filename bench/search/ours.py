"""The network's own engine, through the face that the slices above it know.

It has one door: a page is always counted and corrected. What asks for hits alone asks for a page of
one hit, which still counts every facet and cuts one snippet.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from bench.search.asking import HITS, SUGGESTIONS, Answer, Ask
from citynet.index.document import Document
from citynet.index.engine import Request
from citynet.index.vocabulary import NOTHING, Vocabulary
from citynet.index.whoosh import WhooshEngine
from tests.index.documents import put

VISITOR = frozenset({"public"})
# What the search page knows beside the words typed; the benchmark sets it to the network's.
vocabulary: Vocabulary = NOTHING


class Ours:
    """The engine that is built in."""

    def __init__(self, place: str) -> None:
        self._folder = Path(place)

    def build(self, documents: Iterable[Document], total: int) -> None:
        """Make the index of all these documents."""
        WhooshEngine(self._folder).rebuild(documents, total=total)

    def put(self, document: Document) -> None:
        """Write one document so that readers find it."""
        put(WhooshEngine(self._folder), [document])

    def open(self) -> OurReader:
        """Return a new reader."""
        return OurReader(self._folder)

    def size_bytes(self) -> int:
        """Return what it takes on the disk."""
        return sum(file.stat().st_size for file in self._folder.rglob("*") if file.is_file())


class OurReader:
    """What a web process keeps."""

    def __init__(self, folder: Path) -> None:
        self._engine = WhooshEngine(folder)

    def find(self, ask: Ask) -> Answer:
        """Answer a search of a visitor."""
        size = HITS if ask.has_snippets else 1
        text = {"phrase": '"{}"', "prefix": "{}*"}.get(ask.how, "{}").format(" ".join(ask.words))
        request = Request(text, VISITOR, ask.filters, "relevance", 1, size, "en")
        found = self._engine.find(request, vocabulary)
        return Answer(
            total=found.total,
            keys=[hit.key for hit in found.hits],
            facets={name: dict(counts) for name, counts in found.facets.items()},
            snippets=["".join(part for part, _is_match in hit.snippet) for hit in found.hits],
            suggestion=found.suggestion,
        )

    def suggest(self, letters: str) -> list[str]:
        """Return titles with words that begin so, the newest first."""
        return [title for _key, title in self._engine.suggest(letters, VISITOR, SUGGESTIONS)]

    def like(self, key: str) -> list[str]:
        """Return the keys of ten documents that tell of the same."""
        return self._engine.like(key, VISITOR, HITS)

    def close(self) -> None:
        """Let go of what is open."""
