"""invitations, requests to join one's city, and previews of many changes."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

OPEN_INVITATION = sa.text("used_at IS NULL AND revoked_at IS NULL")
OPEN_REQUEST = sa.text("state IN ('asked', 'waiting')")


def upgrade() -> None:
    """Apply."""
    _create_invitations()
    _create_requests()
    op.create_table(
        "previews",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=60), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("lines", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("job_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["people.id"],
            name=op.f("fk_previews_person_id_people"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_previews")),
    )
    op.create_index(op.f("ix_previews_person_id"), "previews", ["person_id"])
    op.create_index(op.f("ix_previews_created_at"), "previews", ["created_at"])


def _create_invitations() -> None:
    op.create_table(
        "invitations",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("secret_digest", sa.String(length=64), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("seat", sa.String(length=12), nullable=False),
        sa.Column("city_id", sa.Integer(), nullable=True),
        sa.Column("chapter_id", sa.Integer(), nullable=True),
        sa.Column("invited_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("invited_by_id", sa.Integer(), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "seat IN ('official', 'lead', 'chapter', 'secretariat')",
            name=op.f("ck_invitations_seat"),
        ),
        sa.CheckConstraint("language IN ('en', 'id')", name=op.f("ck_invitations_language")),
        sa.ForeignKeyConstraint(
            ["city_id"], ["cities.id"],
            name=op.f("fk_invitations_city_id_cities"), ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["chapter_id"], ["chapters.id"],
            name=op.f("fk_invitations_chapter_id_chapters"), ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["invited_by_id"], ["people.id"],
            name=op.f("fk_invitations_invited_by_id_people"), ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitations")),
        sa.UniqueConstraint("secret_digest", name=op.f("uq_invitations_secret_digest")),
    )  # fmt: skip
    for column in ("city_id", "chapter_id", "invited_by_id"):
        op.create_index(op.f(f"ix_invitations_{column}"), "invitations", [column])
    op.create_index(
        "uq_invitations_open", "invitations", ["email", "city_id"], unique=True,
        sqlite_where=OPEN_INVITATION, postgresql_where=OPEN_INVITATION,
    )  # fmt: skip


def _create_requests() -> None:
    op.create_table(
        "join_requests",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("city_id", sa.Integer(), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("office", sa.String(length=120), nullable=False),
        sa.Column("note", sa.String(length=1000), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("secret_digest", sa.String(length=64), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(length=1000), nullable=False),
        sa.CheckConstraint(
            "state IN ('asked', 'waiting', 'accepted', 'declined')",
            name=op.f("ck_join_requests_state"),
        ),
        sa.CheckConstraint("language IN ('en', 'id')", name=op.f("ck_join_requests_language")),
        sa.ForeignKeyConstraint(
            ["city_id"], ["cities.id"],
            name=op.f("fk_join_requests_city_id_cities"), ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["people.id"],
            name=op.f("fk_join_requests_decided_by_id_people"), ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_join_requests")),
        sa.UniqueConstraint("secret_digest", name=op.f("uq_join_requests_secret_digest")),
    )  # fmt: skip
    for column in ("city_id", "decided_by_id"):
        op.create_index(op.f(f"ix_join_requests_{column}"), "join_requests", [column])
    op.create_index(
        "uq_join_requests_open", "join_requests", ["email", "city_id"], unique=True,
        sqlite_where=OPEN_REQUEST, postgresql_where=OPEN_REQUEST,
    )  # fmt: skip


def downgrade() -> None:
    """Take back."""
    op.drop_table("previews")
    op.drop_table("join_requests")
    op.drop_table("invitations")
