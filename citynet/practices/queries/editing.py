"""Reads of who is writing at this moment."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import joinedload

from citynet.kit import clock, db
from citynet.practices.models import EDITING_LIFE, Editing


def others_editing(practice_id: int, *, but: int | None) -> Sequence[Editing]:
    """Return who else is in the editor of a practice now, with their names, in that order."""
    wanted = (
        select(Editing)
        .options(joinedload(Editing.person))
        .where(Editing.practice_id == practice_id, Editing.person_id != but, _is_now())
    )
    return sorted(db.session().scalars(wanted), key=lambda one: one.person.name)


def is_editing(practice_id: int, person_id: int | None) -> bool:
    """Tell whether a person is in the editor of a practice now."""
    wanted = select(Editing.part).where(
        Editing.practice_id == practice_id, Editing.person_id == person_id, _is_now()
    )
    return db.session().scalar(wanted) is not None


def _is_now() -> ColumnElement[bool]:
    return Editing.seen_at > clock.now() - EDITING_LIFE
