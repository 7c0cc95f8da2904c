"""The index follows the database: what a publication enqueues, done by the worker."""

from __future__ import annotations

from citynet.index.engine import IndexUnavailable
from citynet.kit import effects
from citynet.practices.document import PracticeSource
from citynet.practices.service import INDEX
from citynet.search.queries import engine


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
        engine().rebuild(source.documents(), total=len(source.stamps()))
