"""The fields of the editor's forms: rich texts, rows, closed sets."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from wtforms import (  # type: ignore[attr-defined] # its stubs do not know SelectChoice yet
    BooleanField,
    Field,
    FieldList,
    Form,
    FormField,
    RadioField,
    SelectChoice,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    widgets,
)  # fmt: skip

from citynet.kit import html, markdown
from citynet.kit.errors import Invalid
from citynet.kit.i18n import LANGUAGES, lazy
from citynet.practices.content import RICH
from citynet.practices.fields import LONGEST_MARKUP, MOST_ROWS
from citynet.practices.words import (
    COST_BANDS,
    DIMENSIONS,
    LABELS,
    OFFERS,
    RESULT_KINDS,
    SDGS,
    STATUSES,
    VISIBILITIES,
)  # fmt: skip


def choices(words: Mapping[Any, str], *, empty: str = "") -> list[SelectChoice]:
    """Return the choices of a closed set, after one that says nothing."""
    found = [SelectChoice(value, label) for value, label in words.items()]
    return [SelectChoice("", empty), *found] if empty else found


class Checkboxes(SelectMultipleField):
    """Several of a closed set, one box each."""

    widget = widgets.ListWidget(prefix_label=False)
    option_widget = widgets.CheckboxInput()


class RichField(TextAreaField):
    """A rich text: Markdown in the box, or HTML where a script says that it posts HTML.

    `data` is what a row holds; `typed` what was posted, None where nothing was.
    """

    typed: str | None = None
    is_html = False

    def process(self, formdata: Any, *args: Any, **options: Any) -> None:
        """Read which of the two is posted, then the text."""
        self.is_html = formdata is not None and formdata.get("format") == "html"
        super().process(formdata, *args, **options)

    def process_formdata(self, valuelist: list[str]) -> None:
        """Keep what was typed beside what it says."""
        if valuelist:
            self.typed = valuelist[0].replace("\r\n", "\n").strip()

    def told(self, known: Mapping[str, str]) -> str:
        """Return the HTML of what was typed; `known` are texts whose Markdown is unchanged."""
        if self.typed is None or self.is_html or len(self.typed) > LONGEST_MARKUP:
            return self.data or "" if self.typed is None else self.typed
        try:
            return known.get(self.typed) or markdown.to_html(self.typed)
        except Invalid:
            return self.typed

    def markup(self) -> str:
        """Return cleaned HTML for a script's editor; of what cannot be read the bare words."""
        text = self.told({})
        try:
            return html.from_text(text)
        except Invalid:
            return str(html.paragraphs(html.plain(text)))

    def _value(self) -> str:
        """Write Markdown: what was typed as it was typed."""
        if self.typed is not None and not self.is_html:
            return self.typed
        return markdown.from_html(self.markup())


class Rows(FieldList):  # type: ignore[type-arg]
    """Rows of a form; a name with a number that no page writes is no row.

    `sent` are the places that the rows had before empty ones were dropped.
    """

    sent: Sequence[int] = ()

    def _extract_indices(self, prefix: str, formdata: Mapping[str, object]) -> Iterator[int]:
        plain = re.compile(re.escape(prefix) + "-[0-9]{1,3}(-|$)")
        names = [name for name in formdata if plain.match(name)]
        yield from super()._extract_indices(prefix, names)  # type: ignore[misc]

    def move(self, position: int, steps: int) -> int:
        """Move a row and return where it stands then; the others keep their order."""
        target = position + steps
        if not (0 <= position < len(self.entries) and 0 <= target < len(self.entries)):
            return position
        self.entries.insert(target, self.entries.pop(position))
        self._compact_indices()  # type: ignore[attr-defined]
        return target


class BlockForm(Form):
    """One building block."""

    name = StringField(lazy("What it is called"))
    purpose = RichField(lazy("What it is for"))
    needs = RichField(lazy("What must exist first"))
    lesson = RichField(lazy("What you learned"))


class PhaseForm(Form):
    """One phase of the timeline."""

    name = StringField(lazy("What happened"))
    begins = StringField(lazy("From"))
    ends = StringField(lazy("Until"))
    text = RichField(lazy("More about it"))


class StaffForm(Form):
    """One role."""

    role = StringField(lazy("Role"))
    people = StringField(lazy("How many, full-time"))
    skills = StringField(lazy("Skills they need"))


class LawForm(Form):
    """One law or regulation."""

    title = StringField(lazy("Title"))
    number = StringField(lazy("Number"))
    link = StringField(lazy("Link to the text"))


class HonourForm(Form):
    """One award."""

    name = StringField(lazy("Award"))
    issuer = StringField(lazy("Who gave it"))
    year = StringField(lazy("Year"))
    link = StringField(lazy("Link that shows it"))


class ResultForm(Form):
    """One row of results."""

    indicator = StringField(lazy("What was measured"))
    kind = RadioField(
        lazy("Kind of result"), choices=choices(RESULT_KINDS), default="outcome",
        validate_choice=False,
    )  # fmt: skip
    unit = StringField(lazy("Unit (days, visits)"))
    before = StringField(lazy("Before"))
    after = StringField(lazy("After"))
    dates = StringField(lazy("When measured"))
    source = StringField(lazy("Source"))
    document = SelectField(lazy("Document that shows it"), validate_choice=False, choices=[])
    expected = BooleanField(lazy("This is expected, not yet measured"))


ROW_FORMS = {
    "blocks": BlockForm, "phases": PhaseForm, "staff": StaffForm, "laws": LawForm,
    "results": ResultForm, "honours": HonourForm,
}  # fmt: skip
LONG = frozenset({"summary", "stopped_reason"})


def _special(name: str) -> Field | None:
    """Return the field of a closed set, by its name."""
    label = LABELS[name]
    made: dict[str, Any] = {
        "language": lambda: RadioField(label, choices=choices(LANGUAGES)),
        "visibility": lambda: RadioField(label, choices=choices(VISIBILITIES)),
        "topics": lambda: SelectMultipleField(label, validate_choice=False, choices=[]),
        "dimension": lambda: SelectField(
            label, validate_choice=False, choices=choices(DIMENSIONS, empty=lazy("Choose one"))
        ),
        "cost_band": lambda: SelectField(
            label, validate_choice=False, choices=choices(COST_BANDS, empty=lazy("Not told"))
        ),
        "status": lambda: RadioField(label, choices=choices(STATUSES), validate_choice=False),
        "sdgs": lambda: Checkboxes(label, coerce=int, choices=choices(SDGS), validate_choice=False),
        "offers": lambda: Checkboxes(label, choices=choices(OFFERS), validate_choice=False),
    }
    return made[name]() if name in made else None


def field_of(name: str) -> Field:
    """Return the field of a form for a field of a practice."""
    if name in ROW_FORMS:
        return Rows(FormField(ROW_FORMS[name]), LABELS[name], max_entries=MOST_ROWS[name])
    if found := _special(name):
        return found
    if name in RICH:
        return RichField(LABELS[name])
    return (TextAreaField if name in LONG else StringField)(LABELS[name])
