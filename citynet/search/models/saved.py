"""Searches that people keep, and which practices each has told its person of."""

from __future__ import annotations

import enum
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from citynet.kit import clock
from citynet.kit.db import Base

LONGEST_NAME = 80
LONGEST_ADDRESS = 4000


class HowOften(enum.StrEnum):
    """How often a person wants to hear what is new."""

    DAILY = "daily"
    WEEKLY = "weekly"
    # Only kept, to be run by hand.
    NEVER = "never"


class SavedSearch(Base):
    """A search of a person; a stop link holds its number, so no number is ever used twice."""

    __tablename__ = "saved_searches"
    __table_args__ = (
        CheckConstraint("how_often IN ('daily', 'weekly', 'never')", name="how_often"),
        CheckConstraint("language IN ('en', 'id')", name="language"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(String(LONGEST_NAME))
    # The parameters of its address, in the one order that `asking.canonical` gives them.
    address: Mapped[str] = mapped_column(String(LONGEST_ADDRESS))
    # The person's at saving: for whoever has chosen none.
    language: Mapped[str] = mapped_column(String(2))
    how_often: Mapped[HowOften] = mapped_column(String(10))
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    # When it last was compared with what it told; None until what was found at saving is noted.
    looked_at: Mapped[datetime | None]
    # When a mail last told something; None before the first.
    told_at: Mapped[datetime | None]


class ToldPractice(Base):
    """A practice that a saved search does not tell of again, whatever becomes of it."""

    __tablename__ = "told_practices"

    search_id: Mapped[int] = mapped_column(
        ForeignKey("saved_searches.id", ondelete="CASCADE"), primary_key=True
    )
    practice_id: Mapped[int] = mapped_column(
        ForeignKey("practices.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    # None for what was found when the search was saved, or what another search told of.
    mailed_at: Mapped[datetime | None]
