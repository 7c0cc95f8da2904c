"""How words and records lie in Whoosh's files: whole lists of postings, each with a checksum.

Whoosh's own codec pickles postings in blocks of 128 and walks them one by one. Here a word's list
is one record, read and decoded at once: gaps between document numbers in the fewest bytes that hold
the largest, then weights in quarters of a byte where that is exact. Whoosh's matchers read it too.
"""

from __future__ import annotations

import struct
import zlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from hashlib import md5
from itertools import groupby, islice
from operator import itemgetter

import numpy as np
from numpy.typing import NDArray
from whoosh.codec.base import Segment
from whoosh.codec.whoosh3 import W3Codec, W3FieldWriter, W3TermInfo
from whoosh.fields import Schema
from whoosh.filedb.filestore import Storage
from whoosh.filedb.structfile import StructFile
from whoosh.formats import Format
from whoosh.matching import ListMatcher
from whoosh.system import pack_ushort
from whoosh.util.numeric import length_to_byte

from citynet.index.engine import IndexUnavailable

Ids = NDArray[np.int32]
Numbers = NDArray[np.int64]
Weights = NDArray[np.float32]
# A term, the documents that hold it and its weight in each.
List = tuple[tuple[str, bytes], Ids, Weights]
# So many terms are written together.
AT_ONCE = 4_000
_SUM = struct.Struct("<I")
_GAPS = ("B", "H", "I")
# Weights: all of them 1, in quarters, or as they are.
_ONES, _QUARTERS, _EXACT = range(3)
_BYTES = (0, 1, 4)
# A term in Whoosh's dictionary: two sizes, two bytes for the field and the word; and what is said
# of it, as W3TermInfo reads it.
_SIZES, _OWN = struct.Struct("!ii"), 2
_INFO = np.dtype(
    [
        ("is_inlined", "u1"), ("weight", ">f4"), ("documents", ">u4"), ("shortest", "u1"),
        ("longest", "u1"), ("heaviest", ">f4"), ("first", ">u4"), ("last", ">u4"),
        ("at", ">i8"), ("length", ">i4"),
    ]
)  # fmt: skip


def sealed(content: bytes, owner: bytes) -> bytes:
    """Return a record: its checksum, which also tells whose it is, and the content."""
    return _SUM.pack(zlib.crc32(content, zlib.crc32(owner))) + content


def opened(record: bytes, owner: bytes) -> bytes:
    """Return the content of a record.

    Raises:
        IndexUnavailable: it is damaged, or another's.
    """
    content = record[_SUM.size :]
    if len(record) < _SUM.size or record[: _SUM.size] != _SUM.pack(
        zlib.crc32(content, zlib.crc32(owner))
    ):
        raise IndexUnavailable("A record of the index is damaged.")
    return content


def encoded(ids: Ids, weights: Weights, starts: Numbers) -> list[bytes]:
    """Return the postings of words, one after the other, each as `decoded` reads them.

    `starts` tells where each word's begin; its ids ascend.
    """
    gaps = np.diff(ids, prepend=np.int32(0))
    gaps[starts] = ids[starts]
    largest, quarters = np.maximum.reduceat(gaps, starts), weights * 4
    in_quarters = (quarters < 1 << 8) & (quarters == np.rint(quarters))
    kinds = (largest >= 1 << 8).astype(np.uint8) + (largest >= 1 << 16)
    ways = np.where(np.logical_and.reduceat(in_quarters, starts), _QUARTERS, _EXACT)
    ways[np.logical_and.reduceat(weights == 1, starts)] = _ONES
    written = [gaps.astype(size).tobytes() for size in _GAPS]
    held = [b"", np.minimum(quarters, 255).astype(np.uint8).tobytes(), weights.tobytes()]
    ends = [*starts[1:].tolist(), len(ids)]
    return [
        bytes((kind, way))
        + written[kind][begin << kind : end << kind]
        + held[way][begin * _BYTES[way] : end * _BYTES[way]]
        for kind, way, begin, end in zip(
            kinds.tolist(), ways.tolist(), starts.tolist(), ends, strict=True
        )
    ]


def decoded(content: bytes) -> tuple[Ids, Weights]:
    """Return document numbers, ascending, and weights."""
    gaps, way = np.dtype(_GAPS[content[0]]), content[1]
    count = (len(content) - 2) // (gaps.itemsize + _BYTES[way])
    ids = np.cumsum(np.frombuffer(content, gaps, count, 2), dtype=np.int32)
    at = 2 + count * gaps.itemsize
    if way == _ONES:
        return ids, np.ones(count, np.float32)
    if way == _EXACT:
        return ids, np.frombuffer(content, np.float32, count, at)
    return ids, np.frombuffer(content, np.uint8, count, at) * np.float32(0.25)


def extent(info: W3TermInfo) -> tuple[int, int]:
    """Return where a word's list begins and how long it is."""
    # Whoosh 2.7.4 forgets to take the length out of what struct returns.
    at, length = info.extent()
    return at, length[0] if isinstance(length, tuple) else length


