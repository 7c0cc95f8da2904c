"""The queue's file: replaced when it is damaged or gone, left alone when it is only busy."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

import pytest
from huey import Huey

from citynet.kit.queue import open_queue

T = TypeVar("T")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Return where the queue lives."""
    return tmp_path / "jobs.db"


@pytest.fixture
def queue(path: Path) -> Iterator[Huey]:
    """Return a queue that is in use."""
    queue = open_queue(path)
    queue.storage.enqueue(b"one")
    assert queue.storage.dequeue() == b"one"
    yield queue
    queue.storage.close()


def overwrite(path: Path) -> None:
    """Write rubbish over the file, which others hold open."""
    size = path.stat().st_size
    with path.open("r+b") as file:
        file.write(b"x" * size)


def empty(path: Path) -> None:
    """Cut the file to nothing, which others hold open."""
    for one in (path, path.with_name("jobs.db-wal")):
        with one.open("r+b") as file:
            file.truncate(0)


def replace(path: Path) -> None:
    """Put another database in its place."""
    with sqlite3.connect(path.with_name("other")) as connection:
        connection.execute("CREATE TABLE strange (x)")
    connection.close()
    path.with_name("other").replace(path)


LOSSES = pytest.mark.parametrize("lose", [overwrite, empty, replace, Path.unlink])


def surely(call: Callable[..., T], *values: bytes) -> T:
    """Call again where the first call met the damage, as the worker's loop does."""
    try:
        return call(*values)
    except sqlite3.DatabaseError:
        return call(*values)


@LOSSES
def test_lost_file_is_replaced_while_it_is_in_use(
    queue: Huey, path: Path, lose: Callable[[Path], None]
) -> None:
    """One call may fail; the next finds a new file."""
    lose(path)
    surely(queue.storage.enqueue, b"two")
    assert surely(queue.storage.dequeue) == b"two"


@LOSSES
def test_two_processes_meet_again_in_the_new_file(
    queue: Huey, path: Path, lose: Callable[[Path], None]
) -> None:
    """Neither goes on alone with what the other has put aside, though a call may get lost."""
    other = open_queue(path)
    assert other.storage.queue_size() == 0
    lose(path)
    found = []
    for _ in range(2):
        surely(queue.storage.enqueue, b"two")
        found.append(surely(other.storage.dequeue))
    assert found[-1] == b"two"
    other.storage.close()


def test_busy_file_is_left_alone(queue: Huey, path: Path) -> None:
    """Somebody else writes: that is no damage."""
    queue.storage._timeout = 0
    queue.storage.close()
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    with pytest.raises(sqlite3.OperationalError, match="locked"):
        queue.storage.enqueue(b"two")
    other.execute("ROLLBACK")
    other.close()
    assert not path.with_name("jobs.db.damaged").exists()
    queue.storage.enqueue(b"two")
    assert queue.storage.queue_size() == 1


def test_damaged_file_is_put_aside(queue: Huey, path: Path) -> None:
    """By whoever opens it next, so that somebody may look at it."""
    queue.storage.close()
    overwrite(path)
    with pytest.raises(sqlite3.DatabaseError):
        queue.storage.enqueue(b"two")
    assert path.with_name("jobs.db.damaged").exists()
