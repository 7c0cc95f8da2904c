"""Doors to password and mail address: changed in the account, or by a link that came by mail."""

from __future__ import annotations

from flask import flash, g, redirect, render_template, url_for
from flask_login import current_user, login_required

from citynet.accounts import queries
from citynet.accounts.forms import EmailForm, ForgotForm, PasswordForm, ResetForm
from citynet.accounts.models import Purpose
from citynet.accounts.queries import Worth
from citynet.accounts.service import credentials
from citynet.accounts.views import bp
from citynet.accounts.views.entering import Answer, address, mark
from citynet.kit.doors import anyone, signed_in
from citynet.kit.errors import Invalid, NotFound
from citynet.kit.i18n import _


@bp.get("/account/password")
@login_required
@signed_in
def password() -> Answer:
    """Show the form."""
    return render_template("accounts/password.html", form=PasswordForm())


@bp.post("/account/password")
@login_required
@signed_in
def password_post() -> Answer:
    """Set another password, and end the other sessions."""
    form, status = PasswordForm(), 422
    try:
        if form.validate():
            credentials.change_password(
                g.person, form.current.data or "", form.password.data or "",
                sign_in=current_user, address=address(),
            )  # fmt: skip
            flash(_("Your password is changed, and your other sessions have ended."), "success")
            return redirect(url_for("accounts.settings"))
    except Invalid as error:
        status = mark(form, error)
    return render_template("accounts/password.html", form=form), status


@bp.get("/account/email")
@login_required
@signed_in
def email() -> Answer:
    """Show the form."""
    return render_template("accounts/email.html", form=EmailForm())


@bp.post("/account/email")
@login_required
@signed_in
def email_post() -> Answer:
    """Send the link to the new address."""
    form, status = EmailForm(), 422
    try:
        if form.validate():
            credentials.ask_mail_change(
                g.person, form.email.data or "", form.current.data or "", address=address()
            )
            return render_template("accounts/email_sent.html", email=form.email.data)
    except Invalid as error:
        status = mark(form, error)
    return render_template("accounts/email.html", form=form), status


@bp.get("/account/email/<secret>")
@login_required
@signed_in
def confirm_email(secret: str) -> Answer:
    """Ask once more before the new address holds: what reads mails for people opens links too."""
    asked = credentials.asked_mail_change(g.person, secret)
    if asked is None:
        return _over(Purpose.MAIL_CHANGE, secret)
    return render_template("accounts/email_confirm.html", asked=asked, secret=secret)


@bp.post("/account/email/<secret>")
@login_required
@signed_in
def confirm_email_post(secret: str) -> Answer:
    """Let the new address hold."""
    try:
        credentials.confirm_mail_change(g.person, secret)
    except NotFound:
        return _over(Purpose.MAIL_CHANGE, secret)
    flash(_("Your email address is changed. You sign in with the new one from now on."), "success")
    return redirect(url_for("accounts.settings"))


@bp.get("/forgot")
@anyone
def forgot() -> Answer:
    """Show the form."""
    return render_template("accounts/forgot.html", form=ForgotForm())


@bp.post("/forgot")
@anyone
def forgot_post() -> Answer:
    """Have a link sent; the answer is the same for every address."""
    form, status = ForgotForm(), 422
    try:
        if form.validate():
            credentials.ask_reset(form.email.data or "", address=address())
            return render_template("accounts/forgot_sent.html", email=form.email.data)
    except Invalid as error:
        status = mark(form, error)
    return render_template("accounts/forgot.html", form=form), status


@bp.get("/reset/<secret>")
@anyone
def reset(secret: str) -> Answer:
    """Ask for the new password."""
    if queries.one_time(Purpose.PASSWORD_RESET, secret) is None:
        return _over(Purpose.PASSWORD_RESET, secret)
    return render_template("accounts/reset.html", form=ResetForm(), secret=secret)


@bp.post("/reset/<secret>")
@anyone
def reset_post(secret: str) -> Answer:
    """Set the new password."""
    form, status = ResetForm(), 422
    try:
        if form.validate():
            credentials.reset_password(secret, form.password.data or "")
            flash(_("Your new password holds. Sign in with it."), "success")
            return redirect(url_for("accounts.sign_in"))
    except NotFound:
        return _over(Purpose.PASSWORD_RESET, secret)
    except Invalid as error:
        status = mark(form, error)
    return render_template("accounts/reset.html", form=form, secret=secret), status


def _over(purpose: Purpose, secret: str) -> Answer:
    """Tell why a link leads no further, and where a new one comes from."""
    worth = queries.worth(purpose, secret)
    # A good one that is not taken is another person's, which is not told.
    worth = Worth.UNKNOWN if worth == Worth.GOOD else worth
    again = url_for("accounts.forgot" if purpose == Purpose.PASSWORD_RESET else "accounts.email")
    page = render_template("accounts/link_over.html", worth=worth, again=again)
    return page, 404 if worth == Worth.UNKNOWN else 410
