"""Review: comments beside fields, reviewers and days, cities of trust, planned publication."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from flask import Flask

from citynet.cities import service as memberships
from citynet.cities.models import Standing
from citynet.kit import clock, db
from citynet.kit.errors import Conflict, Forbidden, Invalid, NotFound
from citynet.practices import queries, service
from citynet.practices.models import State
from citynet.practices.service.assigning import remind_reviewers
from citynet.practices.service.publishing import publish_due
from tests import network, processes
from tests.network import actor
from tests.practices.reviewing import (
    OUTSIDERS,
    acts,
    comment,
    day,
    is_found,
    mails,
    seen,
    sidoarjo,
    states,
    texts,
    told,
    until,
)


@pytest.mark.parametrize("role", ["lead", "secretariat", "chapter"])
def test_reviewer_comments_on_a_field(app: Flask, role: str) -> None:
    """Its authors read it; it is recorded."""
    practice = network.write_to("submitted")
    service.comment_on(actor(role), practice, field="results", text=" How many days? ")
    (found,) = queries.comments_on(actor("official"), practice)["results"]
    assert (found.text, found.author_id) == ("How many days?", actor(role).person_id)
    assert acts(practice)[-1] == "practice.commented"


@pytest.mark.parametrize("role", ["official", *OUTSIDERS])
def test_nobody_else_comments(app: Flask, role: str) -> None:
    """Nor reads, outside the city and its secretariat, what was written."""
    practice = network.write_to("submitted")
    comment(practice)
    with pytest.raises(Forbidden):
        service.comment_on(actor(role), practice, field="title", text="Hello.")
    with pytest.raises(Forbidden):
        service.comment_on(actor("lead"), network.write_to("signed_off"), field="title", text="x")
    assert bool(queries.comments_on(actor(role), practice)) == (role == "official")


@pytest.mark.parametrize(
    ("field", "text"),
    [("nonsense", "x"), ("", "x"), ("title", ""), ("title", " \u200b"), ("title", "x" * 2001)],
)
def test_comment_names_a_field_and_says_something(app: Flask, field: str, text: str) -> None:
    """Nothing is kept otherwise."""
    practice = network.write_to("submitted")
    with pytest.raises(Invalid):
        comment(practice, field, text)
    assert not queries.comments_on(actor("secretariat"), practice)


def test_comment_falls_on_the_text_that_was_seen(app: Flask) -> None:
    """A draft has no reviewers, and an older page is told that the text moved on."""
    practice = network.write_to("submitted")
    before = seen(practice)
    service.send_back(actor("lead"), practice, comment="Shorter.")
    with pytest.raises(Conflict):
        comment(practice)
    service.submit(actor("official"), practice)
    with pytest.raises(Conflict):
        service.comment_on(actor("lead"), practice, field="title", text="x", seen=before)


def test_open_comments_are_enough_to_send_back(app: Flask) -> None:
    """The authors resolve them, submit again, and the text is approved."""
    practice = network.write_to("signed_off")
    first, second = comment(practice), comment(practice, "title", "Shorter.")
    service.send_back(actor("secretariat"), practice, comment="")
    assert texts(practice)[-1].comment
    service.resolve(actor("official"), practice, first.id)
    assert list(queries.comments_on(actor("official"), practice)) == ["title"]
    service.submit(actor("official"), practice)
    assert list(queries.comments_on(actor("secretariat"), practice)) == ["title"]
    service.sign_off(actor("lead"), practice)
    service.publish(actor("secretariat"), practice)
    assert not queries.comments_on(actor("secretariat"), practice)
    db.session().refresh(second)
    assert second.resolved_by_id == actor("secretariat").person_id


def test_comment_is_resolved_once_by_those_inside(app: Flask) -> None:
    """Of another practice it cannot be reached at all."""
    practice = network.write_to("submitted")
    made, other = comment(practice), network.write(title="Other")
    for role in (*OUTSIDERS, "official"):
        with pytest.raises(Forbidden):
            service.resolve(actor(role), practice, made.id)
    service.send_back(actor("lead"), practice, comment="")
    for role in (*OUTSIDERS, "secretariat"):
        with pytest.raises(Forbidden):
            service.resolve(actor(role), practice, made.id)
    with pytest.raises(NotFound):
        service.resolve(actor("official"), other, made.id)
    service.resolve(actor("official"), practice, made.id)
    with pytest.raises(Conflict):
        service.resolve(actor("lead"), practice, made.id)
    assert acts(practice).count("practice.resolved") == 1


def test_comments_outlive_a_new_revision(app: Flask) -> None:
    """A colleague who goes on with the text reads them, too."""
    practice = network.write_to("submitted")
    comment(practice)
    service.send_back(actor("lead"), practice, comment="See beside.")
    content = texts(practice)[-1].content
    service.save(actor("lead"), practice, content, base=seen(practice))
    assert list(queries.comments_on(actor("lead"), practice)) == ["results"]


def test_text_that_reviewers_had_stays_as_it_was(app: Flask) -> None:
    """Its author's next save begins another revision."""
    practice = network.write_to("submitted", title="As submitted")
    service.send_back(actor("lead"), practice, comment="Shorter.")
    changed = texts(practice)[-1].content.model_copy(update={"title": "Short"})
    service.save(actor("official"), practice, changed, base=seen(practice))
    service.save(actor("official"), practice, changed, base=seen(practice))
    assert [(one.title, str(one.state)) for one in texts(practice)] == [
        ("As submitted", "superseded"), ("Short", "draft"),
    ]  # fmt: skip
    assert texts(practice)[-1].comment == "Shorter."


