"""The words that search knows beside those typed: topics as they are named now, and general pairs.

Each process keeps them until the topics' version changes, so that a changed synonym holds at the
next search of every process, without a write into the index and without a restart.
"""

from __future__ import annotations

import json
import threading
from collections import defaultdict
from functools import cache
from pathlib import Path
from typing import NamedTuple

from flask import current_app

from citynet import index
from citynet.index.language import is_stop, words
from citynet.index.query import MOST_CHARACTERS
from citynet.index.vocabulary import Entry, Vocabulary
from citynet.kit.i18n import current_language
from citynet.practices import topics

# Words (Indonesian, English) of no topic in particular.
PAIRS = Path(index.__file__).parent / "data" / "pairs.json"
_turn = threading.Lock()


class _Kept(NamedTuple):
    version: str
    vocabulary: Vocabulary


def current() -> Vocabulary:
    """Return the vocabulary as the topics are in this transaction."""
    version = topics.version()
    kept: _Kept | None = current_app.extensions.get("vocabulary")
    if kept is None or kept.version != version:
        with _turn:
            kept = current_app.extensions.get("vocabulary")
            if kept is None or kept.version != version:
                kept = _Kept(version, _read())
                current_app.extensions["vocabulary"] = kept
    return kept.vocabulary


def topics_named(text: str) -> list[str]:
    """Return the addresses of the topics that words of a text name, the nearest first.

    The reader's language decides what the words could be in either.
    """
    nearness: defaultdict[str, float] = defaultdict(float)
    typed = [word for word in words(text[:MOST_CHARACTERS]) if not is_stop(word.text)]
    for meaning in current().meanings(typed, current_language()):
        for slug, weight in meaning.topics:
            nearness[slug] += weight
    return sorted(nearness, key=lambda slug: -nearness[slug])


def _read() -> Vocabulary:
    """Read the words after their version: were they changed in between, they are read again."""
    return Vocabulary((Entry(*row) for row in topics.all_words()), _pairs())


@cache
def _pairs() -> tuple[tuple[str, str], ...]:
    return tuple((one, other) for one, other in json.loads(PAIRS.read_text(encoding="utf-8")))
