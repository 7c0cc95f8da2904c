"""The index follows the database: what a publication enqueues, done by the worker."""

from __future__ import annotations

from citynet.index.engine import IndexUnavailable
from citynet.kit import effects
from citynet.practices.document import PracticeSource
from citynet.practices.service import INDEX
from citynet.search.queries import engine
from citynet.search.service import REPAIR


@effects.effect(INDEX)
def index_practice(payload: effects.Payload) -> None:
    """Write the practice as it stands now, or take it out; a broken index is built anew."""
    key, source = payload["practice_id"], PracticeSource()
    documents = list(source.documents([key]))
    try:
        if documents:
            engine().put(documents)
        else:
            engine().drop([key])
    except IndexUnavailable:
        rebuild()


@effects.effect(REPAIR)
def repair(_payload: effects.Payload) -> None:
    """Build the index anew where it still cannot be read or differs from the database."""
    if not engine().check(PracticeSource()).is_whole:
        rebuild()


def rebuild() -> None:
    """Build the index anew from the database."""
    source = PracticeSource()
    engine().rebuild(source.documents(), total=len(source.stamps()))
