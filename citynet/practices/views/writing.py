"""Doors for authors and reviewers: the form, and each step to publication."""

from __future__ import annotations

from collections.abc import Mapping

from flask import flash, g, render_template, request, url_for
from flask_login import login_required
from werkzeug.utils import redirect
from werkzeug.wrappers import Response

from citynet.kit.doors import policy
from citynet.kit.errors import Conflict, Invalid, NotFound, require
from citynet.kit.i18n import _
from citynet.practices import content as contents
from citynet.practices import forms, queries, service
from citynet.practices import policy as policies
from citynet.practices.comparing import changes
from citynet.practices.forms import PracticeForm
from citynet.practices.models import Revision, State
from citynet.practices.views import bp, reading

Answer = str | Response | tuple[str, int]
IN_REVIEW = (State.SUBMITTED, State.SIGNED_OFF)


@bp.get("/practices/new")
@login_required
@policy("can_create")
def new() -> Answer:
    """Show an empty form."""
    require(policies.can_create(g.actor), _("Only officials of a city can write a practice."))
    form = PracticeForm(None, data={"language": g.actor.person.language or "en"})
    return _form(form, None)


@bp.post("/practices/new")
@login_required
@policy("can_create")
def new_post() -> Answer:
    """Keep the first draft."""
    require(policies.can_create(g.actor), _("Only officials of a city can write a practice."))
    form = PracticeForm()
    if landing := forms.change_rows(form, request.form.get("action", "")):
        return _form(form, None, landing=landing)
    try:
        revision = service.create(g.actor, contents.read(forms.to_record(form)))
    except Invalid as error:
        forms.show_errors(form, error.fields)
        return _form(form, None), 422
    flash(_("Your draft is saved."), "success")
    slug = queries.slug_of(revision.practice_id)
    if request.form.get("action") == "submit" and service.unanswered(revision.content):
        # On to the draft's own address: sending this page again would begin a second one.
        return redirect(url_for("practices.edit", slug=slug, check=1))
    return _go_on(slug)


@bp.get("/practices/<slug>/edit")
@login_required
@policy("can_edit")
def edit(slug: str) -> Answer:
    """Show the form with the newest text."""
    revision = _own(slug)
    if revision.state in IN_REVIEW:
        raise Conflict(_("This text is being reviewed. Wait until it is published or sent back."))
    form = forms.from_content(revision.content, base=base_of(revision))
    if request.args.get("check"):
        forms.show_errors(form, service.unanswered(revision.content))
    return _form(form, revision)


@bp.post("/practices/<slug>/edit")
@login_required
@policy("can_edit")
def edit_post(slug: str) -> Answer:
    """Keep what was typed; where the text has moved on meanwhile, show both."""
    revision = _own(slug)
    form = PracticeForm()
    if landing := forms.change_rows(form, request.form.get("action", "")):
        return _form(form, revision, landing=landing)
    try:
        content = contents.read(forms.to_record(form))
    except Invalid as error:
        forms.show_errors(form, error.fields)
        return _form(form, revision), 422
    try:
        service.save(g.actor, revision.practice, content, base=read_base(form.base.data))
    except Invalid as error:
        forms.show_errors(form, error.fields)
        return _form(form, _own(slug)), 422
    except Conflict:
        return _conflict(content, _own(slug))
    flash(_("Your draft is saved."), "success")
    return _go_on(slug)


@bp.post("/practices/<slug>/submit")
@login_required
@policy("can_submit")
def submit(slug: str) -> Answer:
    """Hand the draft to the lead."""
    return _submit(slug)


@bp.post("/practices/<slug>/sign-off")
@login_required
@policy("can_sign_off")
def sign_off(slug: str) -> Answer:
    """Answer for the text as lead."""
    revision = _to_decide(slug)
    try:
        service.sign_off(g.actor, revision.practice, seen=_seen())
    except Conflict as error:
        return _moved_on(slug, error)
    flash(_("Signed off. The secretariat will review it now."), "success")
    return redirect(url_for("practices.draft", slug=slug))


@bp.post("/practices/<slug>/send-back")
@login_required
@policy("can_send_back")
def send_back(slug: str) -> Answer:
    """Return the text with what should change."""
    practice, comment = _to_decide(slug).practice, request.form.get("comment", "")
    is_own = policies.can_edit(g.actor, practice)
    try:
        service.send_back(g.actor, practice, comment=comment, seen=_seen())
    except Invalid as error:
        found = queries.get_in_work(g.actor, slug)
        return reading.page_of(found, comment=comment, error=error.fields["comment"]), 422
    except Conflict as error:
        return _moved_on(slug, error)
    flash(_("Sent back to the authors with your comment."), "success")
    return redirect(url_for("practices.work") if is_own else url_for("admin.reviews"))