def test_review_is_assigned_until_a_day(app: Flask) -> None:
    """To somebody of the secretariat or of the city's chapter; publishing ends it."""
    practice = network.write_to("signed_off")
    admin, chapter = actor("secretariat"), actor("chapter")
    assert [one.name for one in queries.reviewers_for(sidoarjo())] == ["Ada", "Chandra"]
    service.assign(admin, practice, reviewer_id=chapter.person_id, due_on=day(7))
    (revision,) = texts(practice)
    found = queries.progress_of([revision])[revision.id]
    assert (found.reviewer, found.due_on) == ("Chandra", day(7))
    assert told("practice.assigned")["reviewer"] == "Chandra"
    service.publish(admin, practice)
    assert queries.assignment_of(practice.id) is None


@pytest.mark.parametrize("role", ["official", "lead", *OUTSIDERS])
def test_only_the_secretariat_assigns(app: Flask, role: str) -> None:
    """Also not to itself."""
    practice = network.write_to("signed_off")
    with pytest.raises(Forbidden):
        service.assign(actor(role), practice, reviewer_id=actor(role).person_id, due_on=None)


@pytest.mark.parametrize("who", ["official", "lead", "rival lead", "nobody's"])
def test_review_is_not_assigned_to_others(app: Flask, who: str) -> None:
    """A chapter's secretariat reviews its own cities only."""
    practice = network.write_to("signed_off")
    with pytest.raises(Invalid):
        service.assign(
            actor("secretariat"), practice, reviewer_id=actor(who).person_id, due_on=None
        )
    foreign = network.write_to("signed_off", role="rival")
    with pytest.raises(Invalid):
        service.assign(
            actor("secretariat"), foreign, reviewer_id=actor("chapter").person_id, due_on=None
        )
    with pytest.raises(Forbidden):
        service.assign(actor("chapter"), foreign, reviewer_id=None, due_on=None)


@pytest.mark.parametrize("ahead", [-1, 400])
def test_review_is_due_on_a_day_that_can_be_meant(app: Flask, ahead: int) -> None:
    """From today on, within a year."""
    practice, admin = network.write_to("signed_off"), actor("secretariat")
    with pytest.raises(Invalid) as refused:
        service.assign(admin, practice, reviewer_id=admin.person_id, due_on=day(ahead))
    assert refused.value.fields.keys() == {"due_on"}


