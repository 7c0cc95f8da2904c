"""The secretariat's desk: applications, memberships, reviews and background work."""

from __future__ import annotations

import contextvars
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from citynet.cities import queries as cities
from citynet.cities.models import City, Kind, Standing
from citynet.kit import audit, db, effects
from tests import network

PAGES = [
    "/admin/", "/admin/memberships", "/admin/memberships/new", "/admin/memberships/new/kota-ambon",
    "/admin/memberships/pending", "/admin/memberships/pending/active", "/admin/reviews",
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


def test_desk_counts_what_waits(admin: FlaskClient) -> None:
    """Applications and signed-off practices; a submitted one waits for its lead."""
    network.write_to("signed_off")
    network.write_to("submitted", title="Early")
    page = admin.get("/admin/").text
    waits = page[page.index('id="waits"') : page.index('id="network"')]
    assert waits.count('cn-tile__count">1<') == 2
    assert waits.count('cn-tile__count">0<') == 1


def test_desk_says_when_nothing_waits(admin: FlaskClient) -> None:
    """In words, not by an empty page."""
    network.post(admin, "/admin/memberships/pending/ended", {"reason": "Withdrawn"})
    assert "Nothing waits." in admin.get("/admin/").text


def test_memberships_show_applications_first_with_their_steps(admin: FlaskClient) -> None:
    """Each step leads to the page that asks for the reason."""
    page = admin.get("/admin/memberships").text
    assert page.index("Pendingtown") < page.index("Kabupaten Sidoarjo")
    assert 'href="/admin/memberships/pending/active"' in page
    assert 'href="/admin/memberships/seoul/suspended"' in page
    assert 'href="/admin/memberships/seoul/active"' not in page


def test_memberships_are_filtered_and_searched(admin: FlaskClient) -> None:
    """By standing, and by part of the name."""
    suspended = admin.get("/admin/memberships?standing=suspended").text
    assert "Suspendedtown" in suspended
    assert "Pendingtown" not in suspended
    found = admin.get("/admin/memberships?q=sido").text
    assert "Kabupaten Sidoarjo" in found
    assert "Suspendedtown" not in found
    assert "No membership fits" in admin.get("/admin/memberships?standing=lapsed").text
    assert "Pendingtown" in admin.get("/admin/memberships?standing=nonsense").text


@pytest.mark.parametrize("text", ["amb", "Kota Ambon", "AMBON"])
def test_city_is_found_in_the_table_by_its_name(admin: FlaskClient, text: str) -> None:
    """With where it lies, and the way to go on."""
    page = admin.get("/admin/memberships/new", query_string={"q": text}).text
    assert "Maluku, Indonesia" in page
    assert 'href="/admin/memberships/new/kota-ambon"' in page


def test_found_city_with_a_membership_leads_to_it(admin: FlaskClient) -> None:
    """It cannot be registered twice from here."""
    page = admin.get("/admin/memberships/new?q=seoul").text
    assert 'href="/admin/memberships/seoul"' in page
    assert 'href="/admin/memberships/new/seoul"' not in page
    assert admin.get("/admin/memberships/new/seoul").headers["Location"].endswith("/seoul")


def test_search_without_a_find_says_what_the_table_holds(admin: FlaskClient) -> None:
    """An empty box says nothing yet."""
    assert "No city of this name" in admin.get("/admin/memberships/new?q=atlantis").text
    assert "No city of this name" not in admin.get("/admin/memberships/new?q=+").text


def test_secretariat_registers_and_admits_a_new_city(
    admin: FlaskClient, client: FlaskClient
) -> None:
    """Two steps, two audit rows, and the city stands in the public list."""
    path = "/admin/memberships/new/kota-ambon"
    page = network.post(admin, path, {"reason": "Letter 12/2026"}, follow_redirects=True).text
    assert "The application of Kota Ambon is registered." in page
    assert "Letter 12/2026" in page
    assert audited("membership.applied") == 5
    assert "Kota Ambon" not in client.get("/cities/").text
    path, data = "/admin/memberships/kota-ambon/active", {"reason": "Complete", "seen": "applied"}
    page = network.post(admin, path, data, follow_redirects=True).text
    assert "Kota Ambon is an active member now." in page
    assert standing_of("kota-ambon") == Standing.ACTIVE
    assert audited("membership.active") == 4
    assert "Kota Ambon" in client.get("/cities/").text


def test_second_application_shows_the_first(admin: FlaskClient) -> None:
    """Nothing is written twice, and the note is not lost."""
    path = "/admin/memberships/new/pending"
    answer = network.post(admin, path, {"reason": "Their second letter"})
    assert answer.status_code == 409
    assert "This city has a membership already." in answer.text
    assert "Membership of Pendingtown" in answer.text
    assert "Their second letter" in answer.text


def test_note_that_is_too_long_is_kept_in_the_form(admin: FlaskClient) -> None:
    """The sentence says how much fits."""
    note = "n" * 1001
    answer = network.post(admin, "/admin/memberships/new/kota-ambon", {"reason": note})
    assert answer.status_code == 422
    assert note in answer.text
    assert "Write at most 1,000 characters." in answer.text
    assert standing_of("kota-ambon") is None


@pytest.mark.parametrize("path", ["new/atlantis", "atlantis/active", "kota-ambon/active"])
def test_unknown_city_or_membership_is_not_found(admin: FlaskClient, path: str) -> None:
    """Reading and writing alike."""
    path = f"/admin/memberships/{path}"
    assert admin.get(path).status_code == 404
    assert network.post(admin, path, {"reason": "x"}).status_code == 404


def test_confirm_page_says_what_will_change(admin: FlaskClient) -> None:
    """Rights end at once, public practices stay."""
    page = admin.get("/admin/memberships/seoul/suspended").text
    assert "lose their rights at once" in page
    assert "2 officials" in page
    assert "Public practices of the city stay readable." in page


@pytest.mark.parametrize("reason", ["", "   ", "r" * 1001])
def test_change_without_a_fitting_reason_keeps_what_was_typed(
    admin: FlaskClient, reason: str
) -> None:
    """The field is named and nothing changes."""
    answer = network.post(admin, "/admin/memberships/seoul/suspended", {"reason": reason})
    assert answer.status_code == 422
    assert "Write the reason, up to 1,000 characters." in answer.text
    assert f">{reason}</textarea>" in answer.text
    assert standing_of("seoul") == Standing.ACTIVE


def test_suspension_takes_rights_at_once_and_leaves_practices_readable(
    app: Flask, admin: FlaskClient, client: FlaskClient
) -> None:
    """The official's very next request is refused."""
    practice = network.write_to("published", "rival")
    official = network.client_of(app, "rival")
    assert official.get("/practices/new").status_code == 200
    data = {"reason": "No lead since May", "seen": "active"}
    network.post(admin, "/admin/memberships/seoul/suspended", data)
    assert official.get("/practices/new").status_code == 403
    assert client.get(f"/practices/{practice.slug}").status_code == 200
    entry = db.session().scalars(select(audit.Entry).order_by(audit.Entry.id.desc())).first()
    assert entry is not None
    assert entry.action == "membership.suspended"
    assert "No lead since May" in entry.details


def test_who_decides_second_is_shown_what_happened(app: Flask, admin: FlaskClient) -> None:
    """With the history, and what they had typed."""
    data = {"reason": "Complete", "seen": "applied"}
    assert network.post(admin, "/admin/memberships/pending/active", data).status_code == 302
    data = {"reason": "Incomplete", "seen": "applied"}
    answer = network.post(admin, "/admin/memberships/pending/ended", data)
    assert answer.status_code == 409
    assert "Somebody decided before you." in answer.text
    assert "Complete" in answer.text
    assert "Incomplete" in answer.text
    assert standing_of("pending") == Standing.ACTIVE


def test_of_two_who_decide_at_the_same_moment_one_wins(app: Flask, admin: FlaskClient) -> None:
    """The other gets the conflict, and one change is written."""
    clients = [admin, network.client_of(app, "secretariat")]
    tokens = [network.csrf_of(client.get("/about").text) for client in clients]
    start = Barrier(2)

    def decide(number: int) -> int:
        data = {"reason": f"By {number}", "seen": "applied", "csrf_token": tokens[number]}
        after = ("active", "ended")[number]
        start.wait()
        answer = clients[number].post(f"/admin/memberships/pending/{after}", data=data)
        return int(answer.status_code)

    with ThreadPoolExecutor(2) as pool:
        runs = [pool.submit(contextvars.Context().run, decide, number) for number in (0, 1)]
        assert sorted(run.result() for run in runs) == [302, 409]
    membership = cities.membership_of(cities.get_city("pending").id)
    assert membership is not None
    assert len(cities.history(membership)) == 2


def test_case_shows_history_officials_and_practices(admin: FlaskClient) -> None:
    """Everything a decision needs."""
    network.write_to("published")
    page = admin.get("/admin/memberships/kabupaten-sidoarjo").text
    for words in ("lead@sidoarjo.example", "Active member", "Ada", "Business permits in one visit"):
        assert words in page
    assert "Nobody acts for this city yet" not in page


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
