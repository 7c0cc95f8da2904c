"""A generation of Whoosh's segments read from memory, from bytes whose checksums were right.

Whoosh's own search walks postings one by one in Python; here a word's postings are read once for
each generation into arrays and kept, and NumPy does the rest.
"""

from __future__ import annotations

import json
from collections import OrderedDict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import reduce

import numpy as np
from whoosh.filedb.filestore import RamStorage
from whoosh.filedb.structfile import BufferFile
from whoosh.index import FileIndex
from whoosh.reading import SegmentReader

from citynet.index.columns import Columns, Mask, Numbers, Row
from citynet.index.ranking import Postings
from citynet.index.store import Loaded, faults
from citynet.index.writing import NAME, place

MOST_POSTINGS_KEPT = 4_000_000


class _Memory(RamStorage):  # type: ignore[misc]
    """Files in memory, opened without a copy."""

    def open_file(self, name: str, **options: object) -> BufferFile:
        return BufferFile(self.files[name], name=name, **options)


@dataclass
class Segment:
    """What is made of a segment once: it never changes, but for which documents are deleted."""

    columns: Columns
    words: Sequence[str] = ()


class Reading:
    """A generation in memory. One thread at a time may read it."""

    def __init__(self, loaded: Loaded, before: Reading | None = None) -> None:
        self.loaded = loaded
        manifest, files = loaded
        self.name = manifest.generation
        with faults(Exception):
            storage = _Memory()
            storage.files.update(files)
            reader = FileIndex(storage, None, NAME).reader()
            self._leaves = [
                (leaf, at) for leaf, at in reader.leaf_readers() if leaf.doc_count_all()
            ]
            known = before.segments if before is not None else {}
            self.segments: dict[str, Segment] = {
                name: known.get(name) or Segment(_columns(leaf))
                for name, (leaf, _) in zip(self._names(), self._leaves, strict=True)
            }
            self.columns = Columns.joined([one.columns for one in self.segments.values()])
            self.live: Mask = np.zeros(len(self.columns), np.bool_)
            self.live[[int(at) for at in reader.all_doc_ids()]] = True
        self._kept: OrderedDict[tuple[str, ...], Postings] = OrderedDict()
        self._kept_size = 0
        self._lexicon: list[str] | None = None

    def _names(self) -> list[str]:
        return [str(leaf.segment().segment_id()) for leaf, _ in self._leaves]

    def stem(self, stem: str) -> Postings:
        """Return where a stem stands."""
        return self._read("stems", stem)

    def word(self, word: str) -> Numbers:
        """Return the documents that hold a word as it is written."""
        return self._read("words", word).documents

    def phrase(self, stems: Sequence[str]) -> Postings:
        """Return where stems stand one after the other."""
        return self._keep(("phrase", *stems), lambda: self._phrase(stems))

    def beginning(self, letters: str) -> Iterator[Numbers]:
        """Yield, for each word that begins so, the documents that hold it."""
        yield from map(self.word, self._expansions("words", letters))

    def title_beginning(self, letters: str) -> Iterator[Numbers]:
        """Yield, for each word of a title that begins so, the documents with that title."""
        for word in self._expansions("titles", letters):
            yield self._read("titles", word).documents

    def lexicon(self) -> Sequence[str]:
        """Return every word that is written anywhere."""
        if self._lexicon is None:
            for one, (leaf, _) in zip(self.segments.values(), self._leaves, strict=True):
                one.words = one.words or _expansions(leaf, "words", "")
            self._lexicon = sorted({word for one in self.segments.values() for word in one.words})
        return self._lexicon

    def texts(self, number: int, language: str) -> tuple[str, str, str]:
        """Return summary and body of a document in this language or its own, after which one."""
        with faults(Exception):
            leaf, at = next(pair for pair in reversed(self._leaves) if pair[1] <= number)
            every = leaf.stored_fields(number - at)["texts"]
            own, summary, body = next((one for one in every if one[0] == language), every[0])
            return str(own), str(summary), str(body)

    def _keep(self, name: tuple[str, ...], read: Callable[[], Postings]) -> Postings:
        """Return postings, read once; the longest unused make room."""
        if name in self._kept:
            self._kept.move_to_end(name)
            return self._kept[name]
        found = self._kept[name] = read()
        self._kept_size += len(found.documents)
        while self._kept_size > MOST_POSTINGS_KEPT:
            self._kept_size -= len(self._kept.popitem(last=False)[1].documents)
        return found

    def _read(self, field: str, word: str) -> Postings:
        return self._keep((field, word), lambda: self._postings(field, word))

    def _postings(self, field: str, word: str) -> Postings:
        documents, weights = [], []
        with faults(Exception):
            for leaf, at in self._leaves:
                if (field, word) not in leaf:
                    continue
                matcher = leaf.postings(field, word)
                while matcher.is_active():
                    documents.append(matcher.id() + at)
                    weights.append(matcher.weight())
                    matcher.next()
        return Postings(np.array(documents, np.int32), np.array(weights, np.float64))

    def _expansions(self, field: str, letters: str) -> list[str]:
        every = (_expansions(leaf, field, letters) for leaf, _ in self._leaves)
        return sorted({word for words in every for word in words})

    def _phrase(self, stems: Sequence[str]) -> Postings:
        every = [self.stem(stem) for stem in stems]
        common: Numbers = reduce(
            lambda left, right: np.intersect1d(left, right, assume_unique=True),
            [one.documents for one in every],
        )
        wanted = [place(stem) for stem in stems]
        found: list[int] = []
        with faults(Exception):
            for leaf, at in self._leaves:
                places = leaf.column_reader("places", translate=False)
                own = common[(common >= at) & (common < at + leaf.doc_count_all())].tolist()
                found += [number for number in own if _stands(wanted, places[number - at])]
        documents = np.array(found, np.int32)
        weights = [one.weights[np.searchsorted(one.documents, documents)] for one in every]
        return Postings(documents, np.min(weights, axis=0))


def _columns(leaf: SegmentReader) -> Columns:
    rows = leaf.column_reader("row", translate=False)
    return Columns.of([Row(*json.loads(row)) for row in rows])


def _expansions(leaf: SegmentReader, field: str, letters: str) -> list[str]:
    with faults(Exception):
        return [bytes(word).decode() for word in leaf.expand_prefix(field, letters)]


def _stands(wanted: Sequence[int], content: bytes) -> bool:
    """Tell whether the numbers stand one after the other in a document's places."""
    own = np.frombuffer(content, np.uint32)
    starts = np.flatnonzero(own[: max(0, len(own) - len(wanted) + 1)] == wanted[0])
    for distance, one in enumerate(wanted[1:], 1):
        starts = starts[own[starts + distance] == one]
    return len(starts) > 0
