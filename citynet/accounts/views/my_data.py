"""Doors to one's own data: what is held, download, erase."""

from __future__ import annotations

from flask import flash, g, redirect, render_template, session, url_for
from flask_login import current_user, login_required, logout_user
from werkzeug.wrappers import Response

from citynet.accounts import policy
from citynet.accounts.forms.my_data import DownloadForm, EraseForm
from citynet.accounts.service import erasing, exporting
from citynet.accounts.service.throttling import confirm_password
from citynet.accounts.views import bp, entering
from citynet.kit.doors import policy as asks
from citynet.kit.doors import signed_in
from citynet.kit.errors import Invalid
from citynet.kit.i18n import _

Answer = str | Response | tuple[str, int]


@bp.get("/account/data")
@login_required
@signed_in
def my_data() -> Answer:
    """Tell what is held, why and how long."""
    return _data_page(DownloadForm())


@bp.post("/account/data/download")
@login_required
@asks("can_export")
def download() -> Answer:
    """Give out everything; a session that is not fresh shows the password first."""
    form = DownloadForm()
    try:
        if not policy.is_fresh(current_user):
            confirm_password(g.person, form.current.data or "", entering.address())
        content = exporting.export(g.person, g.person)
    except Invalid as error:
        status = entering.mark(form, error)
        return _data_page(form), status
    answer = Response(content, mimetype="application/zip")
    answer.headers.set("Content-Disposition", "attachment", filename="citynet-data.zip")
    return answer


@bp.get("/account/erase")
@login_required
@signed_in
def erase() -> Answer:
    """Tell what goes and what stays."""
    return _erase_page(EraseForm())


@bp.post("/account/erase")
@login_required
@asks("can_erase")
def erase_post() -> Answer:
    """Erase the person who is signed in, and end this session."""
    form = EraseForm()
    if not form.validate():
        return _erase_page(form), 422
    try:
        confirm_password(g.person, form.current.data or "", entering.address())
    except Invalid as error:
        status = entering.mark(form, error)
        return _erase_page(form), status
    erasing.erase(g.person, g.person)
    logout_user()
    session.clear()
    flash(_("Your data is erased. Thank you for what you shared."), "success")
    return redirect(url_for("web.home"))


def _data_page(form: DownloadForm) -> str:
    return render_template(
        "accounts/my_data.html", form=form, is_fresh=policy.is_fresh(current_user)
    )


def _erase_page(form: EraseForm) -> str:
    return render_template("accounts/erase.html", form=form, obstacles=erasing.obstacles(g.person))
