"""The index follows the database: what a publication enqueues, done by the worker."""

from __future__ import annotations

from citynet.index.engine import IndexUnavailable
from citynet.kit import effects
from citynet.practices.document import PracticeSource
from citynet.practices.editing_topics import INDEX_MANY
from citynet.practices.service import INDEX
from citynet.search.queries import engine
from citynet.search.service import REPAIR, rebuild


@effects.effect(INDEX)
def index_practice(payload: effects.Payload) -> None:
    """Write the practice as it stands now, or take it out."""
    _index([payload["practice_id"]])


@effects.effect(INDEX_MANY)
def index_practices(payload: effects.Payload) -> None:
    """Write practices of which a topic changed."""
    _index(payload["practice_ids"].split())


@effects.effect(REPAIR)
def repair(_payload: effects.Payload) -> None:
    """Build the index anew where it still cannot be read or differs from the database."""
    if not engine().check(PracticeSource()).is_whole:
        rebuild()


def _index(keys: list[str]) -> None:
    """Write what is published and take out the rest; a broken index is built anew."""
    documents = list(PracticeSource().documents(keys))
    gone = set(keys) - {document.key for document in documents}
    try:
        if documents:
            engine().put(documents)
        if gone:
            engine().drop(gone)
    except IndexUnavailable:
        rebuild()
