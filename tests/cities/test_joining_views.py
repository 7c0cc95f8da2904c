"""The public pages of joining and an applicant's own, as browsers and attackers use them."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, func, select

from citynet.cities.forms.joining import ApplyForm
from citynet.cities.models import Application, ApplicationFile, AppState
from citynet.cities.queries import applications as queries
from citynet.cities.queries.choosing import cities_to_choose
from citynet.cities.service import applications
from citynet.kit import clock, db
from tests import network
from tests.cities import applicants
from tests.cities.applicants import elsewhere, letter, send, typed


@pytest.fixture(autouse=True)
def ambon(app: Flask) -> None:
    """Kota Ambon is in the table and never asked to join."""
    applicants.add_ambon()


def count() -> int:
    """Return how many applications there are."""
    return db.session().scalar(select(func.count()).select_from(Application)) or 0


def newest() -> Application:
    """Return the application that came last."""
    return db.session().scalars(select(Application).order_by(Application.id.desc())).first()  # type: ignore[return-value]


def kept_in(page: str) -> str:
    """Return the signed reference to the file that waits in a form."""
    found = re.search(r'name="kept" value="([^"]+)"', page)
    return found.group(1) if found else ""


@pytest.mark.parametrize(
    "path",
    ["/join", "/join/apply", "/join/apply?q=ambon", "/join/apply?city=kota-ambon",
     "/join/apply?city=other&q=New", "/join/apply?city=seoul", "/join/sent", "/join/link"],
)  # fmt: skip
@pytest.mark.parametrize("role", ["visitor", "official", "secretariat"])
def test_public_pages_are_open_to_all(app: Flask, path: str, role: str) -> None:
    """Each has one main heading."""
    answer = network.client_of(app, role).get(path)
    assert answer.status_code == 200
    assert answer.text.count("<h1") == 1


def test_about_tells_who_decides_and_leads_to_the_form(client: FlaskClient) -> None:
    """With one call to action."""
    page = client.get("/join").text
    assert 'href="mailto:citynet@localhost"' in page
    main = page[page.index("<main") : page.index("</main>")]
    assert main.count('class="govuk-button"') == 1
    assert 'href="/join/apply"' in main


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ("amb", "kota-ambon"), ("Ambon", "kota-ambon"), ("KOTA AMBON", "kota-ambon"),
        ("ámbon", "kota-ambon"), ("ambon indonesia", "kota-ambon"), ("ambon maluku", "kota-ambon"),
        ("kab sidoarjo", "kabupaten-sidoarjo"), ("seoul korea selatan", "seoul"),
        ("Seoul, South Korea", "seoul"), ("korea sel", "seoul"), ("filipina", "suspended"),
        ("Fiji", "pending"), ("Sidoarjo Regency", "kabupaten-sidoarjo"),
        ("regency of sidoarjo", "kabupaten-sidoarjo"), ("Ambon City Indonesia", "kota-ambon"),
        ("kab. sidoarjo", "kabupaten-sidoarjo"),
    ],
)  # fmt: skip
def test_city_is_found_as_people_write_it(client: FlaskClient, text: str, slug: str) -> None:
    """By names of cities, provinces and countries, in both languages."""
    found = client.get("/join/cities", query_string={"q": text}).get_json()
    assert slug in [one["slug"] for one in found]


@pytest.mark.parametrize(
    "text", ["", " ", "a", "%", "_", "''", "x" * 5000, "\0\0", "kota kupang ambon " * 9, "\u202e"]
)
def test_search_bears_whatever_is_typed(client: FlaskClient, text: str) -> None:
    """And finds nothing."""
    answer = client.get("/join/cities", query_string={"q": text})
    assert (answer.status_code, answer.get_json()) == (200, [])


def test_kind_before_a_name_is_heeded() -> None:
    """A kabupaten is no kota."""
    assert [city.slug for city, _standing in cities_to_choose("kota sidoarjo")] == []
    assert [city.slug for city, _standing in cities_to_choose("ambon regency")] == []


def test_search_is_throttled(client: FlaskClient) -> None:
    """After 600 in ten minutes."""
    for _number in range(600):
        client.get("/join/cities?q=a")
    answer = client.get("/join/cities?q=ambon")
    assert (answer.status_code, answer.get_json()) == (429, [])


def test_list_marks_members_and_hides_applicants(client: FlaskClient) -> None:
    """That a city applied is nobody's business."""
    found = {
        one["slug"]: one["note"]
        for text in ("seoul", "pendingtown", "suspendedtown")
        for one in client.get("/join/cities", query_string={"q": text}).get_json()
    }
    assert found == {"seoul": "Member already", "pending": "", "suspended": ""}


