"""Files, stored once by the hash of their content under one folder or bucket.

fsspec's `dir` file system keeps every name inside the folder and refuses `../`.
"""

from __future__ import annotations

import hashlib
import re
import secrets
from pathlib import Path
from typing import cast

import fsspec
from flask import Flask, current_app

from citynet.kit.errors import NotFound


def init_app(app: Flask, instance: Path) -> None:
    """Open the store in the instance folder."""
    folder = instance / "files"
    folder.mkdir(parents=True, exist_ok=True)
    app.extensions["files"] = fsspec.filesystem("dir", path=str(folder), target_protocol="file")


def put(content: bytes) -> str:
    """Store a content and return its name, the SHA-256 in hexadecimal; the same content once."""
    name = hashlib.sha256(content).hexdigest()
    store = _store()
    if not store.exists(_place(name)):
        store.makedirs(name[:2], exist_ok=True)
        # A name of its own: two may store the same content at the same moment.
        part = f"{name[:2]}/{name}.{secrets.token_hex(8)}.part"
        store.pipe_file(part, content)
        store.mv(part, _place(name))
    return name


def get(name: str) -> bytes:
    """Return the stored content.

    Raises:
        NotFound: no such file, or a name that is no hash.
    """
    if not re.fullmatch(r"[0-9a-f]{64}", name) or not _store().exists(_place(name)):
        raise NotFound
    return cast(bytes, _store().cat_file(_place(name)))


def _place(name: str) -> str:
    return f"{name[:2]}/{name}"


def _store() -> fsspec.AbstractFileSystem:
    return cast(fsspec.AbstractFileSystem, current_app.extensions["files"])
