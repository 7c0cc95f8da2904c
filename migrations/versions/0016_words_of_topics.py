"""words of topics: which name only a part of one, and which state they are in."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    is_narrower: sa.Column[bool] = sa.Column(
        "is_narrower", sa.Boolean(), nullable=False, server_default=sa.false()
    )
    with op.batch_alter_table("topic_synonyms") as table:
        table.add_column(is_narrower)
    with op.batch_alter_table("topic_synonyms") as table:
        table.alter_column("is_narrower", server_default=None)
    op.create_table(
        "topics_edition",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("version", sa.String(length=43), nullable=False),
        sa.Column("words", sa.Integer(), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_topics_edition_one_row")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_topics_edition")),
    )


def downgrade() -> None:
    """Take back."""
    op.drop_table("topics_edition")
    with op.batch_alter_table("topic_synonyms") as table:
        table.drop_column("is_narrower")
