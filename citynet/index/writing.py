"""Documents written into Whoosh's segments: the schema, and one commit at a time.

Only `writing.py`, `segments.py`, `codec.py` and `reading.py` import Whoosh, and whatever Whoosh or
its pickles raise leaves `writing.py` and `reading.py` as IndexUnavailable.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from math import inf
from pathlib import Path

import numpy as np
from whoosh import columns, fields, formats
from whoosh.filedb.filestore import FileStorage
from whoosh.index import FileIndex, clean_files

from citynet.index.analysis import Keywords, Told
from citynet.index.codec import sealed
from citynet.index.columns import Row
from citynet.index.document import Document
from citynet.index.segments import TERMS, Merging, SegmentWriter, Storage
from citynet.index.store import faults

NAME = "MAIN"
# As many postings as fit into about 300 MB on their way into one segment.
MOST_POSTINGS = 12_000_000
NONE = Merging(0, 0)
# A publication waits for this, a part of a second; what is larger is merged after it is visible,
# for a few seconds once in some hundred publications.
SOME, MORE = Merging(2_000_000, 8, is_even=True), Merging(16_000_000, 8)
ALL = Merging(inf, 2)
IN_KEYWORDS = 1.0
Weights = Mapping[str, float]
Sums = Mapping[str, tuple[int, int]]


class Weighted(fields.FieldType):  # type: ignore[misc]
    """A field whose words come with their weights, and which keeps no positions.

    Whoosh pickles positions one document at a time: they made indexing three times as slow, and a
    phrase of common words took most of a second. They stand in a column instead.
    """

    def __init__(self) -> None:
        super().__init__(format=formats.Existence(), analyzer=None)


SCHEMA = fields.Schema(
    key=fields.ID(unique=True),
    stems=Weighted(),
    words=Weighted(),
    titles=Weighted(),
    places=fields.COLUMN(columns.VarBytesColumn()),
    texts=fields.COLUMN(columns.VarBytesColumn()),
)


class Writer:
    """Documents on their way into a generation."""

    def __init__(self, path: Path, known: Sums) -> None:
        self._writer = SegmentWriter(FileIndex(Storage(path, known), None, NAME))

    @property
    def is_full(self) -> bool:
        """Tell whether it is time to commit."""
        return self._writer.pool.size >= MOST_POSTINGS

    def remove(self, keys: Iterable[str]) -> None:
        """Take out the documents of these keys."""
        with faults(Exception), self._writer.searcher() as searcher:
            for key in keys:
                self._writer.delete_by_term("key", key, searcher=searcher)

    def add(self, document: Document) -> None:
        """Add a document whose key is not there."""
        prepared = _prepared(document)
        with faults(Exception):
            self._writer.add(*prepared)

    def commit(self, merging: Merging) -> None:
        """Write it all, and merge."""
        self._writer.merging = merging
        self._writer.commit()

    def cancel(self) -> None:
        """Give back what is held open."""
        self._writer.cancel()


def create(path: Path) -> None:
    """Put an index without documents into a folder."""
    with faults(Exception):
        FileIndex.create(FileStorage(str(path)), SCHEMA, NAME)


@contextmanager
def writer(path: Path, known: Sums, *, merging: Merging) -> Iterator[Writer]:
    """Write into the index of a folder, all or nothing; `known` are the checksums of its files.

    Raises:
        IndexUnavailable: it is damaged or cannot be written.
    """
    with faults(Exception):
        new = Writer(path, known)
    try:
        yield new
        with faults(Exception):
            new.commit(merging)
    except BaseException:
        with suppress(Exception):
            new.cancel()
        raise


def is_scattered(known: Sums) -> bool:
    """Tell whether it is time to merge MORE."""
    sizes = [size for name, (size, _) in known.items() if name.endswith(TERMS)]
    return sum(size <= MORE.most_bytes / MORE.fewest for size in sizes) > 2 * MORE.fewest


def file_names(path: Path) -> list[str]:
    """Return the names of the files that make up what was committed last."""
    with faults(Exception):
        storage = Storage(path, {})
        index = FileIndex(storage, None, NAME)
        clean_files(storage, NAME, index.latest_generation(), index._segments())
        return [
            file.name
            for file in path.iterdir()
            if file.is_file()
            and file.name not in storage.needless
            and not file.name.endswith("WRITELOCK")
        ]


def _prepared(document: Document) -> tuple[Row, Mapping[str, Weights], Mapping[str, bytes]]:
    """Return what `SegmentWriter.add` takes of a document; keywords are read in both languages."""
    own, *others = every = [Told(wording) for wording in document.wordings]
    keywords = Keywords(document.keywords)
    # What is told in two languages is not about a name in both the more, nor is it the longer.
    for other in others:
        for one, weight in other.weights.items():
            own.weights[one] = max(own.weights[one], weight)
    # A keyword counts once: a topic whose names share a stem is not about it the more.
    for one in keywords.stems:
        own.weights[one] += IN_KEYWORDS
    key = document.key.encode()
    places = [one for told in every for one in told.places] + keywords.places
    texts = [
        (one.language, one.summary, f"{one.body}\n{one.blocks}".strip())
        for one in document.wordings
    ]
    weights = {
        "stems": own.weights,
        "words": dict.fromkeys(keywords.words.union(*(told.words for told in every)), 1.0),
        "titles": dict.fromkeys({word for told in every for word in told.title_words}, 1.0),
    }
    # Keywords are left out: the more names a topic has, the longer a document would seem.
    return _row(document, own.length), weights, {
        "places": sealed(np.concatenate(places).tobytes(), key),
        "texts": sealed(zlib.compress(json.dumps(texts).encode()), key),
    }  # fmt: skip


def _row(document: Document, length: float) -> Row:
    confirmed = document.confirmed_at
    return Row(
        key=document.key,
        stamp=document.stamp,
        titles=[wording.title for wording in document.wordings],
        languages=[wording.language for wording in document.wordings],
        length=length,
        published=document.published_at.timestamp(),
        confirmed=confirmed.timestamp() if confirmed is not None else 0.0,
        evidence=document.evidence,
        replications=document.replications,
        audiences=sorted(document.audiences),
        facets={name: list(values) for name, values in document.facets.items()},
    )
