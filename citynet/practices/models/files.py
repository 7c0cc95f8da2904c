"""Pictures and attachments of practices.

A row tells what some texts of a practice show: those from `first_revision` to `last_revision`.
What a published text shows is never changed: a change made for the next one closes the row and
begins another with the same `key`, which is the file's address.
"""

from __future__ import annotations

import enum
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from citynet.kit import clock
from citynet.kit.db import Base
from citynet.practices.models.practices import Practice

_is_cover_now = text("is_cover AND last_revision IS NULL")


class FileKind(enum.StrEnum):
    """How a file is shown: as a picture on the page, or as a download."""

    PICTURE = "picture"
    ATTACHMENT = "attachment"


class PracticeFile(Base):
    """A picture or an attachment as some texts of a practice show it."""

    __tablename__ = "practice_files"
    __table_args__ = (
        UniqueConstraint("key", "first_revision"),
        CheckConstraint("kind IN ('picture', 'attachment')", name="kind"),
        CheckConstraint("last_revision >= first_revision", name="revisions"),
        Index(
            "uq_practice_files_cover", "practice_id", unique=True,
            sqlite_where=_is_cover_now, postgresql_where=_is_cover_now,
        ),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    practice_id: Mapped[int] = mapped_column(
        ForeignKey("practices.id", ondelete="CASCADE"), index=True
    )
    # Random, the same through all changes; a key has one content for ever.
    key: Mapped[str] = mapped_column(String(22))
    # By which results name the document that proves them: as random and lasting as the key.
    number: Mapped[int]
    first_revision: Mapped[int]
    # None while the newest text shows it.
    last_revision: Mapped[int | None]
    kind: Mapped[FileKind] = mapped_column(String(10))
    # The hash of its content, under which the store has it.
    name_in_store: Mapped[str] = mapped_column(String(64), index=True)
    name: Mapped[str] = mapped_column(String(120))
    media_type: Mapped[str] = mapped_column(String(100))
    size_bytes: Mapped[int]
    # None of an attachment.
    width: Mapped[int | None]
    height: Mapped[int | None]
    alt: Mapped[str] = mapped_column(String(300), default="")
    is_decorative: Mapped[bool] = mapped_column(default=False)
    caption: Mapped[str] = mapped_column(String(500), default="")
    position: Mapped[int] = mapped_column(default=0)
    is_cover: Mapped[bool] = mapped_column(default=False)
    # Counts changes: an editor who began from an older one is told.
    version: Mapped[int] = mapped_column(default=1)
    # None once the person is erased.
    added_by_id: Mapped[int | None] = mapped_column(
        ForeignKey("people.id", ondelete="SET NULL"), index=True
    )
    created_at: Mapped[datetime] = mapped_column(default=clock.now)

    practice: Mapped[Practice] = relationship(lazy="raise")

    @property
    def lacks_alt(self) -> bool:
        """Tell whether nobody has said yet what the picture shows."""
        return self.kind == FileKind.PICTURE and not self.alt and not self.is_decorative


class Rendition(Base):
    """A picture in one width and format, made once for all practices that show it."""

    __tablename__ = "picture_renditions"
    __table_args__ = (
        CheckConstraint("media_type IN ('image/webp', 'image/jpeg')", name="media_type"),
    )

    # The stored name of the picture it was made of.
    source: Mapped[str] = mapped_column(String(64), primary_key=True)
    width: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    media_type: Mapped[str] = mapped_column(String(20), primary_key=True)
    name_in_store: Mapped[str] = mapped_column(String(64), index=True)
