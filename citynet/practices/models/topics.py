"""The tree of topics, their other words and which state these are in, and former addresses."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from citynet.kit.db import Base
from citynet.kit.i18n import current_language


class Topic(Base):
    """What a practice is about; topics form a tree."""

    __tablename__ = "topics"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(80), unique=True)
    # None for a top topic.
    parent_id: Mapped[int | None] = mapped_column(
        ForeignKey("topics.id", ondelete="RESTRICT"), index=True
    )
    position: Mapped[int] = mapped_column(default=0)
    name_en: Mapped[str] = mapped_column(String(80))
    name_id: Mapped[str] = mapped_column(String(80))
    description_en: Mapped[str] = mapped_column(String(300), default="")
    description_id: Mapped[str] = mapped_column(String(300), default="")

    synonyms: Mapped[list[TopicSynonym]] = relationship(
        lazy="raise", cascade="all, delete-orphan", passive_deletes=True
    )

    @property
    def name(self) -> str:
        """Return the name in the reader's language."""
        return self.name_id if current_language() == "id" else self.name_en

    @property
    def description(self) -> str:
        """Return the description in the reader's language."""
        return self.description_id if current_language() == "id" else self.description_en


class TopicSynonym(Base):
    """Another word people use for a topic."""

    __tablename__ = "topic_synonyms"
    __table_args__ = (
        UniqueConstraint("topic_id", "language", "text"),
        CheckConstraint("language IN ('en', 'id')", name="language"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    topic_id: Mapped[int] = mapped_column(ForeignKey("topics.id", ondelete="CASCADE"), index=True)
    language: Mapped[str] = mapped_column(String(2))
    text: Mapped[str] = mapped_column(String(80))
    # It names only a part of the topic: "fish market" of markets.
    is_narrower: Mapped[bool] = mapped_column(default=False)


class TopicsEdition(Base):
    """One row: which state the words of the topics are in, and which shipped ones they had.

    `version` is drawn anew with every change. A number would come back after a rollback or a
    restore, and what a process keeps of the words would then pass for the new ones.
    """

    __tablename__ = "topics_edition"
    __table_args__ = (CheckConstraint("id = 1", name="one_row"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    version: Mapped[str] = mapped_column(String(43))
    # The newest edition of the shipped words that was added.
    words: Mapped[int]


class TopicAlias(Base):
    """A former address of a topic: that of one merged into another, or of one taken out."""

    __tablename__ = "topic_aliases"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(80), unique=True)
    # None: it was taken out, and the shipped tree does not bring it back.
    topic_id: Mapped[int | None] = mapped_column(
        ForeignKey("topics.id", ondelete="SET NULL"), index=True
    )
