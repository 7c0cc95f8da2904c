"""The desk of memberships: the list, one case, and each step with its page."""

from __future__ import annotations

import contextvars
import csv
import io
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from threading import Barrier

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, func, insert, select

from citynet.accounts.models import Person
from citynet.cities import queries as cities
from citynet.cities import service, terms
from citynet.cities.models import (
    Category,
    City,
    Kind,
    Matter,
    Membership,
    Official,
    Role,
    Standing,
)
from citynet.kit import audit, clock, db
from tests import network

SIDOARJO = "/admin/memberships/kabupaten-sidoarjo"
STEPS = ("active", "suspended", "lapsed", "ended", "renewal", "term", "category", "data")


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


def membership(slug: str = "seoul") -> Membership:
    """Return a membership as the database has it."""
    db.session().expire_all()
    found = cities.membership_of(cities.get_city(slug).id)
    assert found is not None
    return found


def audited(action: str) -> int:
    """Return how often an act stands in the audit log."""
    wanted = select(func.count()).where(audit.Entry.action == action)
    return db.session().scalar(wanted) or 0


def test_memberships_show_applications_first_with_their_steps(admin: FlaskClient) -> None:
    """An applicant is admitted from here; every other step stands on the city's page."""
    page = admin.get("/admin/memberships").text
    assert page.index("Pendingtown") < page.index("Kabupaten Sidoarjo")
    assert 'href="/admin/memberships/pending/active"' in page
    assert 'href="/admin/memberships/seoul/active"' not in page


def test_memberships_are_filtered_and_searched(admin: FlaskClient) -> None:
    """By standing, and by part of the name."""
    suspended = admin.get("/admin/memberships?standing=suspended").text
    assert "Suspendedtown" in suspended
    assert "Pendingtown" not in suspended
    found = admin.get("/admin/memberships?q=sido").text
    assert "Kabupaten Sidoarjo" in found
    assert "Suspendedtown" not in found
    assert "Nothing fits these filters" in admin.get("/admin/memberships?standing=lapsed").text
    assert "Pendingtown" in admin.get("/admin/memberships?standing=nonsense").text


@pytest.mark.parametrize("path", ["atlantis/active", "kota-ambon/active", "atlantis/renewal"])
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
    entry = db.session().scalars(select(audit.Entry).order_by(audit.Entry.position.desc())).first()
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
    for words in (
        "lead@sidoarjo.example",
        "Active member",
        "Ada",
        "Business permits in one visit",
        "Published: 1",
        "never",
        "Chapter of the Example Sea",
        "From the audit log",
    ):
        assert words in page
    assert "Nobody acts for this city yet" not in page


# --- the list ---


def rows(browser: FlaskClient, query: str = "") -> list[dict[str, str]]:
    """Return the exported list as a spreadsheet reads it."""
    answer = browser.get(f"/admin/memberships?form=csv&{query}", buffered=True)
    assert answer.status_code == 200
    return list(csv.DictReader(io.StringIO(answer.get_data().decode("utf-8-sig"))))


def cities_in(browser: FlaskClient, query: str = "") -> list[str]:
    """Return the cities of the list, in its order."""
    return [row["City"] for row in rows(browser, query)]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("standing=active&sort=city", ["Seoul", "Kabupaten Sidoarjo"]),
        ("standing=active&sort=-city", ["Kabupaten Sidoarjo", "Seoul"]),
        ("category=associate", ["Seoul"]),
        ("country=FJ", ["Pendingtown"]),
        ("chapter=chapter&sort=country", ["Pendingtown", "Kabupaten Sidoarjo"]),
        ("chapter=-&sort=country", ["Seoul", "Suspendedtown"]),
        ("term=soon", ["Kabupaten Sidoarjo"]),
        ("lead=none", ["Suspendedtown"]),
        ("q=jawa", ["Kabupaten Sidoarjo"]),
        ("term=soon&lead=none", []),
        ("standing=nonsense&country=&q=%00&sort=drop&chapter=%27", None),
    ],
)
def test_list_is_filtered_sorted_and_exported_alike(
    app: Flask, admin: FlaskClient, query: str, found: list[str] | None
) -> None:
    """What an address says that is no filter is left out."""

    @db.transaction
    def prepare() -> None:
        associate = cities.membership_of(cities.get_city("seoul").id)
        assert associate is not None
        associate.category = Category.ASSOCIATE
        soon = cities.membership_of(cities.get_city("kabupaten-sidoarjo").id)
        assert soon is not None
        soon.until_day = terms.today() + timedelta(days=60)
        city = cities.get_city("suspended")
        lead = select(Official).where(Official.city_id == city.id, Official.role == Role.LEAD)
        db.session().scalars(lead).one().role = Role.OFFICIAL

    prepare()
    everyone = ["Pendingtown", "Kabupaten Sidoarjo", "Seoul", "Suspendedtown"]
    got = cities_in(admin, query)
    assert got == found if found is not None else sorted(got) == sorted(everyone)
    page = admin.get(f"/admin/memberships?{query}").text
    for name in everyone:
        assert (f">{name}</a>" in page) is (name in got)


