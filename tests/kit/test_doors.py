"""Doors: no view without a policy."""

from __future__ import annotations

import pytest
from flask import Flask

from citynet.kit import doors
from citynet.practices import policy as practice_policy


def test_application_with_an_unmarked_view_does_not_start() -> None:
    """The refusal names every one of them."""
    app = Flask("doors")

    @app.get("/open")
    @doors.anyone
    def marked() -> str:
        return ""

    app.add_url_rule("/a", "first", lambda: "")
    app.add_url_rule("/b", "second", lambda: "")
    app.add_url_rule("/c", "mistyped", doors.policy("can_eddit")(lambda: ""))
    with pytest.raises(RuntimeError, match="first, mistyped, second") as refused:
        doors.check(app, practice_policy)
    assert "marked" not in str(refused.value)


def test_application_whose_views_are_marked_starts() -> None:
    """Static files need no mark: they are the same for all."""
    app = Flask("doors")
    app.add_url_rule("/a", "a", doors.signed_in(lambda: ""))
    app.add_url_rule("/b", "b", doors.policy("can_edit")(lambda: ""))
    doors.check(app, practice_policy)
    names = {getattr(view, "policy_name", None) for view in app.view_functions.values()}
    assert names == {"signed_in", "can_edit", None}


def test_network_names_a_policy_for_each_view(app: Flask) -> None:
    """The real application, whose start checks it."""
    names = {getattr(view, "policy_name", None) for view in app.view_functions.values()}
    assert {"can_edit", "can_use_desk", "anyone"} < names
