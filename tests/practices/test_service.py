"""Commands on practices: each step by each role, two people for each text, nothing lost."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from citynet.accounts import service as accounts
from citynet.cities import queries as cities
from citynet.cities import service as memberships
from citynet.cities.models import Role, Standing
from citynet.kit import db, effects
from citynet.kit.audit import Entry
from citynet.kit.effects import Effect
from citynet.kit.errors import Conflict, Forbidden, Invalid
from citynet.practices import content as contents
from citynet.practices import queries, service
from citynet.practices.content import Content
from citynet.practices.models import Practice, Revision, State
from citynet.practices.service import EditedMeanwhile
from tests import network, processes
from tests.network import PASSWORD, RECORD, ROLES, actor

STATES = ("draft", "submitted", "signed_off", "published")
STEPS: dict[str, tuple[str, frozenset[str]]] = {
    "submit": ("draft", frozenset({"official", "lead"})),
    "sign_off": ("submitted", frozenset({"lead"})),
    "publish": ("signed_off", frozenset({"secretariat", "chapter"})),
}


def text(**changes: Any) -> Content:
    """Return a whole text with changes."""
    return contents.read({**RECORD, **changes})


def base(practice: Practice) -> tuple[int, int]:
    """Return the newest text's number and version."""
    newest = revisions(practice)[-1]
    return newest.number, newest.version


def revisions(practice: Practice) -> list[Revision]:
    """Return every text of a practice as the database has it, oldest first."""
    wanted = select(Revision).where(Revision.practice_id == practice.id).order_by(Revision.number)
    return list(db.session().scalars(wanted.execution_options(populate_existing=True)))


def states(practice: Practice) -> list[str]:
    """Return where each text stands, oldest first."""
    return [str(revision.state) for revision in revisions(practice)]


def acts(practice: Practice) -> list[tuple[str, int | None, dict[str, Any]]]:
    """Return what was recorded of a practice: act, actor, details."""
    wanted = select(Entry).where(Entry.subject_kind == "practice", Entry.subject_id == practice.id)
    rows = db.session().scalars(wanted.order_by(Entry.position))
    return [(row.action, row.actor_id, json.loads(row.details)) for row in rows]


def take(step: str, role: str, practice: Practice) -> Revision:
    """Take a step as a role."""
    if step == "send_back":
        return service.send_back(actor(role), practice, comment="Tell the cost.")
    commands = {"submit": service.submit, "sign_off": service.sign_off, "publish": service.publish}
    return commands[step](actor(role), practice)


def second_official() -> None:
    """Give Sidoarjo another official."""
    person = accounts.create_person(
        None, "second@sidoarjo.example", name="Second", password=PASSWORD
    )
    city = cities.get_city("kabupaten-sidoarjo")
    memberships.appoint(actor("secretariat"), person, city, role=Role.OFFICIAL)


def test_practice_goes_from_draft_to_readers(app: Flask) -> None:
    """Four people's commands, one text, an act recorded for each."""
    practice = network.write()
    for step, role in (("submit", "official"), ("sign_off", "lead"), ("publish", "secretariat")):
        take(step, role, practice)
    (revision,) = revisions(practice)
    assert revision.state == State.PUBLISHED
    assert revision.submitted_by_id == actor("official").person_id
    assert revision.signed_off_by_id == actor("lead").person_id
    assert revision.published_by_id == actor("secretariat").person_id
    moments = [revision.submitted_at, revision.signed_off_at, revision.published_at]
    assert None not in moments
    assert [(act, who) for act, who, _details in acts(practice)] == [
        ("practice.created", actor("official").person_id),
        ("practice.submitted", actor("official").person_id),
        ("practice.signed_off", actor("lead").person_id),
        ("practice.published", actor("secretariat").person_id),
    ]
    assert {entry.city_id for entry in db.session().scalars(
        select(Entry).where(Entry.subject_kind == "practice"))} == {practice.city_id}  # fmt: skip


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("step", STEPS)
def test_step_is_taken_by_whom_the_table_says(app: Flask, step: str, role: str) -> None:
    """Everybody else is refused, and nothing moves."""
    begin, allowed = STEPS[step]
    practice = network.write_to(begin)
    before = acts(practice)
    if role in allowed:
        take(step, role, practice)
        assert states(practice) != [begin]
    else:
        with pytest.raises(Forbidden):
            take(step, role, practice)
        assert (states(practice), acts(practice)) == ([begin], before)


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("step", [*STEPS, "send_back"])
def test_step_out_of_turn_is_a_conflict(app: Flask, step: str, state: str) -> None:
    """Whoever comes late reads that the text has moved on."""
    role = {"submit": "official", "sign_off": "lead"}.get(step, "secretariat")
    begins = ("submitted", "signed_off") if step == "send_back" else (STEPS[step][0],)
    practice = network.write_to(state)
    if state in begins:
        take(step, role, practice)
    else:
        with pytest.raises(Conflict, match="moved on"):
            take(step, role, practice)
        assert states(practice) == [state]


