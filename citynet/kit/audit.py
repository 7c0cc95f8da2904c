"""The audit log: who did what to what, when and from where; written with what it records."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime

from flask import g, has_request_context, request
from sqlalchemy import Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from citynet.kit import clock, db


class Entry(db.Base):
    """One act. `actor_id` is no foreign key: the log outlives the person's row."""

    __tablename__ = "audit_entries"
    __table_args__ = (Index("ix_audit_entries_subject", "subject_kind", "subject_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(default=clock.now, index=True)
    # None where the system itself acted.
    actor_id: Mapped[int | None] = mapped_column(index=True)
    action: Mapped[str] = mapped_column(String(60))
    subject_kind: Mapped[str] = mapped_column(String(40))
    subject_id: Mapped[int]
    # The city the act concerns, so that its lead may read it.
    city_id: Mapped[int | None] = mapped_column(index=True)
    details: Mapped[str] = mapped_column(Text, default="{}")
    address: Mapped[str] = mapped_column(String(45), default="")
    request_id: Mapped[str] = mapped_column(String(36), default="")


def record(
    actor_id: int | None,
    action: str,
    *,
    subject: tuple[str, int],
    city_id: int | None = None,
    details: Mapping[str, str | int | None] | None = None,
) -> None:
    """Write an entry into the transaction under way; `subject` is its kind and id."""
    db.session().add(
        Entry(
            actor_id=actor_id,
            action=action,
            subject_kind=subject[0],
            subject_id=subject[1],
            city_id=city_id,
            details=json.dumps(dict(details or {}), ensure_ascii=False, sort_keys=True),
            address=(request.remote_addr or "")[:45] if has_request_context() else "",
            request_id=g.get("request_id", "") if has_request_context() else "",
        )
    )
