"""Commands of the editor: keep a part of a text, tell who is writing."""

from __future__ import annotations

from sqlalchemy import delete
from sqlalchemy.exc import IntegrityError

from citynet.cities.models import Actor
from citynet.kit import clock, db
from citynet.kit.errors import Conflict, require
from citynet.kit.i18n import _
from citynet.practices import content as contents
from citynet.practices import policy, queries
from citynet.practices.merging import Typed, merge
from citynet.practices.models import EDITING_LIFE, Editing, Practice, Revision, State
from citynet.practices.service.holding import newest_of, refuse_reviewed
from citynet.practices.service.writing import save


class BothChanged(Conflict):
    """Somebody else changed the same fields meanwhile; `fields` are their names."""

    def __init__(self, fields: tuple[str, ...]) -> None:
        super().__init__(_("Somebody saved this practice while you were writing."))
        self.fields = fields


@db.transaction
def keep(actor: Actor, practice: Practice, typed: Typed, *, is_auto: bool = False) -> Revision:
    """Bring what was typed of a part into the newest text; nothing is saved where nothing changed.

    Who writes in the same draft at this moment goes on in it. A field for which one text was
    chosen over another begins a revision, so that the other one stays.

    Raises:
        BothChanged: fields that somebody else changed as well.
        Conflict: the text is with the lead or the secretariat.
        Invalid: a topic that does not exist, or a text that is too long as a whole.
    """
    require(policy.can_edit(actor, practice))
    newest = newest_of(practice)
    refuse_reviewed(newest)
    base = (newest.number, newest.version)
    is_newest = base == (typed.began.number, typed.began.version)
    merged = merge(typed, newest.content, is_newest=is_newest)
    if merged.both:
        raise BothChanged(merged.both)
    _see(actor, practice, typed.part.key)
    if merged.content == newest.content:
        return newest
    return save(
        actor, practice, contents.checked(merged.content), base=base, is_auto=is_auto,
        anew=typed.theirs is not None and newest.state == State.DRAFT,
        joins=queries.is_editing(practice.id, newest.edited_by_id),
    )  # fmt: skip


@db.transaction
def come_to(actor: Actor, practice: Practice, part: str) -> None:
    """Tell the others that the actor is at a part of the editor now."""
    require(policy.can_edit(actor, practice))
    _see(actor, practice, part)


def _see(actor: Actor, practice: Practice, part: str) -> None:
    """Write where the actor is, and forget who was not seen for a while."""
    session, now = db.session(), clock.now()
    session.execute(delete(Editing).where(Editing.seen_at <= now - EDITING_LIFE))
    found = session.get(Editing, (practice.id, actor.person_id))
    if found is not None:
        found.part, found.seen_at = part, now
        return
    try:
        with db.savepoint():
            session.add(
                Editing(practice_id=practice.id, person_id=actor.person_id, part=part, seen_at=now)
            )
            session.flush()
    except IntegrityError:
        # The same person's other window was first by a moment, with the same words.
        return
