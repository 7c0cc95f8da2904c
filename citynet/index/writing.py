"""Documents written into Whoosh's segments: the schema, and one commit at a time.

`writing.py` and `reading.py` are the only files that import Whoosh, and whatever Whoosh or its
pickles raise leaves them as IndexUnavailable.
"""

from __future__ import annotations

import json
import zlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import astuple
from functools import lru_cache
from pathlib import Path

import numpy as np
from whoosh import columns, fields, formats
from whoosh.codec.whoosh3 import W3Codec
from whoosh.filedb.filestore import FileStorage
from whoosh.index import FileIndex

from citynet.index.columns import Row
from citynet.index.document import Document
from citynet.index.language import LANGUAGES, Word, stem, stems, words
from citynet.index.store import faults

NAME = "MAIN"
# Enough for BATCH documents: what is more, Whoosh sorts on the disk, which takes far longer.
MEMORY_MB, BATCH = 512, 1_000
# How much a word counts in title, summary, body and keywords.
WEIGHTS = (4.0, 2.0, 1.0, 1.0)
Weights = Mapping[str, float]


class Weighted(fields.FieldType):  # type: ignore[misc]
    """A field that is given its words with their weights, and keeps no positions.

    Whoosh pickles positions one document at a time: they made indexing three times as slow, and a
    phrase of common words took most of a second. They stand in a column instead.
    """

    def __init__(self) -> None:
        super().__init__(format=formats.Existence(), analyzer=None)

    def index(self, value: Weights, **_modes: object) -> Iterator[tuple[bytes, int, float, bytes]]:
        """Yield each word as a posting."""
        for word, weight in value.items():
            yield word.encode(), 1, weight, b""


class Codec(W3Codec):  # type: ignore[misc]
    """Whoosh's own, without looking up the length of a document for each of its postings."""

    length_stats = False


SCHEMA = fields.Schema(
    key=fields.ID(unique=True),
    stems=Weighted(),
    words=Weighted(),
    titles=Weighted(),
    row=fields.COLUMN(columns.VarBytesColumn()),
    places=fields.COLUMN(columns.VarBytesColumn()),
    texts=fields.STORED,
)


class Writer:
    """Documents on their way into a generation."""

    def __init__(self, path: Path) -> None:
        index = FileIndex(FileStorage(str(path)), None, NAME)
        self._documents = index.doc_count_all()
        self._writer = index.writer(limitmb=MEMORY_MB, compound=False, codec=Codec())

    def remove(self, keys: Iterable[str]) -> None:
        """Take out the documents of these keys."""
        with faults(Exception), self._writer.searcher() as searcher:
            for key in keys:
                self._writer.delete_by_term("key", key, searcher=searcher)

    def add(self, document: Document) -> None:
        """Add a document whose key is not there."""
        prepared = _prepared(document)
        with faults(Exception):
            self._writer.add_document(**prepared)

    def commit(self) -> None:
        """Write it all, and most of it anew where most documents held are deleted ones."""
        is_mostly_deleted = self._writer.deleted_count() * 2 > self._documents
        self._writer.commit(optimize=is_mostly_deleted)

    def cancel(self) -> None:
        """Give back what is held open."""
        self._writer.cancel()


def create(path: Path) -> None:
    """Put an index without documents into a folder."""
    with faults(Exception):
        FileIndex.create(FileStorage(str(path)), SCHEMA, NAME)


@contextmanager
def writer(path: Path) -> Iterator[Writer]:
    """Write into the index of a folder, all or nothing.

    Raises:
        IndexUnavailable: it is damaged or cannot be written.
    """
    with faults(Exception):
        new = Writer(path)
    try:
        yield new
        with faults(Exception):
            new.commit()
    except BaseException:
        with suppress(Exception):
            new.cancel()
        raise


def file_names(path: Path) -> list[str]:
    """Return the names of the files that make up what was committed last."""
    with faults(OSError):
        return [
            file.name
            for file in path.iterdir()
            if file.is_file() and not file.name.endswith("WRITELOCK")
        ]


def _prepared(document: Document) -> Mapping[str, object]:
    """Return a document as the schema takes it; keywords are read in both languages."""
    own = (document.language,)
    parts = (document.title, document.summary, document.body, document.keywords)
    found = [list(words(part)) for part in parts]
    weights: defaultdict[str, float] = defaultdict(float)
    places: list[int] = []
    for part, weight, languages in zip(found, WEIGHTS, (own, own, own, LANGUAGES), strict=True):
        every = [one for word in part for one in stems(word, *languages)]
        # A keyword counts once: a topic with many synonyms of one stem is not about it the more.
        for one in set(every) if part is found[-1] else every:
            weights[one] += weight
        for language in languages:
            places += [place(one) for word in part if (one := stem(word.text, language))]
            places.append(0)  # no phrase reaches from one text into the next
    row = Row(
        key=document.key,
        stamp=document.stamp,
        title=document.title,
        language=document.language,
        # Keywords are left out: the more names a topic has, the longer a document would seem.
        length=sum(weight * len(part) for weight, part in zip(WEIGHTS, found[:3], strict=False)),
        published_at_seconds=document.published_at.timestamp(),
        audiences=sorted(document.audiences),
        facets={name: list(values) for name, values in document.facets.items()},
    )
    return {
        "key": document.key,
        "stems": weights,
        "words": _spelt(word for part in found for word in part),
        "titles": _spelt(found[0]),
        "row": json.dumps(astuple(row)).encode(),
        "places": np.array(places, np.uint32).tobytes(),
        "texts": (document.summary, document.body),
    }


def _spelt(found: Iterable[Word]) -> Weights:
    return {text: 1.0 for word in found for text in (word.text, word.part) if text}


@lru_cache(maxsize=200_000)
def place(stem: str) -> int:
    """Return the number that stands for a stem in the column of places, never 0."""
    return zlib.crc32(stem.encode()) or 1