def test_city_is_chosen_without_javascript(client: FlaskClient) -> None:
    """From a list of radio buttons."""
    page = client.get("/join/apply?q=ambon").text
    assert re.search(r'type="radio"[^>]*name="city" value="kota-ambon"', page)
    assert "No city of this name" in client.get("/join/apply?q=atlantis").text


def test_form_is_filled_in_from_the_table(client: FlaskClient) -> None:
    """Kind, population and area, each to be corrected."""
    page = client.get("/join/apply?city=kota-ambon").text
    assert 'value="359661"' in page
    assert 'value="298.61"' in page
    assert re.search(r'checked[^>]*name="kind"[^>]*value="kota"', page)
    assert "359,661 people in 2025" in page


def test_member_is_led_to_its_lead(client: FlaskClient) -> None:
    """By choosing it, and by posting regardless."""
    for page in (client.get("/join/apply?city=seoul").text, send(client, typed(city="seoul")).text):
        assert "Seoul is a member already" in page
        assert 'href="/cities/seoul/join"' in page
    assert count() == 0


def test_application_is_sent_and_confirmed(app: Flask, client: FlaskClient) -> None:
    """With the letter of intent."""
    answer = send(client, typed(file=letter()), follow_redirects=True)
    assert "a mail is under way" in answer.text
    path = applicants.link_in(applicants.mails_to(app, "sari@ambon.example")[-1])
    assert "Confirm the application of Kota Ambon" in client.get(path).text
    assert newest().state == AppState.UNCONFIRMED, "looking confirms nothing"
    page = network.post(client, path, follow_redirects=True).text
    assert "Your application is with the secretariat now." in page
    assert "Waiting for the secretariat" in page
    assert "letter.pdf" in page
    assert newest().state == AppState.WAITING


def test_applicant_is_written_to_in_the_chosen_language(app: Flask, client: FlaskClient) -> None:
    """Whatever the page was read in."""
    send(client, typed(language="id"))
    assert (
        applicants.mails_to(app, "sari@ambon.example")[-1].extra_headers["Content-Language"] == "id"
    )


def test_city_that_is_not_in_the_table_is_described(client: FlaskClient) -> None:
    """With its country and province."""
    assert send(client, elsewhere()).status_code == 302
    one = newest()
    assert (one.city_id, one.name, one.country, one.province) == (None, "Newtown", "FJ", "Western")
    answer = send(client, elsewhere(name="", country="XX"))
    assert answer.status_code == 422
    assert "Write the name of the city." in answer.text
    assert "Choose the country." in answer.text


@pytest.mark.parametrize(
    ("written", "people"),
    [("359661", 359661), ("359,661", 359661), ("1.359.661", 1359661), ("359 661", 359661),
     ("", None)],
)  # fmt: skip
def test_population_is_read_as_people_write_it(
    client: FlaskClient, written: str, people: int | None
) -> None:
    """With the separators of any language."""
    assert send(client, typed(population=written)).status_code == 302
    assert newest().population == people


@pytest.mark.parametrize("written", ["many", "-5", "1.5", "0", "1e9", "9" * 40, "٣", "1,00,000"])
def test_number_that_is_none_stays_as_it_was_typed(client: FlaskClient, written: str) -> None:
    """And is asked for again."""
    answer = send(client, typed(population=written))
    assert answer.status_code == 422
    assert f'value="{written}"' in unescape(answer.text)
    assert count() == 0


@pytest.mark.parametrize(
    ("language", "written", "area"),
    [
        ("en", "298.61", 298.61), ("id", "298,61", 298.61), ("en", "1,234.5", 1234.5),
        ("id", "1.234,5", 1234.5), ("en", "1,234", 1234.0), ("id", "1.234", 1234.0),
        ("id", "298.61", 298.61), ("en", "12,5", 12.5), ("en", "45016", 45016.0),
        ("en", "1,234,567", None), ("en", "1.2.3", None), ("en", "x", None), ("en", "5.", None),
        ("en", "", -1),
    ],
)  # fmt: skip
def test_area_is_read_in_the_readers_language(
    app: Flask, language: str, written: str, area: float | None
) -> None:
    """Where a point may part thousands or decimals."""
    headers = {"Accept-Language": language}
    with app.test_request_context(method="POST", data={"area_km2": written}, headers=headers):
        form = ApplyForm()
        form.validate()
        is_wrong = bool(form.area_km2.errors)
        assert is_wrong is (area is None and written != "1,234,567")
        if area is not None:
            assert form.area_km2.data == (None if area == -1 else area)