class Pool:
    """Postings on their way into a segment, each word's in the order of their documents.

    Whoosh's own keeps a tuple for each posting, in ten times the memory, and sorts them.
    """

    def __init__(self) -> None:
        self._fields = defaultdict[str, _Field](_Field)
        self.size = 0

    def add(self, item: tuple[str, bytes, int, float, bytes]) -> None:
        """Add a posting, as Whoosh's writer does."""
        field, text, number, weight, _value = item
        self.put(field, number, {text.decode(): weight})

    def put(self, field: str, number: int, weights: Mapping[str, float]) -> None:
        """Add the words of a later document."""
        self._fields[field].put(number, weights)
        self.size += len(weights)

    def lists(self) -> Iterator[List]:
        """Yield all lists in the order of their terms."""
        for name, field in sorted(self._fields.items()):
            for text, ids, weights in field.lists():
                yield (name, text.encode()), ids, weights

    def cleanup(self) -> None:
        """Forget all, as Whoosh's writer asks."""
        self._fields.clear()


class _Numbered(dict[str, int]):
    """Words, numbered as they come."""

    def __missing__(self, word: str) -> int:
        number = self[word] = len(self)
        return number


class _Field:
    """The postings of a field, document by document."""

    def __init__(self) -> None:
        self._words = _Numbered()
        self._documents: list[int] = []
        self._numbers: list[Ids] = []
        self._weights: list[Weights] = []

    def put(self, number: int, weights: Mapping[str, float]) -> None:
        count = len(weights)
        self._documents.append(number)
        self._numbers.append(np.fromiter(map(self._words.__getitem__, weights), np.int32, count))
        self._weights.append(np.fromiter(weights.values(), np.float32, count))

    def lists(self) -> Iterator[tuple[str, Ids, Weights]]:
        """Yield all lists in the order of their words, once: what was put is let go."""
        sizes = [len(numbers) for numbers in self._numbers]
        ids = np.repeat(np.array(self._documents, np.int32), sizes)
        numbers, weights = np.concatenate(self._numbers), np.concatenate(self._weights)
        self._numbers.clear()
        self._weights.clear()
        order = np.argsort(numbers, kind="stable")
        ids, weights = ids[order], weights[order]
        ends = np.cumsum(np.bincount(numbers, minlength=len(self._words))).tolist()
        starts = [0, *ends]
        for word, number in sorted(self._words.items()):
            begin, end = starts[number], ends[number]
            yield word, ids[begin:end], weights[begin:end]


class FieldWriter(W3FieldWriter):  # type: ignore[misc]
    """The term dictionary and the postings of a segment."""

    def write(self, schema: Schema, lists: Iterable[List]) -> dict[str, list[bytes]]:
        """Write all lists and return the words of each field.

        They come in the order of their terms. Several of one term are of later and later documents.
        """
        at, words = 0, defaultdict[str, list[bytes]](list)
        every = groupby(lists, key=itemgetter(0))
        while some := [(term, list(same)) for term, same in islice(every, AT_ONCE)]:
            keys = []
            for (field, text), _same in some:
                if field not in words:
                    self.start_field(field, schema[field])
                words[field].append(text)
                keys.append(pack_ushort(self._fieldid) + text)
            at = self._write_terms(keys, [same for _term, same in some], at)
        return words

    def _write_terms(self, keys: list[bytes], lists: list[list[List]], at: int) -> int:
        ids = np.concatenate([ids for same in lists for _, ids, _ in same])
        weights = np.concatenate([weights for same in lists for _, _, weights in same])
        sizes = np.array([sum(len(one[1]) for one in same) for same in lists])
        ends = np.cumsum(sizes)
        starts = ends - sizes
        records = [
            sealed(content, key[_OWN:])
            for content, key in zip(encoded(ids, weights, starts), keys, strict=True)
        ]
        infos = np.zeros(len(keys), _INFO)
        infos["shortest"] = infos["longest"] = length_to_byte(1)
        infos["weight"] = np.add.reduceat(weights, starts)
        infos["heaviest"] = np.maximum.reduceat(weights, starts)
        infos["documents"], infos["first"], infos["last"] = sizes, ids[starts], ids[ends - 1]
        infos["length"] = [len(record) for record in records]
        infos["at"] = at + np.cumsum(infos["length"], dtype=np.int64) - infos["length"]
        self._postfile.write(b"".join(records))
        self._add(keys, infos.tobytes())
        return at + sum(map(len, records))

    def _add(self, keys: Iterable[bytes], infos: bytes) -> None:
        """Add terms to the dictionary: what Whoosh's `add` does for one of them, for many."""
        table = self._tindex
        at, size, written = table.dbfile.tell(), _INFO.itemsize, []
        for number, key in enumerate(keys):
            table.index.append(at)
            hashed = int.from_bytes(md5(key, usedforsecurity=False).digest()[-4:], "big")
            table.buckets[hashed & 255].append((hashed, at))
            written.append(_SIZES.pack(len(key), size) + key)
            written.append(infos[number * size : (number + 1) * size])
            at += _SIZES.size + len(key) + size
        table.dbfile.write(b"".join(written))


class Codec(W3Codec):  # type: ignore[misc]
    """Whoosh's own, with other postings and without the length of a document for each of them."""

    length_stats = False

    def field_writer(self, storage: Storage, segment: Segment) -> FieldWriter:
        """Return what writes terms."""
        return FieldWriter(self, storage, segment)

    def postings_reader(
        self, dbfile: StructFile, terminfo: W3TermInfo, format_: Format,
        term: tuple[str, bytes], scorer: object = None,
    ) -> ListMatcher:  # fmt: skip
        """Return a word's postings as Whoosh's queries walk them."""
        ids, weights = decoded(opened(dbfile.get(*extent(terminfo)), term[1]))
        return ListMatcher(
            ids.tolist(), weights.tolist(), format=format_, scorer=scorer, term=term,
            terminfo=terminfo,
        )  # fmt: skip
