"""The database: `Base`, the session, and `@transaction`, the only place that commits.

A command is decorated with `@transaction`: the outermost one begins (with BEGIN IMMEDIATE on
SQLite, because upgrading a read transaction fails at once whatever the timeout), commits when it
returns, and rolls everything back on any exception. What is given to `before_commit` is done at
its very end, still inside; the callbacks given to `after_commit` run after the commit and may fail
without harm to what was written.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any, ClassVar, ParamSpec, TypeVar

import structlog
from flask import Flask, g
from flask_sqlalchemy_lite import SQLAlchemy
from flask_sqlalchemy_lite._extension import _close_async_sessions
from sqlalchemy import DateTime, Dialect, Engine, MetaData, Select, event, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import DeclarativeBase, Session
from sqlalchemy.types import TypeDecorator

from citynet.kit.errors import NotFound

P = ParamSpec("P")
R = TypeVar("R")
T = TypeVar("T")
log = structlog.get_logger(__name__)
# As many as a statement may name at once on both databases.
IN_ONE_QUERY = 500

NAMES = {
    "ix": "ix_%(column_0_N_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class UtcDateTime(TypeDecorator[datetime]):
    """A moment, aware and in UTC on both databases."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, _dialect: Dialect) -> datetime | None:
        """Refuse a moment without a time zone."""
        if value is not None and value.tzinfo is None:
            raise ValueError("a moment needs its time zone")
        return value.astimezone(UTC) if value is not None else None

    def process_result_value(self, value: datetime | None, _dialect: Dialect) -> datetime | None:
        """Give SQLite's naive moments their zone back."""
        if value is not None and value.tzinfo is None:
            return value.replace(tzinfo=UTC)
        return value


class Base(DeclarativeBase):
    """The base of every table; moments are UTC and constraints have names."""

    metadata = MetaData(naming_convention=NAMES)
    type_annotation_map: ClassVar[dict[type, UtcDateTime]] = {datetime: UtcDateTime()}


db = SQLAlchemy(session_options={"expire_on_commit": False})


def init_app(app: Flask, database_url: str) -> None:
    """Bind the database to an application."""
    app.config["SQLALCHEMY_ENGINES"] = {"default": _engine_options(database_url)}
    db.init_app(app)
    # Flask-SQLAlchemy-Lite 0.2 begins a thread at the end of each request, to close sessions of
    # asyncio; there are none here.
    app.teardown_appcontext_funcs.remove(_close_async_sessions)
    with app.app_context():
        if db.engine.dialect.name == "sqlite":
            _tune_sqlite(db.engine)


def session() -> Session:
    """Return this request's session; commands write through it, queries read."""
    return db.session


def transaction(function: Callable[P, R]) -> Callable[P, R]:
    """Make a function a command: all of it is committed, or none."""

    @functools.wraps(function)
    def command(*args: P.args, **kwargs: P.kwargs) -> R:
        with atomic():
            return function(*args, **kwargs)

    command.is_command = True  # type: ignore[attr-defined]
    return command


@contextmanager
def atomic() -> Iterator[None]:
    """Run a block as one transaction, joined to the outer one if there is one."""
    if in_transaction():
        yield
        return
    current = session()
    # What was only read before belongs to an older snapshot: begin anew.
    current.rollback()
    g.in_transaction, g.after_commit, g.before_commit = True, [], []
    try:
        if current.get_bind().dialect.name == "sqlite":
            current.connection().exec_driver_sql("BEGIN IMMEDIATE")
        yield
        _finish(current)
        current.commit()
        callbacks: list[Callable[[], None]] = g.after_commit
    except BaseException:
        current.rollback()
        raise
    finally:
        g.in_transaction, g.after_commit, g.before_commit = False, [], []
    for callback in callbacks:
        _run_quietly(callback)


@contextmanager
def savepoint() -> Iterator[None]:
    """Inside a command: undo only this block when it raises (one line of an import)."""
    before, after = len(g.before_commit), len(g.after_commit)
    try:
        with session().begin_nested():
            yield
    except BaseException:
        del g.before_commit[before:], g.after_commit[after:]
        raise


def in_transaction() -> bool:
    """Tell whether a command is under way."""
    return bool(g.get("in_transaction"))


def before_commit(callback: Callable[[list[T]], None], item: T) -> None:
    """At the very end of the transaction call back once, with all items given for it.

    What was given inside a savepoint that was undone is left out.

    Raises:
        RuntimeError: no transaction is under way.
    """
    if not in_transaction():
        raise RuntimeError("only a command can say what happens before its commit")
    g.before_commit.append((callback, item))


def after_commit(callback: Callable[[], None]) -> None:
    """Run a callback, the same one once, when the transaction is committed.

    Its failure is logged only.

    Raises:
        RuntimeError: no transaction is under way, so that nothing would ever run it.
    """
    if not in_transaction():
        raise RuntimeError("only a command can say what happens after its commit")
    if callback not in g.after_commit:
        g.after_commit.append(callback)


def insert(table: type[Base]) -> postgresql.Insert | sqlite.Insert:
    """Return an insert that can say what to do on a conflict, which both databases can."""
    is_sqlite = session().get_bind().dialect.name == "sqlite"
    return sqlite.insert(table) if is_sqlite else postgresql.insert(table)


def chunks(values: Sequence[T], size: int = IN_ONE_QUERY) -> Iterator[Sequence[T]]:
    """Yield the values in parts that one statement can name."""
    return (values[start : start + size] for start in range(0, len(values), size))


def the_one(wanted: Select[T]) -> T:
    """Return what a statement finds first.

    Raises:
        NotFound: nothing.
    """
    found = session().scalar(wanted)
    if found is None:
        raise NotFound
    return found


def is_reachable() -> bool:
    """Tell whether the database answers."""
    return session().execute(text("SELECT 1")).scalar() == 1


def _finish(current: Session) -> None:
    """Do what was left for the end, when everything else is written and its rows are locked."""
    current.flush()
    while g.before_commit:
        callback = g.before_commit[0][0]
        items = [item for one, item in g.before_commit if one == callback]
        g.before_commit[:] = [pair for pair in g.before_commit if pair[0] != callback]
        callback(items)


def _run_quietly(callback: Callable[[], None]) -> None:
    try:
        callback()
    except Exception:
        log.warning("after_commit_failed", exc_info=True)


def _engine_options(database_url: str) -> dict[str, Any]:
    if database_url.startswith("sqlite"):
        return {"url": database_url, "connect_args": {"timeout": 5}}
    return {
        "url": database_url,
        "pool_pre_ping": True,
        "connect_args": {"options": "-c statement_timeout=15000"},
    }


def _tune_sqlite(engine: Engine) -> None:
    @event.listens_for(engine, "connect")
    def set_pragmas(connection: Any, _record: object) -> None:
        # The driver's own BEGIN is switched off: commands begin themselves, see `atomic`.
        connection.isolation_level = None
        for pragma in (
            "journal_mode=WAL",
            "synchronous=FULL",
            "foreign_keys=ON",
            "busy_timeout=5000",
        ):
            connection.execute(f"PRAGMA {pragma}")
