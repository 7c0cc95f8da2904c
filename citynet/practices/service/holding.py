"""What every command on a practice does first: hold it, find the text in work, and record."""

from __future__ import annotations

from datetime import timedelta
from typing import TypeVar

from sqlalchemy import select
from sqlalchemy.orm import contains_eager
from sqlalchemy.orm.attributes import get_history

from citynet.cities.models import Actor
from citynet.kit import audit, clock, db
from citynet.kit.errors import Conflict
from citynet.kit.i18n import _
from citynet.practices.models import Practice, Revision, State
from citynet.practices.policy import WAITING, Text

T = TypeVar("T", bound=Text)
ONE_ENTRY = timedelta(hours=1)
# Number and version of the text that somebody decided on; None where no page was shown.
Seen = tuple[int, int] | None


def hold(practice: Practice) -> Practice:
    """Return the practice with its city as they are now; others who would change them wait."""
    wanted = select(Practice).join(Practice.city).where(Practice.id == practice.id)
    held = wanted.options(contains_eager(Practice.city)).with_for_update()
    return db.session().scalars(held.execution_options(populate_existing=True)).one()


def newest_of(practice: Practice) -> Revision:
    """Return the newest text of a held practice."""
    hold(practice)
    wanted = (
        select(Revision)
        .where(Revision.practice_id == practice.id)
        .order_by(Revision.number.desc())
        .limit(1)
        .execution_options(populate_existing=True)
    )
    return db.the_one(wanted)


def text_in(practice: Practice, seen: Seen, *states: State) -> Revision:
    """Return the text of a held practice in one of these states, if it is the one seen."""
    wanted = (
        select(Revision)
        .where(Revision.practice_id == practice.id, Revision.state.in_(states))
        .execution_options(populate_existing=True)
    )
    found = db.session().scalar(wanted)
    return as_seen(found, seen)


def as_seen(found: T | None, seen: Seen) -> T:
    """Return a text if there is one and it is the one that was seen.

    Raises:
        Conflict: it is not.
    """
    if found is None or seen not in (None, (found.number, found.version)):
        raise Conflict(_("This text has moved on meanwhile. See below where it stands."))
    return found


def refuse_reviewed(revision: Text) -> None:
    """Leave a text alone that the lead or the secretariat has.

    Raises:
        Conflict: it waits for their decision.
    """
    if revision.state in WAITING:
        raise Conflict(_("This text is being reviewed. Wait until it is published or sent back."))


def record(actor: Actor, action: str, practice: Practice, revision: Text, **details: str) -> None:
    """Write an act on a text into the audit log."""
    before = get_history(revision, "state").deleted
    audit.record(
        actor.person_id, action, subject=("practice", practice.id), city_id=practice.city_id,
        details={"revision": revision.number, "title": revision.title, **details},
        before={"state": before[0]} if before else None,
        after={"state": revision.state} if before else None,
    )  # fmt: skip


def was_told(actor: Actor, practice: Practice, action: str) -> bool:
    """Tell whether the audit log says that the actor did this to the practice within the hour."""
    wanted = audit.Filter(
        actor_id=actor.person_id, action=action, subject_kind="practice",
        subject_id=practice.id, since=clock.now() - ONE_ENTRY,
    )  # fmt: skip
    return audit.entries(wanted, size=1).total > 0
