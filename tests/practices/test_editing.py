"""The editor by its parts: forms, two people at once, autosave, who is there."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from citynet.kit import audit, clock
from citynet.practices import content as contents
from citynet.practices import editing, fields, merging, queries, service
from citynet.practices.editing_words import HELP
from citynet.practices.models import State
from tests.network import RECORD, actor, client_of, post, write, write_to
from tests.practices.editor import autosave, form_in, open_part, send

FULL: dict[str, Any] = {
    "dimension": "living", "sdgs": [11, 3], "offers": ["call"], "licence": "CC0-1.0",
    "problem": "<p>Long <u>queues</u></p><table><tbody><tr><td colspan=\"2\">60 days</td></tr>"
               "</tbody></table>",
    "blocks": [{"name": "One", "purpose": "<p>H<sub>2</sub>O & more</p>"}, {"name": "Two"}],
    "phases": [{"name": "Trial", "begins": "2018-01", "text": "<p>See <s>below</s></p>"}],
    "cost_setup": "1200000", "cost_currency": "IDR", "cost_band": "to_100k",
    "staff": [{"role": "Officer", "people": "2.5"}], "culture": "<p>1 < 2 *stars* &amp;lt;</p>",
    "laws": [{"title": "Decree", "number": "1", "link": "https://x.example/a"}],
    "results": [{"indicator": "Days", "after": "5", "kind": "output", "document": "7",
                 "expected": True}],
    "honours": [{"name": "Prize", "year": "2019"}], "leftover": "<h2>Rest</h2><p>of it</p>",
    "lessons": "<ul><li>a</li><li>b</li></ul>", "contact_email": "a@b.example",
    "stopped_reason": "Two\n\nlines", "visibility": "members", "language": "id",
    "unknown": ["staffing", "legal_basis", "started", "replicate_needs", "contact_office"],
}  # fmt: skip
FULL_TEXT = {**RECORD, **FULL}


def newest(slug: str) -> Any:
    """Return the newest text as the city's lead reads it."""
    return queries.newest_text(actor("lead"), slug)


@pytest.fixture
def official(app: Flask) -> FlaskClient:
    """Return the browser of Sidoarjo's official."""
    return client_of(app, "official")


@pytest.fixture
def lead(app: Flask) -> FlaskClient:
    """Return the browser of Sidoarjo's lead."""
    return client_of(app, "lead")


def test_every_field_has_one_page_and_its_words() -> None:
    """Nothing that a practice holds is out of the editor's reach."""
    named = [name for part in editing.BY_KEY.values() for name in part.fields]
    assert sorted(named) == sorted(set(contents.Content.model_fields) - {"unknown"})
    assert [part.number for part in editing.PARTS] == list(range(1, 17))
    assert set(named) == HELP.keys()


def test_rich_fields_of_rows_are_known() -> None:
    """The editor writes exactly these as Markdown."""
    rows: dict[str, type[fields.Shape]] = {
        "blocks": fields.Block, "phases": fields.Phase, "staff": fields.Staff,
        "laws": fields.Law, "results": fields.Result, "honours": fields.Honour,
    }  # fmt: skip
    rich = {
        name: tuple(
            key for key, field in shape.model_fields.items()
            if any(isinstance(getattr(one, "func", None), fields.Cleaned) for one in field.metadata)
        )
        for name, shape in rows.items()
    }  # fmt: skip
    assert {name: keys for name, keys in rich.items() if keys} == contents.RICH_IN_ROWS


@pytest.mark.parametrize("key", editing.BY_KEY)
def test_saving_a_part_unchanged_changes_nothing(official: FlaskClient, key: str) -> None:
    """Its form holds all that is saved, and posts the same; what Markdown cannot say stays."""
    practice = write(**FULL)
    page = official.get(f"/practices/{practice.slug}/edit/{key}").text
    assert page.count("<h1") == 1
    assert send(official, practice.slug, key, form_in(page)).status_code == 302
    found = newest(practice.slug)
    assert found.content == contents.read(FULL_TEXT)
    assert (found.number, found.version) == (1, 1)


