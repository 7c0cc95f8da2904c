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
from tests.network import actor, client_of, post, write, write_to
from tests.practices.editor import form_in, open_part, send

UNKNOWN = network.RECORD["unknown"]


def newest(slug: str) -> Any:
    """Return the newest text as the city's lead reads it."""
    return queries.newest_text(actor("lead"), slug)


@pytest.fixture
def official(app: Flask) -> FlaskClient:
    """Return the browser of Sidoarjo's official."""
    return client_of(app, "official")


def test_draft_needs_only_a_title(official: FlaskClient) -> None:
    """And lands on its first part, with the confirmation."""
    answer = post(official, "/practices/new", {"title": "Just a title"}, follow_redirects=True)
    assert "Your draft is saved." in answer.text
    assert answer.request.path == "/practices/just-a-title/edit/name"
    assert newest("just-a-title").state == State.DRAFT


def test_form_without_a_title_names_the_field_and_keeps_the_choice(official: FlaskClient) -> None:
    """The summary of errors leads to the field; the field points to its error."""
    answer = post(official, "/practices/new", {"title": " ", "language": "id"})
    assert answer.status_code == 422
    assert '<a href="#title">' in answer.text
    assert 'id="title-error"' in answer.text
    assert re.search(r'<input[^>]*aria-describedby="title-hint title-error"', answer.text)
    assert form_in(answer.text)["language"] == ["id"]
    assert 'data-guard="changed"' in answer.text


@pytest.mark.parametrize(
    ("part", "changes", "field"),
    [
        ("name", {"title": "x" * 101}, "title"),
        ("name", {"title": ""}, "title"),
        ("summary", {"summary": "word " * 201}, "summary"),
        ("status", {"started": "last year"}, "started"),
        ("readers", {"source_url": "javascript:alert(1)"}, "source_url"),
        ("summary", {"topics": ["licensing", "waste", "online-licensing", "fourth"]}, "topics"),
        ("summary", {"topics": ["no-such-topic"]}, "topics"),
        ("status", {"status": "finished"}, "status"),
        ("name", {"unknown": ["title"]}, "unknown"),
    ],
)
def test_what_cannot_be_taken_is_named_at_its_field(
    official: FlaskClient, part: str, changes: dict[str, Any], field: str
) -> None:
    """Each with a sentence; nothing else is lost."""
    slug = write().slug
    sent = open_part(official, slug, part)
    other = {"name": "subtitle", "summary": "dimension", "status": "stopped_reason"}
    mine = {other.get(part, "source_name"): "living"}
    answer = send(official, slug, part, sent, **{**mine, **changes})
    assert answer.status_code == 422
    assert f'<a href="#{field}">' in answer.text
    assert f'id="{field}' in answer.text
    assert form_in(answer.text)[next(iter(mine))] == ["living"]
    assert newest(slug).version == 1


def test_problem_in_a_row_is_named_at_that_row(official: FlaskClient) -> None:
    """Empty rows before it do not shift the error."""
    slug = write().slug
    rows = {"blocks-0-name": "", "blocks-1-name": "Fine", "blocks-2-name": "y" * 201}
    answer = send(official, slug, "blocks", open_part(official, slug, "blocks"), **rows)
    assert answer.status_code == 422
    assert '<a href="#blocks-1-name">' in answer.text
    assert 'id="blocks-1-name-error"' in answer.text
    assert 'id="blocks-0-name-error"' not in answer.text


@pytest.mark.parametrize(
    ("part", "name", "key"),
    [
        ("blocks", "blocks", "name"), ("results", "results", "indicator"),
        ("timeline", "phases", "name"), ("staffing", "staff", "role"), ("law", "laws", "title"),
        ("upkeep", "honours", "name"),
    ],
)  # fmt: skip
def test_adding_a_row_keeps_all_that_was_typed(
    official: FlaskClient, part: str, name: str, key: str
) -> None:
    """It saves nothing, and the keyboard lands in the new row."""
    slug = write(blocks=[]).slug
    sent = open_part(official, slug, part)
    typed = {f"{name}-0-{key}": "First row", "upkeep": "Typed", "action": f"add-{name}"}
    page = send(official, slug, part, sent, **typed).text
    for words in ("First row", f'id="{name}-1-{key}"'):
        assert words in page
    assert re.search(rf'<fieldset class="cn-repeat" id="{name}-1"[^>]*data-focus', page)
    assert f'formaction="/practices/{slug}/edit/{part}#{name}-2"' in page
    assert newest(slug).version == 1


def test_removing_a_row_keeps_the_others(official: FlaskClient) -> None:
    """The rows after it move up with their text."""
    slug = write().slug
    data = {"blocks-0-name": "Alpha", "blocks-1-name": "Beta", "blocks-2-name": "Gamma",
            "blocks-2-lesson": "Learned", "action": "remove-blocks-1"}  # fmt: skip
    page = send(official, slug, "blocks", open_part(official, slug, "blocks"), **data).text
    assert "Beta" not in page
    assert re.search(r'<input[^>]*name="blocks-1-name"[^>]*value="Gamma"', page)
    assert "Learned" in page


@pytest.mark.parametrize(
    "action",
    ["remove-blocks-9", "remove-blocks-x", "up-blocks-0", "down-blocks-0", "up-blocks-99999999999",
     "add-title", "up-results-0", "add-base", "dance"],
)  # fmt: skip
def test_odd_row_actions_do_no_harm(official: FlaskClient, action: str) -> None:
    """A crafted action answers with the form, or saves as usual."""
    slug = write().slug
    sent = open_part(official, slug, "blocks")
    assert send(official, slug, "blocks", sent, action=action).status_code in (200, 302)
    assert [block.name for block in newest(slug).content.blocks] == ["One counter"]


