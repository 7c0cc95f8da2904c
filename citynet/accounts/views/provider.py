"""Doors to sign-in through the network's OpenID Connect provider."""

from __future__ import annotations

from flask import flash, g, redirect, render_template, request, url_for
from flask_login import login_required
from werkzeug.wrappers import Response

from citynet.accounts import provider
from citynet.accounts.service import identities
from citynet.accounts.views import bp, entering
from citynet.kit.doors import anyone, signed_in
from citynet.kit.errors import Conflict, Forbidden
from citynet.kit.http import is_local
from citynet.kit.i18n import _

Answer = str | Response | tuple[str, int]
# The session is a cookie: a longer way back would outgrow it.
LONGEST_TARGET = 500


@bp.get("/sign-in/provider")
@anyone
def provider_begin() -> Answer:
    """Lead to the provider; where it does not answer, back to the password."""
    target = request.args.get("next", "")
    is_kept = is_local(target) and len(target) <= LONGEST_TARGET
    back = url_for("accounts.provider_back", _external=True)
    try:
        return provider.begin(back=back, after=target if is_kept else "")
    except Conflict as error:
        return _to_password(str(error), target)


@bp.get("/sign-in/provider/back")
@anyone
def provider_back() -> Answer:
    """Let in whom the provider knows; whom the network does not know gets a page that helps."""
    target = provider.target()
    try:
        claims = provider.finish()
        opened = identities.sign_in_through(claims, entering.visit())
    except Conflict as error:
        return _to_password(str(error), target)
    except Forbidden as error:
        flash(str(error), "warning")
        return redirect(url_for("accounts.provider_unknown"))
    return entering.let_in(opened, target=target)


@bp.get("/sign-in/provider/unknown")
@anyone
def provider_unknown() -> Answer:
    """Help whom the provider knows and the network does not."""
    provider.require_one()
    return render_template("accounts/provider_unknown.html")


@bp.post("/account/identities/<int:identity_id>/remove")
@login_required
@signed_in
def remove_identity(identity_id: int) -> Answer:
    """Remove the link to one's account at the provider."""
    identities.remove_identity(g.person, identity_id)
    flash(_("The link is removed. Sign in with your password from now on."), "success")
    return redirect(url_for("accounts.settings"))


def _to_password(sentence: str, target: str) -> Response:
    flash(sentence, "warning")
    return redirect(url_for("accounts.sign_in", next=target if is_local(target) else None))
