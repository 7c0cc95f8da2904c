"""Doors by which a lead invites officials: one, or many by a list whose lines are shown first."""

from __future__ import annotations

from flask import flash, g, render_template, request, url_for
from flask_login import login_required
from werkzeug.utils import redirect

from citynet.accounts.service import Throttled
from citynet.cities.forms.team import InviteForm, InviteManyForm
from citynet.cities.models import Role
from citynet.cities.queries import team
from citynet.cities.service import invitations, inviting, previews
from citynet.cities.views.team import Answer, bp, led_city, mark
from citynet.kit import sheets, throttle
from citynet.kit.doors import policy
from citynet.kit.errors import Conflict, Invalid
from citynet.kit.http import allow_upload
from citynet.kit.i18n import LANGUAGES, _, current_language
from citynet.kit.page import number_from

MOST_BYTES = 2_000_000
KINDS = (inviting.INVITE,)


@bp.get("/city/people/invite")
@login_required
@policy("can_manage_officials")
def invite() -> Answer:
    """Show the form for one person."""
    city = led_city()
    form = InviteForm(language=current_language())
    return render_template("cities/team/invite.html", city=city, form=form)


@bp.post("/city/people/invite")
@login_required
@policy("can_manage_officials")
def invite_post() -> Answer:
    """Invite one person."""
    city, form = led_city(), InviteForm()
    try:
        invitations.count_letter(form.email.data or "")
        invited = invitations.invite_by_mail(
            g.actor, city, email=form.email.data or "", name=form.name.data or "",
            role=Role.OFFICIAL, language=language_of(form),
        )  # fmt: skip
    except Invalid as error:
        status = mark(form, error)
        return render_template("cities/team/invite.html", city=city, form=form), status
    flash(_("The invitation to %(email)s is on its way.", email=invited.email), "success")
    return redirect(url_for("team.people"))


@bp.get("/city/people/invite-many")
@login_required
@policy("can_manage_officials")
def invite_many() -> Answer:
    """Show the form for a list."""
    city = led_city()
    form = InviteManyForm(language=current_language())
    return render_template("cities/team/invite_many.html", city=city, form=form)


@bp.post("/city/people/invite-many")
@login_required
@policy("can_manage_officials")
@allow_upload(MOST_BYTES)
def invite_many_post() -> Answer:
    """Read a list, and show what inviting it would do."""
    city, form = led_city(), InviteManyForm()
    try:
        if not throttle.hit("invite.many", str(g.actor.person_id), limit=10, minutes=60):
            raise Throttled({"people": _("You tried too often. Wait an hour and try again.")})
        kept = inviting.preview(
            g.actor, city, read_people(form), role=Role.OFFICIAL, language=language_of(form)
        )
    except Invalid as error:
        status = mark(form, error)
        return render_template("cities/team/invite_many.html", city=city, form=form), status
    return redirect(url_for("team.preview", preview_id=kept.id))


@bp.get("/city/people/invite-many/<int:preview_id>")
@login_required
@policy("can_manage_officials")
def preview(preview_id: int) -> Answer:
    """Show what inviting a list would do, line by line."""
    city = led_city()
    shown = previews.shown(g.actor, preview_id, KINDS)
    page = shown.page(number_from(request.args.get("page")))
    return render_template("cities/team/preview.html", city=city, shown=shown, page=page)


@bp.post("/city/people/invite-many/<int:preview_id>")
@login_required
@policy("can_manage_officials")
def preview_post(preview_id: int) -> Answer:
    """Invite what was shown."""
    led_city()
    job = previews.begin(g.actor, preview_id, KINDS)
    return redirect(url_for("jobs.show", job_id=job.id))


@bp.post("/city/people/invitations/<int:invitation_id>/again")
@login_required
@policy("can_manage_officials")
def send_again(invitation_id: int) -> Answer:
    """Send an invitation again, with a new link."""
    led_city()
    try:
        invitations.count_letter(team.invitation(g.actor, invitation_id).email)
        invited = invitations.send_again(g.actor, invitation_id)
    except Invalid as error:
        raise Conflict(str(error)) from error
    flash(_("A new link is on its way to %(email)s.", email=invited.email), "success")
    return redirect(url_for("team.people"))


@bp.post("/city/people/invitations/<int:invitation_id>/revoke")
@login_required
@policy("can_manage_officials")
def revoke(invitation_id: int) -> Answer:
    """Take an invitation back."""
    led_city()
    taken = invitations.revoke(g.actor, invitation_id)
    flash(_("The invitation to %(email)s is taken back.", email=taken.email), "success")
    return redirect(url_for("team.people"))


def read_people(form: InviteManyForm) -> list[inviting.Entry]:
    """Return the people of the file, or of the pasted list.

    Raises:
        Invalid: by the form's field.
    """
    if form.file.data:
        return inviting.read_table(sheets.read(form.file.data.read()))
    if not form.people.validate(form):
        raise Invalid({"people": str(form.people.errors[0])})
    return inviting.read_pasted(form.people.data or "")


def language_of(form: InviteForm | InviteManyForm) -> str:
    """Return the language a form names, the page's where it names none there is."""
    return form.language.data if form.language.data in LANGUAGES else current_language()
