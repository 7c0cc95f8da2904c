"""What the tests of the review share: the newest text, what was recorded, days ahead, mails."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from flask import Flask
from sqlalchemy import select

from citynet.cities import queries as cities
from citynet.cities.models import City
from citynet.kit import clock, db, effects
from citynet.kit.audit import Entry
from citynet.practices import service
from citynet.practices.models import Practice, ReviewComment, Revision
from citynet.search.queries import engine
from tests.network import actor

OUTSIDERS = ("visitor", "rival", "rival lead", "suspended", "nobody's", "pending")


def texts(practice: Practice) -> list[Revision]:
    """Return every text of a practice as the database has it, oldest first."""
    wanted = select(Revision).where(Revision.practice_id == practice.id).order_by(Revision.number)
    return list(db.session().scalars(wanted.execution_options(populate_existing=True)))


def states(practice: Practice) -> list[str]:
    """Return where each text stands, oldest first."""
    return [str(one.state) for one in texts(practice)]


def seen(practice: Practice) -> tuple[int, int]:
    """Return what a page of the newest text shows."""
    newest = texts(practice)[-1]
    return newest.number, newest.version


def acts(practice: Practice) -> list[str]:
    """Return what was recorded of a practice, oldest first."""
    about = (Entry.subject_kind == "practice", Entry.subject_id == practice.id)
    return list(db.session().scalars(select(Entry.action).where(*about).order_by(Entry.position)))


def told(action: str) -> dict[str, Any]:
    """Return what the newest entry of an act tells."""
    wanted = select(Entry.details).where(Entry.action == action).order_by(Entry.position.desc())
    return dict(json.loads(db.session().scalars(wanted).first() or "{}"))


def comment(practice: Practice, field: str = "results", text: str = "How many?") -> ReviewComment:
    """Let the secretariat comment on a field."""
    return service.comment_on(actor("secretariat"), practice, field=field, text=text)


def sidoarjo() -> City:
    """Return the city the practices are of."""
    return cities.get_city("kabupaten-sidoarjo")


def day(ahead: int) -> date:
    """Return a day ahead, in UTC."""
    return clock.now().date() + timedelta(days=ahead)


def until(wanted: date) -> timedelta:
    """Return how far ahead a day begins, and a second more."""
    return datetime.combine(wanted, time(second=1), UTC) - clock.now()


def mails(app: Flask) -> list[Any]:
    """Let the worker send what is due, and return every mail that was sent."""
    effects.run_due()
    return list(getattr(app.extensions["mailman"], "outbox", []))


def is_found(title: str) -> bool:
    """Tell whether search knows a practice once the worker has done its work."""
    effects.run_due()
    return title in [found for _key, found in engine().suggest(title, {"public"}, 5)]
