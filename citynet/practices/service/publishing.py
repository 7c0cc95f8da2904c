"""Commands that let a text come out: now, on a day, or at once for a city of trust."""

from __future__ import annotations

from datetime import date

from sqlalchemy import delete, select, update

from citynet.cities import queries as cities
from citynet.cities import terms
from citynet.cities.models import VISITOR, Actor, Standing
from citynet.kit import clock, db, effects, worker
from citynet.kit.errors import Conflict, Invalid, require
from citynet.kit.i18n import _
from citynet.practices import letters, policy, queries
from citynet.practices.fields import Status
from citynet.practices.models import (
    Practice,
    ReviewAssignment,
    ReviewComment,
    Revision,
    ScheduledPublication,
    State,
    Step,
)
from citynet.practices.service.holding import Seen, hold, record, text_in
from citynet.practices.service.steps import note
from citynet.practices.service.telling import authors_of, tell

INDEX = "practice.index"
FURTHEST_DAYS = 366


@db.transaction
def publish(actor: Actor, practice: Practice, *, seen: Seen = None) -> Revision:
    """Approve the signed-off text: readers see it instead of the one before.

    Raises:
        Conflict: the text is not signed off, or its city is no active member now.
    """
    practice = hold(practice)
    require(policy.can_review_of(actor, practice))
    revision = text_in(practice, seen, State.SIGNED_OFF)
    require(policy.can_publish(actor, practice, revision))
    require_member(practice)
    come_out(actor, practice, revision)
    return revision


@db.transaction
def schedule(actor: Actor, practice: Practice, *, day: date | None, seen: Seen = None) -> Revision:
    """Approve the signed-off text for a day; it comes out when that day begins in UTC.

    Raises:
        Invalid: no day, or one that is not ahead or too far.
        Conflict: the text is not signed off, or its city is no active member now.
    """
    practice = hold(practice)
    require(policy.can_review_of(actor, practice))
    revision = text_in(practice, seen, State.SIGNED_OFF)
    require(policy.can_publish(actor, practice, revision))
    ahead = (day - terms.today()).days if day is not None else 0
    if day is None or not 0 < ahead <= FURTHEST_DAYS:
        raise Invalid({"day": _("Give a day from tomorrow on, within a year.")})
    require_member(practice)
    drop_schedule(revision)
    db.session().add(
        ScheduledPublication(revision_id=revision.id, day=day, approved_by_id=actor.person_id)
    )
    # Whoever decides on the page of before is told.
    revision.version += 1
    record(actor, "practice.scheduled", practice, revision, day=day.isoformat())
    return revision


@db.transaction
def unschedule(actor: Actor, practice: Practice, *, seen: Seen = None) -> Revision:
    """Take the day back: the text waits for the secretariat again.

    Raises:
        Conflict: no day is set for the text.
    """
    practice = hold(practice)
    require(policy.can_review_of(actor, practice))
    revision = text_in(practice, seen, State.SIGNED_OFF)
    if not drop_schedule(revision):
        raise Conflict(_("No day is set for this text any more. See below where it stands."))
    revision.version += 1
    record(actor, "practice.unscheduled", practice, revision)
    return revision


@worker.periodic("practices.publish", minutes=15)
def publish_due() -> None:
    """Publish what was approved for a day that has begun: each once, however often this runs."""
    due = select(ScheduledPublication.revision_id).where(ScheduledPublication.day <= terms.today())
    for revision_id in db.session().scalars(due.order_by(ScheduledPublication.day)).all():
        _publish_one(revision_id)


def come_out(
    actor: Actor, practice: Practice, revision: Revision, *, approved_by_id: int | None = None
) -> None:
    """Let readers see a held text: the step that every way to publication ends in."""
    db.session().execute(
        update(Revision)
        .where(
            Revision.practice_id == practice.id,
            Revision.state.in_((State.PUBLISHED, State.WITHDRAWN)),
        )
        .values(state=State.SUPERSEDED)
    )
    moment, by_id = clock.now(), approved_by_id or actor.person_id
    revision.state = State.PUBLISHED
    revision.published_at, revision.published_by_id = moment, by_id
    if revision.status not in (None, Status.STOPPED):
        # The lead has just answered for a text that says so.
        practice.last_confirmed_at = moment
    _end_review(practice, revision, by_id)
    note(by_id, Step.PUBLISHED, practice, revision)
    record(actor, "practice.published", practice, revision)
    tell(letters.PUBLISHED, authors_of(actor, practice, revision), practice, revision)
    effects.enqueue(INDEX, practice_id=str(practice.id))


def is_member(practice: Practice) -> bool:
    """Tell whether the practice's city is an active member now."""
    membership = cities.membership_of(practice.city_id)
    return membership is not None and membership.standing == Standing.ACTIVE


def require_member(practice: Practice) -> None:
    """Refuse what only a city does that is an active member now.

    Raises:
        Conflict: it is none.
    """
    if not is_member(practice):
        raise Conflict(_("This city is not an active member now. Restore its membership first."))


@db.transaction
def _publish_one(revision_id: int) -> None:
    """Publish a text if its day has come still; of a city that left, let it wait again."""
    revision = db.session().get(Revision, revision_id, populate_existing=True)
    if revision is None:
        return
    practice = hold(db.session().get_one(Practice, revision.practice_id))
    db.session().refresh(revision)
    planned = db.session().get(ScheduledPublication, revision_id, populate_existing=True)
    if planned is None or planned.day > terms.today():
        return
    approved_by_id = planned.approved_by_id
    drop_schedule(revision)
    if revision.state != State.SIGNED_OFF:
        return
    if is_member(practice):
        come_out(VISITOR, practice, revision, approved_by_id=approved_by_id)
    else:
        revision.version += 1
        record(VISITOR, "practice.unscheduled", practice, revision,
               reason="The city is not an active member.")  # fmt: skip


def _end_review(practice: Practice, revision: Revision, by_id: int | None) -> None:
    """Close what belonged to the review: who approves a text takes its comments as answered."""
    drop_schedule(revision)
    db.session().execute(
        delete(ReviewAssignment).where(ReviewAssignment.practice_id == practice.id)
    )
    is_open = (ReviewComment.practice_id == practice.id, ReviewComment.resolved_at.is_(None))
    db.session().execute(
        update(ReviewComment).where(*is_open).values(resolved_at=clock.now(), resolved_by_id=by_id)
    )


def drop_schedule(revision: Revision) -> bool:
    """Take back the day on which a held text was to come out, and tell whether there was one."""
    planned = queries.schedule_of(revision.id)
    if planned is not None:
        db.session().delete(planned)
        db.session().flush()
    return planned is not None