def test_part_changes_its_own_fields_only(official: FlaskClient) -> None:
    """Whatever else is posted."""
    slug = write(**FULL).slug
    sent = open_part(official, slug, "problem")
    send(official, slug, "problem", sent, problem="Other words", title="Crafted", unknown="cost")
    found = newest(slug)
    assert found.content.problem == "<p>Other words</p>"
    expected = contents.read({**FULL_TEXT, "problem": "<p>Other words</p>"})
    assert found.content == expected
    assert found.version == 2


def test_part_that_there_is_not_is_not_found(official: FlaskClient) -> None:
    """Neither its page nor a post, nor what it would save by itself."""
    slug = write().slug
    assert official.get(f"/practices/{slug}/edit/nothing").status_code == 404
    assert post(official, f"/practices/{slug}/edit/nothing").status_code == 404
    assert post(official, f"/practices/{slug}/edit/nothing/autosave").status_code == 404


def test_markdown_becomes_rich_text_and_back(official: FlaskClient) -> None:
    """Without a script the box shows and takes Markdown; tags typed into it are text."""
    slug = write().slug
    typed = "## Who\r\n\r\n- **Shops**\r\n- <b>stalls</b>"
    send(official, slug, "problem", open_part(official, slug, "problem"), problem=typed)
    saved = newest(slug).content.problem
    assert "<strong>Shops</strong>" in saved
    assert "&lt;b&gt;stalls" in saved
    assert "**Shops**" in open_part(official, slug, "problem")["problem"][0]


def test_html_of_the_script_is_cleaned(official: FlaskClient) -> None:
    """It is taken as HTML where the form says so, and nothing in it runs."""
    slug = write().slug
    typed = "<p>Fine <u>lines</u><script>alert(1)</script><img src=x onerror=alert(1)></p>"
    sent = open_part(official, slug, "problem")
    send(official, slug, "problem", sent, problem=typed, format="html")
    assert newest(slug).content.problem == "<p>Fine <u>lines</u></p>"
    page = official.get(f"/practices/{slug}/edit/problem").text
    assert 'data-html="&lt;p&gt;Fine &lt;u&gt;lines' in page


def test_text_that_cannot_be_taken_stays_in_its_box(official: FlaskClient) -> None:
    """In Markdown as it was typed, from a script as clean HTML beside it."""
    slug = write().slug
    sent = open_part(official, slug, "status")
    answer = send(official, slug, "status", sent, started="soon", stopped_reason="My  words")
    assert answer.status_code == 422
    assert form_in(answer.text)["stopped_reason"] == ["My  words"]
    sent = open_part(official, slug, "blocks")
    rows = {"blocks-0-name": "n" * 201, "blocks-0-purpose": "<p>It <em>is</em></p>"}
    answer = send(official, slug, "blocks", sent, **rows, format="html")
    assert answer.status_code == 422
    assert form_in(answer.text)["blocks-0-purpose"] == ["It *is*"]
    assert 'data-html="&lt;p&gt;It &lt;em&gt;is&lt;/em&gt;&lt;/p&gt;"' in answer.text


def test_huge_text_is_refused_quickly(official: FlaskClient) -> None:
    """Nobody's Markdown is read beyond what a field may hold."""
    slug = write().slug
    sent = open_part(official, slug, "problem")
    answer = send(official, slug, "problem", sent, problem="> " * 300_000)
    assert answer.status_code == 422
    assert "Shorten this to 20000 characters." in answer.text


