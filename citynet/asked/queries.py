"""Reads of past queries and of what is missing."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from sqlalchemy import Select, and_, bindparam, func, or_, select
from sqlalchemy.orm import contains_eager, joinedload

from citynet.asked import policy
from citynet.asked.folding import fold
from citynet.asked.models import MissingReport, PastQuery, State
from citynet.asked.noting import FEWEST_ASKERS
from citynet.cities.models import Actor, City
from citynet.kit import db
from citynet.practices import policy as practices
from citynet.practices.models import Practice, Revision

# How many reports tell the same, among those that are read: the most wanted stands on top.
TIMES = func.count().over(partition_by=MissingReport.folded)

_HIDDEN = select(PastQuery.text).where(PastQuery.hidden_at.is_not(None))
# Made once: it is asked at each letter somebody types, and making it took longer than asking.
_PAST = (
    select(PastQuery.text)
    .where(
        PastQuery.different >= FEWEST_ASKERS,
        PastQuery.language == bindparam("language"),
        PastQuery.audience.in_(bindparam("audiences", expanding=True)),
        or_(
            PastQuery.text.like(bindparam("start"), escape="\\"),
            PastQuery.text.like(bindparam("inside"), escape="\\"),
        ),
        PastQuery.text != bindparam("text"),
        PastQuery.text.not_in(_HIDDEN),
    )
    .group_by(PastQuery.text)
    .order_by(func.sum(PastQuery.asked).desc(), PastQuery.text)
    .limit(bindparam("most"))
)


def past_queries(
    text: str, *, language: str, audiences: Collection[str], limit: int
) -> Sequence[str]:
    """Return queries with a word that begins as the text does, those asked most first.

    Only what several different people of these audiences asked, and nobody hid.
    """
    folded = fold(text)
    if not folded:
        return []
    start = re.sub(r"([%_\\])", r"\\\1", folded) + "%"
    asked = {"text": folded, "start": start, "inside": f"% {start}", "language": language,
             "audiences": list(audiences), "most": limit}  # fmt: skip
    return db.session().scalars(_PAST, asked).all()


def shared_queries() -> Select[PastQuery]:
    """Return the query of the texts that are shown to others or were hidden.

    What fewer people asked is nobody's to read.
    """
    is_shared = or_(PastQuery.different >= FEWEST_ASKERS, PastQuery.hidden_at.is_not(None))
    return select(PastQuery).where(is_shared)


def missing_reports(actor: Actor) -> Select[MissingReport, int]:
    """Return the query of the reports the actor decides on, each with how many tell the same."""
    return (
        select(MissingReport, TIMES)
        .outerjoin(MissingReport.city)
        .outerjoin(MissingReport.person)
        .outerjoin(MissingReport.practice)
        .options(
            contains_eager(MissingReport.city),
            contains_eager(MissingReport.person),
            contains_eager(MissingReport.practice),
        )
        .where(policy.answered_by(actor))
    )


def get_missing(actor: Actor, report_id: int) -> MissingReport:
    """Return a report the actor decides on.

    Raises:
        NotFound: there is none, or it is another secretariat's.
    """
    return db.the_one(_decided_by(actor).where(MissingReport.id == report_id))


def alike(actor: Actor, report: MissingReport) -> Sequence[MissingReport]:
    """Return the reports of the same query the actor decides on, the open ones first."""
    wanted = _decided_by(actor).where(MissingReport.folded == report.folded)
    is_open = MissingReport.state == State.OPEN
    return db.session().scalars(wanted.order_by(is_open.desc(), MissingReport.id.desc())).all()


def answer_to(actor: Actor, text: str) -> Revision | None:
    """Return the practice that the secretariat named when somebody missed the same before."""
    is_named = and_(
        MissingReport.practice_id == Revision.practice_id,
        MissingReport.state == State.ANSWERED,
        MissingReport.folded == fold(text),
    )
    wanted = (
        select(Revision)
        .join(MissingReport, is_named)
        .options(joinedload(Revision.practice))
        .where(practices.visible_to(actor))
        .order_by(MissingReport.decided_at.desc())
        .limit(1)
    )
    return db.session().scalar(wanted)


def named(actor: Actor, slug: str) -> Revision | None:
    """Return the published practice of an address, if the actor reads it."""
    wanted = (
        select(Revision)
        .join(Revision.practice)
        .where(Practice.slug == slug, practices.visible_to(actor))
    )
    return db.session().scalar(wanted)


def _decided_by(actor: Actor) -> Select[MissingReport]:
    return (
        select(MissingReport)
        .outerjoin(City, City.id == MissingReport.city_id)
        .options(
            contains_eager(MissingReport.city),
            joinedload(MissingReport.person),
            joinedload(MissingReport.practice),
        )
        .where(policy.answered_by(actor))
    )
