"""What is held of a person by what they asked: the reports they sent. Past queries hold nobody."""

from __future__ import annotations

from sqlalchemy import delete, select

from citynet.asked.models import MissingReport
from citynet.kit import db, personal


@personal.holder("missing")
class Reporter:
    """What a person told the network that it lacks."""

    def export(self, person_id: int) -> dict[str, object]:
        """Return what they looked for, in their words, and where it stands."""
        wanted = select(MissingReport).where(MissingReport.person_id == person_id)
        return {
            "reports": [
                {
                    **personal.told(one, "query", "words", "state"),
                    "at": one.reported_at.isoformat(),
                }
                for one in db.session().scalars(wanted.order_by(MissingReport.id))
            ]
        }

    def files(self, _person_id: int) -> dict[str, bytes]:
        """Return none."""
        return {}

    def erase(self, person_id: int, _pseudonym: str) -> None:
        """Delete their reports; that they decided on others' stays, under the pseudonym."""
        db.session().execute(delete(MissingReport).where(MissingReport.person_id == person_id))
