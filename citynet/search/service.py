"""Commands of search: build the index anew, or have that done."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import exists, select

from citynet.kit import db, effects
from citynet.practices.document import PracticeSource
from citynet.practices.editing_topics import INDEX_MANY
from citynet.practices.service import INDEX
from citynet.search.queries import engine

REPAIR = "index.repair"


@db.transaction
def repair_index() -> None:
    """Ask the worker for a new index, unless it has been asked already; anyone's search may."""
    is_waiting = exists().where(
        effects.Effect.kind == REPAIR, effects.Effect.state == effects.State.WAITING
    )
    if not db.session().scalar(select(is_waiting)):
        effects.enqueue(REPAIR)


def rebuild(*, progress: Callable[[int], object] | None = None) -> int:
    """Build the index anew from the database and return how many practices it holds.

    What waited to be indexed when it began is in it, and settled: done one by one after a large
    import it would take several times as long. What is enqueued meanwhile still waits.
    """
    settled = effects.waiting(INDEX, INDEX_MANY)
    source = PracticeSource()
    total = len(source.stamps())
    engine().rebuild(source.documents(), total=total, progress=progress)
    effects.settle(settled)
    return total
