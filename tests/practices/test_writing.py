"""Writing and deciding as people do it in a browser: nothing typed is lost."""

from __future__ import annotations

import re
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from citynet.practices import content as contents
from citynet.practices import queries, service
from citynet.practices.models import State
from tests import network
from tests.network import actor, client_of, form_data, post, write, write_to


def newest(slug: str) -> Any:
    """Return the newest text as the city's lead reads it."""
    return queries.newest_text(actor("lead"), slug)


def base_in(page: str) -> str:
    """Return what the form began from."""
    found = re.search(r'name="base"[^>]*value="([^"]*)"', page)
    assert found
    return found.group(1)


@pytest.fixture
def official(app: Flask) -> FlaskClient:
    """Return the browser of Sidoarjo's official."""
    return client_of(app, "official")


def test_draft_needs_only_a_title(official: FlaskClient) -> None:
    """And lands on its own page, with the confirmation."""
    answer = post(official, "/practices/new", {"title": "Just a title"}, follow_redirects=True)
    assert "Your draft is saved." in answer.text
    assert newest("just-a-title").state == State.DRAFT


def test_form_without_a_title_names_the_field_and_keeps_the_text(official: FlaskClient) -> None:
    """The summary of errors leads to the field; the field points to its error."""
    answer = post(official, "/practices/new", {"title": " ", "cost": "A long story"})
    assert answer.status_code == 422
    assert '<a href="#title">' in answer.text
    assert 'id="title-error"' in answer.text
    assert re.search(r'<input[^>]*aria-describedby="title-hint title-error"', answer.text)
    assert "A long story" in answer.text
    assert 'data-guard="changed"' in answer.text


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"title": "x" * 101}, "title"),
        ({"summary": "word " * 201}, "summary"),
        ({"started": "last year"}, "started"),
        ({"source_url": "javascript:alert(1)"}, "source_url"),
        ({"topics": ["licensing", "waste", "online-licensing", "fourth"]}, "topics"),
        ({"topics": ["no-such-topic"]}, "topics"),
        ({"status": "finished"}, "status"),
        ({"unknown": ["title"]}, "unknown"),
    ],
)
def test_what_cannot_be_taken_is_named_at_its_field(
    official: FlaskClient, changes: dict[str, Any], field: str
) -> None:
    """Each with a sentence; nothing else is lost."""
    answer = post(official, "/practices/new", form_data(**{"cost": "My own words", **changes}))
    assert answer.status_code == 422
    assert f'<a href="#{field}">' in answer.text
    assert f'id="{field}' in answer.text
    assert "My own words" in answer.text


def test_problem_in_a_row_is_named_at_that_row(official: FlaskClient) -> None:
    """Empty rows before it do not shift the error."""
    rows = {"blocks-0-name": "", "blocks-1-name": "Fine", "blocks-2-name": "y" * 201}
    answer = post(official, "/practices/new", {"title": "Rows", **rows})
    assert answer.status_code == 422
    assert '<a href="#blocks-1-name">' in answer.text
    assert 'id="blocks-1-name-error"' in answer.text
    assert 'id="blocks-0-name-error"' not in answer.text


@pytest.mark.parametrize("name", ["blocks", "results"])
def test_adding_a_row_keeps_all_that_was_typed(official: FlaskClient, name: str) -> None:
    """It saves nothing, and the keyboard lands in the new row."""
    key = {"blocks": "name", "results": "indicator"}[name]
    data = {"title": "Not saved yet", "cost": "Typed", f"{name}-0-{key}": "First row"}
    page = post(official, "/practices/new", {**data, "action": f"add-{name}"}).text
    for words in ("Not saved yet", "Typed", "First row", f'id="{name}-1-{key}"'):
        assert words in page
    assert re.search(rf'<fieldset class="cn-repeat" id="{name}-1"[^>]*data-focus', page)
    assert f'formaction="/practices/new#{name}-2"' in page
    assert official.get("/practices/not-saved-yet/draft").status_code == 404


def test_removing_a_row_keeps_the_others(official: FlaskClient) -> None:
    """The rows after it move up with their text."""
    data = {"title": "Rows", "blocks-0-name": "Alpha", "blocks-1-name": "Beta",
            "blocks-2-name": "Gamma", "blocks-2-lesson": "Learned"}  # fmt: skip
    page = post(official, "/practices/new", {**data, "action": "remove-blocks-1"}).text
    assert "Beta" not in page
    assert re.search(r'<input[^>]*name="blocks-1-name"[^>]*value="Gamma"', page)
    assert "Learned" in page


