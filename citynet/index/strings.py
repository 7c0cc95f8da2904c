"""Texts of many documents in one piece of memory: as Python strings they would take far more."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

_END, _NEXT = "\0", "\x1f"


class Strings:
    """A column of texts. Each stands between two ends, so that one is found without reading all."""

    def __init__(self, content: bytes, ends: NDArray[np.int64]) -> None:
        """Take what `content` and `ends` were before, the first end at 0."""
        self.content, self.ends = content, ends

    @staticmethod
    def of(texts: Iterable[str]) -> Strings:
        """Return a column of these texts."""
        every = [text.replace(_END, " ").encode(errors="replace") for text in texts]
        lengths = np.fromiter((len(one) + 1 for one in every), np.int64, len(every))
        ends = np.concatenate([np.zeros(1, np.int64), np.cumsum(lengths)])
        return Strings(b"\0" + b"".join(one + b"\0" for one in every), ends)

    @staticmethod
    def joined(parts: Sequence[Strings]) -> Strings:
        """Return one column after the other."""
        if len(parts) == 1:
            return parts[0]
        content, ends, at = [b"\0"], [np.zeros(1, np.int64)], 0
        for part in parts:
            content.append(part.content[1:])
            ends.append(part.ends[1:] + at)
            at += len(part.content) - 1
        return Strings(b"".join(content), np.concatenate(ends))

    def taken(self, numbers: NDArray[np.int64]) -> Strings:
        """Return a column of these of its texts."""
        return Strings.of(self[number] for number in numbers.tolist())

    def find(self, text: str) -> list[int]:
        """Return where a text stands, in order."""
        wanted, found, at = b"\0%s\0" % text.encode(errors="replace"), [], -1
        while (at := self.content.find(wanted, at + 1)) >= 0:
            found.append(int(np.searchsorted(self.ends, at)))
        return found

    def encoded(self, numbers: Sequence[int]) -> list[bytes]:
        """Return these of its texts as they are kept."""
        begins, ends = self.ends[numbers].tolist(), self.ends[np.add(numbers, 1)].tolist()
        return [self.content[a + 1 : b] for a, b in zip(begins, ends, strict=True)]

    def __len__(self) -> int:
        return len(self.ends) - 1

    def __getitem__(self, number: int) -> str:
        return self.content[self.ends[number] + 1 : self.ends[number + 1]].decode()

    def __iter__(self) -> Iterator[str]:
        yield from self.content.decode()[1:].split(_END)[: len(self)]


class Lists:
    """A column of lists of texts."""

    def __init__(self, strings: Strings) -> None:
        self.strings = strings

    @staticmethod
    def of(lists: Iterable[Sequence[str]]) -> Lists:
        """Return a column of these lists."""
        return Lists(
            Strings.of(_NEXT.join(text.replace(_NEXT, " ") for text in one) for one in lists)
        )

    def __len__(self) -> int:
        return len(self.strings)

    def __getitem__(self, number: int) -> list[str]:
        return self.strings[number].split(_NEXT)
