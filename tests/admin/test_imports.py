"""Lists brought in at the desk: read or refused with line and reason, shown first, then done."""

from __future__ import annotations

import io
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from openpyxl import Workbook
from sqlalchemy import func, select

from citynet.accounts import queries as accounts
from citynet.accounts.models import Person
from citynet.cities import queries
from citynet.cities.models import Category, Invitation, Preview
from citynet.kit import db
from tests import network
from tests.admin.people import last_preview, notes_of, rows_of, run_jobs
from tests.cities.people import city, letters, roles_in

HEADS = "name,email,city,country,role,language\n"
OFFICIALS = HEADS + "".join(
    f"{line}\n"
    for line in (
        "Sari,sari@sidoarjo.example,35.15,,official,id",
        "Kim,kim@seoul.example,Seoul,KR,,",
        "Park,park@seoul.example,gn:1835848,,official,en",
        "Lee,lee@seoul.example,seoul,Korea Selatan,,",
        "Here,official@sidoarjo.example,35.15,,,",
        "Twice,SARI@sidoarjo.example,35.15,,,",
        "Elsewhere,official@seoul.example,35.15,,,",
        "Lead,lead2@seoul.example,Seoul,KR,lead,",
        "Nowhere,x@atlantis.example,Atlantis,,,",
        "Wrong country,y@seoul.example,Seoul,ID,,",
        "No address,none,Seoul,,,",
        "Bad role,z@seoul.example,Seoul,,king,",
        "Admin,admin@citynet.example,Seoul,,,",
        ",budi.santoso@seoul.example,Seoul,,pejabat,xx",
    )
)
GOING = {
    "sari@sidoarjo.example", "kim@seoul.example", "park@seoul.example", "lee@seoul.example",
    "official@seoul.example", "budi.santoso@seoul.example",
}  # fmt: skip


@pytest.fixture
def admin(app: Flask) -> FlaskClient:
    """Return the secretariat's browser."""
    return network.client_of(app, "secretariat")


def send(client: FlaskClient, content: bytes | str, **data: str) -> Any:
    """Post a file as the form does."""
    content = content.encode() if isinstance(content, str) else content
    fields = {"what": "officials", "way": "invite", **data}
    return network.post(
        client, "/admin/imports", {**fields, "file": (io.BytesIO(content), "list.csv")},
        content_type="multipart/form-data",
    )  # fmt: skip


def begin(client: FlaskClient) -> Any:
    """Agree to the newest preview, and let the worker do it."""
    assert network.post(client, f"/admin/previews/{last_preview().id}").status_code == 302
    return run_jobs()


def test_dry_run_tells_each_line(app: Flask, admin: FlaskClient) -> None:
    """What would happen or why not, with the line of the file; nothing is done."""
    answer = send(admin, OFFICIALS)
    assert answer.status_code == 302
    page = admin.get(answer.headers["Location"]).text
    for words in (
        "6 lines will be done.", "8 are left alone.", "Acts for this city already", "twice",
        "moves by accepting", "lead already", "Atlantis", "such as name@", "official or lead",
        "Is of a secretariat", "Budi Santoso",
    ):  # fmt: skip
        assert words in page, words
    exported = rows_of(admin.get(f"{answer.headers['Location']}?form=csv", buffered=True))
    assert [row[0] for row in exported] == [str(number) for number in range(2, 16)]
    assert db.session().scalars(select(Invitation)).all() == []


def test_import_invites_by_default(app: Flask, admin: FlaskClient) -> None:
    """In the language of the line, else of the city's country."""
    send(admin, OFFICIALS)
    job = begin(admin)
    assert (job.total, job.done, job.failed) == (6, 6, 0)
    found = {one.email: one for one in db.session().scalars(select(Invitation))}
    assert set(found) == GOING
    assert found["sari@sidoarjo.example"].language == "id"
    assert found["kim@seoul.example"].language == "en"
    assert found["kim@seoul.example"].city_id == city("seoul").id


