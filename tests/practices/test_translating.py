"""Language versions: words over the original's facts, the way to readers, what fell behind."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select, text

from citynet.cities import service as cities
from citynet.cities.models import Standing
from citynet.kit import db
from citynet.kit.errors import Conflict, Forbidden, Invalid, NotFound
from citynet.practices import content as contents
from citynet.practices import queries, service
from citynet.practices.fields import Status
from citynet.practices.models import Practice, Revision, State, Translation
from citynet.practices.translating import (
    NAMES,
    ROWS,
    blank,
    carry,
    changed,
    over,
    still_true,
    told_percent,
    untranslated,
)
from tests import network
from tests.network import RECORD, actor
from tests.practices.reviewing import OUTSIDERS, acts, sidoarjo
from tests.practices.translator import (
    TELLS,
    WORDS,
    bring_to,
    draft_of,
    keep,
    publish_anew,
    published,
    rows_of,
    shown,
    translate,
    typed,
    typed_over,
)

ORIGINAL = contents.read({**RECORD, **TELLS})


@pytest.fixture
def practice(app: Flask) -> Practice:
    """Return a published practice in English."""
    return published()


def test_every_field_with_words_is_translated_and_no_other() -> None:
    """A new field of a practice has to be placed: words or facts."""
    facts = {
        "language", "visibility", "topics", "dimension", "sdgs", "status", "started", "ended",
        "cost_setup", "cost_yearly", "cost_currency", "cost_year", "cost_band", "contact_email",
        "offers", "licence", "source_url", "unknown", "leftover",
    }  # fmt: skip
    assert set(contents.Content.model_fields) == NAMES | facts
    assert not NAMES & facts


def test_a_version_begins_without_words_in_as_many_rows() -> None:
    words = blank(ORIGINAL, "id")
    assert [len(getattr(words, name)) for name in ROWS] == [2, 0, 0, 0, 1, 0]
    assert untranslated(ORIGINAL, words) == [
        "subtitle", "summary", "problem", "blocks.0.name", "blocks.0.purpose", "blocks.1.name",
        "results.0.indicator",
    ]  # fmt: skip
    assert told_percent(ORIGINAL, words) == 12


def test_words_lie_over_the_facts_of_the_original() -> None:
    words = contents.read({**blank(ORIGINAL, "id").model_dump(), **WORDS})
    told = over(ORIGINAL, words)
    assert (told.title, told.language) == (WORDS["title"], "id")
    assert (told.status, told.started, told.topics) == (Status.RUNNING, "2019-10", ("licensing",))
    row = told.results[0]
    assert (row.indicator, row.unit, row.before, row.after) == (
        "Hari untuk satu izin", "days", "14", "3",
    )  # fmt: skip
    assert told.agency == "Licensing office"


def test_words_stay_with_their_row_when_rows_come_and_go() -> None:
    was = contents.read({**RECORD, "blocks": [{"name": one} for one in "abc"]})
    words = contents.read({"title": "t", "blocks": [{"name": one} for one in "ABC"]})
    now = contents.read({**RECORD, "blocks": [{"name": one} for one in ("new", "a", "c", "d")]})
    assert [one.name for one in carry(was, words, now).blocks] == ["", "A", "C", ""]
    assert changed(was, now) == ["blocks"]


def test_words_of_a_row_that_was_reworded_stay_with_it() -> None:
    was = contents.read({**RECORD, "blocks": [{"name": "a"}, {"name": "b", "purpose": "for x"}]})
    words = contents.read({"title": "t", "blocks": [{"name": "A"}, {"name": "B", "purpose": "X"}]})
    now = contents.read({**RECORD, "blocks": [{"name": "a"}, {"name": "b2"}]})
    assert rows_of(carry(was, words, now), "blocks") == [["A", "", "", ""], ["B", "", "", ""]]


def test_readers_never_see_one_rows_words_beside_another_rows_figures() -> None:
    """Nobody has looked at them since the original changed."""
    record = {**RECORD, "blocks": []}
    was = contents.read({**record, "results": [{"indicator": "Days", "before": "14"}]})
    words = contents.read({"title": "t", "results": [{"indicator": "Hari"}]})
    rows = [{"indicator": "Visits", "before": "8"}, {"indicator": "Days", "before": "14"}]
    now = contents.read({**record, "results": rows})
    assert [one.indicator for one in still_true(was, words, now).results] == ["", "Hari"]
    rows = [{"indicator": "Visits", "before": "8"}, {"indicator": "Working days", "before": "14"}]
    now = contents.read({**record, "results": rows})
    assert [one.indicator for one in still_true(was, words, now).results] == ["", ""]


def test_readers_never_see_an_older_figure_or_contact() -> None:
    row = {"indicator": "Days", "before": "14", "after": "3"}
    record = {**RECORD, "blocks": []}
    was = contents.read({**record, "results": [row], "contact_office": "Room 1", "problem": "a"})
    words = contents.read({"title": "t", "contact_office": "Ruang 1", "problem": "A",
                           "results": [{"indicator": "Hari", "after": "3 hari"}]})  # fmt: skip
    changes = {"results": [row | {"after": "10"}], "contact_office": "Room 2", "problem": "b"}
    told = still_true(was, words, contents.read({**record, **changes}))
    assert rows_of(told, "results") == [["Hari", "", "", "", "", ""]]
    assert (told.contact_office, told.problem) == ("", "<p>A</p>")


def test_a_fact_that_changes_leaves_the_words_up_to_date() -> None:
    stopped = ORIGINAL.model_copy(update={"status": Status.STOPPED, "started": "2018"})
    assert changed(ORIGINAL, stopped) == []


def test_officials_translate_what_is_published(practice: Practice) -> None:
    translation = translate(practice)
    assert (translation.state, translation.title) == (State.DRAFT, WORDS["title"])
    assert translation.names_to_check == []
    assert acts(practice)[-2:] == ["practice.translation_saved", "practice.translation_saved"]


def test_beginning_twice_finds_the_same_draft(practice: Practice) -> None:
    first = service.begin_translation(actor("official"), practice, "id")
    assert service.begin_translation(actor("lead"), practice, "id").id == first.id


@pytest.mark.parametrize("language", ["en", "fr", "", "id\0"])
def test_no_version_in_its_own_or_an_unknown_language(practice: Practice, language: str) -> None:
    with pytest.raises(NotFound):
        service.begin_translation(actor("official"), practice, language)


def test_only_what_is_published_is_translated(app: Flask) -> None:
    with pytest.raises(Conflict, match="Publish the practice first"):
        service.begin_translation(actor("official"), network.write(), "id")


def test_facts_typed_into_a_translation_are_dropped(practice: Practice) -> None:
    service.begin_translation(actor("official"), practice, "id")
    rows = [{"indicator": "Hari", "expected": True, "kind": "output", "document": "7"}]
    kept = keep(practice, "results", rows).content.results[0]
    assert (kept.indicator, kept.expected, kept.kind, kept.document) == (
        "Hari", False, "outcome", "",
    )  # fmt: skip


def test_rows_cannot_be_added_to_a_translation(practice: Practice) -> None:
    translate(practice)
    with pytest.raises(service.OriginalChanged):
        keep(practice, "blocks", [{"name": "one"}])
    assert len(draft_of(practice).content.blocks) == 2


def test_a_field_counts_as_checked_once_it_is_kept_by_hand(practice: Practice) -> None:
    service.begin_translation(actor("official"), practice, "id")
    assert draft_of(practice).names_to_check == ["title"]
    one = typed(practice, "title", "Izin")
    service.keep_words(actor("official"), practice, "id", one, is_auto=True)
    assert draft_of(practice).names_to_check == ["title"]
    keep(practice, "title", "Izin")
    assert draft_of(practice).names_to_check == []


def test_two_translators_of_one_field_are_told(practice: Practice) -> None:
    translate(practice)
    older = typed(practice, "summary", "Satu")
    keep(practice, "summary", "Dua", role="lead")
    with pytest.raises(service.BothChanged) as told:
        service.keep_words(actor("official"), practice, "id", older)
    assert told.value.fields == ("summary",)
    assert draft_of(practice).summary == "Dua"


def test_two_translators_of_two_fields_both_stay(practice: Practice) -> None:
    translate(practice)
    older = typed(practice, "agency", "Dinas Perizinan")
    keep(practice, "subtitle", "Satu loket", role="lead")
    service.keep_words(actor("official"), practice, "id", older)
    kept = draft_of(practice).content
    assert (kept.agency, kept.subtitle) == ("Dinas Perizinan", "Satu loket")


def test_nothing_is_submitted_before_all_is_translated(practice: Practice) -> None:
    service.begin_translation(actor("official"), practice, "id")
    with pytest.raises(Invalid) as told:
        service.submit_translation(actor("official"), practice, "id")
    assert set(told.value.fields) == {
        "title", "subtitle", "summary", "problem", "blocks.0.name", "blocks.0.purpose",
        "blocks.1.name", "results.0.indicator",
    }  # fmt: skip


def test_words_reach_readers_by_way_of_lead_and_secretariat(practice: Practice) -> None:
    bring_to("published", practice)
    assert shown(practice).title == WORDS["title"]
    assert acts(practice)[-3:] == [
        "practice.translation_submitted", "practice.translation_signed_off",
        "practice.translation_published",
    ]  # fmt: skip


def test_a_lead_never_signs_off_words_of_the_own_hand_alone(practice: Practice) -> None:
    translate(practice, role="lead")
    service.submit_translation(actor("lead"), practice, "id")
    with pytest.raises(Forbidden):
        service.sign_off_translation(actor("lead"), practice, "id")


def test_words_of_a_city_of_trust_come_out_at_the_sign_off(practice: Practice) -> None:
    service.trust(actor("secretariat"), sidoarjo(), reason="They write well.")
    bring_to("signed_off", practice)
    assert draft_of(practice).state == State.PUBLISHED


def test_words_under_review_stay_as_they_are(practice: Practice) -> None:
    one = bring_to("submitted", practice)
    with pytest.raises(Conflict, match="being reviewed"):
        service.keep_words(actor("official"), practice, "id", typed_over(one, "summary", "x"))
    for command in (service.take_over, service.discard_translation, service.begin_translation):
        with pytest.raises(Conflict, match="being reviewed"):
            command(actor("official"), practice, "id")


def test_words_sent_back_are_mended_and_submitted_again(practice: Practice) -> None:
    bring_to("submitted", practice)
    service.send_back_translation(actor("lead"), practice, "id", comment="Say loket.")
    back = draft_of(practice)
    assert (back.state, back.comment, back.submitted_by_id) == (State.DRAFT, "Say loket.", None)
    keep(practice, "subtitle", "Satu loket")
    service.submit_translation(actor("official"), practice, "id")
    assert draft_of(practice).comment == ""


@pytest.mark.parametrize("comment", ["", "  \n", "x" * 2001])
def test_sending_back_says_what_should_change(practice: Practice, comment: str) -> None:
    bring_to("submitted", practice)
    with pytest.raises(Invalid):
        service.send_back_translation(actor("lead"), practice, "id", comment=comment)


def test_published_words_stay_up_while_the_next_are_in_work(practice: Practice) -> None:
    bring_to("published", practice)
    service.begin_translation(actor("official"), practice, "id")
    keep(practice, "title", "Izin usaha sekali datang")
    assert shown(practice).title == WORDS["title"]
    service.submit_translation(actor("official"), practice, "id")
    service.sign_off_translation(actor("lead"), practice, "id")
    service.publish_translation(actor("secretariat"), practice, "id")
    assert shown(practice).title == "Izin usaha sekali datang"
    states = db.session().scalars(select(Translation.state).order_by(Translation.number))
    assert list(states) == ["superseded", "published"]


def test_a_version_behind_its_original_is_known_and_tells_the_new_facts(
    practice: Practice,
) -> None:
    bring_to("published", practice)
    publish_anew(practice, summary="Shops wait three days.", started="2018",
                 blocks=[*TELLS["blocks"], {"name": "A call centre"}])  # fmt: skip
    assert [one.id for one, _now in queries.behind_translations(actor("official"))] == [
        draft_of(practice).id
    ]
    original = queries.get_published(actor("visitor"), practice.slug)
    assert queries.behind(draft_of(practice), original) == ["summary", "blocks"]
    seen = shown(practice)
    assert (seen.started, seen.summary) == ("2018", WORDS["summary"])
    assert [one.name for one in seen.blocks] == ["Satu loket", "Formulir daring", "A call centre"]


def test_a_version_is_brought_up_to_date(practice: Practice) -> None:
    bring_to("published", practice)
    publish_anew(practice, summary="Shops wait three days.")
    service.begin_translation(actor("official"), practice, "id")
    assert draft_of(practice).names_to_check == ["summary"]
    keep(practice, "summary", "Toko menunggu tiga hari.")
    service.submit_translation(actor("official"), practice, "id")
    service.sign_off_translation(actor("lead"), practice, "id")
    service.publish_translation(actor("secretariat"), practice, "id")
    assert queries.behind_translations(actor("official")) == []


def test_changes_of_the_original_are_taken_over_before_submission(practice: Practice) -> None:
    translate(practice)
    publish_anew(practice, blocks=[{"name": "A form online"}])
    with pytest.raises(service.OriginalChanged):
        service.submit_translation(actor("official"), practice, "id")
    service.take_over(actor("official"), practice, "id")
    taken = draft_of(practice)
    assert rows_of(taken.content, "blocks") == [["Formulir daring", "", "", ""]]
    assert taken.names_to_check == ["blocks"]


def test_a_page_of_before_the_changes_were_taken_over_writes_no_wrong_rows(
    practice: Practice,
) -> None:
    older = typed_over(translate(practice), "blocks", [{"name": "Satu"}, {"name": "Dua"}])
    publish_anew(practice, blocks=[{"name": "A form online"}])
    service.take_over(actor("official"), practice, "id")
    with pytest.raises(Conflict):
        service.keep_words(actor("official"), practice, "id", older)


def test_a_draft_is_deleted_and_what_is_published_stays(practice: Practice) -> None:
    bring_to("published", practice)
    service.begin_translation(actor("official"), practice, "id")
    service.discard_translation(actor("official"), practice, "id")
    assert draft_of(practice).state == State.PUBLISHED
    with pytest.raises(NotFound):
        service.discard_translation(actor("official"), practice, "id")


def test_a_draft_saved_since_it_was_seen_is_not_deleted(practice: Practice) -> None:
    one = translate(practice)
    seen = (one.number, one.version)
    keep(practice, "summary", "Lagi.")
    with pytest.raises(Conflict):
        service.discard_translation(actor("lead"), practice, "id", seen=seen)


@pytest.mark.parametrize("role", ["lead", "secretariat", "chapter"])
def test_a_translation_is_taken_down(practice: Practice, role: str) -> None:
    bring_to("published", practice)
    service.take_down_translation(actor(role), practice, "id")
    assert queries.published_translations([practice.id]) == {}
    with pytest.raises(NotFound):
        draft_of(practice)


def test_words_of_a_withdrawn_practice_are_not_known(practice: Practice) -> None:
    bring_to("published", practice)
    service.withdraw(actor("lead"), practice, reason="A mistake in it.")
    with pytest.raises(NotFound):
        draft_of(practice)


COMMANDS = {
    "begin_translation": {}, "take_over": {}, "discard_translation": {},
    "submit_translation": {}, "sign_off_translation": {}, "publish_translation": {},
    "send_back_translation": {"comment": "No."}, "take_down_translation": {},
}  # fmt: skip
MAY = {
    "begin_translation": {"official", "lead"}, "take_over": {"official", "lead"},
    "discard_translation": {"official", "lead"}, "submit_translation": {"official", "lead"},
    "sign_off_translation": {"lead"}, "publish_translation": {"secretariat", "chapter"},
    "send_back_translation": {"lead", "secretariat", "chapter"},
    "take_down_translation": {"lead", "secretariat", "chapter"},
}  # fmt: skip
BEGINS = {
    "begin_translation": "draft", "take_over": "draft", "discard_translation": "draft",
    "submit_translation": "draft", "sign_off_translation": "submitted",
    "publish_translation": "signed_off", "send_back_translation": "submitted",
    "take_down_translation": "published",
}  # fmt: skip


ROLES = [*OUTSIDERS, "official", "lead", "secretariat", "chapter"]


@pytest.mark.parametrize("name", COMMANDS)
def test_each_command_is_refused_to_all_but_its_roles(practice: Practice, name: str) -> None:
    bring_to(BEGINS[name], practice)
    for role in set(ROLES) - MAY[name]:
        with pytest.raises(Forbidden):
            getattr(service, name)(actor(role), practice, "id", **COMMANDS[name])


@pytest.mark.parametrize(("name", "role"), [(key, one) for key in MAY for one in sorted(MAY[key])])
def test_each_command_is_open_to_its_roles(practice: Practice, name: str, role: str) -> None:
    bring_to(BEGINS[name], practice)
    getattr(service, name)(actor(role), practice, "id", **COMMANDS[name])


@pytest.mark.parametrize(
    ("state", "readers"),
    [
        ("draft", {"official", "lead"}),
        ("submitted", {"official", "lead", "secretariat", "chapter"}),
        ("published", set(ROLES)),
    ],
)
def test_words_are_read_by_whom_the_text_in_that_state_is_for(
    practice: Practice, state: str, readers: set[str]
) -> None:
    bring_to(state, practice)
    for role in ROLES:
        if role in readers:
            assert queries.get_translation(actor(role), practice.slug, "id").state == state
            continue
        with pytest.raises(NotFound):
            queries.get_translation(actor(role), practice.slug, "id")


@pytest.mark.parametrize("role", ["visitor", "suspended", "nobody's", "pending"])
def test_words_for_members_are_for_members(app: Flask, role: str) -> None:
    practice = published(visibility="members")
    bring_to("published", practice)
    with pytest.raises(NotFound):
        queries.get_translation(actor(role), practice.slug, "id")
    assert queries.get_translation(actor("rival"), practice.slug, "id").title == WORDS["title"]


def test_words_of_a_city_that_left_wait(practice: Practice) -> None:
    bring_to("signed_off", practice)
    from_seat = actor("secretariat")
    cities.change_standing(from_seat, sidoarjo(), Standing.SUSPENDED, reason="Fees.")
    with pytest.raises(Conflict, match="not an active member"):
        service.publish_translation(from_seat, practice, "id")


def test_a_submission_of_an_older_page_is_refused(practice: Practice) -> None:
    one = translate(practice)
    seen = (one.number, one.version)
    keep(practice, "summary", "Baru.", role="lead")
    with pytest.raises(Conflict, match="moved on"):
        service.submit_translation(actor("official"), practice, "id", seen=seen)


def test_a_draft_that_was_let_go_of_leaves_its_number(practice: Practice) -> None:
    """A lead's page of before decides on no other words."""
    first = bring_to("submitted", practice)
    seen = (first.number, first.version)
    service.send_back_translation(actor("lead"), practice, "id", comment="Anew, please.")
    service.discard_translation(actor("official"), practice, "id")
    second = bring_to("submitted", practice)
    assert second.number > first.number
    with pytest.raises(Conflict):
        service.sign_off_translation(actor("lead"), practice, "id", seen=seen)


