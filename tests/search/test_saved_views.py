"""The pages of saved searches: saved from the results, changed, deleted, stopped by link."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from structlog.testing import capture_logs

from citynet.kit import clock, db
from citynet.search import saved
from citynet.search import saved_queries as searches
from citynet.search.models import SavedSearch
from tests import network
from tests.network import actor, client_of, post
from tests.search.saving import DAILY, NEVER, WEEKLY, keep, of

PERMITS = {"q": "permits", "topic": ["licensing"], "name": "My permits", "how_often": "daily"}


@pytest.fixture
def official(app: Flask) -> FlaskClient:
    """Return the official's browser."""
    return client_of(app, "official")


def own(role: str = "official") -> list[SavedSearch]:
    """Return what somebody keeps."""
    return list(searches.own_searches(actor(role).person_id))


def test_results_lead_to_saving(app: Flask, official: FlaskClient) -> None:
    """With words and filters, also where nothing is found; the form has them in words."""
    network.write_to("published")
    for query in ("q=permits&topic=licensing&sort=newest", "q=nothing-like-it"):
        page = official.get(f"/search?{query}").text
        path = "/search/save?" + query.replace("&", "&amp;").replace("&amp;sort=newest", "")
        assert f'href="{path}"' in page
    corrected = official.get("/search?q=bussines").text
    assert 'href="/search/save?q=business"' in corrected
    form = official.get("/search/save?q=permits&topic=licensing").text
    assert 'value="permits, Licensing"' in form
    assert '<input type="hidden" name="topic" value="licensing">' in form


def test_visitor_signs_in_and_comes_back(app: Flask) -> None:
    """To the form of this search."""
    visitor = app.test_client()
    answer = visitor.get("/search/save?q=wifi+pasar&topic=waste")
    assert answer.status_code == 302
    token = network.csrf_of(visitor.get(answer.location).text)
    entered = visitor.post(
        answer.location,
        data={"email": "official@sidoarjo.example", "password": network.PASSWORD,
              "next": "/search/save?q=wifi+pasar&topic=waste", "csrf_token": token},
    )  # fmt: skip
    assert entered.location == "/search/save?q=wifi+pasar&topic=waste"
    assert "wifi pasar" in visitor.get(entered.location).text


@pytest.mark.parametrize("path", ["/search/saved", "/search/save", "/search/saved/1",
                                  "/search/saved/1/delete"])  # fmt: skip
def test_visitor_is_asked_to_sign_in(app: Flask, path: str) -> None:
    """By each of the pages."""
    assert app.test_client().get(path).location.startswith("/sign-in?next=")


def test_search_is_saved_listed_changed_and_deleted(app: Flask, official: FlaskClient) -> None:
    """By hand; the list leads to the results."""
    assert "You keep no search yet" in official.get("/search/saved").text
    answer = post(official, "/search/save", PERMITS, follow_redirects=True)
    assert "The search is saved" in answer.text
    (search,) = own()
    assert (search.name, search.address) == ("My permits", "q=permits&topic=licensing")
    assert search.how_often == DAILY
    page = official.get("/search/saved").text
    assert 'href="/search?q=permits&amp;topic=licensing">My permits</a>' in page
    assert "Every day" in page
    path = f"/search/saved/{search.id}"
    assert 'value="My permits"' in official.get(path).text
    answer = post(official, path, {"name": "Permits", "how_often": "weekly"}, follow_redirects=True)
    assert "The search is changed" in answer.text
    assert (of(search).name, of(search).how_often) == ("Permits", WEEKLY)
    assert "Delete “Permits”?" in official.get(f"{path}/delete").text
    assert own() != []
    answer = post(official, f"{path}/delete", follow_redirects=True)
    assert "The search “Permits” is deleted" in answer.text
    assert own() == []
    assert post(official, f"{path}/delete").status_code == 404


def test_menu_leads_to_the_list(official: FlaskClient) -> None:
    """From every page."""
    assert 'href="/search/saved"' in official.get("/about").text
    assert 'href="/search/saved" aria-current="page"' in official.get("/search/saved").text


def test_same_search_saved_twice_is_shown(app: Flask, official: FlaskClient) -> None:
    """Pressed twice, or come by again."""
    post(official, "/search/save", PERMITS)
    answer = post(official, "/search/save", PERMITS, follow_redirects=True)
    assert "already" in answer.text
    assert len(own()) == 1
    again = official.get("/search/save?topic=licensing&q=permits&page=7")
    assert again.location == f"/search/saved/{own()[0].id}"


def test_what_no_search_knows_is_not_saved(app: Flask, official: FlaskClient) -> None:
    """The results leave it out, so the saved search does."""
    data = {**PERMITS, "country": ["ZZ", "ID"], "year": "never", "_scheme": "x", "page": "9"}
    network.write_to("published")
    post(official, "/search/save", data)
    assert own()[0].address == "q=permits&topic=licensing&country=ID"


@pytest.mark.parametrize("changes", [{"name": ""}, {"name": "x" * 10_000}, {"how_often": "hourly"},
                                     {"how_often": ""}, {"name": "\u200b"}])  # fmt: skip
def test_what_cannot_be_saved_stays_in_the_form(
    app: Flask, official: FlaskClient, changes: dict[str, str]
) -> None:
    """With the search, and a sentence."""
    answer = post(official, "/search/save", {**PERMITS, **changes})
    assert answer.status_code == 422
    assert '<input type="hidden" name="topic" value="licensing">' in answer.text
    assert "Please correct this" in answer.text
    assert own() == []
    search = keep(("q", "a"))
    answer = post(official, f"/search/saved/{search.id}",
                  {"name": "N", "how_often": "daily", **changes})  # fmt: skip
    assert answer.status_code == 422
    assert of(search).name == "Mine"


