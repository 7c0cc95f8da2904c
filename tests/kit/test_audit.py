"""The audit log: a row with what it records, in the same transaction."""

from __future__ import annotations

import json

import pytest
from flask import Flask
from sqlalchemy import select

from citynet.kit import audit, db
from citynet.kit.audit import Entry


@db.transaction
def act(*, fail: bool = False) -> None:
    """Record an act, and fail where asked."""
    audit.record(
        3,
        "tree.planted",
        subject=("tree", 9),
        city_id=4,
        details={"name": "Beringin 🌳", "n": None},
    )
    if fail:
        raise ValueError


def planted() -> list[Entry]:
    """Return the entries of this test."""
    return list(db.session().scalars(select(Entry).where(Entry.action == "tree.planted")))


def test_entry_tells_who_did_what_to_what(app: Flask) -> None:
    """Actor, act, subject, city and details; outside a request no address."""
    act()
    (entry,) = planted()
    assert (entry.actor_id, entry.subject_kind, entry.subject_id, entry.city_id) == (
        3,
        "tree",
        9,
        4,
    )
    assert json.loads(entry.details) == {"name": "Beringin 🌳", "n": None}
    assert (entry.address, entry.request_id) == ("", "")


def test_entry_tells_from_where_and_in_which_request(app: Flask) -> None:
    """The address and the request's id tie it to the logs."""
    with app.test_request_context(
        headers={"X-Request-Id": "abcdefgh-1"}, environ_base={"REMOTE_ADDR": "203.0.113.9"}
    ):
        app.preprocess_request()
        act()
    (entry,) = planted()
    assert (entry.address, entry.request_id) == ("203.0.113.9", "abcdefgh-1")


def test_failed_command_leaves_no_entry(app: Flask) -> None:
    """The log holds what happened, not what was tried."""
    with pytest.raises(ValueError):  # noqa: PT011 - it has no words
        act(fail=True)
    assert planted() == []