@pytest.mark.parametrize("action", ["remove-blocks-9", "remove-blocks-x", "add-title", "dance"])
def test_odd_row_actions_do_no_harm(official: FlaskClient, action: str) -> None:
    """A crafted action answers with the form, or saves as usual."""
    answer = post(official, "/practices/new", {"title": "Odd", "action": action})
    assert answer.status_code in (200, 302)


def test_rows_end_at_the_most_that_is_taken(official: FlaskClient) -> None:
    """The thirty-first building block is not offered."""
    rows = {f"blocks-{number}-name": "Block" for number in range(30)}
    page = post(official, "/practices/new", {"title": "Many", **rows, "action": "add-blocks"}).text
    assert 'id="blocks-29"' in page
    assert 'id="blocks-30"' not in page
    assert "add-blocks" not in page


def test_enter_in_a_field_saves_the_draft(official: FlaskClient) -> None:
    """The first button of the form is what the Enter key presses."""
    form = official.get("/practices/new").text.split('class="cn-form"')[1]
    first = re.search(r"<button[^>]*>", form)
    assert first
    assert 'value="save"' in first.group()


def test_form_shows_what_was_saved(official: FlaskClient) -> None:
    """Texts, choices and marks come back as they were."""
    told: dict[str, Any] = {
        "dimension": "living",
        "sdgs": [11],
        "offers": ["call"],
        "licence": "CC0-1.0",
        "results": [{"indicator": "Days", "before": "9", "after": "2", "expected": "y"}],
    }
    slug = write(**{**told, "unknown": ["cost"]}).slug
    page = official.get(f"/practices/{slug}/edit").text
    assert re.search(r'value="cost" checked', page)
    assert re.search(r'<option value="licensing" selected>', page)
    assert re.search(r'<option selected value="living">', page)
    assert re.search(r'<input[^>]*checked[^>]*name="sdgs"[^>]*value="11"', page)
    assert re.search(r'<input[^>]*checked[^>]*name="offers"[^>]*value="call"', page)
    assert re.search(r'<input[^>]*name="licence"[^>]*value="CC0-1.0"', page)
    assert re.search(r'<input[^>]*checked[^>]*name="results-0-expected"', page)


def test_saving_the_form_again_changes_nothing(official: FlaskClient) -> None:
    """What the form cannot show it does not drop."""
    slug = write(licence="CC0-1.0", awards="UN Public Service Award, 2019").slug
    before = newest(slug).content
    page = official.get(f"/practices/{slug}/edit").text
    record = {**before.model_dump(mode="json"), "base": base_in(page)}
    blocks = {f"blocks-{n}-{k}": v for n, row in enumerate(record.pop("blocks"))
              for k, v in row.items()}  # fmt: skip
    data = {name: value for name, value in {**record, **blocks}.items() if value not in (None, [])}
    assert post(official, f"/practices/{slug}/edit", data).status_code == 302
    assert newest(slug).content == before


def test_saving_over_a_published_text_begins_a_revision(official: FlaskClient) -> None:
    """Readers see the published one meanwhile."""
    slug = write_to("published").slug
    page = official.get(f"/practices/{slug}/edit").text
    assert "You begin a new revision." in page
    post(official, f"/practices/{slug}/edit", form_data(base=base_in(page), title="Second text"))
    assert newest(slug).number == 2
    assert "Second text" not in official.get(f"/practices/{slug}").text


def test_two_editors_lose_nothing(app: Flask, official: FlaskClient) -> None:
    """The second one to save sees both texts, and may keep their own."""
    slug = write().slug
    begun = base_in(official.get(f"/practices/{slug}/edit").text)
    lead = client_of(app, "lead")
    theirs = form_data(base=begun, cost="The lead’s words")
    assert post(lead, f"/practices/{slug}/edit", theirs).status_code == 302
    mine = form_data(base=begun, cost="The official’s\nown words")
    answer = post(official, f"/practices/{slug}/edit", mine)
    assert answer.status_code == 409
    seen = re.sub(r"<[^>]+>", "", answer.text)
    for words in ("sidoarjo lead", "The lead’s words", "The official’s\nown words", "Save my text"):
        assert words in seen
    assert newest(slug).content.cost == "The lead’s words"
    kept = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', answer.text)
    fields: dict[str, list[str]] = {}
    for name, value in kept:
        fields.setdefault(name, []).append(value)
    fields.pop("csrf_token")
    fields["title"] = ["Kept"]
    assert post(official, f"/practices/{slug}/edit", fields).status_code == 302
    assert newest(slug).content.cost == "The official’s\nown words"
    assert "The lead" in queries.get_revision(actor("lead"), slug, 2).content.cost


