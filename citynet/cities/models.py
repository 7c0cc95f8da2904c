"""Cities, their memberships with history, officials, and the actor of a request."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from citynet.accounts.models import Person
from citynet.kit import clock
from citynet.kit.db import Base


class Kind(enum.StrEnum):
    """What a city is in its country's law."""

    KOTA = "kota"
    KABUPATEN = "kabupaten"
    CITY = "city"


class Standing(enum.StrEnum):
    """Where a membership stands."""

    APPLIED = "applied"
    ACTIVE = "active"
    LAPSED = "lapsed"
    SUSPENDED = "suspended"
    ENDED = "ended"


class Role(enum.StrEnum):
    """What an official is in the city."""

    OFFICIAL = "official"
    LEAD = "lead"


class City(Base):
    """A kota, kabupaten or other municipality, from the shipped table or added."""

    __tablename__ = "cities"
    __table_args__ = (
        CheckConstraint("kind IN ('kota', 'kabupaten', 'city')", name="kind"),
        Index("ix_cities_country_name", "country", "name"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(120), unique=True)
    # `35.15` is a Kemendagri code, `gn:1642911` a GeoNames id.
    code: Mapped[str] = mapped_column(String(20), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    kind: Mapped[Kind] = mapped_column(String(10))
    country: Mapped[str] = mapped_column(String(2))
    # Only Indonesian cities have a province in the shipped table.
    province: Mapped[str | None] = mapped_column(String(80))
    # None where the source has no count.
    population: Mapped[int | None]
    population_year: Mapped[int | None]
    latitude: Mapped[float]
    longitude: Mapped[float]

    @property
    def full_name(self) -> str:
        """Return the name as its country writes it: Kota Kupang, Kabupaten Sidoarjo, Seoul."""
        return self.name if self.kind == Kind.CITY else f"{self.kind.capitalize()} {self.name}"


class Membership(Base):
    """A city's standing in the network now; `MembershipChange` tells how it came to be."""

    __tablename__ = "memberships"
    __table_args__ = (
        CheckConstraint(
            "standing IN ('applied', 'active', 'lapsed', 'suspended', 'ended')", name="standing"
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    city_id: Mapped[int] = mapped_column(ForeignKey("cities.id", ondelete="RESTRICT"), unique=True)
    standing: Mapped[Standing] = mapped_column(String(10), index=True)
    applied_at: Mapped[datetime] = mapped_column(default=clock.now)
    # None until the city is first admitted.
    admitted_at: Mapped[datetime | None]

    city: Mapped[City] = relationship(lazy="raise")


class MembershipChange(Base):
    """One change of standing: never overwritten."""

    __tablename__ = "membership_changes"

    id: Mapped[int] = mapped_column(primary_key=True)
    membership_id: Mapped[int] = mapped_column(
        ForeignKey("memberships.id", ondelete="CASCADE"), index=True
    )
    # None for the first: there was no standing before.
    before: Mapped[Standing | None] = mapped_column(String(10))
    after: Mapped[Standing] = mapped_column(String(10))
    reason: Mapped[str] = mapped_column(String(1000), default="")
    at: Mapped[datetime] = mapped_column(default=clock.now)
    # None once the person is erased, or where the system acted.
    by_id: Mapped[int | None] = mapped_column(
        ForeignKey("people.id", ondelete="SET NULL"), index=True
    )

    by: Mapped[Person | None] = relationship(lazy="raise")


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


@dataclass(frozen=True)
class Actor:
    """Who acts now, with which rights; read anew at each request."""

    person: Person | None = None
    city: City | None = None
    role: Role | None = None
    standing: Standing | None = None

    @property
    def is_signed_in(self) -> bool:
        """Tell a person from a visitor."""
        return self.person is not None

    @property
    def person_id(self) -> int | None:
        """Return the person's id, None for a visitor."""
        return self.person.id if self.person else None

    @property
    def city_id(self) -> int | None:
        """Return the id of the city the person acts for."""
        return self.city.id if self.city else None

    @property
    def name(self) -> str:
        """Return the person's name, empty for a visitor."""
        return self.person.name if self.person else ""

    @property
    def city_name(self) -> str:
        """Return the full name of the actor's city, empty without one."""
        return self.city.full_name if self.city else ""

    @property
    def is_secretariat(self) -> bool:
        """Tell whether the person administers the network."""
        return self.person is not None and self.person.is_secretariat

    @property
    def is_member(self) -> bool:
        """Tell whether the person acts for a city whose membership is active."""
        return self.city is not None and self.standing == Standing.ACTIVE

    @property
    def is_lead(self) -> bool:
        """Tell whether the person answers for an active member city."""
        return self.is_member and self.role == Role.LEAD


VISITOR = Actor()
