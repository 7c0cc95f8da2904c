"""What the secretariat announces, in both languages."""

from __future__ import annotations

import enum
from datetime import date, datetime

from sqlalchemy import CheckConstraint, Date, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from citynet.kit import clock
from citynet.kit.db import Base
from citynet.kit.i18n import current_language

LONGEST_TITLE = 120
LONGEST_TEXT = 2000
LONGEST_LINK = 500


class Audience(enum.StrEnum):
    """Whom an announcement is for."""

    EVERYBODY = "everybody"
    MEMBERS = "members"


class State(enum.StrEnum):
    """Where an announcement stands on a day."""

    DRAFT = "draft"
    PLANNED = "planned"
    SHOWN = "shown"
    PAST = "past"
    WITHDRAWN = "withdrawn"


class Announcement(Base):
    """A short text on the home page, from one day until another, both of them included."""

    __tablename__ = "announcements"
    __table_args__ = (
        CheckConstraint("audience IN ('everybody', 'members')", name="audience"),
        CheckConstraint("begins_on <= ends_on", name="days"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    title_en: Mapped[str] = mapped_column(String(LONGEST_TITLE))
    title_id: Mapped[str] = mapped_column(String(LONGEST_TITLE))
    text_en: Mapped[str] = mapped_column(String(LONGEST_TEXT), default="")
    text_id: Mapped[str] = mapped_column(String(LONGEST_TEXT), default="")
    # Where to read on: a page of the network or another address; empty where there is none.
    link: Mapped[str] = mapped_column(String(LONGEST_LINK), default="")
    audience: Mapped[Audience] = mapped_column(String(10))
    # Days of the network's clock, which is UTC.
    begins_on: Mapped[date] = mapped_column(Date)
    ends_on: Mapped[date] = mapped_column(Date, index=True)
    # Counts saves: an editor who began from an older one is told.
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    # None once the person is erased.
    created_by_id: Mapped[int | None] = mapped_column(
        ForeignKey("people.id", ondelete="SET NULL"), index=True
    )
    # None while it is a draft.
    published_at: Mapped[datetime | None]
    # None unless it was taken down before its last day.
    withdrawn_at: Mapped[datetime | None]

    @property
    def title(self) -> str:
        """Return the title in the reader's language."""
        return self.title_id if current_language() == "id" else self.title_en

    @property
    def text(self) -> str:
        """Return the text in the reader's language."""
        return self.text_id if current_language() == "id" else self.text_en

    @property
    def state(self) -> State:
        """Return where it stands today."""
        today = clock.now().date()
        if self.published_at is None:
            return State.DRAFT
        if self.withdrawn_at is not None:
            return State.WITHDRAWN
        if today < self.begins_on:
            return State.PLANNED
        return State.PAST if today > self.ends_on else State.SHOWN
