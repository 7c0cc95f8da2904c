"""applications to join."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

IS_OPEN = sa.text("state IN ('waiting', 'asked')")


def upgrade() -> None:
    """Apply."""
    _create_applications()
    _create_links()
    _create_messages()
    _create_files()


def downgrade() -> None:
    """Take back."""
    for table in (
        "application_files", "application_messages", "application_links", "applications",
    ):  # fmt: skip
        op.drop_table(table)


def _create_applications() -> None:
    op.create_table(
        "applications",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("place", sa.String(length=250), nullable=False),
        sa.Column("city_id", sa.Integer(), nullable=True),
        sa.Column("first_id", sa.Integer(), nullable=True),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.Column("province", sa.String(length=80), nullable=True),
        sa.Column("population", sa.Integer(), nullable=True),
        sa.Column("area_km2", sa.Double(), nullable=True),
        sa.Column("contact_name", sa.String(length=120), nullable=False),
        sa.Column("office", sa.String(length=160), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("phone", sa.String(length=40), nullable=False),
        sa.Column("note", sa.String(length=2000), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("consented_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("registered_by_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(length=1000), nullable=False),
        sa.CheckConstraint(
            "state IN ('unconfirmed', 'waiting', 'asked', 'joined', 'admitted', 'declined',"
            " 'withdrawn')",
            name=op.f("ck_applications_state"),
        ),
        sa.CheckConstraint(
            "kind IN ('kota', 'kabupaten', 'city')", name=op.f("ck_applications_kind")
        ),
        sa.CheckConstraint("language IN ('en', 'id')", name=op.f("ck_applications_language")),
        sa.CheckConstraint(
            "(state = 'joined') = (first_id IS NOT NULL)", name=op.f("ck_applications_joined")
        ),
        *_keys("applications", "city_id cities RESTRICT", "first_id applications RESTRICT",
               "registered_by_id people SET NULL", "decided_by_id people SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_applications")),
    )  # fmt: skip
    for column in (
        "city_id", "created_at", "decided_by_id", "email", "first_id", "place", "registered_by_id",
    ):  # fmt: skip
        op.create_index(op.f(f"ix_applications_{column}"), "applications", [column])
    op.create_index("ix_applications_state", "applications", ["state", "confirmed_at"])
    op.create_index(
        "uq_applications_open", "applications", ["place"], unique=True,
        sqlite_where=IS_OPEN, postgresql_where=IS_OPEN,
    )  # fmt: skip


def _create_links() -> None:
    op.create_table(
        "application_links",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("purpose", sa.String(length=10), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "purpose IN ('confirm', 'follow')", name=op.f("ck_application_links_purpose")
        ),
        *_keys("application_links", "application_id applications CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_application_links")),
        sa.UniqueConstraint("digest", name=op.f("uq_application_links_digest")),
    )
    op.create_index(
        op.f("ix_application_links_application_id"), "application_links", ["application_id"]
    )


def _create_messages() -> None:
    op.create_table(
        "application_messages",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "kind IN ('question', 'answer', 'decision')", name=op.f("ck_application_messages_kind")
        ),
        *_keys("application_messages", "application_id applications CASCADE",
               "by_id people SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_application_messages")),
    )  # fmt: skip
    for column in ("application_id", "by_id"):
        op.create_index(op.f(f"ix_application_messages_{column}"), "application_messages", [column])


def _create_files() -> None:
    op.create_table(
        "application_files",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("application_id", sa.Integer(), nullable=True),
        sa.Column("stored", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("media_type", sa.String(length=100), nullable=False),
        sa.Column("size_bytes", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        *_keys("application_files", "application_id applications CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_application_files")),
    )
    for column in ("application_id", "stored"):
        op.create_index(op.f(f"ix_application_files_{column}"), "application_files", [column])


def _keys(table: str, *keys: str) -> list[sa.ForeignKeyConstraint]:
    """Return foreign keys from `column table ondelete`, named by the convention."""
    made = []
    for key in keys:
        column, _space, rest = key.partition(" ")
        other, _space, ondelete = rest.partition(" ")
        name = op.f(f"fk_{table}_{column}_{other}")
        made.append(
            sa.ForeignKeyConstraint([column], [f"{other}.id"], name=name, ondelete=ondelete)
        )
    return made
