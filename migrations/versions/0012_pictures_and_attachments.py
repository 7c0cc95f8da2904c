"""pictures and attachments."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "practice_files",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("practice_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=22), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("first_revision", sa.Integer(), nullable=False),
        sa.Column("last_revision", sa.Integer(), nullable=True),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("name_in_store", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("media_type", sa.String(length=100), nullable=False),
        sa.Column("size_bytes", sa.Integer(), nullable=False),
        sa.Column("width", sa.Integer(), nullable=True),
        sa.Column("height", sa.Integer(), nullable=True),
        sa.Column("alt", sa.String(length=300), nullable=False),
        sa.Column("is_decorative", sa.Boolean(), nullable=False),
        sa.Column("caption", sa.String(length=500), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("is_cover", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("added_by_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "kind IN ('picture', 'attachment')", name=op.f("ck_practice_files_kind")
        ),
        sa.CheckConstraint(
            "last_revision >= first_revision", name=op.f("ck_practice_files_revisions")
        ),
        sa.ForeignKeyConstraint(
            ["added_by_id"], ["people.id"],
            name=op.f("fk_practice_files_added_by_id_people"), ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["practice_id"], ["practices.id"],
            name=op.f("fk_practice_files_practice_id_practices"), ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_practice_files")),
        sa.UniqueConstraint(
            "key", "first_revision", name=op.f("uq_practice_files_key_first_revision")
        ),
    )  # fmt: skip
    for column in ("added_by_id", "name_in_store", "practice_id"):
        op.create_index(op.f(f"ix_practice_files_{column}"), "practice_files", [column])
    is_cover_now = sa.text("is_cover AND last_revision IS NULL")
    op.create_index(
        "uq_practice_files_cover", "practice_files", ["practice_id"], unique=True,
        sqlite_where=is_cover_now, postgresql_where=is_cover_now,
    )  # fmt: skip
    op.create_table(
        "picture_renditions",
        sa.Column("source", sa.String(length=64), nullable=False),
        sa.Column("width", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("media_type", sa.String(length=20), nullable=False),
        sa.Column("name_in_store", sa.String(length=64), nullable=False),
        sa.CheckConstraint(
            "media_type IN ('image/webp', 'image/jpeg')",
            name=op.f("ck_picture_renditions_media_type"),
        ),
        sa.PrimaryKeyConstraint(
            "source", "width", "media_type", name=op.f("pk_picture_renditions")
        ),
    )
    op.create_index(
        op.f("ix_picture_renditions_name_in_store"), "picture_renditions", ["name_in_store"]
    )


def downgrade() -> None:
    """Take back."""
    op.drop_table("picture_renditions")
    op.drop_table("practice_files")
