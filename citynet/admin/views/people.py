"""Doors to people: the list with its exports, one person with what can be done, requests."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from flask import flash, g, redirect, render_template, request, url_for
from sqlalchemy import ColumnElement, or_

from citynet.accounts.models import Person
from citynet.admin import lists, person_pages, person_steps
from citynet.admin.choices import NO_CHAPTER, chapters
from citynet.admin.lists import Action, Choice, Column, Day, List, Words, contains
from citynet.admin.person_steps import Step
from citynet.admin.views import Answer, bp
from citynet.cities.models import City
from citynet.cities.queries import people as person_queries
from citynet.cities.queries import team
from citynet.cities.queries.people import Case, PersonRow
from citynet.cities.service import officials, requests
from citynet.cities.service import people as people_service
from citynet.kit.doors import policy
from citynet.kit.errors import Conflict, Invalid, NotFound
from citynet.kit.i18n import _, lazy, ngettext
from citynet.kit.page import number_from

SEATS: Mapping[str, str] = {
    "lead": lazy("Lead"),
    "official": lazy("Official"),
    "secretariat": lazy("Secretariat"),
    "chapter": lazy("Secretariat of a chapter"),
    "none": lazy("Acts for nobody"),
}
STATES: Mapping[str, str] = {"active": lazy("Active"), "deactivated": lazy("Deactivated")}
FACTORS: Mapping[str, str] = {"yes": lazy("Set up"), "no": lazy("Not set up")}


def seat_of(row: PersonRow) -> str:
    """Return what a person is, as the word that the list filters by."""
    person, official, _city, chapter_name, *_rest = row
    if person.is_secretariat:
        return "secretariat"
    if chapter_name:
        return "chapter"
    return str(official.role) if official else "none"


def _chapters() -> Mapping[str, str]:
    return chapters(lambda one: str(one.id))


def _in_chapter(value: str) -> ColumnElement[bool]:
    if value == NO_CHAPTER:
        return City.id.is_not(None) & City.chapter_id.is_(None)
    chapter_id = int(value)
    return or_(City.chapter_id == chapter_id, person_queries.OWN_CHAPTER.id == chapter_id)


def _is_active(value: str) -> ColumnElement[bool]:
    is_closed = Person.deactivated_at.is_not(None)
    return is_closed if value == "deactivated" else ~is_closed


def _has_factor(value: str) -> ColumnElement[bool]:
    has = person_queries.has_second_factor()
    return has if value == "yes" else ~has


def _not_seen_since(day: datetime) -> ColumnElement[bool]:
    seen = person_queries.last_seen()
    return or_(seen.is_(None), seen < day)


PEOPLE: List[PersonRow] = List(
    key="people", title=lazy("People"), endpoint="admin.people", id=Person.id,
    columns=(
        Column("name", lazy("Name"), lambda one: one[0].name, sort=Person.name),
        Column("email", lazy("Email address"), lambda one: one[0].email, sort=Person.email,
               is_shown=False),
        Column("city", lazy("City"), lambda one: one[2].full_name if one[2] else None,
               sort=City.name),
        Column("code", lazy("Code"), lambda one: one[2].code if one[2] else None, is_shown=False),
        Column("seat", lazy("Role"), seat_of, sort=person_queries.seat()),
        Column("chapter", lazy("Secretariat of"), lambda one: one[3], is_shown=False),
        Column("seen", lazy("Last sign-in"), lambda one: one[4], sort=person_queries.last_seen()),
        Column("factor", lazy("Second factor"), lambda one: "yes" if one[5] else "no",
               sort=person_queries.has_second_factor()),
        Column("state", lazy("State"),
               lambda one: "active" if one[0].is_active else "deactivated",
               sort=Person.deactivated_at),
        Column("language", lazy("Language"), lambda one: one[0].language, is_shown=False),
    ),
    filters=(
        Words("q", lazy("Name or address"), lambda text: contains(text, Person.name, Person.email)),
        Words("city", lazy("City"), lambda text: contains(text, City.name)),
        Choice("seat", lazy("Role"), SEATS, lambda one: person_queries.seat() == one),
        Choice("chapter", lazy("Chapter"), _chapters, _in_chapter),
        Choice("factor", lazy("Second factor"), FACTORS, _has_factor),
        Choice("state", lazy("State"), STATES, _is_active),
        Day("unseen", lazy("Not signed in since"), _not_seen_since),
    ),
    order=(Person.name,),
    actions=(Action("admin.bulk_people", lazy("Change the chosen")),),
)  # fmt: skip


@bp.get("/people")
@policy("can_use_desk")
def people() -> Answer:
    """Show the people one looks after; or export what is filtered."""
    return lists.answer(
        PEOPLE, person_queries.desk_people(g.actor), "admin/people/list.html", seats=SEATS,
        seat_of=seat_of, waiting=team.requests_to(g.actor, size=1).total,
    )  # fmt: skip


@bp.get("/people/<int:person_id>")
@policy("can_administer")
def person(person_id: int) -> Answer:
    """Show everything of one person, and the steps that are possible."""
    case = person_queries.get_person(g.actor, person_id)
    return render_template(
        "admin/people/show.html", case=case, steps=person_steps.steps_of(g.actor, case),
        lines=person_pages.history(g.actor, person_id), seats=SEATS,
    )  # fmt: skip


@bp.post("/people/<int:person_id>/end-sessions")
@policy("can_administer")
def end_sessions(person_id: int) -> Answer:
    """End every session of a person."""
    case = person_queries.get_person(g.actor, person_id)
    ended = people_service.end_sessions(g.actor, case.person)
    flash(ngettext("%(num)s session is ended.", "%(num)s sessions are ended.", ended), "success")
    return redirect(url_for("admin.person", person_id=person_id))


@bp.get("/people/<int:person_id>/<step>")
@policy("can_administer")
def person_step(person_id: int, step: str) -> Answer:
    """Ask once more, and for what the step needs."""
    case, found = _case_and_step(person_id, step)
    return _step_page(case, step, found, {})


@bp.post("/people/<int:person_id>/<step>")
@policy("can_administer")
def do_person_step(person_id: int, step: str) -> Answer:
    """Take the step."""
    case, found = _case_and_step(person_id, step)
    try:
        found.do(g.actor, case, request.form)
    except Invalid as error:
        return _step_page(*_again(person_id, step), error.fields), 422
    except Conflict as error:
        return _step_page(*_again(person_id, step), {"": str(error)}), 409
    flash(found.words(found.done, case), "success")
    if step == "erase":
        return redirect(url_for("admin.people"))
    return redirect(url_for("admin.person", person_id=person_id))


@bp.get("/requests")
@policy("can_use_desk")
def join_requests() -> Answer:
    """Show who asks to join the cities one looks after."""
    page = team.requests_to(g.actor, number_from(request.args.get("page")))
    return render_template("admin/people/requests.html", page=page)


@bp.post("/requests/<int:request_id>/accept")
@policy("can_manage_officials")
def accept_request(request_id: int) -> Answer:
    """Let in who asked to join."""
    found = requests.let_in(g.actor, request_id)
    flash(_("%(name)s is let in, and gets a mail.", name=found.name), "success")
    return redirect(url_for("admin.join_requests"))


@bp.get("/requests/<int:request_id>/decline")
@policy("can_manage_officials")
def decline_request(request_id: int) -> Answer:
    """Ask for the reason, which is mailed."""
    return _decline_page(request_id, {}, "")


@bp.post("/requests/<int:request_id>/decline")
@policy("can_manage_officials")
def do_decline_request(request_id: int) -> Answer:
    """Decline a request."""
    reason = request.form.get("reason", "")
    try:
        found = requests.decline(g.actor, request_id, reason=reason)
    except Invalid as error:
        return _decline_page(request_id, error.fields, reason), 422
    flash(_("%(name)s is told that it is not possible.", name=found.name), "success")
    return redirect(url_for("admin.join_requests"))


def _case_and_step(person_id: int, step: str) -> tuple[Case, Step]:
    """Return a person with a step that is possible.

    Raises:
        NotFound: not the actor's person, or no such step.
        Forbidden: a step that is the network's own secretariat's.
        Conflict: not possible any more, or never for this person.
    """
    if step not in person_steps.STEPS:
        raise NotFound
    case = person_queries.get_person(g.actor, person_id)
    person_steps.require_right(g.actor, step)
    found = person_steps.steps_of(g.actor, case).get(step)
    if found is None:
        raise Conflict(_("This step is not possible from where the person stands now."))
    return case, found


def _again(person_id: int, step: str) -> tuple[Case, str, Step]:
    return person_queries.get_person(g.actor, person_id), step, person_steps.STEPS[step]


def _step_page(case: Case, key: str, step: Step, errors: dict[str, str]) -> str:
    heirs = officials.heirs(case.official) if case.official and case.is_lead else []
    return render_template(
        "admin/people/step.html", case=case, key=key, step=step, heirs=heirs, errors=errors,
        form=request.form,
    )  # fmt: skip


def _decline_page(request_id: int, errors: dict[str, str], reason: str) -> str:
    found = team.request_of(g.actor, request_id)
    if found.state != "waiting":
        raise NotFound
    return render_template("admin/people/decline.html", asked=found, errors=errors, reason=reason)
