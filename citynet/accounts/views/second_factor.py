"""Doors to the second factor of one's account: set up, recovery codes, off."""

from __future__ import annotations

import segno
from flask import flash, g, redirect, render_template, request, url_for
from flask_login import current_user, login_required

from citynet.accounts import codes, queries
from citynet.accounts.forms import CodeForm, ConfirmBothForm, ConfirmForm
from citynet.accounts.service import second_factor as service
from citynet.accounts.views import bp
from citynet.accounts.views.entering import Answer, address, mark
from citynet.kit import network
from citynet.kit.doors import signed_in
from citynet.kit.errors import Invalid
from citynet.kit.http import is_local
from citynet.kit.i18n import _


@bp.get("/account/second-factor")
@login_required
@signed_in
def second_factor() -> Answer:
    """Tell what it is and begin; where one is on, renew the recovery codes or switch it off."""
    if queries.second_factor(g.person) is not None:
        return _on_page(ConfirmBothForm())
    return _off_page(ConfirmForm(next=request.args.get("next")))


@bp.post("/account/second-factor/begin")
@login_required
@signed_in
def begin_second_factor() -> Answer:
    """Make a secret for the app."""
    form, status = ConfirmForm(), 422
    try:
        if form.validate():
            service.begin(g.person, form.current.data or "", address=address())
            onward = form.next.data or None
            return redirect(url_for("accounts.confirm_second_factor", next=onward))
    except Invalid as error:
        status = mark(form, error)
    return _off_page(form, status)


@bp.get("/account/second-factor/confirm")
@login_required
@signed_in
def confirm_second_factor() -> Answer:
    """Show the secret to the app, and ask for its first code."""
    return _secret_page(CodeForm(next=request.args.get("next")))


@bp.post("/account/second-factor/confirm")
@login_required
@signed_in
def confirm_second_factor_post() -> Answer:
    """Switch the second factor on, and show the recovery codes once."""
    form, status = CodeForm(), 422
    try:
        if form.validate():
            made = service.confirm(
                g.person, form.code.data or "", sign_in=current_user, address=address()
            )
            return _codes_page(made, form.next.data or "", is_new=True)
    except Invalid as error:
        status = mark(form, error)
    return _secret_page(form, status)


@bp.post("/account/second-factor/codes")
@login_required
@signed_in
def renew_recovery_codes() -> Answer:
    """Show new recovery codes once; the old ones are void."""
    form, status = ConfirmBothForm(), 422
    try:
        if form.validate():
            made = service.renew_codes(
                g.person, form.current.data or "", form.code.data or "", address=address()
            )
            return _codes_page(made, "", is_new=False)
    except Invalid as error:
        status = mark(form, error)
    return _on_page(form, status)


@bp.post("/account/second-factor/off")
@login_required
@signed_in
def second_factor_off() -> Answer:
    """Switch it off."""
    form, status = ConfirmBothForm(), 422
    try:
        if form.validate():
            service.switch_off(
                g.person, form.current.data or "", form.code.data or "", address=address()
            )
            flash(_("The second factor is off. The password alone opens your account."), "success")
            return redirect(url_for("accounts.settings"))
    except Invalid as error:
        status = mark(form, error)
    return _on_page(form, status)


def _off_page(form: ConfirmForm, status: int = 200) -> Answer:
    is_owed = queries.owes_second_factor(current_user)
    return render_template("accounts/second_factor_off.html", form=form, is_owed=is_owed), status


def _on_page(form: ConfirmBothForm, status: int = 200) -> Answer:
    page = render_template(
        "accounts/second_factor_on.html",
        form=form,
        is_off=request.endpoint == "accounts.second_factor_off",
        left=queries.recovery_codes_left(g.person),
        is_required=queries.must_have_second_factor(g.person),
    )
    return page, status


def _secret_page(form: CodeForm, status: int = 200) -> Answer:
    secret = service.secret_of(g.person)
    if secret is None:
        return redirect(url_for("accounts.second_factor", next=form.next.data or None))
    name = network.current().name
    picture = segno.make(codes.address(secret, person=g.person.email, network=name), micro=False)
    page = render_template(
        "accounts/second_factor_secret.html",
        form=form,
        secret=[secret[at : at + 4] for at in range(0, len(secret), 4)],
        picture=picture.svg_data_uri(border=2, dark="#10272e", light="#ffffff"),
    )
    return page, status


def _codes_page(made: list[str], target: str, *, is_new: bool) -> Answer:
    onward = target if is_local(target) else url_for("accounts.settings")
    lines = [f"{network.current().name}: {g.person.email}", "", *made, ""]
    return render_template(
        "accounts/recovery_codes.html",
        codes=made,
        text="\r\n".join(lines),
        onward=onward,
        is_new=is_new,
    )
