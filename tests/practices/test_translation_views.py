"""The translator's pages and those of who reviews: side by side, step by step, and attacked."""

from __future__ import annotations

from typing import Any

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, update

from citynet.cities import queries as cities
from citynet.cities.models import Membership
from citynet.kit import db
from citynet.practices import queries, service
from citynet.practices.models import Practice, State
from citynet.practices.translation_parts import parts_with_words
from tests.network import RECORD, actor, client_of, post, write
from tests.practices.editor import Sent, form_in
from tests.practices.reviewing import OUTSIDERS
from tests.practices.translator import (
    WORDS,
    bring_to,
    draft_of,
    keep,
    publish_anew,
    published,
    rows_of,
    translate,
)

STEPS = ("take-over", "submit", "sign-off", "send-back", "publish", "discard", "take-down")
RICH: dict[str, Any] = {
    "problem": '<p>Long <u>queues</u></p><table><tbody><tr><td colspan="2">60</td></tr></tbody>'
               "</table>",
    "phases": [{"name": "Trial", "begins": "2018-01", "text": "<p>See <s>below</s></p>"}],
    "staff": [{"role": "Officer", "people": "2.5", "skills": "Law"}],
    "laws": [{"title": "Decree", "number": "1", "link": "https://x.example/a"}, {"title": "",
             "link": "https://x.example/b"}],
    "honours": [{"name": "Prize", "year": "2019"}], "stopped_reason": "Two\n\nlines",
    "lessons": "<ul><li>a</li><li>b</li></ul>", "source_name": "Report",
}  # fmt: skip


@pytest.fixture
def practice(app: Flask) -> Practice:
    """Return a published practice in English."""
    return published()


@pytest.fixture
def official(app: Flask) -> FlaskClient:
    """Return the browser of Sidoarjo's official."""
    return client_of(app, "official")


def page(practice: Practice, *steps: str) -> str:
    """Return the address of a page of the Indonesian version."""
    return "/".join([f"/practices/{practice.slug}/translations", "id", *steps])


def begin(practice: Practice) -> None:
    """Begin the Indonesian version."""
    service.begin_translation(actor("official"), practice, "id")


def open_part(browser: FlaskClient, practice: Practice, key: str) -> Sent:
    """Open a part and return what its form holds."""
    answer = browser.get(page(practice, key))
    assert answer.status_code == 200, answer.text
    return form_in(answer.text)


def send(browser: FlaskClient, practice: Practice, key: str, **changes: Any) -> Any:
    """Open a part, type and press a button."""
    return post(browser, page(practice, key), {**open_part(browser, practice, key), **changes})


def text_of(answer: Any) -> str:
    """Return the words of a page."""
    soup = BeautifulSoup(answer.text, "html.parser")
    return " ".join(soup.get_text(" ").split())


def links(answer: Any) -> list[str]:
    """Return where the links of a page lead."""
    soup = BeautifulSoup(answer.text, "html.parser")
    return [str(one["href"]) for one in soup.select("main a[href]")]


def test_without_a_version_the_page_says_why_one_pays(
    official: FlaskClient, practice: Practice
) -> None:
    answer = official.get(f"/practices/{practice.slug}/translations")
    assert "There is no version in Indonesian yet" in text_of(answer)
    assert "It pays" in text_of(answer)
    assert post(
        official, f"/practices/{practice.slug}/translations", {"language": "id"}
    ).location.endswith(page(practice))  # fmt: skip
    assert draft_of(practice).state == State.DRAFT


def test_the_versions_are_told_with_what_to_do_next(
    official: FlaskClient, practice: Practice
) -> None:
    begin(practice)
    told = text_of(official.get(f"/practices/{practice.slug}/translations"))
    assert "sidoarjo official" in told
    assert "Next: go on translating" in told
    assert "12%" in told


def test_a_practice_leads_its_authors_to_its_versions(app: Flask, practice: Practice) -> None:
    address = f"/practices/{practice.slug}/translations"
    for role in ("official", "lead", "secretariat", "chapter"):
        assert address in links(client_of(app, role).get(f"/practices/{practice.slug}"))
    for role in ("visitor", "rival"):
        assert address not in links(client_of(app, role).get(f"/practices/{practice.slug}"))


