"""The shape of the authoring form; what the fields may hold is `content.py`'s."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from flask_wtf import FlaskForm
from wtforms import (  # type: ignore[attr-defined] # its stubs do not know SelectChoice yet
    BooleanField,
    FieldList,
    Form,
    FormField,
    HiddenField,
    RadioField,
    SelectChoice,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    widgets,
)  # fmt: skip

from citynet.kit.i18n import LANGUAGES, lazy
from citynet.practices.content import Content
from citynet.practices.words import (
    DIMENSIONS,
    LABELS,
    OFFERS,
    SDGS,
    STATUSES,
    VISIBILITIES,
)  # fmt: skip

ROWS = {"blocks": 30, "results": 50}


def _choices(words: Mapping[Any, str]) -> list[SelectChoice]:
    return [SelectChoice(value, label) for value, label in words.items()]


class Checkboxes(SelectMultipleField):
    """Several of a closed set, one box each."""

    widget = widgets.ListWidget(prefix_label=False)
    option_widget = widgets.CheckboxInput()


class BlockForm(Form):
    """One building block."""

    name = StringField(lazy("What it is called"))
    purpose = TextAreaField(lazy("What it is for"))
    needs = TextAreaField(lazy("What must exist first"))
    lesson = TextAreaField(lazy("What you learned"))


class ResultForm(Form):
    """One row of results."""

    indicator = StringField(lazy("What was measured"))
    unit = StringField(lazy("Unit (days, visits)"))
    before = StringField(lazy("Before"))
    after = StringField(lazy("After"))
    dates = StringField(lazy("When measured"))
    source = StringField(lazy("Source"))
    expected = BooleanField(lazy("This is expected, not yet measured"))


class Rows(FieldList):  # type: ignore[type-arg]
    """Rows of a form; a name with a number that no page writes is no row."""

    def _extract_indices(self, prefix: str, formdata: Mapping[str, object]) -> Iterator[int]:
        plain = re.compile(re.escape(prefix) + "-[0-9]{1,3}(-|$)")
        names = [name for name in formdata if plain.match(name)]
        yield from super()._extract_indices(prefix, names)  # type: ignore[misc]


class PracticeForm(FlaskForm):  # type: ignore[misc]
    """Everything an author may tell; `base` is the text the editor began from."""

    base = HiddenField()
    title = StringField(LABELS["title"])
    subtitle = StringField(LABELS["subtitle"])
    language = RadioField(LABELS["language"], choices=_choices(LANGUAGES), default="en")
    visibility = RadioField(LABELS["visibility"], choices=_choices(VISIBILITIES), default="public")
    agency = StringField(LABELS["agency"])
    summary = TextAreaField(LABELS["summary"])
    topics = SelectMultipleField(LABELS["topics"], validate_choice=False)
    dimension = SelectField(LABELS["dimension"], validate_choice=False)
    sdgs = Checkboxes(LABELS["sdgs"], coerce=int, choices=_choices(SDGS), validate_choice=False)
    status = RadioField(LABELS["status"], choices=_choices(STATUSES), validate_choice=False)
    stopped_reason = TextAreaField(LABELS["stopped_reason"])
    started = StringField(LABELS["started"])
    ended = StringField(LABELS["ended"])
    problem = TextAreaField(LABELS["problem"])
    blocks = Rows(FormField(BlockForm), LABELS["blocks"], max_entries=ROWS["blocks"])
    cost = TextAreaField(LABELS["cost"])
    staffing = TextAreaField(LABELS["staffing"])
    legal_basis = TextAreaField(LABELS["legal_basis"])
    results = Rows(FormField(ResultForm), LABELS["results"], max_entries=ROWS["results"])
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
    offers = Checkboxes(LABELS["offers"], choices=_choices(OFFERS), validate_choice=False)
    licence = StringField(LABELS["licence"], default="CC-BY-4.0")
    source_url = StringField(LABELS["source_url"])
    source_name = StringField(LABELS["source_name"])
    unknown = SelectMultipleField(lazy("Not known"), validate_choice=False)

    def with_choices(self) -> PracticeForm:
        """Offer the dimensions, and one empty row where there is none."""
        self.dimension.choices = [SelectChoice("", lazy("Choose one")), *_choices(DIMENSIONS)]
        for name in ROWS:
            if not self._fields[name].entries:
                self._fields[name].append_entry()
        return self


def from_content(content: Content, *, base: str) -> PracticeForm:
    """Return the form filled with a text."""
    data = content.model_dump(mode="json")
    data["dimension"] = data["dimension"] or ""
    return PracticeForm(None, data={**data, "base": base})


def change_rows(form: PracticeForm, action: str) -> str | None:
    """Add or remove a row, as `add-blocks` or `remove-results-2` asks.

    Returns the id of what to look at next; None where the action asks for something else.
    """
    verb, name, number = [*action.split("-"), "", ""][:3]
    if verb not in ("add", "remove") or name not in ROWS:
        return None
    rows = form._fields[name]
    if verb == "add" and len(rows.entries) < ROWS[name]:
        return str(rows.append_entry().id)
    if verb == "remove" and number.isascii() and number.isdigit():
        position = int(number[:3])
        if position < len(rows.entries):
            rows.pop_entry(position)
    return name


def to_record(form: PracticeForm) -> Mapping[str, object]:
    """Return what was typed, as a record that `content.read` takes.

    Empty rows are dropped, from the form too: a row's number means the same in both.
    """
    for name in ROWS:
        rows = form._fields[name]
        for position in reversed(range(len(rows.entries))):
            if not any(_typed(value) for value in rows.entries[position].data.values()):
                rows.pop_entry(position)
    record = {
        name: field.data for name, field in form._fields.items() if name in Content.model_fields
    }
    for name in ROWS:
        record[name] = [_without_none(row) for row in record[name]]
    for name in ("topics", "sdgs", "offers", "unknown"):
        record[name] = list(dict.fromkeys(value for value in record[name] or () if value))
    choices = {name: record[name] or None for name in ("dimension", "status")}
    return {**_without_none(record), **choices}


def show_errors(form: PracticeForm, problems: Mapping[str, str]) -> None:
    """Put the sentences at their fields; a row's problem stands at its own input."""
    for name, sentence in problems.items():
        steps = name.split(".")
        field = form._fields.get(steps[0], form.title)
        if len(steps) == 3 and steps[0] in ROWS and int(steps[1]) < len(field.entries):
            inner = field.entries[int(steps[1])].form._fields.get(steps[2])
            if inner is not None:
                inner.errors = [*inner.errors, sentence]
                field.errors = [entry.errors for entry in field.entries]
                continue
        field.errors = [*field.errors, sentence]


def _without_none(record: Mapping[str, object]) -> dict[str, object]:
    """Read a field that was not posted as an empty one."""
    return {name: "" if value is None else value for name, value in record.items()}


def _typed(value: object) -> bool:
    return bool(value.strip() if isinstance(value, str) else value)
