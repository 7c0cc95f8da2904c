"""The index follows the database: what a publication enqueues, done by the worker."""

from __future__ import annotations

import structlog

from citynet.cities.service import CORRECTED
from citynet.kit import effects, worker
from citynet.practices import queries as practices
from citynet.practices.editing_topics import INDEX_MANY
from citynet.practices.service import INDEX
from citynet.search.service import AT_ONCE, REPAIR, repair, repair_index, write

log = structlog.get_logger(__name__)


@effects.effect(INDEX)
def index_practice(payload: effects.Payload) -> None:
    """Write the practice as it stands now, or take it out, and with it others that wait.

    If one of the others cannot be written, that keeps none but itself from being found.
    """
    others = effects.waiting_payloads(INDEX, limit=AT_ONCE)
    try:
        write(sorted({one["practice_id"] for one in (payload, *others.values())}))
    except Exception:
        if not others:
            raise
        log.warning("not_indexed_together", exc_info=True)
        write([payload["practice_id"]])
    else:
        effects.settle(list(others))


@effects.effect(INDEX_MANY)
def index_practices(payload: effects.Payload) -> None:
    """Write practices of which a topic changed."""
    write(payload["practice_ids"].split())


@effects.effect(CORRECTED)
def index_city(payload: effects.Payload) -> None:
    """Write the practices of a city whose name, kind or population was put right."""
    write([str(key) for key in practices.published_ids(int(payload["city_id"]))])


@effects.effect(REPAIR)
def repair_what_differs(_payload: effects.Payload) -> None:
    """Write anew what differs from the database, and all where the index still cannot be read."""
    repair()


@worker.periodic("search.check", minutes=worker.DAY_MINUTES, at_start=False)
def look_for_damage() -> None:
    """Have every file read and compared once a day: nobody else notices a bit that flipped.

    `flask serve` has done so before it starts the worker.
    """
    repair_index()
