"""The journal of a client: what it asked for and what it was told, on disk before it goes on."""

from __future__ import annotations

import enum
import json
import os
import threading
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path


class Kind(enum.StrEnum):
    """What is done while the network is killed."""

    SAVE = "save"
    SUBMIT = "submit"
    PUBLISH = "publish"
    UPLOAD = "upload"


class Way(enum.StrEnum):
    """How it is done: the address of a decision, or what is sent."""

    SAVE = "save"
    AUTOSAVE = "autosave"
    SUBMIT = "submit"
    SIGN_OFF = "sign-off"
    PUBLISH = "publish"
    PICTURE = "picture"
    ATTACHMENT = "attachment"


WAYS = {
    Kind.SAVE: (Way.SAVE, Way.AUTOSAVE),
    Kind.SUBMIT: (Way.SUBMIT,),
    Kind.PUBLISH: (Way.SIGN_OFF, Way.PUBLISH),
    Kind.UPLOAD: (Way.PICTURE, Way.ATTACHMENT),
}
KIND_OF = {way: kind for kind, ways in WAYS.items() for way in ways}


# What is saved of each part: every field holds the mark, so that half a save would show.
PARTS = {
    "name": ("title", "subtitle", "agency"),
    "lessons": ("lessons", "difficulties", "not_again"),
}


class Fate(enum.StrEnum):
    """What became of a write; the last two were found out after a kill, both are allowed."""

    ASKED = "asked"
    ACKNOWLEDGED = "acknowledged"
    APPLIED = "applied"
    DROPPED = "dropped"


KEPT = frozenset({Fate.ACKNOWLEDGED, Fate.APPLIED})


@dataclass(frozen=True)
class Write:
    """Something to be written; `mark` is a word that nothing else holds."""

    number: int
    way: Way
    slug: str
    mark: str
    # The part of the editor that is saved.
    part: str = ""
    # The text that is decided on.
    revision: int = 0
    # Of the content as it is to be stored.
    digest: str = ""


class Journal:
    """A file of one line a fact."""

    def __init__(self, path: Path) -> None:
        """Begin an empty one."""
        self._path, self._lock, self._asked = path, threading.Lock(), 0
        self._file = path.open("a", encoding="utf-8")

    def ask(self, way: Way, slug: str, mark: str, **more: object) -> Write:
        """Note what will be asked for next."""
        with self._lock:
            self._asked += 1
            write = Write(self._asked, way, slug, mark, **more)  # type: ignore[arg-type]
            self._note({"fate": Fate.ASKED, **asdict(write)})
        return write

    def tell(self, write: Write, fate: Fate) -> None:
        """Note what became of it."""
        with self._lock:
            self._note({"fate": fate, "number": write.number})

    def read(self) -> dict[Write, Fate]:
        """Return from the file what became of each write, in the order of asking."""
        writes: dict[int, Write] = {}
        fates: dict[int, Fate] = {}
        for line in self._path.read_text(encoding="utf-8").splitlines():
            fact = json.loads(line)
            fate = Fate(fact.pop("fate"))
            if fate == Fate.ASKED:
                writes[fact["number"]] = Write(**{**fact, "way": Way(fact["way"])})
            fates[fact["number"]] = fate
        return {write: fates[number] for number, write in writes.items()}

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()

    def _note(self, fact: Mapping[str, object]) -> None:
        self._file.write(json.dumps(fact) + "\n")
        self._file.flush()
        os.fsync(self._file.fileno())


def kept(writes: Mapping[Write, Fate], *ways: Way) -> Iterable[Write]:
    """Yield the writes of these ways that must be there."""
    return (write for write, fate in writes.items() if fate in KEPT and write.way in ways)
