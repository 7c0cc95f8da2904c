"""The shapes of the forms of an application: asked by strangers, so each field is bounded."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from wtforms import (
    BooleanField,
    EmailField,
    Field,
    HiddenField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)  # fmt: skip
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined] # new in 3.3
from wtforms.validators import InputRequired, Length
from wtforms.widgets import TextInput

from citynet.cities.models import Kind
from citynet.cities.models.application import COUNTRIES
from citynet.kit.i18n import LANGUAGES, _, country_name, current_language, lazy

GROUPED = re.compile(r"\d{1,3}(?:([ .,'\u00a0\u202f])\d{3})(?:\1\d{3})*")
KINDS = [
    SelectChoice(Kind.KOTA.value, lazy("City (kota)")),
    SelectChoice(Kind.KABUPATEN.value, lazy("Regency (kabupaten)")),
    SelectChoice(Kind.CITY.value, lazy("City or town")),
]


class PeopleField(Field):
    """A whole number as people write it: 2083924, 2,083,924 or 2.083.924."""

    widget = TextInput()

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        """Read the number; what is none stays as it was typed."""
        text = valuelist[0].strip() if valuelist else ""
        if GROUPED.fullmatch(text):
            text = re.sub(r"\D", "", text)
        if text and not re.fullmatch(r"[0-9]{1,12}", text):
            raise ValueError(_("Write the number of people in digits, such as 250000."))
        self.data = int(text) if text else None

    def _value(self) -> str:
        return str(self.raw_data[0]) if self.raw_data else _written(self.data)


class AreaField(Field):
    """Square kilometres: 714.24 and 714,24; of 1.234 the reader's language tells what it is."""

    widget = TextInput()

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        """Read the number; what is none stays as it was typed."""
        text = re.sub(r"[\s']", "", valuelist[0]) if valuelist else ""
        plain = _plain_decimal(text)
        if text and plain is None:
            raise ValueError(_("Write the area in square kilometres, such as 125.5."))
        self.data = plain

    def _value(self) -> str:
        return str(self.raw_data[0]) if self.raw_data else _written(self.data)


class ApplicationForm(FlaskForm):  # type: ignore[misc]
    """What every application holds. Name, country and province: of a city not in the table."""

    city = HiddenField(validators=[Length(max=120)])
    name = StringField(lazy("Name of the city"), [Length(max=120)])
    country = SelectField(lazy("Country"), validate_choice=False)
    province = StringField(lazy("Province, state or region (optional)"), [Length(max=80)])
    kind = RadioField(lazy("What it is"), choices=KINDS)
    population = PeopleField(lazy("Population (optional)"))
    area_km2 = AreaField(lazy("Area in km² (optional)"))
    contact_name = StringField(
        lazy("Name of the contact person"),
        [InputRequired(lazy("Write the name of the contact person.")), Length(max=120)],
    )
    office = StringField(
        lazy("Office or position"),
        [
            InputRequired(lazy("Write the office or position of the contact person.")),
            Length(max=160),
        ],
    )
    email = EmailField(
        lazy("Email address"),
        [InputRequired(lazy("Write an email address, such as name@city.go.id.")), Length(max=254)],
    )
    phone = StringField(lazy("Phone (optional)"), [Length(max=40)])
    language = RadioField(
        lazy("Language of our mails"),
        choices=[SelectChoice(code, name) for code, name in LANGUAGES.items()],
        default=current_language,
    )
    file = FileField(lazy("Letter of intent (optional)"))
    # A signed reference to a file that was sent with a form that had errors.
    kept = HiddenField(validators=[Length(max=200)])
    note = TextAreaField(lazy("Note to the secretariat (optional)"), [Length(max=2000)])

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.country.choices = [SelectChoice("", _("Choose a country")), *_countries()]


class ApplyForm(ApplicationForm):
    """The public form: with the consent that the data may be used."""

    consent = BooleanField(
        lazy("I agree that the secretariat uses what I wrote to decide on the membership."),
        [InputRequired(lazy("Without your consent the secretariat may not read the application."))],
    )


class AddForm(FlaskForm):  # type: ignore[misc]
    """What an applicant adds later."""

    text = TextAreaField(lazy("Your answer or note"), [Length(max=5000)])
    file = FileField(lazy("A file (optional)"))
    kept = HiddenField(validators=[Length(max=200)])


class EmailForm(FlaskForm):  # type: ignore[misc]
    """The address to which a link goes."""

    email = EmailField(
        lazy("Email address"),
        [InputRequired(lazy("Write the address that you applied with.")), Length(max=254)],
    )


def _countries() -> list[SelectChoice]:
    names = sorted((country_name(code), code) for code in COUNTRIES)
    return [SelectChoice(code, name) for name, code in names]


def _plain_decimal(text: str) -> float | None:
    marks = [one for one in text if one in ".,"]
    if not re.fullmatch(r"[0-9][0-9.,]{0,14}", text):
        return None
    if len(set(marks)) == 2 and marks.count(marks[-1]) == 1:
        decimal = marks[-1]
    elif len(marks) == 1 and not re.fullmatch(r"\d{1,3}[.,]\d{3}", text):
        decimal = marks[0]
    else:
        decimal = "," if current_language() == "id" else "."
    thousands = "." if decimal == "," else ","
    text = text.replace(thousands, "").replace(decimal, ".")
    return float(text) if text.count(".") <= 1 and text[-1] != "." else None


def _written(number: float | None) -> str:
    if number is None:
        return ""
    return str(number) if isinstance(number, int) else f"{number:.2f}".rstrip("0").rstrip(".")
