"""Doors for whoever follows the link of an invitation."""

from __future__ import annotations

from flask import Blueprint, flash, g, redirect, render_template, request, session, url_for
from flask_login import login_required, login_user
from werkzeug.wrappers import Response

from citynet.accounts.models import SignIn
from citynet.accounts.service.signing_in import Visit
from citynet.cities.forms.team import AcceptForm
from citynet.cities.models import Invitation
from citynet.cities.queries import team
from citynet.cities.queries.team import LinkState
from citynet.cities.service import accepting, invitations
from citynet.cities.views.team import mark
from citynet.kit.doors import anyone, signed_in
from citynet.kit.errors import Conflict, Invalid, NotFound
from citynet.kit.i18n import _

bp = Blueprint("invitations", __name__, template_folder="../templates")
Answer = str | Response | tuple[str, int]
OPEN = frozenset({LinkState.NEW, LinkState.SIGN_IN, LinkState.READY})
STATUS = {LinkState.FOREIGN: 403, LinkState.LEADS: 409, LinkState.CLOSED: 403}
GONE = 410


@bp.after_request
def keep_nowhere(response: Response) -> Response:
    """Let no cache keep these pages: they have a secret in their address, names in their text."""
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response


@bp.get("/invitations/<secret>")
@anyone
def accept(secret: str) -> Answer:
    """Show who invites to what, or why the link leads there no more."""
    try:
        found, state = team.link(g.actor, secret)
    except NotFound:
        return render_template("cities/invitations/unknown.html"), 404
    return _page(secret, found, state, AcceptForm(name=found.name))


@bp.post("/invitations/<secret>")
@anyone
def accept_new(secret: str) -> Answer:
    """Accept with a new account, and go in at once; whoever is signed in has one."""
    form = AcceptForm()
    try:
        if g.actor.is_signed_in:
            raise Conflict(_("This link does not lead there any more. See what happened."))
        opened = accepting.accept_new(
            secret, name=form.name.data or "", password=form.password.data or "",
            has_agreed=bool(form.agreed.data),
            visit=Visit(request.remote_addr or "", request.user_agent.string),
        )  # fmt: skip
    except (Invalid, Conflict, NotFound) as error:
        return _again(secret, form, error)
    _enter(opened)
    flash(_("Welcome. Your account is ready."), "success")
    return redirect(url_for("accounts.settings"))


@bp.post("/invitations/<secret>/accept")
@login_required
@signed_in
def accept_as(secret: str) -> Answer:
    """Accept with the account one is signed in with."""
    try:
        found = accepting.accept_as(g.actor, secret)
    except (Conflict, NotFound) as error:
        return _again(secret, AcceptForm(), error)
    flash(_("You accepted the invitation to the %(place)s.", place=_place(found)), "success")
    return redirect(url_for("team.people") if found.city_id else url_for("admin.desk"))


def _again(secret: str, form: AcceptForm, error: Exception) -> Answer:
    """Show the page once more: with what is wrong, or with where the link leads by now."""
    try:
        found, state = team.link(g.actor, secret)
    except NotFound:
        return render_template("cities/invitations/unknown.html"), 404
    if isinstance(error, Invalid):
        mark(form, error)
        return _page(secret, found, state, form, 422)
    if state in OPEN:
        form.form_errors = [str(error)]
    return _page(secret, found, state, form, 409)


def _page(
    secret: str, found: Invitation, state: LinkState, form: AcceptForm, status: int = 200
) -> Answer:
    page = render_template(
        f"cities/invitations/{'accept' if state in OPEN else 'closed'}.html",
        secret=secret, invitation=found, state=state.value, form=form, place=_place(found),
    )  # fmt: skip
    return page, status if state in OPEN else STATUS.get(state, GONE)


def _place(found: Invitation) -> str:
    if found.city is not None:
        return found.city.full_name
    return invitations.seat_words(found.chapter)


def _enter(opened: SignIn) -> None:
    """Let a new session begin on a browser session made anew."""
    session.clear()
    # Flask-WTF remembers the token of the session that was just cleared.
    g.pop("csrf_token", None)
    login_user(opened)
    session.permanent = True
