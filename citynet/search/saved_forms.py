"""The shape of the form of a saved search."""

from __future__ import annotations

from flask_wtf import FlaskForm
from wtforms import RadioField, StringField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined] # new in 3.3
from wtforms.validators import InputRequired, Length

from citynet.kit.i18n import lazy
from citynet.search.models import HowOften
from citynet.search.models.saved import LONGEST_NAME

HOW_OFTEN = {
    HowOften.DAILY: lazy("Every day that brings something new"),
    HowOften.WEEKLY: lazy("Once a week, on Monday"),
    HowOften.NEVER: lazy("Never: only keep the search"),
}


class SavedForm(FlaskForm):  # type: ignore[misc]
    """The name of a search, and how often its mails come."""

    name = StringField(
        lazy("Name"),
        [
            InputRequired(lazy("Write a name.")),
            Length(max=LONGEST_NAME, message=lazy("Write a name of up to 80 characters.")),
        ],
    )
    how_often = RadioField(
        lazy("How often may we write?"),
        choices=[SelectChoice(key.value, words) for key, words in HOW_OFTEN.items()],
        default=HowOften.WEEKLY.value,
    )