def test_what_is_not_published_is_not_translated(app: Flask) -> None:
    browser, slug = client_of(app, "official"), write().slug
    assert "Publish the practice first" in text_of(browser.get(f"/practices/{slug}/translations"))
    answer = post(browser, f"/practices/{slug}/translations", {"language": "id"})
    assert answer.status_code == 409
    assert "Publish the practice first" in text_of(answer)


def test_saving_parts_unchanged_changes_no_words(app: Flask) -> None:
    practice, official = published(**RICH), client_of(app, "official")
    begin(practice)
    told: dict[str, Any] = {
        "title": "Izin", "problem": "<p>Antrean <u>panjang</u></p>", "blocks": WORDS["blocks"],
        "phases": [{"name": "Uji", "text": "<p>Lihat <s>bawah</s></p>"}],
    }  # fmt: skip
    for name, value in told.items():
        keep(practice, name, value)
    before = draft_of(practice)
    words, version = before.content, before.version
    keys = [one.key for one in parts_with_words(before.revision.content)]
    assert len(keys) == 12
    for key in keys:
        answer = send(official, practice, key)
        assert answer.status_code == 302, (key, answer.text)
    assert (draft_of(practice).content, draft_of(practice).version) == (words, version)


def test_a_part_shows_each_text_beside_its_field(official: FlaskClient, practice: Practice) -> None:
    begin(practice)
    soup = BeautifulSoup(official.get(page(practice, "blocks")).text, "html.parser")
    pairs = soup.select(".cn-pair")
    assert [one.select_one(".cn-pair__text").get_text(strip=True) for one in pairs] == [  # type: ignore[union-attr]
        "One counter", "Fewer visits", "A form online",
    ]  # fmt: skip
    assert [one.select_one(".cn-pair__text")["lang"] for one in pairs] == ["en"] * 3  # type: ignore[index]
    fields = soup.select(".cn-pair [name]")
    assert [one["name"] for one in fields] == ["blocks-0-name", "blocks-0-purpose", "blocks-1-name"]
    assert {one["lang"] for one in fields} == {"id"}
    assert len(soup.find_all("h1")) == 1


def test_words_are_saved_and_the_next_part_follows(
    official: FlaskClient, practice: Practice
) -> None:
    begin(practice)
    answer = send(official, practice, "name", title="Izin", subtitle="Satu loket", action="next")
    assert answer.location.endswith("/id/summary")
    assert draft_of(practice).content.subtitle == "Satu loket"
    assert draft_of(practice).names_to_check == []
    assert send(official, practice, "results", action="next").location.endswith("/translations/id")
    assert send(official, practice, "results", action="save").location.endswith("/id/results")


def test_markdown_becomes_rich_words(official: FlaskClient, practice: Practice) -> None:
    begin(practice)
    send(official, practice, "problem", problem="**Banyak** kantor <b>x</b>")
    saved = draft_of(practice).content.problem
    assert "<strong>Banyak</strong>" in saved
    assert "&lt;b&gt;" in saved


def test_rows_keep_their_place_when_one_is_left_empty(
    official: FlaskClient, practice: Practice
) -> None:
    begin(practice)
    send(official, practice, "blocks", **{"blocks-1-name": "Formulir daring"})
    assert rows_of(draft_of(practice).content, "blocks") == [
        ["", "", "", ""], ["Formulir daring", "", "", ""],
    ]  # fmt: skip


@pytest.mark.parametrize(
    "changes",
    [
        {"blocks-2-name": "More"},
        {"blocks-2-name": "", "blocks-3-name": ""},
        {f"blocks-{number}-name": "x" for number in range(2, 200)},
    ],
)
def test_rows_cannot_be_added(
    official: FlaskClient, practice: Practice, changes: dict[str, str]
) -> None:
    begin(practice)
    answer = send(official, practice, "blocks", **{"blocks-0-name": "Satu loket", **changes})
    assert answer.status_code == 409
    assert "Satu loket" in text_of(answer)
    assert rows_of(draft_of(practice).content, "blocks")[0][0] == ""


