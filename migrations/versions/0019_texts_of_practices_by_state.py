"""texts of practices by state: the published ones of some practices are found at once."""

from __future__ import annotations

from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None
OF_PRACTICE, WITH_STATE = "ix_revisions_practice_id", "ix_revisions_practice_id_state"


def upgrade() -> None:
    """Apply."""
    op.create_index(op.f(WITH_STATE), "revisions", ["practice_id", "state"])
    op.drop_index(op.f(OF_PRACTICE), "revisions")


def downgrade() -> None:
    """Take back."""
    op.create_index(op.f(OF_PRACTICE), "revisions", ["practice_id"])
    op.drop_index(op.f(WITH_STATE), "revisions")