def test_markup_nested_without_end_leaves_its_words(official: FlaskClient) -> None:
    """It is refused at once, and the page of the part still opens."""
    slug = write().slug
    sent = open_part(official, slug, "problem")
    typed = "<ul><li>" * 5_000 + "My words"
    answer = send(official, slug, "problem", sent, problem=typed, format="html")
    assert answer.status_code == 422
    assert form_in(answer.text)["problem"] == ["My words"]
    assert (
        autosave(official, slug, "problem", sent, problem=typed, format="html").status_code == 422
    )
    deep = "<blockquote>" * 90 + "x"
    assert send(official, slug, "problem", sent, problem=deep, format="html").status_code == 302
    assert open_part(official, slug, "problem")["problem"]


def test_rows_move_by_their_buttons(official: FlaskClient) -> None:
    """With all their words; the keyboard lands in the row that moved, and nothing is saved."""
    slug = write().slug
    sent = open_part(official, slug, "blocks")
    rows = {f"blocks-{n}-name": name for n, name in enumerate(("Alpha", "Beta", "Gamma"))}
    rows["blocks-2-lesson"] = "Learned"
    page = send(official, slug, "blocks", sent, **rows, action="up-blocks-2").text
    form = form_in(page)
    assert [form[f"blocks-{n}-name"][0] for n in range(3)] == ["Alpha", "Gamma", "Beta"]
    assert form["blocks-1-lesson"] == ["Learned"]
    assert re.search(r'<fieldset class="cn-repeat" id="blocks-1"[^>]*data-focus', page)
    page = send(official, slug, "blocks", form, action="down-blocks-0").text
    form = form_in(page)
    assert [form[f"blocks-{n}-name"][0] for n in range(3)] == ["Gamma", "Alpha", "Beta"]
    assert 'value="up-blocks-0"' not in page
    assert 'value="down-blocks-2"' not in page
    assert newest(slug).version == 1


def test_other_fields_changed_meanwhile_are_kept(official: FlaskClient, lead: FlaskClient) -> None:
    """Two people on one page: each one's field goes in without a question."""
    slug = write().slug
    mine, theirs = (open_part(browser, slug, "name") for browser in (official, lead))
    assert send(lead, slug, "name", theirs, agency="Their agency").status_code == 302
    assert send(official, slug, "name", mine, subtitle="My line").status_code == 302
    found = newest(slug).content
    assert (found.agency, found.subtitle) == ("Their agency", "My line")


def test_field_that_both_changed_is_shown_with_both_texts(
    official: FlaskClient, lead: FlaskClient
) -> None:
    """Mine can still be changed; what only one of us changed is not asked for."""
    slug = write().slug
    mine, theirs = (open_part(browser, slug, "lessons") for browser in (official, lead))
    send(lead, slug, "lessons", theirs, lessons="Their lesson", difficulties="Their rain")
    answer = send(official, slug, "lessons", mine, lessons="My\r\nlesson", not_again="My mistake")
    assert answer.status_code == 409
    assert "sidoarjo lead changed the same fields" in answer.text
    words = re.sub(r"<[^>]+>", "", answer.text)
    assert "Their lesson" in words
    form = form_in(answer.text)
    assert form["lessons"] == ["My\nlesson"]
    assert form["keep-lessons"] == ["mine"]
    assert "keep-not_again" not in form
    assert "keep-difficulties" not in form
    assert newest(slug).content.lessons == "<p>Their lesson</p>"
    assert send(official, slug, "lessons", form, lessons="Both lessons").status_code == 302
    found = newest(slug)
    assert found.content.lessons == "<p>Both lessons</p>"
    assert found.content.difficulties == "<p>Their rain</p>"
    assert found.content.not_again == "<p>My mistake</p>"
    older = queries.get_revision(actor("lead"), slug, found.number - 1).content
    assert older.lessons == "<p>Their lesson</p>"


