"""What is held about a person: each slice registers a holder that gives it out and erases it.

`export_all` is the download a person is owed, `erase_all` makes them a pseudonym (Indonesia's UU
27/2022). A slice's holder stands in its `personal.py`; who may ask is for the caller to decide.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol, TypeVar

from citynet.kit import db


class Holder(Protocol):
    """One slice's part of what is held about a person."""

    def export(self, person_id: int) -> dict[str, object]:
        """Return what is held, ready for JSON."""

    def files(self, person_id: int) -> dict[str, bytes]:
        """Return the files held, by name."""

    def erase(self, person_id: int, pseudonym: str) -> None:
        """Take out what tells who it was; where a name must stand, the pseudonym does."""


@dataclass(frozen=True)
class Held:
    """All that is held about a person: data by holder, files by holder/name."""

    data: dict[str, dict[str, object]] = field(default_factory=dict)
    files: dict[str, bytes] = field(default_factory=dict)


H = TypeVar("H", bound=Holder)
_holders: dict[str, Holder] = {}


def holder(name: str) -> Callable[[type[H]], type[H]]:
    """Register a class as the holder of a slice; its name heads its part of the download."""

    def register(one: type[H]) -> type[H]:
        _holders[name] = one()
        return one

    return register


def export_all(person_id: int) -> Held:
    """Return all that is held about a person."""
    held = Held()
    for name, one in sorted(_holders.items()):
        held.data[name] = one.export(person_id)
        for file, content in one.files(person_id).items():
            held.files[f"{name}/{file}"] = content
    return held


@db.transaction
def erase_all(person_id: int, pseudonym: str) -> None:
    """Erase a person everywhere, or nowhere: one transaction over all holders."""
    for _name, one in sorted(_holders.items()):
        one.erase(person_id, pseudonym)


def told(row: db.Base, *names: str) -> dict[str, object]:
    """Return these columns of a row, by their names, for a holder to give out."""
    return {name: getattr(row, name) for name in names}
