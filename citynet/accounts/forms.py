"""The shape of the sign-in form."""

from __future__ import annotations

from flask_wtf import FlaskForm
from wtforms import HiddenField, PasswordField, StringField
from wtforms.validators import InputRequired, Length

from citynet.kit.i18n import lazy


class SignInForm(FlaskForm):  # type: ignore[misc]
    """Address, password and where to go on."""

    email = StringField(
        lazy("Email address"),
        [InputRequired(lazy("Write your email address.")), Length(max=254)],
    )
    password = PasswordField(
        lazy("Password"), [InputRequired(lazy("Write your password.")), Length(max=200)]
    )
    next = HiddenField()
