"""Practices with their revisions."""

from __future__ import annotations

import enum
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from citynet.accounts.models import Person
from citynet.cities.models import City, Membership
from citynet.kit import clock
from citynet.kit.db import Base
from citynet.practices import content as contents
from citynet.practices.content import Content
from citynet.practices.fields import Status, Visibility
from citynet.practices.models.topics import Topic


class State(enum.StrEnum):
    """Where a revision stands on its way to readers."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    SIGNED_OFF = "signed_off"
    PUBLISHED = "published"
    SUPERSEDED = "superseded"
    WITHDRAWN = "withdrawn"


IN_WORK = (State.DRAFT, State.SUBMITTED, State.SIGNED_OFF)
_READ = "_content_read"
IS_IN_WORK = text("state IN ('draft', 'submitted', 'signed_off')")
IS_PUBLISHED = text("state = 'published'")


class Practice(Base):
    """A case study of one city: its address, and the revisions that tell it."""

    __tablename__ = "practices"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(120), unique=True)
    city_id: Mapped[int] = mapped_column(ForeignKey("cities.id", ondelete="RESTRICT"), index=True)
    # None once the author is erased: the practice stays.
    created_by_id: Mapped[int | None] = mapped_column(
        ForeignKey("people.id", ondelete="SET NULL"), index=True
    )
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    # The record's own key where it was imported, so that importing again adds nothing.
    import_key: Mapped[str | None] = mapped_column(String(200), unique=True)
    # When the city last said that it is running: by publishing a text, or when it was asked.
    last_confirmed_at: Mapped[datetime | None]

    city: Mapped[City] = relationship(lazy="raise")
    # How the city stands in the network now; None where it was never a member.
    membership: Mapped[Membership | None] = relationship(
        primaryjoin="foreign(Practice.city_id) == Membership.city_id", viewonly=True, lazy="raise"
    )


class RevisionTopic(Base):
    """A revision's topics, in the author's order."""

    __tablename__ = "revision_topics"

    revision_id: Mapped[int] = mapped_column(
        ForeignKey("revisions.id", ondelete="CASCADE"), primary_key=True
    )
    topic_id: Mapped[int] = mapped_column(
        ForeignKey("topics.id", ondelete="RESTRICT"), primary_key=True, index=True
    )
    position: Mapped[int] = mapped_column(default=0)


class Handled:
    """A text on its way to readers: what it says, who had a hand in it and when.

    Of revisions and translations.
    """

    content_json: Mapped[str] = mapped_column("content", Text)
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    edited_at: Mapped[datetime] = mapped_column(default=clock.now)
    # Each None until it happens, or once the person is erased.
    edited_by_id: Mapped[int | None] = mapped_column(
        ForeignKey("people.id", ondelete="SET NULL"), index=True
    )
    submitted_at: Mapped[datetime | None]
    submitted_by_id: Mapped[int | None] = mapped_column(
        ForeignKey("people.id", ondelete="SET NULL"), index=True
    )
    signed_off_at: Mapped[datetime | None]
    signed_off_by_id: Mapped[int | None] = mapped_column(
        ForeignKey("people.id", ondelete="SET NULL"), index=True
    )
    published_at: Mapped[datetime | None]
    published_by_id: Mapped[int | None] = mapped_column(
        ForeignKey("people.id", ondelete="SET NULL"), index=True
    )
    # What the lead or the secretariat asked for when it was sent back.
    comment: Mapped[str] = mapped_column(String(2000), default="")

    @property
    def content(self) -> Content:
        """Return everything the author told; read again once the row was read again."""
        text = self.content_json
        read: tuple[str, Content] | None = self.__dict__.get(_READ)
        if read is None or read[0] != text:
            read = self.__dict__[_READ] = (text, contents.of_row(text))
        return read[1]


class Revision(Handled, Base):
    """One text of a practice. At most one is in work and at most one is published."""

    __tablename__ = "revisions"
    __table_args__ = (
        UniqueConstraint("practice_id", "number"),
        Index(
            "uq_revisions_in_work", "practice_id", unique=True,
            sqlite_where=IS_IN_WORK, postgresql_where=IS_IN_WORK,
        ),
        Index(
            "uq_revisions_published", "practice_id", unique=True,
            sqlite_where=IS_PUBLISHED, postgresql_where=IS_PUBLISHED,
        ),
        Index("ix_revisions_state_published_at", "state", "published_at"),
        # The published texts of some practices: without the state in it, SQLite goes by that of
        # states and walks through all that are published.
        Index("ix_revisions_practice_id_state", "practice_id", "state"),
        # Counts over all that a reader may see touch this index alone, not the long texts.
        Index("ix_revisions_readable", "state", "visibility", "practice_id"),
        CheckConstraint(
            "state IN ('draft', 'submitted', 'signed_off', 'published', 'superseded', "
            "'withdrawn')",
            name="state",
        ),
        CheckConstraint("visibility IN ('public', 'members')", name="visibility"),
        CheckConstraint("language IN ('en', 'id')", name="language"),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    practice_id: Mapped[int] = mapped_column(ForeignKey("practices.id", ondelete="CASCADE"))
    number: Mapped[int]
    state: Mapped[State] = mapped_column(String(12))
    # Counts saves: an editor who began from an older one is told.
    version: Mapped[int] = mapped_column(default=1)
    # Copies of what lists and facets read; `content` holds everything.
    title: Mapped[str] = mapped_column(String(100))
    subtitle: Mapped[str] = mapped_column(String(200))
    summary: Mapped[str] = mapped_column(Text)
    language: Mapped[str] = mapped_column(String(2))
    visibility: Mapped[Visibility] = mapped_column(String(10))
    # None while the draft does not say.
    status: Mapped[Status | None] = mapped_column(String(10))
    started_year: Mapped[int | None]

    practice: Mapped[Practice] = relationship(lazy="raise")
    edited_by: Mapped[Person | None] = relationship(
        lazy="raise", foreign_keys="Revision.edited_by_id"
    )
    topics: Mapped[list[Topic]] = relationship(
        lazy="raise", secondary="revision_topics", order_by="RevisionTopic.position", viewonly=True
    )
