"""Nothing typed is lost: autosave, what this browser keeps, and what the server answers.

The server behind the page is a stand-in (`editor_page`): how the script meets its answers is what
is looked at here.
"""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.practices.writer import Writer, chromium, server, writer

__all__ = ["chromium", "server", "writer"]
pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_saves_two_seconds_after_the_last_change(writer: Writer) -> None:
    """It says so, and the next saving builds on this one."""
    writer.write()
    expect(writer.status).to_have_text("Saving…")
    writer.wait(1)
    assert not writer.server.saves
    writer.wait(1.2)
    expect(writer.status).to_have_text("Saved 12:04")
    assert writer.server.saves[-1]["problem"] == "<p>It floods.</p>"
    assert writer.server.saves[-1]["format"] == "html"
    expect(writer.page.locator("[name=base]")).to_have_value("2")
    assert writer.kept() == 0


def test_saves_every_fifteen_seconds_while_the_typing_goes_on(writer: Writer) -> None:
    """Who never pauses is saved, too."""
    writer.text.click()
    for _key in range(12):
        writer.page.keyboard.type("a")
        writer.wait(1.5)
    expect(writer.status).to_have_text(re.compile("Sav"))
    assert writer.server.base >= 2


def test_offline_text_is_kept_and_sent_when_the_line_returns(writer: Writer) -> None:
    """The page says where it is meanwhile."""
    writer.context.set_offline(True)
    writer.write()
    writer.wait()
    expect(writer.status).to_contain_text("No connection: kept in this browser")
    assert writer.kept() == 1
    writer.context.set_offline(False)
    expect(writer.status).to_have_text("Saved 12:04")
    assert writer.kept() == 0


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (302, "Sign in again: your text is kept"),
        (401, "Sign in again: your text is kept"),
        (403, "could not be saved. It is kept"),
        (409, "Somebody else changed this text"),
        (413, "too long to be saved. It is kept"),
        (422, "Not saved, but kept in this browser. Please shorten this."),
        (503, "does not answer: your text is kept"),
    ],
)
def test_refused_text_is_kept_and_offered_again(writer: Writer, status: int, words: str) -> None:
    """Whatever the answer was, the same page has the text when it is opened anew."""
    writer.server.answer = status
    writer.write()
    writer.wait()
    expect(writer.status).to_contain_text(words)
    assert writer.kept() == 1
    writer.page.reload()
    expect(writer.page.get_by_text("that was not sent is kept in this browser")).to_be_visible()
    writer.server.answer = 200
    writer.press("Restore it")
    expect(writer.text).to_have_text("It floods.")
    writer.wait()
    expect(writer.status).to_have_text("Saved 12:04")
    assert writer.kept() == 0


def test_line_that_fails_is_tried_again(writer: Writer) -> None:
    """Without a key being pressed."""
    writer.server.answer = 503
    writer.write()
    writer.wait()
    expect(writer.status).to_contain_text("does not answer")
    writer.server.answer = 200
    writer.wait(5)
    expect(writer.status).to_have_text("Saved 12:04")


def test_refused_field_says_why_beside_it(writer: Writer) -> None:
    """The sentence is tied to the field, and goes when it is taken."""
    writer.server.answer = 422
    writer.write()
    writer.wait()
    expect(writer.text).to_have_attribute("aria-describedby", "problem-hint problem-error")
    expect(writer.page.locator("#problem-error")).to_have_text("Please shorten this.")
    writer.server.answer = 200
    writer.type("!")
    writer.wait()
    expect(writer.page.locator("#problem-error")).to_have_count(0)
    expect(writer.text).to_have_attribute("aria-describedby", "problem-hint")


def test_discarded_text_is_gone(writer: Writer) -> None:
    """It is not offered twice, and the page keeps its own."""
    writer.server.answer = 503
    writer.write()
    writer.wait()
    writer.page.reload()
    writer.press("Discard it")
    expect(writer.page.get_by_role("alert")).to_have_count(0)
    assert writer.kept() == 0
    expect(writer.text).to_have_text("")


def test_restored_text_does_not_overwrite_a_newer_one(writer: Writer) -> None:
    """It goes with the base it was written on, so the two are compared."""
    writer.server.answer = 503
    writer.write()
    writer.wait()
    writer.server.answer, writer.server.base = 200, 9
    writer.server.texts["problem"] = "<p>Theirs.</p>"
    writer.page.reload()
    writer.press("Restore it")
    writer.wait()
    expect(writer.status).to_contain_text("Somebody else changed this text")
    assert writer.server.texts["problem"] == "<p>Theirs.</p>"
    assert writer.kept() == 1
    writer.press("Compare both")
    writer.page.wait_for_url("**/page")
    assert writer.server.pages[-1]["problem"] == "<p>It floods.</p>"
    assert writer.server.pages[-1]["base"] == "1"