def test_words_that_were_taken_down_are_where_the_next_begin(practice: Practice) -> None:
    bring_to("published", practice)
    service.take_down_translation(actor("lead"), practice, "id")
    service.begin_translation(actor("official"), practice, "id")
    assert draft_of(practice).title == WORDS["title"]


def test_words_in_the_language_of_the_original_go_no_further(practice: Practice) -> None:
    translate(practice)
    publish_anew(practice, language="id")
    with pytest.raises(Conflict, match="in this language now"):
        service.submit_translation(actor("official"), practice, "id")


def test_words_signed_off_before_the_original_changed_its_language_do_not_come_out(
    practice: Practice,
) -> None:
    bring_to("signed_off", practice)
    publish_anew(practice, language="id")
    with pytest.raises(Conflict, match="in this language now"):
        service.publish_translation(actor("secretariat"), practice, "id")


@pytest.mark.parametrize("kind", ["translation", "text"])
def test_what_was_saved_since_the_row_was_read_is_never_written_over(
    practice: Practice, kind: str
) -> None:
    """A view reads the text before the command takes hold of it: a save may come in between."""
    if kind == "translation":
        service.begin_translation(actor("official"), practice, "id")
        row: Translation | Revision = draft_of(practice)
        mine = typed(practice, "subtitle", "Satu loket")
    else:
        practice = network.write(title="Two write")
        row = queries.newest_text(actor("official"), practice.slug)
        mine = typed_over(row, "subtitle", "One counter")
    other = row.content.model_copy(update={"culture": "<p>Theirs</p>"}).model_dump_json()
    changed_row = {"id": row.id, "other": other}
    with db.db.engine.begin() as elsewhere:
        elsewhere.execute(
            text(f"UPDATE {row.__tablename__} SET content = :other, version = version + 1 "
                 "WHERE id = :id"), changed_row,
        )  # fmt: skip
    if isinstance(row, Translation):
        service.keep_words(actor("official"), practice, "id", mine)
    else:
        service.keep(actor("official"), practice, mine)
    db.session().refresh(row)
    assert (row.content.subtitle, row.content.culture) == (mine.content.subtitle, "<p>Theirs</p>")
