"""A form for the words of a part. Its rows are the original's: none comes, moves or goes."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from werkzeug.datastructures import MultiDict
from wtforms import Form, FormField, HiddenField

from citynet.kit.http import number_in
from citynet.practices import content as contents
from citynet.practices.content import Content
from citynet.practices.editing import Part
from citynet.practices.fields import MOST_ROWS
from citynet.practices.forms.fields import ROW_FORMS, Rows, field_of
from citynet.practices.forms.parts import TextForm, known_markup, typed_in, value_of
from citynet.practices.merging import Began, Typed
from citynet.practices.translating import ROWS
from citynet.practices.words import LABELS


class WordsForm(TextForm):
    """The words of one part; `original` is the number of the original's text beside them."""

    original = HiddenField()

    @property
    def shown(self) -> int | None:
        """Return which text of the original the page showed; None where it does not tell."""
        told = self.original.data
        return None if told is None else number_in(told) or 0


def fill_words(part: Part, words: Content, *, base: Began, original: int) -> WordsForm:
    """Return the form of a part filled with its words so far."""
    data = words.model_dump(mode="json", include=set(part.fields))
    beside = {"base": str(base), "format": "", "original": str(original)}
    return _class_of(part.fields)(None, data={**data, **beside})


def posted_words(part: Part) -> WordsForm:
    """Return the form of a part as it was posted."""
    return _class_of(part.fields)()


def to_typed_words(
    form: WordsForm, part: Part, original: Content, words: Content, sent: MultiDict[str, str]
) -> Typed:
    """Return the words typed of a part over those of the draft.

    A cell that the original does not tell has no words, whatever was sent. Other rows than the
    draft has, and a text that the original tells no more, are returned as sent: keeping them is
    refused, so that the page can show them.

    Raises:
        Invalid: each field that cannot be taken.
    """
    record: dict[str, object] = {"title": words.title}
    known = known_markup(part, words)
    for name in part.fields:
        field = form._fields[name]
        if isinstance(field, Rows):
            record[name] = _typed_rows(field, name, original, words, known)
        else:
            record[name] = value_of(field, known) if field.raw_data else getattr(words, name)
    told = contents.read(record)
    typed = words.model_copy(update={name: getattr(told, name) for name in part.fields})
    return typed_in(form, part, typed, sent)


def _typed_rows(
    rows: Rows, name: str, original: Content, words: Content, known: Mapping[str, str]
) -> list[dict[str, object]]:
    was = [row.model_dump(mode="json") for row in getattr(words, name)]
    sent = [{one.short_name: one for one in row.form} for row in rows.entries]
    if not sent:
        return was
    if len(sent) != len(was):
        return [{key: value_of(one, known) for key, one in row.items()} for row in sent]
    facts = getattr(original, name)
    return [
        kept | {key: value_of(one, known) for key, one in row.items()
                if getattr(fact, key) and one.raw_data}
        for kept, row, fact in zip(was, sent, facts, strict=True)
    ]  # fmt: skip


@cache
def _class_of(fields: tuple[str, ...]) -> type[WordsForm]:
    made = {name: _rows(name) if name in ROWS else field_of(name) for name in fields}
    return type("WordsForm", (WordsForm,), made)


def _rows(name: str) -> Rows:
    """Return rows of the words alone, under the labels of the editor."""
    every = ROW_FORMS[name]
    row = type("WordsRow", (Form,), {key: getattr(every, key) for key in ROWS[name]})
    return Rows(FormField(row), LABELS[name], max_entries=MOST_ROWS[name])
