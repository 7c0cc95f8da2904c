"""Doors to one's own account: the overview, the name, and the sessions."""

from __future__ import annotations

from flask import flash, g, redirect, render_template, session, url_for
from flask_login import current_user, login_required, logout_user

from citynet.accounts import queries, service
from citynet.accounts.browsers import browser_name
from citynet.accounts.forms import NameForm
from citynet.accounts.queries.identities import identities
from citynet.accounts.service import people
from citynet.accounts.views import bp
from citynet.accounts.views.entering import Answer, mark
from citynet.kit.doors import signed_in
from citynet.kit.errors import Invalid
from citynet.kit.i18n import _, ngettext


@bp.get("/account")
@login_required
@signed_in
def settings() -> Answer:
    """Show the account, with the way to change each part."""
    person = g.person
    return render_template(
        "accounts/settings.html",
        person=person,
        sign_ins=[(one, browser_name(one.browser)) for one in queries.own_sign_ins(person)],
        current_id=current_user.id,
        has_app=queries.second_factor(person) is not None,
        codes_left=queries.recovery_codes_left(person),
        passkeys=queries.passkeys(person),
        identities=identities(person),
        owes=queries.owes_second_factor(current_user),
    )


@bp.get("/account/name")
@login_required
@signed_in
def name() -> Answer:
    """Show the form."""
    return render_template("accounts/name.html", form=NameForm(name=g.person.name))


@bp.post("/account/name")
@login_required
@signed_in
def name_post() -> Answer:
    """Set the name."""
    form = NameForm()
    try:
        if form.validate():
            people.rename(g.person, form.name.data or "")
            flash(_("Your name is changed."), "success")
            return redirect(url_for("accounts.settings"))
    except Invalid as error:
        mark(form, error)
    return render_template("accounts/name.html", form=form), 422


@bp.post("/account/sessions/<int:sign_in_id>/revoke")
@login_required
@signed_in
def revoke(sign_in_id: int) -> Answer:
    """End one of one's own sessions."""
    ended = service.revoke(g.person, sign_in_id)
    if ended.id == current_user.id:
        logout_user()
        session.clear()
        return redirect(url_for("accounts.sign_in"))
    flash(_("The session is ended."), "success")
    return redirect(url_for("accounts.settings"))


@bp.post("/account/sessions/revoke-others")
@login_required
@signed_in
def revoke_others() -> Answer:
    """End all sessions but this one."""
    number = service.revoke_others(g.person, current_user)
    flash(ngettext("%(num)s session is ended.", "%(num)s sessions are ended.", number), "success")
    return redirect(url_for("accounts.settings"))
