"""What announcements hold about a person: that they wrote them."""

from __future__ import annotations

from sqlalchemy import select

from citynet.announcements.models import Announcement
from citynet.kit import db, personal


@personal.holder("announcements")
class Writer:
    """The announcements a person of the secretariat wrote."""

    def export(self, person_id: int) -> dict[str, object]:
        """Return their titles and when they were written."""
        wanted = select(Announcement).where(Announcement.created_by_id == person_id)
        return {
            "written": [
                {"title": one.title_en, "at": one.created_at.isoformat()}
                for one in db.session().scalars(wanted.order_by(Announcement.id))
            ]
        }

    def files(self, _person_id: int) -> dict[str, bytes]:
        """Return none."""
        return {}

    def erase(self, _person_id: int, _pseudonym: str) -> None:
        """Leave everything: the pseudonym is read from the person's row."""
