"""The desk of letters: seen as they arrive, changed, refused, taken back."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from citynet.kit import audit, db, letters
from citynet.kit.letters import Draft
from tests.network import client_of, csrf_of, post

KEY = "test.invite"
AT = f"/admin/letters/{KEY}/en"
TEXT = "Hello {name},\n\n{city} invites you.\n\nAccept the invitation: {link}"


@pytest.fixture(autouse=True)
def letter() -> Iterator[None]:
    """Register a letter for the length of a test."""
    letters.register(
        KEY, title="An invitation", subject="{city} invites you", text=TEXT,
        values={"city": "Kabupaten Sidoarjo", "name": "Siti", "link": "http://127.0.0.1:8000/i/x"},
    )  # fmt: skip
    yield
    letters._letters.pop(KEY)


@pytest.fixture
def desk(app: Flask) -> FlaskClient:
    """Return the secretariat's browser."""
    return client_of(app, "secretariat")


def change(desk: FlaskClient, path: str = AT, **words: str) -> tuple[int, str]:
    """Post words and return status and page."""
    data = {"subject": "{city} asks you", "text": "Dear {name}\n\n{link}", **words}
    answer = post(desk, path, data)
    return answer.status_code, answer.text


def seen_on(desk: FlaskClient) -> str:
    """Return the digest that the page carries."""
    found = re.search(r'name="seen" value="([0-9a-f]+)"', desk.get(AT).text)
    assert found
    return found.group(1)


def test_list_leads_to_every_letter_in_both_languages(desk: FlaskClient) -> None:
    """And marks those with words of the secretariat's own."""
    page = desk.get("/admin/letters").text
    for one in letters.letters():
        for language in ("en", "id"):
            assert f"/admin/letters/{one.key}/{language}" in page
    assert "Your own words" not in page
    change(desk)
    assert desk.get("/admin/letters").text.count("Your own words") == 1


def test_every_letter_there_is_can_be_seen(desk: FlaskClient) -> None:
    """Its words and its preview, in both languages."""
    for one in letters.letters():
        for language in ("en", "id"):
            assert desk.get(f"/admin/letters/{one.key}/{language}").status_code == 200
            preview = desk.get(f"/admin/letters/{one.key}/{language}/preview")
            assert preview.status_code == 200
            assert f'<html lang="{language}">' in preview.text


def test_page_shows_words_values_and_preview(desk: FlaskClient) -> None:
    """The frame is one of ours and runs nothing."""
    answer = desk.get(AT)
    assert "{city} invites you" in answer.text
    assert "Kabupaten Sidoarjo" in answer.text
    assert 'sandbox="allow-popups allow-popups-to-escape-sandbox"' in answer.text
    assert "frame-src 'self'" in answer.headers["Content-Security-Policy"]
    assert "unsafe" not in answer.headers["Content-Security-Policy"]


def test_preview_is_filled_in_and_runs_nothing(desk: FlaskClient) -> None:
    """Subject, button and text part; only our own pages may put it into a frame."""
    answer = desk.get(f"{AT}/preview")
    assert "Kabupaten Sidoarjo invites you" in answer.text
    assert ">Accept the invitation</a>" in answer.text
    assert "Accept the invitation: http://127.0.0.1:8000/i/x" in answer.text
    policy = answer.headers["Content-Security-Policy"]
    assert "sandbox" in policy
    assert "script" not in policy
    assert "frame-ancestors 'self'" in policy


def test_words_are_changed(desk: FlaskClient) -> None:
    """The next letter goes out with them, and the log has both wordings."""
    assert change(desk)[0] == 302
    assert letters.wording(KEY, "en") == Draft("{city} asks you", "Dear {name}\n\n{link}")
    assert letters.wording(KEY, "id") == letters.original(KEY, "id")
    entry = (
        db.session()
        .scalars(select(audit.Entry).where(audit.Entry.action == "letter.changed"))
        .one()
    )
    assert "invites you" in entry.before
    assert "asks you" in entry.after


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ({"text": "Hello {nmae}\n\n{link}"}, "{nmae} stands for nothing here"),
        ({"text": "Hello {name}"}, "Without {link}"),
        ({"text": ""}, "Write a text"),
        ({"subject": ""}, "Write a subject"),
        ({"subject": "x" * 201}, "up to 200 characters"),
        ({"text": "x" * 20_000 + "{link}"}, "up to 10,000 characters"),
    ],
)
def test_words_that_would_not_do_are_kept_in_the_form(
    desk: FlaskClient, words: dict[str, str], sentence: str
) -> None:
    """With the sentence beside them; nothing is changed."""
    status, page = change(desk, **words)
    assert status == 422
    assert sentence in page
    assert all(typed in page for typed in words.values())
    assert letters.changed() == {}


