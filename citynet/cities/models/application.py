"""Applications to join: each a person's own words for one city, and one case a city."""

from __future__ import annotations

import enum
from datetime import datetime

from babel import Locale
from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from citynet.accounts.models import Person
from citynet.cities.models.city import City, Kind
from citynet.kit import clock
from citynet.kit.db import Base

IS_OPEN = text("state IN ('waiting', 'asked')")
# What Babel lists and ISO 3166-1 does not assign.
NO_COUNTRIES = frozenset(
    {"AC", "CP", "CQ", "DG", "EA", "EU", "EZ", "IC", "QO", "TA", "UN", "XA", "XB", "ZZ"}
)
COUNTRIES = frozenset(
    code
    for code in map(str, Locale("en").territories)
    if len(code) == 2 and code.isalpha() and code not in NO_COUNTRIES
)


class AppState(enum.StrEnum):
    """Where an application stands."""

    UNCONFIRMED = "unconfirmed"  # the address is not confirmed yet
    WAITING = "waiting"  # for the secretariat
    ASKED = "asked"  # the secretariat waits for an answer
    JOINED = "joined"  # it follows the first application of the same city
    ADMITTED = "admitted"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"

    @property
    def is_open(self) -> bool:
        """Tell whether the secretariat has still to decide."""
        return self in (AppState.WAITING, AppState.ASKED)


class Application(Base):
    """One person's application for a city; at most one a place is open, others follow it."""

    __tablename__ = "applications"
    __table_args__ = (
        CheckConstraint(
            "state IN ('unconfirmed', 'waiting', 'asked', 'joined', 'admitted', 'declined',"
            " 'withdrawn')",
            name="state",
        ),
        CheckConstraint("kind IN ('kota', 'kabupaten', 'city')", name="kind"),
        CheckConstraint("language IN ('en', 'id')", name="language"),
        CheckConstraint("(state = 'joined') = (first_id IS NOT NULL)", name="joined"),
        Index(
            "uq_applications_open", "place", unique=True,
            sqlite_where=IS_OPEN, postgresql_where=IS_OPEN,
        ),
        Index("ix_applications_state", "state", "confirmed_at"),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    state: Mapped[AppState] = mapped_column(String(12), default=AppState.UNCONFIRMED)
    # Counts each change, so that a decision names what it falls on.
    version: Mapped[int] = mapped_column(default=1)
    # What makes two applications one case: a row of the table, or name, kind and where it lies.
    place: Mapped[str] = mapped_column(String(250), index=True)
    # None while a city that is not in the table waits to be admitted.
    city_id: Mapped[int | None] = mapped_column(
        ForeignKey("cities.id", ondelete="RESTRICT"), index=True
    )
    # None unless it follows another application.
    first_id: Mapped[int | None] = mapped_column(
        ForeignKey("applications.id", ondelete="RESTRICT"), index=True
    )

    # The city as the applicant describes it.
    name: Mapped[str] = mapped_column(String(120))
    kind: Mapped[Kind] = mapped_column(String(10))
    country: Mapped[str] = mapped_column(String(2))
    province: Mapped[str | None] = mapped_column(String(80))
    # None where the applicant does not know.
    population: Mapped[int | None]
    area_km2: Mapped[float | None]

    contact_name: Mapped[str] = mapped_column(String(120))
    office: Mapped[str] = mapped_column(String(160))
    email: Mapped[str] = mapped_column(String(254), index=True)
    phone: Mapped[str] = mapped_column(String(40), default="")
    note: Mapped[str] = mapped_column(String(2000), default="")
    language: Mapped[str] = mapped_column(String(2))
    # None where the secretariat wrote it down from a letter on paper.
    consented_at: Mapped[datetime | None]
    registered_by_id: Mapped[int | None] = mapped_column(
        ForeignKey("people.id", ondelete="SET NULL"), index=True
    )
    created_at: Mapped[datetime] = mapped_column(default=clock.now, index=True)
    # None until the applicant opens the link that was mailed.
    confirmed_at: Mapped[datetime | None]

    # None until somebody decides, or the applicant withdraws.
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[int | None] = mapped_column(
        ForeignKey("people.id", ondelete="SET NULL"), index=True
    )
    reason: Mapped[str] = mapped_column(String(1000), default="")

    city: Mapped[City | None] = relationship(lazy="raise")
    first: Mapped[Application | None] = relationship(lazy="raise", remote_side=[id])
    decided_by: Mapped[Person | None] = relationship(lazy="raise", foreign_keys=[decided_by_id])
    registered_by: Mapped[Person | None] = relationship(
        lazy="raise", foreign_keys=[registered_by_id]
    )

    @property
    def full_name(self) -> str:
        """Return the city's name as its country writes it."""
        return self.name if self.kind == Kind.CITY else f"{self.kind.capitalize()} {self.name}"

    @property
    def is_open(self) -> bool:
        """Tell whether the secretariat has still to decide on it."""
        return AppState(self.state).is_open


class LinkPurpose(enum.StrEnum):
    """What a mailed link is for."""

    CONFIRM = "confirm"
    FOLLOW = "follow"


class ApplicationLink(Base):
    """A link that was mailed to an applicant; only its digest is kept."""

    __tablename__ = "application_links"
    __table_args__ = (CheckConstraint("purpose IN ('confirm', 'follow')", name="purpose"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    application_id: Mapped[int] = mapped_column(
        ForeignKey("applications.id", ondelete="CASCADE"), index=True
    )
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    purpose: Mapped[LinkPurpose] = mapped_column(String(10))
    expires_at: Mapped[datetime]
    # None until a link to confirm was used; the one to follow is used again and again.
    used_at: Mapped[datetime | None]

    application: Mapped[Application] = relationship(lazy="raise")


class MessageKind(enum.StrEnum):
    """What was said about an application."""

    QUESTION = "question"  # of the secretariat
    ANSWER = "answer"  # of the applicant, asked for or not
    DECISION = "decision"


class ApplicationMessage(Base):
    """What one applicant and the secretariat wrote to each other."""

    __tablename__ = "application_messages"
    __table_args__ = (CheckConstraint("kind IN ('question', 'answer', 'decision')", name="kind"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    application_id: Mapped[int] = mapped_column(
        ForeignKey("applications.id", ondelete="CASCADE"), index=True
    )
    kind: Mapped[MessageKind] = mapped_column(String(10))
    text: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(default=clock.now)
    # None for the applicant, and once the person is erased.
    by_id: Mapped[int | None] = mapped_column(
        ForeignKey("people.id", ondelete="SET NULL"), index=True
    )

    by: Mapped[Person | None] = relationship(lazy="raise")


class ApplicationFile(Base):
    """A letter of intent, or another paper that an applicant added."""

    __tablename__ = "application_files"

    id: Mapped[int] = mapped_column(primary_key=True)
    # None while the form around it still has errors; then it is kept for three days.
    application_id: Mapped[int | None] = mapped_column(
        ForeignKey("applications.id", ondelete="CASCADE"), index=True
    )
    # The content's name in the store of files.
    stored: Mapped[str] = mapped_column(String(64), index=True)
    name: Mapped[str] = mapped_column(String(200))
    media_type: Mapped[str] = mapped_column(String(100))
    size_bytes: Mapped[int]
    at: Mapped[datetime] = mapped_column(default=clock.now)