def test_text_submitted_meanwhile_keeps_what_was_typed(app: Flask, official: FlaskClient) -> None:
    """It cannot be saved now, but it can be copied."""
    practice = write()
    begun = base_in(official.get(f"/practices/{practice.slug}/edit").text)
    service.submit(actor("lead"), practice)
    answer = post(
        official, f"/practices/{practice.slug}/edit", form_data(base=begun, cost="Late words")
    )
    assert answer.status_code == 409
    assert "Late words" in re.sub(r"<[^>]+>", "", answer.text)
    assert "submitted while you were writing" in answer.text
    assert "Save my text" not in answer.text


def test_form_with_an_unreadable_base_is_a_conflict(official: FlaskClient) -> None:
    """Whatever was typed there, nothing is overwritten."""
    slug = write().slug
    for base in ("", "x.y", "1.1.1", "9" * 20 + ".1"):
        assert post(official, f"/practices/{slug}/edit", form_data(base=base)).status_code == 409


def test_save_and_submit_names_what_is_missing(official: FlaskClient) -> None:
    """The draft is kept at its own address, so that a reload begins no second one."""
    sent = post(official, "/practices/new", {"title": "Too early", "action": "submit"})
    assert sent.location == "/practices/too-early/edit?check=1"
    answer = official.get(sent.location)
    assert '<a href="#cost">' in answer.text
    assert '<a href="#topics">' in answer.text
    assert '<a href="#blocks">' in answer.text
    assert "Status: Answer this.<" in answer.text
    assert "Lessons: Answer this, or mark it as not known.<" in answer.text
    assert 'action="/practices/too-early/edit"' in answer.text
    assert newest("too-early").state == State.DRAFT


def test_result_without_a_source_is_not_submitted(official: FlaskClient) -> None:
    """A figure needs its source, an expectation does not."""
    rows = [
        {"indicator": "Days", "before": "14", "after": "5"},
        {"indicator": "Visits", "after": "0", "expected": "y"},
        {"indicator": "Cost", "source": "Report"},
    ]
    post(official, "/practices/new", form_data(title="No source", results=rows))
    answer = post(official, "/practices/no-source/submit")
    assert answer.status_code == 422
    assert '<a href="#results-0-source">' in answer.text
    assert "results-1-source-error" not in answer.text
    assert '<a href="#results-2-after">' in answer.text
    assert newest("no-source").state == State.DRAFT


def test_complete_text_goes_through_every_step(app: Flask, official: FlaskClient) -> None:
    """Submit, sign off, publish, read; each step is confirmed."""
    answer = post(official, "/practices/new", form_data(action="submit"), follow_redirects=True)
    assert "Submitted. Your city&#39;s lead can sign it off now." in answer.text
    path = "/practices/business-permits-in-one-visit"
    signed = post(client_of(app, "lead"), f"{path}/sign-off", follow_redirects=True)
    assert "Signed off. The secretariat will review it now." in signed.text
    out = post(client_of(app, "secretariat"), f"{path}/publish", follow_redirects=True)
    assert "Published. Readers find it in search within seconds." in out.text
    assert app.test_client().get(path).status_code == 200


def test_sending_back_needs_a_comment_and_keeps_what_was_typed(app: Flask) -> None:
    """A comment that is too long stays in its field, with the error."""
    slug = write_to("submitted").slug
    lead = client_of(app, "lead")
    answer = post(lead, f"/practices/{slug}/send-back", {"comment": "Too long. " * 201})
    assert answer.status_code == 422
    assert '<a href="#comment">' in answer.text
    assert 'aria-describedby="comment-hint comment-error"' in answer.text
    assert "Too long. Too long." in answer.text
    assert newest(slug).state == State.SUBMITTED


