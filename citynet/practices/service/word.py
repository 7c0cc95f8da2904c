"""Commands that bring in a document of Word or a whole text: read, shown first, then taken.

What was read is kept with its preview for a day, for the person who sent it alone. Taking it
begins a practice or adds to a text; taken twice, it is there once. Pictures come after the text,
one by one: one that is refused takes nothing else with it.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace

from markupsafe import escape
from sqlalchemy import select

from citynet.cities.models import Actor, Preview
from citynet.cities.service import previews
from citynet.kit import db, html, throttle, word
from citynet.kit.errors import CityNetError, Conflict, Invalid, require
from citynet.kit.i18n import _
from citynet.kit.word import Picture, Section, WordText
from citynet.practices import content as contents
from citynet.practices import matching, placing, policy, queries
from citynet.practices.models import Practice, Revision
from citynet.practices.service import files
from citynet.practices.service.holding import newest_of
from citynet.practices.service.writing import create, save

KIND = "practices.word"
AN_HOUR = 60
MOST_AN_HOUR = 30
LONGEST_TITLE = 100


@dataclass(frozen=True)
class Kept:
    """A document that was read: its text, the practice it is for (empty: a new one), if taken."""

    id: int
    slug: str
    text: WordText
    is_taken: bool = False


@dataclass(frozen=True)
class Choices:
    """What the author chose in the preview; one target and one `as_rows` for each section."""

    title: str
    language: str
    targets: Sequence[str]
    as_rows: Sequence[bool]
    takes_pictures: bool = True


@dataclass(frozen=True)
class Taken:
    """A text that came in: where it is, what did not fit where it was sent, pictures refused."""

    slug: str
    moved: Sequence[str] = ()
    refused: Sequence[str] = ()


def read(
    actor: Actor, content: bytes | str, name: str, *, practice: Practice | None = None
) -> Preview:
    """Read a document, or a text that was pasted, and keep it for its preview.

    Raises:
        Invalid: by the field `file` or `text`.
        Conflict: more than 30 in an hour.
    """
    _require(actor, practice)
    if not throttle.hit("word", str(actor.person_id), limit=MOST_AN_HOUR, minutes=AN_HOUR):
        raise Conflict(_("You sent many documents within an hour. Wait a while, then go on."))
    known = matching.known()
    if isinstance(content, str):
        text = word.read_paste(content, known=known)
    else:
        text = word.read(content, known=known)
    if not text.blocks:
        raise Invalid({"file": _("This document holds no text. Choose another one.")})
    title = matching.title_of(text.title, text.blocks)
    if len(title) > LONGEST_TITLE:
        # It is shown shortened: the whole of it is one more section.
        whole = Section(_("Title"), 0, f"<p>{escape(title)}</p>")
        text = replace(text, blocks=[whole, *text.blocks])
    text = replace(text, title=html.excerpt(title or html.line(name), LONGEST_TITLE))
    kept = previews.Line(name=practice.slug if practice else "", note=_written(text))
    return previews.keep(actor, KIND, title=text.title, lines=[kept])


def shown(actor: Actor, preview_id: int) -> Kept:
    """Return one's own document that was read.

    Raises:
        NotFound: none, another person's, or one that is over.
    """
    found = previews.shown(actor, preview_id, (KIND,))
    line = found.lines[0]
    if not line.note:
        return Kept(preview_id, line.name, WordText("", []), is_taken=True)
    return Kept(preview_id, line.name, _read(line.note))


def take(actor: Actor, preview_id: int, choices: Choices) -> Taken:
    """Put what was read where the author chose; taken before, tell where it is.

    Raises:
        NotFound: none, another person's, one that is over, or the practice is gone.
        Invalid: by the field.
        Conflict: the text is being reviewed.
    """
    kept = shown(actor, preview_id)
    taken = _take_text(actor, preview_id, choices)
    if kept.is_taken or not choices.takes_pictures:
        return taken
    return replace(taken, refused=_take_pictures(actor, taken.slug, _wanted(kept.text, choices)))


@db.transaction
def _take_text(actor: Actor, preview_id: int, choices: Choices) -> Taken:
    wanted = select(Preview).where(Preview.id == preview_id).with_for_update()
    row = db.session().scalar(wanted.execution_options(populate_existing=True))
    kept = shown(actor, preview_id)
    if row is None or kept.is_taken:
        return Taken(kept.slug)
    revision, moved = _add(actor, kept, choices) if kept.slug else _begin(actor, kept, choices)
    slug = queries.slug_of(revision.practice_id)
    # What stays until the day is over tells where it went, and nothing of the text.
    row.lines = json.dumps([asdict(previews.Line(name=slug, note=""))])
    return Taken(slug, moved)


def _begin(actor: Actor, kept: Kept, choices: Choices) -> tuple[Revision, list[str]]:
    _require(actor, None)
    empty = contents.read({"title": choices.title, "language": choices.language})
    placed = placing.place(empty, kept.text.blocks, choices.targets, as_rows=choices.as_rows)
    return create(actor, contents.read(placed.record)), placed.moved


def _add(actor: Actor, kept: Kept, choices: Choices) -> tuple[Revision, list[str]]:
    practice = queries.newest_text(actor, kept.slug).practice
    _require(actor, practice)
    newest = newest_of(practice)
    placed = placing.place(
        newest.content, kept.text.blocks, choices.targets, as_rows=choices.as_rows
    )
    base = (newest.number, newest.version)
    return save(actor, practice, contents.read(placed.record), base=base), placed.moved


def _take_pictures(actor: Actor, slug: str, found: Sequence[Picture]) -> list[str]:
    """Add pictures to a practice; return a sentence for each that cannot be taken."""
    practice = queries.newest_text(actor, slug).practice
    refused = []
    for one in found:
        alt = html.excerpt(one.alt, files.LONGEST_ALT)
        try:
            files.add(actor, practice, one.content, one.name, alt=alt)
        except CityNetError as error:
            refused.append(f"{one.name}: {error}")
    return refused


def _wanted(text: WordText, choices: Choices) -> list[Picture]:
    """Return the pictures of the sections that are not left out."""
    pairs = zip(text.blocks, choices.targets, strict=True)
    numbers = {one for block, to in pairs if to != matching.LEAVE for one in block.pictures}
    return [one for place, one in enumerate(text.pictures) if place in numbers]


def _require(actor: Actor, practice: Practice | None) -> None:
    if practice is None:
        require(policy.can_create(actor), _("Only officials of a city can write a practice."))
    else:
        require(
            policy.can_edit(actor, practice),
            _("Only officials of this city can change this practice."),
        )


def _written(text: WordText) -> str:
    """Write a text as its preview's row keeps it."""
    pictures = [
        {"content": base64.b64encode(one.content).decode(), "name": one.name, "alt": one.alt}
        for one in text.pictures
    ]
    return json.dumps({**asdict(replace(text, pictures=[])), "pictures": pictures})


def _read(kept: str) -> WordText:
    told = json.loads(kept)
    blocks = [Section(**{**one, "pictures": tuple(one["pictures"])}) for one in told["blocks"]]
    pictures = [
        Picture(base64.b64decode(one["content"]), one["name"], one["alt"])
        for one in told["pictures"]
    ]
    return WordText(told["title"], blocks, pictures, told["notes"])