def test_choosing_the_other_text_keeps_the_rest_of_mine(
    official: FlaskClient, lead: FlaskClient
) -> None:
    """Field by field."""
    slug = write(blocks=[{"name": "One"}]).slug
    mine, theirs = (open_part(browser, slug, "name") for browser in (official, lead))
    send(lead, slug, "name", theirs, subtitle="Theirs", agency="Theirs")
    form = form_in(send(official, slug, "name", mine, subtitle="Mine", agency="Mine").text)
    choice = {"keep-subtitle": "theirs", "keep-agency": "mine"}
    assert send(official, slug, "name", form, **choice).status_code == 302
    found = newest(slug).content
    assert (found.subtitle, found.agency) == ("Theirs", "Mine")


def test_rows_that_both_changed_are_a_choice_too(official: FlaskClient, lead: FlaskClient) -> None:
    """Whole lists of rows stand beside each other."""
    slug = write(blocks=[{"name": "One"}]).slug
    mine, theirs = (open_part(browser, slug, "blocks") for browser in (official, lead))
    send(lead, slug, "blocks", theirs, **{"blocks-0-name": "Theirs"})
    answer = send(official, slug, "blocks", mine, **{"blocks-0-name": "Mine"})
    assert answer.status_code == 409
    form = form_in(answer.text)
    assert form["blocks-0-name"] == ["Mine"]
    send(official, slug, "blocks", form)
    assert [one.name for one in newest(slug).content.blocks] == ["Mine"]


def test_third_text_meanwhile_is_asked_for_again(official: FlaskClient, lead: FlaskClient) -> None:
    """A choice between two does not fall on a third."""
    slug = write().slug
    mine, theirs = (open_part(browser, slug, "name") for browser in (official, lead))
    send(lead, slug, "name", theirs, subtitle="Second")
    form = form_in(send(official, slug, "name", mine, subtitle="Mine").text)
    send(lead, slug, "name", open_part(lead, slug, "name"), subtitle="Third")
    answer = send(official, slug, "name", form)
    assert answer.status_code == 409
    assert newest(slug).content.subtitle == "Third"


def test_who_writes_at_the_same_time_writes_one_revision(
    official: FlaskClient, lead: FlaskClient
) -> None:
    """Once the other has left, a save begins the next one, so that theirs stays."""
    slug = write().slug
    mine, theirs = (open_part(browser, slug, "name") for browser in (official, lead))
    send(lead, slug, "name", theirs, agency="A")
    send(official, slug, "name", mine, subtitle="B")
    assert newest(slug).number == 1
    with clock.moved(timedelta(minutes=5)):
        send(lead, slug, "name", open_part(lead, slug, "name"), agency="C")
        assert newest(slug).number == 2


def test_the_others_are_named(official: FlaskClient, lead: FlaskClient) -> None:
    """For four minutes after they were seen; nobody is told of themselves."""
    slug = write().slug
    open_part(lead, slug, "problem")
    words = "sidoarjo lead is editing this"
    assert f"{words} part now." in official.get(f"/practices/{slug}/edit/problem").text
    assert f"{words} practice now, at: The problem before." in (
        official.get(f"/practices/{slug}/edit/name").text
    )
    assert f"{words} practice now" in official.get(f"/practices/{slug}/edit").text
    assert words not in lead.get(f"/practices/{slug}/edit/problem").text
    with clock.moved(timedelta(minutes=4)):
        assert words not in official.get(f"/practices/{slug}/edit/problem").text


def test_autosave_keeps_the_draft_and_tells_when(official: FlaskClient, lead: FlaskClient) -> None:
    """Each answer carries what the next one begins from, and who else is here."""
    slug = write().slug
    open_part(lead, slug, "name")
    sent = open_part(official, slug, "problem")
    answer = autosave(official, slug, "problem", sent, problem="First")
    assert answer.status_code == 200
    assert datetime.fromisoformat(answer.json["saved_at"]) <= clock.now()
    assert answer.json["editors"] == ["sidoarjo lead"]
    assert answer.json["base"].startswith("1.2~problem=")
    sent["base"] = answer.json["base"]
    again = autosave(official, slug, "problem", sent, problem="First, second")
    assert again.status_code == 200
    found = newest(slug)
    assert found.content.problem == "<p>First, second</p>"
    assert (found.number, found.version) == (1, 3)