def test_of_two_who_assign_the_second_is_told(app: Flask) -> None:
    """It was nobody's on both pages."""
    practice, admin = network.write_to("signed_off"), actor("secretariat")
    service.assign(admin, practice, reviewer_id=admin.person_id, due_on=None)
    with pytest.raises(Conflict):
        service.assign(admin, practice, reviewer_id=actor("chapter").person_id, due_on=None)
    service.assign(admin, practice, reviewer_id=None, due_on=None, seen_reviewer=admin.person_id)
    assert queries.assignment_of(practice.id) is None


def test_reviewer_is_reminded_two_days_before_and_on_the_day(app: Flask) -> None:
    """Each once, however often the worker looks; never of a text that is out."""
    practice, admin = network.write_to("signed_off", title="Due soon"), actor("secretariat")
    service.assign(admin, practice, reviewer_id=admin.person_id, due_on=day(7))
    counts = []
    for ahead in (0, 4, 5, 6, 7, 8):
        with clock.moved(timedelta(days=ahead)):
            remind_reviewers()
            remind_reviewers()
            counts.append(len(mails(app)))
    assert counts == [0, 0, 1, 1, 2, 2]
    assert "Due soon" in mails(app)[0].subject
    assert mails(app)[0].to == ["Ada <admin@citynet.example>"]


def test_nobody_is_reminded_of_what_is_sent_back(app: Flask) -> None:
    """Or of what they may not review any more."""
    practice, admin = network.write_to("signed_off"), actor("secretariat")
    service.assign(admin, practice, reviewer_id=actor("chapter").person_id, due_on=day(4))
    service.send_back(admin, practice, comment="Shorter.")
    with clock.moved(timedelta(days=3)):
        remind_reviewers()
        service.submit(actor("official"), practice)
        with db.atomic():
            sidoarjo().chapter_id = None
        remind_reviewers()
        assert not [one for one in mails(app) if "Please review" in one.subject]


def test_of_a_city_of_trust_the_sign_off_publishes(app: Flask) -> None:
    """Search finds it; both acts are recorded, and the review can be switched on again."""
    practice = network.write_to("submitted", title="Trusted text")
    service.trust(actor("secretariat"), sidoarjo(), reason="Five without a change.")
    assert service.sign_off(actor("lead"), practice).state == State.PUBLISHED
    assert acts(practice)[-2:] == ["practice.signed_off", "practice.published"]
    assert texts(practice)[-1].published_by_id == actor("lead").person_id
    assert is_found("Trusted text")
    service.review_again(actor("chapter"), sidoarjo(), reason="A new lead.")
    assert told("city.reviewed_again") == {"reason": "A new lead."}
    assert service.sign_off(actor("lead"), network.write_to("submitted")).state == State.SIGNED_OFF


def test_trust_does_not_make_a_lead_alone_enough(app: Flask) -> None:
    """Two people have a hand in every text."""
    service.trust(actor("secretariat"), sidoarjo(), reason="Why not.")
    practice = network.write_to("submitted", role="lead")
    with pytest.raises(Forbidden):
        service.sign_off(actor("lead"), practice)
    assert states(practice) == ["submitted"]


@pytest.mark.parametrize("role", ["official", "lead", *OUTSIDERS])
def test_nobody_else_trusts(app: Flask, role: str) -> None:
    """Neither on nor off; a chapter only the cities it looks after."""
    with pytest.raises(Forbidden):
        service.trust(actor(role), sidoarjo(), reason="Us.")
    with pytest.raises(Forbidden):
        service.review_again(actor(role), sidoarjo(), reason="Us.")


def test_trust_has_a_reason_and_is_decided_once(app: Flask) -> None:
    """The second who decides is told."""
    admin = actor("secretariat")
    for reason in ("", " ", "x" * 1001):
        with pytest.raises(Invalid):
            service.trust(admin, sidoarjo(), reason=reason)
    with pytest.raises(Conflict):
        service.review_again(admin, sidoarjo(), reason="Why.")
    service.trust(admin, sidoarjo(), reason="Why.")
    with pytest.raises(Conflict):
        service.trust(actor("chapter"), sidoarjo(), reason="Why.")


