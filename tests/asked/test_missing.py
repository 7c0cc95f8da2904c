"""What the network lacks: anybody tells it, the right secretariat reads and settles it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from citynet.asked import queries, service
from citynet.asked.models import MissingReport, State
from citynet.kit import audit, clock, db, personal
from citynet.kit.errors import Conflict, Forbidden, Invalid, NotFound
from tests import network

WORDS = "We are a town of islands.\n\nBoats are dear."


def every() -> list[MissingReport]:
    """Return the reports, oldest first, as they are now."""
    wanted = select(MissingReport).order_by(MissingReport.id)
    return list(db.session().scalars(wanted.execution_options(populate_existing=True)))


def tell(app: Flask, role: str = "visitor", q: str = "ferry waste", words: str = WORDS) -> int:
    """Report as a role through the form and return the status."""
    browser = network.client_of(app, role)
    status: int = network.post(browser, "/search/missing", {"q": q, "words": words}).status_code
    return status


def report(role: str, query: str = "ferry waste", words: str = "") -> int:
    """Report as a role and return the report's number."""
    return service.report(network.actor(role), query, words).id


def test_visitor_tells_and_nothing_of_them_is_kept(app: Flask, client: FlaskClient) -> None:
    """The page that comes says what happens now."""
    form = client.get("/search/missing?q=ferry+waste").text
    assert 'value="ferry waste"' in form
    assert "without your name or address" in form
    answer = network.post(
        client, "/search/missing", {"q": " Ferry  waste ", "words": WORDS}, follow_redirects=True
    )
    assert "Thank you: it is written down" in answer.text
    assert "Look through the topics" in answer.text
    (one,) = every()
    assert (one.query, one.folded, one.words) == ("Ferry waste", "ferry waste", WORDS)
    assert (one.person_id, one.city_id, one.state) == (None, None, State.OPEN)


def test_official_is_named_with_their_city(app: Flask) -> None:
    """The form says so before it is sent, and telling it twice is telling it once."""
    browser = network.client_of(app, "official")
    assert "with your name and Kabupaten Sidoarjo" in browser.get("/search/missing").text
    for words in ("first", "second", ""):
        assert tell(app, "official", "Ferry waste?", words) == 303
    (one,) = every()
    actor = network.actor("official")
    assert (one.person_id, one.city_id, one.words) == (actor.person_id, actor.city_id, "second")


@pytest.mark.parametrize("role", ["suspended", "pending", "nobody's", "secretariat", "chapter"])
def test_everybody_may_tell(app: Flask, role: str) -> None:
    """Also who may write nothing else."""
    assert tell(app, role) == 303
    assert every()[0].person_id == network.actor(role).person_id


@pytest.mark.parametrize(
    ("q", "words", "told"),
    [
        ("", "", "Write what you looked for"),
        (" ?! ", "", "Write what you looked for"),
        ("x" * 201, "", "Write what you looked for"),
        ("\u200b\u202e", "", "Write what you looked for"),
        ("ferry", "x" * 1001, "Write at most 1,000 characters"),
        ("ferry", "x" * 1_000_000, "Write at most 1,000 characters"),
    ],
)
def test_what_cannot_be_taken_comes_back_with_what_was_typed(
    client: FlaskClient, q: str, words: str, told: str
) -> None:
    """Nothing is kept."""
    answer = network.post(client, "/search/missing", {"q": q, "words": words})
    assert answer.status_code == 422
    assert told in answer.text
    assert words[:2000] in answer.text
    assert every() == []


def test_forged_form_is_refused(app: Flask, client: FlaskClient) -> None:
    """It needs the page's token."""
    assert client.post("/search/missing", data={"q": "ferry"}).status_code == 400
    assert every() == []


def test_stranger_is_stopped_after_ten_an_hour(app: Flask, client: FlaskClient) -> None:
    """With what was typed on the page; an hour later they may again."""
    for number in range(10):
        answer = network.post(client, "/search/missing", {"q": f"ferry {number}"})
        assert answer.status_code == 303
    late = network.post(client, "/search/missing", {"q": "ferry eleven", "words": WORDS})
    assert late.status_code == 429
    assert "Wait an hour" in late.text
    assert "ferry eleven" in late.text
    assert len(every()) == 10
    with clock.moved(timedelta(minutes=61)):
        assert network.post(client, "/search/missing", {"q": "ferry"}).status_code == 303