def test_list_tells_numbers_and_days(app: Flask, admin: FlaskClient) -> None:
    """Officials, practices, since and until."""
    network.write_to("published", visibility="members")
    row = next(one for one in rows(admin) if one["City"] == "Kabupaten Sidoarjo")
    assert (row["Officials"], row["Practices"], row["Category"]) == ("2", "1", "full")
    assert row["Until"] == str(membership("kabupaten-sidoarjo").until_day)
    assert row["Lead"] == "sidoarjo lead"


def test_chapter_sees_and_exports_its_own_cities_only(app: Flask, admin: FlaskClient) -> None:
    """Whatever it asks for; the numbers on the chips count the same."""
    browser = network.client_of(app, "chapter")
    for query in ("", "standing=active", "chapter=-", "q=seoul", "lead=none"):
        assert set(cities_in(browser, query)) <= {"Kabupaten Sidoarjo", "Pendingtown"}
    page = browser.get("/admin/memberships").text
    assert "Seoul" not in page
    assert "South Korea" not in page


def test_list_costs_the_same_queries_with_two_thousand_cities(
    app: Flask, admin: FlaskClient
) -> None:
    """Filtered, sorted and on its last page, too."""
    few = [queries_of(admin, query) for query in QUERIES]
    many_cities(2_000)
    assert [queries_of(admin, query) for query in QUERIES] == few
    assert max(few) <= 14


QUERIES = (
    "",
    "sort=-practices",
    "term=soon&lead=none",
    "page=2",
    "q=town&sort=until",
    "sort=-officials",
)


def queries_of(browser: FlaskClient, query: str) -> int:
    """Return how many queries a page of the list costs."""
    said: list[str] = []

    def note(_c: object, _k: object, words: str, *_rest: object) -> None:
        said.append(words)

    event.listen(db.db.engine, "before_cursor_execute", note)
    try:
        assert browser.get(f"/admin/memberships?{query}").status_code == 200
    finally:
        event.remove(db.db.engine, "before_cursor_execute", note)
    return len(said)


@db.transaction
def many_cities(count: int) -> None:
    """Add active members."""
    places = [
        {"slug": f"town-{number}", "code": f"x:{number}", "name": f"Town {number}",
         "kind": "city", "country": "KR", "latitude": 1.0, "longitude": 1.0}
        for number in range(count)
    ]  # fmt: skip
    db.session().execute(insert(City), places)
    ids = db.session().scalars(select(City.id).where(City.slug.startswith("town-")))
    found = [
        {"city_id": one, "standing": "active", "category": "full", "from_day": date(2020, 1, 1),
         "until_day": terms.today() + timedelta(days=one % 400)}
        for one in ids
    ]  # fmt: skip
    db.session().execute(insert(Membership), found)


# --- the steps ---


@pytest.mark.parametrize("step", ["", *(f"/{one}" for one in STEPS)])
@pytest.mark.parametrize("role", ["visitor", "lead", "suspended", "nobody's", "rival chapter"])
def test_case_and_steps_are_closed_to_others(app: Flask, role: str, step: str) -> None:
    """A visitor signs in first; the secretariat of another chapter does not find the city."""
    if role == "rival chapter":
        service.take_out(network.actor("secretariat"), [cities.get_city("kabupaten-sidoarjo")])
        browser, status = network.client_of(app, "chapter"), 404
    else:
        browser = network.client_of(app, role)
        status = 302 if role == "visitor" else 403
    refused = 401 if role == "visitor" else status
    before = cities.history(membership("kabupaten-sidoarjo"))
    assert browser.get(SIDOARJO + step).status_code == status
    if step:
        data = {"reason": "x", "until": "2039-01-01", "category": "associate", "from": "2020-01-01"}
        assert network.post(browser, SIDOARJO + step, data).status_code == refused
    assert len(cities.history(membership("kabupaten-sidoarjo"))) == len(before)


