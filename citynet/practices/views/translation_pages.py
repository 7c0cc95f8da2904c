"""The pages of translators: each text of the original beside its words. Called by their doors."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import g, render_template, request, url_for
from wtforms import Field

from citynet.practices import forms, merging, queries
from citynet.practices.comparing import Change, changes
from citynet.practices.content import RICH, RICH_IN_ROWS, Content
from citynet.practices.editing import Part
from citynet.practices.editing_words import HEIGHTS, ROW_WORDS
from citynet.practices.forms.fields import LONG
from citynet.practices.models import Practice, Translation
from citynet.practices.translating import MAY_STAY, ROWS, tells
from citynet.practices.translation_parts import part_after, parts_with_words, progress_by_part
from citynet.practices.words import LABELS

NO_TOPICS: Mapping[str, str] = {}


@dataclass(frozen=True)
class Pair:
    """A text of the original beside its words, and the field in which they are typed."""

    kind: str
    label: str
    original: str
    words: str
    field: Field
    is_rich: bool
    is_long: bool

    @property
    def may_stay(self) -> bool:
        """Tell whether the original's words are shown where none are typed."""
        return self.kind in MAY_STAY

    @property
    def height(self) -> int:
        """Return how many lines the box has."""
        return HEIGHTS.get(self.kind, 3 if "." in self.kind else 8)


@dataclass(frozen=True)
class Row:
    """The texts of a row. Where it has none, `empty` is the name under which it is sent still."""

    title: str
    pairs: Sequence[Pair]
    empty: str = ""


@dataclass(frozen=True)
class Told:
    """A field of the original: one text, or rows of texts, and what changed in it since."""

    name: str
    label: str
    rows: Sequence[Row]
    is_to_check: bool = False
    change: Change | None = None


def part_page(form: forms.WordsForm, part: Part, translation: Translation) -> str:
    """Return the page on which the words of a part are typed."""
    return render_template(
        "practices/translate/part.html", form=form, told=_told(form, part, translation),
        is_changed=request.method == "POST", following=part_after(_original(translation), part),
        **_frame(translation, part),
    )  # fmt: skip


def conflict_page(form: forms.WordsForm, typed: merging.Typed, newest: Translation) -> str:
    """Return both words of each field that two translators changed, with the choice."""
    both = merging.merge(typed, newest.content, is_newest=False).both
    form.base.data = str(merging.to_choose(typed, newest.content, newest.number, newest.version))
    form.original.data = str(newest.revision.number)
    theirs = {one.name: one for one in differences(typed, newest.content) if one.name in both}
    return render_template(
        "practices/translate/conflict.html", form=form, theirs=theirs,
        told=_told(form, typed.part, newest), editor=queries.editor_name(newest),
        **_frame(newest, typed.part),
    )  # fmt: skip


def unsaved_page(practice: Practice, language: str, typed: merging.Typed, saved: Content) -> str:
    """Return words that nothing takes any more, beside what is saved, to be copied."""
    return render_template(
        "practices/translate/unsaved.html", practice=practice, language=language,
        part=typed.part, changes=differences(typed, saved),
    )  # fmt: skip


def differences(typed: merging.Typed, saved: Content) -> list[Change]:
    """Return what differs between the words saved and those typed of a part."""
    found = changes(saved, typed.content, topics=NO_TOPICS)
    return [one for one in found if one.name in typed.part.fields]


def whole(translation: Translation) -> list[tuple[Part, list[Told]]]:
    """Return the whole version side by side, part by part."""
    parts = parts_with_words(_original(translation))
    every = Part("whole", 0, "", tuple(name for part in parts for name in part.fields))
    form = forms.fill_words(every, translation.content, base=merging.Began(), original=0)
    news = _news(translation, every)
    return [(part, _told(form, part, translation, news)) for part in parts]


def changed_between(was: Content, now: Content, names: Sequence[str]) -> list[Change]:
    """Return how these fields of the original differ between two of its texts."""
    before = now.model_copy(update={name: getattr(was, name) for name in names})
    return changes(before, now, topics=NO_TOPICS)


def _frame(translation: Translation, part: Part) -> dict[str, object]:
    """Return what every page of the translator's editor shows."""
    original = _original(translation)
    return {
        "translation": translation, "practice": translation.practice, "part": part,
        "language": translation.language, "original_language": original.language,
        "labels": LABELS, "parts": progress_by_part(
            original, translation.content, translation.checks),
        "overview_url": url_for("practices.translation", slug=translation.practice.slug,
                                language=translation.language),
        "person_id": g.actor.person_id,
    }  # fmt: skip


def _original(translation: Translation) -> Content:
    return translation.revision.content


def _told(
    form: forms.WordsForm, part: Part, translation: Translation,
    news: Mapping[str, Change] | None = None,
) -> list[Told]:  # fmt: skip
    """Return the fields of a part; `news` is what changed in them, where it is known already."""
    original, words = _original(translation), translation.content
    news = _news(translation, part) if news is None else news
    return [
        Told(
            name, str(LABELS[name]), _rows(form, name, original, words),
            name in translation.checks, news.get(name),
        )
        for name in part.fields if tells(original, name)
    ]  # fmt: skip


def _rows(form: forms.WordsForm, name: str, original: Content, words: Content) -> list[Row]:
    """Return the pairs of a field by row; a text is one row without a title."""
    own, told = getattr(original, name), getattr(words, name)
    if name not in ROWS:
        pair = Pair(name, str(LABELS[name]), own, told, form[name], name in RICH, name in LONG)
        return [Row("", [pair])]
    found = []
    for number, (fact, kept, row) in enumerate(zip(own, told, form[name].entries, strict=False), 1):
        pairs = [
            Pair(f"{name}.{key}", str(row.form[key].label.text), getattr(fact, key),
                 getattr(kept, key), row.form[key], key in RICH_IN_ROWS.get(name, ()), False)
            for key in ROWS[name] if getattr(fact, key)
        ]  # fmt: skip
        empty = "" if pairs else row.form[ROWS[name][0]].name
        found.append(Row(f"{ROW_WORDS[name][0]} {number}", pairs, empty))
    return found


def _news(translation: Translation, part: Part) -> Mapping[str, Change]:
    """Return what changed in the original's fields to check since their words were made."""
    since = {name: n for name, n in translation.checks.items() if n and name in part.fields}
    texts = queries.originals(translation.practice_id, set(since.values())) if since else {}
    return {
        change.name: change
        for number, was in texts.items()
        for change in changed_between(
            was, _original(translation), [name for name, n in since.items() if n == number]
        )
    }  # fmt: skip
