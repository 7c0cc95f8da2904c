"""letters and the network's look."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "letter_texts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=60), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("language IN ('en', 'id')", name=op.f("ck_letter_texts_language")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_letter_texts")),
        sa.UniqueConstraint("key", "language", name=op.f("uq_letter_texts_key_language")),
    )
    op.create_table(
        "network_settings",
        sa.Column("name", sa.String(length=20), nullable=False),
        sa.Column("value", sa.String(length=320), nullable=False),
        sa.CheckConstraint(
            "name IN ('name', 'contact_address', 'term_months', 'mark', 'main_colour',"
            " 'accent_colour')",
            name=op.f("ck_network_settings_name"),
        ),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_network_settings")),
    )


def downgrade() -> None:
    """Take back."""
    op.drop_table("network_settings")
    op.drop_table("letter_texts")
