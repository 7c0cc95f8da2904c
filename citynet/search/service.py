"""The command of search: have a broken index built anew."""

from __future__ import annotations

from sqlalchemy import exists, select

from citynet.kit import db, effects

REPAIR = "index.repair"


@db.transaction
def repair_index() -> None:
    """Ask the worker for a new index, unless it has been asked already; anyone's search may."""
    is_waiting = exists().where(
        effects.Effect.kind == REPAIR, effects.Effect.state == effects.State.WAITING
    )
    if not db.session().scalar(select(is_waiting)):
        effects.enqueue(REPAIR)
