"""What was read last, kept in bounds: the longest unused makes room."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

Kept = TypeVar("Kept")


class Recent(Generic[Kept]):
    """Things by name, of which none is made twice as long as all have room."""

    def __init__(self, most: int, size: Callable[[Kept], int] = lambda _one: 1) -> None:
        """Keep things of `most` in all; `size` tells how much of it one takes, else they count."""
        self._most, self._size = most, size
        self._kept: OrderedDict[Hashable, Kept] = OrderedDict()
        self.total = 0

    def get(self, name: Hashable, make: Callable[[], Kept]) -> Kept:
        """Return what has this name, made if it is not there."""
        found = self._kept.get(name)
        if found is not None:
            self._kept.move_to_end(name)
            return found
        found = self._kept[name] = make()
        self.total += self._size(found)
        while self.total > self._most:
            self.total -= self._size(self._kept.popitem(last=False)[1])
        return found