def test_script_stays_text_on_every_page(app: Flask) -> None:
    """On the form, the desk's list, the report and the export."""
    script = "<script>alert(1)</script>"
    assert tell(app, "visitor", f"q{script}", script) == 303
    admin = network.client_of(app, "secretariat")
    for path in ("/admin/missing", f"/admin/missing/{every()[0].id}"):
        page = admin.get(path).text
        assert "&lt;script&gt;alert" in page
        assert script not in page
    form = app.test_client().get("/search/missing", query_string={"q": script}).text
    assert script not in form


def test_formula_is_no_formula_in_the_export(app: Flask) -> None:
    """Spreadsheets would run it."""
    report("visitor", "=HYPERLINK(1)")
    found = network.client_of(app, "secretariat").get("/admin/missing?form=csv", buffered=True)
    assert "\n=HYPERLINK" not in found.text
    assert '\n"=HYPERLINK' not in found.text


def test_search_that_finds_nothing_offers_the_form(app: Flask, client: FlaskClient) -> None:
    """With what was searched; one that finds something does not."""
    network.write_to("published")
    page = client.get("/search?q=zeppelin").text
    assert 'action="/search/missing"' in page
    assert 'name="q" value="zeppelin"' in page
    assert 'action="/search/missing"' not in client.get("/search?q=permits").text


# Who reads them


def test_chapter_reads_its_cities_reports_and_the_network_all(app: Flask) -> None:
    """Also in the numbers beside: a rival city's count with the network's only."""
    for role in ("official", "lead", "rival", "visitor", "nobody's"):
        report(role)
    seen = {
        role: [(one.person_id, times) for one, times in
               db.session().execute(queries.missing_reports(network.actor(role)))]
        for role in ("secretariat", "chapter")
    }  # fmt: skip
    assert len(seen["secretariat"]) == 5
    assert {times for _person, times in seen["secretariat"]} == {5}
    own = {network.actor(role).person_id for role in ("official", "lead")}
    assert {person for person, _times in seen["chapter"]} == own
    assert {times for _person, times in seen["chapter"]} == {2}


@pytest.mark.parametrize("role", [r for r in network.ROLES if r not in ("secretariat", "chapter")])
def test_nobody_else_reads_or_settles_them(app: Flask, role: str) -> None:
    """A rival's official, and whoever reported it."""
    report_id = report("official", words=WORDS)
    browser = network.client_of(app, role)
    for path in ("/admin/missing", f"/admin/missing/{report_id}", "/admin/missing?form=csv"):
        answer = browser.get(path)
        assert answer.status_code == (302 if role == "visitor" else 403), path
        assert "islands" not in answer.text
    for command in (service.answer, service.dismiss):
        with pytest.raises(Forbidden):
            command(network.actor(role), report_id, "x")


def test_chapter_does_not_know_of_other_cities_reports(app: Flask) -> None:
    """404, also for its commands; what is alike in other cities stays open."""
    foreign, own = report("rival"), report("official")
    browser = network.client_of(app, "chapter")
    assert browser.get(f"/admin/missing/{foreign}").status_code == 404
    with pytest.raises(NotFound):
        service.dismiss(network.actor("chapter"), foreign, "no")
    assert service.dismiss(network.actor("chapter"), own, "no") == 1
    assert {one.id: one.state for one in every()} == {
        foreign: State.OPEN, own: State.DISMISSED
    }  # fmt: skip


def test_most_wanted_stands_on_top_and_settled_below(app: Flask) -> None:
    """Alike are those with the same words, however they are written."""
    report("visitor", "tram")
    for query in ("Ferry waste", "ferry  WASTE!", "“ferry waste”"):
        report("visitor", query)
    service.dismiss(network.actor("secretariat"), report("visitor", "moon"), "no")
    admin = network.client_of(app, "secretariat")
    page = admin.get("/admin/missing").text
    assert page.index("ferry  WASTE" if "ferry  WASTE" in page else "ferry WASTE") < page.index(
        "tram"
    )
    assert page.index(">tram<") < page.index(">moon<")
    assert ">moon<" not in admin.get("/admin/missing?state=open").text
    assert ">tram<" not in admin.get("/admin/missing?q=ferry").text
    assert "tram" in admin.get("/admin/missing?form=csv", buffered=True).text


# Settling


