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
from whoosh.index import FileIndex, clean_files

from citynet.index.columns import Row
from citynet.index.document import Document, Wording
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


class Storage(FileStorage):  # type: ignore[misc]
    """The files of a folder; those that a commit makes needless stay: a manifest names them yet."""

    def __init__(self, path: Path) -> None:
        super().__init__(str(path))
        self.needless: set[str] = set()

    def delete_file(self, name: str) -> None:
        """Note that the file is not needed any more."""
        self.needless.add(name)


class Writer:
    """Documents on their way into a generation."""

    def __init__(self, path: Path) -> None:
        index = FileIndex(Storage(path), None, NAME)
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
    with faults(Exception):
        storage = Storage(path)
        index = FileIndex(storage, None, NAME)
        clean_files(storage, NAME, index.latest_generation(), index._segments())
        return [
            file.name
            for file in path.iterdir()
            if file.is_file()
            and file.name not in storage.needless
            and not file.name.endswith("WRITELOCK")
        ]


class _Told:
    """What is read of one wording, each part of it in its language."""

    def __init__(self, wording: Wording) -> None:
        parts = (wording.title, wording.summary, wording.body)
        self.parts = [list(words(part)) for part in parts]
        self.places: list[int] = []
        self.length = 0.0
        self.weights = weights = defaultdict[str, float](float)
        for part, weight in zip(self.parts, WEIGHTS, strict=False):
            for one in [one for word in part for one in stems(word, wording.language)]:
                weights[one] += weight
            self.places += _places(part, wording.language)
            self.length += weight * len(part)


def _prepared(document: Document) -> Mapping[str, object]:
    """Return a document as the schema takes it; keywords are read in both languages."""
    own, *others = every = [_Told(wording) for wording in document.wordings]
    keywords = list(words(document.keywords))
    # What is told in two languages is not about a name in both the more, nor is it the longer.
    for other in others:
        for one, weight in other.weights.items():
            own.weights[one] = max(own.weights[one], weight)
    # A keyword counts once: a topic with many synonyms of one stem is not about it the more.
    for one in {one for word in keywords for one in stems(word, *LANGUAGES)}:
        own.weights[one] += WEIGHTS[-1]
    places = [number for told in every for number in told.places]
    for language in LANGUAGES:
        places += _places(keywords, language)
    row = Row(
        key=document.key,
        stamp=document.stamp,
        titles=[wording.title for wording in document.wordings],
        languages=[wording.language for wording in document.wordings],
        # Keywords are left out: the more names a topic has, the longer a document would seem.
        length=own.length,
        published_at_seconds=document.published_at.timestamp(),
        audiences=sorted(document.audiences),
        facets={name: list(values) for name, values in document.facets.items()},
    )
    return {
        "key": document.key,
        "stems": own.weights,
        "words": _spelt(
            word for part in (*(part for told in every for part in told.parts), keywords)
            for word in part
        ),
        "titles": _spelt(word for told in every for word in told.parts[0]),
        "row": json.dumps(astuple(row)).encode(),
        "places": np.array(places, np.uint32).tobytes(),
        "texts": [(one.language, one.summary, one.body) for one in document.wordings],
    }  # fmt: skip


def _places(part: Iterable[Word], language: str) -> list[int]:
    """Return the numbers of the stems of a part, and an end that no phrase reaches over."""
    return [place(one) for word in part if (one := stem(word.text, language))] + [0]


def _spelt(found: Iterable[Word]) -> Weights:
    return {text: 1.0 for word in found for text in (word.text, word.part) if text}


@lru_cache(maxsize=200_000)
def place(stem: str) -> int:
    """Return the number that stands for a stem in the column of places, never 0."""
    return zlib.crc32(stem.encode()) or 1
