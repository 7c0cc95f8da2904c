"""What happens to a text on its way: steps, comments, who reviews it, and when it comes out."""

from __future__ import annotations

import enum
from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from citynet.accounts.models import Person
from citynet.kit import clock
from citynet.kit.db import Base


class Step(enum.StrEnum):
    """What somebody did with a text."""

    SUBMITTED = "submitted"
    SIGNED_OFF = "signed_off"
    SENT_BACK = "sent_back"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"
    BROUGHT_BACK = "brought_back"


class RevisionStep(Base):
    """A step of a text: who took it and when. A text that was submitted once stays as it was."""

    __tablename__ = "revision_steps"
    __table_args__ = (
        CheckConstraint(
            "kind IN ('submitted', 'signed_off', 'sent_back', 'published', 'withdrawn', "
            "'brought_back')",
            name="kind",
        ),
        Index("ix_revision_steps_practice_id", "practice_id", "at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    practice_id: Mapped[int] = mapped_column(ForeignKey("practices.id", ondelete="CASCADE"))
    revision_id: Mapped[int] = mapped_column(
        ForeignKey("revisions.id", ondelete="CASCADE"), index=True
    )
    kind: Mapped[Step] = mapped_column(String(12))
    at: Mapped[datetime] = mapped_column(default=clock.now)
    # None where nobody took it (the worker did), or once the person is erased.
    by_id: Mapped[int | None] = mapped_column(
        ForeignKey("people.id", ondelete="SET NULL"), index=True
    )
    # What should change, or why it was withdrawn.
    comment: Mapped[str] = mapped_column(String(2000), default="")

    by: Mapped[Person | None] = relationship(lazy="raise")


class ReviewComment(Base):
    """What a reviewer wrote beside one field of a text."""

    __tablename__ = "review_comments"

    id: Mapped[int] = mapped_column(primary_key=True)
    practice_id: Mapped[int] = mapped_column(
        ForeignKey("practices.id", ondelete="CASCADE"), index=True
    )
    # The text it was written on; it stays open for whatever text comes next.
    revision_id: Mapped[int] = mapped_column(
        ForeignKey("revisions.id", ondelete="CASCADE"), index=True
    )
    field: Mapped[str] = mapped_column(String(40))
    text: Mapped[str] = mapped_column(String(2000))
    author_id: Mapped[int | None] = mapped_column(
        ForeignKey("people.id", ondelete="SET NULL"), index=True
    )
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    # None while it is open.
    resolved_at: Mapped[datetime | None]
    resolved_by_id: Mapped[int | None] = mapped_column(
        ForeignKey("people.id", ondelete="SET NULL"), index=True
    )

    author: Mapped[Person | None] = relationship(lazy="raise", foreign_keys=[author_id])
    resolved_by: Mapped[Person | None] = relationship(lazy="raise", foreign_keys=[resolved_by_id])


class ReviewAssignment(Base):
    """Who of the secretariat reviews a practice, and by when."""

    __tablename__ = "review_assignments"

    practice_id: Mapped[int] = mapped_column(
        ForeignKey("practices.id", ondelete="CASCADE"), primary_key=True
    )
    reviewer_id: Mapped[int] = mapped_column(
        ForeignKey("people.id", ondelete="CASCADE"), index=True
    )
    due_on: Mapped[date | None]
    assigned_at: Mapped[datetime] = mapped_column(default=clock.now)
    # The nearest distance in days at which the reviewer was reminded; None before the first.
    reminded_days: Mapped[int | None]

    reviewer: Mapped[Person] = relationship(lazy="raise")


class ScheduledPublication(Base):
    """The day on which an approved text comes out."""

    __tablename__ = "scheduled_publications"

    revision_id: Mapped[int] = mapped_column(
        ForeignKey("revisions.id", ondelete="CASCADE"), primary_key=True
    )
    day: Mapped[date] = mapped_column(index=True)
    approved_by_id: Mapped[int | None] = mapped_column(
        ForeignKey("people.id", ondelete="SET NULL"), index=True
    )
    approved_at: Mapped[datetime] = mapped_column(default=clock.now)


class TrustedCity(Base):
    """A city whose lead's sign-off publishes at once: the secretariat reviews it no more."""

    __tablename__ = "trusted_cities"

    city_id: Mapped[int] = mapped_column(
        ForeignKey("cities.id", ondelete="CASCADE"), primary_key=True
    )
    since: Mapped[datetime] = mapped_column(default=clock.now)
    by_id: Mapped[int | None] = mapped_column(
        ForeignKey("people.id", ondelete="SET NULL"), index=True
    )
    reason: Mapped[str] = mapped_column(String(1000))