def test_preview_of_typed_words_keeps_nothing(desk: FlaskClient) -> None:
    """It shows them, or says what is wrong."""
    status, page = change(desk, f"{AT}/preview", text="Dear {name}, come!\n\n{link}")
    assert status == 200
    assert "Dear Siti, come!" in page
    status, page = change(desk, f"{AT}/preview", text="{nmae} {link}")
    assert status == 422
    assert "stands for nothing" in page
    assert letters.changed() == {}


def test_markup_in_a_letter_is_words(desk: FlaskClient) -> None:
    """On the page and in the mail."""
    change(desk, text="<script>alert(1)</script>\n\n{link}", subject="<b>x</b>")
    for path in (AT, f"{AT}/preview", "/admin/letters"):
        page = desk.get(path).text
        assert "<script>alert" not in page
        assert "<b>x</b>" not in page


def test_second_of_two_is_shown_what_the_first_wrote(desk: FlaskClient) -> None:
    """Both texts stand on the page; saving again puts the second in place."""
    seen = seen_on(desk)
    assert change(desk, subject="First", seen=seen)[0] == 302
    status, page = change(desk, subject="Second", seen=seen)
    assert status == 409
    assert "First" in page
    assert "Second" in page
    assert letters.wording(KEY, "en").subject == "First"
    found = re.search(r'name="seen" value="([0-9a-f]+)"', page)
    assert found
    assert change(desk, subject="Second", seen=found.group(1))[0] == 302
    assert letters.wording(KEY, "en").subject == "Second"


def test_original_words_come_back_after_a_question(desk: FlaskClient) -> None:
    """The page asks first and shows them."""
    change(desk)
    assert f"{AT}/original" in desk.get(AT).text
    page = desk.get(f"{AT}/original").text
    assert "{city} invites you" in page
    token = csrf_of(page)
    assert desk.post(f"{AT}/original", data={"csrf_token": token}).status_code == 302
    assert letters.wording(KEY, "en") == letters.original(KEY, "en")
    assert f"{AT}/original" not in desk.get(AT).text


@pytest.mark.parametrize(
    "path", ["/admin/letters/nothing/en", "/admin/letters/test.invite/fr",
             "/admin/letters/test.invite/EN", "/admin/letters/../en"],
)  # fmt: skip
def test_letter_that_is_not_there_is_not_found(desk: FlaskClient, path: str) -> None:
    """By its key or language, to see, preview, change or take back."""
    assert desk.get(path).status_code == 404
    for end in ("", "/preview", "/original"):
        assert post(desk, path + end, {"subject": "x", "text": "{link}"}).status_code in (404, 405)


@pytest.mark.parametrize("role", ["lead", "official", "rival", "suspended", "pending", "nobody's"])
def test_others_may_not_see_or_change_a_letter(app: Flask, role: str) -> None:
    """Each door by itself."""
    browser = client_of(app, role)
    for path in ("/admin/letters", AT, f"{AT}/preview", f"{AT}/original"):
        assert browser.get(path).status_code == 403, path
    for path in (AT, f"{AT}/preview", f"{AT}/original"):
        assert post(browser, path, {"subject": "x", "text": "{link}"}).status_code == 403, path
    assert letters.changed() == {}


def test_form_from_elsewhere_changes_nothing(desk: FlaskClient) -> None:
    """Without its token."""
    for path in (AT, f"{AT}/preview", f"{AT}/original"):
        assert desk.post(path, data={"subject": "x", "text": "{link}"}).status_code == 400
    assert letters.changed() == {}
