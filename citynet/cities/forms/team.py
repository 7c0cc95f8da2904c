"""The shapes of the forms about a city's people."""

from __future__ import annotations

from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from wtforms import (
    BooleanField,
    PasswordField,
    SelectField,
    StringField,
    TextAreaField,
)  # fmt: skip
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined] # new in 3.3
from wtforms.validators import Length

from citynet.kit.i18n import LANGUAGES, lazy

LONGEST_LIST = 100_000
LANGUAGE_CHOICES = [SelectChoice(code, name) for code, name in LANGUAGES.items()]


class InviteForm(FlaskForm):  # type: ignore[misc]
    """One official to invite."""

    name = StringField(lazy("Name"), [Length(max=120)])
    email = StringField(lazy("Email address"), [Length(max=254)])
    language = SelectField(lazy("Language of the letter"), choices=LANGUAGE_CHOICES)


class InviteManyForm(FlaskForm):  # type: ignore[misc]
    """A pasted list, or a file in its place."""

    people = TextAreaField(
        lazy("People"),
        [Length(max=LONGEST_LIST, message=lazy("This list is too long. Send at most 500 people."))],
    )
    file = FileField(lazy("Or a file"))
    language = SelectField(lazy("Language of the letters"), choices=LANGUAGE_CHOICES)


class AcceptForm(FlaskForm):  # type: ignore[misc]
    """What an invited person gives for an account."""

    name = StringField(lazy("Your name"), [Length(max=120)])
    password = PasswordField(lazy("Password"), [Length(max=200)])
    agreed = BooleanField(
        lazy("I agree that the network keeps my name, my address and what I do here.")
    )


class AskForm(FlaskForm):  # type: ignore[misc]
    """What somebody tells who asks to join their city."""

    name = StringField(lazy("Your name"), [Length(max=120)])
    email = StringField(lazy("Your email address at work"), [Length(max=254)])
    office = StringField(lazy("Office or agency"), [Length(max=120)])
    note = TextAreaField(lazy("Note to the lead (optional)"), [Length(max=1000)])
    agreed = BooleanField(
        lazy("I agree that the lead of the city and the secretariat read this, to decide on it.")
    )


class ReasonForm(FlaskForm):  # type: ignore[misc]
    """Why, in words the other person reads."""

    reason = TextAreaField(lazy("Reason"), [Length(max=1000)])
