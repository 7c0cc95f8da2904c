"""The command that goes on from an older text."""

from __future__ import annotations

from sqlalchemy import select

from citynet.cities.models import Actor
from citynet.kit import db
from citynet.kit.errors import NotFound, require
from citynet.practices import policy, queries, topics
from citynet.practices.models import Practice, Revision
from citynet.practices.service.holding import record
from citynet.practices.service.writing import save


@db.transaction
def restore(actor: Actor, practice: Practice, number: int, *, base: tuple[int, int]) -> Revision:
    """Make an older text the draft; the one in work stays among the revisions, whoever wrote it.

    Topics it had that are gone by now are left out.

    Raises:
        NotFound: the practice has no such revision.
        EditedMeanwhile: there is a newer text than the one that was seen.
        Conflict: the text is with the lead or the secretariat.
    """
    require(policy.can_edit(actor, practice))
    older = db.session().scalar(
        select(Revision).where(Revision.practice_id == practice.id, Revision.number == number)
    )
    if older is None:
        raise NotFound
    current = topics.current(older.content.topics)
    known = queries.topics_by_slug(current)
    content = older.content.model_copy(
        update={"topics": tuple(slug for slug in current if slug in known)}
    )
    revision = save(actor, practice, content, base=base, anew=True)
    record(actor, "practice.restored", practice, revision, restored=str(number))
    return revision
