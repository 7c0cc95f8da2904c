"""The pages of a city's people: who sees what, inviting many, and lists as people send them."""

from __future__ import annotations

import io

import pytest
from flask import Flask
from flask.testing import FlaskClient
from openpyxl import Workbook
from sqlalchemy import select

from citynet.cities.models import Invitation, Preview, Role
from citynet.cities.service import inviting
from citynet.kit import db, effects, jobs
from citynet.kit.errors import Forbidden, Invalid
from tests import network
from tests.cities.people import NEW, city, invite, letters, official, roles_in
from tests.network import actor

PAGES = ["/city/people", "/city/people/invite", "/city/people/invite-many", "/city/people/leave"]
LEADS_ONLY = PAGES[1:3]


@pytest.fixture
def lead(app: Flask) -> FlaskClient:
    """Return the browser of the lead of Sidoarjo."""
    return network.client_of(app, "lead")


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize(
    ("role", "status", "of_lead"),
    [("visitor", 302, 302), ("official", 200, 403), ("lead", 200, 200), ("rival", 200, 403),
     ("suspended", 200, 403), ("pending", 200, 403), ("nobody's", 404, 404),
     ("secretariat", 404, 404), ("chapter", 404, 404)],
)  # fmt: skip
def test_who_opens_which_page(app: Flask, path: str, role: str, status: int, of_lead: int) -> None:
    """Officials read; the lead of an active member changes; who has no city has no such page."""
    answer = network.client_of(app, role).get(path)
    assert answer.status_code == (of_lead if path in LEADS_ONLY else status)
    if answer.status_code == 200:
        assert answer.text.count("<h1") == 1


def test_page_is_read_only_for_officials(app: Flask) -> None:
    """No form but those of the frame, no invitation, and the lead's name to ask."""
    invite()
    page = network.client_of(app, "official").get("/city/people").text
    assert NEW not in page
    assert "/city/people/invite" not in page
    assert "hand-over" not in page
    assert actor("lead").name in page


def test_lead_sees_what_is_open(app: Flask, lead: FlaskClient) -> None:
    """Invitations with their buttons; what is sent again or taken back is said."""
    invite()
    found = db.session().scalars(select(Invitation)).one()
    page = lead.get("/city/people").text
    assert NEW in page
    for step in ("again", "revoke"):
        path = f"/city/people/invitations/{found.id}/{step}"
        assert path in page
        assert network.post(lead, path).status_code == 302
    assert NEW not in lead.get("/city/people").text.partition('id="invitations"')[2]


@pytest.mark.parametrize("role", ["official", "rival lead", "suspended", "nobody's", "secretariat"])
def test_forms_of_others_change_nothing(app: Flask, role: str) -> None:
    """Each door of the lead, with the numbers of Sidoarjo."""
    invite()
    found = db.session().scalars(select(Invitation)).one()
    client, number = network.client_of(app, role), official("official").id
    for path in (
        f"/city/people/{number}/hand-over", f"/city/people/{number}/remove",
        f"/city/people/invitations/{found.id}/again", f"/city/people/invitations/{found.id}/revoke",
        "/city/people/requests/1/accept", "/city/people/requests/1/decline",
    ):  # fmt: skip
        assert network.post(client, path, {"reason": "x"}).status_code in (403, 404), path
    assert roles_in() == {"lead@sidoarjo.example": "lead", "official@sidoarjo.example": "official"}
    db.session().expire_all()
    assert db.session().get_one(Invitation, found.id).revoked_at is None


def test_lead_invites_one(app: Flask, lead: FlaskClient) -> None:
    """A forged role is not taken: a lead invites officials."""
    data = {"name": "Sari", "email": NEW, "language": "id", "role": "lead"}
    assert network.post(lead, "/city/people/invite", data).status_code == 302
    found = db.session().scalars(select(Invitation)).one()
    assert (found.seat, found.language, found.city_id) == ("official", "id", city().id)
    refused = network.post(lead, "/city/people/invite", {**data, "email": "none"})
    assert refused.status_code == 422
    assert 'value="none"' in refused.text


def test_nobodys_mailbox_is_flooded(app: Flask, lead: FlaskClient) -> None:
    """Five letters an hour to one address, by inviting and by sending again."""
    data = {"name": "Sari", "email": NEW, "language": "id"}
    for _each in range(4):
        assert network.post(lead, "/city/people/invite", data).status_code == 302
    found = db.session().scalars(select(Invitation)).one()
    path = f"/city/people/invitations/{found.id}/again"
    assert network.post(lead, path).status_code == 302
    assert network.post(lead, path).status_code == 409
    assert network.post(lead, "/city/people/invite", data).status_code == 429
    assert len(letters(NEW)) == 5


