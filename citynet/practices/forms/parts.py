"""A form for each part of the editor: filled from a text, changed in its rows, read again."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache

from flask_wtf import FlaskForm
from werkzeug.datastructures import MultiDict
from wtforms import (  # type: ignore[attr-defined] # its stubs do not know SelectChoice yet
    Field,
    HiddenField,
    RadioField,
    SelectChoice,
    SelectMultipleField,
    StringField,
)  # fmt: skip

from citynet.kit.i18n import LANGUAGES, lazy
from citynet.practices import content as contents
from citynet.practices import merging
from citynet.practices.content import RICH, RICH_IN_ROWS, Content
from citynet.practices.editing import Part
from citynet.practices.fields import MOST_ROWS
from citynet.practices.forms.fields import (
    Checkboxes,
    RichField,
    Rows,
    choices,
    field_of,
)  # fmt: skip
from citynet.practices.merging import Began, Typed
from citynet.practices.words import LABELS

# What a row says before anybody wrote in it.
PRESET = frozenset({"kind"})


class NewForm(FlaskForm):  # type: ignore[misc]
    """What a draft begins with."""

    title = StringField(LABELS["title"])
    language = RadioField(LABELS["language"], choices=choices(LANGUAGES), default="en")


class TextForm(FlaskForm):  # type: ignore[misc]
    """Fields of a text; `base` is the one the page began from, `format` what a script posts."""

    base = HiddenField()
    format = HiddenField()


class PartForm(TextForm):
    """One part of a practice."""

    unknown = SelectMultipleField(lazy("Not known"), validate_choice=False, choices=[])

    def rows(self) -> Iterator[Rows]:
        """Yield the fields that hold rows."""
        yield from (one for one in self._fields.values() if isinstance(one, Rows))

    def with_choices(self, documents: Mapping[str, str]) -> PartForm:
        """Offer the attachments by number, and one empty row where there is none."""
        for rows in self.rows():
            if not rows.entries:
                rows.append_entry()
            for row in rows.entries:
                if "document" in row.form._fields:
                    none = SelectChoice("", lazy("None"))
                    gone = lazy("A document that was removed")
                    known = {row.document.data or "": gone, **documents}
                    known.pop("", None)
                    row.document.choices = [none, *choices(known)]
        return self


def fill(part: Part, content: Content, *, base: Began) -> PartForm:
    """Return the form of a part filled with a text."""
    data = content.model_dump(mode="json")
    closed = {name: data[name] or "" for name in ("dimension", "cost_band")}
    return _class_of(part.fields)(None, data={**data, **closed, "base": str(base), "format": ""})


def posted(part: Part) -> PartForm:
    """Return the form of a part as it was posted."""
    return _class_of(part.fields)()


def change_rows(form: PartForm, action: str) -> str | None:
    """Add, remove or move a row, as `add-blocks` or `up-results-2` asks.

    Returns the id of what to look at next; None where the action asks for something else.
    """
    verb, name, number = [*action.split("-"), "", ""][:3]
    rows = form._fields.get(name)
    if verb not in ("add", "remove", "up", "down") or not isinstance(rows, Rows):
        return None
    if verb == "add":
        return str(rows.append_entry().id) if len(rows.entries) < MOST_ROWS[name] else name
    position = int(number[:3]) if number.isascii() and number.isdigit() else len(rows.entries)
    if position >= len(rows.entries):
        return name
    if verb == "remove":
        rows.pop_entry(position)  # type: ignore[call-arg]
        return name
    return str(rows.entries[rows.move(position, -1 if verb == "up" else 1)].id)


def to_typed(form: PartForm, part: Part, newest: Content, sent: MultiDict[str, str]) -> Typed:
    """Return what was typed of a part, over the newest text.

    Raises:
        Invalid: each field that cannot be taken.
    """
    typed = contents.read({"title": newest.title, **_record(form, part, newest)})
    return typed_in(form, part, typed, sent)


def typed_in(form: TextForm, part: Part, typed: Content, sent: MultiDict[str, str]) -> Typed:
    """Return what was typed with where its page began, and which text was chosen for a field."""
    asked = [name for name in part.fields if f"keep-{name}" in sent]
    theirs = frozenset(name for name in asked if sent[f"keep-{name}"] == "theirs")
    return Typed(
        part, typed, merging.began(form.base.data), is_markdown=form.format.data != "html",
        theirs=theirs if asked else None,
    )  # fmt: skip


def show_errors(form: TextForm, problems: Mapping[str, str]) -> None:
    """Put the sentences at their fields; a row's problem stands at its own input."""
    for name, sentence in problems.items():
        steps = name.split(".")
        field = form._fields.get(steps[0])
        if field is None:
            form.form_errors = [*form.form_errors, sentence]
            continue
        if len(steps) == 3 and isinstance(field, Rows) and int(steps[1]) < len(field.entries):
            inner = field.entries[int(steps[1])].form._fields.get(steps[2])
            if inner is not None:
                inner.errors = [*inner.errors, sentence]
                field.errors = [entry.errors for entry in field.entries]
                continue
        field.errors = [*field.errors, sentence]


