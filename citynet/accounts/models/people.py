"""People: who they are and how they are reached."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ColumnElement, String, and_
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import Mapped, mapped_column

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
    # Both None for whoever can sign in; what an erased person wrote keeps a pseudonym.
    deactivated_at: Mapped[datetime | None]
    erased_at: Mapped[datetime | None]

    @hybrid_property
    def is_active(self) -> bool:
        """Tell whether the person can sign in; in a query it is the condition for that."""
        return self.deactivated_at is None and self.erased_at is None

    @is_active.inplace.expression
    @classmethod
    def _is_active(cls) -> ColumnElement[bool]:
        return and_(cls.deactivated_at.is_(None), cls.erased_at.is_(None))
