"""The audit log in words: at the desk, for a lead, for oneself; its filters, export and proof."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event

from citynet.accounts.service import people as accounts
from citynet.cities import queries as cities
from citynet.cities import service as memberships
from citynet.cities.models import Chapter, ChapterPerson, Role, Standing
from citynet.cities.service import invitations
from citynet.kit import audit, clock, db
from tests import network

TODAY = clock.now().date()
PAGES = ["/admin/audit", "/city/actions", "/account/actions"]


@pytest.fixture
def admin(app: Flask) -> FlaskClient:
    """Return the secretariat's browser."""
    return network.client_of(app, "secretariat")


@pytest.fixture
def chapter(app: Flask) -> FlaskClient:
    """Return the browser of the secretariat of a chapter of Sidoarjo."""
    with db.atomic():
        one = Chapter(slug="indonesia", name="CityNet Indonesia", country="ID")
        db.session().add(one)
        db.session().flush()
        person_id = network.actor("nobody's").person_id
        db.session().add(ChapterPerson(chapter_id=one.id, person_id=person_id))
        cities.get_city("kabupaten-sidoarjo").chapter_id = one.id
    return network.client_of(app, "nobody's")


@db.transaction
def note(action: str, role: str = "official", *, city: str = "", **more: Any) -> None:
    """Write an act of somebody into the log."""
    audit.record(
        network.actor(role).person_id, action, subject=more.pop("subject", ("effect", 1)),
        city_id=cities.get_city(city).id if city else None, **more,
    )  # fmt: skip


def suspend(slug: str, reason: str) -> None:
    """Suspend a city."""
    memberships.change_standing(
        network.actor("secretariat"), cities.get_city(slug), Standing.SUSPENDED, reason=reason
    )


def rows(client: FlaskClient, path: str, query: str = "") -> list[dict[str, str]]:
    """Return the lines of an export."""
    answer = client.get(f"{path}?form=csv&{query}", buffered=True)
    assert answer.status_code == 200
    text = answer.get_data(as_text=True).removeprefix("\ufeff")
    return list(csv.DictReader(io.StringIO(text)))


@contextmanager
def counted() -> Iterator[list[str]]:
    """Collect the statements that the database is sent."""
    found: list[str] = []

    def add(_c: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        found.append(statement)

    event.listen(db.db.engine, "before_cursor_execute", add)
    yield found
    event.remove(db.db.engine, "before_cursor_execute", add)


def test_act_is_told_in_words_with_before_and_after(admin: FlaskClient) -> None:
    """Who, what, on whom with a link, when, from where."""
    lead = network.actor("lead").person
    assert lead
    accounts.rename(lead, "Siti")
    note("topic.changed", before={"name_en": "Waste"}, after={"name_en": "Rubbish"})
    suspend("seoul", "No fee")
    page = admin.get("/admin/audit").text
    assert "Suspended a membership" in page
    assert '<a href="/admin/memberships/seoul">Membership: Seoul</a>' in page
    assert "<dt>Standing</dt><dd>Member" in page
    assert "<dt>Reason</dt><dd>No fee</dd>" in page
    assert "<dt>Name in English</dt><dd>Waste" in page
    assert '<a href="/admin/people/' in page
    assert "{" not in page[page.index("<tbody>") : page.index("</tbody>")]


def test_fields_that_hold_days_are_told_as_days_and_no_others(admin: FlaskClient) -> None:
    """The last of a month, too; a year has no separator, and a title keeps what it is."""
    note("membership.term", before={"until": None}, after={"until": "2026-11-30"})
    note("city.corrected", before={"population_year": 2025}, after={"population_year": 2026})
    note("topic.changed", before={"name_en": "2026-02-30"}, after={"name_en": "2026-02-28"})
    page = admin.get("/admin/audit").text
    for words in ("30 November 2026", "Year of the count", "2026-02-30", "2026-02-28"):
        assert words in page, words
    assert "2,026" not in page


def test_log_says_who_was_invited_and_who_became_an_admin(admin: FlaskClient) -> None:
    """By name, as long as the invitation is kept."""
    actor = network.actor("secretariat")
    invitations.invite_by_mail(
        actor, cities.get_city("seoul"), email="new@seoul.example", name="Min Seo",
        role=Role.OFFICIAL, language="en",
    )  # fmt: skip
    accounts.create_person(
        None, "boss@net.example", name="Boss", password=network.PASSWORD, is_secretariat=True
    )
    page = admin.get("/admin/audit").text
    assert "Invitation: Min Seo" in page
    assert "<dt>Belongs to the secretariat</dt><dd>–" in page


def test_log_is_written_in_the_readers_language(admin: FlaskClient) -> None:
    """The page answers in Indonesian, whatever language it was in when something was done."""
    suspend("seoul", "No fee")
    answer = admin.get("/admin/audit", headers={"Accept-Language": "id"})
    assert '<html lang="id">' in answer.text


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("who=official@sido", {"Published a practice", "Signed in"}),
        ("who=SIDOARJO+OFF", {"Published a practice", "Signed in"}),
        ("action=practice", {"Published a practice"}),
        ("action=practice.published", {"Published a practice"}),
        ("action=topic.moved", set()),
        ("city=doarjo&action=practice", {"Published a practice"}),
        ("city=seoul&action=practice", set()),
        ("kind=effect&subject=My+title", {"Published a practice"}),
        (f"since={TODAY + timedelta(days=1)}", set()),
        (f"until={TODAY - timedelta(days=1)}", set()),
        (f"since={TODAY}&until={TODAY}&action=practice", {"Published a practice"}),
        ("who=%25&action=practice", set()),
        ("subject=%22title%22%25", set()),
    ],
)
def test_log_is_filtered(app: Flask, admin: FlaskClient, query: str, expected: set[str]) -> None:
    """By person, action, city, subject and days; the export holds the same."""
    network.client_of(app, "official")
    note("practice.published", city="kabupaten-sidoarjo", details={"title": "My title"})
    found = {row["What"] for row in rows(admin, "/admin/audit", query)}
    assert found == expected