def test_autosave_does_not_undo_what_another_wrote(
    official: FlaskClient, lead: FlaskClient
) -> None:
    """The page still shows the older text of a field; sending it again leaves theirs alone."""
    slug = write().slug
    sent = open_part(official, slug, "name")
    send(lead, slug, "name", open_part(lead, slug, "name"), agency="Theirs")
    sent["base"] = autosave(official, slug, "name", sent, subtitle="One").json["base"]
    assert autosave(official, slug, "name", sent, subtitle="Two").status_code == 200
    found = newest(slug).content
    assert (found.agency, found.subtitle) == ("Theirs", "Two")


def test_autosave_tells_of_a_conflict_and_saves_nothing(
    official: FlaskClient, lead: FlaskClient
) -> None:
    """The page then sends its form, and the author sees both texts."""
    slug = write().slug
    sent = open_part(official, slug, "name")
    send(lead, slug, "name", open_part(lead, slug, "name"), agency="Theirs")
    answer = autosave(official, slug, "name", sent, agency="Mine")
    assert answer.status_code == 409
    assert answer.json == {"conflict": True, "url": f"/practices/{slug}/edit/name"}
    assert newest(slug).content.agency == "Theirs"


def test_autosave_names_what_cannot_be_taken_by_the_fields_of_the_page(
    official: FlaskClient,
) -> None:
    """An empty row before it does not shift the name."""
    slug = write().slug
    sent = open_part(official, slug, "blocks")
    rows = {"blocks-0-name": "", "blocks-1-name": "n" * 201}
    answer = autosave(official, slug, "blocks", sent, **rows)
    assert answer.status_code == 422
    assert answer.json == {"errors": {"blocks-1-name": "Shorten this to 200 characters."}}


def test_autosave_of_a_text_under_review_is_a_conflict(official: FlaskClient) -> None:
    """Nothing typed late gets into what the lead reads."""
    practice = write()
    sent = open_part(official, practice.slug, "name")
    service.submit(actor("lead"), practice)
    assert autosave(official, practice.slug, "name", sent, agency="Late").status_code == 409
    assert newest(practice.slug).content.agency == "Licensing office"


def test_autosave_writes_one_audit_entry_an_hour(official: FlaskClient) -> None:
    """A button pressed writes its own."""
    practice = write()
    sent = open_part(official, practice.slug, "name")

    def entries() -> int:
        wanted = audit.Filter(action="practice.saved", subject_id=practice.id)
        return audit.entries(wanted).total

    for number in range(3):
        answer = autosave(official, practice.slug, "name", sent, agency=f"Agency {number}")
        sent["base"] = answer.json["base"]
    assert entries() == 1
    with clock.moved(timedelta(minutes=61)):
        autosave(official, practice.slug, "name", sent, agency="Later")
    assert entries() == 2
    send(official, practice.slug, "name", open_part(official, practice.slug, "name"), agency="X")
    assert entries() == 3


def test_opening_a_published_practice_begins_no_revision(official: FlaskClient) -> None:
    """Nor does saving it unchanged; the first change does."""
    slug = write_to("published").slug
    sent = open_part(official, slug, "name")
    assert autosave(official, slug, "name", sent).status_code == 200
    assert send(official, slug, "name", sent).status_code == 302
    assert newest(slug).state == State.PUBLISHED
    autosave(official, slug, "name", sent, agency="Another")
    assert (newest(slug).state, newest(slug).number) == (State.DRAFT, 2)


