"""the audit log is a chain.

Each entry gets its place, the hash that binds it to the one before (`kit/audit_chain.py`), what
was before and after; triggers refuse every later change but the blanking of personal data. The
rows there are become the beginning of the chain, in the order of their numbers.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Iterator
from datetime import UTC

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

STAGE = "audit_entries_kept"
BATCH = 1_000
BEGINNING = "0" * 64
FIXED = (
    "position", "at", "actor_id", "area", "action", "subject_kind", "subject_id", "city_id",
    "request_id", "address_digest", "content_digest", "hash",
)  # fmt: skip
REFUSAL = "the audit log is append-only"
# What an erasure may do: blank a part together with its salt, and say when.
IS_BLANKING = """
    NEW.redacted_at IS NOT NULL
    AND (NEW.address_salt = '' AND NEW.address = ''
         OR NEW.address_salt = OLD.address_salt AND NEW.address = OLD.address)
    AND (NEW.content_salt = '' AND NEW.details = '{}' AND NEW.before = '{}' AND NEW.after = '{}'
         OR NEW.content_salt = OLD.content_salt AND NEW.details = OLD.details
         AND NEW.before = OLD.before AND NEW.after = OLD.after)
"""
INDEXES = (
    ("actor", ["actor_id", "at"]),
    ("city", ["city_id", "at"]),
    ("subject", ["subject_kind", "subject_id", "at"]),
    ("area", ["area", "at"]),
    ("action", ["action", "at"]),
    ("at", ["at"]),
    ("request_id", ["request_id"]),
)


def upgrade() -> None:
    """Apply."""
    _move_old_rows_to_the_stage()
    op.create_table(
        "audit_entries",
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("area", sa.String(length=60), nullable=False),
        sa.Column("action", sa.String(length=60), nullable=False),
        sa.Column("subject_kind", sa.String(length=40), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("city_id", sa.Integer(), nullable=True),
        sa.Column("request_id", sa.String(length=36), nullable=False),
        sa.Column("address", sa.String(length=45), nullable=False),
        sa.Column("details", sa.Text(), nullable=False),
        sa.Column("before", sa.Text(), nullable=False),
        sa.Column("after", sa.Text(), nullable=False),
        sa.Column("address_salt", sa.String(length=32), nullable=False),
        sa.Column("content_salt", sa.String(length=32), nullable=False),
        sa.Column("address_digest", sa.String(length=64), nullable=False),
        sa.Column("content_digest", sa.String(length=64), nullable=False),
        sa.Column("redacted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("position", name=op.f("pk_audit_entries")),
    )
    op.create_table(
        "audit_heads",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_heads")),
    )
    _seal_old_rows()
    for name, columns in INDEXES:
        op.create_index(f"ix_audit_entries_{name}", "audit_entries", columns)
    _protect()


def downgrade() -> None:
    """Take back; what was before and after an act is lost, the other facts stay."""
    op.create_table(STAGE, *_old_columns(), sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{STAGE}")))
    _copy("audit_entries", STAGE, number="position")
    op.drop_table("audit_heads")
    op.drop_table("audit_entries")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION audit_refuse()")
    op.create_table(
        "audit_entries",
        *_old_columns(),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_entries")),
    )
    _copy(STAGE, "audit_entries")
    op.drop_table(STAGE)
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "SELECT setval('audit_entries_id_seq', (SELECT coalesce(max(id), 0) + 1"
            " FROM audit_entries), false)"
        )
    for name, columns in (
        ("actor_id", ["actor_id"]),
        ("at", ["at"]),
        ("city_id", ["city_id"]),
        ("subject", ["subject_kind", "subject_id"]),
    ):
        op.create_index(f"ix_audit_entries_{name}", "audit_entries", columns)


def _old_columns() -> list[sa.Column[object]]:
    return [
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("action", sa.String(length=60), nullable=False),
        sa.Column("subject_kind", sa.String(length=40), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("city_id", sa.Integer(), nullable=True),
        sa.Column("details", sa.Text(), nullable=False),
        sa.Column("address", sa.String(length=45), nullable=False),
        sa.Column("request_id", sa.String(length=36), nullable=False),
    ]


def _move_old_rows_to_the_stage() -> None:
    """Make place for the new table, whose indexes and constraints have the old one's names."""
    op.create_table(STAGE, *_old_columns(), sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{STAGE}")))
    _copy("audit_entries", STAGE)
    op.drop_table("audit_entries")


def _copy(source: str, target: str, *, number: str = "id") -> None:
    """Copy the old columns from one table to another."""
    names = [column.name for column in _old_columns()]
    old = sa.table(source, *(sa.column(name) for name in (number, *names[1:])))
    new = sa.table(target, *(sa.column(name) for name in names))
    op.execute(sa.insert(new).from_select(names, sa.select(*old.c)))


def _seal_old_rows() -> None:
    """Write the chain of the old rows and its head, a few at a time."""
    meta = sa.MetaData()
    new = sa.Table("audit_entries", meta, autoload_with=op.get_bind())
    heads = sa.Table("audit_heads", meta, autoload_with=op.get_bind())
    position, previous = 0, BEGINNING
    for batch in _old_rows():
        sealed = []
        for row in batch:
            position += 1
            sealed.append(_sealed(row, position, previous))
            previous = str(sealed[-1]["hash"])
        op.get_bind().execute(sa.insert(new), sealed)
    if position:
        op.get_bind().execute(sa.insert(heads), [{"id": 1, "position": position, "hash": previous}])
    op.drop_table(STAGE)


def _old_rows() -> Iterator[list[sa.Row[tuple[object, ...]]]]:
    stage = sa.Table(STAGE, sa.MetaData(), autoload_with=op.get_bind())
    last = 0
    while True:
        wanted = sa.select(stage).where(stage.c.id > last).order_by(stage.c.id).limit(BATCH)
        found = list(op.get_bind().execute(wanted).all())
        if not found:
            return
        yield found
        last = found[-1].id


def _sealed(row: sa.Row[tuple[object, ...]], position: int, previous: str) -> dict[str, object]:
    """Return the new row of an old one; the same sum as `kit/audit_chain.py` makes."""
    address_salt, content_salt = secrets.token_hex(16), secrets.token_hex(16)
    values: dict[str, object] = {
        **{key: row._mapping[key] for key in row._mapping if key != "id"},
        "position": position,
        "area": row.action.partition(".")[0],
        "before": "{}",
        "after": "{}",
        "address_salt": address_salt,
        "content_salt": content_salt,
        "address_digest": _sha256([address_salt, row.address]),
        "content_digest": _sha256([content_salt, row.details, "{}", "{}"]),
    }
    at = row.at.replace(tzinfo=row.at.tzinfo or UTC).astimezone(UTC)
    facts = (
        row.actor_id, row.action, row.subject_kind, row.subject_id, row.city_id, row.request_id,
        values["address_digest"], values["content_digest"],
    )  # fmt: skip
    moment = at.isoformat(timespec="microseconds")
    return {**values, "hash": _sha256([previous, position, moment, *facts])}


def _sha256(parts: list[object]) -> str:
    return hashlib.sha256(json.dumps(parts, separators=(",", ":")).encode("ascii")).hexdigest()


def _protect() -> None:
    """Let the database itself refuse what no command does."""
    if op.get_bind().dialect.name == "sqlite":
        _protect_sqlite()
    else:
        _protect_postgresql()


def _protect_sqlite() -> None:
    same = " AND ".join(f"NEW.{column} IS OLD.{column}" for column in FIXED)
    refuse = f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
    is_taken = "EXISTS (SELECT 1 FROM {} AS old WHERE old.{} = NEW.{})"
    for name, when in (
        ("entries_update BEFORE UPDATE ON audit_entries", f"NOT ({same} AND {IS_BLANKING})"),
        ("entries_delete BEFORE DELETE ON audit_entries", "1"),
        # INSERT OR REPLACE deletes without a DELETE.
        (
            "entries_insert BEFORE INSERT ON audit_entries",
            is_taken.format("audit_entries", "position", "position"),
        ),
        ("heads_update BEFORE UPDATE ON audit_heads", "NEW.position <= OLD.position"),
        ("heads_delete BEFORE DELETE ON audit_heads", "1"),
    ):
        op.execute(f"CREATE TRIGGER audit_{name} WHEN {when} {refuse}")


def _protect_postgresql() -> None:
    op.execute(
        "CREATE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql AS"
        f" $$ BEGIN RAISE EXCEPTION '{REFUSAL}'; END $$"
    )
    old, new = (", ".join(f"{row}.{column}" for column in FIXED) for row in ("OLD", "NEW"))
    is_blanking = f"({old}) IS NOT DISTINCT FROM ({new}) AND {IS_BLANKING}"
    for name, when in (
        ("entries_update BEFORE UPDATE ON audit_entries FOR EACH ROW", f"NOT ({is_blanking})"),
        ("entries_delete BEFORE DELETE ON audit_entries FOR EACH ROW", "true"),
        ("entries_truncate BEFORE TRUNCATE ON audit_entries", "true"),
        ("heads_update BEFORE UPDATE ON audit_heads FOR EACH ROW", "NEW.position <= OLD.position"),
        ("heads_delete BEFORE DELETE ON audit_heads FOR EACH ROW", "true"),
        ("heads_truncate BEFORE TRUNCATE ON audit_heads", "true"),
    ):
        op.execute(f"CREATE TRIGGER audit_{name} WHEN ({when}) EXECUTE FUNCTION audit_refuse()")
