"""What is known of every document of a generation, as columns: to filter, to count, to sort.

Columns are made once for each segment, written beside its files as one file of NumPy arrays, and
joined for each generation.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from citynet.index.facets import Facets
from citynet.index.strings import Lists, Strings

Mask = NDArray[np.bool_]
Numbers = NDArray[np.int32]
Floats = NDArray[np.float64]
Weights = NDArray[np.float32]
AUDIENCE, TOLD = "audience", "told"


@dataclass(frozen=True)
class Row:
    """What the columns hold of one document."""

    key: str
    stamp: str
    # One for each language that it is told in, its own first.
    titles: Sequence[str]
    languages: Sequence[str]
    length: float
    published: float
    confirmed: float
    evidence: int
    replications: int
    audiences: Sequence[str]
    facets: Mapping[str, Sequence[str]]


@dataclass(frozen=True)
class Columns:
    """All documents of a segment or a generation, by their number.

    `published` and `confirmed` are seconds, 0 where it never was. Masks that are returned may be
    shared: they are copied, not written into.
    """

    keys: Strings
    stamps: Strings
    titles: Lists
    lengths: Weights
    published: Floats
    confirmed: Floats
    evidence: NDArray[np.int8]
    replications: NDArray[np.int32]
    facets: Facets
    # Who may see it and which languages it is told in: filtered by, but never counted.
    rights: Facets

    @staticmethod
    def of(rows: Sequence[Row]) -> Columns:
        """Return the columns of documents."""
        return Columns(
            keys=Strings.of(row.key for row in rows),
            stamps=Strings.of(row.stamp for row in rows),
            titles=Lists.of(row.titles for row in rows),
            lengths=np.array([row.length for row in rows], np.float32),
            published=np.array([row.published for row in rows], np.float64),
            confirmed=np.array([row.confirmed for row in rows], np.float64),
            evidence=np.array([row.evidence for row in rows], np.int8),
            replications=np.array([row.replications for row in rows], np.int32),
            facets=Facets.of([row.facets for row in rows]),
            rights=Facets.of([{AUDIENCE: row.audiences, TOLD: row.languages} for row in rows]),
        )

    @staticmethod
    def joined(parts: Sequence[Columns]) -> Columns:
        """Return the columns of several segments, one after the other."""
        if not parts:
            return Columns.of(())
        return Columns(
            keys=Strings.joined([part.keys for part in parts]),
            stamps=Strings.joined([part.stamps for part in parts]),
            titles=Lists(Strings.joined([part.titles.strings for part in parts])),
            lengths=np.concatenate([part.lengths for part in parts]),
            published=np.concatenate([part.published for part in parts]),
            confirmed=np.concatenate([part.confirmed for part in parts]),
            evidence=np.concatenate([part.evidence for part in parts]),
            replications=np.concatenate([part.replications for part in parts]),
            facets=Facets.joined([part.facets for part in parts]),
            rights=Facets.joined([part.rights for part in parts]),
        )

    def taken(self, numbers: NDArray[np.int64]) -> Columns:
        """Return the columns of these of its documents."""
        if len(numbers) == len(self):
            return self
        return Columns(
            keys=self.keys.taken(numbers),
            stamps=self.stamps.taken(numbers),
            titles=Lists(self.titles.strings.taken(numbers)),
            lengths=self.lengths[numbers],
            published=self.published[numbers],
            confirmed=self.confirmed[numbers],
            evidence=self.evidence[numbers],
            replications=self.replications[numbers],
            facets=self.facets.taken(numbers),
            rights=self.rights.taken(numbers),
        )

    def content(self) -> bytes:
        """Return what `read` reads."""
        strings = (self.keys, self.stamps, self.titles.strings)
        arrays = {
            **{f"s{n}": np.frombuffer(one.content, np.uint8) for n, one in enumerate(strings)},
            **{f"e{n}": one.ends for n, one in enumerate(strings)},
            **{name: getattr(self, name) for name in _ARRAYS},
        }
        arrays["facet_shape"], arrays["facets"] = self.facets.arrays()
        arrays["right_shape"], arrays["rights"] = self.rights.arrays()
        file = io.BytesIO()
        np.savez(file, **arrays)
        return file.getvalue()

    @staticmethod
    def read(content: bytes) -> Columns:
        """Return the columns that were written."""
        with np.load(io.BytesIO(content), allow_pickle=False) as held:
            keys, stamps, titles = (
                Strings(held[f"s{n}"].tobytes(), held[f"e{n}"]) for n in range(3)
            )
            return Columns(
                keys=keys,
                stamps=stamps,
                titles=Lists(titles),
                **{name: held[name] for name in _ARRAYS},
                facets=Facets.from_arrays(held["facet_shape"], held["facets"]),
                rights=Facets.from_arrays(held["right_shape"], held["rights"]),
            )

    def __len__(self) -> int:
        return len(self.keys)

    def seen_by(self, audiences: Iterable[str]) -> Mask:
        """Return which documents these audiences may see."""
        return self.rights.having(AUDIENCE, audiences)

    def told_in(self, language: str) -> Mask:
        """Return which documents are told in a language."""
        return self.rights.having(TOLD, (language,))

    def having(self, facet: str, values: Iterable[str]) -> Mask:
        """Return which documents have any of the facet's values."""
        return self.facets.having(facet, values)

    def filtered(self, filters: Mapping[str, Sequence[str]]) -> dict[str, Mask]:
        """Return, for each facet filtered by, which documents pass."""
        return {name: self.having(name, values) for name, values in filters.items() if values}

    def counted(
        self, mask: Mask, passing: Mapping[str, Mask]
    ) -> dict[str, Sequence[tuple[str, int]]]:
        """Return each facet's counts among what passes the filters of the other facets."""
        counts: dict[str, Sequence[tuple[str, int]]] = {}
        every = self.facets.counted(both(mask, passing.values()))
        for name in self.facets.by_name:
            among = every
            if name in passing:
                others = [other for filtered, other in passing.items() if filtered != name]
                among = self.facets.counted(both(mask, others))
            if found := among.of(name):
                counts[name] = found
        return counts

    def gained(
        self, mask: Mask, passing: Mapping[str, Mask]
    ) -> dict[str, Sequence[tuple[str, int]]]:
        """Return, for each facet filtered by, how many documents further values would add."""
        gains: dict[str, Sequence[tuple[str, int]]] = {}
        for name, own in passing.items():
            others = [other for filtered, other in passing.items() if filtered != name]
            if name in self.facets.by_name:
                gains[name] = self.facets.counted(both(mask, others) & ~own).of(name)
        return gains


_ARRAYS = ("lengths", "published", "confirmed", "evidence", "replications")


def both(mask: Mask, others: Iterable[Mask]) -> Mask:
    """Return what is in the mask and in all others."""
    result = mask.copy()
    for other in others:
        result &= other
    return result
