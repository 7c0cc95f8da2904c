"""The secretariat's desk: applications, memberships, reviews and background work."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from citynet.cities import queries as cities
from citynet.cities.models import City, Kind
from citynet.kit import audit, db, effects
from tests import network

PAGES = [
    "/admin/", "/admin/memberships", "/admin/memberships/pending",
    "/admin/memberships/pending/active", "/admin/reviews",
    "/admin/effects",
]  # fmt: skip


@pytest.fixture
def admin(app: Flask) -> FlaskClient:
    """Return the secretariat's browser; Kota Ambon is in the table and no member."""
    db.session().add(
        City(slug="kota-ambon", code="81.71", name="Ambon", kind=Kind.KOTA, country="ID",
             province="Maluku", population=359661, latitude=-3.7, longitude=128.2)
    )  # fmt: skip
    db.session().commit()
    return network.client_of(app, "secretariat")


def standing_of(slug: str) -> str | None:
    """Return where a city's membership stands."""
    found = cities.membership_of(cities.get_city(slug).id)
    return found.standing if found else None


def audited(action: str) -> int:
    """Return how often an act stands in the audit log."""
    wanted = select(func.count()).where(audit.Entry.action == action)
    return db.session().scalar(wanted) or 0


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("role", ["visitor", "lead", "pending", "suspended"])
def test_desk_is_the_secretariats_only(
    app: Flask, admin: FlaskClient, role: str, path: str
) -> None:
    """A visitor is asked to sign in."""
    answer = network.client_of(app, role).get(path)
    assert answer.status_code == (302 if role == "visitor" else 403)


@pytest.mark.parametrize("path", PAGES)
def test_secretariat_opens_each_page_of_the_desk(admin: FlaskClient, path: str) -> None:
    """Each has one main heading."""
    answer = admin.get(path)
    assert answer.status_code == 200
    assert answer.text.count("<h1") == 1


def test_reviews_part_the_ready_from_those_with_their_lead(admin: FlaskClient) -> None:
    """Signed-off ones first."""
    assert "Nothing waits for you" in admin.get("/admin/reviews").text
    network.write_to("submitted", title="Early text")
    network.write_to("signed_off", title="Ready text")
    network.write(title="A draft")
    page = admin.get("/admin/reviews").text
    assert page.index("Ready text") < page.index('id="leads"') < page.index("Early text")
    assert "A draft" not in page


def test_failed_work_is_listed_with_its_error_and_run_again(admin: FlaskClient) -> None:
    """The step is audited."""
    row = effects.Effect(
        kind="practice.index", payload='{"practice_id": "1"}', state=effects.State.DEAD,
        attempts=8, last_error="OSError: no space left",
    )  # fmt: skip
    db.session().add(row)
    db.session().commit()
    page = admin.get("/admin/effects?state=dead").text
    assert "OSError: no space left" in page
    assert "Bring search up to date" in page
    again = network.post(admin, f"/admin/effects/{row.id}/rerun", follow_redirects=True)
    assert "It will be tried again at once." in again.text
    assert "Nothing has failed" in admin.get("/admin/effects?state=dead").text
    assert "Next try:" in admin.get("/admin/effects?state=waiting").text
    assert audited("effect.rerun") == 1


def test_unknown_work_cannot_be_run_again(admin: FlaskClient) -> None:
    """And an empty list says so."""
    assert network.post(admin, "/admin/effects/99/rerun").status_code == 404
    assert "Nothing yet" in admin.get("/admin/effects").text
    assert "Nothing waits" in admin.get("/admin/effects?state=waiting").text
