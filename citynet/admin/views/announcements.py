"""Announcements: the list, writing with a preview, publishing, withdrawing."""

from __future__ import annotations

from datetime import timedelta

from flask import flash, g, render_template, request, url_for
from werkzeug.utils import redirect

from citynet.admin import lists
from citynet.admin.announcement_forms import AnnouncementForm
from citynet.admin.lists import Choice, Column, Day, List, Words
from citynet.admin.views import Answer, bp
from citynet.announcements import policy as announcement_policy
from citynet.announcements import queries, service
from citynet.announcements.models import Announcement, Audience, State
from citynet.kit import clock
from citynet.kit.doors import policy
from citynet.kit.errors import Conflict, Invalid, require
from citynet.kit.http import number_in
from citynet.kit.i18n import _, lazy

USUAL = timedelta(days=14)
AUDIENCES = {
    Audience.EVERYBODY.value: lazy("Everybody"),
    Audience.MEMBERS.value: lazy("Officials of member cities"),
}
STATES = {
    State.DRAFT.value: lazy("Draft"),
    State.PLANNED.value: lazy("Planned"),
    State.SHOWN.value: lazy("On the home page"),
    State.PAST.value: lazy("Past"),
    State.WITHDRAWN.value: lazy("Withdrawn"),
}
ANNOUNCEMENTS: List[Announcement] = List(
    key="announcements",
    title=lazy("Announcements"),
    endpoint="admin.announcements",
    id=Announcement.id,
    columns=(
        Column("title", lazy("Title"), lambda one: one.title, sort=Announcement.title_en),
        Column("state", lazy("State"), lambda one: str(STATES[one.state])),
        Column("audience", lazy("Who reads it"), lambda one: str(AUDIENCES[one.audience]),
               sort=Announcement.audience),
        Column("begins", lazy("First day"), lambda one: one.begins_on, sort=Announcement.begins_on),
        Column("ends", lazy("Last day"), lambda one: one.ends_on, sort=Announcement.ends_on),
        Column("text", lazy("Text"), lambda one: one.text, is_shown=False),
    ),
    filters=(
        Words("q", lazy("Words"), lambda text: lists.contains(
            text, Announcement.title_en, Announcement.title_id,
            Announcement.text_en, Announcement.text_id,
        )),
        Choice("state", lazy("State"), STATES, lambda value: queries.is_in(State(value))),
        Choice("audience", lazy("Who reads it"), AUDIENCES,
               lambda value: Announcement.audience == value),
        Day("on", lazy("On the day"), lambda day: queries.is_on(day.date())),
    ),
    order=(Announcement.begins_on.desc(),),
)  # fmt: skip


@bp.get("/announcements")
@policy("can_manage_network")
def announcements() -> Answer:
    """Show all announcements, also drafts and past ones."""
    require(announcement_policy.can_announce(g.actor))
    template = "admin/announcements.html"
    return lists.answer(
        ANNOUNCEMENTS, queries.every(), template, states=STATES, audiences=AUDIENCES
    )


@bp.get("/announcements/new")
@policy("can_manage_network")
def new_announcement() -> Answer:
    """Show the empty form; it begins today and ends in two weeks."""
    require(announcement_policy.can_announce(g.actor))
    today = clock.now().date()
    form = AnnouncementForm(begins_on=today, ends_on=today + USUAL)
    return render_template("admin/announcement_edit.html", form=form, announcement=None)


@bp.post("/announcements/new")
@policy("can_manage_network")
def write_announcement() -> Answer:
    """Keep a draft."""
    form = AnnouncementForm()
    try:
        found = service.write(g.actor, _words(form))
    except Invalid as error:
        return _again(form, None, error), 422
    flash(_("The draft is saved. Nobody else sees it until you publish it."), "success")
    return redirect(url_for("admin.announcement", announcement_id=found.id))


@bp.get("/announcements/<int:announcement_id>")
@policy("can_manage_network")
def announcement(announcement_id: int) -> Answer:
    """Show an announcement in both languages, as the home page does, with what can be done."""
    require(announcement_policy.can_announce(g.actor))
    return _page(announcement_id)


@bp.get("/announcements/<int:announcement_id>/edit")
@policy("can_manage_network")
def edit_announcement(announcement_id: int) -> Answer:
    """Show the form with what stands there."""
    require(announcement_policy.can_announce(g.actor))
    found = queries.get_announcement(announcement_id)
    form = AnnouncementForm(obj=found)
    return render_template("admin/announcement_edit.html", form=form, announcement=found)


@bp.post("/announcements/<int:announcement_id>/edit")
@policy("can_manage_network")
def change_announcement(announcement_id: int) -> Answer:
    """Keep the changes; who comes second keeps their words and is told."""
    require(announcement_policy.can_announce(g.actor))
    found, form = queries.get_announcement(announcement_id), AnnouncementForm()
    try:
        service.change(g.actor, found.id, _words(form), version=_version())
    except Invalid as error:
        return _again(form, found, error), 422
    except Conflict as error:
        return _again(form, queries.get_announcement(announcement_id), error), 409
    flash(_("The announcement is saved."), "success")
    return redirect(url_for("admin.announcement", announcement_id=announcement_id))


@bp.post("/announcements/<int:announcement_id>/<any(publish, withdraw, discard):step>")
@policy("can_manage_network")
def decide_announcement(announcement_id: int, step: str) -> Answer:
    """Publish, withdraw or discard it; who comes second is shown what happened."""
    try:
        if step == "publish":
            service.publish(g.actor, announcement_id, version=_version())
        elif step == "withdraw":
            service.withdraw(g.actor, announcement_id)
        else:
            service.discard(g.actor, announcement_id)
    except Conflict as error:
        return _page(announcement_id, str(error)), 409
    flash(_done(step), "success")
    return redirect(url_for("admin.announcements"))


def _done(step: str) -> str:
    return {
        "publish": _("The announcement is published."),
        "withdraw": _("The announcement is withdrawn. It stays in the list."),
        "discard": _("The draft is deleted."),
    }[step]


def _version() -> int:
    return number_in(request.form.get("version"), digits=8) or 0


def _words(form: AnnouncementForm) -> service.Words:
    """Return what was typed.

    Raises:
        Invalid: what is no day, no audience, or too long for its field.
    """
    if not form.validate():
        raise Invalid({name: str(found[0]) for name, found in form.errors.items()})
    return service.Words(
        title_en=form.title_en.data or "", title_id=form.title_id.data or "",
        text_en=form.text_en.data or "", text_id=form.text_id.data or "",
        link=form.link.data or "", audience=Audience(form.audience.data),
        begins_on=form.begins_on.data, ends_on=form.ends_on.data,
    )  # fmt: skip


def _again(form: AnnouncementForm, found: Announcement | None, error: Invalid | Conflict) -> str:
    """Show the form again with what was typed."""
    if isinstance(error, Invalid):
        for name, message in error.fields.items():
            form[name].errors = [message]
    else:
        form.form_errors.append(str(error))
    return render_template("admin/announcement_edit.html", form=form, announcement=found)


def _page(announcement_id: int, error: str = "") -> str:
    found = queries.get_announcement(announcement_id)
    return render_template(
        "admin/announcement.html", announcement=found, error=error, states=STATES,
        audiences=AUDIENCES,
    )  # fmt: skip
