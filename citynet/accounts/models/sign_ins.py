"""Sessions, and the secrets that lead to one or prove an address; each kept as a digest only."""

from __future__ import annotations

import enum
from datetime import datetime
from typing import ClassVar

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from citynet.accounts.models.people import Person
from citynet.kit import clock
from citynet.kit.db import Base


class SignIn(Base):
    """A session on one browser; only the hash of its secret is kept."""

    __tablename__ = "sign_ins"

    id: Mapped[int] = mapped_column(primary_key=True)
    secret_digest: Mapped[str] = mapped_column(String(64), unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), index=True)
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    # Written at most once an hour.
    used_at: Mapped[datetime] = mapped_column(default=clock.now)
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    # A second factor or a passkey was given in this session.
    is_strong: Mapped[bool] = mapped_column(default=False)
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


class Purpose(enum.StrEnum):
    """What a one-time secret is good for; it opens nothing else."""

    PASSWORD_RESET = "password_reset"  # noqa: S105 - a purpose
    MAIL_CHANGE = "mail_change"
    SECOND_STEP = "second_step"
    PASSKEY_NEW = "passkey_new"
    PASSKEY_SIGN_IN = "passkey_sign_in"


class OneTimeSecret(Base):
    """A link or a step that works once and not for long."""

    __tablename__ = "one_time_secrets"
    __table_args__ = (
        CheckConstraint(
            "purpose IN ('password_reset', 'mail_change', 'second_step', 'passkey_new',"
            " 'passkey_sign_in')",
            name="purpose",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    purpose: Mapped[Purpose] = mapped_column(String(20))
    # None where nobody knows yet who it is: a sign-in with a passkey.
    person_id: Mapped[int | None] = mapped_column(
        ForeignKey("people.id", ondelete="CASCADE"), index=True
    )
    # What it is about: the new address, or the challenge to a passkey.
    value: Mapped[str] = mapped_column(String(254), default="")
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    expires_at: Mapped[datetime] = mapped_column(index=True)
    used_at: Mapped[datetime | None]

    person: Mapped[Person | None] = relationship(lazy="raise")
