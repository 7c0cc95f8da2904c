"""what was asked of search: past queries, and what people found missing."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None
PAST, MISSING = "past_queries", "missing_reports"
LANGUAGES = "language IN ('en', 'id')"


def upgrade() -> None:
    """Apply."""
    op.create_table(
        PAST,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(length=60), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("audience", sa.String(length=10), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=False)
          for name in ("askers", "different", "asked", "askers_last")),
        sa.Column("first_on", sa.Date(), nullable=False),
        sa.Column("last_on", sa.Date(), nullable=False),
        sa.Column("hidden_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("hidden_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(LANGUAGES, name=op.f(f"ck_{PAST}_language")),
        sa.CheckConstraint("audience IN ('public', 'members')", name=op.f(f"ck_{PAST}_audience")),
        _key(PAST, "hidden_by_id", "people"),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{PAST}")),
        sa.UniqueConstraint(
            "text", "language", "audience", name=op.f(f"uq_{PAST}_text_language_audience")
        ),
    )  # fmt: skip
    for name in ("different", "first_on", "last_on", "hidden_by_id"):
        op.create_index(op.f(f"ix_{PAST}_{name}"), PAST, [name])
    op.create_table(
        MISSING,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("query", sa.String(length=200), nullable=False),
        sa.Column("folded", sa.String(length=200), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("words", sa.String(length=1000), nullable=False),
        sa.Column("reported_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("city_id", sa.Integer(), nullable=True),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("practice_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(length=1000), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(LANGUAGES, name=op.f(f"ck_{MISSING}_language")),
        sa.CheckConstraint(
            "state IN ('open', 'answered', 'dismissed')", name=op.f(f"ck_{MISSING}_state")
        ),
        sa.CheckConstraint(
            "(state = 'open') = (decided_at IS NULL)", name=op.f(f"ck_{MISSING}_decided")
        ),
        _key(MISSING, "person_id", "people"),
        _key(MISSING, "city_id", "cities"),
        _key(MISSING, "practice_id", "practices"),
        _key(MISSING, "decided_by_id", "people"),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{MISSING}")),
    )
    for name in ("folded", "person_id", "city_id", "practice_id", "decided_by_id"):
        op.create_index(op.f(f"ix_{MISSING}_{name}"), MISSING, [name])


def downgrade() -> None:
    """Take back."""
    op.drop_table(MISSING)
    op.drop_table(PAST)


def _key(table: str, column: str, to: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{column}_{to}")
    return sa.ForeignKeyConstraint([column], [f"{to}.id"], name=name, ondelete="SET NULL")
