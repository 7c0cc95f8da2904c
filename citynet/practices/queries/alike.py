"""Practices that tell of the same. The index lies on a floor above: it registers who finds them."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from citynet.cities.models import Actor
from citynet.practices.models import Revision

# The actor, the practice and how many at most, to what the actor may read, the nearest first.
Finder = Callable[[Actor, int, int], Sequence[Revision]]
_finders: list[Finder] = []


def finds_alike(finder: Finder) -> None:
    """Register who finds practices that tell of the same."""
    _finders[:] = [finder]


def alike(actor: Actor, practice_id: int, *, limit: int) -> Sequence[Revision]:
    """Return other practices that the actor may read and that tell of the same, nearest first."""
    return [found for finder in _finders for found in finder(actor, practice_id, limit)]