def ids_of(form: TextForm, problems: Mapping[str, str]) -> dict[str, str]:
    """Return the sentences by the ids that the fields have on the page as it was sent."""
    found = {}
    for name, sentence in problems.items():
        steps = name.split(".")
        rows = form._fields.get(steps[0])
        if len(steps) > 1 and isinstance(rows, Rows) and int(steps[1]) < len(rows.sent):
            steps[1] = str(rows.sent[int(steps[1])])
        found["-".join(steps)] = sentence
    return found


@cache
def _class_of(fields: tuple[str, ...]) -> type[PartForm]:
    return type("PartForm", (PartForm,), {name: field_of(name) for name in fields})


def _record(form: PartForm, part: Part, newest: Content) -> dict[str, object]:
    """Return the part as a record that `content.read` takes.

    Empty rows are dropped, from the form too: a row's number means the same in both. A text that
    was not sent is as it was.
    """
    known = known_markup(part, newest)
    was = newest.model_dump(mode="json", include=set(part.fields))
    record: dict[str, object] = {}
    for name in part.fields:
        field = form._fields[name]
        is_sent = field.raw_data if not isinstance(field, (Rows, Checkboxes)) else True
        record[name] = value_of(field, known) if is_sent else was[name]
        if isinstance(field, Checkboxes) and set(field.data or ()) == set(was[name]):
            # Boxes have an order of their own.
            record[name] = was[name]
    marked = [name for name in form.unknown.data or () if name in part.fields]
    marked += [name for name in newest.unknown if name not in part.fields]
    record["unknown"] = list(dict.fromkeys(marked))
    return record


def value_of(field: Field, known: Mapping[str, str]) -> object:
    """Return what a field says; `known` are texts whose Markdown is unchanged."""
    if isinstance(field, Rows):
        field.sent = [row.index for row in field.entries if any(map(_says, row.form))]
        for position in reversed(range(len(field.entries))):
            if position not in field.sent:
                field.pop_entry(position)  # type: ignore[call-arg]
        return [{one.short_name: value_of(one, known) for one in row.form} for row in field.entries]
    if isinstance(field, RichField):
        return field.told(known)
    if isinstance(field, SelectMultipleField):
        return list(dict.fromkeys(value for value in field.data or () if value))
    if field.name in ("dimension", "status", "cost_band"):
        return field.data or None
    return "" if field.data is None else field.data


def _says(field: Field) -> bool:
    """Tell whether somebody wrote in a field of a row."""
    value = field.typed or field.data if isinstance(field, RichField) else field.data
    is_preset = field.short_name in PRESET
    return not is_preset and bool(value.strip() if isinstance(value, str) else value)


def known_markup(part: Part, newest: Content) -> dict[str, str]:
    """Return the rich texts of a part by their Markdown, so that what it cannot show stays."""
    texts = [getattr(newest, name) for name in part.fields if name in RICH]
    for name in set(part.fields) & RICH_IN_ROWS.keys():
        rows = getattr(newest, name)
        texts += [getattr(row, key) for row in rows for key in RICH_IN_ROWS[name]]
    return {str(merging.in_markdown("problem", text)): text for text in texts if text}