def test_nothing_typed_is_lost(client: FlaskClient) -> None:
    """Nor the file, which is carried by a signed reference."""
    answer = send(client, typed(email="sari", file=letter("surat niat.pdf")))
    assert answer.status_code == 422
    page = unescape(answer.text)
    for words in ("Sari Wulandari", "Planning agency", "We licensed online.", "+62 911 123456"):
        assert words in page
    assert "surat niat.pdf" in page
    assert re.search(r'checked[^>]*name="consent"', page)
    again = send(client, typed(kept=kept_in(page)))
    assert again.status_code == 302
    files = db.session().scalars(select(ApplicationFile)).all()
    assert [(one.name, one.application_id) for one in files] == [("surat niat.pdf", newest().id)]


@pytest.mark.parametrize("token", ["1", "x" * 50, "x" * 500, "MQ.abc.def", ""])
def test_file_is_not_taken_by_its_number(client: FlaskClient, token: str) -> None:
    """Only by a reference that this network signed."""
    send(client, typed(email="sari", file=letter()))
    send(client, typed(kept=token))
    taken = select(ApplicationFile).where(ApplicationFile.application_id.is_not(None))
    assert db.session().scalars(taken).all() == []


def test_reference_to_a_file_ends_after_three_days(client: FlaskClient) -> None:
    """As the file itself does."""
    token = kept_in(send(client, typed(email="sari", file=letter())).text)
    with clock.moved(timedelta(days=4)):
        assert send(client, typed(kept=token)).status_code == 302
    assert db.session().scalars(select(ApplicationFile.application_id)).all() == [None]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("letter.pdf", b"MZ\x90\0 a program"), ("letter.html", b"<script>alert(1)</script>"),
        ("letter.svg", b'<svg xmlns="http://www.w3.org/2000/svg" onload="x()"/>'),
        ("letter.pdf", b""), ("letter.docx", b"PK\x03\x04" + b"\0" * 40),
        ("letter.png", b"\x89PNG\r\n\x1a\n" + b"\0" * 40),
    ],
)  # fmt: skip
def test_file_of_a_wrong_kind_is_refused(client: FlaskClient, name: str, content: bytes) -> None:
    """By its content, in a sentence; the rest stays."""
    answer = send(client, typed(file=letter(name, content)))
    assert answer.status_code == 422
    assert 'id="file-error"' in answer.text
    assert "Sari Wulandari" in answer.text
    assert count() == 0


def test_request_that_is_far_too_large_is_refused(client: FlaskClient) -> None:
    """Before it is read."""
    kind = "multipart/form-data; boundary=x"
    for path in ("/join/apply", f"/join/{'x' * 43}/add", "/join/register"):
        answer = client.post(path, data=b"--x\r\n" + b"x" * 7_000_000, content_type=kind)
        assert answer.status_code == 413


@pytest.mark.parametrize("field", ["contact_name", "office", "email", "note", "phone", "kind"])
@pytest.mark.parametrize("text", ["x" * 100_000, "\0", "\r\nBcc: all@world.example", "=1+1"])
def test_fields_bear_whatever_is_posted(
    app: Flask, client: FlaskClient, field: str, text: str
) -> None:
    """It is refused, or does no harm in a mail's head."""
    answer = send(client, typed(**{field: text}))
    assert answer.status_code in (302, 422)
    for mail in applicants.mails(app):
        assert "all@world.example" not in str(mail.to) + str(mail.subject)


@pytest.mark.parametrize("missing", ["contact_name", "office", "email", "consent", "kind"])
def test_what_is_needed_is_asked_for(client: FlaskClient, missing: str) -> None:
    """By its field."""
    data = typed()
    del data[missing]
    answer = send(client, data)
    assert answer.status_code == 422
    assert f'href="#{missing}"' in answer.text
    assert count() == 0


@pytest.mark.parametrize("city", ["atlantis", "", "x" * 500, "../../etc"])
def test_unknown_city_is_not_found(client: FlaskClient, city: str) -> None:
    """In the form, where the choice begins anew without one."""
    assert send(client, typed(city=city)).status_code == 404