PASTED = """Sari Wulandari <sari@sidoarjo.example>
budi@sidoarjo.example; Dewi <dewi@sidoarjo.example>
Budi Santoso, S.Kom <b.santoso@sidoarjo.example>
official@sidoarjo.example
official@seoul.example
SARI@sidoarjo.example
not an address
lead@seoul.example, admin@citynet.example
"""


def test_many_are_shown_first_and_then_invited(app: Flask, lead: FlaskClient) -> None:
    """Each line with what happens; the job does those alone, and its page shows how far it is."""
    invite("budi@sidoarjo.example")
    answer = network.post(lead, "/city/people/invite-many", {"people": PASTED, "language": "en"})
    assert answer.status_code == 302
    path = answer.headers["Location"]
    page = lead.get(path).text
    for words in (
        "Is invited.", "gets a new link", "moves by accepting", "Acts for this city already",
        "twice", "such as name@", "Leads another city", "Is of a secretariat", "Sari Wulandari",
        "Budi Santoso, S.Kom",
    ):  # fmt: skip
        assert words in page, words
    assert not letters("sari@sidoarjo.example")
    begun = network.post(lead, path)
    assert begun.status_code == 302
    assert network.post(lead, path).headers["Location"] == begun.headers["Location"]
    run_jobs()
    assert lead.get(begun.headers["Location"]).status_code == 200
    invited = {one.email for one in db.session().scalars(select(Invitation))}
    assert invited == {
        "sari@sidoarjo.example", "budi@sidoarjo.example", "dewi@sidoarjo.example",
        "b.santoso@sidoarjo.example", "official@seoul.example",
    }  # fmt: skip
    job = db.session().scalars(select(jobs.Job)).one()
    assert (job.total, job.done, job.failed) == (5, 5, 0)


def run_jobs() -> None:
    """Let the worker do what is due."""
    for _round in range(20):
        if not effects.run_due():
            return


def test_preview_is_its_owners(app: Flask, lead: FlaskClient) -> None:
    """Another lead, an official, the secretariat: for them there is none."""
    network.post(lead, "/city/people/invite-many", {"people": NEW})
    kept = db.session().scalars(select(Preview)).one()
    for role in ("rival lead", "secretariat"):
        client = network.client_of(app, role)
        for path in (f"/city/people/invite-many/{kept.id}", f"/admin/previews/{kept.id}"):
            assert client.get(path).status_code in (403, 404), (role, path)
            assert network.post(client, path).status_code in (403, 404), (role, path)
    assert db.session().scalars(select(jobs.Job)).all() == []


def test_lead_sees_invitations_alone_where_they_are_previewed(
    app: Flask, lead: FlaskClient
) -> None:
    """Not what the same person previews elsewhere: a document of Word, an import."""
    network.post(lead, "/city/people/invite-many", {"people": NEW})
    network.post(lead, "/practices/new/word", {"text": "Summary\n\nOne counter."})
    word = db.session().scalars(select(Preview).where(Preview.kind == "practices.word")).one()
    assert lead.get(f"/practices/word/{word.id}").status_code == 200
    path = f"/city/people/invite-many/{word.id}"
    assert lead.get(path).status_code == 404
    assert network.post(lead, path).status_code == 404
    invited = db.session().scalars(select(Preview).where(Preview.id != word.id)).one()
    assert lead.get(f"/practices/word/{invited.id}").status_code == 404
    assert db.session().scalars(select(jobs.Job)).all() == []


def test_rights_lost_before_the_job_runs_invite_nobody(app: Flask, lead: FlaskClient) -> None:
    """Each line asks anew: the lead handed over between the button and the worker."""
    answer = network.post(lead, "/city/people/invite-many", {"people": NEW})
    network.post(lead, answer.headers["Location"])
    network.post(lead, f"/city/people/{official('official').id}/hand-over")
    run_jobs()
    assert db.session().scalars(select(Invitation)).all() == []
    job = db.session().scalars(select(jobs.Job)).one()
    assert (job.done, job.failed) == (0, 1)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"people": ""}, "at least one"),
        ({"people": " \n ;,\n"}, "at least one"),
        ({"people": "\n".join(f"a{n}@b.example" for n in range(501))}, "500"),
        ({"people": "a@b.example\n" * 8_000}, "500"),
        ({"people": "a@b.example," * 100_000}, "too long"),
    ],
    ids=["empty", "separators", "501", "8,000", "100,000"],
)
def test_list_that_cannot_be_taken_is_told(
    app: Flask, lead: FlaskClient, data: dict[str, str], words: str
) -> None:
    """422, quickly, and nothing is kept."""
    answer = network.post(lead, "/city/people/invite-many", data)
    assert answer.status_code == 422
    assert words in answer.text
    assert db.session().scalars(select(Preview)).all() == []


