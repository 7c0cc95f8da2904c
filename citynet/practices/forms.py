"""The shape of the authoring form; what the fields may hold is `content.py`'s."""

from __future__ import annotations

from collections.abc import Mapping

from flask_wtf import FlaskForm
from wtforms import (
    BooleanField, FieldList, Form, FormField, HiddenField, RadioField, SelectField,
    SelectMultipleField, StringField, TextAreaField,
)  # fmt: skip

from citynet.kit.i18n import lazy
from citynet.practices.content import Content
from citynet.practices.words import (
    DIMENSIONS, LABELS, OFFERS, SDGS, STATUSES, VISIBILITIES,
)  # fmt: skip

ROWS = {"blocks": 30, "results": 50}


class BlockForm(Form):  # type: ignore[misc]
    """One building block."""

    name = StringField(lazy("What it is called"))
    purpose = TextAreaField(lazy("What it is for"))
    needs = TextAreaField(lazy("What must exist first"))
    lesson = TextAreaField(lazy("What you learned"))


class ResultForm(Form):  # type: ignore[misc]
    """One row of results."""

    indicator = StringField(lazy("What was measured"))
    unit = StringField(lazy("Unit, such as days or visits"))
    before = StringField(lazy("Before"))
    after = StringField(lazy("After"))
    dates = StringField(lazy("When measured"))
    source = StringField(lazy("Source"))
    expected = BooleanField(lazy("This is expected, not yet measured"))


class PracticeForm(FlaskForm):  # type: ignore[misc]
    """Everything an author may tell; `base` is the text the editor began from."""

    base = HiddenField()
    title = StringField(LABELS["title"])
    subtitle = StringField(LABELS["subtitle"])
    language = RadioField(
        LABELS["language"], choices=[("en", "English"), ("id", "Bahasa Indonesia")], default="en"
    )
    visibility = RadioField(
        LABELS["visibility"], choices=list(VISIBILITIES.items()), default="public"
    )
    agency = StringField(LABELS["agency"])
    summary = TextAreaField(LABELS["summary"])
    topics = SelectMultipleField(LABELS["topics"], validate_choice=False)
    dimension = SelectField(LABELS["dimension"], validate_choice=False)
    sdgs = SelectMultipleField(
        LABELS["sdgs"], coerce=int, choices=list(SDGS.items()), validate_choice=False
    )
    status = RadioField(LABELS["status"], choices=list(STATUSES.items()), validate_choice=False)
    stopped_reason = TextAreaField(LABELS["stopped_reason"])
    started = StringField(LABELS["started"])
    ended = StringField(LABELS["ended"])
    problem = TextAreaField(LABELS["problem"])
    blocks = FieldList(FormField(BlockForm), max_entries=ROWS["blocks"])
    cost = TextAreaField(LABELS["cost"])
    staffing = TextAreaField(LABELS["staffing"])
    legal_basis = TextAreaField(LABELS["legal_basis"])
    results = FieldList(FormField(ResultForm), max_entries=ROWS["results"])
    difficulties = TextAreaField(LABELS["difficulties"])
    lessons = TextAreaField(LABELS["lessons"])
    not_again = TextAreaField(LABELS["not_again"])
    replicate_needs = TextAreaField(LABELS["replicate_needs"])
    replicate_adapt = TextAreaField(LABELS["replicate_adapt"])
    replicate_not = TextAreaField(LABELS["replicate_not"])
    replicate_smallest = TextAreaField(LABELS["replicate_smallest"])
    culture = TextAreaField(LABELS["culture"])
    upkeep = TextAreaField(LABELS["upkeep"])
    awards = TextAreaField(LABELS["awards"])
    contact_office = StringField(LABELS["contact_office"])
    contact_backup = StringField(LABELS["contact_backup"])
    offers = SelectMultipleField(
        LABELS["offers"], choices=list(OFFERS.items()), validate_choice=False
    )
    source_url = StringField(LABELS["source_url"])
    source_name = StringField(LABELS["source_name"])
    unknown = SelectMultipleField(lazy("Not known"), validate_choice=False)

    def with_choices(self, topics: list[tuple[str, str]]) -> PracticeForm:
        """Offer the topics, and one empty row where there is none."""
        self.topics.choices = topics
        self.dimension.choices = [("", lazy("Choose one")), *DIMENSIONS.items()]
        for rows in (self.blocks, self.results):
            if not rows.entries:
                rows.append_entry()
        return self


def from_content(content: Content, *, base: str) -> PracticeForm:
    """Return the form filled with a text."""
    data = content.model_dump(mode="json")
    data["dimension"] = data["dimension"] or ""
    return PracticeForm(None, data={**data, "base": base})


def to_record(form: PracticeForm) -> Mapping[str, object]:
    """Return what was typed, as a record that `content.read` takes; empty rows are dropped."""
    record = {
        name: field.data for name, field in form._fields.items() if name in Content.model_fields
    }
    for name in ROWS:
        record[name] = [row for row in record[name] if any(row.values())]
    for name in ("dimension", "status"):
        record[name] = record[name] or None
    for name in ("topics", "sdgs", "offers", "unknown"):
        record[name] = record[name] or []
    return {name: "" if value is None and name not in {"dimension", "status"} else value
            for name, value in record.items()}  # fmt: skip


def show_errors(form: PracticeForm, problems: Mapping[str, str]) -> None:
    """Put the sentences at their fields; a row's problem stands at its own input."""
    for name, sentence in problems.items():
        steps = name.split(".")
        field = form._fields.get(steps[0], form.title)
        if len(steps) == 3 and steps[0] in ROWS and int(steps[1]) < len(field.entries):
            field = field.entries[int(steps[1])].form._fields.get(steps[2], field)
        field.errors = [*field.errors, sentence]