def test_export_holds_place_and_hash(admin: FlaskClient) -> None:
    """With which the chain can be compared."""
    note("practice.published", details={"title": "=1+1"})
    newest = audit.entries(audit.Filter(action="practice.published")).items[0]
    row = rows(admin, "/admin/audit", "action=practice")[0]
    assert (row["Number"], row["Hash"]) == (str(newest.position), newest.hash)
    assert row["On whom"].startswith("Background work")
    assert "Title: =1+1" in row["Before and after"]


def test_chapter_reads_its_cities_part_only(chapter: FlaskClient) -> None:
    """On the page and in the export, whatever is filtered."""
    note("practice.published", city="kabupaten-sidoarjo", details={"title": "Own"})
    note("practice.published", "rival", city="seoul", details={"title": "Foreign"})
    note("effect.rerun", "secretariat", details={"title": "Foreign"})
    for query in ("", "city=seoul", "who=seoul", "subject=Foreign"):
        assert "<dd>Foreign</dd>" not in chapter.get(f"/admin/audit?{query}").text
        assert not [row for row in rows(chapter, "/admin/audit", query)
                    if "Foreign" in row["Before and after"]]  # fmt: skip
    assert rows(chapter, "/admin/audit", "subject=Own")
    assert "The chain:" not in chapter.get("/admin/audit").text
    assert network.post(chapter, "/admin/audit/verify").status_code == 403


def test_lead_reads_what_was_done_in_the_city(app: Flask) -> None:
    """Own officials by name, the secretariat as such, without its reasons and addresses."""
    note("practice.submitted", city="kabupaten-sidoarjo", details={"title": "Ours"})
    note("practice.published", "rival", city="seoul", details={"title": "Theirs"})
    suspend("kabupaten-sidoarjo", "Unpaid")
    memberships.change_standing(
        network.actor("secretariat"), cities.get_city("kabupaten-sidoarjo"), Standing.ACTIVE,
        reason="Paid",
    )  # fmt: skip
    page = network.client_of(app, "lead").get("/city/actions").text
    assert "Ours" in page
    assert "sidoarjo official" in page
    assert "The secretariat" in page
    assert not {word for word in ("Theirs", "Unpaid", "Ada", "127.0.0.1") if word in page}


