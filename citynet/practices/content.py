"""What a practice says: one shape for the form, the import and every revision.

`Content` holds what was typed; a draft needs a title only. `missing` names the starred fields of
product.md that are neither filled in nor honestly marked as unknown.
"""

from __future__ import annotations

import enum
import re
from collections.abc import Mapping
from datetime import date
from typing import Annotated

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
)  # fmt: skip
from pydantic_core import PydanticCustomError

from citynet.kit import html
from citynet.kit.errors import Invalid
from citynet.kit.html import drop_invisible
from citynet.kit.i18n import _


class Status(enum.StrEnum):
    """How far a practice has come."""

    PILOT = "pilot"
    RUNNING = "running"
    SCALED = "scaled"
    STOPPED = "stopped"


class Visibility(enum.StrEnum):
    """Who may read a published practice."""

    PUBLIC = "public"
    MEMBERS = "members"


class Dimension(enum.StrEnum):
    """The six dimensions of a smart city in Indonesia's movement towards 100 smart cities."""

    GOVERNANCE = "governance"
    BRANDING = "branding"
    ECONOMY = "economy"
    LIVING = "living"
    SOCIETY = "society"
    ENVIRONMENT = "environment"


class Offer(enum.StrEnum):
    """What the city offers to those who want to replicate."""

    CALL = "call"
    VISIT = "visit"
    DOCUMENTS = "documents"
    CODE = "code"


def _tidy(value: object) -> object:
    """Drop what cannot be seen, and white space at both ends."""
    return drop_invisible(value.replace("\r\n", "\n")).strip() if isinstance(value, str) else value


def _line(value: object) -> object:
    """Fold a text onto one line."""
    return html.line(value) if isinstance(value, str) else value


def _real_day(value: str) -> str:
    """Refuse a day that its month does not have."""
    if len(value) == len("2019-10-16"):
        try:
            date.fromisoformat(value)
        except ValueError:
            raise PydanticCustomError("no_such_day", "no such day") from None
    return value


LONG = 20_000
WORDS_IN_SUMMARY = 200
# Of all texts together, in any script: what a form may hold (see `app.py`) is sized to it.
LONGEST_IN_ALL = 300_000
# The limit stands before the tidying: only then is it one of the text and named as such.
Line100 = Annotated[str, Field(max_length=100), BeforeValidator(_line)]
Line200 = Annotated[str, Field(max_length=200), BeforeValidator(_line)]
Text = Annotated[str, Field(max_length=LONG), BeforeValidator(_tidy)]
Date = Annotated[
    str,
    Field(pattern=r"^$|^(19|20)[0-9]{2}(-(0[1-9]|1[0-2])(-[0-9]{2})?)?$"),
    AfterValidator(_real_day),
    BeforeValidator(_line),
]
Link = Annotated[
    str, Field(max_length=500, pattern=r"^$|^https?://[^\s<>\"]+$"), BeforeValidator(_line)
]


