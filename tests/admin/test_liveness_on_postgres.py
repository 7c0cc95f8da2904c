"""The list of what still runs, restoring with files and the letters of a review on PostgreSQL."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask

from citynet.kit import clock, effects
from citynet.practices import service
from citynet.practices.queries.liveness import Life
from citynet.practices.service import files
from tests import network
from tests.admin.test_liveness import one_of_each, titles
from tests.network import actor, client_of
from tests.practices.file_rows import picture
from tests.practices.reviewing import mails, seen


@pytest.fixture
def app(on_postgres: Flask) -> Flask:
    """Return the small network on PostgreSQL."""
    return on_postgres


def test_list_is_the_same_on_postgresql(app: Flask) -> None:
    """Filters, orders and pages."""
    one_of_each()
    with clock.moved(timedelta(days=366 + 61)):
        admin = client_of(app, "secretariat")
        for state in (Life.UNANSWERED, Life.STOPPED, Life.CHANGED, Life.CONFIRMED):
            assert titles(admin, f"state={state}") == [state]
        for query in ("sort=practice", "sort=-city", "sort=-confirmed", "before=2999-01-01"):
            assert admin.get(f"/admin/liveness?{query}").status_code == 200
        assert "Nobody has answered" in client_of(app, "official").get("/work").text


def test_files_come_back_and_letters_go_out_on_postgresql(app: Flask) -> None:
    """As on SQLite."""
    practice, author = network.write(), actor("official")
    kept = files.add(author, practice, picture(), "a.jpg", alt="A")
    service.submit(author, practice)
    service.send_back(actor("lead"), practice, comment="Shorter.")
    files.remove(author, practice, kept.key)
    restored = service.restore(author, practice, 1, base=seen(practice))
    assert (restored.lost, restored.revision.number) == ([], 3)
    effects.run_due()
    assert [mail.subject for mail in mails(app)] == [
        "Please change “Business permits in one visit”"
    ]