@pytest.mark.parametrize("role", ["visitor", "suspended", "nobody's", "secretariat"])
def test_who_has_no_city_to_write_for_writes_nothing(app: Flask, role: str) -> None:
    """Nor is anything left behind."""
    with pytest.raises(Forbidden):
        service.create(actor(role), text())
    assert db.session().scalar(select(func.count()).select_from(Practice)) == 0


def test_unfinished_text_is_not_submitted(app: Flask) -> None:
    """Each starred field that waits for its answer is named."""
    practice = network.write(agency="", problem="")
    with pytest.raises(Invalid) as refused:
        service.submit(actor("official"), practice)
    assert refused.value.fields.keys() == {"agency", "problem"}
    assert states(practice) == ["draft"]


def test_pending_city_keeps_drafts_only(app: Flask) -> None:
    """Once admitted, it may submit what it wrote."""
    practice = network.write("pending")
    with pytest.raises(Forbidden):
        service.submit(actor("pending"), practice)
    city = cities.get_city("pending")
    memberships.change_standing(actor("secretariat"), city, Standing.ACTIVE, reason="Welcome")
    service.submit(actor("pending"), practice)
    assert states(practice) == ["submitted"]


def test_lead_alone_brings_nothing_out(app: Flask) -> None:
    """A text that the lead wrote and submitted waits for a colleague's hand."""
    practice = network.write("lead")
    service.submit(actor("lead"), practice)
    with pytest.raises(Forbidden, match="colleague"):
        service.sign_off(actor("lead"), practice)
    service.send_back(actor("lead"), practice, comment="A colleague should submit it.")
    service.submit(actor("official"), practice)
    service.sign_off(actor("lead"), practice)
    assert states(practice) == ["signed_off"]


def test_own_save_goes_on_with_the_draft(app: Flask) -> None:
    """One draft, its version counted."""
    practice = network.write()
    service.save(actor("official"), practice, text(title="Second"), base=(1, 1))
    (revision,) = revisions(practice)
    assert (revision.title, revision.number, revision.version) == ("Second", 1, 2)
    assert revision.content.title == "Second"
    assert acts(practice)[-1][0] == "practice.saved"


def test_saving_over_anothers_draft_loses_neither_text(app: Flask) -> None:
    """Theirs stays as a revision of its own, with its author."""
    practice = network.write(title="Official's")
    service.save(actor("lead"), practice, text(title="Lead's"), base=(1, 1))
    first, second = revisions(practice)
    assert (first.content.title, first.state) == ("Official's", State.SUPERSEDED)
    assert (second.content.title, second.state) == ("Lead's", State.DRAFT)
    assert first.edited_by_id == actor("official").person_id
    assert second.edited_by_id == actor("lead").person_id


def test_second_editor_is_told_and_loses_nothing(app: Flask) -> None:
    """The newest text comes with the refusal; saving again from it keeps both."""
    practice = network.write()
    service.save(actor("lead"), practice, text(title="Lead's"), base=(1, 1))
    with pytest.raises(EditedMeanwhile) as refused:
        service.save(actor("official"), practice, text(title="Official's"), base=(1, 1))
    assert refused.value.newest.title == "Lead's"
    newest = refused.value.newest
    service.save(
        actor("official"), practice, text(title="Official's"), base=(newest.number, newest.version)
    )
    assert [one.title for one in revisions(practice)] == [RECORD["title"], "Lead's", "Official's"]


