"""The desk of applications: the queue, one case, and its decisions with their letters."""

from __future__ import annotations

import contextvars
import io
import re
from concurrent.futures import ThreadPoolExecutor
from html import unescape
from threading import Barrier
from typing import Any

import openpyxl
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, func, select

from citynet.cities import queries as cities
from citynet.cities import service as memberships
from citynet.cities.models import (
    Application,
    ApplicationMessage,
    AppState,
    Chapter,
    City,
    Invitation,
    Kind,
    Seat,
    Standing,
)
from citynet.cities.service import applications
from citynet.kit import audit, db
from citynet.kit.uploads import Upload
from tests import network
from tests.cities import applicants

NEWTOWN: dict[str, Any] = {"name": "Newtown", "country": "FJ", "province": "Western"}


@pytest.fixture
def admin(app: Flask) -> FlaskClient:
    """Return the secretariat's browser; Kota Ambon is in the table and never asked to join."""
    applicants.add_ambon()
    return network.client_of(app, "secretariat")


def fresh(application: Application) -> Application:
    """Return the application as the database has it."""
    db.session().rollback()
    return db.session().get_one(Application, application.id)


def standing(slug: str = "kota-ambon") -> str | None:
    """Return where a membership stands."""
    found = cities.membership_of(cities.get_city(slug).id)
    return found.standing if found else None


def step(one: Application, **changes: Any) -> dict[str, Any]:
    """Return what the page of a step posts."""
    return {
        "seen": str(one.version), "reason": "Complete", "question": "Who signs?",
        "category": "full", "until": "2999-12-31", "match": "new", "latitude": "-17.6",
        "longitude": "177.5", **changes,
    }  # fmt: skip


def letter_of(client: FlaskClient, name: str, one: Application, **changes: Any) -> dict[str, Any]:
    """Go to the letter of a step, and return what its page posts."""
    data = step(one, **{"until": "", **changes})
    answer = network.post(client, f"/admin/applications/{one.id}/{name}/letter", data)
    assert answer.status_code == 200, answer.text
    page = unescape(answer.text)
    kept = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', page))
    subject = re.search(r'id="subject" name="subject"[^>]*value="([^"]*)"', page)
    text = re.search(r'id="text" name="text"[^>]*>(.*?)</textarea>', page, re.DOTALL)
    assert subject
    assert text
    for name in ("csrf_token", "next"):
        kept.pop(name, None)
    return {**kept, "subject": subject.group(1), "text": text.group(1)}


def take(client: FlaskClient, name: str, one: Application, **changes: Any) -> Any:
    """Take a step with its letter as it stands."""
    data = {**letter_of(client, name, one, **changes)}
    return network.post(client, f"/admin/applications/{one.id}/{name}", data)


PATHS = ("", "/admit", "/ask", "/decline", "/files/1")


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("role", [role for role in network.ROLES if role != "secretariat"])
def test_desk_is_for_whoever_looks_after_the_city(
    app: Flask, admin: FlaskClient, role: str, path: str
) -> None:
    """To a chapter another's application does not exist."""
    one, _page = applicants.confirmed(app)
    client = network.client_of(app, role)
    expected = {"visitor": 302, "chapter": 404}.get(role, 403)
    assert client.get(f"/admin/applications/{one.id}{path}").status_code == expected
    for name in ("admit", "ask", "decline"):
        for last in ("", "/letter"):
            answer = network.post(client, f"/admin/applications/{one.id}/{name}{last}", step(one))
            assert answer.status_code == {"visitor": 401}.get(role, expected)
    assert fresh(one).state == AppState.WAITING


