"""Review, withdrawal and the yearly question on PostgreSQL, where commands really run at once."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from flask import Flask
from sqlalchemy import select

from citynet.kit import clock, db, tokens
from citynet.kit.errors import Conflict
from citynet.practices import service
from citynet.practices.models import Answer, LivenessCheck, Practice
from citynet.practices.service.assigning import remind_reviewers
from citynet.practices.service.liveness import PURPOSE, ask_what_is_due
from citynet.practices.service.publishing import publish_due
from tests import network
from tests.network import actor
from tests.practices.reviewing import acts, comment, day, mails, sidoarjo, states

YEAR = timedelta(days=366)


@pytest.fixture
def app(on_postgres: Flask) -> Flask:
    """Return the small network on PostgreSQL."""
    return on_postgres


def at_once(app: Flask, *runs: Callable[[], object]) -> int:
    """Run at the same moment; return how many were told that they came second."""
    start = Barrier(len(runs))

    def run(one: Callable[[], object]) -> int:
        with app.app_context():
            start.wait()
            try:
                one()
            except Conflict:
                return 1
            return 0

    with ThreadPoolExecutor(len(runs)) as pool:
        told = sum(pool.map(run, runs))
    db.session().rollback()
    return told


def read(practice_id: int) -> Practice:
    """Return the practice in this thread's session."""
    return db.session().get_one(Practice, practice_id)


def test_of_reviewers_who_decide_at_once_one_is_heard(app: Flask) -> None:
    """Publishing, planning and sending back: the others are told."""
    practice = network.write_to("signed_off")
    key, seen = practice.id, (1, 1)
    db.session().rollback()
    told = at_once(
        app,
        lambda: service.publish(actor("secretariat"), read(key), seen=seen),
        lambda: service.schedule(actor("chapter"), read(key), day=day(2), seen=seen),
        lambda: service.send_back(actor("chapter"), read(key), comment="No.", seen=seen),
    )
    assert told == 2
    decisions = {"practice.published", "practice.scheduled", "practice.sent_back"}
    assert len([one for one in acts(read(key)) if one in decisions]) == 1


def test_of_workers_at_once_one_publishes_asks_and_reminds(app: Flask) -> None:
    """Whatever is due."""
    planned, due = network.write_to("signed_off"), network.write_to("signed_off")
    old = network.write_to("published")
    admin, keys = actor("secretariat"), (planned.id, due.id, old.id)
    service.schedule(admin, planned, day=day(1))
    service.assign(admin, due, reviewer_id=admin.person_id, due_on=day(1))
    db.session().rollback()
    for work in (publish_due, remind_reviewers, ask_what_is_due):
        with clock.moved(timedelta(days=2) if work != ask_what_is_due else YEAR):
            assert at_once(app, work, work, work) == 0
    assert acts(read(keys[0])).count("practice.published") == 1
    assert acts(read(keys[2])).count("practice.asked") == 1
    with clock.moved(YEAR):
        subjects = [mail.subject for mail in mails(app)]
    assert len([one for one in subjects if "review" in one]) == 1


def test_of_answers_at_once_one_counts(app: Flask) -> None:
    """From two letters about the same practice."""
    practice = network.write_to("published")
    with clock.moved(YEAR):
        ask_what_is_due()
        check = db.session().scalars(select(LivenessCheck)).one()
        links = [tokens.sign(PURPOSE, f"{check.id}.{role}") for role in ("lead", "contact")]
        db.session().rollback()
        told = at_once(
            app,
            lambda: service.answer_question(actor("visitor"), links[0], Answer.RUNNING),
            lambda: service.answer_question(actor("visitor"), links[1], Answer.CHANGED),
        )
    assert told == 1
    assert acts(practice).count("practice.answered") == 1


def test_of_withdrawals_comments_and_trust_at_once_one_counts(app: Flask) -> None:
    """Of each the second is told."""
    practice, other = network.write_to("published"), network.write_to("submitted")
    made, key, number = comment(other), practice.id, other.id
    service.send_back(actor("lead"), other, comment="")
    comment_id = made.id
    db.session().rollback()
    for work in (
        lambda: service.withdraw(actor("lead"), read(key), reason="Wrong."),
        lambda: service.bring_back(actor("lead"), read(key)),
        lambda: service.resolve(actor("official"), read(number), comment_id),
        lambda: service.trust(actor("secretariat"), sidoarjo(), reason="Why not."),
        lambda: service.review_again(actor("secretariat"), sidoarjo(), reason="Why not."),
    ):
        assert at_once(app, work, work) == 1
    assert states(read(key)) == ["published"]
