"""Doors of an applicant's private page: whoever holds the mailed link enters, and nobody else.

None of them is to be found by a search engine, or told to another site.
"""

from __future__ import annotations

from flask import flash, render_template, request, url_for
from werkzeug.utils import redirect
from werkzeug.wrappers import Response

from citynet.cities.forms.joining import AddForm
from citynet.cities.models import LinkPurpose
from citynet.cities.queries import applications as queries
from citynet.cities.service import applications
from citynet.cities.views.joining import Answer, Kept, bp, kept_id, read_file
from citynet.kit import http, throttle, uploads
from citynet.kit.doors import anyone
from citynet.kit.errors import Conflict, Invalid
from citynet.kit.i18n import _

PRIVATE = frozenset(
    f"joining.{view}"
    for view in (
        "confirm", "confirm_post", "status", "add", "withdraw", "withdraw_post", "own_file",
    )
)  # fmt: skip


@bp.after_request
def keep_private(response: Response) -> Response:
    """Keep the secret in the address from search engines, other sites and shared browsers.

    The policy is `same-origin`, not `no-referrer`: over HTTPS the check against forgery wants to
    see that a form came from here.
    """
    if request.endpoint in PRIVATE:
        response.headers["X-Robots-Tag"] = "noindex, nofollow"
        response.headers["Referrer-Policy"] = "same-origin"
        response.headers["Cache-Control"] = "no-store"
    return response


@bp.get("/confirm/<string(length=43):secret>")
@anyone
def confirm(secret: str) -> Answer:
    """Ask for one press: programs that look at the links of mails press nothing."""
    link = queries.link_of(secret, LinkPurpose.CONFIRM)
    if not queries.is_usable(link):
        return _over(_("This link was used already, or is too old."))
    return render_template(
        "cities/joining/confirm.html", application=link.application, secret=secret
    )


@bp.post("/confirm/<string(length=43):secret>")
@anyone
def confirm_post(secret: str) -> Answer:
    """Bring the application to the secretariat."""
    try:
        follow = applications.confirm(secret)
    except Conflict as error:
        return _over(str(error))
    flash(_("Your application is with the secretariat now."), "success")
    return redirect(url_for("joining.status", secret=follow))


@bp.get("/<string(length=43):secret>")
@anyone
def status(secret: str) -> Answer:
    """Show where the application stands."""
    return _show(secret, AddForm(None))


@bp.post("/<string(length=43):secret>/add")
@anyone
@http.allow_upload(uploads.MOST_REQUEST_BYTES)
def add(secret: str) -> Answer:
    """Add text and files."""
    queries.applied_by(secret)
    form = AddForm()
    if not throttle.hit("join.add", request.remote_addr or "", limit=30, minutes=60):
        form.text.errors = [_("You tried too often. Wait an hour and try again.")]
        return _show(secret, form), 429
    is_valid, kept = form.validate(), read_file(form)
    if not is_valid or form.file.errors:
        return _show(secret, form, kept), 422
    try:
        applications.add(secret, form.text.data or "", [kept_id(kept.token)] if kept else [])
    except Invalid as error:
        form.text.errors = [*error.fields.values()]
        return _show(secret, form, kept), 422
    flash(_("The secretariat has it now."), "success")
    return redirect(url_for("joining.status", secret=secret))


@bp.get("/<string(length=43):secret>/withdraw")
@anyone
def withdraw(secret: str) -> Answer:
    """Ask before an application is taken back."""
    found = queries.followed(secret)
    return render_template("cities/joining/withdraw.html", followed=found, secret=secret)


@bp.post("/<string(length=43):secret>/withdraw")
@anyone
def withdraw_post(secret: str) -> Answer:
    """Take the application back."""
    applications.withdraw(secret)
    flash(_("Your application is withdrawn."), "success")
    return redirect(url_for("joining.status", secret=secret))


@bp.get("/<string(length=43):secret>/files/<int:file_id>")
@anyone
def own_file(secret: str, file_id: int) -> Response:
    """Give back a file that the applicant added."""
    found = queries.own_file(secret, file_id)
    return uploads.answer(found.stored, found.name, found.media_type)


def _show(secret: str, form: AddForm, kept: Kept | None = None) -> str:
    return render_template(
        "cities/joining/status.html", followed=queries.followed(secret), secret=secret, form=form,
        kept=kept,
    )  # fmt: skip


def _over(message: str) -> tuple[str, int]:
    """Tell that a link leads nowhere any more: 410."""
    return render_template("cities/joining/over.html", message=message), 410
