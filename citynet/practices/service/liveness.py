"""The yearly question whether a practice still runs: asked by the worker, answered by link."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from citynet.cities.models import Actor
from citynet.kit import audit, clock, db, effects, tokens, worker
from citynet.kit.errors import Conflict, Invalid, NotFound
from citynet.kit.html import drop_invisible
from citynet.kit.i18n import _
from citynet.practices import letters, queries
from citynet.practices.letters import LEAD
from citynet.practices.models import Answer, LivenessCheck, Practice, Revision
from citynet.practices.service.holding import hold
from citynet.practices.service.publishing import INDEX

PURPOSE = "liveness"
ANSWERABLE_SECONDS = int(timedelta(days=90).total_seconds())
# So that a network whose practices all fall due together does not write to everybody at once.
MOST_AT_ONCE = 50
LONGEST_NOTE = 1000


@dataclass(frozen=True)
class Question:
    """What a link leads to."""

    check: LivenessCheck
    revision: Revision
    asked_as: str


def question_of(token: str) -> Question | None:
    """Return what a link asks; None once it has expired or the practice is out of sight.

    Raises:
        NotFound: no link of ours.
    """
    read = tokens.read_late(PURPOSE, token, max_age_seconds=ANSWERABLE_SECONDS)
    if read is None:
        raise NotFound
    value, is_fresh = read
    number, _dot, asked_as = value.partition(".")
    found = queries.get_check(int(number))
    return Question(*found, asked_as) if found is not None and is_fresh else None


@db.transaction
def answer_question(actor: Actor, token: str, answer: Answer, *, note: str = "") -> Question:
    """Answer for a practice; the link is the right to, whoever holds it.

    Raises:
        NotFound: no link of ours, or one that has expired.
        Invalid: it stopped, and no reason is given; or more than 1,000 characters.
        Conflict: the question was answered before.
    """
    asked = question_of(token)
    if asked is None:
        raise NotFound
    practice = hold(asked.revision.practice)
    db.session().refresh(asked.check, with_for_update=True)
    if asked.check.answer is not None:
        raise Conflict(_("This was answered before. Thank you."))
    note = drop_invisible(note).strip()
    if answer == Answer.STOPPED and not note:
        raise Invalid({"note": _("Write why it stopped: other cities learn from it.")})
    if len(note) > LONGEST_NOTE:
        raise Invalid({"note": _("Write up to 1,000 characters.")})
    moment = clock.now()
    check = asked.check
    check.answer, check.answered_at, check.note = answer, moment, note
    check.answered_as = asked.asked_as
    if answer != Answer.STOPPED:
        practice.last_confirmed_at = moment
        effects.enqueue(INDEX, practice_id=str(practice.id))
    audit.record(
        actor.person_id, "practice.answered", subject=("practice", practice.id),
        city_id=practice.city_id,
        details={
            "title": asked.revision.title, "by": asked.asked_as, "answer": str(answer),
            "reason": note,
        },
    )  # fmt: skip
    if answer != Answer.RUNNING and asked.asked_as != LEAD:
        letters.tell_lead_of_answer(asked.revision, practice, answer, note)
    return asked


@worker.periodic("practices.liveness", minutes=60)
def ask_what_is_due() -> None:
    """Ask about each practice once a year, however often this runs."""
    for practice_id in queries.to_be_asked(MOST_AT_ONCE):
        _ask(practice_id)


@db.transaction
def _ask(practice_id: int) -> None:
    """Ask contact and lead, if that is still to be done and there is somebody to ask."""
    practice = hold(db.session().get_one(Practice, practice_id))
    revision = queries.due_text_of(practice_id)
    people = letters.asked_about(revision, practice) if revision is not None else []
    if revision is None or not people:
        return
    moment = clock.now()
    check = LivenessCheck(practice_id=practice.id, year=moment.year, asked_at=moment)
    db.session().add(check)
    db.session().flush()
    for one in people:
        letters.ask(one, revision, practice, token=tokens.sign(PURPOSE, f"{check.id}.{one.role}"))
    audit.record(
        None, "practice.asked", subject=("practice", practice.id), city_id=practice.city_id,
        details={"title": revision.title},
    )  # fmt: skip
