"""The shapes of the forms around signing in."""

from __future__ import annotations

from flask_wtf import FlaskForm
from wtforms import HiddenField, PasswordField, StringField
from wtforms.validators import InputRequired, Length

from citynet.kit.i18n import lazy

# What a device answers is about 1,000 characters; keys on tokens with certificates are longer.
LONGEST_ANSWER = 20_000


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


class CodeForm(FlaskForm):  # type: ignore[misc]
    """The code after the password."""

    code = StringField(lazy("Code"), [InputRequired(lazy("Write the code.")), Length(max=64)])
    next = HiddenField()


class AnswerForm(FlaskForm):  # type: ignore[misc]
    """What a passkey answered, and where to go on."""

    credential = HiddenField(validators=[InputRequired(), Length(max=LONGEST_ANSWER)])
    next = HiddenField()


class ForgotForm(FlaskForm):  # type: ignore[misc]
    """The address that a link is sent to."""

    email = StringField(
        lazy("Email address"),
        [InputRequired(lazy("Write your email address.")), Length(max=254)],
    )


class ResetForm(FlaskForm):  # type: ignore[misc]
    """The new password."""

    password = PasswordField(
        lazy("New password"), [InputRequired(lazy("Write a new password.")), Length(max=200)]
    )