@pytest.mark.parametrize("path", ["/join/register", "/join/register?city=kota-ambon"])
@pytest.mark.parametrize("role", list(network.ROLES))
def test_paper_applications_are_the_secretariats(
    app: Flask, admin: FlaskClient, role: str, path: str
) -> None:
    """A chapter's for its own cities."""
    is_own = role == "secretariat" or (role == "chapter" and "city" not in path)
    expected = 200 if is_own else {"visitor": 302}.get(role, 403)
    client = network.client_of(app, role)
    assert client.get(path).status_code == expected
    answer = network.post(client, "/join/register", applicants.typed())
    assert answer.status_code == {"secretariat": 302, "visitor": 401}.get(role, 403)


def test_queue_shows_what_waits_the_oldest_first(app: Flask, admin: FlaskClient) -> None:
    """Neither unconfirmed ones nor those that joined another."""
    applicants.confirmed(app, contact_name="First")
    applicants.confirmed(app, city="suspended", kind=Kind.CITY, contact_name="Second")
    applicants.confirmed(app, contact_name="Joined", email="dewi@ambon.example")
    applicants.applied(app, city=None, kind=Kind.CITY, contact_name="Unsure", **NEWTOWN)
    page = admin.get("/admin/applications").text
    assert page.index("Kota Ambon") < page.index("Suspendedtown")
    assert "1 more applied" in page
    assert "Newtown" not in page
    assert page.count('data-label="State"') == 2


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", {"Kota Ambon", "Newtown"}), ("state=open", {"Kota Ambon"}),
        ("state=waiting", {"Kota Ambon"}), ("state=declined", {"Newtown"}),
        ("state=nonsense", {"Kota Ambon", "Newtown"}), ("country=FJ", {"Newtown"}),
        ("q=maluku", {"Kota Ambon"}), ("q=dewi", {"Kota Ambon"}), ("q=%25", set()),
        ("chapter=chapter", {"Newtown"}), ("chapter=-", {"Kota Ambon"}),
        ("since=2999-01-01", set()),
    ],
)  # fmt: skip
def test_queue_is_filtered(app: Flask, admin: FlaskClient, query: str, found: set[str]) -> None:
    """By state, country, chapter, day and words, also of those that joined."""
    db.session().scalars(select(Chapter)).one().country = "FJ"
    db.session().commit()
    applicants.confirmed(app)
    applicants.confirmed(app, contact_name="Dewi", email="dewi@ambon.example")
    other, _page = applicants.confirmed(app, city=None, kind=Kind.CITY, **NEWTOWN)
    assert take(admin, "decline", other).status_code == 302
    page = admin.get(f"/admin/applications?{query}").text
    assert {name for name in ("Kota Ambon", "Newtown") if f">{name}</a>" in page} == found


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_export_neutralises_formulas(app: Flask, admin: FlaskClient, form: str) -> None:
    """A stranger may have typed one."""
    applicants.confirmed(app, contact_name="=1+1", office="+cmd|' C'!A0".replace("|", " "))
    answer = admin.get(f"/admin/applications?form={form}", buffered=True)
    if form == "csv":
        cells = answer.data.decode("utf-8-sig")
        assert re.search(r"[,;\"]=1\+1", cells) is None
        assert "=1+1" in cells
    else:
        sheet = openpyxl.load_workbook(io.BytesIO(answer.data)).active
        assert sheet is not None
        assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)


def test_case_shows_all_that_is_known(app: Flask, admin: FlaskClient) -> None:
    """What was corrected, who else applied, and who shares the mail domain."""
    kept = applications.keep(_upload())
    one, page = applicants.confirmed(
        app, email="new@sidoarjo.example", population=400_000, papers=[kept.id], note="Our note"
    )
    applicants.confirmed(app, contact_name="Dewi Lestari", email="dewi@ambon.example")
    other, _page = applicants.confirmed(
        app, city=None, kind=Kind.CITY, email="x@sidoarjo.example", **NEWTOWN
    )
    applications.add(page.rpartition("/")[2], "A late remark", [])
    shown = admin.get(f"/admin/applications/{one.id}").text
    for words in (
        "400,000", "359,661", "corrected", "Our note", "letter.pdf", "Dewi Lestari",
        "A late remark", "official@sidoarjo.example", "x@sidoarjo.example", "Applied to join",
    ):  # fmt: skip
        assert words in shown
    assert f'href="/admin/applications/{other.id}"' in shown
    answer = admin.get(f"/admin/applications/{one.id}/files/{kept.id}")
    assert answer.data == applicants.PDF
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert admin.get(f"/admin/applications/{other.id}/files/{kept.id}").status_code == 404