def test_another_person_is_shown_nothing(writer: Writer) -> None:
    """On the same browser, on the same page."""
    writer.server.answer = 503
    writer.write()
    writer.wait()
    writer.server.person = "8"
    writer.page.reload()
    expect(writer.text).to_have_text("")
    expect(writer.page.get_by_text("that was not sent")).to_have_count(0)


def test_signing_out_deletes_what_was_kept(writer: Writer) -> None:
    """After a question."""
    writer.server.answer = 503
    writer.write()
    writer.wait()
    writer.page.reload()
    writer.press("Sign out")
    writer.page.wait_for_url("**/sign-out")
    assert "confirm" in writer.questions
    assert writer.kept() == 0


def test_new_sign_in_goes_on_where_the_old_one_ended(writer: Writer) -> None:
    """The page fetches the new token by itself."""
    writer.server.token = "second"
    writer.write()
    writer.wait()
    expect(writer.status).to_have_text("Saved 12:04")


def test_text_is_not_sent_in_another_persons_name(writer: Writer) -> None:
    """Somebody else signed in in another window."""
    writer.server.token, writer.server.person = "second", "8"
    writer.write()
    writer.wait()
    expect(writer.status).to_contain_text("Sign in again")
    assert not writer.server.saves


def test_leaving_asks_only_when_something_is_unsaved(writer: Writer) -> None:
    """Not before the first word, not after it is saved."""
    writer.page.reload()
    writer.write()
    writer.wait()
    expect(writer.status).to_have_text("Saved 12:04")
    writer.page.reload()
    assert not writer.questions
    writer.server.answer = 503
    writer.write("More.")
    writer.page.reload()
    assert writer.questions == ["beforeunload"]


def test_button_saves_first_and_sends_the_rich_text(writer: Writer) -> None:
    """So that a line that breaks while the page changes costs nothing."""
    writer.write()
    writer.press("Save")
    writer.page.wait_for_url("**/page")
    assert writer.server.pages[-1]["problem"] == "<p>It floods.</p>"
    assert writer.server.pages[-1]["action"] == "save"
    assert writer.server.pages[-1]["base"] == "2"
    assert writer.questions == []


def test_button_without_a_line_stays_on_the_page(writer: Writer) -> None:
    """The text is kept, and the page says that nothing was sent."""
    writer.write()
    writer.context.set_offline(True)
    writer.press("Save")
    expect(writer.status).to_contain_text("nothing was sent")
    assert writer.kept() == 1
    assert writer.text.inner_text() == "It floods."
    writer.context.set_offline(False)
    expect(writer.status).to_have_text("Saved 12:04")


def test_button_stays_when_the_text_is_not_taken(writer: Writer) -> None:
    """A page of the server's about its trouble would hide it."""
    writer.server.answer = 503
    writer.write()
    writer.press("Save")
    expect(writer.status).to_contain_text("does not answer")
    assert not writer.server.pages


def test_who_else_writes_here_is_told(writer: Writer) -> None:
    """As the answer to a saving names them."""
    writer.server.editors = ["Sari", "Budi"]
    writer.write()
    writer.wait()
    expect(writer.page.locator("[data-editors]")).to_have_text(
        "Also writing here now: Sari and Budi"
    )


# ---- what is no change


def test_what_only_the_browser_marks_is_no_change(writer: Writer) -> None:
    """Extensions and spell checkers write into the text's elements; nothing is sent for that."""
    marks = "node => { node.dataset.checked = 'yes'; node.firstChild.className = 'wrong'; }"
    writer.text.evaluate(marks)
    writer.page.evaluate("() => new Promise(done => queueMicrotask(done))")
    expect(writer.status).to_have_text("")
    writer.wait(20)
    expect(writer.status).to_have_text("")
    assert not writer.server.saves
    assert writer.kept() == 0


def test_leaving_a_saved_field_is_no_change(writer: Writer) -> None:
    """The page goes on saying when it was saved."""
    title = writer.page.get_by_label("Title")
    title.press("End")
    title.press_sequentially("s")
    expect(writer.status).to_have_text("Saving…")
    writer.wait()
    expect(writer.status).to_have_text("Saved 12:04")
    title.blur()
    writer.wait(20)
    expect(writer.status).to_have_text("Saved 12:04")
    assert len(writer.server.saves) == 1
