"""Doors to the passkeys of one's account: add, list, remove."""

from __future__ import annotations

from flask import flash, g, redirect, render_template, session, url_for
from flask_login import current_user, login_required
from werkzeug.wrappers import Response

from citynet.accounts import queries
from citynet.accounts.forms import ConfirmForm, NewPasskeyForm, PasskeyForm
from citynet.accounts.models import Passkey
from citynet.accounts.service import passkeys as service
from citynet.accounts.views import bp
from citynet.accounts.views.entering import CHALLENGE, Answer, address, mark, site
from citynet.kit.doors import policy, signed_in
from citynet.kit.errors import Invalid
from citynet.kit.i18n import _


@bp.get("/account/passkeys")
@login_required
@signed_in
def passkeys() -> Answer:
    """Show them, and the form to add one."""
    return _page(PasskeyForm())


@bp.post("/account/passkeys/options")
@login_required
@signed_in
def new_passkey_options() -> Answer:
    """Check the password, and tell the browser what to ask the device for."""
    form = PasskeyForm()
    if not form.validate():
        sentences = [sentence for found in form.errors.values() for sentence in found]
        return Response(sentences[0], 422, mimetype="text/plain")
    try:
        ceremony = service.begin_adding(
            g.person, form.current.data or "", site=site(), address=address()
        )
    except Invalid as error:
        return Response(str(error), mark(form, error), mimetype="text/plain")
    session[CHALLENGE] = ceremony.secret
    return Response(ceremony.options, mimetype="application/json")


@bp.post("/account/passkeys")
@login_required
@signed_in
def add_passkey() -> Answer:
    """Keep the passkey that the device made."""
    form, secret = NewPasskeyForm(), session.pop(CHALLENGE, "")
    answer = (form.credential.data or "") if form.validate() else ""
    try:
        service.add(
            g.person, secret, answer, name=form.name.data or "", site=site(),
            sign_in=current_user,
        )  # fmt: skip
    except Invalid as error:
        again = PasskeyForm()
        return _page(again, mark(again, error))
    flash(_("The passkey is added. You can sign in with it from now on."), "success")
    return redirect(url_for("accounts.passkeys"))


@bp.get("/account/passkeys/<int:passkey_id>/remove")
@login_required
@policy("can_remove_passkey")
def remove_passkey(passkey_id: int) -> Answer:
    """Ask for the password before a passkey goes."""
    return _remove_page(service.find(g.person, passkey_id), ConfirmForm())


@bp.post("/account/passkeys/<int:passkey_id>/remove")
@login_required
@policy("can_remove_passkey")
def remove_passkey_post(passkey_id: int) -> Answer:
    """Remove it."""
    form, status = ConfirmForm(), 422
    found = service.find(g.person, passkey_id)
    try:
        if form.validate():
            service.remove(g.person, passkey_id, form.current.data or "", address=address())
            flash(_("The passkey is removed. Delete it on your device too."), "success")
            return redirect(url_for("accounts.passkeys"))
    except Invalid as error:
        status = mark(form, error)
    return _remove_page(found, form, status)


def _page(form: PasskeyForm, status: int = 200) -> Answer:
    own = queries.passkeys(g.person)
    return render_template("accounts/passkeys.html", form=form, passkeys=own), status


def _remove_page(passkey: Passkey, form: ConfirmForm, status: int = 200) -> Answer:
    return render_template("accounts/passkey_remove.html", form=form, passkey=passkey), status
