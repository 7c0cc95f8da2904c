"""The yearly question whether a practice is still running, and its answer."""

from __future__ import annotations

import enum
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from citynet.kit import clock
from citynet.kit.db import Base


class Answer(enum.StrEnum):
    """What a city says of a practice when it is asked."""

    RUNNING = "running"
    CHANGED = "changed"
    STOPPED = "stopped"


class LivenessCheck(Base):
    """A practice was asked about in a year: once, and answered at most once."""

    __tablename__ = "liveness_checks"
    __table_args__ = (
        UniqueConstraint("practice_id", "year"),
        CheckConstraint("answer IN ('running', 'changed', 'stopped')", name="answer"),
        CheckConstraint("answered_as IN ('contact', 'lead')", name="answered_as"),
        CheckConstraint("(answer IS NULL) = (answered_at IS NULL)", name="answered"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    practice_id: Mapped[int] = mapped_column(ForeignKey("practices.id", ondelete="CASCADE"))
    year: Mapped[int]
    asked_at: Mapped[datetime] = mapped_column(default=clock.now)
    # Each None until it is answered; by whose letter tells `answered_as`.
    answer: Mapped[Answer | None] = mapped_column(String(10))
    answered_at: Mapped[datetime | None]
    answered_as: Mapped[str | None] = mapped_column(String(10))
    # Why it stopped, or what changed.
    note: Mapped[str] = mapped_column(String(1000), default="")
