"""The shape of the forms on one's own data."""

from __future__ import annotations

from flask_wtf import FlaskForm
from wtforms import PasswordField, StringField, ValidationError
from wtforms.validators import InputRequired, Length

from citynet.kit.i18n import _, lazy


class DownloadForm(FlaskForm):  # type: ignore[misc]
    """The password, where the session is not fresh."""

    current = PasswordField(lazy("Your password"), [Length(max=200)])


class EraseForm(FlaskForm):  # type: ignore[misc]
    """The password, and a word typed on purpose."""

    asked = lazy("erase")
    current = PasswordField(
        lazy("Your password"), [InputRequired(lazy("Write your password.")), Length(max=200)]
    )
    word = StringField(lazy("The word"), [Length(max=40)])

    def validate_word(self, field: StringField) -> None:
        """Take the word as it is asked for, in any case."""
        if (field.data or "").strip().casefold() != str(self.asked).casefold():
            raise ValidationError(_("Type the word “%(word)s”.", word=self.asked))
