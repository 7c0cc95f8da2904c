"""saved searches: what people look for again, and what each search told them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None
SAVED, TOLD = "saved_searches", "told_practices"


def upgrade() -> None:
    """Apply."""
    op.create_table(
        SAVED,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("address", sa.String(length=4000), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("how_often", sa.String(length=10), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("looked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "how_often IN ('daily', 'weekly', 'never')", name=op.f(f"ck_{SAVED}_how_often")
        ),
        sa.CheckConstraint("language IN ('en', 'id')", name=op.f(f"ck_{SAVED}_language")),
        _key(SAVED, "person_id", "people"),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{SAVED}")),
        # Links in mails hold the number: none may come to another search.
        sqlite_autoincrement=True,
    )
    op.create_index(op.f(f"ix_{SAVED}_person_id"), SAVED, ["person_id"])
    op.create_table(
        TOLD,
        sa.Column("search_id", sa.Integer(), nullable=False),
        sa.Column("practice_id", sa.Integer(), nullable=False),
        sa.Column("mailed_at", sa.DateTime(timezone=True), nullable=True),
        _key(TOLD, "search_id", "saved_searches"),
        _key(TOLD, "practice_id", "practices"),
        sa.PrimaryKeyConstraint("search_id", "practice_id", name=op.f(f"pk_{TOLD}")),
    )
    op.create_index(op.f(f"ix_{TOLD}_practice_id"), TOLD, ["practice_id"])


def downgrade() -> None:
    """Take back."""
    op.drop_table(TOLD)
    op.drop_table(SAVED)


def _key(table: str, column: str, to: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{column}_{to}")
    return sa.ForeignKeyConstraint([column], [f"{to}.id"], name=name, ondelete="CASCADE")
