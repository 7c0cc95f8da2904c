"""Files, stored once by the hash of their content under one folder or bucket.

fsspec's `dir` file system keeps every name inside the folder and refuses `../`.
"""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Callable
from pathlib import Path
from typing import cast

import fsspec
from flask import Flask, current_app

from citynet.kit.errors import Invalid, NotFound
from citynet.kit.i18n import _
from config import Config

# Each tells whether rows of its own refer to a stored name.
Keeper = Callable[[str], bool]
_keepers: list[Keeper] = []


def keeper(function: Keeper) -> Keeper:
    """Register what tells whether a slice refers to a name: the same content is stored once."""
    _keepers.append(function)
    return function


def init_app(app: Flask, instance: Path) -> None:
    """Open the store in the instance folder."""
    folder = instance / "files"
    folder.mkdir(parents=True, exist_ok=True)
    app.extensions["files"] = fsspec.filesystem("dir", path=str(folder), target_protocol="file")


def put(content: bytes) -> str:
    """Store a content and return its name, the SHA-256 in hexadecimal; the same content once.

    Raises:
        Invalid: by the field `file`: the disk takes nothing now.
    """
    name = name_of(content)
    store = _store()
    if not store.exists(_place(name)):
        # A name of its own: two may store the same content at the same moment.
        part = f"{name[:2]}/{name}.{secrets.token_hex(8)}.part"
        try:
            store.makedirs(name[:2], exist_ok=True)
            store.pipe_file(part, content)
            store.mv(part, _place(name))
        except OSError as error:
            # What a full disk took of it would lie there for good.
            if store.exists(part):
                store.rm_file(part)
            raise Invalid(
                {
                    "file": _(
                        "The network could not save this just now. Your text is still "
                        "here: wait a moment, then send it again."
                    )
                }
            ) from error
    return name


def name_of(content: bytes) -> str:
    """Return the name under which a content is stored."""
    return hashlib.sha256(content).hexdigest()


def quota_bytes() -> int:
    """Return how much one city may keep: the setting CITY_QUOTA_MB."""
    config: Config = current_app.config["CITYNET"]
    return config.city_quota_mb * 1_000_000


def get(name: str) -> bytes:
    """Return the stored content.

    Raises:
        NotFound: no such file, or a name that is no hash.
    """
    if not has(name):
        raise NotFound
    return cast(bytes, _store().cat_file(_place(name)))


def has(name: str) -> bool:
    """Tell whether a content is stored under this name."""
    return re.fullmatch(r"[0-9a-f]{64}", name) is not None and _store().exists(_place(name))


def remove(name: str) -> None:
    """Delete a stored content, if it is there and nobody refers to it."""
    if not re.fullmatch(r"[0-9a-f]{64}", name) or any(refers(name) for refers in _keepers):
        return
    if _store().exists(_place(name)):
        _store().rm_file(_place(name))


def _place(name: str) -> str:
    return f"{name[:2]}/{name}"


def _store() -> fsspec.AbstractFileSystem:
    return cast(fsspec.AbstractFileSystem, current_app.extensions["files"])
