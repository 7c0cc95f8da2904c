"""Who of the secretariat reviews a text, by when, and the reminder to do so."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy import ColumnElement, exists, or_, select

from citynet.cities import terms
from citynet.cities.models import Actor
from citynet.kit import db, worker
from citynet.kit.errors import Conflict, Invalid, require
from citynet.kit.i18n import _
from citynet.practices import letters, policy, queries
from citynet.practices.models import Practice, ReviewAssignment, Revision, State
from citynet.practices.service.holding import Seen, hold, record, text_in

# Days before the review is due at which its reviewer is reminded: the nearest only.
REMINDERS = (2, 0)
FURTHEST_DAYS = 366


@db.transaction
def assign(
    actor: Actor, practice: Practice, *, reviewer_id: int | None, due_on: date | None,
    seen: Seen = None, seen_reviewer: int | None = None,
) -> None:  # fmt: skip
    """Say who reviews the text that waits, and by when; None takes the task back.

    Raises:
        Invalid: somebody who may not review it, or a day that is past or too far.
        Conflict: the text does not wait, or somebody assigned it first.
    """
    practice = hold(practice)
    require(policy.can_review_of(actor, practice))
    revision = text_in(practice, seen, State.SUBMITTED, State.SIGNED_OFF)
    row = queries.assignment_of(practice.id)
    if seen_reviewer != (row.reviewer_id if row else None):
        raise Conflict(_("Somebody assigned this review before you. See below to whom."))
    may_review = {one.id: one for one in queries.reviewers_for(practice.city)}
    if reviewer_id is not None and reviewer_id not in may_review:
        raise Invalid({"reviewer": _("Choose somebody who may review practices of this city.")})
    if reviewer_id is None:
        due_on = None
    elif due_on is not None and not 0 <= (due_on - terms.today()).days <= FURTHEST_DAYS:
        raise Invalid({"due_on": _("Give a day from today on, within a year.")})
    before = (row.reviewer_id, row.due_on) if row is not None else None
    is_told = reviewer_id != actor.person_id and (reviewer_id, due_on) != before
    _replace(row, practice, reviewer_id, due_on, is_told=is_told)
    if reviewer_id is not None and is_told:
        letters.name_reviewer(may_review[reviewer_id], revision, practice, due_on)
    record(
        actor, "practice.assigned", practice, revision,
        reviewer=may_review[reviewer_id].name if reviewer_id is not None else "",
        due_on=due_on.isoformat() if due_on else "",
    )  # fmt: skip


def _replace(
    row: ReviewAssignment | None, practice: Practice, reviewer_id: int | None,
    due_on: date | None, *, is_told: bool,
) -> None:  # fmt: skip
    if row is not None:
        db.session().delete(row)
        db.session().flush()
    if reviewer_id is not None:
        # Who is told of it today needs no reminder today.
        reminded_days = _stage_of(due_on) if is_told else None
        db.session().add(
            ReviewAssignment(
                practice_id=practice.id, reviewer_id=reviewer_id, due_on=due_on,
                reminded_days=reminded_days,
            )
        )  # fmt: skip


@worker.periodic("practices.review_reminders", minutes=60)
def remind_reviewers() -> None:
    """Remind of reviews that are due soon or today: each stage once, however often this runs."""
    due = select(ReviewAssignment.practice_id).where(_is_to_be_reminded())
    for practice_id in db.session().scalars(due.order_by(ReviewAssignment.due_on)).all():
        _remind(practice_id)


@db.transaction
def _remind(practice_id: int) -> None:
    """Remind one reviewer, if that is still to be done."""
    practice = hold(db.session().get_one(Practice, practice_id))
    row, revision = queries.assignment_of(practice_id), queries.in_work_of(practice_id)
    if row is None or row.due_on is None or revision is None:
        return
    stage = _stage_of(row.due_on)
    was_told = row.reminded_days is not None and stage is not None and row.reminded_days <= stage
    if stage is None or was_told or row.reviewer not in queries.reviewers_for(practice.city):
        return
    row.reminded_days = stage
    letters.remind_reviewer(row.reviewer, revision, practice, row.due_on)


def _stage_of(due_on: date | None) -> int | None:
    """Return the reminder that this day calls for; None while it is far."""
    days = (due_on - terms.today()).days if due_on is not None else max(REMINDERS) + 1
    return next((one for one in sorted(REMINDERS) if days <= one), None)


def _is_to_be_reminded() -> ColumnElement[bool]:
    """Return the condition for texts that wait and are nearer to the day than last told."""
    day = terms.today()
    waits = exists().where(
        Revision.practice_id == ReviewAssignment.practice_id,
        Revision.state.in_((State.SUBMITTED, State.SIGNED_OFF)),
    )
    is_near = ReviewAssignment.due_on <= day + timedelta(days=max(REMINDERS))
    was_told_last = ReviewAssignment.reminded_days == min(REMINDERS)
    untold = or_(ReviewAssignment.reminded_days.is_(None), ~was_told_last)
    return is_near & untold & waits
