"""The file of huey's queue; one that is damaged or taken away is replaced while it serves.

The queue only wakes: what is to be done stands in the `effects` table, so that a lost queue costs
a wait until the next sweep and nothing else.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import structlog
from huey import Huey
from huey.storage import SqliteStorage

log = structlog.get_logger(__name__)
# What a new file would not mend: somebody else writes, the disk is full, the folder is closed.
NOT_THE_FILES_FAULT = frozenset(
    {
        sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_FULL, sqlite3.SQLITE_READONLY,
        sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM, sqlite3.SQLITE_CONSTRAINT,
    }
)  # fmt: skip


class Storage(SqliteStorage):  # type: ignore[misc]
    """huey's own storage, which lets go of a file that cannot be used."""

    def __init__(self, name: str, filename: str) -> None:
        self._file_number = 0
        super().__init__(name, filename=filename, fsync=False, create_tables=False)

    def _create_connection(self) -> sqlite3.Connection:
        connection: sqlite3.Connection = super()._create_connection()
        for statement in self.ddl:
            connection.execute(statement)
        self._file_number = self._number_now()
        return connection

    @contextmanager
    def db(self, commit: bool = False, close: bool = False) -> Iterator[sqlite3.Cursor]:
        """Give a cursor; the file is put aside if it turns out to be damaged."""
        if self._conn is not None and self._number_now() != self._file_number:
            # Another process put the file aside, or somebody deleted it.
            self.close()
        try:
            with super().db(commit=commit, close=close) as cursor:
                yield cursor
        except sqlite3.DatabaseError as error:
            if getattr(error, "sqlite_errorcode", 0) & 0xFF not in NOT_THE_FILES_FAULT:
                self._put_aside()
            raise

    def _number_now(self) -> int:
        try:
            return Path(self.filename).stat().st_ino
        except FileNotFoundError:
            return 0

    def _put_aside(self) -> None:
        is_current = self._conn is None or self._number_now() == self._file_number
        self.close()
        if is_current:
            path = Path(self.filename)
            log.warning("queue_damaged", put_aside=f"{path.name}.damaged")
            for ending in ("", "-wal", "-shm"):
                part = path.with_name(path.name + ending)
                if part.exists():
                    part.replace(part.with_name(f"{part.name}.damaged"))


def open_queue(path: Path) -> Huey:
    """Return the queue of a file, which is made where there is none or a damaged one."""
    queue = Huey("citynet", storage_class=Storage, filename=str(path))
    try:
        queue.storage.queue_size()
    except sqlite3.DatabaseError:
        queue.storage.queue_size()
    queue.storage.close()
    return queue