def excel() -> bytes:
    """Return a workbook with two people."""
    book, out = Workbook(), io.BytesIO()
    assert book.active is not None
    for row in (["Nama", "Email"], ["Sari", "sari@sidoarjo.example"], ["=1+1", "x@y.example"]):
        book.active.append(row)
    book.save(out)
    return out.getvalue()


@pytest.mark.parametrize(
    "content",
    [
        b"name,email\nSari,sari@sidoarjo.example\n",
        b"\xef\xbb\xbfnama;email\nSari;sari@sidoarjo.example\n",
        "Name\tE-Mail\nSari\tsari@sidoarjo.example\n".encode("utf-16"),
        b'name;email\n"Sari; Dewi";sari@sidoarjo.example\n',
        excel(),
    ],
    ids=["commas", "semicolons with a mark", "UTF-16", "quoted", "XLSX"],
)
def test_files_are_read_as_people_send_them(app: Flask, lead: FlaskClient, content: bytes) -> None:
    """Whatever the spreadsheet made of it."""
    data = {"file": (io.BytesIO(content), "people.csv"), "people": ""}
    answer = network.post(
        lead, "/city/people/invite-many", data, content_type="multipart/form-data"
    )
    assert answer.status_code == 302, answer.text
    assert "sari@sidoarjo.example" in lead.get(answer.headers["Location"]).text


@pytest.mark.parametrize(
    "content",
    [b"name\nSari\n", b"\x00\x01\x02", b"email\n", b""],
    ids=["no address", "no table", "no line", "empty"],
)
def test_files_that_cannot_be_read_are_told(app: Flask, lead: FlaskClient, content: bytes) -> None:
    """With a sentence at the field."""
    data = {"file": (io.BytesIO(content), "people.csv"), "people": ""}
    answer = network.post(
        lead, "/city/people/invite-many", data, content_type="multipart/form-data"
    )
    assert answer.status_code == 422
    assert 'id="file-error"' in answer.text


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("a@b.example", [("", "a@b.example")]),
        ("Sari W <a@b.example>", [("Sari W", "a@b.example")]),
        ('"Sari, W" <a@b.example>', [("Sari, W", "a@b.example")]),
        ("Sari W, S.Kom <a@b.example>", [("Sari W, S.Kom", "a@b.example")]),
        ("a@b.example, c@d.example", [("", "a@b.example"), ("", "c@d.example")]),
        ("Sari\ta@b.example", [("Sari", "a@b.example")]),
        ("a@b.example;Sari", [("Sari", "a@b.example")]),
        ("Sari a@b.example", [("Sari", "a@b.example")]),
        ("Sari W", [("Sari W", "")]),
        ("<a@b.example", [("", "<a@b.example")]),
    ],
)
def test_lines_are_read_as_people_write_them(line: str, found: list[tuple[str, str]]) -> None:
    """A comma may part two people, or stand in a name with its titles."""
    assert [(one.name, one.email) for one in inviting.read_pasted(line)] == found


def test_lead_cannot_preview_for_a_lead_or_another_city(app: Flask) -> None:
    """The role is not asked of a lead, and cannot be forged."""
    entries = inviting.read_pasted(NEW)
    for slug, role in (("kabupaten-sidoarjo", Role.LEAD), ("seoul", Role.OFFICIAL)):
        with pytest.raises(Forbidden):
            inviting.preview(actor("lead"), city(slug), entries, role=role, language="en")
    with pytest.raises(Invalid):
        inviting.read_pasted("")


def test_leaving_is_confirmed(app: Flask) -> None:
    """An official goes; a lead is told how to hand over."""
    assert "Hand over the lead first" in network.client_of(app, "lead").get(PAGES[3]).text
    client = network.client_of(app, "official")
    assert network.post(client, "/city/people/leave").status_code == 302
    assert client.get("/city/people").status_code == 404
    assert network.post(client, "/city/people/leave").status_code == 404


def test_steps_are_confirmed_on_pages_of_their_own(app: Flask, lead: FlaskClient) -> None:
    """Handing over and removing; not oneself, and nobody of another city."""
    for step in ("hand-over", "remove"):
        assert lead.get(f"/city/people/{official('official').id}/{step}").status_code == 200
        assert lead.get(f"/city/people/{official('lead').id}/{step}").status_code == 404
        assert lead.get(f"/city/people/{official('rival').id}/{step}").status_code == 404
    path = f"/city/people/{official('official').id}/remove"
    assert network.post(lead, path).status_code == 302
    assert roles_in() == {"lead@sidoarjo.example": "lead"}
    assert network.post(lead, path).status_code == 404
