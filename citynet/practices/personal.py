"""What practices hold about a person: given out; of an erased one a pseudonym stays.

A revision names its people by their rows, which carry the pseudonym once they are erased: readers
still see that one hand wrote and another signed off. What the texts say is the city's and stays.
"""

from __future__ import annotations

from sqlalchemy import delete, or_, select, update
from sqlalchemy.orm import joinedload

from citynet.kit import db, personal
from citynet.practices.models import (
    Editing,
    Practice,
    PracticeFile,
    ReviewAssignment,
    ReviewComment,
    Revision,
    RevisionStep,
    Translation,
)

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
        now = select(Editing).where(Editing.person_id == person_id)
        return {
            "begun": [
                personal.told(one, "slug", "created_at") for one in db.session().scalars(begun)
            ],
            "texts": [_text(one, person_id) for one in db.session().scalars(texts)],
            "writing_now": [
                personal.told(one, "part", "seen_at") for one in db.session().scalars(now)
            ],
        }

    def files(self, _person_id: int) -> dict[str, bytes]:
        """Return none: pictures and attachments have a holder of their own."""
        return {}

    def erase(self, person_id: int, _pseudonym: str) -> None:
        """Leave the texts: the pseudonym is read from the person's row; forget who is writing."""
        db.session().execute(delete(Editing).where(Editing.person_id == person_id))


@personal.holder("practice_files")
class PracticeFiles:
    """The pictures and attachments that the person added; they are the city's and stay."""

    def export(self, person_id: int) -> dict[str, object]:
        """Return what was added, and what was said about it."""
        wanted = (
            select(PracticeFile)
            .options(joinedload(PracticeFile.practice))
            .where(PracticeFile.added_by_id == person_id)
            .order_by(PracticeFile.id)
        )
        names = ("name", "media_type", "size_bytes", "alt", "caption", "created_at")
        return {
            "added": [
                {"practice": one.practice.slug, **personal.told(one, *names)}
                for one in db.session().scalars(wanted)
            ]
        }

    def files(self, _person_id: int) -> dict[str, bytes]:
        """Return none: their pages give them out to whoever may read the practice."""
        return {}

    def erase(self, person_id: int, _pseudonym: str) -> None:
        """Forget who added them."""
        added = update(PracticeFile).where(PracticeFile.added_by_id == person_id)
        db.session().execute(added.values(added_by_id=None))


@personal.holder("translations")
class Translations:
    """The words that the person translated, submitted, signed off or published."""

    def export(self, person_id: int) -> dict[str, object]:
        """Return each language version the person had a part in, whole."""
        had_part = (getattr(Translation, f"{part}_by_id") == person_id for part in PARTS)
        wanted = (
            select(Translation)
            .options(joinedload(Translation.practice))
            .where(or_(*had_part))
            .order_by(Translation.id)
        )
        return {
            "texts": [
                {**_text(one, person_id), "language": one.language}
                for one in db.session().scalars(wanted)
            ]
        }

    def files(self, _person_id: int) -> dict[str, bytes]:
        """Return none."""
        return {}

    def erase(self, person_id: int, _pseudonym: str) -> None:
        """Leave the words: the pseudonym is read from the person's row."""


@personal.holder("reviews")
class Reviews:
    """The steps the person took with texts, the comments written, and what they are to review."""

    def export(self, person_id: int) -> dict[str, object]:
        """Return all three, in the order they came."""
        steps = select(RevisionStep).where(RevisionStep.by_id == person_id)
        comments = select(ReviewComment).where(ReviewComment.author_id == person_id)
        tasks = select(ReviewAssignment).where(ReviewAssignment.reviewer_id == person_id)
        return {
            "steps": [
                personal.told(one, "practice_id", "kind", "at", "comment")
                for one in db.session().scalars(steps.order_by(RevisionStep.id))
            ],
            "comments": [
                personal.told(one, "practice_id", "field", "text", "created_at")
                for one in db.session().scalars(comments.order_by(ReviewComment.id))
            ],
            "tasks": [
                personal.told(one, "practice_id", "due_on", "assigned_at")
                for one in db.session().scalars(tasks.order_by(ReviewAssignment.practice_id))
            ],
        }

    def files(self, _person_id: int) -> dict[str, bytes]:
        """Return none."""
        return {}

    def erase(self, person_id: int, _pseudonym: str) -> None:
        """Give back what they were to review; steps and comments show the pseudonym."""
        mine = ReviewAssignment.reviewer_id == person_id
        db.session().execute(delete(ReviewAssignment).where(mine))


def _text(revision: Revision | Translation, person_id: int) -> dict[str, object]:
    return {
        "practice": revision.practice.slug,
        "you": [part for part in PARTS if getattr(revision, f"{part}_by_id") == person_id],
        **personal.told(revision, "number", "state", "title", "edited_at", "submitted_at",
                        "signed_off_at", "published_at", "comment"),
        "content": revision.content.model_dump(mode="json"),
    }  # fmt: skip