def test_domain_of_everybody_tells_nothing(app: Flask, admin: FlaskClient) -> None:
    """Two people of gmail.com have nothing in common."""
    one, _page = applicants.confirmed(app, email="sari@gmail.com")
    applicants.confirmed(app, city=None, kind=Kind.CITY, email="x@gmail.com", **NEWTOWN)
    shown = admin.get(f"/admin/applications/{one.id}").text
    assert "x@gmail.com" not in shown
    assert "it tells nothing" in shown


def test_earlier_applications_stand_beside(app: Flask, admin: FlaskClient) -> None:
    """With what became of them."""
    old, page = applicants.confirmed(app)
    applications.withdraw(page.rpartition("/")[2])
    one, _page = applicants.confirmed(app)
    shown = admin.get(f"/admin/applications/{one.id}").text
    assert f'href="/admin/applications/{old.id}"' in shown
    assert "Withdrawn" in shown


def test_joined_application_leads_to_the_first(app: Flask, admin: FlaskClient) -> None:
    """One page a case."""
    one, _page = applicants.confirmed(app)
    other, _last = applicants.confirmed(app, email="dewi@ambon.example")
    answer = admin.get(f"/admin/applications/{other.id}")
    assert answer.headers["Location"].endswith(f"/admin/applications/{one.id}")


@pytest.mark.parametrize("number", ["0", "999", "99999999999999999999", "x"])
def test_unknown_application_is_not_found(admin: FlaskClient, number: str) -> None:
    """Reading and deciding alike."""
    assert admin.get(f"/admin/applications/{number}").status_code == 404
    assert admin.get(f"/admin/applications/{number}/ask").status_code == 404
    answer = network.post(admin, f"/admin/applications/{number}/ask", {})
    assert answer.status_code in (404, 405)


def test_unconfirmed_application_is_not_on_the_desk(app: Flask, admin: FlaskClient) -> None:
    """Nor can it be decided."""
    applicants.applied(app)
    one = db.session().scalars(select(Application)).one()
    assert admin.get(f"/admin/applications/{one.id}").status_code == 404
    assert admin.get(f"/admin/applications/{one.id}/admit").status_code == 404
    assert "Nobody has applied yet" in admin.get("/admin/applications").text


def test_admission_makes_a_member_and_invites_its_lead(app: Flask, admin: FlaskClient) -> None:
    """One letter, with the link of the invitation; the city takes over what was corrected."""
    one, page = applicants.confirmed(app, population=400_000)
    answer = take(admin, "admit", one, takes_data="1", category="associate")
    assert answer.status_code == 302
    city = cities.get_city("kota-ambon")
    membership = cities.membership_of(city.id)
    assert membership is not None
    assert (membership.standing, membership.category) == ("active", "associate")
    assert membership.until_day is None
    assert city.population == 400_000
    invitation = db.session().scalars(select(Invitation)).one()
    assert (invitation.email, invitation.seat, invitation.city_id) == (
        "sari@ambon.example", Seat.LEAD, city.id,
    )  # fmt: skip
    mail = applicants.mails_to(app, "sari@ambon.example")[-1]
    assert "as associate member, without an end" in " ".join(mail.body.split())
    assert app.test_client().get(applicants.link_in(mail)).status_code == 200
    decided = fresh(one)
    assert (decided.state, decided.decided_by_id) == (
        AppState.ADMITTED, network.actor("secretariat").person_id,
    )  # fmt: skip
    shown = app.test_client().get(page).text
    assert "Kota Ambon is a member now" in shown
    assert "/invitations/" not in shown
    assert "{link}" not in shown


