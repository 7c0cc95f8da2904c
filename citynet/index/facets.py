"""The values that documents have, as numbers: to filter and to count thousands of them at once.

A document is a row of codes, each facet has as many places in it as a document has values at most,
and no two facets share a code: what is found is counted by one look at its rows.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from citynet.index.recent import Recent

Mask = NDArray[np.bool_]
Codes = NDArray[np.uint16] | NDArray[np.uint32]
Counts = Sequence[tuple[str, int]]
Values = Mapping[str, Sequence[str]]
# How many sets of documents and how many choices of values are remembered; each takes 100 kB of
# 100,000 documents at most.
MOST_KEPT = 64


@dataclass(frozen=True)
class Facet:
    """Where a facet stands in the rows, and its values, the first of which has the code `first`."""

    values: tuple[str, ...]
    first: int
    start: int
    stop: int

    @cached_property
    def alphabetical(self) -> NDArray[np.int64]:
        """Return where the values stand, in their order."""
        return np.array(sorted(range(len(self.values)), key=self.values.__getitem__), np.int64)


class Facets:
    """The facets of documents by their number; code 0 stands for no value."""

    def __init__(self, shape: Mapping[str, tuple[int, Sequence[str]]], codes: Codes) -> None:
        """Take each facet's width and values, and the rows."""
        self.codes = codes
        self.by_name: dict[str, Facet] = {}
        first, start = 1, 0
        for name, (width, values) in shape.items():
            self.by_name[name] = Facet(tuple(values), first, start, start + width)
            first, start = first + len(values), start + width
        self.size = first
        self._masks, self._counts = Recent[Mask](MOST_KEPT), Recent[Counted](MOST_KEPT)

    @staticmethod
    def of(rows: Sequence[Values]) -> Facets:
        """Return the facets of documents that have these values, in their order."""
        names = sorted({name for row in rows for name in row})
        every = {name: [list(dict.fromkeys(row.get(name, ()))) for row in rows] for name in names}
        shape = {
            name: (max(map(len, lists)), list(dict.fromkeys(v for one in lists for v in one)))
            for name, lists in every.items()
        }
        found = Facets(shape, _empty(shape, len(rows)))
        for name, facet in found.by_name.items():
            code_of = {value: code for code, value in enumerate(facet.values, facet.first)}
            for number, values in enumerate(every[name]):
                own = found.codes[number, facet.start : facet.start + len(values)]
                own[:] = [code_of[value] for value in values]
        return found

    @staticmethod
    def joined(parts: Sequence[Facets]) -> Facets:
        """Return the facets of several segments, one after the other."""
        if len(parts) == 1:
            return parts[0]
        shape: dict[str, tuple[int, list[str]]] = {}
        for name in sorted({name for part in parts for name in part.by_name}):
            own = [part.by_name[name] for part in parts if name in part.by_name]
            values = list(dict.fromkeys(value for facet in own for value in facet.values))
            shape[name] = max(facet.stop - facet.start for facet in own), values
        found = Facets(shape, _empty(shape, sum(len(part.codes) for part in parts)))
        at = 0
        for part in parts:
            renamed = part._renamed(found)
            for name, facet in part.by_name.items():
                start = found.by_name[name].start
                rows = found.codes[at : at + len(part.codes)]
                old = part.codes[:, facet.start : facet.stop]
                rows[:, start : start + old.shape[1]] = renamed[old]
            at += len(part.codes)
        return found

    def _renamed(self, other: Facets) -> Codes:
        """Return the other's code of each of its codes."""
        renamed = np.zeros(self.size, other.codes.dtype)
        for name, facet in self.by_name.items():
            theirs = other.by_name[name]
            code_of = {value: code for code, value in enumerate(theirs.values, theirs.first)}
            renamed[facet.first : facet.first + len(facet.values)] = [
                code_of[value] for value in facet.values
            ]
        return renamed

    def taken(self, numbers: NDArray[np.int64]) -> Facets:
        """Return the facets of these of its documents."""
        return Facets(self._shape(), self.codes[numbers])

    def _shape(self) -> dict[str, tuple[int, Sequence[str]]]:
        return {
            name: (facet.stop - facet.start, facet.values) for name, facet in self.by_name.items()
        }

    def arrays(self) -> tuple[NDArray[np.uint8], Codes]:
        """Return what `from_arrays` reads."""
        return np.frombuffer(json.dumps(self._shape()).encode(), np.uint8), self.codes

    @staticmethod
    def from_arrays(shape: NDArray[np.uint8], codes: Codes) -> Facets:
        """Return the facets that were written so."""
        return Facets(json.loads(shape.tobytes()), codes)

    def having(self, name: str, values: Iterable[str]) -> Mask:
        """Return which documents have any of the values. It is shared: do not write into it."""
        key = name, frozenset(values)
        return self._masks.get(key, lambda: self._having(*key))

    def _having(self, name: str, values: frozenset[str]) -> Mask:
        facet = self.by_name.get(name)
        mask: Mask = np.zeros(len(self.codes), np.bool_)
        if facet is not None:
            is_wanted = np.zeros(self.size, np.bool_)
            is_wanted[facet.first : facet.first + len(facet.values)] = [
                value in values for value in facet.values
            ]
            for place in range(facet.start, facet.stop):
                mask |= is_wanted.take(self.codes[:, place])
        mask.flags.writeable = False
        return mask

    def values(self, name: str, number: int) -> list[str]:
        """Return a document's values of a facet."""
        facet = self.by_name.get(name)
        if facet is None:
            return []
        codes = self.codes[number, facet.start : facet.stop].tolist()
        return [facet.values[code - facet.first] for code in codes if code]

    def counted(self, mask: Mask) -> Counted:
        """Count all values among documents."""
        return self._counts.get(np.packbits(mask).tobytes(), lambda: Counted(self, mask))


class Counted:
    """How many of some documents have each value: sorted when asked for."""

    def __init__(self, facets: Facets, mask: Mask) -> None:
        self._facets = facets.by_name
        rows = facets.codes.take(np.flatnonzero(mask), axis=0)
        self._found = np.bincount(rows.ravel(), minlength=facets.size)
        self._sorted: dict[str, Counts] = {}

    def of(self, name: str) -> Counts:
        """Return a facet's values that were found with their number, most first."""
        if name not in self._sorted:
            facet = self._facets[name]
            found = self._found[facet.first + facet.alphabetical]
            most_first = np.argsort(-found, kind="stable")[: np.count_nonzero(found)]
            values = [facet.values[at] for at in facet.alphabetical[most_first].tolist()]
            self._sorted[name] = list(zip(values, found[most_first].tolist(), strict=True))
        return self._sorted[name]


def _empty(shape: Mapping[str, tuple[int, Sequence[str]]], rows: int) -> Codes:
    most = sum(len(values) for _, values in shape.values())
    width = sum(width for width, _ in shape.values())
    if most < 2**16:
        return np.zeros((rows, width), np.uint16)
    return np.zeros((rows, width), np.uint32)