def test_rows_cannot_be_taken_away(official: FlaskClient, practice: Practice) -> None:
    begin(practice)
    sent = open_part(official, practice, "blocks")
    kept = {name: value for name, value in sent.items() if not name.startswith("blocks-1")}
    kept["blocks-0-name"] = ["Satu loket"]
    assert post(official, page(practice, "blocks"), kept).status_code == 409
    for name in [name for name in sent if name.startswith("blocks")]:
        sent.pop(name)
    assert post(official, page(practice, "blocks"), sent).status_code == 302
    assert len(draft_of(practice).content.blocks) == 2


def test_what_the_original_does_not_tell_gets_no_words(
    official: FlaskClient, practice: Practice
) -> None:
    begin(practice)
    send(official, practice, "blocks", **{"blocks-1-lesson": "Karangan", "culture": "Karangan",
                                          "blocks-0-name": "Satu"})  # fmt: skip
    send(official, practice, "results", **{"results-0-expected": "1", "results-0-kind": "output"})
    words = draft_of(practice).content
    assert (words.blocks[0].name, words.blocks[1].lesson, words.culture) == ("Satu", "", "")
    assert words.results[0].expected is False


def test_a_part_without_words_is_not_found(official: FlaskClient, practice: Practice) -> None:
    begin(practice)
    for key in ("culture", "leftover", "nothing", "submit", "take-over"):
        assert official.get(page(practice, key)).status_code == 404, key
    for key in ("leftover", "nothing", "submit", "take-over"):
        assert post(official, page(practice, key, "autosave")).status_code == 404, key


def test_words_typed_into_a_part_that_fell_away_are_shown(
    official: FlaskClient, practice: Practice
) -> None:
    """A colleague took over an original that tells nothing there any more."""
    publish_anew(practice, culture="<p>Markets</p>", difficulties="<p>Few</p>", lessons="<p>x</p>")
    begin(practice)
    opened = open_part(official, practice, "culture") | {"culture": "Pasar tradisional"}
    beside = open_part(official, practice, "lessons") | {"difficulties": "Sedikit orang"}
    publish_anew(practice, culture="", difficulties="")
    service.take_over(actor("lead"), practice, "id")
    for key, sent, words in (("culture", opened, "Pasar trad"), ("lessons", beside, "Sedikit")):
        answer = post(official, page(practice, key), sent)
        assert (answer.status_code, words in answer.text) == (409, True), key
        kept = post(official, page(practice, key, "autosave"), sent)
        assert (kept.status_code, kept.json["conflict"]) == (409, True), key
    assert draft_of(practice).content.difficulties == ""


def test_words_typed_while_the_practice_was_withdrawn_are_shown(
    official: FlaskClient, practice: Practice
) -> None:
    begin(practice)
    sent = open_part(official, practice, "summary") | {"summary": "Toko menunggu."}
    service.withdraw(actor("lead"), practice, reason="A mistake in it.")
    answer = post(official, page(practice, "summary"), sent)
    assert (answer.status_code, "Toko menunggu." in answer.text) == (409, True)
    assert post(official, page(practice, "summary", "autosave"), sent).status_code == 409


def test_the_whole_version_costs_as_much_however_much_is_to_check(
    official: FlaskClient, practice: Practice
) -> None:
    bring_to("published", practice)
    publish_anew(practice, summary="New.", problem="<p>New</p>", subtitle="New", agency="New")
    begin(practice)
    asked: list[str] = []
    event.listen(db.db.engine, "before_cursor_execute", lambda *told: asked.append(told[2]))
    assert official.get(page(practice)).status_code == 200
    assert len([one for one in asked if "revisions.number IN" in one]) == 1


def test_the_list_of_work_names_no_other_citys_versions(app: Flask, practice: Practice) -> None:
    bring_to("published", practice)
    publish_anew(practice, summary="New.")
    assert WORDS["title"] in client_of(app, "official").get("/work").text
    assert WORDS["title"] not in client_of(app, "rival").get("/work").text


def test_a_language_that_is_none_of_its_versions_is_not_found(
    official: FlaskClient, practice: Practice
) -> None:
    begin(practice)
    address = f"/practices/{practice.slug}/translations"
    for language in ("xx", "en", "id%00", "ID", "x" * 300):
        for step in ("", "/name", "/discard", "/take-down"):
            answer = official.get(f"{address}/{language}{step}")
            assert answer.status_code == 404, (language, step)
        for step in (*STEPS, "name", "name/autosave"):
            answer = post(official, f"{address}/{language}/{step}", {"title": "x"})
            assert answer.status_code == 404, (language, step)
        assert post(official, address, {"language": language}).status_code == 404


