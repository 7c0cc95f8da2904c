"""What was asked of search, without telling by whom, and what somebody found missing."""

from __future__ import annotations

import enum
from datetime import date, datetime

from sqlalchemy import CheckConstraint, Date, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from citynet.accounts.models import Person
from citynet.cities.models import City
from citynet.kit import clock
from citynet.kit.db import Base
from citynet.practices.fields import Visibility
from citynet.practices.models import Practice

LONGEST_PAST = 60
LONGEST_QUERY = 200
LONGEST_WORDS = 1000
LONGEST_REASON = 1000


class State(enum.StrEnum):
    """Where a report of something missing stands."""

    OPEN = "open"
    ANSWERED = "answered"
    DISMISSED = "dismissed"


class PastQuery(Base):
    """A text that found something, as often as different people asked it, by those who may know.

    What members asked is kept apart: it may come from what only they read.
    """

    __tablename__ = "past_queries"
    __table_args__ = (
        UniqueConstraint("text", "language", "audience"),
        CheckConstraint("language IN ('en', 'id')", name="language"),
        CheckConstraint("audience IN ('public', 'members')", name="audience"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    # Folded: in lower case, on one line.
    text: Mapped[str] = mapped_column(String(LONGEST_PAST))
    # The one in which its askers read the network.
    language: Mapped[str] = mapped_column(String(2))
    audience: Mapped[Visibility] = mapped_column(String(10))
    # One of sixteen bits for each who asked (`noting.bit_of`): so many bits, at least as many
    # people; and every sixteenth of all people has the same one.
    askers: Mapped[int]
    # How many of these bits are set.
    different: Mapped[int] = mapped_column(index=True)
    # The bits of each day, added up.
    asked: Mapped[int]
    # The bits of the last day.
    askers_last: Mapped[int]
    first_on: Mapped[date] = mapped_column(Date, index=True)
    last_on: Mapped[date] = mapped_column(Date, index=True)
    # None unless the secretariat hides the text, in whichever language and audience it stands.
    hidden_at: Mapped[datetime | None]
    hidden_by_id: Mapped[int | None] = mapped_column(
        ForeignKey("people.id", ondelete="SET NULL"), index=True
    )


class MissingReport(Base):
    """Somebody searched, found nothing, and said that the network lacks it."""

    __tablename__ = "missing_reports"
    __table_args__ = (
        CheckConstraint("language IN ('en', 'id')", name="language"),
        CheckConstraint("state IN ('open', 'answered', 'dismissed')", name="state"),
        CheckConstraint("(state = 'open') = (decided_at IS NULL)", name="decided"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    query: Mapped[str] = mapped_column(String(LONGEST_QUERY))
    # What makes two queries one; see `fold`.
    folded: Mapped[str] = mapped_column(String(LONGEST_QUERY), index=True)
    language: Mapped[str] = mapped_column(String(2))
    # What they need it for, in their own words; may be empty.
    words: Mapped[str] = mapped_column(String(LONGEST_WORDS), default="")
    reported_at: Mapped[datetime] = mapped_column(default=clock.now)
    # None of a visitor, of whom nothing is kept.
    person_id: Mapped[int | None] = mapped_column(
        ForeignKey("people.id", ondelete="SET NULL"), index=True
    )
    # For which they acted.
    city_id: Mapped[int | None] = mapped_column(
        ForeignKey("cities.id", ondelete="SET NULL"), index=True
    )
    state: Mapped[State] = mapped_column(String(10), default=State.OPEN)
    # The practice that answers it; None also once that is deleted.
    practice_id: Mapped[int | None] = mapped_column(
        ForeignKey("practices.id", ondelete="SET NULL"), index=True
    )
    # Why it was dismissed.
    reason: Mapped[str] = mapped_column(String(LONGEST_REASON), default="")
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[int | None] = mapped_column(
        ForeignKey("people.id", ondelete="SET NULL"), index=True
    )

    person: Mapped[Person | None] = relationship(lazy="raise", foreign_keys=[person_id])
    city: Mapped[City | None] = relationship(lazy="raise")
    practice: Mapped[Practice | None] = relationship(lazy="raise")