def test_letter_is_in_the_applicants_language_and_can_be_changed(
    app: Flask, admin: FlaskClient
) -> None:
    """What goes is what was seen."""
    one, _page = applicants.confirmed(app, language="id")
    data = letter_of(admin, "ask", one)
    data |= {"subject": "Pertanyaan\r\nBcc: all@world.example", "text": "Siapa?\n\n{link}"}
    network.post(admin, f"/admin/applications/{one.id}/ask", data)
    mail = applicants.mails_to(app, "sari@ambon.example")[-1]
    assert mail.subject == "Pertanyaan Bcc: all@world.example"
    assert mail.body.startswith("Siapa?")
    assert mail.extra_headers["Content-Language"] == "id"
    assert mail.to == ["Sari Wulandari <sari@ambon.example>"]


def test_question_is_answered_and_waits_again(app: Flask, admin: FlaskClient) -> None:
    """The applicant reads it on the private page the mail leads to."""
    one, page = applicants.confirmed(app)
    assert take(admin, "ask", one, question="Who signs for the city?").status_code == 302
    assert fresh(one).state == AppState.ASKED
    new = applicants.link_in(applicants.mails_to(app, "sari@ambon.example")[-1])
    client = app.test_client()
    for path in (page, new):
        shown = client.get(path).text
        assert "The secretariat asks for more" in shown
        assert "Who signs for the city?" in shown
    network.post(client, f"{new}/add", {"text": "The mayor."})
    assert fresh(one).state == AppState.WAITING
    assert "The mayor." in admin.get(f"/admin/applications/{one.id}").text


def test_decline_tells_the_reason_and_ends_what_only_applied(
    app: Flask, admin: FlaskClient
) -> None:
    """And the private page shows both."""
    one, page = applicants.confirmed(app)
    assert take(admin, "decline", one, reason="The letter is not signed.").status_code == 302
    assert standing() == Standing.ENDED
    mail = applicants.mails_to(app, "sari@ambon.example")[-1]
    assert "The letter is not signed." in mail.body
    assert "The letter is not signed." in app.test_client().get(page).text
    again, _page = applicants.confirmed(app)
    assert take(admin, "admit", again).status_code == 302
    assert standing() == Standing.ACTIVE


def test_declined_member_keeps_its_standing(app: Flask, admin: FlaskClient) -> None:
    """A suspended city stays suspended; admitted, it is active again."""
    one, _page = applicants.confirmed(app, city="suspended", kind=Kind.CITY)
    assert take(admin, "decline", one).status_code == 302
    assert standing("suspended") == Standing.SUSPENDED
    again, _page = applicants.confirmed(app, city="suspended", kind=Kind.CITY)
    assert take(admin, "admit", again).status_code == 302
    assert standing("suspended") == Standing.ACTIVE


def test_others_who_applied_are_told(app: Flask, admin: FlaskClient) -> None:
    """In their language, without a word about the first."""
    one, _page = applicants.confirmed(app)
    _other, page = applicants.confirmed(
        app, contact_name="Dewi", email="dewi@ambon.example", language="id"
    )
    take(admin, "decline", fresh(one), reason="Not now.")
    mail = applicants.mails_to(app, "dewi@ambon.example")[-1]
    assert mail.extra_headers["Content-Language"] == "id"
    assert "Sari" not in mail.body
    shown = app.test_client().get(applicants.link_in(mail)).text
    assert "Not now." in shown
    assert "Sari" not in shown
    assert "Declined" in app.test_client().get(page).text


