"""Reads of whether a practice is still running: when it was confirmed, asked about, answered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import ColumnElement, and_, exists, func, or_, select
from sqlalchemy.orm import contains_eager

from citynet.cities import terms
from citynet.cities.models import Membership, Standing
from citynet.kit import clock, db
from citynet.practices.fields import Status
from citynet.practices.models import Answer, LivenessCheck, Practice, Revision, State

STALE_AFTER = timedelta(days=60)


@dataclass(frozen=True)
class Liveness:
    """What a page tells: at most one of the last three is set."""

    confirmed_at: datetime | None
    # When nobody answered: since when the answer is awaited.
    unanswered_since: datetime | None = None
    stopped: LivenessCheck | None = None
    changed: LivenessCheck | None = None


def liveness_of(revision: Revision) -> Liveness:
    """Return what is known of a published text whose practice is loaded."""
    confirmed_at = revision.practice.last_confirmed_at
    wanted = select(LivenessCheck).where(LivenessCheck.practice_id == revision.practice_id)
    check = db.session().scalar(wanted.order_by(LivenessCheck.year.desc()).limit(1))
    published_at = revision.published_at or revision.created_at
    if check is None or published_at > (check.answered_at or check.asked_at):
        return Liveness(confirmed_at)
    if check.answer is None:
        is_stale = check.asked_at <= clock.now() - STALE_AFTER
        return Liveness(confirmed_at, unanswered_since=check.asked_at if is_stale else None)
    return Liveness(
        confirmed_at,
        stopped=check if check.answer == Answer.STOPPED else None,
        changed=check if check.answer == Answer.CHANGED else None,
    )


def to_be_asked(limit: int) -> Sequence[int]:
    """Return the ids of practices that are due for the yearly question, longest-waiting first."""
    wanted = (
        select(Practice.id)
        .join(Revision, Revision.practice_id == Practice.id)
        .where(is_to_be_asked())
        .order_by(_last_word(), Practice.id)
        .limit(limit)
    )
    return db.session().scalars(wanted).all()


def due_text_of(practice_id: int) -> Revision | None:
    """Return the published text of a practice that is due for the question, else None."""
    wanted = (
        select(Revision)
        .join(Practice, Practice.id == Revision.practice_id)
        .where(Practice.id == practice_id, is_to_be_asked())
        .execution_options(populate_existing=True)
    )
    return db.session().scalar(wanted)


def is_to_be_asked() -> ColumnElement[bool]:
    """Return the condition for published texts nobody confirmed or was asked about for a year.

    `Practice` must be joined. What its city reported stopped waits for a new text instead.
    """
    year_ago = a_year_before(clock.now())
    of_practice = LivenessCheck.practice_id == Practice.id
    asked = exists().where(of_practice, LivenessCheck.asked_at > year_ago)
    stopped = exists().where(
        of_practice, LivenessCheck.answer == Answer.STOPPED,
        LivenessCheck.answered_at >= Revision.published_at,
    )  # fmt: skip
    is_member = exists().where(
        Membership.city_id == Practice.city_id, Membership.standing == Standing.ACTIVE
    )
    runs = or_(Revision.status.is_(None), Revision.status != Status.STOPPED)
    return and_(
        Revision.state == State.PUBLISHED, runs, _last_word() <= year_ago, is_member, ~asked,
        ~stopped,
    )  # fmt: skip


def get_check(check_id: int) -> tuple[LivenessCheck, Revision] | None:
    """Return a question with the published text it is about; None once that is out of sight."""
    wanted = (
        select(LivenessCheck, Revision)
        .join(Revision, Revision.practice_id == LivenessCheck.practice_id)
        .join(Revision.practice)
        .join(Practice.city)
        .options(contains_eager(Revision.practice).contains_eager(Practice.city))
        .where(LivenessCheck.id == check_id, Revision.state == State.PUBLISHED)
        .execution_options(populate_existing=True)
    )
    row = db.session().execute(wanted).one_or_none()
    return (row[0], row[1]) if row is not None else None


def a_year_before(moment: datetime) -> datetime:
    """Return the same day and time of the year before."""
    return datetime.combine(terms.add_months(moment.date(), -12), moment.time(), UTC)


def _last_word() -> ColumnElement[datetime]:
    return func.coalesce(Practice.last_confirmed_at, Revision.published_at)
