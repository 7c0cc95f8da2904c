"""Alembic's environment: the tables of every slice, on the application's own database."""

from __future__ import annotations

from alembic import context

from citynet.accounts import models as accounts
from citynet.admin import models as admin
from citynet.announcements import models as announcements
from citynet.asked import models as asked
from citynet.cities import models as cities
from citynet.kit import audit, effects, jobs, letters, network, throttle, worker
from citynet.kit.db import Base, db
from citynet.practices import models as practices
from citynet.search import models as search

CHECK = "PRAGMA foreign_key_check"
TABLES = (
    accounts, cities, audit, effects, jobs, letters, network, throttle, worker, practices,
    announcements, asked, admin, search,
)  # fmt: skip


def run() -> None:
    """Bring the database to the wanted revision in one transaction."""
    engine = db.engine
    is_sqlite = engine.dialect.name == "sqlite"
    with engine.connect() as connection:
        context.configure(
            connection=connection,
            target_metadata=Base.metadata,
            render_as_batch=is_sqlite,
            compare_type=True,
            transaction_per_migration=True,
        )
        with context.begin_transaction():
            if is_sqlite:
                # SQLite changes a table by copying and dropping it: with its foreign keys on,
                # that would delete the rows that point to it. They are checked at the end.
                connection.exec_driver_sql("PRAGMA foreign_keys=OFF")
                connection.exec_driver_sql("BEGIN IMMEDIATE")
            context.run_migrations()
            if is_sqlite and (broken := connection.exec_driver_sql(CHECK).all()):
                raise RuntimeError(f"rows point to what is not there: {broken[:5]}")
        connection.commit()
        if is_sqlite:
            connection.exec_driver_sql("PRAGMA foreign_keys=ON")


run()
