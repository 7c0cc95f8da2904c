"""What practices hold about a person: given out; of an erased one a pseudonym stays.

A revision names its people by their rows, which carry the pseudonym once they are erased: readers
still see that one hand wrote and another signed off. What the texts say is the city's and stays.
"""

from __future__ import annotations

from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload

from citynet.kit import db, personal
from citynet.practices.models import Practice, Revision

PARTS = ("edited", "submitted", "signed_off", "published")


@personal.holder("practices")
class Practices:
    """What the person began, wrote, submitted, signed off or published."""

    def export(self, person_id: int) -> dict[str, object]:
        """Return practices begun, and each text the person had a part in, whole."""
        begun = select(Practice).where(Practice.created_by_id == person_id).order_by(Practice.id)
        had_part = (getattr(Revision, f"{part}_by_id") == person_id for part in PARTS)
        texts = (
            select(Revision)
            .options(joinedload(Revision.practice))
            .where(or_(*had_part))
            .order_by(Revision.practice_id, Revision.number)
        )
        return {
            "begun": [
                personal.told(one, "slug", "created_at") for one in db.session().scalars(begun)
            ],
            "texts": [_text(one, person_id) for one in db.session().scalars(texts)],
        }

    def files(self, _person_id: int) -> dict[str, bytes]:
        """Return none: practices have no files yet."""
        return {}

    def erase(self, person_id: int, pseudonym: str) -> None:
        """Leave everything: the pseudonym is read from the person's row."""


def _text(revision: Revision, person_id: int) -> dict[str, object]:
    return {
        "practice": revision.practice.slug,
        "you": [part for part in PARTS if getattr(revision, f"{part}_by_id") == person_id],
        **personal.told(revision, "number", "state", "title", "edited_at", "submitted_at",
                        "signed_off_at", "published_at", "comment"),
        "content": revision.content.model_dump(mode="json"),
    }  # fmt: skip
