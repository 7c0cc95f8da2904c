"""Invitations to act for a city or a secretariat, requests to join one's city, kept previews."""

from __future__ import annotations

import enum
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from citynet.accounts.models import Person
from citynet.cities.models.city import Chapter, City
from citynet.kit import clock
from citynet.kit.db import Base

OPEN_INVITATION = text("used_at IS NULL AND revoked_at IS NULL")
OPEN_REQUEST = text("state IN ('asked', 'waiting')")


class Seat(enum.StrEnum):
    """What an invitation leads to: a role in a city, or a secretariat."""

    OFFICIAL = "official"
    LEAD = "lead"
    CHAPTER = "chapter"
    SECRETARIAT = "secretariat"


class Invitation(Base):
    """A link by which one address, and no other, takes a seat; only its digest is kept."""

    __tablename__ = "invitations"
    __table_args__ = (
        CheckConstraint("seat IN ('official', 'lead', 'chapter', 'secretariat')", name="seat"),
        CheckConstraint("language IN ('en', 'id')", name="language"),
        Index(
            "uq_invitations_open", "email", "city_id", unique=True,
            sqlite_where=OPEN_INVITATION, postgresql_where=OPEN_INVITATION,
        ),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    secret_digest: Mapped[str] = mapped_column(String(64), unique=True)
    email: Mapped[str] = mapped_column(String(254))
    name: Mapped[str] = mapped_column(String(120))
    # Of the letter, and of the account until its owner chooses.
    language: Mapped[str] = mapped_column(String(2))
    seat: Mapped[Seat] = mapped_column(String(12))
    # None for a seat in a secretariat.
    city_id: Mapped[int | None] = mapped_column(
        ForeignKey("cities.id", ondelete="CASCADE"), index=True
    )
    # None but for a seat in a chapter's secretariat.
    chapter_id: Mapped[int | None] = mapped_column(
        ForeignKey("chapters.id", ondelete="CASCADE"), index=True
    )
    invited_at: Mapped[datetime] = mapped_column(default=clock.now)
    # None once that person is erased.
    invited_by_id: Mapped[int | None] = mapped_column(
        ForeignKey("people.id", ondelete="SET NULL"), index=True
    )
    expires_at: Mapped[datetime]
    # Both None while the link leads somewhere.
    used_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]

    city: Mapped[City | None] = relationship(lazy="raise")
    chapter: Mapped[Chapter | None] = relationship(lazy="raise")
    invited_by: Mapped[Person | None] = relationship(lazy="raise")

    @property
    def is_over(self) -> bool:
        """Tell whether its time is over."""
        return self.expires_at <= clock.now()


class RequestState(enum.StrEnum):
    """Where a request to join stands."""

    ASKED = "asked"  # the address is not confirmed yet
    WAITING = "waiting"  # for the lead
    ACCEPTED = "accepted"
    DECLINED = "declined"


class JoinRequest(Base):
    """Somebody who says that they work for a city, and asks its lead to let them in."""

    __tablename__ = "join_requests"
    __table_args__ = (
        CheckConstraint("state IN ('asked', 'waiting', 'accepted', 'declined')", name="state"),
        CheckConstraint("language IN ('en', 'id')", name="language"),
        Index(
            "uq_join_requests_open", "email", "city_id", unique=True,
            sqlite_where=OPEN_REQUEST, postgresql_where=OPEN_REQUEST,
        ),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    city_id: Mapped[int] = mapped_column(ForeignKey("cities.id", ondelete="CASCADE"), index=True)
    email: Mapped[str] = mapped_column(String(254))
    name: Mapped[str] = mapped_column(String(120))
    office: Mapped[str] = mapped_column(String(120))
    note: Mapped[str] = mapped_column(String(1000), default="")
    language: Mapped[str] = mapped_column(String(2))
    state: Mapped[RequestState] = mapped_column(String(10), default=RequestState.ASKED)
    # None where the asker was signed in: the address is known to be theirs.
    secret_digest: Mapped[str | None] = mapped_column(String(64), unique=True)
    asked_at: Mapped[datetime] = mapped_column(default=clock.now)
    # None until the address is confirmed, and until somebody decided.
    confirmed_at: Mapped[datetime | None]
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[int | None] = mapped_column(
        ForeignKey("people.id", ondelete="SET NULL"), index=True
    )
    # What a declined asker was told.
    reason: Mapped[str] = mapped_column(String(1000), default="")

    city: Mapped[City] = relationship(lazy="raise")


class Preview(Base):
    """What a list of changes would do, as it was shown before it was begun; kept for a day."""

    __tablename__ = "previews"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str] = mapped_column(String(60))
    title: Mapped[str] = mapped_column(String(200))
    # The lines as they were shown, in JSON.
    lines: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(default=clock.now, index=True)
    # None until it is begun.
    job_id: Mapped[int | None]
