"""Commands on what people asked: report what is missing, answer or dismiss it, hide a query."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from sqlalchemy import select

from citynet.asked import policy, queries
from citynet.asked.folding import fold
from citynet.asked.models import (
    LONGEST_QUERY,
    LONGEST_REASON,
    LONGEST_WORDS,
    MissingReport,
    PastQuery,
    State,
)  # fmt: skip
from citynet.asked.noting import note
from citynet.cities.models import Actor
from citynet.kit import audit, clock, db
from citynet.kit.errors import Conflict, Invalid, NotFound, require
from citynet.kit.html import drop_invisible, line, said
from citynet.kit.i18n import _, current_language

__all__ = ["answer", "dismiss", "hide", "note", "report", "show"]
SLUG = re.compile("[a-z0-9-]{1,120}")


@db.transaction
def report(actor: Actor, query: str, words: str = "") -> MissingReport:
    """Write down that somebody found nothing; anybody may, and a person who repeats it once.

    Raises:
        Invalid: nothing was searched, or too much is told.
    """
    query, words = line(query), drop_invisible(words.replace("\r\n", "\n")).strip()
    problems = {}
    if len(query) > LONGEST_QUERY or not fold(query):
        problems["q"] = _("Write what you looked for, up to 200 characters.")
    if len(words) > LONGEST_WORDS:
        problems["words"] = _("Write at most 1,000 characters.")
    if problems:
        raise Invalid(problems)
    found = _open_of(actor, fold(query))
    if found is None:
        found = MissingReport(
            query=query, folded=fold(query), language=current_language(),
            person_id=actor.person_id, city_id=actor.city_id,
        )  # fmt: skip
        db.session().add(found)
    found.words = words or found.words or ""
    db.session().flush()
    return found


@db.transaction
def answer(actor: Actor, report_id: int, address: str) -> int:
    """Name the practice that answers a report and the open ones like it; return how many.

    Raises:
        Invalid: no practice that the actor reads has this address.
        Conflict: somebody has decided already.
        NotFound: there is none, or it is another secretariat's.
    """
    require(policy.can_answer(actor))
    decided = _undecided(actor, report_id)
    slug = urlsplit(address.strip()[:500]).path.rstrip("/").rpartition("/")[2]
    found = queries.named(actor, slug) if SLUG.fullmatch(slug) else None
    if found is None:
        raise Invalid({"practice": _("Paste the address of a published practice.")})
    for one in decided:
        _decide(actor, one, State.ANSWERED)
        one.practice_id = found.practice_id
    _record(actor, "missing.answered", report_id, len(decided), {"practice": slug})
    return len(decided)


@db.transaction
def dismiss(actor: Actor, report_id: int, reason: str) -> int:
    """Set a report and the open ones like it aside, with a reason; return how many.

    Raises:
        Invalid: no reason.
        Conflict: somebody has decided already.
        NotFound: there is none, or it is another secretariat's.
    """
    require(policy.can_answer(actor))
    decided = _undecided(actor, report_id)
    reason = said(
        reason, field="reason", most=LONGEST_REASON,
        sentence=_("Write the reason, up to 1,000 characters."),
    )  # fmt: skip
    for one in decided:
        _decide(actor, one, State.DISMISSED)
        one.reason = reason
    _record(actor, "missing.dismissed", report_id, len(decided), {"reason": reason})
    return len(decided)


@db.transaction
def hide(actor: Actor, query_id: int) -> PastQuery:
    """Show a past query to nobody any more.

    Raises:
        Conflict: it is hidden already.
        NotFound: there is none.
    """
    require(policy.can_hide(actor))
    found = _shared(query_id)
    if found.hidden_at is not None:
        raise Conflict(_("This search is hidden already."))
    for row in _same(found):
        row.hidden_at, row.hidden_by_id = clock.now(), actor.person_id
    audit.record(actor.person_id, "query.hidden", subject=("query", found.id),
                 details={"text": found.text})  # fmt: skip
    return found


@db.transaction
def show(actor: Actor, query_id: int) -> PastQuery:
    """Show a hidden query again.

    Raises:
        Conflict: it is not hidden.
        NotFound: there is none.
    """
    require(policy.can_hide(actor))
    found = _shared(query_id)
    if found.hidden_at is None:
        raise Conflict(_("This search is not hidden."))
    for row in _same(found):
        row.hidden_at = row.hidden_by_id = None
    audit.record(actor.person_id, "query.shown", subject=("query", found.id),
                 details={"text": found.text})  # fmt: skip
    return found


def _open_of(actor: Actor, folded: str) -> MissingReport | None:
    """Return the person's own open report of the same; of visitors nobody knows which is whose."""
    if not actor.is_signed_in:
        return None
    wanted = select(MissingReport).where(
        MissingReport.person_id == actor.person_id, MissingReport.folded == folded,
        MissingReport.state == State.OPEN,
    )  # fmt: skip
    return db.session().scalar(wanted.limit(1))


def _undecided(actor: Actor, report_id: int) -> list[MissingReport]:
    """Return the open reports of the same query, that one among them."""
    found = queries.get_missing(actor, report_id)
    waiting = [one for one in queries.alike(actor, found) if one.state == State.OPEN]
    if found not in waiting:
        raise Conflict(_("Somebody decided before you. See below what happened."))
    return waiting


def _decide(actor: Actor, one: MissingReport, state: State) -> None:
    one.state, one.decided_at, one.decided_by_id = state, clock.now(), actor.person_id


def _record(
    actor: Actor, action: str, report_id: int, count: int, after: dict[str, object]
) -> None:
    """Write it down without the query: those are the words of whoever reported it."""
    audit.record(actor.person_id, action, subject=("missing", report_id),
                 details={"reports": count}, after=after)  # fmt: skip


def _shared(query_id: int) -> PastQuery:
    found = db.session().scalar(queries.shared_queries().where(PastQuery.id == query_id))
    if found is None:
        raise NotFound
    return found


def _same(found: PastQuery) -> list[PastQuery]:
    """Return the text's rows of every language and audience."""
    return list(db.session().scalars(select(PastQuery).where(PastQuery.text == found.text)))