def test_twenty_first_search_is_refused(app: Flask, official: FlaskClient) -> None:
    """With what to do."""
    for number in range(saved.MOST):
        keep(("q", f"word {number}"), how_often=NEVER)
    answer = post(official, "/search/save", PERMITS, follow_redirects=True)
    assert "Delete one that you need no more" in answer.text
    assert len(own()) == saved.MOST


@pytest.mark.parametrize("role", ["lead", "rival", "secretariat", "chapter"])
def test_searches_of_others_are_404(app: Flask, role: str) -> None:
    """Each page and each button."""
    search = keep(("q", "a"), name="Canary")
    other = client_of(app, role)
    path = f"/search/saved/{search.id}"
    assert other.get(path).status_code == 404
    assert other.get(f"{path}/delete").status_code == 404
    data = {"name": "Theirs", "how_often": "never"}
    assert post(other, path, data).status_code == 404
    assert post(other, f"{path}/delete").status_code == 404
    assert "Canary" not in other.get("/search/saved").text
    assert of(search).name == "Canary"


def test_name_is_words_on_every_page(app: Flask, official: FlaskClient) -> None:
    """No markup of it holds."""
    search = keep(("q", "<b>bold</b>"), name="<script>alert(1)</script>")
    for path in ("/search/saved", f"/search/saved/{search.id}", f"/search/saved/{search.id}/delete",
                 f"/search/stop/{saved.link_of(saved.ALL, search.person_id)}"):  # fmt: skip
        page = official.get(path).text
        assert "<script>alert" not in page
        assert "<b>bold" not in page


# ---- stopping


def stop(app: Flask, secret: str) -> Any:
    """Post as a mail program does: without cookies, session and token."""
    browser = app.test_client(use_cookies=False)
    return browser.post(f"/search/stop/{secret}", data={"List-Unsubscribe": "One-Click"})


def test_looking_stops_nothing_and_one_press_does(app: Flask) -> None:
    """Mail scanners open links; a person presses one button."""
    search = keep(("q", "a"), name="Wifi pasar")
    path = f"/search/stop/{saved.link_of(saved.ONE, search.id)}"
    visitor = app.test_client()
    for _time in range(3):
        assert visitor.head(path).status_code == 200
        assert visitor.get(path).status_code == 200
    page = visitor.get(path).text
    assert "Wifi pasar" in page
    assert page.count("<button") - visitor.get("/about").text.count("<button") <= 1
    assert of(search).how_often == DAILY
    answer = visitor.post(path)
    assert (answer.status_code, "The mails are stopped" in answer.text) == (200, True)
    assert of(search).how_often == NEVER
    assert "The mails are stopped" in visitor.get(path).text


def test_mail_program_stops_by_post_without_a_session(app: Flask) -> None:
    """RFC 8058: answered at once, without a redirect, however often; others' go on."""
    one, foreign = keep(("q", "a")), keep(("q", "a"), role="lead")
    secret = saved.link_of(saved.ALL, one.person_id)
    for _time in range(2):
        answer = stop(app, secret)
        assert (answer.status_code, answer.headers.get("Location")) == (200, None)
    assert [of(each).how_often for each in (one, foreign)] == [NEVER, DAILY]


def test_forged_or_old_link_stops_nothing(app: Flask) -> None:
    """404 for what is no link of ours, 410 for one that is too old, 200 for a deleted search."""
    search = keep(("q", "a"))
    secret = saved.link_of(saved.ONE, search.id)
    for forged in (secret[:-2], "x" * 9000, "all.1", "%00", "../saved"):
        assert stop(app, forged).status_code in (400, 404, 405)
    with clock.moved(timedelta(days=401)):
        assert stop(app, secret).status_code == 410
        assert app.test_client().get(f"/search/stop/{secret}").status_code == 410
    assert of(search).how_often == DAILY
    saved.delete(actor("official"), search.id)
    assert stop(app, secret).status_code == 200


def test_other_forms_still_need_their_token(app: Flask, official: FlaskClient) -> None:
    """Only the door behind the link does without."""
    search = keep(("q", "a"))
    for path in ("/search/save", f"/search/saved/{search.id}", f"/search/saved/{search.id}/delete"):
        assert official.post(path, data=PERMITS).status_code == 400
    assert [one.name for one in own()] == ["Mine"]


def test_link_stands_in_no_log(app: Flask) -> None:
    """Whoever reads logs could stop mails by it."""
    search = keep(("q", "a"))
    secret = saved.link_of(saved.ONE, search.id)
    with capture_logs() as lines:
        stop(app, secret)
    assert "/search/stop/…" in [line.get("path") for line in lines]
    assert secret not in str(lines)


def test_pages_answer_on_postgres(on_postgres: Flask) -> None:
    """Every query of theirs is one that PostgreSQL understands."""
    browser = client_of(on_postgres, "official")
    assert post(browser, "/search/save", PERMITS).status_code == 302
    (search,) = own()
    for path in ("/search/saved", f"/search/saved/{search.id}", "/search/save?q=%00&topic=waste"):
        assert browser.get(path).status_code == 200, path
    assert stop(on_postgres, saved.link_of(saved.ALL, search.person_id)).status_code == 200
    db.session().rollback()
    assert of(search).how_often == NEVER