def test_words_are_cleaned_or_refused_with_what_was_typed(
    official: FlaskClient, practice: Practice
) -> None:
    begin(practice)
    for text in ("x" * 20_001, "x" * 1_000_000):
        answer = send(official, practice, "problem", problem=text)
        assert answer.status_code == 422
        assert form_in(answer.text)["problem"] == [text]
        assert "Error:" in text_of(answer)
    for text in ("a\0b", "<script>x()</script>", "[a](javascript:x)"):
        assert send(official, practice, "problem", problem=text).status_code == 302
        saved = draft_of(practice).content.problem
        assert "\0" not in saved
        assert "<script" not in saved
        assert "href" not in saved
    html = {"format": "html", "problem": '<p onclick="x()">Satu<img src=x onerror=x()></p>'}
    assert send(official, practice, "problem", **html).status_code == 302
    assert draft_of(practice).content.problem == "<p>Satu</p>"


def test_a_title_that_is_emptied_is_refused_beside_its_field(
    official: FlaskClient, practice: Practice
) -> None:
    begin(practice)
    answer = send(official, practice, "name", title="", subtitle="Satu loket")
    assert answer.status_code == 422
    assert form_in(answer.text)["subtitle"] == ["Satu loket"]
    assert 'id="title-error"' in answer.text


def test_a_row_that_is_too_long_says_so_at_its_own_field(
    official: FlaskClient, practice: Practice
) -> None:
    begin(practice)
    answer = send(official, practice, "blocks", **{"blocks-1-name": "x" * 201})
    assert answer.status_code == 422
    assert 'id="blocks-1-name-error"' in answer.text
    assert 'href="#blocks-1-name"' in answer.text


def test_the_page_saves_by_itself(official: FlaskClient, practice: Practice) -> None:
    begin(practice)
    sent = open_part(official, practice, "name")
    answer = post(official, page(practice, "name", "autosave"), {**sent, "title": "Izin"})
    assert answer.status_code == 200
    assert draft_of(practice).title == "Izin"
    assert draft_of(practice).names_to_check == ["title"]
    again = {**sent, "base": answer.json["base"], "title": "Izin usaha"}
    assert post(official, page(practice, "name", "autosave"), again).status_code == 200
    assert draft_of(practice).title == "Izin usaha"
    long = {**again, "subtitle": "x" * 201}
    refused = post(official, page(practice, "name", "autosave"), long)
    assert (refused.status_code, list(refused.json["errors"])) == (422, ["subtitle"])


def test_two_translators_choose_between_both_words(app: Flask, practice: Practice) -> None:
    begin(practice)
    official, lead = client_of(app, "official"), client_of(app, "lead")
    older = {**open_part(official, practice, "summary"), "summary": "Satu"}
    send(lead, practice, "summary", summary="Dua")
    assert post(official, page(practice, "summary", "autosave"), older).status_code == 409
    answer = post(official, page(practice, "summary"), older)
    assert answer.status_code == 409
    assert "sidoarjo lead changed the same fields" in text_of(answer)
    assert "Dua" in text_of(answer)
    choice = form_in(answer.text)
    assert choice["summary"] == ["Satu"]
    theirs = post(official, page(practice, "summary"), {**choice, "keep-summary": "theirs"})
    assert theirs.status_code == 302
    assert draft_of(practice).summary == "Dua"
    assert post(official, page(practice, "summary"), choice).status_code == 302
    assert draft_of(practice).summary == "Satu"


def test_two_translators_in_different_fields_both_stay(app: Flask, practice: Practice) -> None:
    begin(practice)
    official = client_of(app, "official")
    older = {**open_part(official, practice, "name"), "subtitle": "Satu loket"}
    send(client_of(app, "lead"), practice, "name", title="Izin")
    assert post(official, page(practice, "name"), older).status_code == 302
    kept = draft_of(practice)
    assert (kept.title, kept.subtitle) == ("Izin", "Satu loket")


