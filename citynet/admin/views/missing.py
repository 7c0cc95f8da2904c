"""What people did not find: the reports, the most wanted first, and how each is settled."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from flask import flash, g, render_template, request, url_for
from werkzeug.utils import redirect

from citynet.admin import lists
from citynet.admin.choices import LANGUAGES
from citynet.admin.lists import Choice, Column, Day, List, Words, contains
from citynet.admin.views import Answer, bp
from citynet.asked import policy as asked_policy
from citynet.asked import queries, service
from citynet.asked.models import MissingReport, State
from citynet.kit.doors import policy
from citynet.kit.errors import Conflict, Invalid, require
from citynet.kit.http import external_url
from citynet.kit.i18n import _, language_name, lazy, ngettext

STATES: Mapping[str, str] = {
    State.OPEN.value: lazy("Waiting"),
    State.ANSWERED.value: lazy("Practice named"),
    State.DISMISSED.value: lazy("Dismissed"),
}
Row = tuple[MissingReport, int]


def _address(row: Row) -> str | None:
    found = row[0].practice
    return external_url("practices.show", slug=found.slug) if found else None


MISSING: List[Row] = List(
    key="missing", title=lazy("Missing practices"), endpoint="admin.missing", id=MissingReport.id,
    columns=(
        Column("query", lazy("Searched for"), lambda one: one[0].query, sort=MissingReport.folded),
        Column("times", lazy("Reports alike"), lambda one: one[1], sort=queries.TIMES,
               is_number=True),
        Column("words", lazy("What it is needed for"), lambda one: one[0].words),
        Column("by", lazy("Reported by"),
               lambda one: one[0].person.name if one[0].person else None),
        Column("city", lazy("City"), lambda one: one[0].city.full_name if one[0].city else None,
               is_shown=False),
        Column("language", lazy("Language"), lambda one: language_name(one[0].language),
               is_shown=False),
        Column("reported", lazy("Reported on"), lambda one: one[0].reported_at,
               sort=MissingReport.reported_at),
        Column("state", lazy("State"), lambda one: str(STATES[one[0].state]),
               sort=MissingReport.state),
        Column("practice", lazy("Answered with"), _address, is_shown=False),
        Column("reason", lazy("Dismissed because"), lambda one: one[0].reason or None,
               is_shown=False),
    ),
    filters=(
        Words("q", lazy("Words"),
              lambda text: contains(text, MissingReport.query, MissingReport.words)),
        Choice("state", lazy("State"), STATES, lambda value: MissingReport.state == value),
        Choice("language", lazy("Language"), LANGUAGES,
               lambda value: MissingReport.language == value),
        Day("since", lazy("Reported since"), lambda day: MissingReport.reported_at >= day),
    ),
    # What waits first; of that, what most people asked for.
    order=(MissingReport.decided_at.is_not(None), queries.TIMES.desc(), MissingReport.folded,
           MissingReport.reported_at.desc()),
)  # fmt: skip


@bp.get("/missing")
@policy("can_answer")
def missing() -> Answer:
    """Show what people did not find, or export it."""
    require(asked_policy.can_answer(g.actor))
    base = queries.missing_reports(g.actor)
    return lists.answer(MISSING, base, "admin/missing.html", states=STATES)


@bp.get("/missing/<int:report_id>")
@policy("can_answer")
def missing_report(report_id: int) -> Answer:
    """Show a report with those that are alike, and what can be done."""
    require(asked_policy.can_answer(g.actor))
    return _page(report_id)


@bp.post("/missing/<int:report_id>/answer")
@policy("can_answer")
def answer_missing(report_id: int) -> Answer:
    """Name the practice that answers it."""
    address = request.form.get("practice", "")
    return _decide(report_id, lambda: service.answer(g.actor, report_id, address))


@bp.post("/missing/<int:report_id>/dismiss")
@policy("can_answer")
def dismiss_missing(report_id: int) -> Answer:
    """Set it aside with a reason."""
    reason = request.form.get("reason", "")
    return _decide(report_id, lambda: service.dismiss(g.actor, report_id, reason))


def _decide(report_id: int, command: Callable[[], int]) -> Answer:
    """Take the step; what cannot be taken is shown with what was typed."""
    require(asked_policy.can_answer(g.actor))
    try:
        count = command()
    except Invalid as error:
        return _page(report_id, error.fields), 422
    except Conflict as error:
        flash(str(error), "warning")
        return _page(report_id), 409
    flash(ngettext("%(num)s report is settled.", "%(num)s reports are settled.", count), "success")
    return redirect(url_for("admin.missing"))


def _page(report_id: int, errors: Mapping[str, str] | None = None) -> str:
    report = queries.get_missing(g.actor, report_id)
    return render_template(
        "admin/missing_report.html", report=report, alike=queries.alike(g.actor, report),
        states=STATES, errors=errors or {}, typed=request.form,
        heading=_("Missing: %(query)s", query=report.query),
    )  # fmt: skip
