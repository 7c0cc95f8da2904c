"""Reads of whether a practice is still running: when it was confirmed, asked about, answered."""

from __future__ import annotations

import enum
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TypeVarTuple

from sqlalchemy import ColumnElement, Select, and_, case, exists, func, or_, select
from sqlalchemy.orm import aliased, contains_eager, defer

from citynet.cities import policy as cities
from citynet.cities import terms
from citynet.cities.models import Actor, Membership, Standing
from citynet.kit import clock, db
from citynet.practices.fields import Status
from citynet.practices.models import Answer, LivenessCheck, Practice, Revision, State

Ts = TypeVarTuple("Ts")
STALE_AFTER = timedelta(days=60)


@dataclass(frozen=True)
class Liveness:
    """What a page tells: at most one of the last three is set."""

    confirmed_at: datetime | None
    # When nobody answered: since when the answer is awaited.
    unanswered_since: datetime | None = None
    stopped: LivenessCheck | None = None
    changed: LivenessCheck | None = None


class Life(enum.StrEnum):
    """What is known of a published text that says it runs."""

    UNANSWERED = "unanswered"
    STOPPED = "stopped"
    CHANGED = "changed"
    ASKED = "asked"
    # Nobody confirmed it for a year, and it was not asked about since: nobody is there to ask, or
    # its city is no member now.
    OLD = "old"
    CONFIRMED = "confirmed"


# A published text with its practice and city, the question that counts for it, and what is known.
LifeRow = tuple[Revision, LivenessCheck | None, str]


def lives(actor: Actor) -> Select[Revision]:
    """Return the published texts of the actor's cities that say they run, for `with_life`."""
    return (
        select(Revision)
        .join(Revision.practice)
        .join(Practice.city)
        .options(
            defer(Revision.content_json), contains_eager(Revision.practice, Practice.city),
        )
        .where(Revision.state == State.PUBLISHED, _says_it_runs(), cities.administered_by(actor))
    )  # fmt: skip


def with_life(rows: Sequence[tuple[Revision]]) -> Sequence[LifeRow]:
    """Return these texts with what is known of each, in one query."""
    known = _known([one.practice_id for (one,) in rows])
    return [(one, *known[one.practice_id]) for (one,) in rows]


def lives_of(practice_ids: Collection[int]) -> Mapping[int, str]:
    """Return what is known of these practices, by id; of those that say they run."""
    return {key: life for key, (_check, life) in _known(practice_ids).items()}


def is_life(value: str) -> ColumnElement[bool]:
    """Return the condition for texts of which this is known now."""
    wanted = _questions(select(Practice.id)).where(_life() == value)
    return Revision.practice_id.in_(wanted.correlate(None))


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
        .order_by(last_word(), Practice.id)
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
    return and_(
        Revision.state == State.PUBLISHED, _says_it_runs(), last_word() <= year_ago, is_member,
        ~asked, ~stopped,
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


def last_word() -> ColumnElement[datetime]:
    """Return when the city last said of a text that it runs, by confirming or publishing it."""
    return func.coalesce(Practice.last_confirmed_at, Revision.published_at)


def _says_it_runs() -> ColumnElement[bool]:
    return or_(Revision.status.is_(None), Revision.status != Status.STOPPED)


def _is_of_this_text() -> ColumnElement[bool]:
    """Return the condition for the newest question, if it or its answer is newer than the text."""
    one = aliased(LivenessCheck)
    newest = select(func.max(one.year)).where(one.practice_id == Practice.id)
    said_at = func.coalesce(LivenessCheck.answered_at, LivenessCheck.asked_at)
    return and_(
        LivenessCheck.practice_id == Practice.id,
        LivenessCheck.year == newest.correlate(Practice).scalar_subquery(),
        said_at >= Revision.published_at,
    )


def _known(practice_ids: Collection[int]) -> Mapping[int, tuple[LivenessCheck | None, str]]:
    wanted = _questions(select(Practice.id, LivenessCheck, _life()))
    found = db.session().execute(wanted.where(Practice.id.in_(practice_ids))).all()
    return {key: (check, life) for key, check, life in found}


def _questions(wanted: Select[*Ts]) -> Select[*Ts]:
    """Join practices with their published texts that say they run, and what was asked of these."""
    return (
        wanted.select_from(Practice)
        .join(Revision, Revision.practice_id == Practice.id)
        .outerjoin(LivenessCheck, _is_of_this_text())
        .where(Revision.state == State.PUBLISHED, _says_it_runs())
    )


def _life() -> ColumnElement[str]:
    """Return what is known now, as a column of `_questions`."""
    moment = clock.now()
    is_open = LivenessCheck.id.is_not(None) & LivenessCheck.answer.is_(None)
    return case(
        (LivenessCheck.answer == Answer.STOPPED, Life.STOPPED),
        (LivenessCheck.answer == Answer.CHANGED, Life.CHANGED),
        (is_open & (LivenessCheck.asked_at <= moment - STALE_AFTER), Life.UNANSWERED),
        (is_open, Life.ASKED),
        (last_word() <= a_year_before(moment), Life.OLD),
        else_=Life.CONFIRMED,
    )
