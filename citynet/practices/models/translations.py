"""A practice told in the other language: its words only, over the facts of the original."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from citynet.accounts.models import Person
from citynet.kit.db import Base
from citynet.practices.models.practices import (
    IS_IN_WORK,
    IS_PUBLISHED,
    Handled,
    Practice,
    Revision,
    State,
)


class Translation(Handled, Base):
    """One text of a language version. Of each language one is in work and one is published."""

    __tablename__ = "translations"
    __table_args__ = (
        UniqueConstraint("practice_id", "language", "number"),
        Index(
            "uq_translations_in_work", "practice_id", "language", unique=True,
            sqlite_where=IS_IN_WORK, postgresql_where=IS_IN_WORK,
        ),
        Index(
            "uq_translations_published", "practice_id", "language", unique=True,
            sqlite_where=IS_PUBLISHED, postgresql_where=IS_PUBLISHED,
        ),
        CheckConstraint(
            "state IN ('draft', 'submitted', 'signed_off', 'published', 'superseded')",
            name="state",
        ),
        CheckConstraint("language IN ('en', 'id')", name="language"),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    practice_id: Mapped[int] = mapped_column(
        ForeignKey("practices.id", ondelete="CASCADE"), index=True
    )
    # The text of the original whose words these are.
    revision_id: Mapped[int] = mapped_column(
        ForeignKey("revisions.id", ondelete="CASCADE"), index=True
    )
    language: Mapped[str] = mapped_column(String(2))
    number: Mapped[int]
    state: Mapped[State] = mapped_column(String(12))
    # Counts saves: a translator who began from an older one is told.
    version: Mapped[int] = mapped_column(default=1)
    # Copies of what lists read; `content` holds all words, with as many rows as the original has.
    title: Mapped[str] = mapped_column(String(100))
    subtitle: Mapped[str] = mapped_column(String(200))
    summary: Mapped[str] = mapped_column(Text)
    # The fields whose original is new to the translator, as `problem=3`: their words were made for
    # the original's third text; 0 where nobody made any yet.
    to_check: Mapped[str] = mapped_column(String(1000), default="")

    practice: Mapped[Practice] = relationship(lazy="raise")
    revision: Mapped[Revision] = relationship(lazy="raise")
    edited_by: Mapped[Person | None] = relationship(
        lazy="raise", foreign_keys="Translation.edited_by_id"
    )

    @property
    def checks(self) -> dict[str, int]:
        """Return the fields to check, in the author's order, with whose text the words are."""
        pairs = (one.partition("=") for one in self.to_check.split())
        return {name: int(number or 0) for name, _is, number in pairs}

    @property
    def names_to_check(self) -> list[str]:
        """Return the fields whose original is new to the translator, in the author's order."""
        return list(self.checks)
