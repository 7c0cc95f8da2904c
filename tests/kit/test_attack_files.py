"""A disk that is full: what cannot be stored is told at the form, and leaves nothing behind."""

from __future__ import annotations

import errno
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from fsspec.implementations.local import LocalFileSystem

from tests.cities import applicants
from tests.cities.applicants import letter, send, typed


def test_full_disk_keeps_what_was_typed(
    app: Flask, client: FlaskClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An applicant reads what to do, and the form still holds the words."""
    applicants.add_ambon()

    def write_half(_self: Any, path: str, value: bytes, **_options: Any) -> None:
        Path(path).write_bytes(value[: len(value) // 2])
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(LocalFileSystem, "pipe_file", write_half)
    answer = send(client, typed(note="Words that took long", file=letter()))
    assert answer.status_code == 422
    assert "Words that took long" in answer.text
    assert "could not save this just now" in answer.text
    assert not [path for path in (tmp_path / "instance" / "files").rglob("*") if path.is_file()]
