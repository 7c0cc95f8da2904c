"""Doors of the editor: the overview, a page for each part, and two texts of the same part."""

from __future__ import annotations

from flask import flash, g, jsonify, request, url_for
from flask_login import login_required
from werkzeug.utils import redirect
from werkzeug.wrappers import Response

from citynet.kit import clock
from citynet.kit.doors import policy
from citynet.kit.errors import Conflict, Invalid, NotFound
from citynet.kit.i18n import _
from citynet.practices import content as contents
from citynet.practices import forms, merging, queries, service
from citynet.practices import policy as policies
from citynet.practices.editing import BY_KEY, OF_FIELD, PARTS, Part, next_part
from citynet.practices.models import Revision
from citynet.practices.views import bp
from citynet.practices.views.editor_pages import (
    conflict_page,
    new_page,
    overview_page,
    part_page,
    reviewed_page,
)
from citynet.practices.views.own import ask_to_create, own_text

Answer = str | Response | tuple[str, int]
JsonAnswer = Response | tuple[Response, int]


@bp.get("/practices/new")
@login_required
@policy("can_create")
def new() -> Answer:
    """Ask for the title and the language."""
    ask_to_create()
    return new_page(forms.NewForm(None, data={"language": g.actor.person.language or "en"}))


@bp.post("/practices/new")
@login_required
@policy("can_create")
def new_post() -> Answer:
    """Keep the first draft and go on to its first part."""
    ask_to_create()
    form = forms.NewForm()
    told = {"title": form.title.data or "", "language": form.language.data or "en"}
    try:
        revision = service.create(g.actor, contents.read(told))
    except Invalid as error:
        forms.show_errors(form, error.fields)
        return new_page(form), 422
    flash(_("Your draft is saved."), "success")
    slug = queries.slug_of(revision.practice_id)
    return redirect(url_for("practices.edit_part", slug=slug, key=PARTS[0].key))


@bp.get("/practices/<slug>/edit")
@login_required
@policy("can_edit")
def edit(slug: str) -> Answer:
    """Show how far each part is; `field` leads to the page of that field."""
    revision = own_text(slug)
    service.refuse_reviewed(revision)
    name = request.args.get("field", "")
    if part := OF_FIELD.get(name.split("-")[0]):
        return redirect(url_for("practices.edit_part", slug=slug, key=part.key, _anchor=name))
    return overview_page(revision, is_asked=bool(request.args.get("check")))


@bp.get("/practices/<slug>/edit/<key>")
@login_required
@policy("can_edit")
def edit_part(slug: str, key: str) -> Answer:
    """Show a part's form with the newest text, and tell the others who is there."""
    revision, part = own_text(slug), _part(key)
    service.refuse_reviewed(revision)
    service.come_to(g.actor, revision.practice, part.key)
    revision = own_text(slug)
    base = merging.begin(part, revision.content, revision.number, revision.version)
    return part_page(forms.fill(part, revision.content, base=base), part, revision)


@bp.post("/practices/<slug>/edit/<key>")
@login_required
@policy("can_edit")
def save_part(slug: str, key: str) -> Answer:
    """Keep what was typed; where somebody else changed the same fields, show both texts."""
    revision, part = own_text(slug), _part(key)
    form = forms.posted(part)
    if landing := forms.change_rows(form, request.form.get("action", "")):
        return part_page(form, part, revision, landing=landing)
    try:
        both = _keep(form, part, revision)
    except Invalid as error:
        forms.show_errors(form, error.fields)
        return part_page(form, part, own_text(slug)), 422
    if both:
        return both, 409
    flash(_("Your draft is saved."), "success")
    return redirect(_where_to_go(slug, part))


@bp.post("/practices/<slug>/edit/<key>/autosave")
@login_required
@policy("can_edit")
def autosave(slug: str, key: str) -> JsonAnswer:
    """Keep what was typed so far, for the page that goes on being typed in."""
    revision, part = own_text(slug), _part(key)
    form, practice = forms.posted(part), revision.practice
    try:
        typed = forms.to_typed(form, part, revision.content, request.form)
        kept = service.keep(g.actor, practice, typed, is_auto=True)
    except Invalid as error:
        return jsonify(errors=forms.ids_of(form, error.fields)), 422
    except Conflict:
        url = url_for("practices.edit_part", slug=slug, key=part.key)
        return jsonify(conflict=True, url=url), 409
    others = queries.others_editing(kept.practice_id, but=g.actor.person_id)
    return jsonify(
        saved_at=clock.now().isoformat(timespec="seconds"),
        editors=[one.person.name for one in others],
        base=str(merging.after(typed, kept.number, kept.version)),
    )  # fmt: skip


def _keep(form: forms.PartForm, part: Part, revision: Revision) -> str:
    """Keep what was typed; return the page of both texts where that cannot be.

    A text under review takes nothing, so there the typed one can be copied.
    """
    slug = revision.practice.slug
    typed = forms.to_typed(form, part, revision.content, request.form)
    try:
        service.keep(g.actor, revision.practice, typed)
    except Conflict:
        newest = own_text(slug)
        if newest.state in policies.WAITING:
            return reviewed_page(typed, newest)
        return conflict_page(form, typed, newest)
    return ""


def _where_to_go(slug: str, part: Part) -> str:
    """After saving: stay, or go on to the next part; after the last, to the overview."""
    if request.form.get("action") != "next":
        return url_for("practices.edit_part", slug=slug, key=part.key)
    found = next_part(part, own_text(slug).content)
    if found is None:
        return url_for("practices.edit", slug=slug)
    return url_for("practices.edit_part", slug=slug, key=found.key)


def _part(key: str) -> Part:
    if key not in BY_KEY:
        raise NotFound
    return BY_KEY[key]
