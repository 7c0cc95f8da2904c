"""Two people's texts of one part of a practice, brought together field by field.

An editor's page carries what it began from: the text's number and version, and a print of each of
its fields. So whoever saves second is known to have changed a field, or to have left it alone,
without the first text being kept.
"""

from __future__ import annotations

import enum
import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from citynet.kit import markdown
from citynet.practices.content import MAY_BE_UNKNOWN, RICH, RICH_IN_ROWS, Content
from citynet.practices.editing import Part

LONGEST = 2_000
_PRINT = re.compile(r"([a-z_.]{1,40})=([0-9a-f]{12})-([0-9a-f]{12})")
UNKNOWN = "unknown."


class Whose(enum.Enum):
    """Whose change a difference is."""

    MINE = enum.auto()
    THEIRS = enum.auto()
    BOTH = enum.auto()


@dataclass(frozen=True)
class Print:
    """What a field's value looks like: exactly, and in the Markdown that a page shows of it."""

    exact: str
    words: str


@dataclass(frozen=True)
class Began:
    """The text that an editor began from; nobody began from (0, 0)."""

    number: int = 0
    version: int = 0
    prints: Mapping[str, Print] = field(default_factory=dict)

    def __str__(self) -> str:
        """Write it as a page carries it; `began` reads it."""
        prints = (f"~{key}={one.exact}-{one.words}" for key, one in self.prints.items())
        return f"{self.number}.{self.version}{''.join(prints)}"


@dataclass(frozen=True)
class Typed:
    """What somebody typed in a part. `is_markdown`: in a box without a script.

    `theirs` are the fields for which the other text was chosen; None where nothing was asked.
    """

    part: Part
    content: Content
    began: Began
    is_markdown: bool = True
    theirs: frozenset[str] | None = None


@dataclass(frozen=True)
class Merged:
    """Both texts in one, and the fields that both changed."""

    content: Content
    both: tuple[str, ...]


def began(text: str | None) -> Began:
    """Read what a page carried; anything else is a text nobody began from."""
    base, *prints = (text or "")[:LONGEST].split("~")
    found = re.fullmatch(r"([0-9]{1,8})\.([0-9]{1,8})", base, re.ASCII)
    if found is None:
        return Began()
    read = filter(None, map(_PRINT.fullmatch, prints))
    by_key = {one[1]: Print(one[2], one[3]) for one in read}
    return Began(int(found[1]), int(found[2]), by_key)


def begin(part: Part, content: Content, number: int, version: int) -> Began:
    """Return where the page of a part of a text begins."""
    prints = {key: print_of(key, one) for key, one in _values(part, content).items()}
    return Began(number, version, prints)


def merge(typed: Typed, newest: Content, *, is_newest: bool) -> Merged:
    """Bring what was typed into the newest text; what both changed stays theirs and is named.

    `is_newest` tells that nobody saved since the page was opened.
    """
    mine, theirs = (_values(typed.part, one) for one in (typed.content, newest))
    taken, both = [], []
    for key, value in mine.items():
        if value == theirs[key] or key in (typed.theirs or ()):
            continue
        prints = print_of(key, value), print_of(key, theirs[key])
        was = typed.began.prints.get(key) or (prints[1] if is_newest else None)
        whose = _whose(*prints, was, is_markdown=typed.is_markdown)
        if whose == Whose.MINE or (whose == Whose.BOTH and key.startswith(UNKNOWN)):
            taken.append(key)
        elif whose == Whose.BOTH:
            both.append(key)
    return Merged(_with(newest, typed.content, taken), tuple(both))


def after(typed: Typed, number: int, version: int) -> Began:
    """Return where the page stands once it was saved: at what it shows, not at what was kept."""
    return begin(typed.part, typed.content, number, version)


def to_choose(typed: Typed, newest: Content, number: int, version: int) -> Began:
    """Return where a page begins that shows both texts: a choice of mine is then a change."""
    shown = begin(typed.part, newest, number, version)
    both = merge(typed, newest, is_newest=False).both
    known = {key: one for key, one in typed.began.prints.items() if key not in both}
    return replace(shown, prints={**shown.prints, **known})


def print_of(key: str, value: object) -> Print:
    """Return the print of a field's value."""
    return Print(_digest(value), _digest(in_markdown(key, value)))


def in_markdown(name: str, value: object) -> object:
    """Return a field's value with its rich texts as Markdown."""
    if name in RICH:
        return markdown.from_html(str(value))
    rich = RICH_IN_ROWS.get(name, ())
    if not rich or not isinstance(value, list):
        return value
    return [
        {key: markdown.from_html(one) if key in rich else one for key, one in row.items()}
        for row in value
    ]


def _whose(mine: Print, theirs: Print, was: Print | None, *, is_markdown: bool) -> Whose:
    """Tell who changed a field in which the texts differ."""
    if was is None:
        return Whose.BOTH
    if theirs.exact == was.exact:
        # What a box shows in Markdown says less than the row: unchanged there is unchanged.
        return Whose.THEIRS if is_markdown and mine.words == was.words else Whose.MINE
    return Whose.THEIRS if mine.words in (was.words, theirs.words) else Whose.BOTH


def _values(part: Part, content: Content) -> dict[str, object]:
    """Return the fields of a part, and of each whether it is marked as not known."""
    told: dict[str, object] = content.model_dump(mode="json", include=set(part.fields))
    marks = {
        f"{UNKNOWN}{name}": name in content.unknown
        for name in part.fields
        if name in MAY_BE_UNKNOWN
    }
    return {**told, **marks}


def _with(newest: Content, mine: Content, keys: list[str]) -> Content:
    marks = {key.removeprefix(UNKNOWN) for key in keys if key.startswith(UNKNOWN)}
    changed = {key: getattr(mine, key) for key in keys if not key.startswith(UNKNOWN)}
    unknown = [name for name in newest.unknown if name not in marks]
    unknown += [name for name in mine.unknown if name in marks]
    return newest.model_copy(update={**changed, "unknown": tuple(unknown)})


def _digest(value: object) -> str:
    return hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()[:12]
