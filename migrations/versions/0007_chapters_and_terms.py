"""chapters and terms of membership."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None
DAYS = ("from_day_before", "from_day_after", "until_day_before", "until_day_after")


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "chapters",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(length=60), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("country", sa.String(length=2), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_chapters")),
        sa.UniqueConstraint("country", name=op.f("uq_chapters_country")),
        sa.UniqueConstraint("name", name=op.f("uq_chapters_name")),
        sa.UniqueConstraint("slug", name=op.f("uq_chapters_slug")),
    )
    op.create_table(
        "chapter_people",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("chapter_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["chapter_id"],
            ["chapters.id"],
            name=op.f("fk_chapter_people_chapter_id_chapters"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["people.id"],
            name=op.f("fk_chapter_people_person_id_people"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_chapter_people")),
        sa.UniqueConstraint("person_id", name=op.f("uq_chapter_people_person_id")),
    )
    op.create_index(op.f("ix_chapter_people_chapter_id"), "chapter_people", ["chapter_id"])
    _add_to_cities()
    _add_terms()
    _add_to_history()


def _add_to_cities() -> None:
    with op.batch_alter_table("cities") as cities:
        cities.add_column(sa.Column("area_km2", sa.Double(), nullable=True))
        cities.add_column(sa.Column("chapter_id", sa.Integer(), nullable=True))
        cities.create_index(op.f("ix_cities_chapter_id"), ["chapter_id"])
        cities.create_foreign_key(
            op.f("fk_cities_chapter_id_chapters"),
            "chapters",
            ["chapter_id"],
            ["id"],
            ondelete="SET NULL",
        )


def _add_terms() -> None:
    """A membership of before has no end: nobody agreed on one."""
    with op.batch_alter_table("memberships") as memberships:
        memberships.add_column(
            sa.Column("category", sa.String(length=10), nullable=False, server_default="full")
        )
        memberships.add_column(sa.Column("from_day", sa.Date(), nullable=True))
        memberships.add_column(sa.Column("until_day", sa.Date(), nullable=True))
        memberships.add_column(sa.Column("reminded_days", sa.Integer(), nullable=True))
        memberships.create_check_constraint("category", "category IN ('full', 'associate')")
        memberships.drop_index(op.f("ix_memberships_standing"))
        memberships.create_index(
            op.f("ix_memberships_standing_until_day"), ["standing", "until_day"]
        )
    op.execute("UPDATE memberships SET from_day = date(admitted_at)")
    with op.batch_alter_table("memberships") as memberships:
        memberships.alter_column("category", server_default=None)


def _add_to_history() -> None:
    with op.batch_alter_table("membership_changes") as changes:
        changes.add_column(
            sa.Column("matter", sa.String(length=10), nullable=False, server_default="standing")
        )
        changes.add_column(sa.Column("category_before", sa.String(length=10), nullable=True))
        changes.add_column(
            sa.Column("category_after", sa.String(length=10), nullable=False, server_default="full")
        )
        for name in DAYS:
            changes.add_column(sa.Column(name, sa.Date(), nullable=True))
        changes.create_check_constraint(
            "matter", "matter IN ('standing', 'category', 'renewal', 'term')"
        )
    op.execute("UPDATE membership_changes SET category_before = 'full' WHERE before IS NOT NULL")
    with op.batch_alter_table("membership_changes") as changes:
        changes.alter_column("matter", server_default=None)
        changes.alter_column("category_after", server_default=None)


def downgrade() -> None:
    """Take back."""
    with op.batch_alter_table("membership_changes") as changes:
        changes.drop_constraint(op.f("ck_membership_changes_matter"), type_="check")
        for name in ("matter", "category_before", "category_after", *DAYS):
            changes.drop_column(name)
    with op.batch_alter_table("memberships") as memberships:
        memberships.drop_index(op.f("ix_memberships_standing_until_day"))
        memberships.create_index(op.f("ix_memberships_standing"), ["standing"])
        memberships.drop_constraint(op.f("ck_memberships_category"), type_="check")
        for name in ("category", "from_day", "until_day", "reminded_days"):
            memberships.drop_column(name)
    with op.batch_alter_table("cities") as cities:
        cities.drop_constraint(op.f("fk_cities_chapter_id_chapters"), type_="foreignkey")
        cities.drop_index(op.f("ix_cities_chapter_id"))
        cities.drop_column("chapter_id")
        cities.drop_column("area_km2")
    op.drop_table("chapter_people")
    op.drop_table("chapters")