def test_sent_back_text_tells_its_authors_why(app: Flask, official: FlaskClient) -> None:
    """On its page and in the form."""
    slug = write_to("submitted").slug
    answer = post(client_of(app, "lead"), f"/practices/{slug}/send-back", {"comment": "Why five?"})
    assert answer.location == "/work"
    for path in ("draft", "edit"):
        assert "Why five?" in official.get(f"/practices/{slug}/{path}").text


def test_secretariat_returns_to_its_reviews(app: Flask) -> None:
    """It has no work list of its own."""
    slug = write_to("signed_off").slug
    answer = post(client_of(app, "secretariat"), f"/practices/{slug}/send-back", {"comment": "No"})
    assert answer.location == "/admin/reviews"


@pytest.mark.parametrize(
    ("role", "step", "state"),
    [
        ("official", "submit", "submitted"),
        ("lead", "sign-off", "signed_off"),
        ("lead", "sign-off", "published"),
        ("lead", "send-back", "draft"),
        ("secretariat", "publish", "submitted"),
        ("secretariat", "publish", "published"),
    ],
)
def test_button_of_an_older_page_shows_where_the_text_stands(
    app: Flask, role: str, step: str, state: str
) -> None:
    """Somebody else was first: no error page, but the text and its state."""
    slug = write_to(state).slug
    answer = post(client_of(app, role), f"/practices/{slug}/{step}", {"comment": "x"})
    assert answer.status_code == 409
    assert "This text has moved on meanwhile." in answer.text
    assert "Business permits in one visit" in answer.text


@pytest.mark.parametrize("step", ["submit", "sign-off", "send-back", "publish"])
def test_steps_of_a_hidden_text_are_not_found(app: Flask, step: str) -> None:
    """Not even whether a published practice has a draft can be learned."""
    hidden = write().slug
    published = write_to("published", title="Out").slug
    rival = client_of(app, "rival")
    for slug in (hidden, published):
        assert post(rival, f"/practices/{slug}/{step}", {"comment": "x"}).status_code == 404


def test_lead_cannot_sign_off_alone(app: Flask) -> None:
    """Pressing the button that is not there is refused with the reason."""
    slug = write_to("submitted", "lead").slug
    answer = post(client_of(app, "lead"), f"/practices/{slug}/sign-off")
    assert answer.status_code == 403
    assert "Ask a colleague to submit it." in answer.text


@pytest.mark.parametrize("role", ["suspended", "nobody's", "secretariat"])
def test_who_has_no_active_city_cannot_write(app: Flask, role: str) -> None:
    """Neither the form nor a post."""
    browser = client_of(app, role)
    assert browser.get("/practices/new").status_code == 403
    assert post(browser, "/practices/new", {"title": "No"}).status_code == 403


def test_official_of_a_city_that_applied_writes_drafts_only(app: Flask) -> None:
    """The form offers no submission; a crafted one is refused and the draft stays."""
    browser = client_of(app, "pending")
    assert "Save and submit" not in browser.get("/practices/new").text
    answer = post(browser, "/practices/new", form_data(action="submit"))
    assert answer.status_code == 403
    page = browser.get("/work").text
    assert "Business permits in one visit" in page


@pytest.mark.parametrize("role", ["rival", "secretariat"])
def test_others_cannot_edit_a_published_practice(app: Flask, role: str) -> None:
    """It is visible, so it is forbidden."""
    slug = write_to("published").slug
    browser = client_of(app, role)
    assert browser.get(f"/practices/{slug}/edit").status_code == 403
    assert post(browser, f"/practices/{slug}/edit", form_data()).status_code == 403


def test_text_under_review_has_no_form(official: FlaskClient) -> None:
    """It waits until it is published or sent back."""
    slug = write_to("submitted").slug
    assert official.get(f"/practices/{slug}/edit").status_code == 409


def test_visitor_is_asked_to_sign_in_and_keeps_the_text(client: FlaskClient) -> None:
    """A lost session loses no word."""
    assert client.get("/practices/new").location.startswith("/sign-in")
    answer = post(client, "/practices/new", {"title": "Typed before the session ended"})
    assert answer.status_code == 401
    assert "Typed before the session ended" in answer.text


def test_sample_record_of_the_tests_is_complete() -> None:
    """What these tests submit has nothing missing."""
    assert contents.missing(contents.read(network.RECORD)) == []
