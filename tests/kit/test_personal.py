"""What is held about a person: collected from all holders, erased everywhere or nowhere."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import select

from citynet.kit import db, personal
from citynet.kit.worker import Heartbeat
from tests.kit.test_db import beat

failing: set[str] = set()


class Diary:
    """A holder that keeps rows by name."""

    def export(self, person_id: int) -> dict[str, object]:
        """Return a row."""
        return {"person": person_id, "trees": ["Beringin"]}

    def files(self, person_id: int) -> dict[str, bytes]:
        """Return a file."""
        return {f"{person_id}.txt": b"text"}

    def erase(self, _person_id: int, pseudonym: str) -> None:
        """Write the pseudonym, or fail."""
        beat(f"{type(self).__name__} {pseudonym}")
        if type(self).__name__ in failing:
            raise ValueError("cannot be erased")


@pytest.fixture(autouse=True)
def holders(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Register two holders beside the true ones, and take them back."""
    monkeypatch.setattr(personal, "_holders", {})
    failing.clear()
    personal.holder("diary")(Diary)
    personal.holder("notes")(type("Notes", (Diary,), {}))
    yield
    failing.clear()


def written() -> set[str]:
    """Return what the holders wrote."""
    db.session().rollback()
    return set(db.session().scalars(select(Heartbeat.name)))


def test_everything_held_is_collected_by_holder(app: Flask) -> None:
    """Data under the holder's name, files in its folder, all of it ready for JSON."""
    held = personal.export_all(7)
    assert held.data == {name: {"person": 7, "trees": ["Beringin"]} for name in ("diary", "notes")}
    assert held.files == {"diary/7.txt": b"text", "notes/7.txt": b"text"}
    json.dumps(held.data)


def test_person_is_erased_by_every_holder(app: Flask) -> None:
    """Each gets the pseudonym that stands where a name must."""
    personal.erase_all(7, "Somebody")
    assert written() == {"Diary Somebody", "Notes Somebody"}


@pytest.mark.parametrize("who", ["Diary", "Notes"])
def test_person_is_erased_everywhere_or_nowhere(app: Flask, who: str) -> None:
    """One holder that fails undoes what the others did."""
    failing.add(who)
    with pytest.raises(ValueError, match="cannot be erased"):
        personal.erase_all(7, "Somebody")
    assert written() == set()
