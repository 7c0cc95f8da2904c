"""Doors to acts on many people or memberships: choose, see what would change, begin."""

from __future__ import annotations

from collections.abc import Mapping

from flask import g, redirect, render_template, request, url_for

from citynet.admin import fields, lists, person_pages, person_steps
from citynet.admin.views import Answer, bp
from citynet.admin.views.memberships import MEMBERSHIPS
from citynet.admin.views.people import PEOPLE
from citynet.cities import policy as city_policy
from citynet.cities import queries as cities
from citynet.cities.models import Category, Chapter
from citynet.cities.queries import people as person_queries
from citynet.cities.service import (
    bulk,
    bulk_invitations,
    importing_members,
    importing_people,
    inviting,
    previews,
)  # fmt: skip
from citynet.cities.service.bulk import Act, Order
from citynet.kit import sheets
from citynet.kit.doors import policy
from citynet.kit.errors import Invalid
from citynet.kit.i18n import _, lazy
from citynet.kit.sheets import Cell
from citynet.practices import queries as practices

ACTS_ON_PEOPLE: Mapping[str, str] = {
    Act.AGAIN: lazy("Invite again those who never signed in"),
    Act.MOVE: lazy("Move to another city"),
    Act.DEACTIVATE: lazy("Deactivate"),
}
ACTS_ON_MEMBERSHIPS: Mapping[str, str] = {
    Act.RENEW: lazy("Renew the term until a day"),
    Act.CATEGORY: lazy("Change the category"),
    Act.CHAPTER: lazy("Put into a chapter, or take out"),
}
# What the desk previews; a person's other ones have pages of their own.
KINDS = (
    bulk.PEOPLE, bulk.MEMBERSHIPS, bulk_invitations.AGAIN, importing_members.IMPORT,
    importing_people.ENROL, inviting.INVITE,
)  # fmt: skip


@bp.post("/people/bulk")
@policy("can_use_desk")
def bulk_people() -> Answer:
    """Ask what to do with the chosen people."""
    chosen = lists.chosen(PEOPLE, person_queries.desk_people(g.actor), request.form)
    return _choose("admin.bulk_people_preview", "admin.people", ACTS_ON_PEOPLE, chosen)


@bp.post("/people/bulk/preview")
@policy("can_use_desk")
def bulk_people_preview() -> Answer:
    """Show what would become of each of the chosen people."""
    chosen = lists.chosen(PEOPLE, person_queries.desk_people(g.actor), request.form)
    try:
        kept = bulk.preview_people(g.actor, chosen, _order(ACTS_ON_PEOPLE))
    except Invalid as error:
        page = _choose(
            "admin.bulk_people_preview", "admin.people", ACTS_ON_PEOPLE, chosen, error.fields
        )
        return page, 422
    return redirect(url_for("admin.preview", preview_id=kept.id))


@bp.post("/memberships/bulk")
@policy("can_use_desk")
def bulk_memberships() -> Answer:
    """Ask what to do with the chosen memberships."""
    return _choose(
        "admin.bulk_memberships_preview", "admin.memberships", _acts_on_memberships(),
        _chosen_memberships(),
    )  # fmt: skip


@bp.post("/memberships/bulk/preview")
@policy("can_use_desk")
def bulk_memberships_preview() -> Answer:
    """Show what would become of each of the chosen memberships."""
    chosen = _chosen_memberships()
    try:
        kept = bulk.preview_memberships(g.actor, chosen, _order(_acts_on_memberships()))
    except Invalid as error:
        page = _choose(
            "admin.bulk_memberships_preview", "admin.memberships", _acts_on_memberships(), chosen,
            error.fields,
        )  # fmt: skip
        return page, 422
    return redirect(url_for("admin.preview", preview_id=kept.id))


@bp.get("/previews/<int:preview_id>")
@policy("can_use_desk")
def preview(preview_id: int) -> Answer:
    """Show what one's list of changes would do, line by line; or export it."""
    shown = previews.shown(g.actor, preview_id, KINDS)
    form = request.args.get("form", "")
    if form not in sheets.MEDIA_TYPES:
        return person_pages.preview_page(shown)
    words = {True: _("Will be done"), False: _("Left alone")}
    rows: list[list[Cell]] = [
        [one.number, one.name, words[one.is_going], one.note] for one in shown.lines
    ]
    heads = [_("Line"), _("What it is about"), _("Step"), _("What happens")]
    return sheets.answer(heads, rows, name="preview", form=form)


@bp.post("/previews/<int:preview_id>")
@policy("can_use_desk")
def begin_preview(preview_id: int) -> Answer:
    """Begin what was shown."""
    job = previews.begin(g.actor, preview_id, KINDS)
    return redirect(url_for("jobs.show", job_id=job.id))


def _acts_on_memberships() -> Mapping[str, str]:
    """Return what the actor may do: chapters are the network's to change."""
    acts = ACTS_ON_MEMBERSHIPS
    is_all = city_policy.can_manage_network(g.actor)
    return {act: words for act, words in acts.items() if is_all or act != Act.CHAPTER}


def _chosen_memberships() -> list[int]:
    base = cities.desk_rows(g.actor, practices.published_in_city())
    return lists.chosen(MEMBERSHIPS, base, request.form)


def _order(acts: Mapping[str, str]) -> Order:
    """Read what is to be done.

    Raises:
        Invalid: by the form's field.
    """
    form = request.form
    if form.get("act") not in acts:
        raise Invalid({"act": _("Choose what to do.")})
    act = Act(form["act"])
    return Order(
        act=act, reason=form.get("reason", ""),
        city=person_steps.city_meant(form.get("city", "")) if act == Act.MOVE else None,
        chapter=_chapter(form.get("chapter", "")) if act == Act.CHAPTER else None,
        category=Category(form["category"])
        if form.get("category") in list(Category) else Category.FULL,
        until=fields.day(form, "until"),
    )  # fmt: skip


def _chapter(slug: str) -> Chapter | None:
    return cities.get_chapter(slug) if slug else None


def _choose(
    target: str, back: str, acts: Mapping[str, str], chosen: list[int],
    errors: dict[str, str] | None = None,
) -> str:  # fmt: skip
    """Return the page of the first step; without a row it tells how to choose some."""
    return render_template(
        "admin/bulk/choose.html", target=target, back=back, acts=acts, number=len(chosen),
        errors=errors or {}, form=request.form, chapters=cities.chapters(),
        categories=list(Category),
    )  # fmt: skip
