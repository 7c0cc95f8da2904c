"""Doors in and out: password, second step, passkey; sign-out."""

from __future__ import annotations

from flask import flash, g, redirect, render_template, request, session, url_for
from flask_login import current_user, logout_user
from werkzeug.wrappers import Response

from citynet.accounts import queries, service
from citynet.accounts.forms import AnswerForm, CodeForm, SignInForm
from citynet.accounts.models import Purpose
from citynet.accounts.service import passkeys, signing_in
from citynet.accounts.views import bp
from citynet.accounts.views.entering import (
    CHALLENGE,
    STEP,
    Answer,
    address,
    code_page,
    let_in,
    mark,
    sign_in_page,
    site,
    visit,
)  # fmt: skip
from citynet.kit.doors import anyone
from citynet.kit.errors import Invalid, NotFound
from citynet.kit.i18n import _


@bp.get("/sign-in")
@anyone
def sign_in() -> Answer:
    """Show the form."""
    if current_user.is_authenticated:
        return redirect(url_for("practices.work"))
    form = SignInForm(next=request.args.get("next"))
    return render_template("accounts/sign_in.html", form=form)


@bp.post("/sign-in")
@anyone
def sign_in_post() -> Answer:
    """Check the password; go on with what waits to be sent, or to the second step."""
    form = SignInForm()
    if not form.validate():
        return sign_in_page(form, 422)
    coming = visit()
    try:
        outcome = service.sign_in(
            form.email.data or "", form.password.data or "",
            address=coming.address, browser=coming.browser, replaces=coming.replaces,
        )  # fmt: skip
    except Invalid as error:
        return sign_in_page(form, mark(form, error))
    return let_in(outcome, target=form.next.data or "")


@bp.get("/sign-in/code")
@anyone
def code() -> Answer:
    """Ask for the code after the password."""
    if queries.one_time(Purpose.SECOND_STEP, session.get(STEP, "")) is None:
        return _begin_again(request.args.get("next", ""))
    return code_page(CodeForm(next=request.args.get("next")))


@bp.post("/sign-in/code")
@anyone
def code_post() -> Answer:
    """Check the code and open the session."""
    form, coming = CodeForm(), visit()
    target = form.next.data or ""
    if not form.validate():
        return code_page(form, 422)
    try:
        opened = signing_in.finish(session.get(STEP, ""), form.code.data or "", coming)
    except NotFound:
        return _begin_again(target)
    except Invalid as error:
        return code_page(form, mark(form, error))
    return let_in(opened, target=target)


@bp.post("/sign-in/passkey/options")
@anyone
def passkey_options() -> Answer:
    """Tell the browser what to ask a passkey for."""
    try:
        ceremony = passkeys.begin_sign_in(site=site(), address=address())
    except Invalid as error:
        return Response(str(error), 429, mimetype="text/plain")
    session[CHALLENGE] = ceremony.secret
    return Response(ceremony.options, mimetype="application/json")


@bp.post("/sign-in/passkey")
@anyone
def passkey_post() -> Answer:
    """Open a session for whose passkey answered."""
    form, secret = AnswerForm(), session.pop(CHALLENGE, "")
    target = form.next.data or ""
    answer = (form.credential.data or "") if form.validate() else ""
    try:
        opened = passkeys.sign_in(secret, answer, site=site(), visit=visit())
    except Invalid as error:
        again = SignInForm()
        return sign_in_page(again, mark(again, error))
    return let_in(opened, target=target)


@bp.post("/sign-out")
@anyone
def sign_out() -> Answer:
    """End the session in the database and in the browser."""
    try:
        if current_user.is_authenticated:
            service.revoke(g.person, current_user.id)
    finally:  # this browser is signed out even where the row cannot be written
        logout_user()
        session.clear()
    flash(_("You are signed out."), "success")
    return redirect(url_for("web.home"))


def _begin_again(target: str) -> Answer:
    """Tell that the step is over; what waits to be sent waits on."""
    session.pop(STEP, None)
    flash(_("Ten minutes are over since you gave your password. Sign in again."), "warning")
    if "resume" in request.form:
        return sign_in_page(SignInForm(None, data={"next": target}), 401)
    return redirect(url_for("accounts.sign_in", next=target or None))
