"""The shape of a topic as it is typed."""

from __future__ import annotations

from flask_wtf import FlaskForm
from wtforms import SelectField, StringField, TextAreaField
from wtforms.validators import Length

from citynet.kit.i18n import lazy
from citynet.practices.topic_words import LONGEST_DESCRIPTION, LONGEST_NAME

LONGEST_LIST = 5000


class TopicForm(FlaskForm):  # type: ignore[misc]
    """Both languages, other words one a line, and the topic above."""

    name_en = StringField(lazy("Name in English"), [Length(max=LONGEST_NAME)])
    name_id = StringField(lazy("Name in Indonesian"), [Length(max=LONGEST_NAME)])
    description_en = StringField(lazy("Description in English"), [Length(max=LONGEST_DESCRIPTION)])
    description_id = StringField(
        lazy("Description in Indonesian"), [Length(max=LONGEST_DESCRIPTION)]
    )
    synonyms_en = TextAreaField(lazy("Other words in English"), [Length(max=LONGEST_LIST)])
    synonyms_id = TextAreaField(lazy("Other words in Indonesian"), [Length(max=LONGEST_LIST)])
    narrower_en = TextAreaField(lazy("Narrower words in English"), [Length(max=LONGEST_LIST)])
    narrower_id = TextAreaField(lazy("Narrower words in Indonesian"), [Length(max=LONGEST_LIST)])
    # Which topics there are is asked of the database.
    parent = SelectField(lazy("Stands under"), validate_choice=False)
