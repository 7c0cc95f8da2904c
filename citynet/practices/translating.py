"""The words of a practice in the other language, laid over the facts of the original.

A translation holds words and nothing else: figures, dates, topics and files are the original's,
so the two never tell different facts. Its rows are as many as the original's, in the same order.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from difflib import SequenceMatcher

from citynet.kit.i18n import LANGUAGES
from citynet.practices.content import Content
from citynet.practices.fields import Shape

TEXTS = (
    "title", "subtitle", "agency", "summary", "stopped_reason", "problem", "cost_funds", "cost",
    "cost_unknown_why", "staffing", "legal_basis", "difficulties", "lessons", "not_again",
    "replicate_needs", "replicate_adapt", "replicate_not", "replicate_smallest", "culture",
    "upkeep", "awards", "contact_office", "contact_backup", "source_name",
)  # fmt: skip
ROWS = {
    "blocks": ("name", "purpose", "needs", "lesson"),
    "phases": ("name", "text"),
    "staff": ("role", "skills"),
    "laws": ("title",),
    "results": ("indicator", "unit", "before", "after", "dates", "source"),
    "honours": ("name", "issuer"),
}
NAMES = frozenset({*TEXTS, *ROWS})
# Names, numbers and sources read alike in both languages: left empty, the original's stand.
MAY_STAY = frozenset({
    "agency", "cost_funds", "contact_office", "contact_backup", "source_name", "laws.title",
    "results.unit", "results.before", "results.after", "results.dates", "results.source",
    "honours.name", "honours.issuer",
})  # fmt: skip


def other_languages(content: Content) -> list[str]:
    """Return the languages that a practice may be translated into."""
    return [language for language in LANGUAGES if language != content.language]


def blank(original: Content, language: str) -> Content:
    """Return where a translation begins: no words but the title, which stands to be checked."""
    rows = {name: tuple(_no_words(row) for row in getattr(original, name)) for name in ROWS}
    return Content(title=original.title, language=language).model_copy(update=rows)


def over(original: Content, words: Content) -> Content:
    """Return the practice as its readers see it in the language of the words."""
    texts = {name: getattr(words, name) or getattr(original, name) for name in TEXTS}
    rows = {
        name: tuple(
            fact.model_copy(update={key: getattr(told, key) or getattr(fact, key) for key in keys})
            for fact, told in zip(getattr(original, name), getattr(words, name), strict=True)
        )
        for name, keys in ROWS.items()
    }
    return original.model_copy(update={"language": words.language, **texts, **rows})


def carry(was: Content, words: Content, now: Content) -> Content:
    """Return the words of one text of the original as those of another.

    Words of a row that changed stay with it; a new row has none yet.
    """
    rows = {name: _carried(name, was, words, now, is_checked=True) for name in ROWS}
    gone = {name: "" for name in TEXTS if not getattr(now, name)}
    return words.model_copy(update={**rows, **gone})


def still_true(was: Content, words: Content, now: Content) -> Content:
    """Return the words that readers may see beside another text of the original, unchecked.

    A cell keeps its words while the original's cell is the same, so that no row tells another
    row's words or an older figure; so do names and contacts. Longer texts keep theirs, and the
    page says that they are older.
    """
    rows = {name: _carried(name, was, words, now, is_checked=False) for name in ROWS}
    gone = {
        name: "" for name in TEXTS
        if not getattr(now, name)
        or (name in MAY_STAY and getattr(was, name) != getattr(now, name))
    }  # fmt: skip
    return words.model_copy(update={**rows, **gone})


def changed(was: Content, now: Content) -> list[str]:
    """Return the fields whose words differ between two texts of the original, in its order."""
    return [
        name for name in Content.model_fields
        if name in NAMES and _words(name, was) != _words(name, now)
    ]  # fmt: skip


def tells(content: Content, name: str) -> bool:
    """Tell whether a field, or any of its rows, has words."""
    if name in TEXTS:
        return bool(getattr(content, name))
    return any(getattr(row, key) for row in getattr(content, name) for key in ROWS[name])


def untranslated(original: Content, words: Content) -> list[str]:
    """Return what the original tells and the words do not yet, as `problem` or `blocks.0.name`."""
    return [
        path for path, own, told in _pairs(original, words)
        if own and not told and kind_of(path) not in MAY_STAY
    ]  # fmt: skip


def borrowed(original: Content, words: Content) -> frozenset[str]:
    """Return where readers of the words meet the original's text, as paths."""
    return frozenset(path for path, own, told in _pairs(original, words) if own and not told)


def told_percent(original: Content, words: Content) -> int:
    """Return how much of what must be translated is."""
    wanted = [1 for path, own, _told in _pairs(original, words)
              if own and kind_of(path) not in MAY_STAY]  # fmt: skip
    return round(100 * (1 - len(untranslated(original, words)) / max(1, len(wanted))))


def fits(original: Content, words: Content) -> bool:
    """Tell whether the words have as many rows as the original."""
    return all(len(getattr(original, name)) == len(getattr(words, name)) for name in ROWS)


def tells_all(original: Content, words: Content) -> bool:
    """Tell whether the original has a text wherever there are words."""
    return all(getattr(original, name) or not getattr(words, name) for name in TEXTS)


def kind_of(path: str) -> str:
    """Return the kind of a path: `blocks.0.name` is a `blocks.name`."""
    name, *rest = path.split(".")
    return ".".join([name, *rest[1:]])


def _pairs(original: Content, words: Content) -> Iterator[tuple[str, str, str]]:
    """Yield path, text of the original and words of all that can be translated, in order."""
    for name in Content.model_fields:
        if name in TEXTS:
            yield name, getattr(original, name), getattr(words, name)
        for number, row in enumerate(getattr(original, name) if name in ROWS else ()):
            told = getattr(words, name)[number]
            for key in ROWS[name]:
                yield f"{name}.{number}.{key}", getattr(row, key), getattr(told, key)


def _carried(
    name: str, was: Content, words: Content, now: Content, *, is_checked: bool
) -> tuple[Shape, ...]:
    """Return the words by the rows of now; `is_checked`: a translator looks at what changed."""
    told, rows, old = (getattr(text, name) for text in (words, now, was))
    found = [_no_words(row) for row in rows]
    pairs = SequenceMatcher(None, _words(name, was), _words(name, now), autojunk=False)
    for _tag, first, end, new_first, new_end in pairs.get_opcodes():
        for before, after in zip(range(first, end), range(new_first, new_end), strict=False):
            kept = {
                key: getattr(told[before], key)
                if getattr(rows[after], key)
                and (is_checked or getattr(rows[after], key) == getattr(old[before], key))
                else ""
                for key in ROWS[name]
            }
            found[after] = found[after].model_copy(update=kept)
    return tuple(found)


def _words(name: str, content: Content) -> list[str]:
    """Return a field's words: one text, or one for each row."""
    if name in TEXTS:
        return [getattr(content, name)]
    return [json.dumps([getattr(row, key) for key in ROWS[name]]) for row in getattr(content, name)]


def _no_words(row: Shape) -> Shape:
    """Return a row like this one that says nothing yet."""
    first = next(key for key, field in type(row).model_fields.items() if field.is_required())
    return type(row).model_validate({first: ""})
