"""What the table of quality is measured on: documents, queries and which answers are good.

The demonstration network with the queries that are judged in `tests/search/judged.json` is in every
checkout. The others are read from the folder that DATA names, where it is there; none of their text
is part of the project.
"""

from __future__ import annotations

import json
import os
import re
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TypedDict

from flask import Flask
from sqlalchemy import select

from citynet.index.document import Document
from citynet.index.language import is_stop
from citynet.kit import db
from citynet.practices.document import PracticeSource
from citynet.practices.models import Practice
from config import ROOT

FOLDER = Path(os.environ.get("DATA", ROOT.parent / "shared" / "data"))
JUDGED = ROOT / "tests" / "search" / "judged.json"
# Of the Indonesian questions kept apart: all of them would take plain Whoosh several minutes.
EVERY = 3
KINDS = ("plain", "question", "across", "misspelt")
KNOWN_ITEMS, LEAST_WORDS, MOST_WORDS, LEAST_TEXT = 400, 6, 10, 600
EVERYONE = frozenset({"public", "members"})
_LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Asked:
    """A query with its good answers, by key and grade."""

    text: str
    language: str
    wanted: Mapping[str, int]


@dataclass(frozen=True)
class Collection:
    """Documents and what is asked of them; `groups` are reported one by one."""

    name: str
    documents: Sequence[Document]
    groups: Mapping[str, Sequence[Asked]]

    @property
    def languages(self) -> tuple[str, ...]:
        """Return the languages of its documents."""
        return tuple(sorted({one.language for own in self.documents for one in own.wordings}))


class _Judged(TypedDict):
    set: str
    kind: str
    text: str
    language: str
    wanted: dict[str, int]


def demonstration(app: Flask) -> Collection:
    """Return the demonstration network and what officials ask of it; every practice is seen."""
    with app.app_context():
        documents = list(PracticeSource().documents())
        rows = db.session().execute(select(Practice.slug, Practice.id)).all()
        keys = {slug: str(key) for slug, key in rows}
        db.session().rollback()
    every: list[_Judged] = json.loads(JUDGED.read_text(encoding="utf-8"))["queries"]

    def chosen(half: str, *kinds: str) -> list[Asked]:
        return [
            Asked(one["text"], one["language"], {keys[s]: g for s, g in one["wanted"].items()})
            for one in every
            if one["set"] == half and one["kind"] in kinds
        ]

    groups = {f"test, {kind}": chosen("test", kind) for kind in KINDS}
    both = {f"{half}, all": chosen(half, *KINDS) for half in ("test", "tune")}
    return Collection("the demonstration network, judged by hand", documents, {**groups, **both})


def real() -> Iterator[Collection]:
    """Yield what is measured on real data, where it is."""
    if not FOLDER.is_dir():
        print(f"\nno folder {FOLDER}: real data is left out (DATA names another)")
        return
    yield _indonesian()
    yield from _parallel()
    yield _english()


def _indonesian() -> Collection:
    """Return Indonesian questions and passages; half of the passages are kept for the test.

    All questions of the data have the same split, so the passage decides.
    """
    folder = FOLDER / "ir_id_idkmrc"
    documents = [
        _document(one["_id"], "id", "", one["text"]) for one in _lines(folder / "docs.jsonl")
    ]
    texts = {one["_id"]: one["text"] for one in _lines(folder / "queries.jsonl")}
    rows = (folder / "qrels.tsv").read_text(encoding="utf-8").splitlines()[1:]
    wanted: dict[str, dict[str, int]] = {}
    for query, key, grade in (row.split("\t") for row in rows):
        wanted.setdefault(query, {})[key] = int(grade)
    held_out = [
        Asked(texts[query], "id", good)
        for query, good in wanted.items()
        if all(zlib.crc32(key.encode()) & 1 for key in good)
    ]
    return Collection(
        "Indonesian questions (I(n)dontKnow-MRC)",
        documents,
        {f"every {EVERY}rd of {len(held_out):,} kept apart": held_out[::EVERY]},
    )


def _parallel() -> Iterator[Collection]:
    """Yield sentences to be found by their translation, both ways."""
    every = list(_lines(FOLDER / "par_sib200_en_id" / "parallel.jsonl"))
    for asked, told in (("id", "en"), ("en", "id")):
        documents = [_document(one["_id"], told, "", one[told]) for one in every]
        queries = [
            Asked(one[asked], asked, {one["_id"]: 1}) for one in every if one["split"] != "train"
        ]
        name = f"sentences ({told}) found by their translation ({asked}) (SIB-200)"
        yield Collection(name, documents, {"dev and test": queries})


def _english() -> Collection:
    """Return English cases, each sought by the first sentence of its summary without its title.

    The summary is left out of what is searched, wherever the text repeats it.
    """
    documents, possible = [], []
    for path in sorted(FOLDER.glob("case_en_*.jsonl")):
        for one in _lines(path):
            title, summary, text = one["title"], one.get("summary") or "", one.get("text") or ""
            documents.append(_document(one["id"], "en", title, text.replace(summary, " ")))
            words = _telling(summary, title)
            if len(words) >= LEAST_WORDS and len(text) >= LEAST_TEXT:
                possible.append(Asked(" ".join(words[:MOST_WORDS]), "en", {one["id"]: 1}))
    step = max(1, len(possible) // KNOWN_ITEMS)
    name = "English cases, one sought by its summary's first sentence"
    return Collection(name, documents, {f"every {step}th of {len(possible)}": possible[::step]})


def _telling(summary: str, title: str) -> list[str]:
    """Return the words of the first sentence that are neither fillers nor in the title."""
    first = re.split(r"(?<=[.!?])\s", summary, maxsplit=1)[0]
    known = set(re.findall(r"\w+", title.lower()))
    words = re.findall(r"\w+", first.lower())
    return [word for word in words if word not in known and len(word) > 1 and not is_stop(word)]


def _lines(path: Path) -> Iterator[Mapping[str, str]]:
    with path.open(encoding="utf-8") as file:
        yield from map(json.loads, file)


def _document(key: str, language: str, title: str, text: str) -> Document:
    return Document(
        key=key, stamp="1", language=language, title=title, summary="", body=text, keywords="",
        audiences=EVERYONE, facets={}, published_at=_LONG_AGO,
    )  # fmt: skip