@pytest.mark.parametrize("step", ["", *(f"/{one}" for one in STEPS)])
def test_own_chapter_opens_case_and_steps(app: Flask, step: str) -> None:
    """Each page has one main heading."""
    answer = network.client_of(app, "chapter").get(SIDOARJO + step)
    assert answer.status_code == 200
    assert answer.text.count("<h1") == 1


def test_admission_asks_for_category_and_end(admin: FlaskClient) -> None:
    """The usual end stands there already; it is written into the history."""
    page = admin.get("/admin/memberships/pending/active").text
    usual = terms.usual_end(terms.today())
    assert f'value="{usual}"' in page
    data = {"reason": "Complete", "seen": "applied", "category": "associate", "until": ""}
    page = network.post(
        admin, "/admin/memberships/pending/active", data, follow_redirects=True
    ).text
    assert "Associate member" in page
    assert "without an end" in page
    assert membership("pending").until_day is None


@pytest.mark.parametrize(
    ("until", "words"),
    [
        ("2020-01-01", "This day is past."),
        ("soon", "Write a day as year-month-day"),
        ("2027-13-01", "Write a day as year-month-day"),
        ("9999-01-01", "too far ahead"),
        ("2" * 5000, "Write a day as year-month-day"),
    ],
)
def test_end_that_cannot_be_keeps_what_was_typed(
    admin: FlaskClient, until: str, words: str
) -> None:
    """The field is named, the reason stands there again."""
    data = {"reason": "Paid on 3 May", "seen": "applied", "until": until, "category": "full"}
    answer = network.post(admin, "/admin/memberships/pending/active", data)
    assert answer.status_code == 422
    assert words in answer.text
    assert ">Paid on 3 May</textarea>" in answer.text
    assert standing_of("pending") == Standing.APPLIED


def test_renewal_prolongs_by_the_usual_term(admin: FlaskClient) -> None:
    """From the day after the present end; the history tells who and why."""
    last = membership().until_day
    assert last is not None
    usual = terms.renewed_end(last)
    page = admin.get("/admin/memberships/seoul/renewal").text
    assert f'value="{usual}"' in page
    data = {"until": str(usual), "seen_until": str(last), "reason": "Fee 2027"}
    page = network.post(admin, "/admin/memberships/seoul/renewal", data, follow_redirects=True).text
    assert "The membership of Seoul is renewed." in page
    assert "Membership renewed" in page
    assert "Fee 2027" in page
    assert membership().until_day == usual


def test_second_renewal_shows_the_first(admin: FlaskClient) -> None:
    """With what was typed, and nothing is added."""
    last = membership().until_day
    assert last is not None
    data = {"until": str(terms.renewed_end(last)), "seen_until": str(last), "reason": "First"}
    assert network.post(admin, "/admin/memberships/seoul/renewal", data).status_code == 302
    data |= {"until": str(last + timedelta(days=800)), "reason": "Second"}
    answer = network.post(admin, "/admin/memberships/seoul/renewal", data)
    assert answer.status_code == 409
    assert "Somebody changed the term before you." in answer.text
    assert "Second" in answer.text


@pytest.mark.parametrize("seen", ["", "2020-01-01", "never"])
def test_altered_page_renews_nothing(admin: FlaskClient, seen: str) -> None:
    """What was seen must be what stands there."""
    last = membership().until_day
    data = {"until": "2035-01-01", "seen_until": seen, "reason": "x"}
    answer = network.post(admin, "/admin/memberships/seoul/renewal", data)
    assert answer.status_code in (409, 422)
    assert membership().until_day == last


def test_lapsed_city_is_renewed_from_its_page(admin: FlaskClient) -> None:
    """The button stands there in place of restoring it."""
    network.post(admin, "/admin/memberships/seoul/lapsed", {"reason": "Silence"})
    page = admin.get("/admin/memberships/seoul").text
    assert 'href="/admin/memberships/seoul/renewal"' in page
    assert 'href="/admin/memberships/seoul/active"' not in page
    data = {"until": "", "seen_until": str(membership().until_day), "reason": "Paid"}
    assert network.post(admin, "/admin/memberships/seoul/renewal", data).status_code == 302
    assert standing_of("seoul") == Standing.ACTIVE