@pytest.mark.parametrize(
    ("role", "state", "status"),
    [
        ("visitor", "published", 401), ("rival", "draft", 404), ("rival", "published", 403),
        ("suspended", "published", 403), ("pending", "draft", 404), ("secretariat", "draft", 404),
        ("secretariat", "published", 403), ("chapter", "published", 403),
    ],
)  # fmt: skip
def test_strangers_save_nothing(app: Flask, role: str, state: str, status: int) -> None:
    """Whatever page of the editor they post to; they are not told who is there either."""
    practice = write_to(state)
    before = newest(practice.slug)
    seen = (before.number, before.version)
    browser = client_of(app, role)
    for path in ("edit/name", "edit/name/autosave"):
        data = {"title": "Stolen", "base": "1.1"}
        assert post(browser, f"/practices/{practice.slug}/{path}", data).status_code == status
    after = newest(practice.slug)
    assert (after.number, after.version) == seen
    assert queries.others_editing(practice.id, but=None) == []


@pytest.mark.parametrize(
    "base",
    ["", "1.1.1", "x", "9" * 30 + ".1", "1.0~title=zz", "1.0~title=" + "a" * 3000, "١.١"],
)
def test_unreadable_base_overwrites_nothing(official: FlaskClient, base: str) -> None:
    """Nobody began there, so each difference is shown."""
    slug = write().slug
    sent = open_part(official, slug, "name")
    answer = send(official, slug, "name", sent, base=base, agency="Mine")
    assert answer.status_code == 409
    assert newest(slug).content.agency == "Licensing office"


def test_base_of_number_and_version_alone_is_enough_while_nobody_saved(
    official: FlaskClient,
) -> None:
    """What a program sends that does not read the prints."""
    slug = write().slug
    sent = open_part(official, slug, "name")
    assert send(official, slug, "name", sent, base="1.1", agency="Mine").status_code == 302
    assert newest(slug).content.agency == "Mine"


def test_prints_are_read_as_they_were_written() -> None:
    """In and out of the hidden field."""
    content = contents.read({"title": "T", "cost": "<p>Much</p>", "unknown": ["staffing"]})
    for part in editing.PARTS:
        found = merging.begin(part, content, 3, 7)
        assert merging.began(str(found)) == found
        assert len(str(found)) < merging.LONGEST


def test_overview_says_what_is_missing_and_why(official: FlaskClient) -> None:
    """Each with the way to its field; submitting with gaps leads there."""
    slug = write(unknown=[], cost="", results=[{"indicator": "Days", "after": "5"}]).slug
    page = official.get(f"/practices/{slug}/edit").text
    assert f'href="/practices/{slug}/edit/cost#cost"' in page
    assert "The first question of every mayor." in page
    assert f'href="/practices/{slug}/edit/results#results-0-source"' in page
    answer = post(official, f"/practices/{slug}/submit", follow_redirects=True)
    assert "Result 1: Write where this figure comes from." in answer.text
    assert "data-focus" in answer.text


def test_link_of_a_field_leads_to_its_page(official: FlaskClient) -> None:
    """From the page of the draft; a field that there is not leads to the overview."""
    slug = write().slug
    answer = official.get(f"/practices/{slug}/edit?field=not_again")
    assert answer.location == f"/practices/{slug}/edit/lessons#not_again"
    assert official.get(f"/practices/{slug}/edit?field=nothing").status_code == 200


def test_saving_and_going_on_walks_through_all_parts(official: FlaskClient) -> None:
    """And ends at the overview."""
    slug = write().slug
    keys = ["name"]
    while True:
        sent = open_part(official, slug, keys[-1])
        location = send(official, slug, keys[-1], sent, action="next").location
        if location == f"/practices/{slug}/edit":
            break
        keys.append(location.rsplit("/", 1)[1])
    assert keys == [part.key for part in editing.PARTS]


def test_what_an_import_left_has_a_page_until_it_is_placed(official: FlaskClient) -> None:
    """Then it is gone from the list."""
    slug = write(leftover="Rest").slug
    assert "Still to be placed" in official.get(f"/practices/{slug}/edit").text
    send(official, slug, "leftover", open_part(official, slug, "leftover"), leftover="")
    assert "Still to be placed" not in official.get(f"/practices/{slug}/edit").text