def test_words_typed_into_a_text_under_review_can_be_copied(
    official: FlaskClient, practice: Practice
) -> None:
    translate(practice)
    sent = {**open_part(official, practice, "summary"), "summary": "Kata baru"}
    service.submit_translation(actor("official"), practice, "id")
    assert official.get(page(practice, "summary")).status_code == 409
    answer = post(official, page(practice, "summary"), sent)
    assert answer.status_code == 409
    assert "Your text is not saved" in text_of(answer)
    assert "Kata baru" in text_of(answer)
    assert draft_of(practice).summary == WORDS["summary"]


def test_words_typed_into_a_draft_that_is_gone_can_be_copied(
    official: FlaskClient, practice: Practice
) -> None:
    translate(practice)
    sent = {**open_part(official, practice, "summary"), "summary": "Kata baru"}
    service.discard_translation(actor("lead"), practice, "id")
    assert post(official, page(practice, "summary", "autosave"), sent).status_code == 409
    answer = post(official, page(practice, "summary"), sent)
    assert answer.status_code == 409
    assert "Kata baru" in text_of(answer)
    bring_to("published", practice)
    assert post(official, page(practice, "summary", "autosave"), sent).status_code == 409
    answer = post(official, page(practice, "summary"), sent)
    assert answer.status_code == 409
    assert "Kata baru" in text_of(answer)
    assert official.get(page(practice, "summary")).location.endswith("/translations/id")


def test_words_of_rows_that_changed_meanwhile_can_be_copied(
    official: FlaskClient, practice: Practice
) -> None:
    translate(practice)
    sent = {**open_part(official, practice, "blocks"), "blocks-0-name": "Kata baru"}
    publish_anew(practice, blocks=[{"name": "A form online"}])
    service.take_over(actor("lead"), practice, "id")
    answer = post(official, page(practice, "blocks"), sent)
    assert answer.status_code == 409
    assert "Kata baru" in text_of(answer)
    assert rows_of(draft_of(practice).content, "blocks") == [["Formulir daring", "", "", ""]]


def test_a_page_of_before_the_changes_were_taken_over_checks_nothing(
    official: FlaskClient, practice: Practice
) -> None:
    translate(practice)
    sent = {**open_part(official, practice, "summary"), "summary": "Kata baru"}
    publish_anew(practice, summary="Shops wait three days.")
    service.take_over(actor("lead"), practice, "id")
    assert post(official, page(practice, "summary", "autosave"), sent).status_code == 409
    for original in (sent["original"], "9", "x", "", "9" * 400):
        answer = post(official, page(practice, "summary"), {**sent, "original": original})
        assert answer.status_code == 409
        assert "Kata baru" in text_of(answer)
    assert draft_of(practice).names_to_check == ["summary"]


def test_facts_that_change_alone_do_not_hold_words_up(
    official: FlaskClient, practice: Practice
) -> None:
    translate(practice)
    publish_anew(practice, started="2018")
    assert "Behind its original" not in text_of(official.get(page(practice)))
    assert post(official, page(practice, "submit")).status_code == 302
    assert draft_of(practice).state == State.SUBMITTED


def test_a_version_behind_its_original_tells_what_changed(
    official: FlaskClient, practice: Practice
) -> None:
    translate(practice)
    publish_anew(practice, summary="Shops wait three days.", culture="New here.")
    told = official.get(page(practice))
    assert "Behind its original" in text_of(told)
    assert "What changed in the original: 2 fields" in text_of(told)
    assert "three days." in text_of(told)
    assert post(official, page(practice, "submit")).status_code == 409
    assert post(official, page(practice, "take-over")).status_code == 302
    assert draft_of(practice).names_to_check == ["summary", "culture"]
    assert "Behind its original" not in text_of(official.get(page(practice)))


def test_a_field_to_check_shows_what_changed_until_it_is_saved(
    official: FlaskClient, practice: Practice
) -> None:
    translate(practice)
    publish_anew(practice, summary="Shops wait three days.")
    post(official, page(practice, "take-over"))
    publish_anew(practice, summary="Shops wait two days.")
    post(official, page(practice, "take-over"))
    answer = official.get(page(practice, "summary"))
    soup = BeautifulSoup(answer.text, "html.parser")
    marks = [(one.name, one.get_text()) for one in soup.select(".cn-tocheck .cn-change__mark")]
    assert ("del", "less") in marks
    assert ("ins", "two") in marks
    assert ("del", "three") not in marks
    send(official, practice, "summary")
    assert draft_of(practice).names_to_check == []
    assert ".cn-tocheck" not in official.get(page(practice, "summary")).text