@pytest.mark.parametrize(
    ("email", "words"),
    [
        ("official@seoul.example", "Acts for another city: is invited, and moves by accepting."),
        ("lead@seoul.example", "Leads another city."),
        ("admin@citynet.example", "Is of a secretariat"),
        ("person@nowhere.example", ""),
    ],
)
def test_contact_with_an_account_is_told_of(
    app: Flask, admin: FlaskClient, email: str, words: str
) -> None:
    """Before the letter goes; who cannot be invited gets another letter."""
    one, _page = applicants.confirmed(app, email=email)
    page = unescape(admin.get(f"/admin/applications/{one.id}/admit").text)
    assert words in page
    assert take(admin, "admit", one).status_code == 302
    is_invited = not words or "is invited" in words
    link = applicants.link_in(applicants.mails_to(app, email)[-1])
    assert link.startswith("/invitations/") is is_invited
    count = db.session().scalar(select(func.count()).select_from(Invitation))
    assert count == int(is_invited)
    assert standing() == Standing.ACTIVE


def test_contact_of_a_city_with_a_lead_is_invited_as_official(
    app: Flask, admin: FlaskClient
) -> None:
    """A city that returns has its lead still."""
    one, _page = applicants.confirmed(app, city="suspended", kind=Kind.CITY)
    assert take(admin, "admit", one).status_code == 302
    assert db.session().scalars(select(Invitation.seat)).one() == Seat.OFFICIAL


def test_city_that_is_not_in_the_table_is_written_into_it(app: Flask, admin: FlaskClient) -> None:
    """Where the secretariat says that it lies."""
    db.session().scalars(select(Chapter)).one().country = "FJ"
    db.session().commit()
    one, _page = applicants.confirmed(app, city=None, kind=Kind.CITY, **NEWTOWN)
    page = admin.get(f"/admin/applications/{one.id}/admit").text
    assert "Filled in from Pendingtown" in page
    assert 'value="-7.0"' in page
    assert take(admin, "admit", one, latitude="-17,6", longitude="177.5").status_code == 302
    city = cities.get_city("newtown")
    assert (city.code, city.country, city.latitude) == (f"own:{one.id}", "FJ", -17.6)
    assert city.chapter_id is not None
    assert fresh(one).city_id == city.id
    assert standing("newtown") == Standing.ACTIVE


def test_city_that_is_not_in_the_table_is_matched_to_a_row(app: Flask, admin: FlaskClient) -> None:
    """And an application for that row joins it."""
    ambon, _page = applicants.confirmed(app)
    place = {"name": "Ambon", "country": "ID", "province": "Moluccas"}
    one, _page = applicants.confirmed(
        app, city=None, kind=Kind.CITY, email="dewi@ambon.example", **place
    )
    page = admin.get(f"/admin/applications/{one.id}/admit").text
    assert re.search(r'name="match" value="kota-ambon"', page)
    assert take(admin, "admit", one, match_other=" 81.71 ").status_code == 302
    assert standing() == Standing.ACTIVE
    assert fresh(ambon).first_id == one.id
    mail = applicants.mails_to(app, "sari@ambon.example")[-1]
    assert "has decided" in mail.body
    assert db.session().scalar(select(func.count()).where(City.code.startswith("own:"))) == 0


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"latitude": ""}, "latitude"), ({"latitude": "91"}, "latitude"),
        ({"longitude": "181"}, "longitude"), ({"longitude": "far"}, "longitude"),
        ({"match": "seoul"}, "match"), ({"match": "atlantis"}, "match"),
        ({"match_other": "99.99"}, "match_other"),
        ({"reason": ""}, "reason"), ({"reason": "r" * 1001}, "reason"),
        ({"category": "honorary"}, "category"), ({"until": "soon"}, "until"),
    ],
)  # fmt: skip
def test_admission_that_cannot_be_is_asked_again(
    app: Flask, admin: FlaskClient, changes: dict[str, str], field: str
) -> None:
    """Before the letter, and by posting past it; what was typed stays."""
    one, _page = applicants.confirmed(app, city=None, kind=Kind.CITY, **NEWTOWN)
    data = step(one, **{"until": "", "reason": "Typed reason", **changes})
    path = f"/admin/applications/{one.id}/admit"
    for answer in (
        network.post(admin, f"{path}/letter", data),
        network.post(admin, path, {**data, "subject": "S", "text": "Typed letter {link}"}),
    ):
        assert answer.status_code == 422
        assert f'id="{field}-error"' in answer.text
        if field != "reason":
            assert "Typed reason" in answer.text
    assert "Typed letter" in answer.text
    assert fresh(one).state == AppState.WAITING