def test_accounts_without_mail(app: Flask, admin: FlaskClient) -> None:
    """They act at once; nobody has a password before "forgotten password" sets one."""
    send(admin, OFFICIALS, way="enrol")
    job = begin(admin)
    assert (job.done, job.failed) == (5, 0)
    assert set(roles_in("seoul")) >= {"kim@seoul.example", "park@seoul.example"}
    assert not letters("kim@seoul.example")
    assert "official@seoul.example" in roles_in("seoul")
    found = accounts.by_email("kim@seoul.example")
    assert found is not None
    client = app.test_client()
    for guess in ("", "x", "no account has this password", found.password_hash):
        data = {"email": found.email, "password": guess}
        assert network.post(client, "/sign-in", data).status_code == 422


def test_lead_of_a_city_without_one_comes_with_the_list(app: Flask, admin: FlaskClient) -> None:
    """The first of two in the list; the other is told."""
    page = admin.get(send(admin, HEADS + (
        "A,a@seoul.example,Seoul,KR,lead,\nB,b@pending.example,Pendingtown,FJ,lead,\n"
    )).headers["Location"]).text  # fmt: skip
    assert page.count("lead already") == 2


def test_done_again_it_changes_nothing_more(app: Flask, admin: FlaskClient) -> None:
    """A list sent twice tells that its people are here."""
    send(admin, OFFICIALS, way="enrol")
    begin(admin)
    before = db.session().scalar(select(func.count()).select_from(Person))
    page = admin.get(send(admin, OFFICIALS, way="enrol").headers["Location"]).text
    assert "0 lines will be done." in page
    answer = network.post(admin, f"/admin/previews/{last_preview().id}")
    assert answer.status_code == 409
    assert db.session().scalar(select(func.count()).select_from(Person)) == before


def test_chapter_brings_in_people_of_its_cities(app: Flask) -> None:
    """By invitation only, and of no other city."""
    client = network.client_of(app, "chapter")
    assert 'value="enrol"' not in client.get("/admin/imports").text
    assert send(client, OFFICIALS, way="enrol").status_code == 403
    page = client.get(send(client, OFFICIALS).headers["Location"]).text
    assert "2 lines will be done." in page
    assert "is not yours to look after" in page


def workbook(*rows: list[str]) -> bytes:
    """Return an Excel file."""
    book, out = Workbook(), io.BytesIO()
    assert book.active is not None
    for row in rows:
        book.active.append(row)
    book.save(out)
    return out.getvalue()


LINE = "Sari,sari@sidoarjo.example,35.15"


@pytest.mark.parametrize(
    "content",
    [
        f"name,email,city\n{LINE}\n".encode(),
        f"\ufeffname;email;city\n{LINE.replace(',', ';')}\n".encode(),
        f"name\temail\tcity\n{LINE.replace(',', chr(9))}\n".encode("utf-16"),
        f"Nama;Surel;Kota\r\n{LINE.replace(',', ';')}\r\n".encode("cp1252"),
        workbook(["Name", "E-Mail", "City"], LINE.split(",")),
    ],
    ids=["commas", "semicolons with a mark", "tabs in UTF-16", "Indonesian heads", "XLSX"],
)
def test_files_are_read_as_people_send_them(app: Flask, admin: FlaskClient, content: bytes) -> None:
    """Whatever the spreadsheet made of them."""
    page = admin.get(send(admin, content).headers["Location"]).text
    assert "1 line will be done." in page
    assert "Kabupaten Sidoarjo" in page


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "empty"),
        (b"name,email\nSari,sari@x.example\n", "email” and “city"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", ""),
        (f"{HEADS}{LINE},,,,,,too,many\n".encode(), "Line 2"),
        (b"email,city,email\na@b.example,Seoul,c@d.example\n", "twice"),
    ],
    ids=["empty", "no city", "a picture", "too many cells", "a head twice"],
)
def test_what_cannot_be_read_is_refused(
    app: Flask, admin: FlaskClient, content: bytes, words: str
) -> None:
    """422 with a sentence at the field, and the line where there is one."""
    answer = send(admin, content)
    assert answer.status_code == 422
    assert 'id="file-error"' in answer.text
    assert words in answer.text
    assert db.session().scalars(select(Preview)).all() == []


