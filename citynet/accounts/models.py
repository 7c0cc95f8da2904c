"""People, their sessions, and failed sign-ins."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from citynet.kit import clock
from citynet.kit.db import Base


class Person(Base):
    """Somebody who can sign in."""

    __tablename__ = "people"
    __table_args__ = (CheckConstraint("language IN ('en', 'id')", name="language"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(254), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    password_hash: Mapped[str] = mapped_column(String(200))
    # None until the person chooses: then a remembered choice or the browser decides.
    language: Mapped[str | None] = mapped_column(String(2))
    is_secretariat: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    deactivated_at: Mapped[datetime | None]


class SignIn(Base):
    """A session on one browser; only the hash of its secret is kept."""

    __tablename__ = "sign_ins"

    id: Mapped[int] = mapped_column(primary_key=True)
    secret_digest: Mapped[str] = mapped_column(String(64), unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), index=True)
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    address: Mapped[str] = mapped_column(String(45), default="")
    browser: Mapped[str] = mapped_column(String(200), default="")

    person: Mapped[Person] = relationship(lazy="raise")

    # What Flask-Login asks of a user; the raw secret is known only while the request lasts.
    is_authenticated: ClassVar[bool] = True
    is_active: ClassVar[bool] = True
    is_anonymous: ClassVar[bool] = False
    secret: ClassVar[str | None] = None

    def get_id(self) -> str:
        """Return the session's secret, which is all that the cookie holds."""
        return self.secret or ""


class FailedSignIn(Base):
    """A refused password, counted by account and by address."""

    __tablename__ = "failed_sign_ins"
    __table_args__ = (
        Index("ix_failed_sign_ins_account", "account_digest", "at"),
        Index("ix_failed_sign_ins_address", "address", "at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    account_digest: Mapped[str] = mapped_column(String(64))
    address: Mapped[str] = mapped_column(String(45))
    at: Mapped[datetime] = mapped_column(default=clock.now)