def test_term_is_corrected_and_told(admin: FlaskClient) -> None:
    """Before and after."""
    data = {"from": "2019-10-16", "until": "", "seen_until": str(membership().until_day),
            "reason": "Kupang, not the letter"}  # fmt: skip
    page = network.post(admin, "/admin/memberships/seoul/term", data, follow_redirects=True).text
    assert "The term of Seoul is corrected." in page
    assert "16 October 2019" in page
    assert cities.history(membership())[0].matter == Matter.TERM
    again = network.post(admin, "/admin/memberships/seoul/term", {**data, "seen_until": ""})
    assert again.status_code == 409
    assert network.post(
        admin, "/admin/memberships/seoul/term", {**data, "seen_until": "", "from": ""}
    ).status_code == 422  # fmt: skip


def test_category_is_changed_with_a_reason(admin: FlaskClient) -> None:
    """And is history."""
    data = {"category": "associate", "seen": "full", "reason": "By its wish"}
    path = "/admin/memberships/seoul/category"
    page = network.post(admin, path, data, follow_redirects=True).text
    assert "Full member → Associate member" in page
    assert network.post(admin, path, data).status_code == 409
    assert network.post(admin, path, {**data, "category": "king"}).status_code == 422
    assert network.post(admin, path, {**data, "reason": " "}).status_code == 422


DATA = {
    "name": "Seoul", "kind": "city", "population": "9 411 000", "population_year": "2024",
    "area_km2": "605,2", "latitude": "37.5665", "longitude": "126.978",
}  # fmt: skip


def test_citys_data_are_corrected(admin: FlaskClient, client: FlaskClient) -> None:
    """As people write numbers; the public page shows them."""
    page = network.post(
        admin, "/admin/memberships/seoul/data", DATA, follow_redirects=True
    ).text  # fmt: skip
    assert "The data of Seoul are corrected." in page
    found = cities.get_city("seoul")
    assert (found.population, found.area_km2) == (9411000, 605.2)
    assert "605.2 km²" in client.get("/cities/seoul").text
    assert audited("city.corrected") == 1


@pytest.mark.parametrize(
    ("field", "value"),
    [("name", ""), ("kind", "empire"), ("population", "many"), ("population", "1.5"),
     ("population", "1e5"), ("population", "--5"), ("area_km2", "nan"), ("area_km2", "inf"),
     ("latitude", ""), ("latitude", "91"), ("longitude", "9" * 400),
     ("population_year", "0"), ("name", "x" * 121)],
)  # fmt: skip
def test_data_that_cannot_be_are_refused(admin: FlaskClient, field: str, value: str) -> None:
    """And what was typed stands there again."""
    answer = network.post(admin, "/admin/memberships/seoul/data", {**DATA, field: value})
    assert answer.status_code == 422
    assert "9 411 000" in answer.text or field == "population"
    assert cities.get_city("seoul").population is None


def test_second_correction_shows_what_stands_now(admin: FlaskClient) -> None:
    """The first page's mark no longer fits."""
    seen = service.mark_of(cities.get_city("seoul"))
    path = "/admin/memberships/seoul/data"
    assert network.post(admin, path, {**DATA, "seen": seen}).status_code == 302
    answer = network.post(admin, path, {**DATA, "population": "5", "seen": seen})
    assert answer.status_code == 409
    assert cities.get_city("seoul").population == 9411000


def test_script_in_a_name_stays_text(admin: FlaskClient, client: FlaskClient) -> None:
    """On the desk and outside."""
    name = "<script>alert(1)</script>"
    network.post(admin, "/admin/memberships/seoul/data", {**DATA, "name": name})
    for page in (admin.get("/admin/memberships").text, client.get("/cities/seoul").text):
        assert "<script>alert" not in page
        assert "&lt;script&gt;alert" in page


def test_city_changes_its_chapter(app: Flask, admin: FlaskClient) -> None:
    """At once for its secretariat; a chapter's own moves nothing."""
    path = f"{SIDOARJO}/chapter"
    own = network.client_of(app, "chapter")
    assert own.get(path).status_code == 403
    assert network.post(own, path, {"chapter": ""}).status_code == 403
    assert network.post(admin, path, {"chapter": "nowhere"}).status_code == 404
    assert network.post(admin, path, {"chapter": ""}).status_code == 302
    assert own.get(SIDOARJO).status_code == 404
    assert network.post(admin, path, {"chapter": "chapter"}).status_code == 302
    assert own.get(SIDOARJO).status_code == 200


# --- what the city's own people see ---


