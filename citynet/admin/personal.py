"""What the desk holds about a person: the filters they keep."""

from __future__ import annotations

from sqlalchemy import delete

from citynet.admin import queries
from citynet.admin.models import SavedFilter
from citynet.kit import db, personal


@personal.holder("desk")
class Keeper:
    """The saved filters of a person of a secretariat."""

    def export(self, person_id: int) -> dict[str, object]:
        """Return each with its list and what it filters."""
        return {
            "saved_filters": [
                {"list": one.list_key, "name": one.name, "filters": one.query}
                for one in queries.saved_filters(person_id)
            ]
        }

    def files(self, _person_id: int) -> dict[str, bytes]:
        """Return none."""
        return {}

    def erase(self, person_id: int, _pseudonym: str) -> None:
        """Delete them: a filter may hold the name that was looked for."""
        db.session().execute(delete(SavedFilter).where(SavedFilter.person_id == person_id))