def test_what_the_original_tells_no_more_asks_for_nothing(
    official: FlaskClient, practice: Practice
) -> None:
    translate(practice)
    publish_anew(practice, problem="", unknown=[*RECORD["unknown"], "problem"])
    post(official, page(practice, "take-over"))
    assert draft_of(practice).names_to_check == []
    assert official.get(page(practice, "problem")).status_code == 404
    assert post(official, page(practice, "submit")).status_code == 302
    assert draft_of(practice).state == State.SUBMITTED


def test_a_submission_that_lacks_words_leads_to_what_is_missing(
    official: FlaskClient, practice: Practice
) -> None:
    begin(practice)
    answer = post(official, page(practice, "submit"), follow_redirects=True)
    told = text_of(answer)
    assert "Building block 1, What it is for: Translate this." in told
    assert "Title: Check this against the original." in told
    assert page(practice, "blocks") + "#blocks-0-purpose" in links(answer)
    assert draft_of(practice).state == State.DRAFT


def test_words_go_their_way_by_buttons(app: Flask, practice: Practice) -> None:
    translate(practice)
    browsers = {role: client_of(app, role) for role in ("official", "lead", "chapter")}
    for role, step in (("official", "submit"), ("lead", "sign-off"), ("chapter", "publish")):
        shown = browsers[role].get(page(practice))
        action = page(practice, step)
        form = BeautifulSoup(shown.text, "html.parser").find("form", action=action)
        assert form is not None, step
        seen = form.find("input", {"name": "seen"})["value"]  # type: ignore[index]
        assert post(browsers[role], action, {"seen": seen}).status_code == 302
    assert draft_of(practice).state == State.PUBLISHED


def test_reviewers_read_the_whole_version_side_by_side(app: Flask, practice: Practice) -> None:
    bring_to("signed_off", practice)
    for role in ("lead", "secretariat", "chapter"):
        told = text_of(client_of(app, role).get(page(practice)))
        for words in ("One counter", "Satu loket", "As in the original.", WORDS["title"]):
            assert words in told, (role, words)


def test_a_comment_leads_the_words_back_to_their_translators(
    app: Flask, practice: Practice
) -> None:
    bring_to("signed_off", practice)
    desk = client_of(app, "secretariat")
    refused = post(desk, page(practice, "send-back"), {"comment": " "})
    assert refused.status_code == 422
    long = post(desk, page(practice, "send-back"), {"comment": "x" * 2001})
    assert long.status_code == 422
    assert "x" * 2001 in long.text
    assert post(desk, page(practice, "send-back"), {"comment": "Say <loket>."}).status_code == 302
    for steps in ((), ("name",)):
        assert "Say <loket>." in text_of(client_of(app, "official").get(page(practice, *steps)))


def test_buttons_of_an_older_page_decide_nothing(app: Flask, practice: Practice) -> None:
    one = translate(practice)
    seen = {"seen": f"{one.number}.{one.version}"}
    keep(practice, "summary", "Lagi.", role="lead")
    official = client_of(app, "official")
    for step in ("submit", "discard"):
        answer = post(official, page(practice, step), seen)
        assert answer.status_code == 409
        assert "moved on meanwhile" in text_of(answer)
    assert draft_of(practice).state == State.DRAFT


@pytest.mark.parametrize(
    ("role", "state", "step"),
    [("official", "submitted", "submit"), ("lead", "signed_off", "sign-off"),
     ("secretariat", "published", "publish"), ("lead", "signed_off", "take-down"),
     ("official", "published", "discard"), ("official", "published", "take-over"),
     ("secretariat", "draft", "publish"), ("chapter", "draft", "send-back")],
)  # fmt: skip
def test_a_step_pressed_twice_says_where_the_text_stands(
    app: Flask, practice: Practice, role: str, state: str, step: str
) -> None:
    bring_to(state, practice)
    answer = post(client_of(app, role), page(practice, step), {"comment": "No."})
    assert answer.status_code == 409
    assert "moved on" in text_of(answer)
    assert draft_of(practice).state == state


