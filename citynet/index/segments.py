"""Segments written and merged: Whoosh's writer, with lists of postings taken in whole.

Beside Whoosh's files each segment has one of columns (`columns.py`) and one of the words that are
written anywhere in it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from heapq import merge
from operator import itemgetter
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from whoosh import writing
from whoosh.codec.base import Segment
from whoosh.filedb.filestore import FileStorage
from whoosh.filedb.structfile import BufferFile
from whoosh.index import FileIndex
from whoosh.reading import SegmentReader

from citynet.index.codec import Codec, List, Pool, decoded, extent, opened
from citynet.index.columns import Columns, Row
from citynet.index.store import File, verified

POSTINGS, TERMS, COLUMNS, LEXICON = Codec.POSTS_EXT, Codec.TERMS_EXT, ".columns", ".lexicon"
# These files hold records with checksums of their own.
RECORDS = (POSTINGS, Codec.COLUMN_EXT)
LISTED = ("words", "titles")


@dataclass(frozen=True)
class Merging:
    """How much a commit merges: the smallest segments, if there are so many in so many bytes.

    Bytes of their term dictionaries: a merge takes as long as there are terms, 0.3 s a megabyte.
    """

    most_bytes: float
    fewest: int
    # A segment that is larger than all before it waits for more of them: otherwise a few documents
    # more would have all others written again and again.
    is_even: bool = False


class OnDisk(BufferFile):  # type: ignore[misc]
    """A file of records, read piece by piece where it lies."""

    def __init__(self, file: File, name: str) -> None:
        super().__init__(b"", name=name)
        self._own = file

    def get(self, position: int, length: int) -> bytes:
        """Return a piece of it."""
        return self._own.read(position, length)


class Storage(FileStorage):  # type: ignore[misc]
    """The files of a folder; those that a commit makes needless stay: a manifest names them yet.

    What has no checksums inside is verified when it is opened.
    """

    def __init__(self, path: Path, known: Mapping[str, tuple[int, int]]) -> None:
        super().__init__(str(path))
        self._path, self._known = path, known
        self.needless: set[str] = set()

    def open_file(self, name: str, **_options: object) -> BufferFile:
        """Open a file for reading; Whoosh need not close it."""
        if name.endswith(RECORDS):
            return OnDisk(File(self._path / name), name)
        return BufferFile(self.content(name), name=name)

    def content(self, name: str) -> bytes:
        """Return all of a file."""
        content = (self._path / name).read_bytes()
        return verified(name, content, self._known[name]) if name in self._known else content

    def delete_file(self, name: str) -> None:
        """Note that the file is not needed any more."""
        self.needless.add(name)


class SegmentWriter(writing.SegmentWriter):  # type: ignore[misc]
    """A new segment on its way, and what of the others is merged into it."""

    def __init__(self, index: FileIndex) -> None:
        super().__init__(index, compound=False, codec=Codec())
        self.pool = Pool()
        self.merging = Merging(0, 0)
        self._rows: list[Row] = []
        self._columns: list[Columns] = []
        self._lists: list[Iterator[List]] = []

    def add(
        self, row: Row, weights: Mapping[str, Mapping[str, float]], kept: Mapping[str, bytes]
    ) -> None:
        """Add a document: its row, the weights of its words by field, and what is kept of it."""
        for field, own in weights.items():
            self.pool.put(field, self.docnum, own)
        self.add_document(key=row.key, **kept)
        self._rows.append(row)

    def add_postings_to_pool(
        self, reader: SegmentReader, startdoc: int, _docmap: Mapping[int, int] | None
    ) -> None:
        """Note that the postings of a segment's documents are to be merged."""
        segment = reader.segment()
        content = self.storage.content(segment.make_filename(COLUMNS))
        self._columns.append(Columns.read(content).taken(live_in(segment)))
        self._lists.append(self._lists_in(reader, startdoc))

    def _lists_in(self, reader: SegmentReader, start: int) -> Iterator[List]:
        """Yield the lists of a segment without deleted documents, numbered anew from `start`."""
        segment, live = reader.segment(), live_in(reader.segment())
        numbers = np.full(segment.doc_count_all(), -1, np.int32)
        numbers[live] = np.arange(start, start + len(live))
        file = self.storage.open_file(segment.make_filename(POSTINGS))
        for term, info in reader.iter_from("key", ""):
            ids, weights = decoded(opened(file.get(*extent(info)), term[1]))
            ids = numbers[ids]
            is_live = ids >= 0
            if is_live.any():
                yield term, ids[is_live], weights[is_live]

    def _merge_segments(self, *_policy: object) -> list[Segment]:
        """Take in small segments, so that few stay, and leave out those without documents."""
        left = [one for one in self.segments if one.doc_count_all() > one.deleted_count()]
        merged = self._small(left)
        for segment in merged:
            self.add_reader(SegmentReader(self.storage, self.schema, segment))
        return [segment for segment in left if segment not in merged]

    def _small(self, segments: Sequence[Segment]) -> list[Segment]:
        sized = [
            (self.storage.file_length(one.make_filename(TERMS)), one.segment_id(), one)
            for one in segments
        ]
        found: list[Segment] = []
        total = 0
        for size, _, segment in sorted(sized):
            waits = self.merging.is_even and len(found) > 1 and size > total
            if waits or total + size > self.merging.most_bytes:
                break
            total += size
            found.append(segment)
        return found if len(found) >= self.merging.fewest else []

    def _flush_segment(self) -> None:
        self.perdocwriter.close()
        lists = merge(self.pool.lists(), *self._lists, key=itemgetter(0))
        words = self.fieldwriter.write(self.schema, lists)
        self.fieldwriter.close()
        columns = Columns.joined([Columns.of(self._rows), *self._columns])
        self._write(COLUMNS, columns.content())
        self._write(LEXICON, b"\0".join(b"\n".join(words.get(field, ())) for field in LISTED))

    def _write(self, extension: str, content: bytes) -> None:
        with self.newsegment.create_file(self.storage, extension) as file:
            file.write(content)


def live_in(segment: Segment) -> NDArray[np.int64]:
    """Return the numbers of a segment's documents that have not been deleted."""
    is_live = np.ones(segment.doc_count_all(), np.bool_)
    is_live[list(segment.deleted_docs())] = False
    return np.flatnonzero(is_live)
