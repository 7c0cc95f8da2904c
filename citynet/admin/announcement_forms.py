"""The shape of an announcement as it is typed."""

from __future__ import annotations

from flask_wtf import FlaskForm
from wtforms import DateField, HiddenField, RadioField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined] # new in 3.3
from wtforms.validators import Length, Optional

from citynet.announcements.models import LONGEST_LINK, LONGEST_TEXT, LONGEST_TITLE, Audience
from citynet.kit.i18n import lazy

TITLE, TEXT = Length(max=LONGEST_TITLE), Length(max=LONGEST_TEXT)


class AnnouncementForm(FlaskForm):  # type: ignore[misc]
    """Both languages, the days, and whom it is for."""

    title_en = StringField(lazy("Title in English"), [TITLE])
    text_en = TextAreaField(lazy("Text in English"), [TEXT])
    title_id = StringField(lazy("Title in Indonesian"), [TITLE])
    text_id = TextAreaField(lazy("Text in Indonesian"), [TEXT])
    link = StringField(lazy("Where to read on (optional)"), [Length(max=LONGEST_LINK)])
    begins_on = DateField(lazy("First day"), [Optional()])
    ends_on = DateField(lazy("Last day"), [Optional()])
    audience = RadioField(
        lazy("Who reads it"),
        choices=[
            SelectChoice(Audience.EVERYBODY.value, lazy("Everybody")),
            SelectChoice(Audience.MEMBERS.value, lazy("Officials of member cities")),
        ],
        default=Audience.EVERYBODY.value,
    )
    # The version that the form was opened on.
    version = HiddenField()
