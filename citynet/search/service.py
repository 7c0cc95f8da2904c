"""Commands of search: build the index anew, or have that done."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence

import structlog
from sqlalchemy import exists, select
from sqlalchemy.exc import OperationalError

from citynet.cities.service import CORRECTED
from citynet.index.document import Document
from citynet.index.engine import IndexUnavailable, Report
from citynet.kit import db, effects
from citynet.practices.document import PracticeSource
from citynet.practices.editing_topics import INDEX_MANY
from citynet.practices.service import INDEX
from citynet.search.queries import engine

REPAIR = "index.repair"
# How many practices are written at once: a commit costs the same for one as for some.
AT_ONCE = 200
log = structlog.get_logger(__name__)


def repair_index() -> None:
    """Ask the worker for a new index, unless it has been asked already; anyone's search may.

    Once it has been asked, no search waits for others' writes. Where it cannot be asked, as on a
    full disk, the search that found out is answered all the same, and a later one asks.
    """
    try:
        if not _is_asked():
            _ask_for_repair()
    except OperationalError:
        log.warning("repair_not_asked", exc_info=True)


@db.transaction
def _ask_for_repair() -> None:
    if not _is_asked():
        effects.enqueue(REPAIR)


def _is_asked() -> bool:
    is_waiting = exists().where(
        effects.Effect.kind == REPAIR, effects.Effect.state == effects.State.WAITING
    )
    return bool(db.session().scalar(select(is_waiting)))


class _Now(PracticeSource):
    """The practices as they stand when read, not when a lock was asked for."""

    def documents(self, keys: Collection[str] | None = None) -> Iterator[Document]:
        """Yield the documents of these keys, or all."""
        db.session().rollback()
        yield from super().documents(keys)


def write(keys: Sequence[str]) -> None:
    """Write into the index what of these is published and take out the rest.

    An index that is broken is built anew.
    """
    try:
        for some in db.chunks(keys, AT_ONCE):
            engine().update(some, _Now())
    except IndexUnavailable:
        rebuild()


def repair() -> Report:
    """Compare the index with the database, write what differs, and return how it differed."""
    report = engine().check(PracticeSource())
    if report.damaged:
        rebuild()
    elif not report.is_whole:
        write([*report.missing, *report.stale, *report.extra])
    return report


def rebuild(*, progress: Callable[[int], object] | None = None) -> int:
    """Build the index anew from the database and return how many practices it holds.

    What waited to be indexed when it began is in it, and settled: done one by one after a large
    import it would take several times as long. What is enqueued meanwhile still waits.
    """
    settled = effects.waiting(INDEX, INDEX_MANY, CORRECTED)
    source = _Now()
    total = len(source.stamps())
    engine().rebuild(source.documents(), total=total, progress=progress)
    effects.settle(settled)
    return total
