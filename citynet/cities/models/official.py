"""The people who act for a city."""

from __future__ import annotations

import enum
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from citynet.accounts.models import Person
from citynet.cities.models.city import City
from citynet.kit import clock
from citynet.kit.db import Base


class Role(enum.StrEnum):
    """What an official is in the city."""

    OFFICIAL = "official"
    LEAD = "lead"


class Official(Base):
    """A person who acts for one city."""

    __tablename__ = "officials"
    __table_args__ = (
        CheckConstraint("role IN ('official', 'lead')", name="role"),
        Index(
            "uq_officials_one_lead", "city_id", unique=True,
            sqlite_where=text("role = 'lead'"), postgresql_where=text("role = 'lead'"),
        ),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), unique=True)
    city_id: Mapped[int] = mapped_column(ForeignKey("cities.id", ondelete="RESTRICT"), index=True)
    role: Mapped[Role] = mapped_column(String(10))
    since: Mapped[datetime] = mapped_column(default=clock.now)

    person: Mapped[Person] = relationship(lazy="raise")
    city: Mapped[City] = relationship(lazy="raise")