@pytest.mark.parametrize("after", ["suspended", "ended", "lapsed"])
def test_own_officials_read_why_and_nobody_else_does(
    app: Flask, admin: FlaskClient, client: FlaskClient, after: str
) -> None:
    """On their work page; reading stays, writing ends."""
    official = network.client_of(app, "rival")
    practice = network.write_to("published", "rival")
    network.post(admin, f"/admin/memberships/seoul/{after}", {"reason": "Canary: no <b>lead</b>"})
    page = official.get("/work").text
    assert "Canary: no &lt;b&gt;lead&lt;/b&gt;" in page
    assert "Ada" not in page
    for browser in (client, network.client_of(app, "official"), network.client_of(app, "lead")):
        for path in ("/cities/seoul", f"/practices/{practice.slug}", "/work"):
            assert "Canary" not in browser.get(path, follow_redirects=True).text
    assert official.get(f"/practices/{practice.slug}").status_code == 200
    for path in ("/practices/new", f"/practices/{practice.slug}/edit/name"):
        assert official.get(path).status_code == 403
        assert network.post(official, path, network.form_data()).status_code == 403


@pytest.mark.parametrize(
    ("after", "mark"),
    [("suspended", "Membership suspended"), ("lapsed", "Membership lapsed"),
     ("ended", "Former member")],
)  # fmt: skip
def test_practices_of_former_members_are_marked_everywhere(
    app: Flask, admin: FlaskClient, client: FlaskClient, after: str, mark: str
) -> None:
    """On cards, in search, on the page itself; and no longer after the return."""
    practice = network.write_to("published", "rival")
    pages = ("/", "/practices/", "/search?q=permits", "/cities/seoul", "/topics/licensing")
    for path in pages:
        assert mark not in _cards(client.get(path).text), path
    network.post(admin, f"/admin/memberships/seoul/{after}", {"reason": "x"})
    for path in pages:
        assert mark in _cards(client.get(path).text), path
    assert "has changed" in client.get(f"/practices/{practice.slug}").text
    service.change_standing(
        network.actor("secretariat"), cities.get_city("seoul"), Standing.ACTIVE, reason="Back"
    )
    assert mark not in _cards(client.get("/practices/").text)


def _cards(page: str) -> str:
    """Return what the cards of a page hold."""
    return "".join(
        part.split("</article>")[0] for part in page.split('<article class="cn-card')[1:]
    )


def test_term_is_shown_to_the_city_and_not_to_others(app: Flask) -> None:
    """The public learns category and standing."""
    words = "Term"
    own, rival = network.client_of(app, "rival"), network.client_of(app, "official")
    assert f"<dt>{words}</dt>" in own.get("/cities/seoul").text
    assert f"<dt>{words}</dt>" not in rival.get("/cities/seoul").text
    assert "Full member" in rival.get("/cities/seoul").text


def test_renewals_are_no_news_to_the_public(app: Flask, client: FlaskClient) -> None:
    """The history outside holds the changes of standing."""
    last = membership().until_day
    service.renew(network.actor("secretariat"), cities.get_city("seoul"), until=None, reason="x",
                  seen_until=last)  # fmt: skip
    assert "Membership renewed" not in client.get("/cities/seoul").text
    assert "Membership renewed" in network.client_of(app, "rival").get("/cities/seoul").text


def test_city_page_names_its_chapter(client: FlaskClient) -> None:
    """In one line."""
    assert "Chapter of the Example Sea" in client.get("/cities/kabupaten-sidoarjo").text
    assert "<dt>Chapter</dt>" not in client.get("/cities/seoul").text


def test_day_moves_on_while_the_page_is_open(admin: FlaskClient) -> None:
    """A day that was ahead when the page was shown and is past now is refused."""
    usual = terms.usual_end(terms.today())
    data = {"reason": "x", "seen": "applied", "category": "full", "until": str(usual)}
    with clock.moved(timedelta(days=400)):
        fresh = network.client_of(admin.application, "secretariat")
        answer = network.post(fresh, "/admin/memberships/pending/active", data)
    assert answer.status_code == 422
    assert standing_of("pending") == Standing.APPLIED


def test_deactivated_lead_leaves_the_city_without_one(app: Flask, admin: FlaskClient) -> None:
    """The list and the page tell."""

    @db.transaction
    def close() -> None:
        wanted = select(Person).where(Person.email == "lead@seoul.example")
        db.session().scalars(wanted).one().deactivated_at = clock.now()

    close()
    assert cities_in(admin, "lead=none") == ["Seoul"]
    assert "Deactivated" in admin.get("/admin/memberships/seoul").text
