"""review and withdrawal: steps, comments, assignments, schedules, trust, liveness."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None
BEFORE = "state IN ('draft', 'submitted', 'signed_off', 'published', 'superseded')"
AFTER = "state IN ('draft', 'submitted', 'signed_off', 'published', 'superseded', 'withdrawn')"
KINDS = "'submitted', 'signed_off', 'sent_back', 'published', 'withdrawn', 'brought_back'"
PEOPLE, PRACTICES, REVISIONS = "people.id", "practices.id", "revisions.id"


def upgrade() -> None:
    """Apply."""
    _allow_states(AFTER)
    op.add_column(
        "practices", sa.Column("last_confirmed_at", sa.DateTime(timezone=True), nullable=True)
    )
    _create_steps()
    _create_comments()
    _create_assignments()
    _create_schedules_and_trust()
    _create_liveness()


def _allow_states(states: str) -> None:
    with op.batch_alter_table("revisions") as revisions:
        revisions.drop_constraint(op.f("ck_revisions_state"), type_="check")
        revisions.create_check_constraint("state", states)


def _key(table: str, column: str, to: str, then: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{column}_{to.split('.', maxsplit=1)[0]}")
    return sa.ForeignKeyConstraint([column], [to], name=name, ondelete=then)


def _create_steps() -> None:
    """Begin the history with what the revisions themselves still tell."""
    op.create_table(
        "revision_steps",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("practice_id", sa.Integer(), nullable=False),
        sa.Column("revision_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("comment", sa.String(length=2000), nullable=False),
        sa.CheckConstraint(f"kind IN ({KINDS})", name=op.f("ck_revision_steps_kind")),
        _key("revision_steps", "practice_id", PRACTICES, "CASCADE"),
        _key("revision_steps", "revision_id", REVISIONS, "CASCADE"),
        _key("revision_steps", "by_id", PEOPLE, "SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_revision_steps")),
    )
    op.create_index("ix_revision_steps_practice_id", "revision_steps", ["practice_id", "at"])
    op.create_index(op.f("ix_revision_steps_revision_id"), "revision_steps", ["revision_id"])
    op.create_index(op.f("ix_revision_steps_by_id"), "revision_steps", ["by_id"])
    columns = ("practice_id", "revision_id", "kind", "at", "by_id", "comment")
    steps = sa.table("revision_steps", *map(sa.column, columns))
    for kind in ("submitted", "signed_off", "published"):
        at, by_id = sa.column(f"{kind}_at"), sa.column(f"{kind}_by_id")
        told = sa.select(
            sa.column("practice_id"), sa.column("id"), sa.literal(kind), at, by_id, sa.literal("")
        ).select_from(sa.table("revisions"))
        op.execute(steps.insert().from_select(columns, told.where(at.is_not(None))))


def _create_comments() -> None:
    op.create_table(
        "review_comments",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("practice_id", sa.Integer(), nullable=False),
        sa.Column("revision_id", sa.Integer(), nullable=False),
        sa.Column("field", sa.String(length=40), nullable=False),
        sa.Column("text", sa.String(length=2000), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("resolved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("resolved_by_id", sa.Integer(), nullable=True),
        _key("review_comments", "practice_id", PRACTICES, "CASCADE"),
        _key("review_comments", "revision_id", REVISIONS, "CASCADE"),
        _key("review_comments", "author_id", PEOPLE, "SET NULL"),
        _key("review_comments", "resolved_by_id", PEOPLE, "SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review_comments")),
    )
    for column in ("practice_id", "revision_id", "author_id", "resolved_by_id"):
        op.create_index(op.f(f"ix_review_comments_{column}"), "review_comments", [column])


def _create_assignments() -> None:
    op.create_table(
        "review_assignments",
        sa.Column("practice_id", sa.Integer(), nullable=False),
        sa.Column("reviewer_id", sa.Integer(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("assigned_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reminded_days", sa.Integer(), nullable=True),
        _key("review_assignments", "practice_id", PRACTICES, "CASCADE"),
        _key("review_assignments", "reviewer_id", PEOPLE, "CASCADE"),
        sa.PrimaryKeyConstraint("practice_id", name=op.f("pk_review_assignments")),
    )
    op.create_index(
        op.f("ix_review_assignments_reviewer_id"), "review_assignments", ["reviewer_id"]
    )


def _create_schedules_and_trust() -> None:
    op.create_table(
        "scheduled_publications",
        sa.Column("revision_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("approved_by_id", sa.Integer(), nullable=True),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=False),
        _key("scheduled_publications", "revision_id", REVISIONS, "CASCADE"),
        _key("scheduled_publications", "approved_by_id", PEOPLE, "SET NULL"),
        sa.PrimaryKeyConstraint("revision_id", name=op.f("pk_scheduled_publications")),
    )
    for column in ("day", "approved_by_id"):
        op.create_index(
            op.f(f"ix_scheduled_publications_{column}"), "scheduled_publications", [column]
        )
    op.create_table(
        "trusted_cities",
        sa.Column("city_id", sa.Integer(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(length=1000), nullable=False),
        _key("trusted_cities", "city_id", "cities.id", "CASCADE"),
        _key("trusted_cities", "by_id", PEOPLE, "SET NULL"),
        sa.PrimaryKeyConstraint("city_id", name=op.f("pk_trusted_cities")),
    )
    op.create_index(op.f("ix_trusted_cities_by_id"), "trusted_cities", ["by_id"])


def _create_liveness() -> None:
    answers = "answer IN ('running', 'changed', 'stopped')"
    op.create_table(
        "liveness_checks",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("practice_id", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answer", sa.String(length=10), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_as", sa.String(length=10), nullable=True),
        sa.Column("note", sa.String(length=1000), nullable=False),
        sa.CheckConstraint(answers, name=op.f("ck_liveness_checks_answer")),
        sa.CheckConstraint(
            "answered_as IN ('contact', 'lead')", name=op.f("ck_liveness_checks_answered_as")
        ),
        sa.CheckConstraint(
            "(answer IS NULL) = (answered_at IS NULL)", name=op.f("ck_liveness_checks_answered")
        ),
        _key("liveness_checks", "practice_id", PRACTICES, "CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_liveness_checks")),
        sa.UniqueConstraint(
            "practice_id", "year", name=op.f("uq_liveness_checks_practice_id_year")
        ),
    )


def downgrade() -> None:
    """Take back; a withdrawn text stays out of sight as one that was superseded."""
    for table in (
        "liveness_checks", "trusted_cities", "scheduled_publications", "review_assignments",
        "review_comments", "revision_steps",
    ):  # fmt: skip
        op.drop_table(table)
    with op.batch_alter_table("practices") as practices:
        practices.drop_column("last_confirmed_at")
    op.execute("UPDATE revisions SET state = 'superseded' WHERE state = 'withdrawn'")
    _allow_states(BEFORE)
