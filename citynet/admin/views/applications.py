"""Doors to applications: the queue, one case, its papers."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Response, g, url_for
from sqlalchemy import ColumnElement
from werkzeug.utils import redirect

from citynet.admin import application_pages as pages
from citynet.admin import lists
from citynet.admin.choices import NO_CHAPTER, chapters, countries
from citynet.admin.lists import Choice, Column, Day, List, Words
from citynet.admin.views import Answer, bp
from citynet.cities.models import Application, AppState
from citynet.cities.queries import cases
from citynet.cities.queries.applications import OPEN
from citynet.kit import uploads
from citynet.kit.doors import policy
from citynet.kit.i18n import lazy

UNDECIDED = "open"
STATES: Mapping[str, str] = {
    UNDECIDED: lazy("Not decided yet"),
    AppState.WAITING: lazy("Waiting for the secretariat"),
    AppState.ASKED: lazy("More is asked"),
    AppState.ADMITTED: lazy("Admitted"),
    AppState.DECLINED: lazy("Declined"),
    AppState.WITHDRAWN: lazy("Withdrawn"),
}
# An application, and how many others joined it.
ApplicationRow = tuple[Application, int]


def _is_in(state: str) -> ColumnElement[bool]:
    return Application.state.in_(OPEN) if state == UNDECIDED else Application.state == state


def _countries() -> Mapping[str, str]:
    return countries(cases.countries_of(g.actor))


def _in_chapter(slug: str) -> ColumnElement[bool]:
    return cases.of_no_chapter() if slug == NO_CHAPTER else cases.of_chapter(slug)


def _chapter_name(one: Application) -> str:
    return one.city.chapter.name if one.city is not None and one.city.chapter is not None else ""


APPLICATIONS: List[ApplicationRow] = List(
    key="applications", title=lazy("Applications"), endpoint="admin.applications",
    id=Application.id,
    columns=(
        Column("city", lazy("City"), lambda one: one[0].full_name, sort=Application.name),
        Column("country", lazy("Country"), lambda one: one[0].country, sort=Application.country,
               is_shown=False),
        Column("province", lazy("Province"), lambda one: one[0].province, is_shown=False),
        Column("received", lazy("Received"), lambda one: one[0].confirmed_at,
               sort=Application.confirmed_at),
        Column("state", lazy("State"), lambda one: str(STATES[one[0].state]),
               sort=Application.state),
        Column("contact", lazy("Contact person"), lambda one: one[0].contact_name,
               sort=Application.contact_name),
        Column("email", lazy("Email address"), lambda one: one[0].email, is_shown=False),
        Column("office", lazy("Office or position"), lambda one: one[0].office, is_shown=False),
        Column("chapter", lazy("Chapter"), lambda one: _chapter_name(one[0])),
        Column("population", lazy("Population"), lambda one: one[0].population, is_shown=False),
        Column("area", lazy("Area in km²"), lambda one: one[0].area_km2, is_shown=False),
        Column("joined", lazy("Joined"), lambda one: one[1], is_number=True, is_shown=False),
        Column("decided", lazy("Decided"), lambda one: one[0].decided_at,
               sort=Application.decided_at),
    ),
    filters=(
        Words("q", lazy("City, person or address"), cases.mentions),
        Choice("state", lazy("State"), STATES, _is_in),
        Choice("country", lazy("Country"), _countries, lambda one: Application.country == one),
        Choice("chapter", lazy("Chapter"), chapters, _in_chapter),
        Day("since", lazy("Received since"), lambda day: Application.confirmed_at >= day),
    ),
    # What waits first, and of that the oldest.
    order=(Application.state.in_(OPEN).desc(), Application.confirmed_at),
)  # fmt: skip


@bp.get("/applications")
@policy("can_use_desk")
def applications() -> Answer:
    """Show the queue, oldest first; or export what is filtered."""
    return lists.answer(APPLICATIONS, cases.applications(g.actor), "admin/applications.html")


@bp.get("/applications/<int:application_id>")
@policy("decides_on")
def application(application_id: int) -> Answer:
    """Show one case; an application that joined another leads to that one."""
    found = cases.get_application(g.actor, application_id)
    if found.first_id is not None:
        return redirect(url_for("admin.application", application_id=found.first_id))
    return pages.case(found)


@bp.get("/applications/<int:application_id>/files/<int:file_id>")
@policy("decides_on")
def application_file(application_id: int, file_id: int) -> Response:
    """Give out a paper of an application."""
    found = cases.desk_file(g.actor, application_id, file_id)
    return uploads.answer(found.stored, found.name, found.media_type)
