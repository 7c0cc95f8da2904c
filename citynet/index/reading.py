"""A generation of Whoosh's segments, read from files that were verified and are kept open.

Whoosh's own search walks postings one by one in Python; here a word's postings are read once for
each generation into arrays and kept, and NumPy does the rest. In memory stand the term
dictionaries, the columns and what was used last; postings and texts are read where they lie.
"""

from __future__ import annotations

import json
import zlib
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from functools import cached_property, reduce

import numpy as np
from numpy.typing import NDArray
from whoosh.codec.base import Segment as WhooshSegment
from whoosh.columns import VarBytesColumn
from whoosh.filedb.filestore import Storage
from whoosh.filedb.structfile import BufferFile
from whoosh.index import TOC
from whoosh.reading import SegmentReader, TermNotFound

from citynet.index.codec import decoded, extent, opened
from citynet.index.columns import Columns, Mask, Numbers
from citynet.index.language import place
from citynet.index.ranking import Postings
from citynet.index.recent import Recent
from citynet.index.segments import COLUMNS, LEXICON, LISTED, POSTINGS, RECORDS, OnDisk, live_in
from citynet.index.store import Loaded, faults
from citynet.index.writing import NAME

# What is kept in memory of a generation: postings, places of stems, and characters; and what a list
# takes besides: those of words that nobody wrote are empty, and there is no end of them.
MOST_POSTINGS, MOST_PLACES, MOST_CHARACTERS, OF_EACH = 4_000_000, 1_000_000, 2_000_000, 100
# So many documents' places are looked through together; what lies between them is read with them
# unless it is several times as much.
AT_ONCE, SPARSE = 500, 4
Places = NDArray[np.uint32]


class _Files(Storage):  # type: ignore[misc]
    """The files of a generation, as Whoosh opens them."""

    def __init__(self, loaded: Loaded) -> None:
        self._loaded = loaded

    def list(self) -> list[str]:
        """Return the files' names."""
        return list(self._loaded.files)

    def file_exists(self, name: str) -> bool:
        """Tell whether there is such a file."""
        return name in self._loaded.files

    def file_length(self, name: str) -> int:
        """Return a file's size."""
        return self._loaded.files[name].size

    def open_file(self, name: str, **_options: object) -> BufferFile:
        """Open a file: its records stay on the disk, everything else comes into memory."""
        if name.endswith(RECORDS):
            return OnDisk(self._loaded.files[name], name)
        return BufferFile(self._loaded.content(name), name=name)


class Segment:
    """A segment, opened once: it never changes, but for which documents are deleted."""

    def __init__(self, loaded: Loaded, segment: WhooshSegment, reader: SegmentReader) -> None:
        self._reader = reader
        self._lexicon_name = segment.make_filename(LEXICON)
        self._loaded = loaded
        self._postings = loaded.files[segment.make_filename(POSTINGS)]
        self.columns = Columns.read(loaded.content(segment.make_filename(COLUMNS)))
        if len(self.columns) != segment.doc_count_all():
            raise ValueError("Columns of another length.")

    def postings(self, field: str, word: str) -> Postings | None:
        """Return where a word stands."""
        try:
            at, length = extent(self._reader.term_info(field, word))
        except TermNotFound:
            return None
        return Postings(*decoded(opened(self._postings.read(at, length), word.encode())))

    @cached_property
    def lexicons(self) -> dict[str, list[str]]:
        """Return the words of each field that are listed, in their order."""
        content = self._loaded.content(self._lexicon_name).decode()
        parts = [part.split("\n") if part else [] for part in content.split("\0")]
        return dict(zip(LISTED, parts, strict=True))

    def beginning(self, field: str, letters: str) -> list[str]:
        """Return the words that begin so."""
        words = self.lexicons[field]
        first = bisect_left(words, letters)
        return words[first : bisect_left(words, letters + "\U0010ffff", first)]

    def record(self, name: str, number: int) -> bytes:
        """Return what is kept of a document under a name."""
        return opened(self._records[name][number], self.columns.keys[number].encode())

    def records(self, name: str, numbers: Sequence[int]) -> list[bytes]:
        """Return what is kept of documents, which ascend; read at once where they lie close."""
        column, owners = self._records[name], self.columns.keys.encoded(numbers)
        places = [column._offsets[number] for number in numbers]
        lengths = [column._lengths[number] for number in numbers]
        begin, size = places[0], places[-1] + lengths[-1] - places[0]
        if size > SPARSE * sum(lengths):
            pieces = [column[number] for number in numbers]
        else:
            content = column._dbfile.get(column._basepos + begin, size)
            pieces = [
                content[place - begin : place - begin + length]
                for place, length in zip(places, lengths, strict=True)
            ]
        return [opened(*pair) for pair in zip(pieces, owners, strict=True)]

    @cached_property
    def _records(self) -> dict[str, VarBytesColumn.Reader]:
        return {
            name: self._reader.column_reader(name, translate=False) for name in ("places", "texts")
        }

    def verify(self) -> None:
        """Read each record and compare it with its checksum."""
        for number in range(len(self.columns)):
            for name in ("places", "texts"):
                self.record(name, number)
        for (_, word), info in self._reader.iter_from("key", ""):
            opened(self._postings.read(*extent(info)), word)


