"""throttles and jobs.

Throttles count tries of every kind, also refused passwords, which had a table of their own. Jobs
do one act on many things. Effects tell what may wait behind the others; those that are done keep
no payload.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "throttles",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_throttles")),
    )
    op.create_index(op.f("ix_throttles_ends_at"), "throttles", ["ends_at"])
    op.create_table(
        "jobs",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=60), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("failed", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_jobs")),
    )
    op.create_index(op.f("ix_jobs_actor_id"), "jobs", ["actor_id"])
    op.create_index(op.f("ix_jobs_finished_at"), "jobs", ["finished_at"])
    op.create_table(
        "job_items",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("job_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("payload", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.CheckConstraint(
            "state IN ('waiting', 'done', 'failed')", name=op.f("ck_job_items_state")
        ),
        sa.ForeignKeyConstraint(
            ["job_id"], ["jobs.id"], name=op.f("fk_job_items_job_id_jobs"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_job_items")),
        sa.UniqueConstraint("job_id", "position", name=op.f("uq_job_items_job_id_position")),
    )
    op.create_index("ix_job_items_state", "job_items", ["job_id", "state", "position"])
    op.drop_index("ix_effects_due", table_name="effects")
    is_bulk = sa.Column("is_bulk", sa.Boolean(), server_default=sa.false(), nullable=False)
    op.add_column("effects", is_bulk)
    op.create_index("ix_effects_due", "effects", ["state", "is_bulk", "due_at"])
    op.execute("UPDATE effects SET payload = '{}' WHERE state = 'done'")
    op.drop_table("failed_sign_ins")


def downgrade() -> None:
    """Take back; who was refused lately is forgotten."""
    op.create_table(
        "failed_sign_ins",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_digest", sa.String(length=64), nullable=False),
        sa.Column("address", sa.String(length=45), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_failed_sign_ins")),
    )
    for name, column in (("account", "account_digest"), ("address", "address")):
        op.create_index(f"ix_failed_sign_ins_{name}", "failed_sign_ins", [column, "at"])
    op.drop_index("ix_effects_due", table_name="effects")
    op.drop_column("effects", "is_bulk")
    op.create_index("ix_effects_due", "effects", ["state", "due_at"])
    op.drop_table("job_items")
    op.drop_table("jobs")
    op.drop_table("throttles")