@pytest.mark.parametrize("stale", [(0, 0), (1, 2), (2, 1), (1, 0)])
def test_save_from_a_text_that_is_not_the_newest_is_refused(
    app: Flask, stale: tuple[int, int]
) -> None:
    """Also from one that never was."""
    practice = network.write()
    with pytest.raises(EditedMeanwhile):
        service.save(actor("official"), practice, text(title="Late"), base=stale)
    assert [one.title for one in revisions(practice)] == [RECORD["title"]]


SAVE = """
from citynet.accounts import queries as people
from citynet.cities import queries
from citynet.kit import db
from citynet.practices import content, service
from citynet.practices.models import Practice
from citynet.practices.service import EditedMeanwhile
actor = queries.actor_of(people.by_email("{email}"))
practice = db.session().get_one(Practice, {practice})
try:
    service.save(actor, practice, content.read({{"title": "{email}"}}), base=(1, 1))
    print("saved")
except EditedMeanwhile:
    print("told")
"""


def test_of_two_who_save_at_once_one_is_told(app: Flask) -> None:
    """In two processes: never both, never neither, and no text is gone."""
    practice = network.write()
    folder = Path(app.config["CITYNET"].instance_dir)
    begun = [
        processes.python(folder, SAVE.format(email=email, practice=practice.id))
        for email in ("official@sidoarjo.example", "lead@sidoarjo.example")
    ]
    answers = [one.communicate(timeout=60) for one in begun]
    assert sorted(out.strip().splitlines()[-1] for out, _e in answers) == ["saved", "told"], answers


@pytest.mark.parametrize("state", ["submitted", "signed_off"])
def test_text_under_review_is_not_changed(app: Flask, state: str) -> None:
    """What the lead or the secretariat reads is what they approve."""
    practice = network.write_to(state)
    with pytest.raises(Conflict, match="reviewed"):
        service.save(actor("official"), practice, text(title="Other"), base=base(practice))
    assert revisions(practice)[-1].title == RECORD["title"]


@pytest.mark.parametrize("role", sorted(set(ROLES) - {"official", "lead"}))
def test_nobody_else_saves(app: Flask, role: str) -> None:
    """Not the rival, not the secretariat."""
    practice = network.write()
    with pytest.raises(Forbidden):
        service.save(actor(role), practice, text(title="Taken over"), base=(1, 1))
    assert revisions(practice)[-1].title == RECORD["title"]


def test_published_text_stays_up_while_the_next_is_written(app: Flask) -> None:
    """Readers see the old one until the new one is approved; then it alone."""
    practice = network.write_to("published")
    service.save(actor("official"), practice, text(title="Second edition"), base=base(practice))
    assert states(practice) == ["published", "draft"]
    visitor = actor("visitor")
    assert queries.get_published(visitor, practice.slug).title == RECORD["title"]
    for step, role in (("submit", "official"), ("sign_off", "lead"), ("publish", "secretariat")):
        take(step, role, practice)
    assert states(practice) == ["superseded", "published"]
    assert queries.get_published(visitor, practice.slug).title == "Second edition"
    assert queries.latest(visitor).total == 1


def test_publication_asks_for_the_index_in_the_same_transaction(app: Flask) -> None:
    """No other step does: what is not out is not searched."""
    practice = network.write_to("signed_off")
    assert db.session().scalar(select(func.count()).select_from(Effect)) == 0
    service.publish(actor("secretariat"), practice)
    (row,) = (one for one in effects.latest(1).items if one.kind == service.INDEX)
    assert json.loads(row.payload) == {"practice_id": str(practice.id)}


@pytest.mark.parametrize(("role", "state"), [("lead", "submitted"), ("secretariat", "submitted"),
                                             ("secretariat", "signed_off")])  # fmt: skip
def test_sent_back_text_is_a_draft_with_a_comment(app: Flask, role: str, state: str) -> None:
    """The sign-offs are void, and the comment stands in the record, too."""
    practice = network.write_to(state)
    service.send_back(actor(role), practice, comment=" Tell the cost. ")
    (revision,) = revisions(practice)
    assert (revision.state, revision.comment) == (State.DRAFT, "Tell the cost.")
    assert revision.submitted_by_id is revision.signed_off_by_id is None
    assert revision.submitted_at is revision.signed_off_at is None
    act, who, details = acts(practice)[-1]
    assert (act, who) == ("practice.sent_back", actor(role).person_id)
    assert details["comment"] == "Tell the cost."


