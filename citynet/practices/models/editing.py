"""Who is writing at this moment; a row is forgotten minutes after its person was seen last."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from citynet.accounts.models import Person
from citynet.kit import clock
from citynet.kit.db import Base

EDITING_LIFE = timedelta(minutes=4)


class Editing(Base):
    """A person at a part of a practice's editor."""

    __tablename__ = "editing"

    practice_id: Mapped[int] = mapped_column(
        ForeignKey("practices.id", ondelete="CASCADE"), primary_key=True
    )
    person_id: Mapped[int] = mapped_column(
        ForeignKey("people.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    # The key of a part of the editor, or of a page beside it.
    part: Mapped[str] = mapped_column(String(20))
    seen_at: Mapped[datetime] = mapped_column(default=clock.now, index=True)

    person: Mapped[Person] = relationship(lazy="raise")
