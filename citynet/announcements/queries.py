"""Reads of announcements."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import ColumnElement, Select, and_, select

from citynet.announcements import policy
from citynet.announcements.models import Announcement, State
from citynet.cities.models import Actor
from citynet.kit import clock, db
from citynet.kit.errors import NotFound

MOST_SHOWN = 5


def shown_to(actor: Actor) -> Sequence[Announcement]:
    """Return what the actor reads on the home page today, newest first."""
    wanted = (
        select(Announcement)
        .where(policy.visible_to(actor))
        .order_by(Announcement.begins_on.desc(), Announcement.id.desc())
        .limit(MOST_SHOWN)
    )
    return db.session().scalars(wanted).all()


def every() -> Select[Announcement]:
    """Return the query of all announcements, drafts and past ones too: the secretariat's list."""
    return select(Announcement)


def is_on(day: date) -> ColumnElement[bool]:
    """Return the condition for what the home page shows on a day."""
    return and_(_is_published(), Announcement.begins_on <= day, Announcement.ends_on >= day)


def is_in(state: State) -> ColumnElement[bool]:
    """Return the condition for where an announcement stands today."""
    today = clock.now().date()
    if state == State.DRAFT:
        return Announcement.published_at.is_(None)
    if state == State.WITHDRAWN:
        return Announcement.withdrawn_at.is_not(None)
    if state == State.PLANNED:
        return and_(_is_published(), Announcement.begins_on > today)
    if state == State.PAST:
        return and_(_is_published(), Announcement.ends_on < today)
    return is_on(today)


def _is_published() -> ColumnElement[bool]:
    return and_(Announcement.published_at.is_not(None), Announcement.withdrawn_at.is_(None))


def get_announcement(announcement_id: int) -> Announcement:
    """Return an announcement.

    Raises:
        NotFound: there is none.
    """
    found = db.session().get(Announcement, announcement_id, populate_existing=True)
    if found is None:
        raise NotFound
    return found