def test_answer_settles_all_alike_and_helps_whoever_searches_next(app: Flask) -> None:
    """By the practice's address, pasted as the browser shows it."""
    network.write_to("published", title="Boats for waste")
    first, _second = report("visitor", "zeppelin"), report("official", "Zeppelin!")
    admin = network.client_of(app, "secretariat")
    address = "https://citynet.example/practices/boats-for-waste?from=mail#top"
    answer = network.post(
        admin, f"/admin/missing/{first}/answer", {"practice": address}, follow_redirects=True
    )
    assert "2 reports are settled" in answer.text
    assert [one.state for one in every()] == [State.ANSWERED] * 2
    page = app.test_client().get("/search?q=ZEPPELIN").text
    assert "The secretariat points to this practice" in page
    assert 'href="/practices/boats-for-waste"' in page
    again = network.post(admin, f"/admin/missing/{first}/answer", {"practice": address})
    assert again.status_code == 409
    entry = audit.entries().items[0]
    assert (entry.action, entry.subject_kind, entry.subject_id) == (
        "missing.answered", "missing", first,
    )  # fmt: skip
    assert "zeppelin" not in entry.details.lower()


def test_answer_that_only_members_read_is_shown_to_members(app: Flask) -> None:
    """A visitor does not learn of it."""
    network.write_to("published", title="Hidden canary", visibility="members")
    report_id = report("visitor", "zeppelin")
    service.answer(network.actor("secretariat"), report_id, "/practices/hidden-canary/")
    assert queries.answer_to(network.actor("visitor"), "zeppelin") is None
    assert queries.answer_to(network.actor("suspended"), "zeppelin") is None
    found = queries.answer_to(network.actor("rival"), "Zeppelin")
    assert found is not None
    assert found.practice.slug == "hidden-canary"


@pytest.mark.parametrize(
    "address", ["", "nowhere", "https://evil.example/", "javascript:alert(1)", "x" * 5000, "[::1"]
)
def test_answer_needs_a_published_practice(app: Flask, address: str) -> None:
    """The page comes back with what was typed; a draft is none."""
    network.write("official", title="Draft of ours")
    report_id = report("visitor")
    for text in (address, "/practices/draft-of-ours"):
        with pytest.raises(Invalid):
            service.answer(network.actor("secretariat"), report_id, text)
    admin = network.client_of(app, "secretariat")
    answer = network.post(admin, f"/admin/missing/{report_id}/answer", {"practice": "nowhere"})
    assert answer.status_code == 422
    assert 'value="nowhere"' in answer.text


def test_dismissal_needs_a_reason_and_holds(app: Flask) -> None:
    """Who comes second is told; somebody who misses it again opens it anew."""
    report_id, admin = report("official"), network.actor("secretariat")
    for reason in ("", " \u200b ", "x" * 1001):
        with pytest.raises(Invalid):
            service.dismiss(admin, report_id, reason)
    browser = network.client_of(app, "chapter")
    path = f"/admin/missing/{report_id}/dismiss"
    answer = network.post(browser, path, {"reason": "It is there."}, follow_redirects=True)
    assert "1 report is settled" in answer.text
    assert network.post(browser, path, {"reason": "Again"}).status_code == 409
    with pytest.raises(Conflict):
        service.answer(admin, report_id, "x")
    assert audit.entries().items[0].action == "missing.dismissed"
    assert report("official") != report_id


# A person's data


def test_person_gets_their_reports_and_takes_them_along(app: Flask) -> None:
    """Others' stay, and so does what the person decided."""
    report("official", "ferry", WORDS)
    report("rival", "ferry", "ours")
    person_id = network.actor("official").person_id
    assert person_id is not None
    held = personal.export_all(person_id).data["missing"]
    assert [one["words"] for one in held["reports"]] == [WORDS]  # type: ignore[attr-defined]
    personal.erase_all(person_id, "Somebody")
    assert [one.words for one in every()] == ["ours"]
    assert db.session().scalar(select(func.count()).select_from(MissingReport)) == 1


def test_missing_reports_hold_on_postgres(on_postgres: Flask) -> None:
    """The order by how many are alike, and settling them."""
    for query in ("tram", "ferry", "Ferry", "FERRY"):
        report("visitor", query)
    admin = network.client_of(on_postgres, "secretariat")
    page = admin.get("/admin/missing?sort=-times").text
    assert page.index(">FERRY<") < page.index(">tram<")
    assert service.dismiss(network.actor("secretariat"), every()[1].id, "no") == 3


def test_open_reports_wait_on_the_desk_of_their_secretariat(app: Flask) -> None:
    """The oldest first; a chapter's desk has its cities' only, and settled ones are gone."""
    report("rival", "seoul tram")
    own = report("official", "ferry waste")
    for role, seen in (("secretariat", True), ("chapter", False)):
        page = network.client_of(app, role).get("/admin/").text
        assert f'href="/admin/missing/{own}"' in page
        assert ("seoul tram" in page) == seen
    service.dismiss(network.actor("chapter"), own, "no")
    assert "ferry waste" not in network.client_of(app, "secretariat").get("/admin/").text
