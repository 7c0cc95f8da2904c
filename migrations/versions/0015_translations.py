"""translations: a practice's words in the other language."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None
TABLE = "translations"
STATES = "'draft', 'submitted', 'signed_off', 'published', 'superseded'"
IN_WORK, PUBLISHED = "state IN ('draft', 'submitted', 'signed_off')", "state = 'published'"
STEPS = ("edited", "submitted", "signed_off", "published")


def upgrade() -> None:
    """Apply."""
    op.create_table(TABLE, *_columns(), *_keys())
    for name in ("practice_id", "revision_id", *(f"{step}_by_id" for step in STEPS)):
        op.create_index(op.f(f"ix_{TABLE}_{name}"), TABLE, [name])
    for name, where in (("in_work", IN_WORK), ("published", PUBLISHED)):
        op.create_index(
            f"uq_{TABLE}_{name}", TABLE, ["practice_id", "language"], unique=True,
            sqlite_where=sa.text(where), postgresql_where=sa.text(where),
        )  # fmt: skip


def downgrade() -> None:
    """Take back."""
    op.drop_table(TABLE)


def _columns() -> list[sa.Column[object]]:
    texts = (("language", 2), ("state", 12), ("title", 100), ("subtitle", 200))
    moments = (("created_at", False), ("edited_at", False),
               *((f"{step}_at", True) for step in STEPS[1:]))  # fmt: skip
    return [
        *(sa.Column(name, sa.Integer(), nullable=False) for name in ("id", "practice_id",
                                                                     "revision_id")),
        *(sa.Column(name, sa.String(length=most), nullable=False) for name, most in texts),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in ("number", "version")),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("summary", "content")),
        sa.Column("to_check", sa.String(length=1000), nullable=False),
        *(sa.Column(name, sa.DateTime(timezone=True), nullable=is_open)
          for name, is_open in moments),
        *(sa.Column(f"{step}_by_id", sa.Integer(), nullable=True) for step in STEPS),
        sa.Column("comment", sa.String(length=2000), nullable=False),
    ]  # fmt: skip


def _keys() -> list[sa.Constraint]:
    people = (
        sa.ForeignKeyConstraint(
            [f"{step}_by_id"], ["people.id"], name=op.f(f"fk_{TABLE}_{step}_by_id_people"),
            ondelete="SET NULL",
        )
        for step in STEPS
    )  # fmt: skip
    own = (
        sa.ForeignKeyConstraint(
            [f"{table[:-1]}_id"], [f"{table}.id"],
            name=op.f(f"fk_{TABLE}_{table[:-1]}_id_{table}"), ondelete="CASCADE",
        )
        for table in ("practices", "revisions")
    )  # fmt: skip
    return [
        sa.CheckConstraint(f"state IN ({STATES})", name=op.f(f"ck_{TABLE}_state")),
        sa.CheckConstraint("language IN ('en', 'id')", name=op.f(f"ck_{TABLE}_language")),
        *people, *own,
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{TABLE}")),
        sa.UniqueConstraint("practice_id", "language", "number",
                            name=op.f(f"uq_{TABLE}_practice_id_language_number")),
    ]  # fmt: skip
