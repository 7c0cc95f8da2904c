"""The audit log as lists: the secretariats', a lead's of the city, one's own."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, or_

from citynet.admin import acts, telling
from citynet.admin.lists import Choice, Column, Day, List, Words, contains
from citynet.admin.queries import DOER, SUBJECT, ActRow
from citynet.admin.telling import Line
from citynet.cities.models import ChapterPerson, City
from citynet.kit.audit import Entry
from citynet.kit.i18n import lazy
from citynet.practices.models import Practice, Topic

ONE_DAY = timedelta(days=1)
ACTION = Choice(
    "action", lazy("Action"), acts.choices,
    lambda value: Entry.action == value if "." in value else Entry.area == value,
)  # fmt: skip
SINCE = Day("since", lazy("From the day"), lambda day: Entry.at >= day)
UNTIL = Day("until", lazy("Until the day"), lambda day: Entry.at < day + ONE_DAY)
WHO = Words("who", lazy("Who"), lambda text: contains(text, DOER.name, DOER.email))
AT: Column[Line] = Column("at", lazy("When"), lambda one: one.at, sort=Entry.at)
DOERS: Column[Line] = Column("who", lazy("Who"), lambda one: one.who, sort=DOER.name)
WHAT: Column[Line] = Column("what", lazy("What"), lambda one: one.what, sort=Entry.action)
WHOM: Column[Line] = Column("whom", lazy("On whom"), lambda one: one.whom)
CHANGED: Column[Line] = Column("changed", lazy("Before and after"), lambda one: one.changed)
CITY: Column[Line] = Column("city", lazy("City"), lambda one: one.city, is_shown=False)
WHERE: Column[Line] = Column("address", lazy("From where"), lambda one: one.address)
NUMBER: Column[Line] = Column("number", lazy("Number"), lambda one: one.position, is_shown=False)
HASH: Column[Line] = Column("hash", lazy("Hash"), lambda one: one.hash, is_shown=False)


def _list(
    key: str, endpoint: str, title: str, columns: Sequence[Column[Line]],
    filters: Sequence[Words | Choice | Day], prepare: Callable[[Sequence[ActRow]], list[Line]],
    **rest: Any,
) -> List[Line]:  # fmt: skip
    return List(
        key=key, title=title, endpoint=endpoint, columns=columns, filters=filters,
        id=Entry.position, order=(Entry.position.desc(),), prepare=prepare, **rest,
    )  # fmt: skip


AUDIT = _list(
    "audit", "admin.audit", lazy("Audit log"),
    (AT, DOERS, WHAT, WHOM, CHANGED, CITY, replace(WHERE, is_shown=False), NUMBER, HASH),
    (
        WHO, ACTION,
        Words("city", lazy("City"), lambda text: contains(text, City.name)),
        Choice("kind", lazy("Kind of subject"), acts.KINDS,
               lambda value: Entry.subject_kind == value),
        Words("subject", lazy("Subject"), lambda text: or_(
            contains(text, SUBJECT.name, SUBJECT.email, Topic.name_en, Topic.name_id),
            Entry.action.not_in(telling.WRITING) & contains(text, Practice.slug, Entry.details),
        )),
        SINCE, UNTIL,
    ),
    telling.for_secretariat,
)  # fmt: skip


def _is_known_doer(text: str) -> ColumnElement[bool]:
    """Find nobody of a secretariat by name: a city is not told who of it acted."""
    is_inside = and_(DOER.is_secretariat.is_(False), ChapterPerson.id.is_(None))
    return and_(is_inside, contains(text, DOER.name, DOER.email))


OF_CITY = _list(
    "city-actions", "own_audit.city_actions", lazy("What was done in the city"),
    (AT, replace(DOERS, sort=None), WHAT, WHOM, CHANGED),
    (replace(WHO, where=_is_known_doer), ACTION, SINCE, UNTIL),
    telling.for_city, is_kept=False,
)  # fmt: skip
OWN = _list(
    "own-actions", "own_audit.own_actions", lazy("What you did"),
    (AT, WHAT, WHOM, CHANGED, WHERE),
    (ACTION, SINCE, UNTIL),
    telling.for_oneself, is_kept=False,
)  # fmt: skip
