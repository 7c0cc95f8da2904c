"""The shapes of the forms of one's account; what is secret asks for the password again."""

from __future__ import annotations

from flask_wtf import FlaskForm
from wtforms import HiddenField, PasswordField, StringField
from wtforms.validators import InputRequired, Length

from citynet.accounts.forms.signing_in import LONGEST_ANSWER, CodeForm, ResetForm
from citynet.kit.i18n import lazy


class NameForm(FlaskForm):  # type: ignore[misc]
    """The name that others see."""

    name = StringField(lazy("Name"), [InputRequired(lazy("Write your name.")), Length(max=120)])


class ConfirmForm(FlaskForm):  # type: ignore[misc]
    """The password, asked again."""

    current = PasswordField(
        lazy("Your password"), [InputRequired(lazy("Write your password.")), Length(max=200)]
    )
    next = HiddenField()


class PasswordForm(ConfirmForm, ResetForm):
    """The password until now, and the new one."""


class EmailForm(ConfirmForm):
    """The new address."""

    email = StringField(
        lazy("New email address"),
        [InputRequired(lazy("Write the new email address.")), Length(max=254)],
    )


class ConfirmBothForm(ConfirmForm, CodeForm):
    """The password and a code."""


class PasskeyForm(ConfirmForm):
    """The name of a passkey, and what the device answered."""

    name = StringField(
        lazy("Name of the passkey"),
        [InputRequired(lazy("Give the passkey a name.")), Length(max=60)],
    )


class NewPasskeyForm(FlaskForm):  # type: ignore[misc]
    """What the device made, with the name given to it; the password was asked before."""

    name = StringField(validators=[InputRequired(), Length(max=60)])
    credential = HiddenField(validators=[InputRequired(), Length(max=LONGEST_ANSWER)])