@bp.post("/practices/<slug>/publish")
@login_required
@policy("can_publish")
def publish(slug: str) -> Answer:
    """Show the text to readers."""
    revision = _to_decide(slug)
    try:
        service.publish(g.actor, revision.practice, seen=_seen())
    except Conflict as error:
        return _moved_on(slug, error)
    flash(_("Published. Readers find it in search within seconds."), "success")
    return redirect(url_for("practices.show", slug=slug))


def base_of(revision: Revision) -> str:
    """Write which text an editor begins from."""
    return f"{revision.number}.{revision.version}"


def read_base(text: str | None) -> tuple[int, int]:
    """Read what `base_of` wrote; anything else is a text nobody began from."""
    parts = (text or "").split(".")
    if len(parts) == 2 and all(
        part.isascii() and part.isdigit() and len(part) < 9 for part in parts
    ):
        return int(parts[0]), int(parts[1])
    return (0, 0)


def _seen() -> service.Seen:
    """Return the text that the page of the pressed button showed, where it tells."""
    return read_base(request.form["seen"]) if "seen" in request.form else None


def _own(slug: str) -> Revision:
    """Return the newest text of a practice that the actor may change."""
    revision = queries.newest_text(g.actor, slug)
    require(
        policies.can_edit(g.actor, revision.practice),
        _("Only officials of this city can change this practice."),
    )
    return revision


def _to_decide(slug: str) -> Revision:
    """Return the text in work; for those inside the work, the published one once it is out."""
    try:
        return queries.get_in_work(g.actor, slug)
    except NotFound:
        revision = queries.get_published(g.actor, slug)
        practice = revision.practice
        if policies.can_edit(g.actor, practice) or policies.can_review_of(g.actor, practice):
            return revision
        raise


def _submit(slug: str) -> Answer:
    """Submit; if something is missing, show the form with it named."""
    revision = _to_decide(slug)
    try:
        service.submit(g.actor, revision.practice, seen=_seen())
    except Invalid as error:
        revision = _own(slug)
        form = forms.from_content(revision.content, base=base_of(revision))
        forms.show_errors(form, error.fields)
        return _form(form, revision), 422
    except Conflict as error:
        return _moved_on(slug, error)
    flash(_("Submitted. Your city's lead can sign it off now."), "success")
    return redirect(url_for("practices.draft", slug=slug))


def _go_on(slug: str) -> Answer:
    """After saving: stay, or submit at once when that was the button."""
    if request.form.get("action") == "submit":
        return _submit(slug)
    return redirect(url_for("practices.draft", slug=slug))


def _moved_on(slug: str, error: Conflict) -> Answer:
    """Show where the text stands to whoever pressed a button of an older page."""
    flash(str(error), "warning")
    return reading.page_of(queries.newest_text(g.actor, slug)), 409


def _form(form: PracticeForm, revision: Revision | None, *, landing: str = "") -> str:
    """Show the form; `landing` is the id of the row that was added, to look at next."""
    practice = revision.practice if revision else None
    groups = [
        (top.name, [(one.slug, one.name) for one in (top, *children)])
        for top, children in queries.topic_tree()
    ]
    return render_template(
        "practices/edit.html", form=form.with_choices(), practice=practice,
        city=practice.city if practice else g.actor.city, revision=revision,
        topic_groups=groups, may_be_unknown=contents.MAY_BE_UNKNOWN, starred=contents.STARRED,
        can_submit=g.actor.is_member, landing=landing, most_rows=forms.ROWS,
        is_changed=request.method == "POST",
    )  # fmt: skip


def _conflict(content: contents.Content, newest: Revision) -> Answer:
    """Show what differs; saving again from here is an informed choice and loses nothing."""
    found = changes(newest.content, content, topics=_names(content, newest))
    page = render_template(
        "practices/conflict.html", newest=newest, practice=newest.practice, changes=found,
        editor=queries.editor_name(newest), kept=_kept(newest),
        can_save=newest.state not in IN_REVIEW,
    )  # fmt: skip
    return page, 409


def _names(content: contents.Content, newest: Revision) -> Mapping[str, str]:
    typed = queries.topics_by_slug(content.topics)
    return {**reading.topic_names(newest), **{slug: one.name for slug, one in typed.items()}}


def _kept(newest: Revision) -> list[tuple[str, str]]:
    """Return the typed fields as hidden inputs, with the newer base."""
    pairs = [
        (name, value)
        for name, value in request.form.items(multi=True)
        if name not in {"csrf_token", "base", "action"}
    ]
    return [*pairs, ("base", base_of(newest))]
