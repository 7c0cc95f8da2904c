"""What search holds about a person: the searches they keep, and what was told of each."""

from __future__ import annotations

from sqlalchemy import delete, func, select

from citynet.kit import db, personal
from citynet.search import saved_queries as saved
from citynet.search.models import SavedSearch, ToldPractice


@personal.holder("searches")
class Searches:
    """The saved searches."""

    def export(self, person_id: int) -> dict[str, object]:
        """Return each with how many practices it does not tell again."""
        counts = select(ToldPractice.search_id, func.count()).group_by(ToldPractice.search_id)
        told = {key: count for key, count in db.session().execute(counts).all()}  # noqa: C416
        names = ("name", "address", "language", "how_often", "created_at", "looked_at", "told_at")
        return {
            "saved_searches": [
                {**personal.told(one, *names), "told_practices": told.get(one.id, 0)}
                for one in saved.own_searches(person_id)
            ]
        }

    def files(self, _person_id: int) -> dict[str, bytes]:
        """Return none."""
        return {}

    def erase(self, person_id: int, _pseudonym: str) -> None:
        """Delete them, with what was told: they say what the person looked for."""
        db.session().execute(delete(SavedSearch).where(SavedSearch.person_id == person_id))
