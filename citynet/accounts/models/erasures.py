"""Who was erased."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from citynet.kit import clock
from citynet.kit.db import Base


class Erasure(Base):
    """That a person was erased: enough to do it again after a restore, and no more."""

    __tablename__ = "erasures"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), unique=True)
    pseudonym: Mapped[str] = mapped_column(String(40), unique=True)
    # Tells the person from another who has the same number in an older database.
    person_created_at: Mapped[datetime]
    at: Mapped[datetime] = mapped_column(default=clock.now)
