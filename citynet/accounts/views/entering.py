"""What the ways in have in common: who comes from where, and where they go on.

What was posted without a session travels through the pages of the sign-in under `kept.`, with the
address it is for as `resume`, until it can be sent again.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import current_app, g, redirect, render_template, request, session, url_for
from flask_login import current_user, login_user
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response

from citynet.accounts import queries
from citynet.accounts.forms import CodeForm, SignInForm
from citynet.accounts.models import Purpose, SignIn
from citynet.accounts.service import SecondStep, Throttled, Visit
from citynet.accounts.service.passkeys import Site
from citynet.kit import network
from citynet.kit.errors import Invalid
from citynet.kit.http import is_local
from config import Config

Answer = str | Response | tuple[str, int]
KEPT = "kept."
# Where the browser keeps the secret of the second step, and that of a challenge to a passkey.
STEP, CHALLENGE = "second_step", "passkey"


def visit() -> Visit:
    """Return from where this request comes; a session of this browser gives way to the new one."""
    own = current_user._get_current_object() if current_user.is_authenticated else None
    return Visit(address(), request.user_agent.string, own)


def address() -> str:
    """Return the network address that this request comes from."""
    return request.remote_addr or ""


def site() -> Site:
    """Return whom passkeys belong to: the public address, in development the one that was asked."""
    config: Config = current_app.config["CITYNET"]
    parts = urlsplit(config.public_url if config.is_production else request.host_url)
    return Site(parts.hostname or "", f"{parts.scheme}://{parts.netloc}", network.current().name)


def let_in(outcome: SignIn | SecondStep, *, target: str = "") -> Answer:
    """Go on with a session, or with the step before one, on a browser session made anew."""
    session.clear()
    # Flask-WTF remembers the token of the session that was just cleared.
    g.pop("csrf_token", None)
    if isinstance(outcome, SecondStep):
        session[STEP] = outcome.secret
        if _resume():
            return code_page(CodeForm(None, data={"next": target}))
        return redirect(url_for("accounts.code", next=target or None))
    login_user(outcome)
    session.permanent = True
    if _resume():
        return render_template("accounts/resume.html", target=_resume(), kept=kept(), is_new=True)
    onward = target if is_local(target) else url_for("practices.work")
    if queries.owes_second_factor(outcome):
        return redirect(url_for("accounts.second_factor", next=onward))
    return redirect(onward)


def code_page(form: CodeForm, status: int = 200) -> Answer:
    """Ask for the second factor."""
    step = queries.one_time(Purpose.SECOND_STEP, session.get(STEP, ""))
    person = step.person if step else None
    page = render_template(
        "accounts/code.html",
        form=form,
        has_app=person is not None and queries.second_factor(person) is not None,
        has_passkeys=person is not None and bool(queries.passkeys(person)),
        kept=kept(),
        resume=_resume(),
    )
    return page, status


def sign_in_page(form: SignInForm, status: int) -> Answer:
    """Show the form with what is wrong; what waits to be sent waits on."""
    page = render_template("accounts/sign_in.html", form=form, kept=kept(), resume=_resume())
    return page, status


def mark(form: FlaskForm, error: Invalid) -> int:
    """Show each sentence at its field, or above them all, and return the answer's status."""
    for name, sentence in error.fields.items():
        if name in form:
            form[name].errors = [sentence]
        else:
            form.form_errors.append(sentence)
    return 429 if isinstance(error, Throttled) else 422


def kept() -> list[tuple[str, str]]:
    """Return what waits to be sent."""
    return [
        (name.removeprefix(KEPT), value)
        for name, value in request.form.items(multi=True)
        if name.startswith(KEPT)
    ]


def _resume() -> str:
    target = request.form.get("resume", "")
    return target if is_local(target) else ""