def test_applications_from_one_address_are_throttled(client: FlaskClient) -> None:
    """After twenty in an hour; what was typed stays."""
    for _number in range(20):
        send(client, typed(email="sari"))
    answer = send(client, typed())
    assert answer.status_code == 429
    assert "too many tries" in answer.text
    assert "Sari Wulandari" in answer.text
    assert count() == 0


def test_mails_to_one_address_are_throttled(app: Flask, client: FlaskClient) -> None:
    """Nobody fills another's mailbox, with applications or with lost links."""
    for _number in range(7):
        send(client, typed())
        network.post(client, "/join/link", {"email": "Sari@ambon.example"})
    assert len(applicants.mails_to(app, "sari@ambon.example")) <= 5
    assert count() <= 5


def test_lost_link_answers_the_same_for_whoever_asks(app: Flask, client: FlaskClient) -> None:
    """Known, unknown, too often."""
    applicants.confirmed(app)
    answers = [
        network.post(client, "/join/link", {"email": email})
        for email in ("sari@ambon.example", "nobody@ambon.example", *["victim@x.example"] * 7)
    ]
    pages = {re.sub(r'value="[^"]+"', "", one.text) for one in answers}
    assert {one.status_code for one in answers} == {200}
    assert len(pages) == 1
    assert len(applicants.mails_to(app, "sari@ambon.example")) == 3
    assert applicants.mails_to(app, "nobody@ambon.example") == []


def test_lost_link_is_throttled_per_address_of_the_network(client: FlaskClient) -> None:
    """After ten in an hour."""
    for number in range(10):
        network.post(client, "/join/link", {"email": f"{number}@x.example"})
    assert network.post(client, "/join/link", {"email": "11@x.example"}).status_code == 429
    assert network.post(client, "/join/link", {"email": ""}).status_code == 429


def test_used_and_old_links_say_what_to_do(app: Flask, client: FlaskClient) -> None:
    """With the way to a new one."""
    path = applicants.applied(app)
    with clock.moved(timedelta(days=8)):
        assert client.get(path).status_code == 410
        assert network.post(client, path).status_code == 410
    assert network.post(client, path).status_code == 302
    again = client.get(path)
    assert again.status_code == 410
    assert 'href="/join/link"' in again.text
    assert network.post(client, path).status_code == 410


@pytest.mark.parametrize(
    "path",
    ["", "/withdraw", "/files/1"],
)
@pytest.mark.parametrize("kind", ["altered", "of another kind", "short", "too old"])
def test_link_that_is_not_good_is_not_found(
    app: Flask, client: FlaskClient, path: str, kind: str
) -> None:
    """Whatever is wrong with it."""
    _application, page = applicants.confirmed(app)
    wrong = {
        "altered": page[:-1] + ("A" if page[-1] != "A" else "B"),
        "of another kind": f"/join/{applicants.applied(app).rpartition('/')[2]}",
        "short": page[:-3], "too old": page,
    }[kind]  # fmt: skip
    with clock.moved(timedelta(days=800 if kind == "too old" else 0)):
        assert client.get(wrong + path).status_code == 404
        if path == "/withdraw":
            assert network.post(client, wrong + path).status_code == 404
            assert network.post(client, f"{wrong}/add", {"text": "x"}).status_code == 404


def test_private_pages_are_kept_private(app: Flask, client: FlaskClient) -> None:
    """From search engines, other sites and shared browsers."""
    confirm = applicants.applied(app, email="dewi@ambon.example")
    _application, page = applicants.confirmed(app)
    for path in (confirm, page, f"{page}/withdraw"):
        headers = client.get(path).headers
        assert headers["X-Robots-Tag"] == "noindex, nofollow"
        assert headers["Referrer-Policy"] == "same-origin"
        assert headers["Cache-Control"] == "no-store"
        assert 'name="robots" content="noindex, nofollow"' in client.get(path).text
    assert "X-Robots-Tag" not in client.get("/join").headers


def test_applicant_answers_and_downloads_own_papers(app: Flask, client: FlaskClient) -> None:
    """As a download that does nothing in a browser."""
    _application, page = applicants.confirmed(app)
    data = {"text": "Here it is.", "file": letter("letter.pdf")}
    shown = network.post(client, f"{page}/add", data, follow_redirects=True).text
    assert "The secretariat has it now." in shown
    assert "Here it is." in shown
    path = re.search(rf'href="({page}/files/\d+)"', shown)
    assert path
    answer = client.get(path.group(1))
    assert answer.data == applicants.PDF
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["Content-Security-Policy"].startswith("sandbox")