@pytest.mark.parametrize(
    ("changes", "field"),
    [({"subject": " "}, "subject"), ({"subject": "s" * 201}, "subject"), ({"text": ""}, "text"),
     ({"text": "No way on"}, "text"), ({"text": "{link}" + "x" * 10_000}, "text")],
)  # fmt: skip
@pytest.mark.parametrize("name", ["admit", "ask", "decline"])
def test_letter_that_cannot_go_is_shown_again(
    app: Flask, admin: FlaskClient, name: str, changes: dict[str, str], field: str
) -> None:
    """And nothing is decided."""
    one, _page = applicants.confirmed(app)
    data = {**letter_of(admin, name, one), **changes}
    answer = network.post(admin, f"/admin/applications/{one.id}/{name}", data)
    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.text
    assert fresh(one).state == AppState.WAITING
    assert standing() == Standing.APPLIED


@pytest.mark.parametrize(("name", "field"), [("ask", "question"), ("decline", "reason")])
def test_step_without_its_words_is_asked_again(
    app: Flask, admin: FlaskClient, name: str, field: str
) -> None:
    """By the field."""
    one, _page = applicants.confirmed(app)
    path = f"/admin/applications/{one.id}/{name}/letter"
    for words in ("", "x" * 5001):
        answer = network.post(admin, path, {"seen": one.version, field: words})
        assert answer.status_code == 422
        assert f'id="{field}-error"' in answer.text


def test_who_decides_second_is_shown_what_happened(app: Flask, admin: FlaskClient) -> None:
    """With the decision, and what they had typed."""
    one, _page = applicants.confirmed(app)
    late = letter_of(admin, "decline", one, reason="Incomplete")
    assert take(admin, "admit", one, reason="All is there").status_code == 302
    late["text"] = "My own words {link}"
    answer = network.post(admin, f"/admin/applications/{one.id}/decline", late)
    assert answer.status_code == 409
    for words in ("Somebody decided before you.", "All is there", "Incomplete", "My own words"):
        assert words in answer.text
    assert fresh(one).state == AppState.ADMITTED
    answer = admin.get(f"/admin/applications/{one.id}/decline")
    assert answer.status_code == 302


def test_decision_falls_on_what_was_seen(app: Flask, admin: FlaskClient) -> None:
    """An answer that came meanwhile is shown first."""
    one, page = applicants.confirmed(app)
    late = letter_of(admin, "decline", one)
    applications.add(page.rpartition("/")[2], "The letter is here", [])
    answer = network.post(admin, f"/admin/applications/{one.id}/decline", late)
    assert answer.status_code == 409
    assert "changed while you wrote" in answer.text
    assert "The letter is here" in answer.text
    assert fresh(one).state == AppState.WAITING
    for seen in ("", "0", "x", "-1"):
        answer = network.post(
            admin, f"/admin/applications/{one.id}/decline", {**late, "seen": seen}
        )
        assert answer.status_code in (409, 422)