@pytest.mark.parametrize("query", ["who=Ada", "who=admin@citynet", "sort=who", "sort=address"])
def test_lead_finds_no_secretariats_name_by_filtering(app: Flask, query: str) -> None:
    """What is not shown is not found either."""
    suspend("seoul", "x")
    found = rows(network.client_of(app, "official"), "/account/actions", query)
    assert "Ada" not in str(found)
    lead = network.client_of(app, "lead")
    found = rows(lead, "/city/actions", query)
    assert not found or query.startswith("sort")
    assert "Ada" not in str(found)


@pytest.mark.parametrize(
    ("role", "status"),
    [("visitor", 302), ("official", 403), ("lead", 200), ("suspended", 403), ("pending", 403),
     ("nobody's", 403), ("secretariat", 403)],
)  # fmt: skip
def test_log_of_a_city_is_its_leads(app: Flask, role: str, status: int) -> None:
    """Others act for it or look after it; the desk has its own page."""
    assert network.client_of(app, role).get("/city/actions").status_code == status


@pytest.mark.parametrize("role", ["official", "suspended", "pending", "nobody's", "secretariat"])
def test_everybody_reads_their_own_acts(app: Flask, role: str) -> None:
    """And nobody else's; with the address it was done from."""
    note("practice.published", "rival", details={"title": "Theirs"})
    note("practice.published", role, details={"title": "Mine"})
    page = network.client_of(app, role).get("/account/actions").text
    assert "Mine" in page
    assert "Signed in" in page
    assert "127.0.0.1" in page
    assert "Theirs" not in page


def test_own_acts_have_no_filters_to_keep(app: Flask) -> None:
    """They are kept at the desk only."""
    page = network.client_of(app, "official").get("/account/actions?action=session").text
    assert "Save these filters" not in page


@pytest.mark.parametrize("role", ["visitor", "official", "lead", "suspended", "pending"])
def test_whole_log_is_for_secretariats(app: Flask, role: str) -> None:
    """Also its proof."""
    client = network.client_of(app, role)
    assert client.get("/admin/audit").status_code == (302 if role == "visitor" else 403)
    status = network.post(client, "/admin/audit/verify").status_code
    assert status == (401 if role == "visitor" else 403)


def test_chain_is_shown_and_verified(admin: FlaskClient) -> None:
    """With its head, and the command that proves it on the server."""
    page = admin.get("/admin/audit").text
    assert "flask --app wsgi audit verify" in page
    network.post(admin, "/admin/audit/verify")
    page = admin.get("/admin/audit").text
    assert "entries hold. The head is" in page


def test_number_of_queries_does_not_grow_with_the_entries(admin: FlaskClient) -> None:
    """With 3 entries more as with 60 more, whoever they are about."""
    numbers = []
    for count in (3, 57):
        for number in range(count):
            note("official.appointed", ("lead", "official", "rival")[number % 3], city="seoul",
                 subject=("person", number % 5 + 1), after={"city": number % 3 + 1})  # fmt: skip
        with counted() as found:
            admin.get("/admin/audit")
        numbers.append(len(found))
    assert numbers[0] == numbers[1] <= 14


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize(
    "query", ["since=9999-12-31", "until=9999-12-31", "until=0001-01-01", "page=999", "sort=hash"]
)
def test_nonsense_is_left_out(app: Flask, path: str, query: str) -> None:
    """The page comes up as if it had not been asked."""
    role = "lead" if path == "/city/actions" else "secretariat"
    note("practice.saved", role, city="kabupaten-sidoarjo")
    answer = network.client_of(app, role).get(f"{path}?{query}")
    assert answer.status_code == 200
    assert "<tbody>" in answer.text


def test_blanked_entry_says_so(admin: FlaskClient) -> None:
    """Where a person was erased."""
    person = network.actor("official").person_id or 0
    note("person.renamed", subject=("person", person), before={"name": "Old name"}, after={})
    audit.redact(subject=("person", person))
    page = admin.get("/admin/audit?action=person.renamed").text
    assert "Blanked when a person was erased." in page
    assert "Old name" not in page