class Shape(BaseModel):
    """The strictness of every part: unknown keys are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Block(Shape):
    """A building block: one thing that was done."""

    name: Line200
    purpose: Text = ""
    needs: Text = ""
    lesson: Text = ""


class Result(Shape):
    """A row of results; `expected` marks what has not been measured yet."""

    indicator: Line200
    unit: Line100 = ""
    before: Line100 = ""
    after: Line100 = ""
    dates: Line100 = ""
    source: Line200 = ""
    expected: bool = False


class Content(Shape):
    """All that an author tells of a practice, in the order of product.md."""

    title: Annotated[str, Field(min_length=1, max_length=100), BeforeValidator(_line)]
    subtitle: Line200 = ""
    language: Annotated[str, Field(pattern="^(en|id)$")] = "en"
    visibility: Visibility = Visibility.PUBLIC
    agency: Line200 = ""
    summary: Text = ""
    topics: Annotated[tuple[Line100, ...], Field(max_length=3)] = ()
    dimension: Dimension | None = None
    sdgs: tuple[Annotated[int, Field(ge=1, le=17)], ...] = ()
    status: Status | None = None
    stopped_reason: Text = ""
    started: Date = ""
    ended: Date = ""
    problem: Text = ""
    blocks: Annotated[tuple[Block, ...], Field(max_length=30)] = ()
    cost: Text = ""
    staffing: Text = ""
    legal_basis: Text = ""
    results: Annotated[tuple[Result, ...], Field(max_length=50)] = ()
    difficulties: Text = ""
    lessons: Text = ""
    not_again: Text = ""
    replicate_needs: Text = ""
    replicate_adapt: Text = ""
    replicate_not: Text = ""
    replicate_smallest: Text = ""
    culture: Text = ""
    upkeep: Text = ""
    awards: Text = ""
    contact_office: Line200 = ""
    contact_backup: Line200 = ""
    offers: tuple[Offer, ...] = ()
    licence: Line100 = "CC-BY-4.0"
    source_url: Link = ""
    source_name: Line200 = ""
    unknown: tuple[str, ...] = ()


STARRED = (
    "title", "subtitle", "agency", "summary", "topics", "status", "started", "problem", "blocks",
    "cost", "staffing", "legal_basis", "results", "lessons", "replicate_needs", "contact_office",
)  # fmt: skip
MAY_BE_UNKNOWN = frozenset(STARRED) - {"title", "subtitle", "summary", "topics", "status"}


def read(data: Mapping[str, object]) -> Content:
    """Return the content of a form or an imported record.

    Raises:
        Invalid: each field that cannot be taken, with its sentence.
    """
    try:
        content = Content.model_validate(dict(data))
    except ValidationError as error:
        problems = {}
        for item in error.errors(include_url=False, include_input=False):
            name = ".".join(str(step) for step in item["loc"])
            problems[name] = _sentence(item["type"], item.get("ctx") or {})
        raise Invalid(problems) from None
    foreign = sorted(set(content.unknown) - MAY_BE_UNKNOWN)
    if foreign:
        raise Invalid(
            {"unknown": _("These cannot be unknown: %(names)s.", names=", ".join(foreign))}
        )
    if len(content.model_dump_json()) > LONGEST_IN_ALL:
        raise Invalid({"title": _("Shorten the whole: a practice holds 300,000 characters.")})
    if len(content.summary.split()) > WORDS_IN_SUMMARY:
        raise Invalid({"summary": _("Shorten the summary to 200 words.")})
    return content


def missing(content: Content) -> list[str]:
    """Return the starred fields still to be answered, in the author's order."""
    wanted = [
        name for name in STARRED if not getattr(content, name) and not _is_unknown(content, name)
    ]
    if content.status == Status.STOPPED and not content.stopped_reason:
        wanted.append("stopped_reason")
    return wanted


def completeness_percent(content: Content) -> int:
    """Return how much of what is asked for is answered."""
    return round(100 * (1 - len(missing(content)) / (len(STARRED) + 1)))


def started_year(content: Content) -> int | None:
    """Return the year it began, where it is known."""
    found = re.match(r"\d{4}", content.started)
    return int(found.group()) if found else None


def full_text(content: Content) -> str:
    """Return every word a reader sees below the summary, for the index."""
    rows = [" ".join((b.name, b.purpose, b.needs, b.lesson)) for b in content.blocks]
    rows += [" ".join((r.indicator, r.unit, r.source)) for r in content.results]
    texts = [
        content.agency, content.problem, *rows, content.cost, content.staffing,
        content.legal_basis, content.difficulties, content.lessons, content.not_again,
        content.replicate_needs, content.replicate_adapt, content.replicate_not,
        content.replicate_smallest, content.culture, content.upkeep, content.awards,
        content.stopped_reason,
    ]  # fmt: skip
    return "\n".join(text for text in texts if text)


def differences(before: Content, after: Content) -> list[tuple[str, str, str]]:
    """Return what differs, as field, text before, text after."""
    changed = []
    for name in Content.model_fields:
        old, new = shown(getattr(before, name)), shown(getattr(after, name))
        if old != new:
            changed.append((name, old, new))
    return changed


def shown(value: object) -> str:
    """Write a field's value as text that people can compare."""
    if isinstance(value, tuple):
        return "\n".join(shown(part) for part in value)
    if isinstance(value, BaseModel):
        return " · ".join(shown(part) for part in dict(value).values() if part)
    return "" if value is None else str(value)


def _is_unknown(content: Content, name: str) -> bool:
    return name in MAY_BE_UNKNOWN and name in content.unknown


def _sentence(kind: str, context: Mapping[str, object]) -> str:
    if kind == "missing" or (kind == "string_too_short"):
        return _("Fill this in.")
    if kind == "string_too_long":
        return _("Shorten this to %(most)s characters.", most=context.get("max_length", ""))
    if kind == "too_long":
        return _("Give at most %(most)s of these.", most=context.get("max_length", ""))
    if kind == "extra_forbidden":
        return _("There is no such field.")
    if kind == "string_pattern_mismatch" and "http" in str(context.get("pattern")):
        return _("Write a link that begins with https://.")
    if kind == "string_pattern_mismatch" and "en|id" in str(context.get("pattern")):
        return _("Choose English or Indonesian.")
    if kind in ("string_pattern_mismatch", "no_such_day"):
        return _("Write a year (2019), a month (2019-10) or a day (2019-10-16).")
    return _("This value cannot be taken here.")