def test_a_draft_is_deleted_after_a_question(official: FlaskClient, practice: Practice) -> None:
    translate(practice)
    asked = official.get(page(practice, "discard"))
    assert "cannot be brought back" in text_of(asked)
    sent = form_in(asked.text)
    assert post(official, page(practice, "discard"), sent).location.endswith("/translations")
    assert official.get(page(practice)).status_code == 404
    assert post(official, page(practice, "discard"), sent).status_code == 409


def test_a_published_version_is_taken_down_after_a_question(app: Flask, practice: Practice) -> None:
    bring_to("published", practice)
    begin(practice)
    lead = client_of(app, "lead")
    assert page(practice, "take-down") in links(lead.get(page(practice)))
    sent = form_in(lead.get(page(practice, "take-down")).text)
    assert post(lead, page(practice, "take-down"), sent).status_code == 302
    assert queries.published_translations([practice.id]) == {}
    assert draft_of(practice).state == State.DRAFT
    assert lead.get(page(practice, "take-down")).status_code == 404


def test_a_lead_alone_is_told_to_ask_a_colleague(app: Flask, practice: Practice) -> None:
    translate(practice, role="lead")
    service.submit_translation(actor("lead"), practice, "id")
    lead = client_of(app, "lead")
    assert "Send it back, and ask a colleague" in text_of(lead.get(page(practice)))
    assert post(lead, page(practice, "sign-off")).status_code == 403


GETS = ("", "name", "discard", "take-down")


@pytest.mark.parametrize("role", OUTSIDERS)
@pytest.mark.parametrize("state", ["draft", "published"])
def test_outsiders_neither_see_nor_do_anything(
    app: Flask, practice: Practice, state: str, role: str
) -> None:
    bring_to(state, practice)
    browser = client_of(app, role)
    is_visitor, address = role == "visitor", f"/practices/{practice.slug}/translations"
    hidden = 404 if state == "draft" else 403
    for step in GETS:
        answer = browser.get(page(practice, *([step] if step else [])))
        assert answer.status_code == (302 if is_visitor else hidden), step
    assert browser.get(address).status_code == (302 if is_visitor else 403)
    begun = post(browser, address, {"language": "id"})
    assert begun.status_code == (401 if is_visitor else 403)
    for step in (*STEPS, "name", "name/autosave"):
        sent = {"comment": "No.", "title": "Taken over"}
        answer = post(browser, page(practice, step), sent)
        is_own = step in ("name", "name/autosave") and state == "draft"
        assert answer.status_code == (401 if is_visitor else 403 if is_own else hidden), step
    assert (draft_of(practice).state, draft_of(practice).title) == (state, WORDS["title"])


@pytest.mark.parametrize("role", ["rival", "suspended", "pending"])
def test_versions_of_a_practice_that_is_hidden_are_hidden(app: Flask, role: str) -> None:
    slug = write().slug
    assert client_of(app, role).get(f"/practices/{slug}/translations").status_code == 404


MAY = {
    "official": {"take-over", "submit", "discard", "name", "name/autosave"},
    "lead": {"take-over", "submit", "discard", "name", "name/autosave", "take-down"},
    "secretariat": {"take-down"},
    "chapter": {"take-down"},
}


@pytest.mark.parametrize("role", MAY)
def test_insiders_do_what_is_theirs(app: Flask, practice: Practice, role: str) -> None:
    bring_to("submitted", practice)
    browser = client_of(app, role)
    for step in ("take-over", "submit", "discard", "name", "name/autosave", "sign-off", "publish"):
        allowed = MAY[role] | ({"sign-off"} if role == "lead" else set())
        allowed |= {"publish"} if role in ("secretariat", "chapter") else set()
        answer = post(browser, page(practice, step), {"title": "x", "seen": "9.9"})
        assert answer.status_code == (409 if step in allowed else 403), step
    assert draft_of(practice).state == State.SUBMITTED


def test_a_city_that_is_no_member_translates_and_does_not_submit(
    app: Flask, practice: Practice
) -> None:
    translate(practice)
    stand(practice, "applied")
    official = client_of(app, "official")
    assert send(official, practice, "summary", summary="Baru.").status_code == 302
    assert "you can submit once your city is a member" in text_of(official.get(page(practice)))
    assert post(official, page(practice, "submit")).status_code == 403
    assert draft_of(practice).state == State.DRAFT