@pytest.mark.parametrize("comment", ["", " \n", "x" * 2001])
def test_sending_back_needs_a_comment(app: Flask, comment: str) -> None:
    """The authors must know what to change."""
    practice = network.write_to("submitted")
    with pytest.raises(Invalid):
        service.send_back(actor("secretariat"), practice, comment=comment)
    assert states(practice) == ["submitted"]


@pytest.mark.parametrize("role", sorted(set(ROLES) - {"lead", "secretariat", "chapter"}))
def test_nobody_else_sends_back(app: Flask, role: str) -> None:
    """Nor does the lead once it is signed off."""
    practice = network.write_to("submitted")
    with pytest.raises(Forbidden):
        service.send_back(actor(role), practice, comment="No.")
    service.sign_off(actor("lead"), practice)
    with pytest.raises(Forbidden):
        service.send_back(actor("lead"), practice, comment="No.")


def test_comment_stays_with_whoever_goes_on(app: Flask) -> None:
    """A colleague who takes the draft over still reads what was asked for."""
    practice = network.write_to("submitted")
    service.send_back(actor("secretariat"), practice, comment="Tell the cost.")
    service.save(actor("lead"), practice, text(title="Lead's"), base=base(practice))
    assert revisions(practice)[-1].comment == "Tell the cost."
    service.submit(actor("official"), practice)
    assert revisions(practice)[-1].comment == ""


def test_editor_of_a_text_sent_back_meanwhile_is_told(app: Flask) -> None:
    """It counts as a newer text."""
    practice = network.write_to("submitted")
    before = base(practice)
    service.send_back(actor("secretariat"), practice, comment="Tell the cost.")
    with pytest.raises(EditedMeanwhile):
        service.save(actor("official"), practice, text(title="Late"), base=before)


def test_topic_that_does_not_exist_is_refused(app: Flask) -> None:
    """And nothing is left of the practice."""
    with pytest.raises(Invalid) as refused:
        service.create(actor("official"), text(topics=["licensing", "no-such-topic"]))
    assert refused.value.fields.keys() == {"topics"}
    assert db.session().scalar(select(func.count()).select_from(Practice)) == 0
    practice = network.write()
    with pytest.raises(Invalid):
        service.save(actor("official"), practice, text(topics=["no-such-topic"]), base=(1, 1))
    assert revisions(practice)[-1].version == 1


def test_topics_keep_the_authors_order(app: Flask) -> None:
    """Each once, and changed with the text."""
    practice = network.write(topics=["waste", "licensing", "waste"])

    def slugs() -> list[str]:
        db.session().expire_all()
        found = queries.newest_text(actor("official"), practice.slug)
        return [topic.slug for topic in found.topics]

    assert slugs() == ["waste", "licensing"]
    service.save(actor("official"), practice, text(topics=["online-licensing"]), base=(1, 1))
    assert slugs() == ["online-licensing"]


@pytest.mark.parametrize(
    ("title", "wanted"),
    [
        ("Izin Usaha Satu Hari", ["izin-usaha-satu-hari", "izin-usaha-satu-hari-2"]),
        ("New", ["new-2", "new-3"]),
        ("市民", ["shi-min", "shi-min-2"]),
        ("!!!", ["practice", "practice-2"]),
    ],
)
def test_each_practice_has_an_address_of_its_own(app: Flask, title: str, wanted: list[str]) -> None:
    """Made of its title, counted on, never the address of the form."""
    assert [network.write(title=title).slug for _ in wanted] == wanted


def test_second_official_counts_as_the_second_person(app: Flask) -> None:
    """The lead signs off what two colleagues wrote and submitted."""
    second_official()
    practice = network.write()
    person = cities.officials_of(practice.city_id)[-1].person
    service.submit(cities.actor_of(person), practice)
    service.sign_off(actor("lead"), practice)
    assert states(practice) == ["signed_off"]


def test_official_who_was_moved_loses_the_draft_at_once(app: Flask) -> None:
    """Own is the actor's city, now."""
    practice = network.write()
    moved = actor("official").person
    assert moved is not None
    memberships.appoint(actor("secretariat"), moved, cities.get_city("seoul"), role=Role.OFFICIAL)
    with pytest.raises(Forbidden):
        service.save(actor("official"), practice, text(title="Still mine"), base=(1, 1))
    with pytest.raises(Forbidden):
        service.submit(actor("official"), practice)
