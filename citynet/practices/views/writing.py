"""Doors for authors and reviewers: the form, the work list, and each step to publication."""

from __future__ import annotations

from flask import flash, g, render_template, request, url_for
from flask_login import login_required
from werkzeug.utils import redirect
from werkzeug.wrappers import Response

from citynet.kit.doors import policy
from citynet.kit.errors import Conflict, Forbidden, Invalid, require
from citynet.kit.i18n import _
from citynet.practices import content as contents
from citynet.practices import forms, queries, service
from citynet.practices import policy as policies
from citynet.practices.forms import PracticeForm
from citynet.practices.models import Practice, Revision, State
from citynet.practices.views import bp
from citynet.practices.views.reading import tree
from citynet.practices.words import LABELS

Answer = str | Response | tuple[str, int]


@bp.get("/work")
@login_required
@policy("can_see_own_work")
def work() -> Answer:
    """Show the city's texts by where they stand."""
    if g.actor.is_secretariat and g.actor.city is None:
        return redirect(url_for("admin.desk"))
    found = queries.work_of(g.actor) if policies.can_see_own_work(g.actor) else []
    groups = {state: [r for r in found if r.state == state] for state in State}
    return render_template("practices/work.html", groups=groups, State=State)


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
    if added := _with_row_added(form):
        return _form(added, None)
    try:
        revision = service.create(g.actor, contents.read(forms.to_record(form)))
    except Invalid as error:
        forms.show_errors(form, error.fields)
        return _form(form, None), 422
    flash(_("Your draft is saved."), "success")
    return _go_on(queries.slug_of(revision.practice_id))


@bp.get("/practices/<slug>/edit")
@login_required
@policy("can_edit")
def edit(slug: str) -> Answer:
    """Show the form with the newest text."""
    revision = _editable(slug)
    form = forms.from_content(revision.content, base=base_of(revision))
    return _form(form, revision)


@bp.post("/practices/<slug>/edit")
@login_required
@policy("can_edit")
def edit_post(slug: str) -> Answer:
    """Keep what was typed; where somebody else saved meanwhile, show both."""
    revision = _editable(slug)
    form = PracticeForm()
    if added := _with_row_added(form):
        return _form(added, revision)
    try:
        content = contents.read(forms.to_record(form))
        service.save(g.actor, revision.practice, content, base=read_base(form.base.data))
    except Invalid as error:
        forms.show_errors(form, error.fields)
        return _form(form, revision), 422
    except service.EditedMeanwhile as error:
        return _conflict(form, content, queries.get_revision(g.actor, slug, error.newest.number))
    flash(_("Your draft is saved."), "success")
    return _go_on(slug)


@bp.post("/practices/<slug>/submit")
@login_required
@policy("can_submit")
def submit(slug: str) -> Answer:
    """Hand the draft to the lead; if something is missing, show the form with it named."""
    revision = queries.get_in_work(g.actor, slug)
    try:
        service.submit(g.actor, revision.practice)
    except Invalid as error:
        form = forms.from_content(revision.content, base=base_of(revision))
        forms.show_errors(form, error.fields)
        return _form(form, revision), 422
    flash(_("Submitted. Your city's lead can sign it off now."), "success")
    return redirect(url_for("practices.draft", slug=slug))


@bp.post("/practices/<slug>/sign-off")
@login_required
@policy("can_sign_off")
def sign_off(slug: str) -> Answer:
    """Answer for the text as lead."""
    revision = queries.get_in_work(g.actor, slug)
    service.sign_off(g.actor, revision.practice)
    flash(_("Signed off. The secretariat will review it now."), "success")
    return redirect(url_for("practices.draft", slug=slug))


@bp.post("/practices/<slug>/send-back")
@login_required
@policy("can_send_back")
def send_back(slug: str) -> Answer:
    """Return the text with what should change."""
    revision = queries.get_in_work(g.actor, slug)
    try:
        service.send_back(g.actor, revision.practice, comment=request.form.get("comment", ""))
    except Invalid as error:
        flash(error.fields["comment"], "error")
        return redirect(url_for("practices.draft", slug=slug))
    flash(_("Sent back to the authors with your comment."), "success")
    is_own = policies.can_edit(g.actor, revision.practice)
    return redirect(url_for("practices.work") if is_own else url_for("admin.reviews"))


@bp.post("/practices/<slug>/publish")
@login_required
@policy("can_publish")
def publish(slug: str) -> Answer:
    """Show the text to readers."""
    revision = queries.get_in_work(g.actor, slug)
    service.publish(g.actor, revision.practice)
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


def _go_on(slug: str) -> Answer:
    """After saving: stay, or submit at once when that was the button."""
    if request.form.get("action") == "submit":
        return submit(slug)
    return redirect(url_for("practices.draft", slug=slug))


def _editable(slug: str) -> Revision:
    revision = queries.newest_text(g.actor, slug)
    if not policies.can_edit(g.actor, revision.practice):
        raise Forbidden(_("Only officials of this city can change this practice."))
    if revision.state in (State.SUBMITTED, State.SIGNED_OFF):
        raise Conflict(_("This text is being reviewed. Wait until it is published or sent back."))
    return revision


def _with_row_added(form: PracticeForm) -> PracticeForm | None:
    action = request.form.get("action", "")
    if action in ("add-blocks", "add-results"):
        rows = form._fields[action.removeprefix("add-")]
        if len(rows.entries) < forms.ROWS[rows.name]:
            rows.append_entry()
        return form
    return None


def _form(form: PracticeForm, revision: Revision | None) -> str:
    practice: Practice | None = revision.practice if revision else None
    choices = [
        (top.name, [(one.slug, one.name) for one in (top, *children)])
        for top, children in tree(queries.all_topics())
    ]
    flat = [pair for _group, pairs in choices for pair in pairs]
    return render_template(
        "practices/edit.html", form=form.with_choices(flat), practice=practice,
        revision=revision, topic_groups=choices, may_be_unknown=contents.MAY_BE_UNKNOWN,
        starred=contents.STARRED,
    )  # fmt: skip


def _conflict(form: PracticeForm, typed: contents.Content, newest: Revision) -> Answer:
    """Show what differs; saving again from here is an informed choice and loses nothing."""
    changed = contents.differences(newest.content, typed)
    form.base.process_data(base_of(newest))
    form.base.raw_data = None
    page = render_template(
        "practices/conflict.html", form=form.with_choices([]), newest=newest,
        practice=newest.practice, differences=changed, labels=LABELS,
        editor=queries.editor_name(newest), kept=_kept(form),
    )  # fmt: skip
    return page, 409


def _kept(form: PracticeForm) -> list[tuple[str, str]]:
    """Return the typed fields as hidden inputs, with the newer base."""
    pairs = [
        (name, value)
        for name, value in request.form.items(multi=True)
        if name not in {"csrf_token", "base", "action"}
    ]
    return [*pairs, ("base", form.base.data)]
