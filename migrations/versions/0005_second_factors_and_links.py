"""second factors and one-time links."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None
PURPOSES = "'password_reset', 'mail_change', 'second_step', 'passkey_new', 'passkey_sign_in'"


def upgrade() -> None:
    """Apply."""
    with op.batch_alter_table("people", schema=None) as batch_op:
        batch_op.add_column(sa.Column("erased_at", sa.DateTime(timezone=True), nullable=True))
    with op.batch_alter_table("sign_ins", schema=None) as batch_op:
        batch_op.add_column(sa.Column("used_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("is_strong", sa.Boolean(), nullable=True))
    sign_ins = sa.table(
        "sign_ins",
        sa.column("created_at", sa.DateTime(timezone=True)),
        sa.column("used_at", sa.DateTime(timezone=True)),
        sa.column("is_strong", sa.Boolean()),
    )
    op.execute(sign_ins.update().values(used_at=sign_ins.c.created_at, is_strong=sa.false()))
    with op.batch_alter_table("sign_ins", schema=None) as batch_op:
        batch_op.alter_column("used_at", existing_type=sa.DateTime(timezone=True), nullable=False)
        batch_op.alter_column("is_strong", existing_type=sa.Boolean(), nullable=False)
    _create_one_time_secrets()
    _create_second_factors()
    _create_passkeys()


def _person(table: str, *, nullable: bool = False) -> tuple[sa.Column[int], sa.Constraint]:
    key = sa.ForeignKeyConstraint(
        ["person_id"], ["people.id"], name=op.f(f"fk_{table}_person_id_people"), ondelete="CASCADE"
    )
    return sa.Column("person_id", sa.Integer(), nullable=nullable), key


def _create_one_time_secrets() -> None:
    person_id, key = _person("one_time_secrets", nullable=True)
    op.create_table(
        "one_time_secrets",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("purpose", sa.String(length=20), nullable=False),
        person_id,
        sa.Column("value", sa.String(length=254), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(f"purpose IN ({PURPOSES})", name=op.f("ck_one_time_secrets_purpose")),
        key,
        sa.PrimaryKeyConstraint("id", name=op.f("pk_one_time_secrets")),
        sa.UniqueConstraint("digest", name=op.f("uq_one_time_secrets_digest")),
    )
    with op.batch_alter_table("one_time_secrets", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_one_time_secrets_expires_at"), ["expires_at"])
        batch_op.create_index(batch_op.f("ix_one_time_secrets_person_id"), ["person_id"])


def _create_second_factors() -> None:
    person_id, key = _person("second_factors")
    op.create_table(
        "second_factors",
        sa.Column("id", sa.Integer(), nullable=False),
        person_id,
        sa.Column("sealed_secret", sa.String(length=255), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_step", sa.BigInteger(), nullable=False),
        key,
        sa.PrimaryKeyConstraint("id", name=op.f("pk_second_factors")),
        sa.UniqueConstraint("person_id", name=op.f("uq_second_factors_person_id")),
    )
    person_id, key = _person("recovery_codes")
    op.create_table(
        "recovery_codes",
        sa.Column("id", sa.Integer(), nullable=False),
        person_id,
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        key,
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recovery_codes")),
        sa.UniqueConstraint("digest", name=op.f("uq_recovery_codes_digest")),
    )
    with op.batch_alter_table("recovery_codes", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_recovery_codes_person_id"), ["person_id"])


def _create_passkeys() -> None:
    person_id, key = _person("passkeys")
    op.create_table(
        "passkeys",
        sa.Column("id", sa.Integer(), nullable=False),
        person_id,
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("credential_id", sa.String(length=1364), nullable=False),
        sa.Column("public_key", sa.LargeBinary(length=2000), nullable=False),
        sa.Column("user_handle", sa.String(length=86), nullable=False),
        sa.Column("sign_count", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        key,
        sa.PrimaryKeyConstraint("id", name=op.f("pk_passkeys")),
        sa.UniqueConstraint("credential_id", name=op.f("uq_passkeys_credential_id")),
    )
    with op.batch_alter_table("passkeys", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_passkeys_person_id"), ["person_id"])


def downgrade() -> None:
    """Take back."""
    for table in ("passkeys", "recovery_codes", "second_factors", "one_time_secrets"):
        op.drop_table(table)
    with op.batch_alter_table("sign_ins", schema=None) as batch_op:
        batch_op.drop_column("is_strong")
        batch_op.drop_column("used_at")
    with op.batch_alter_table("people", schema=None) as batch_op:
        batch_op.drop_column("erased_at")
