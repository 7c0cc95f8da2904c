"""One page of a longer list, with its honest total."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")
SIZE = 20
LAST = 10_000


@dataclass(frozen=True)
class Page(Generic[T]):
    """Items of page `number` (from 1) of a list of `total` items in pages of `size`."""

    items: Sequence[T]
    total: int
    number: int = 1
    size: int = SIZE

    @property
    def pages(self) -> int:
        """Return how many pages there are, at least 1."""
        return max(1, -(-self.total // self.size))

    @property
    def first(self) -> int:
        """Return the position of the first item shown, from 1; 0 where there is none."""
        return (self.number - 1) * self.size + 1 if self.items else 0

    @property
    def last(self) -> int:
        """Return the position of the last item shown."""
        return self.first + len(self.items) - 1 if self.items else 0


def number_from(text: str | None) -> int:
    """Read a page number as a person may type it: 1 for anything that is not one."""
    if text and text.isascii() and text.isdigit() and len(text) < 6:
        return min(max(1, int(text)), LAST)
    return 1
