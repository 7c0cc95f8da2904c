"""A city's standing in the network, with its history."""

from __future__ import annotations

import enum
from datetime import date, datetime

from sqlalchemy import CheckConstraint, Connection, ForeignKey, Index, String, event
from sqlalchemy.orm import Mapped, Mapper, mapped_column, relationship

from citynet.accounts.models import Person
from citynet.cities.models.city import City
from citynet.kit import clock
from citynet.kit.db import Base


class Standing(enum.StrEnum):
    """Where a membership stands."""

    APPLIED = "applied"
    ACTIVE = "active"
    LAPSED = "lapsed"
    SUSPENDED = "suspended"
    ENDED = "ended"


class Category(enum.StrEnum):
    """What kind of member a city is; both have the same rights here."""

    FULL = "full"
    ASSOCIATE = "associate"


class Matter(enum.StrEnum):
    """What a change of a membership was about."""

    STANDING = "standing"
    CATEGORY = "category"
    RENEWAL = "renewal"
    # Dates put right: no decision was taken anew.
    TERM = "term"


class Membership(Base):
    """A city's standing in the network now; `MembershipChange` tells how it came to be."""

    __tablename__ = "memberships"
    __table_args__ = (
        CheckConstraint(
            "standing IN ('applied', 'active', 'lapsed', 'suspended', 'ended')", name="standing"
        ),
        CheckConstraint("category IN ('full', 'associate')", name="category"),
        Index("ix_memberships_standing_until_day", "standing", "until_day"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    city_id: Mapped[int] = mapped_column(ForeignKey("cities.id", ondelete="RESTRICT"), unique=True)
    standing: Mapped[Standing] = mapped_column(String(10))
    category: Mapped[Category] = mapped_column(String(10), default=Category.FULL)
    applied_at: Mapped[datetime] = mapped_column(default=clock.now)
    # None until the city is first admitted.
    admitted_at: Mapped[datetime | None]
    # The term: its first and last day, in UTC. None before admission; without an end, no last day.
    from_day: Mapped[date | None]
    until_day: Mapped[date | None]
    # How near the end of this term was when its lead was last reminded; None: not yet.
    reminded_days: Mapped[int | None]

    city: Mapped[City] = relationship(lazy="raise")


class MembershipChange(Base):
    """One change of a membership, with what stood before and after: never overwritten."""

    __tablename__ = "membership_changes"
    __table_args__ = (
        CheckConstraint("matter IN ('standing', 'category', 'renewal', 'term')", name="matter"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    membership_id: Mapped[int] = mapped_column(
        ForeignKey("memberships.id", ondelete="CASCADE"), index=True
    )
    matter: Mapped[Matter] = mapped_column(String(10), default=Matter.STANDING)
    # None for the first: there was no standing before.
    before: Mapped[Standing | None] = mapped_column(String(10))
    after: Mapped[Standing] = mapped_column(String(10))
    category_before: Mapped[Category | None] = mapped_column(String(10))
    category_after: Mapped[Category] = mapped_column(String(10))
    # None where there was no term, or one without an end.
    from_day_before: Mapped[date | None]
    from_day_after: Mapped[date | None]
    until_day_before: Mapped[date | None]
    until_day_after: Mapped[date | None]
    reason: Mapped[str] = mapped_column(String(1000), default="")
    at: Mapped[datetime] = mapped_column(default=clock.now)
    # None once the person is erased, or where the system acted.
    by_id: Mapped[int | None] = mapped_column(
        ForeignKey("people.id", ondelete="SET NULL"), index=True
    )

    by: Mapped[Person | None] = relationship(lazy="raise")


@event.listens_for(MembershipChange, "before_update")
def _refuse_update(_mapper: Mapper[MembershipChange], _at: Connection, _row: object) -> None:
    raise RuntimeError("the history of a membership is written once")