def test_answer_with_a_bad_file_keeps_the_text(app: Flask, client: FlaskClient) -> None:
    """And an answer without text keeps the file."""
    _application, page = applicants.confirmed(app)
    data = {"text": "Long words.", "file": letter("a.exe", b"MZ\x90")}
    answer = network.post(client, f"{page}/add", data)
    assert answer.status_code == 422
    assert "Long words." in answer.text
    answer = network.post(client, f"{page}/add", {"text": "x" * 5001, "file": letter()})
    assert answer.status_code == 422
    token = kept_in(answer.text)
    assert network.post(client, f"{page}/add", {"text": "", "kept": token}).status_code == 302


def test_adding_is_throttled(app: Flask, client: FlaskClient) -> None:
    """What was typed stays."""
    _application, page = applicants.confirmed(app)
    for _number in range(30):
        network.post(client, f"{page}/add", {"text": ""})
    answer = network.post(client, f"{page}/add", {"text": "The last one"})
    assert answer.status_code == 429
    assert "The last one" in answer.text


def test_applicant_withdraws_after_a_question(app: Flask, client: FlaskClient) -> None:
    """And reads that it is done."""
    application, page = applicants.confirmed(app)
    assert "cannot be undone" in client.get(f"{page}/withdraw").text
    shown = network.post(client, f"{page}/withdraw", follow_redirects=True).text
    assert "The application is withdrawn" in shown
    assert "Add something" not in shown
    assert "Nothing can be changed now." in client.get(f"{page}/withdraw").text
    assert network.post(client, f"{page}/withdraw").status_code == 409
    assert network.post(client, f"{page}/add", {"text": "x"}).status_code == 409
    db.session().refresh(application)
    assert application.state == AppState.WITHDRAWN


def test_page_shows_nothing_of_another_applicant(app: Flask, client: FlaskClient) -> None:
    """Neither words nor papers, in either direction."""
    first = typed(file=letter("first.pdf"), note="First note")
    second = typed(
        file=letter("second.pdf"), note="Second note", email="dewi@ambon.example",
        contact_name="Dewi Lestari", office="Mayor",
    )  # fmt: skip
    pages = []
    for data in (first, second):
        send(client, data)
        path = applicants.link_in(applicants.mails_to(app, data["email"])[-1])
        pages.append(network.post(client, path).headers["Location"])
    applications.add(pages[0].rpartition("/")[2], "Message of the first", [])
    mine, others = client.get(pages[1]).text, client.get(pages[0]).text
    for words in ("Sari", "sari@", "First note", "first.pdf", "Planning", "Message of the first"):
        assert words not in mine
    for words in ("Dewi", "dewi@", "Second note", "second.pdf", "Mayor"):
        assert words not in others
    assert "Joined to an earlier application" in mine
    paper = db.session().scalars(select(ApplicationFile.id).order_by(ApplicationFile.id)).first()
    assert client.get(f"{pages[0]}/files/{paper}").status_code == 200
    assert client.get(f"{pages[1]}/files/{paper}").status_code == 404
    assert client.get(f"{pages[1]}/files/999999").status_code == 404


@pytest.mark.parametrize("path", ["/join/apply", "/join/link"])
def test_form_from_another_site_is_refused(client: FlaskClient, path: str) -> None:
    """Without the token nothing is taken."""
    answer = client.post(path, data=typed(), headers={"Origin": "https://evil.example"})
    assert answer.status_code == 400
    assert count() == 0


def test_pages_read_the_same_number_of_rows_with_many_applications(app: Flask) -> None:
    """The private page costs a fixed number of queries."""
    _application, page = applicants.confirmed(app)
    few = _queries(lambda: queries.followed(page.rpartition("/")[2]))
    for number in range(4):
        applications.add(page.rpartition("/")[2], f"Note {number}", [])
        applicants.confirmed(app, email=f"p{number}@ambon.example")
    assert _queries(lambda: queries.followed(page.rpartition("/")[2])) == few


def _queries(read: Any) -> int:
    counted: list[str] = []
    db.session().expunge_all()

    def count_one(*args: Any) -> None:
        counted.append(str(args[2]))

    event.listen(db.db.engine, "before_cursor_execute", count_one)
    try:
        read()
    finally:
        event.remove(db.db.engine, "before_cursor_execute", count_one)
    return len(counted)
