"""Cities, and the chapters they belong to."""

from __future__ import annotations

import enum
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from citynet.accounts.models import Person
from citynet.kit import clock
from citynet.kit.db import Base


class Kind(enum.StrEnum):
    """What a city is in its country's law."""

    KOTA = "kota"
    KABUPATEN = "kabupaten"
    CITY = "city"


class Chapter(Base):
    """A set of cities with a secretariat of its own, such as CityNet Indonesia."""

    __tablename__ = "chapters"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(60), unique=True)
    name: Mapped[str] = mapped_column(String(80), unique=True)
    # Applications from this country come to the chapter; None: cities are put in by hand.
    country: Mapped[str | None] = mapped_column(String(2), unique=True)


class ChapterPerson(Base):
    """A person of a chapter's secretariat."""

    __tablename__ = "chapter_people"

    id: Mapped[int] = mapped_column(primary_key=True)
    chapter_id: Mapped[int] = mapped_column(
        ForeignKey("chapters.id", ondelete="CASCADE"), index=True
    )
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), unique=True)
    since: Mapped[datetime] = mapped_column(default=clock.now)

    chapter: Mapped[Chapter] = relationship(lazy="raise")
    person: Mapped[Person] = relationship(lazy="raise")


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
    # Only Indonesian cities have an area in the shipped table.
    area_km2: Mapped[float | None]
    latitude: Mapped[float]
    longitude: Mapped[float]
    # None where the network's own secretariat looks after the city.
    chapter_id: Mapped[int | None] = mapped_column(
        ForeignKey("chapters.id", ondelete="SET NULL"), index=True
    )

    chapter: Mapped[Chapter | None] = relationship(lazy="raise")

    @property
    def full_name(self) -> str:
        """Return the name as its country writes it: Kota Kupang, Kabupaten Sidoarjo, Seoul."""
        return self.name if self.kind == Kind.CITY else f"{self.kind.capitalize()} {self.name}"