def test_of_two_who_decide_at_the_same_moment_one_wins(app: Flask, admin: FlaskClient) -> None:
    """One decision, one letter; the other gets the conflict."""
    one, _page = applicants.confirmed(app)
    clients = [admin, network.client_of(app, "secretariat")]
    names = ("admit", "decline")
    posts = [letter_of(clients[n], names[n], one) for n in (0, 1)]
    tokens = [network.csrf_of(client.get("/about").text) for client in clients]
    before = len(applicants.mails_to(app, "sari@ambon.example"))
    start = Barrier(2)

    def decide(n: int) -> int:
        data = {**posts[n], "csrf_token": tokens[n]}
        start.wait()
        answer = clients[n].post(f"/admin/applications/{one.id}/{names[n]}", data=data)
        return int(answer.status_code)

    with ThreadPoolExecutor(2) as pool:
        runs = [pool.submit(contextvars.Context().run, decide, n) for n in (0, 1)]
        assert sorted(run.result() for run in runs) == [302, 409]
    state = fresh(one).state
    expected = {AppState.ADMITTED: Standing.ACTIVE, AppState.DECLINED: Standing.ENDED}
    assert standing() == expected[AppState(state)]
    assert len(applicants.mails_to(app, "sari@ambon.example")) == before + 1
    messages = select(func.count()).select_from(ApplicationMessage)
    assert db.session().scalar(messages) == 1


def test_mail_server_that_fails_takes_back_no_decision(app: Flask, admin: FlaskClient) -> None:
    """The letter stands as an effect, written with what was decided."""
    one, _page = applicants.confirmed(app)
    assert take(admin, "ask", one).status_code == 302
    actions = set(db.session().scalars(select(audit.Entry.action)))
    assert {"application.received", "application.asked"} <= actions


def test_membership_page_leads_to_the_application(app: Flask, admin: FlaskClient) -> None:
    """Its sender gets a letter; the step of the membership's own page would send none."""
    one, _page = applicants.confirmed(app)
    case = f"/admin/applications/{one.id}"
    page = admin.get("/admin/memberships/kota-ambon").text
    assert f'href="{case}"' in page[page.index("<h1") : page.index('id="officials"')]
    assert "/kota-ambon/active" not in page
    for after in ("active", "ended"):
        path = f"/admin/memberships/kota-ambon/{after}"
        assert admin.get(path).location == case
        answer = network.post(admin, path, {"reason": "Board", "seen": "applied"})
        assert (answer.status_code, "Decide on its application" in answer.text) == (409, True)
    assert standing() == Standing.APPLIED
    assert take(admin, "decline", one).status_code == 302
    assert "/kota-ambon/active" in admin.get("/admin/memberships/kota-ambon").text


def test_decision_stands_in_the_log_with_before_and_after(app: Flask, admin: FlaskClient) -> None:
    """What the application was, and what it is."""
    one, _page = applicants.confirmed(app)
    take(admin, "ask", one)
    wanted = select(audit.Entry).where(audit.Entry.action == "application.asked")
    [told] = audit.changes_of(db.session().scalars(wanted).one())
    assert (told.field, told.before, told.after) == ("state", "waiting", "asked")
    assert "<dt>State</dt><dd>Waiting for the secretariat" in admin.get("/admin/audit").text


def test_application_of_a_city_admitted_otherwise_is_closed_by_admitting(
    app: Flask, admin: FlaskClient
) -> None:
    """The membership changed on its own desk meanwhile."""
    one, _page = applicants.confirmed(app)
    memberships.change_standing(
        network.actor("secretariat"), cities.get_city("kota-ambon"), Standing.ACTIVE, reason="Board"
    )
    assert take(admin, "admit", one).status_code == 302
    assert fresh(one).state == AppState.ADMITTED


def test_chapter_decides_on_its_own_only(app: Flask, admin: FlaskClient) -> None:
    """Of its cities, and of cities of its country that are not in the table."""
    db.session().scalars(select(Chapter)).one().country = "FJ"
    db.session().commit()
    own, _page = applicants.confirmed(app, city="pending", kind=Kind.CITY)
    new, _page = applicants.confirmed(app, city=None, kind=Kind.CITY, **NEWTOWN)
    foreign, _page = applicants.confirmed(app)
    other, _page = applicants.confirmed(
        app, city=None, kind=Kind.CITY, **{**NEWTOWN, "name": "Oldtown", "country": "NZ"}
    )
    chapter = network.client_of(app, "chapter")
    page = chapter.get("/admin/applications").text
    assert "Pendingtown" in page
    assert "Newtown" in page
    for name in ("Ambon", "Oldtown"):
        assert name not in page
    for one in (foreign, other):
        assert chapter.get(f"/admin/applications/{one.id}").status_code == 404
    assert take(chapter, "admit", new).status_code == 302
    assert take(chapter, "decline", own).status_code == 302
    assert standing("newtown") == Standing.ACTIVE