class Reading:
    """A generation that is read. One thread at a time may read it."""

    def __init__(self, loaded: Loaded, before: Reading | None = None) -> None:
        self.loaded = loaded
        self.name = loaded.manifest.generation
        known = before.segments if before is not None else {}
        with faults(Exception):
            files = _Files(loaded)
            toc = TOC.read(files, NAME)
            held = [one for one in toc.segments if one.doc_count_all()]
            self.segments: dict[str, Segment] = {
                one.segment_id(): known.get(one.segment_id())
                or Segment(loaded, one, SegmentReader(files, toc.schema, one))
                for one in held
            }
            self.columns = Columns.joined([one.columns for one in self.segments.values()])
            sizes = [len(one.columns) for one in self.segments.values()]
            starts = [sum(sizes[:n]) for n in range(len(sizes))]
            self._placed = list(zip(self.segments.values(), starts, strict=True))
            self.live: Mask = np.zeros(len(self.columns), np.bool_)
            for one, start in zip(held, starts, strict=True):
                self.live[live_in(one) + start] = True
        self._lists = Recent[Postings](MOST_POSTINGS, lambda one: len(one.documents) + OF_EACH)
        self._places = Recent[Places](MOST_PLACES, lambda one: len(one) + OF_EACH)
        self._texts = Recent[tuple[str, str, str]](MOST_CHARACTERS, lambda one: sum(map(len, one)))
        self._lexicon: list[str] | None = None

    def stem(self, stem: str) -> Postings:
        """Return where a stem stands."""
        return self._read("stems", stem)

    def word(self, word: str) -> Numbers:
        """Return the documents that hold a word as it is written."""
        return self._read("words", word).documents

    def phrase(self, stems: Sequence[str]) -> Postings:
        """Return where stems stand one after the other."""
        return self._lists.get(("phrase", *stems), lambda: self._phrase(stems))

    def beginning(self, letters: str) -> Iterator[Numbers]:
        """Yield, for each word that begins so, the documents that hold it."""
        yield from map(self.word, self._beginning("words", letters))

    def title_beginning(self, letters: str) -> Iterator[Numbers]:
        """Yield, for each word of a title that begins so, the documents with that title."""
        for word in self._beginning("titles", letters):
            yield self._read("titles", word).documents

    def lexicon(self) -> Sequence[str]:
        """Return every word that is written anywhere."""
        if self._lexicon is None:
            self._lexicon = self._beginning("words", "")
        return self._lexicon

    def texts(self, number: int, language: str) -> tuple[str, str, str]:
        """Return summary and body of a document in this language or its own, after which one."""
        return self._texts.get((number, language), lambda: self._read_texts(number, language))

    def _read_texts(self, number: int, language: str) -> tuple[str, str, str]:
        with faults(Exception):
            every = json.loads(zlib.decompress(self._record("texts", number)))
            own, summary, body = next((one for one in every if one[0] == language), every[0])
            return str(own), str(summary), str(body)

    def places(self, number: int) -> Places:
        """Return the numbers of a document's stems in order, 0 where nothing reaches over."""
        return self._places.get(number, lambda: self._read_places(number))

    def _read_places(self, number: int) -> Places:
        with faults(Exception):
            return np.frombuffer(self._record("places", number), np.uint32)

    def verify(self) -> None:
        """Read each record and compare it with its checksum.

        Raises:
            IndexUnavailable: one is damaged.
        """
        with faults(Exception):
            for one in self.segments.values():
                one.verify()

    def _record(self, name: str, number: int) -> bytes:
        segment, start = next(pair for pair in reversed(self._placed) if pair[1] <= number)
        return segment.record(name, number - start)

    def _read(self, field: str, word: str) -> Postings:
        return self._lists.get((field, word), lambda: self._postings(field, word))

    def _postings(self, field: str, word: str) -> Postings:
        documents = [np.zeros(0, np.int32)]
        weights = [np.zeros(0, np.float32)]
        with faults(Exception):
            for segment, start in self._placed:
                if found := segment.postings(field, word):
                    documents.append(found.documents + np.int32(start))
                    weights.append(found.weights)
        return Postings(np.concatenate(documents), np.concatenate(weights))

    def _beginning(self, field: str, letters: str) -> list[str]:
        with faults(Exception):
            parts = [segment.beginning(field, letters) for segment, _ in self._placed]
        if len(parts) == 1:
            return parts[0]
        # Runs that are in order already are sorted in one pass.
        return list(dict.fromkeys(sorted(word for part in parts for word in part)))

    def _phrase(self, stems: Sequence[str]) -> Postings:
        every = [self.stem(stem) for stem in stems]
        common: Numbers = reduce(
            lambda left, right: np.intersect1d(left, right, assume_unique=True),
            [one.documents for one in every],
        )
        wanted = [place(stem) for stem in stems]
        found = [np.zeros(0, np.int32)]
        for segment, start in self._placed:
            first, last = np.searchsorted(common, (start, start + len(segment.columns)))
            for at in range(first, last, AT_ONCE):
                numbers = common[at : min(at + AT_ONCE, last)]
                with faults(Exception):
                    records = segment.records("places", (numbers - start).tolist())
                    found.append(numbers[_holding(wanted, records)])
        documents = np.concatenate(found)
        weights = [one.weights[np.searchsorted(one.documents, documents)] for one in every]
        return Postings(documents, np.min(weights, axis=0))


def _holding(wanted: Sequence[int], records: Sequence[bytes]) -> NDArray[np.int64]:
    """Return which of the documents' places hold the numbers one after the other.

    Each document's end with 0, so that nothing reaches from one into the next.
    """
    own = np.frombuffer(b"".join(records), np.uint32)
    starts = np.flatnonzero(own[: max(0, len(own) - len(wanted) + 1)] == wanted[0])
    for distance, one in enumerate(wanted[1:], 1):
        starts = starts[own[starts + distance] == one]
    ends = np.cumsum([len(record) // own.itemsize for record in records])
    return np.unique(np.searchsorted(ends, starts, side="right"))
