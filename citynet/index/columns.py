"""What is known of every document of a generation, as columns: to filter, to count, to sort.

A facet is two columns of equal length, a document's number and a value's, one pair for each value
that a document has. Columns are made once for each segment and joined for each generation.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

Mask = NDArray[np.bool_]
Numbers = NDArray[np.int32]
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Row:
    """What the columns hold of one document."""

    key: str
    stamp: str
    # One for each language that it is told in, its own first.
    titles: Sequence[str]
    languages: Sequence[str]
    length: float
    published_at_seconds: float
    audiences: Sequence[str]
    facets: Mapping[str, Sequence[str]]


@dataclass
class Facet:
    """The values that documents have."""

    codes_by_value: dict[str, int] = field(default_factory=dict)
    documents: Numbers = field(default_factory=lambda: np.zeros(0, np.int32))
    codes: Numbers = field(default_factory=lambda: np.zeros(0, np.int32))

    @staticmethod
    def of(values: Iterable[Sequence[str]]) -> Facet:
        """Return the facet of documents that have these values, in their order."""
        codes_by_value: dict[str, int] = {}
        pairs = [
            (number, codes_by_value.setdefault(value, len(codes_by_value)))
            for number, own in enumerate(values)
            for value in dict.fromkeys(own)
        ]
        documents, codes = np.array(pairs, np.int32).reshape(-1, 2).T
        return Facet(codes_by_value, documents, codes)

    @staticmethod
    def joined(parts: Sequence[tuple[Facet, int]]) -> Facet:
        """Return the facet of several segments, each with its first document's number."""
        every = list(dict.fromkeys(value for facet, _ in parts for value in facet.codes_by_value))
        codes_by_value = {value: code for code, value in enumerate(every)}
        codes = [np.zeros(0, np.int32)]
        for facet, _ in parts:
            renamed = [codes_by_value[value] for value in facet.codes_by_value]
            codes.append(np.array(renamed, np.int32)[facet.codes])
        documents = [facet.documents + np.int32(offset) for facet, offset in parts]
        return Facet(
            codes_by_value,
            np.concatenate([np.zeros(0, np.int32), *documents]),
            np.concatenate(codes),
        )

    def having(self, values: Iterable[str], size: int) -> Mask:
        """Return which of `size` documents have any of the values."""
        wanted = [self.codes_by_value[value] for value in values if value in self.codes_by_value]
        is_wanted = np.zeros(len(self.codes_by_value), np.bool_)
        is_wanted[wanted] = True
        mask = np.zeros(size, np.bool_)
        mask[self.documents[is_wanted[self.codes]]] = True
        return mask

    def counts(self, mask: Mask) -> list[tuple[str, int]]:
        """Return values with how many documents of the mask have them, most first, none of 0."""
        found = np.bincount(self.codes[mask[self.documents]], minlength=len(self.codes_by_value))
        pairs = [(value, int(found[code])) for value, code in self.codes_by_value.items()]
        return sorted((pair for pair in pairs if pair[1]), key=lambda pair: (-pair[1], pair[0]))


@dataclass(frozen=True)
class Columns:
    """All documents of a segment or a generation, by their number."""

    keys: Sequence[str]
    stamps: Sequence[str]
    titles: Sequence[Sequence[str]]
    lengths: Floats
    published: Floats
    audiences: Facet
    languages: Facet
    facets: Mapping[str, Facet]

    @staticmethod
    def of(rows: Sequence[Row]) -> Columns:
        """Return the columns of a segment."""
        names = sorted({name for row in rows for name in row.facets})
        return Columns(
            keys=[row.key for row in rows],
            stamps=[row.stamp for row in rows],
            titles=[row.titles for row in rows],
            lengths=np.array([row.length for row in rows], np.float64),
            published=np.array([row.published_at_seconds for row in rows], np.float64),
            audiences=Facet.of(row.audiences for row in rows),
            languages=Facet.of(row.languages for row in rows),
            facets={name: Facet.of(row.facets.get(name, ()) for row in rows) for name in names},
        )

    @staticmethod
    def joined(parts: Sequence[Columns]) -> Columns:
        """Return the columns of several segments, one after the other."""
        offsets = [sum(len(part.keys) for part in parts[:n]) for n in range(len(parts))]
        placed = list(zip(parts, offsets, strict=True))
        names = sorted({name for part in parts for name in part.facets})
        return Columns(
            keys=[key for part in parts for key in part.keys],
            stamps=[stamp for part in parts for stamp in part.stamps],
            titles=[title for part in parts for title in part.titles],
            lengths=np.concatenate([np.zeros(0), *(part.lengths for part in parts)]),
            published=np.concatenate([np.zeros(0), *(part.published for part in parts)]),
            audiences=Facet.joined([(part.audiences, at) for part, at in placed]),
            languages=Facet.joined([(part.languages, at) for part, at in placed]),
            facets={
                name: Facet.joined(
                    [(part.facets[name], at) for part, at in placed if name in part.facets]
                )
                for name in names
            },
        )

    def __len__(self) -> int:
        return len(self.keys)

    def seen_by(self, audiences: Iterable[str]) -> Mask:
        """Return which documents these audiences may see."""
        return self.audiences.having(audiences, len(self))

    def filtered(self, filters: Mapping[str, Sequence[str]]) -> dict[str, Mask]:
        """Return, for each facet filtered by, which documents pass."""
        nothing = Facet()
        return {
            name: self.facets.get(name, nothing).having(values, len(self))
            for name, values in filters.items()
            if values
        }

    def counted(self, mask: Mask, passing: Mapping[str, Mask]) -> dict[str, list[tuple[str, int]]]:
        """Return each facet's counts among what passes the filters of the other facets."""
        counts = {}
        for name, facet in self.facets.items():
            others = [other for filtered, other in passing.items() if filtered != name]
            if found := facet.counts(both(mask, others)):
                counts[name] = found
        return counts


def both(mask: Mask, others: Iterable[Mask]) -> Mask:
    """Return what is in the mask and in all others."""
    result = mask.copy()
    for other in others:
        result &= other
    return result