def test_without_a_file_one_is_asked_for(app: Flask, admin: FlaskClient) -> None:
    """And without knowing what it holds nothing is read into."""
    assert network.post(admin, "/admin/imports", {"what": "officials"}).status_code == 422
    assert send(admin, OFFICIALS, what="nonsense").status_code == 422


@pytest.mark.parametrize(
    "line",
    [
        '=HYPERLINK("http://evil.example"),a@seoul.example,Seoul',
        "Sari,=cmd|' /C calc'!A0,Seoul",
        'Sari,"a@b.example\nBcc: c@d.example",Seoul',
        '"Sari\nBcc: c@d.example",a@seoul.example,Seoul',
        "Sari,a@seoul.example,=Seoul",
    ],
)
def test_formulas_and_headers_do_no_harm(app: Flask, admin: FlaskClient, line: str) -> None:
    """A name is folded onto a line and neutralised in exports; no address is none."""
    location = send(admin, f"name,email,city\n{line}\n").headers["Location"]
    exported = rows_of(admin.get(f"{location}?form=csv", buffered=True))
    assert not any(cell.startswith(("=", "+", "@")) for row in exported for cell in row)
    if "1 line will be done." in admin.get(location).text:
        begin(admin)
        one = db.session().scalars(select(Invitation)).one()
        assert "\n" not in one.name + one.email


def test_thousands_of_lines_are_read(app: Flask, admin: FlaskClient) -> None:
    """More than a file may have are refused with a sentence."""
    many = "email,city\n" + "".join(f"p{n}@x.example,Seoul\n" for n in range(3_000))
    assert "3,000 lines will be done." in admin.get(
        send(admin, many).headers["Location"]
    ).text.replace("3000", "3,000")
    too_many = "email,city\n" + "".join(f"{n}@x.example,\n" for n in range(25_001))
    answer = send(admin, too_many)
    assert answer.status_code == 422
    assert "25" in answer.text


def test_memberships_are_brought_in(app: Flask, admin: FlaskClient) -> None:
    """With a reason; the same dry run, and what changed meanwhile is left alone."""
    content = "city,category\n35.15,associate\nSeoul,associate\nAtlantis,full\n"
    assert send(admin, content, what="memberships").status_code == 422
    answer = send(admin, content, what="memberships", reason="Board of May")
    assert answer.status_code == 302, answer.text
    page = admin.get(answer.headers["Location"]).text
    assert "2 lines will be done." in page
    assert "Atlantis" in page

    @db.transaction
    def change() -> None:
        found = queries.membership_of(city("seoul").id)
        assert found is not None
        found.category = Category.ASSOCIATE

    change()
    job = begin(admin)
    assert (job.done, job.failed) == (1, 1)
    assert any("left alone" in note for note in notes_of(job).values())
    found = queries.membership_of(city().id)
    assert found is not None
    assert found.category == Category.ASSOCIATE


@pytest.mark.parametrize("role", ["lead", "official", "suspended", "nobody's"])
def test_nobody_else_brings_in_anything(app: Flask, role: str) -> None:
    """403, whatever is sent."""
    client = network.client_of(app, role)
    assert send(client, OFFICIALS).status_code == 403
    assert client.get("/admin/imports/example/officials").status_code == 403


@pytest.mark.parametrize("what", ["officials", "memberships"])
def test_example_files_can_be_sent_back(app: Flask, admin: FlaskClient, what: str) -> None:
    """They are read as they are."""
    for form in ("csv", "xlsx"):
        path = f"/admin/imports/example/{what}?form={form}"
        content = admin.get(path, buffered=True).data
        answer = send(admin, content, what=what, reason="Test")
        assert answer.status_code == 302, answer.text