def test_a_suspended_city_translates_nothing(app: Flask, practice: Practice) -> None:
    translate(practice)
    stand(practice, "suspended")
    official = client_of(app, "official")
    assert official.get(page(practice, "name")).status_code == 404
    assert official.get(f"/practices/{practice.slug}/translations").status_code == 403
    assert post(official, page(practice, "submit")).status_code == 404


def test_the_list_of_work_names_versions_by_their_next_step(app: Flask, practice: Practice) -> None:
    begin(practice)
    assert "8 texts are to be translated" in work_of(app, "official")
    bring_to("submitted", practice)
    assert "For you to sign off 1" in work_of(app, "lead")
    assert "Waiting for the lead 1" in work_of(app, "official")
    service.send_back_translation(actor("lead"), practice, "id", comment="Say loket.")
    assert "Sent back to you 1" in work_of(app, "official")
    service.submit_translation(actor("official"), practice, "id")
    service.sign_off_translation(actor("lead"), practice, "id")
    assert "With the secretariat 1" in work_of(app, "official")
    service.publish_translation(actor("secretariat"), practice, "id")
    assert "Behind their original" not in work_of(app, "official")
    publish_anew(practice, summary="Shops wait three days.")
    assert "Behind their original 1" in work_of(app, "official")
    begin(practice)
    assert "Behind their original" not in work_of(app, "official")
    assert "Into Indonesian" not in work_of(app, "rival")


def test_the_desk_of_reviews_names_translations_of_its_own_cities(app: Flask) -> None:
    own, seoul = published(), published(title="Seoul writes")
    bring_to("signed_off", own)
    bring_to("signed_off", seoul)
    give_to_seoul(seoul)
    for role, is_seen in (("secretariat", True), ("chapter", False)):
        browser = client_of(app, role)
        for address in ("/admin/reviews", "/admin/"):
            shown = browser.get(address)
            assert page(own) in links(shown), (role, address)
            assert (page(seoul) in links(shown)) == is_seen, (role, address)
        assert page(own) not in links(browser.get("/admin/reviews?mine=1"))


def test_a_title_with_markup_is_text_everywhere(app: Flask, practice: Practice) -> None:
    attack = "<img src=x onerror=alert(1)>"
    translate(practice, title=attack, blocks=[{"name": attack}, {"name": attack}])
    official = client_of(app, "official")
    addresses = [page(practice), page(practice, "blocks"), page(practice, "discard"), "/work",
                 f"/practices/{practice.slug}/translations"]  # fmt: skip
    for address in addresses:
        shown = official.get(address)
        assert shown.status_code == 200
        assert "<img src=x" not in shown.text, address


def test_the_list_of_work_asks_as_often_for_many_versions(
    app: Flask, official: FlaskClient, practice: Practice
) -> None:
    begin(practice)
    official.get("/work")
    costs = [len(asked(app, official, "/work"))]
    for _number in range(3):
        begin(published())
    costs.append(len(asked(app, official, "/work")))
    assert costs[0] == costs[1]


def asked(app: Flask, browser: FlaskClient, address: str) -> list[str]:
    """Return what the database is asked for a page."""
    statements: list[str] = []

    def note(_cursor: object, _c: object, statement: str, *_rest: object) -> None:
        statements.append(statement)

    event.listen(db.db.engine, "before_cursor_execute", note)
    assert browser.get(address).status_code == 200
    event.remove(db.db.engine, "before_cursor_execute", note)
    return statements


def work_of(app: Flask, role: str) -> str:
    """Return the words of a role's list of work."""
    return text_of(client_of(app, role).get("/work"))


@db.transaction
def stand(practice: Practice, standing: str) -> None:
    """Give the practice's city another standing."""
    own = Membership.city_id == practice.city_id
    db.session().execute(update(Membership).where(own).values(standing=standing))


@db.transaction
def give_to_seoul(practice: Practice) -> None:
    """Let a practice be one of a city outside of the chapter."""
    db.session().merge(practice).city_id = cities.get_city("seoul").id
