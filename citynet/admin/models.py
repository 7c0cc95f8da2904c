"""Filters of the desk's lists that a person keeps under a name."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from citynet.kit import clock
from citynet.kit.db import Base

LONGEST_NAME = 60
LONGEST_QUERY = 1000


class SavedFilter(Base):
    """Filters and order of one list, as its address writes them; of one person."""

    __tablename__ = "saved_filters"
    __table_args__ = (UniqueConstraint("person_id", "list_key", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"))
    list_key: Mapped[str] = mapped_column(String(40))
    name: Mapped[str] = mapped_column(String(LONGEST_NAME))
    # What stands behind the question mark; never a whole address.
    query: Mapped[str] = mapped_column(String(LONGEST_QUERY))
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