def test_rows_end_at_the_most_that_is_taken(official: FlaskClient) -> None:
    """The thirty-first building block is not offered."""
    slug = write().slug
    rows = {f"blocks-{number}-name": "Block" for number in range(30)}
    sent = open_part(official, slug, "blocks")
    page = send(official, slug, "blocks", sent, **rows, action="add-blocks").text
    assert 'id="blocks-29"' in page
    assert 'id="blocks-30"' not in page
    assert "add-blocks" not in page


def test_enter_in_a_field_saves_the_draft(official: FlaskClient) -> None:
    """The first button of the form is what the Enter key presses."""
    slug = write().slug
    form = official.get(f"/practices/{slug}/edit/blocks").text.split('class="cn-form')[1]
    first = re.search(r"<button[^>]*>", form)
    assert first
    assert 'value="save"' in first.group()


def test_saving_over_a_published_text_begins_a_revision(official: FlaskClient) -> None:
    """Readers see the published one meanwhile."""
    slug = write_to("published").slug
    page = official.get(f"/practices/{slug}/edit/name").text
    assert "Your first change begins a new revision." in page
    send(official, slug, "name", form_in(page), title="Second text")
    assert newest(slug).number == 2
    assert "Second text" not in official.get(f"/practices/{slug}").text


def test_text_submitted_meanwhile_keeps_what_was_typed(app: Flask, official: FlaskClient) -> None:
    """It cannot be saved now, but it can be copied."""
    practice = write()
    sent = open_part(official, practice.slug, "cost")
    service.submit(actor("lead"), practice)
    answer = send(official, practice.slug, "cost", sent, cost="Late words")
    assert answer.status_code == 409
    assert "Late words" in re.sub(r"<[^>]+>", "", answer.text)
    assert "submitted while you were writing" in answer.text
    assert "cn-form " not in answer.text


def test_submitting_names_what_is_missing(official: FlaskClient) -> None:
    """Each with the way to its field; the draft stays a draft."""
    post(official, "/practices/new", {"title": "Too early"})
    sent = post(official, "/practices/too-early/submit")
    assert sent.location == "/practices/too-early/edit?check=1"
    page = official.get(sent.location).text
    path = "/practices/too-early/edit"
    for part, field in (("cost", "cost"), ("summary", "topics"), ("blocks", "blocks")):
        assert f'<a href="{path}/{part}#{field}">' in page
    assert "Status: Answer this.<" in page
    assert "Lessons: Answer this, or mark it as not known.<" in page
    assert newest("too-early").state == State.DRAFT


def test_result_without_a_source_is_not_submitted(official: FlaskClient) -> None:
    """A figure needs its source, an expectation does not."""
    rows = [
        {"indicator": "Days", "before": "14", "after": "5"},
        {"indicator": "Visits", "after": "0", "expected": True},
        {"indicator": "Cost", "source": "Report"},
    ]
    slug = write(results=rows, unknown=[name for name in UNKNOWN if name != "results"]).slug
    page = post(official, f"/practices/{slug}/submit", follow_redirects=True).text
    assert "/edit/results#results-0-source" in page
    assert "results-1" not in page
    assert "/edit/results#results-2-after" in page
    assert newest(slug).state == State.DRAFT


def test_complete_text_goes_through_every_step(app: Flask, official: FlaskClient) -> None:
    """Submit, sign off, publish, read; each step is confirmed."""
    slug = write().slug
    answer = post(official, f"/practices/{slug}/submit", follow_redirects=True)
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
    slug = write("pending").slug
    assert "Submit to the lead" not in browser.get(f"/practices/{slug}/edit").text
    assert post(browser, f"/practices/{slug}/submit").status_code == 403
    page = browser.get("/work").text
    assert "Business permits in one visit" in page


@pytest.mark.parametrize("role", ["rival", "secretariat"])
def test_others_cannot_edit_a_published_practice(app: Flask, role: str) -> None:
    """It is visible, so it is forbidden."""
    slug = write_to("published").slug
    browser = client_of(app, role)
    for path in ("edit", "edit/name"):
        assert browser.get(f"/practices/{slug}/{path}").status_code == 403
    assert post(browser, f"/practices/{slug}/edit/name", {"title": "No"}).status_code == 403


def test_text_under_review_has_no_form(official: FlaskClient) -> None:
    """It waits until it is published or sent back."""
    slug = write_to("submitted").slug
    for path in ("edit", "edit/name"):
        assert official.get(f"/practices/{slug}/{path}").status_code == 409


def test_visitor_is_asked_to_sign_in_and_keeps_the_text(client: FlaskClient) -> None:
    """A lost session loses no word."""
    assert client.get("/practices/new").location.startswith("/sign-in")
    words = "Typed before the session ended"
    answer = post(client, "/practices/new", {"title": words})
    assert answer.status_code == 401
    assert words in answer.text
    slug = write().slug
    answer = post(client, f"/practices/{slug}/edit/problem", {"problem": words, "base": "1.1"})
    assert answer.status_code == 401
    assert words in answer.text


def test_sample_record_of_the_tests_is_complete() -> None:
    """What these tests submit has nothing missing."""
    assert contents.missing(contents.read(network.RECORD)) == []
