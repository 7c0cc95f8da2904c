"""What the review and the withdrawal of practices show: a comment, a reviewer, a tombstone."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from citynet.cities.models import Actor
from citynet.kit import clock, db
from citynet.practices import importing, service
from citynet.practices.content import MAY_BE_UNKNOWN
from citynet.practices.importing import Team
from citynet.practices.models import Revision, State

REASON = "Contoh: praktik ini hanya memperlihatkan halaman penarikan."
COMMENT = "Example of a comment: please add the source of the yearly cost."
EXAMPLE = {
    "title": "Contoh: praktik baik yang ditarik",
    "subtitle": "Bukan kejadian nyata; ditulis untuk memperlihatkan halaman penarikan.",
    "language": "id",
    "summary": "Contoh ini tidak menceritakan pekerjaan kota mana pun.",
    "topics": ["public-wifi"],
    "status": "pilot",
    "unknown": sorted(MAY_BE_UNKNOWN),
}


@db.transaction
def load(admin: Actor, team: Team) -> None:
    """Comment on a text that waits and name its reviewer; withdraw an example of the team."""
    wanted = select(Revision).where(Revision.state == State.SIGNED_OFF).order_by(Revision.id)
    waiting = db.session().scalars(wanted.options(joinedload(Revision.practice))).first()
    if waiting is not None:
        held = waiting.practice
        service.comment_on(admin, held, field="cost", text=COMMENT)
        due = clock.now().date() + timedelta(days=7)
        service.assign(admin, held, reviewer_id=admin.person_id, due_on=due)
    practice = importing.import_record(EXAMPLE, team, key="demo:withdrawn")
    if practice is not None:
        service.withdraw(admin, practice, reason=REASON)