def test_approved_text_comes_out_on_its_day(app: Flask) -> None:
    """Not before, once, as what its reviewer approved."""
    practice = network.write_to("signed_off", title="Planned text")
    service.schedule(actor("secretariat"), practice, day=day(3))
    publish_due()
    assert states(practice) == ["signed_off"]
    with clock.moved(until(day(3)) - timedelta(seconds=2)):
        publish_due()
        assert states(practice) == ["signed_off"]
    with clock.moved(until(day(3))):
        publish_due()
        publish_due()
        assert is_found("Planned text")
    assert states(practice) == ["published"]
    assert texts(practice)[-1].published_by_id == actor("secretariat").person_id
    assert acts(practice).count("practice.published") == 1


@pytest.mark.parametrize("ahead", [-1, 0, 400, None])
def test_day_of_publication_lies_ahead(app: Flask, ahead: int | None) -> None:
    """Today is what the other choice is for."""
    practice = network.write_to("signed_off")
    wanted: date | None = day(ahead) if ahead is not None else None
    with pytest.raises(Invalid):
        service.schedule(actor("secretariat"), practice, day=wanted)


def test_day_of_publication_is_taken_back(app: Flask) -> None:
    """By taking it back, by sending the text back, by publishing it now."""
    admin = actor("secretariat")
    first, second, third = (network.write_to("signed_off") for _number in range(3))
    for practice in (first, second, third):
        service.schedule(admin, practice, day=day(1))
    service.unschedule(admin, first)
    service.send_back(admin, second, comment="Shorter.")
    service.publish(admin, third)
    with pytest.raises(Conflict):
        service.unschedule(admin, first)
    with clock.moved(timedelta(days=2)):
        publish_due()
    assert [*states(first), *states(second), *states(third)] == [
        "signed_off", "draft", "published",
    ]  # fmt: skip
    assert acts(third).count("practice.published") == 1


def test_text_of_a_city_that_left_does_not_come_out(app: Flask) -> None:
    """It waits for the secretariat again, and the log says why."""
    practice, admin = network.write_to("signed_off"), actor("secretariat")
    service.schedule(admin, practice, day=day(1))
    memberships.change_standing(admin, sidoarjo(), Standing.SUSPENDED, reason="Fees.")
    with clock.moved(timedelta(days=2)):
        publish_due()
    assert states(practice) == ["signed_off"]
    assert queries.schedule_of(texts(practice)[-1].id) is None
    assert told("practice.unscheduled")["reason"]
    with pytest.raises(Conflict, match="active member"):
        service.schedule(admin, practice, day=day(1))


@pytest.mark.parametrize("role", ["official", "lead", *OUTSIDERS])
def test_nobody_else_plans(app: Flask, role: str) -> None:
    """Neither sets a day nor takes it back."""
    practice = network.write_to("signed_off")
    service.schedule(actor("secretariat"), practice, day=day(1))
    with pytest.raises(Forbidden):
        service.schedule(actor(role), practice, day=day(2))
    with pytest.raises(Forbidden):
        service.unschedule(actor(role), practice)


def test_of_two_who_decide_on_one_page_the_second_is_told(app: Flask) -> None:
    """Also when the first set a day: the text seems the same, and is decided on."""
    practice = network.write_to("signed_off")
    page = seen(practice)
    service.schedule(actor("secretariat"), practice, day=day(1), seen=page)
    with pytest.raises(Conflict):
        service.publish(actor("chapter"), practice, seen=page)
    with pytest.raises(Conflict):
        service.schedule(actor("chapter"), practice, day=day(5), seen=page)


PUBLISH = """
from datetime import timedelta
from citynet.kit import clock
from citynet.practices.service.publishing import publish_due
with clock.moved(timedelta(days=2)):
    publish_due()
"""


def test_two_workers_publish_a_planned_text_once(app: Flask) -> None:
    """In two processes at the same moment."""
    practice = network.write_to("signed_off")
    service.schedule(actor("secretariat"), practice, day=day(1))
    db.session().rollback()
    folder = Path(app.config["CITYNET"].instance_dir)
    begun = [processes.python(folder, PUBLISH) for _worker in range(2)]
    answers = [one.communicate(timeout=60) for one in begun]
    assert [one.returncode for one in begun] == [0, 0], answers
    assert acts(practice).count("practice.published") == 1
