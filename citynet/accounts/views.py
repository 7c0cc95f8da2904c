"""Doors to sign-in, sign-out and one's own account."""

from __future__ import annotations

from flask import (
    Blueprint,
    flash,
    g,
    redirect,
    render_template,
    request,
    session,
    url_for,
)  # fmt: skip
from flask_login import current_user, login_required, login_user, logout_user
from werkzeug.wrappers import Response

from citynet.accounts import queries, service
from citynet.accounts.forms import SignInForm
from citynet.accounts.models import SignIn
from citynet.kit.doors import anyone, signed_in
from citynet.kit.errors import Invalid
from citynet.kit.http import is_local
from citynet.kit.i18n import _

bp = Blueprint("accounts", __name__, template_folder="templates")
Answer = str | Response | tuple[str, int]
# What was posted without a session travels through the sign-in form under this prefix.
KEPT = "kept."
# Marks in a browser's name for itself; the more telling first, for each names older ones too.
BROWSERS = {
    "Edg": "Edge", "OPR": "Opera", "SamsungBrowser": "Samsung Internet", "Firefox": "Firefox",
    "Chrome": "Chrome", "Safari": "Safari",
}  # fmt: skip
SYSTEMS = {
    "Android": "Android", "iPhone": "iPhone", "iPad": "iPad", "Windows": "Windows",
    "Mac OS": "macOS", "Linux": "Linux",
}  # fmt: skip


def load_sign_in(secret: str) -> SignIn | None:
    """Return the session that Flask-Login asks for, checked against the database."""
    found = queries.valid_sign_in(secret)
    if found is not None:
        found.secret = secret  # type: ignore[misc]
        g.person = found.person
        g.preferred_language = found.person.language
    return found


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
    """Open a session, on a browser session made anew; go on with what waits to be sent."""
    form = SignInForm()
    if not form.validate():
        return _sign_in_again(form, 422)
    try:
        opened = service.sign_in(
            form.email.data or "",
            form.password.data or "",
            address=request.remote_addr or "",
            browser=request.user_agent.string,
        )
    except Invalid as error:
        form.password.errors = [*error.fields.values()]
        return _sign_in_again(form, 429 if isinstance(error, service.Throttled) else 422)
    session.clear()
    # Flask-WTF remembers the token of the session that was just cleared.
    g.pop("csrf_token", None)
    login_user(opened)
    session.permanent = True
    resume, target = request.form.get("resume", ""), form.next.data or ""
    if is_local(resume):
        return render_template("accounts/resume.html", target=resume, kept=_kept(), is_new=True)
    return redirect(target if is_local(target) else url_for("practices.work"))


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


@bp.get("/account")
@login_required
@signed_in
def settings() -> Answer:
    """Show one's language and sessions."""
    return render_template(
        "accounts/settings.html",
        person=g.person,
        sign_ins=[(one, browser_name(one.browser)) for one in queries.own_sign_ins(g.person)],
        current_id=current_user.id,
    )


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


def browser_name(user_agent: str) -> str:
    """Return browser and system as people call them, such as `Firefox, Windows`."""
    found = [
        next((name for mark, name in marks.items() if mark in user_agent), "")
        for marks in (BROWSERS, SYSTEMS)
    ]
    return ", ".join(filter(None, found))


def _sign_in_again(form: SignInForm, status: int) -> tuple[str, int]:
    """Show the form with what is wrong; what waits to be sent waits on."""
    target = request.form.get("resume")
    page = render_template(
        "accounts/sign_in.html", form=form, kept=_kept(), resume=target if is_local(target) else ""
    )
    return page, status


def _kept() -> list[tuple[str, str]]:
    return [
        (name.removeprefix(KEPT), value)
        for name, value in request.form.items(multi=True)
        if name.startswith(KEPT)
    ]
