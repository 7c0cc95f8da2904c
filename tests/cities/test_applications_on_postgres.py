"""Applications on PostgreSQL, where two commands may really run at once."""

from __future__ import annotations

import contextvars
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from citynet.cities.models import Application, AppState, Category, Kind
from citynet.cities.service import applications, deciding
from citynet.cities.service.drafting import Admission
from citynet.kit import clock, db
from citynet.kit.errors import Conflict
from citynet.kit.letters import Draft
from tests import network
from tests.cities import applicants

NEWTOWN: dict[str, Any] = {"city": None, "kind": Kind.CITY, "name": "Newtown", "country": "FJ"}
LETTER = Draft("Decided", "Read it here: {link}")


@pytest.fixture
def app(on_postgres: Flask) -> Flask:
    """Return the small network on PostgreSQL, with a city more."""
    applicants.add_ambon()
    return on_postgres


def at_once(app: Flask, *runs: Callable[[], object]) -> list[object]:
    """Run at the same moment; return what each returned, or the conflict it met."""
    start = Barrier(len(runs))

    def run(one: Callable[[], object]) -> object:
        with app.app_context():
            start.wait()
            try:
                return one()
            except Conflict as error:
                return error

    with ThreadPoolExecutor(len(runs)) as pool:
        begun = [pool.submit(contextvars.Context().run, run, one) for one in runs]
        found = [one.result() for one in begun]
    db.session().rollback()
    return found


def test_of_those_that_confirm_at_once_one_is_first(app: Flask) -> None:
    """For a city of the table, whose row is held, and for one that has none."""
    for changes in (NEWTOWN, {}):
        secrets = [
            applicants.applied(app, email=f"{name}@ambon.example", **changes).rpartition("/")[2]
            for name in ("sari", "dewi", "budi")
        ]
        runs = [lambda one=one: applications.confirm(one) for one in secrets]
        assert all(isinstance(one, str) for one in at_once(app, *runs))
        name = changes.get("name", "Ambon")
        found = db.session().scalars(select(Application.state).where(Application.name == name))
        assert sorted(found) == [AppState.JOINED, AppState.JOINED, AppState.WAITING]


def test_of_those_who_decide_at_once_one_wins(app: Flask) -> None:
    """And one who withdraws meanwhile is one of them."""
    one, page = applicants.confirmed(app)
    applicants.confirmed(app, email="dewi@ambon.example")
    db.session().refresh(one)
    number, seen = one.id, one.version
    admission = Admission(
        reason="Complete", category=Category.FULL, until=date(clock.now().year + 1, 1, 1)
    )
    found = at_once(
        app,
        lambda: deciding.admit(network.actor("secretariat"), number, admission, LETTER, seen=seen),
        lambda: deciding.decline(network.actor("secretariat"), number, "No", LETTER, seen=seen),
        lambda: applications.withdraw(page.rpartition("/")[2]),
    )
    assert sum(isinstance(one, Conflict) for one in found) == 2
    states = [*db.session().scalars(select(Application.state).order_by(Application.id))]
    assert states[0] in (AppState.ADMITTED, AppState.DECLINED, AppState.WITHDRAWN)
    assert states[1] == (AppState.WAITING if states[0] == AppState.WITHDRAWN else AppState.JOINED)


def test_desk_reads_its_list_on_postgresql(app: Flask) -> None:
    """With every filter."""
    applicants.confirmed(app)
    applicants.confirmed(app, **NEWTOWN)
    admin = network.client_of(app, "secretariat")
    query = "q=o&state=open&country=FJ&chapter=-&since=2020-01-01&sort=-received"
    for one in ("", query, "sort=city", "chapter=chapter"):
        assert admin.get(f"/admin/applications?{one}").status_code == 200
    assert admin.get("/admin/applications/1").status_code == 200
    applications.forget_unconfirmed()
