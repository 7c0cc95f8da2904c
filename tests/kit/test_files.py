"""Files by the hash of their content."""

from __future__ import annotations

import hashlib
import threading
from pathlib import Path

import pytest
from flask import Flask

from citynet.kit import files
from citynet.kit.errors import NotFound


def stored(folder: Path) -> list[str]:
    """Return the names of what is in the store."""
    return sorted(
        path.name for path in (folder / "instance" / "files").rglob("*") if path.is_file()
    )


def test_content_is_stored_once_under_its_hash(app: Flask, tmp_path: Path) -> None:
    """The name is the SHA-256, and the same content twice is one file."""
    name = files.put(b"a budget")
    assert name == hashlib.sha256(b"a budget").hexdigest()
    assert files.put(b"a budget") == name
    assert files.get(name) == b"a budget"
    assert stored(tmp_path) == [name]


def test_empty_content_is_a_content(app: Flask) -> None:
    """It has a hash like any other."""
    assert files.get(files.put(b"")) == b""


@pytest.mark.parametrize(
    "name",
    [
        "", "..", "../citynet.db", "../../etc/passwd", "/etc/passwd", "aa/../../citynet.db",
        "0" * 64, "0" * 63, "A" * 64, "0" * 64 + "\n", "0" * 62 + "/.", "citynet.db",
    ],
)  # fmt: skip
def test_name_that_is_no_stored_hash_is_not_found(app: Flask, name: str) -> None:
    """Nothing outside the store can be asked for."""
    (Path(app.config["CITYNET"].instance_dir) / "citynet.db").touch()
    with pytest.raises(NotFound):
        files.get(name)


def test_store_itself_refuses_to_leave_its_folder(app: Flask) -> None:
    """The second lock, should a name ever come through."""
    with pytest.raises((ValueError, OSError)):
        files._store().cat_file("../citynet.db")


def test_same_content_from_many_threads_is_stored_whole(app: Flask, tmp_path: Path) -> None:
    """They do not take each other's half-written file."""
    content, errors = b"x" * 1_000_000, []
    begin = threading.Barrier(8)

    def put() -> None:
        with app.app_context():
            begin.wait(timeout=30)
            try:
                files.put(content)
            except Exception as error:  # noqa: BLE001 - the test shows whatever it was
                errors.append(error)

    threads = [threading.Thread(target=put) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    name = hashlib.sha256(content).hexdigest()
    assert errors == []
    assert stored(tmp_path) == [name]
    assert files.get(name) == content