def test_chapter_does_not_match_to_a_foreign_city(app: Flask, admin: FlaskClient) -> None:
    """It may not admit another's city by a detour."""
    db.session().scalars(select(Chapter)).one().country = "FJ"
    db.session().commit()
    one, _page = applicants.confirmed(app, city=None, kind=Kind.CITY, **NEWTOWN)
    chapter = network.client_of(app, "chapter")
    data = {**letter_of(chapter, "admit", one), "match": "kota-ambon"}
    answer = network.post(chapter, f"/admin/applications/{one.id}/admit", data)
    assert answer.status_code == 403
    assert standing() is None


def test_chapter_sees_no_officials_of_others(app: Flask, admin: FlaskClient) -> None:
    """Though they share the mail domain."""
    one, _page = applicants.confirmed(
        app, city="pending", kind=Kind.CITY, email="new@seoul.example"
    )
    path = f"/admin/applications/{one.id}"
    assert "official@seoul.example" in admin.get(path).text
    assert "official@seoul.example" not in network.client_of(app, "chapter").get(path).text


def test_paper_application_is_registered(app: Flask, admin: FlaskClient) -> None:
    """With its scan; a second for the same city joins the first, a member's is refused."""
    data = applicants.typed(file=applicants.letter("scan.pdf"))
    answer = network.post(admin, "/join/register", data, follow_redirects=True)
    assert "The application of Kota Ambon is registered." in answer.text
    assert "registered by Ada" in answer.text
    assert "scan.pdf" in answer.text
    second = applicants.typed(email="dewi@ambon.example", contact_name="Dewi")
    answer = network.post(admin, "/join/register", second, follow_redirects=True)
    assert "Others who applied for this city" in answer.text
    answer = network.post(admin, "/join/register", applicants.typed(city="seoul"))
    assert answer.status_code == 409
    assert "is a member already" in answer.text
    answer = network.post(admin, "/join/register", applicants.typed(email="sari"))
    assert answer.status_code == 422
    assert "Sari Wulandari" in answer.text


def test_erased_contact_gets_no_letter(app: Flask, admin: FlaskClient) -> None:
    """A decision needs no address."""
    one, _page = applicants.confirmed(app)
    fresh(one).email = ""
    db.session().commit()
    assert take(admin, "decline", fresh(one)).status_code == 302


def test_pages_read_a_fixed_number_of_times(app: Flask, admin: FlaskClient) -> None:
    """However many applied."""
    one, _page = applicants.confirmed(app)
    few = [_reads(admin, path) for path in ("/admin/applications", f"/admin/applications/{one.id}")]
    for number in range(5):
        applicants.confirmed(app, email=f"p{number}@ambon.example", papers=[_keep()])
        applicants.confirmed(
            app, city=None, kind=Kind.CITY, email=f"q{number}@ambon.example",
            **{**NEWTOWN, "name": f"Town {number}"},
        )  # fmt: skip
    many = [
        _reads(admin, path) for path in ("/admin/applications", f"/admin/applications/{one.id}")
    ]
    assert many == few


def _upload() -> Any:
    return Upload(applicants.PDF, "letter.pdf", "application/pdf")


def _keep() -> int:
    return applications.keep(_upload()).id


def _reads(client: FlaskClient, path: str) -> int:
    counted: list[str] = []

    def count_one(*args: Any) -> None:
        counted.append(str(args[2]))

    event.listen(db.db.engine, "before_cursor_execute", count_one)
    try:
        assert client.get(path).status_code == 200
    finally:
        event.remove(db.db.engine, "before_cursor_execute", count_one)
    return len(counted)
