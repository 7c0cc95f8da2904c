"""What a practice says: one shape for the form, the import and every revision.

`Content` holds what was typed; a draft needs a title only. `missing` names the starred fields of
product.md that are neither filled in nor honestly marked as unknown. Rich fields hold cleaned
HTML: a text without a tag of ours is taken for a plain one (see `html.from_text`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Annotated

from pydantic import BeforeValidator, Field, ValidationError

from citynet.kit import html
from citynet.kit.errors import Invalid
from citynet.kit.i18n import _
from citynet.practices.fields import (
    CURRENCY,
    DOCUMENT,
    EMAIL,
    LANGUAGE,
    LINK,
    MOST_ROWS,
    NUMBER,
    STORED,
    YEAR,
    Block,
    Cleaned,
    CostBand,
    Currency,
    Date,
    Dimension,
    Email,
    Honour,
    Law,
    Leftover,
    Line100,
    Line200,
    Link,
    Number,
    Offer,
    Phase,
    Result,
    Rich,
    Shape,
    Staff,
    Status,
    Text,
    Visibility,
    Year,
    line,
)  # fmt: skip

WORDS_IN_SUMMARY = 200
# Of all texts together, in any script: what a form may hold (see `app.py`) is sized to it.
LONGEST_IN_ALL = 300_000


class Content(Shape):
    """All that an author tells of a practice, in the order of product.md."""

    title: Annotated[str, Field(min_length=1, max_length=100), BeforeValidator(line)]
    subtitle: Line200 = ""
    language: Annotated[str, Field(pattern=LANGUAGE)] = "en"
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
    problem: Rich = ""
    blocks: Annotated[tuple[Block, ...], Field(max_length=MOST_ROWS["blocks"])] = ()
    phases: Annotated[tuple[Phase, ...], Field(max_length=MOST_ROWS["phases"])] = ()
    cost_setup: Number = ""
    cost_yearly: Number = ""
    cost_currency: Currency = ""
    cost_year: Year = ""
    cost_funds: Line200 = ""
    cost_band: CostBand | None = None
    cost: Rich = ""
    cost_unknown_why: Line200 = ""
    staff: Annotated[tuple[Staff, ...], Field(max_length=MOST_ROWS["staff"])] = ()
    staffing: Rich = ""
    laws: Annotated[tuple[Law, ...], Field(max_length=MOST_ROWS["laws"])] = ()
    legal_basis: Rich = ""
    results: Annotated[tuple[Result, ...], Field(max_length=MOST_ROWS["results"])] = ()
    difficulties: Rich = ""
    lessons: Rich = ""
    not_again: Rich = ""
    replicate_needs: Rich = ""
    replicate_adapt: Rich = ""
    replicate_not: Rich = ""
    replicate_smallest: Rich = ""
    culture: Rich = ""
    upkeep: Rich = ""
    honours: Annotated[tuple[Honour, ...], Field(max_length=MOST_ROWS["honours"])] = ()
    awards: Rich = ""
    contact_office: Line200 = ""
    contact_backup: Line200 = ""
    # Where the yearly question goes; readers never see it.
    contact_email: Email = ""
    offers: tuple[Offer, ...] = ()
    licence: Line100 = "CC-BY-4.0"
    source_url: Link = ""
    source_name: Line200 = ""
    unknown: tuple[str, ...] = ()
    # What came out of a document and has no place yet; readers never see it.
    leftover: Leftover = ""


STARRED = (
    "title", "subtitle", "agency", "summary", "topics", "status", "started", "problem", "blocks",
    "cost", "staffing", "legal_basis", "results", "lessons", "replicate_needs", "contact_office",
)  # fmt: skip
# What also answers a field, told in rows or figures.
ANSWERS = {
    "cost": ("cost_setup", "cost_yearly", "cost_band"),
    "staffing": ("staff",),
    "legal_basis": ("laws",),
}
NOT_FOR_READERS = frozenset({"leftover", "contact_email"})
RICH = frozenset(
    name for name, field in Content.model_fields.items()
    if any(isinstance(getattr(one, "func", None), Cleaned) for one in field.metadata)
)  # fmt: skip
# The rich fields of rows, by the rows' name.
RICH_IN_ROWS = {"blocks": ("purpose", "needs", "lesson"), "phases": ("text",)}
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
    return checked(content)


def checked(content: Content) -> Content:
    """Return a content if its fields go together.

    Raises:
        Invalid: what is wrong, at its field.
    """
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
        name
        for name in STARRED
        if not is_answered(content, name) and not _is_unknown(content, name)
    ]
    if content.status == Status.STOPPED and not content.stopped_reason:
        wanted.append("stopped_reason")
    return wanted


def is_answered(content: Content, name: str) -> bool:
    """Tell whether a field says something, in itself or in its rows and figures."""
    return any(getattr(content, one) for one in (name, *ANSWERS.get(name, ())))


def of_row(text: str) -> Content:
    """Return the content that a row holds, as it was cleaned when it was written."""
    return Content.model_validate_json(text, context=STORED)


def completeness_percent(content: Content) -> int:
    """Return how much of what is asked for is answered."""
    return round(100 * (1 - len(missing(content)) / (len(STARRED) + 1)))


def started_year(content: Content) -> int | None:
    """Return the year it began, where it is known."""
    found = re.match(r"\d{4}", content.started)
    return int(found.group()) if found else None


def for_readers(content: Content) -> Content:
    """Return a text without what only its authors and reviewers read."""
    return content.model_copy(update=dict.fromkeys(NOT_FOR_READERS, ""))


def full_text(content: Content) -> str:
    """Return every word a reader sees below the summary but the building blocks, for the index."""
    rich = [getattr(content, name) for name in sorted(RICH - NOT_FOR_READERS)]
    rich += [phase.text for phase in content.phases]
    lines = [
        content.agency, content.stopped_reason, content.cost_funds, content.cost_unknown_why,
        *(phase.name for phase in content.phases),
        *(text for one in content.staff for text in (one.role, one.skills)),
        *(text for law in content.laws for text in (law.number, law.title)),
        *(text for row in content.results for text in (row.indicator, row.unit, row.source)),
        *(text for one in content.honours for text in (one.name, one.issuer)),
    ]  # fmt: skip
    return _lines([*lines, *(html.plain(text) for text in rich)])


def blocks_text(content: Content) -> str:
    """Return every word of the building blocks, for the index."""
    return _lines(
        [
            text
            for block in content.blocks
            for text in (
                block.name, *(html.plain(getattr(block, one)) for one in RICH_IN_ROWS["blocks"])
            )
        ]
    )  # fmt: skip


def differences(before: Content, after: Content) -> list[str]:
    """Return the names of the fields that differ, in the author's order."""
    return [name for name in Content.model_fields if getattr(before, name) != getattr(after, name)]


def _lines(texts: Iterable[str]) -> str:
    return "\n".join(text for text in texts if text)


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
    if kind == "no_markup":
        return str(context.get("why"))
    if kind in ("string_pattern_mismatch", "no_such_day"):
        return _of_pattern(str(context.get("pattern")))
    return _("This value cannot be taken here.")


def _of_pattern(pattern: str) -> str:
    sentences = {
        LINK: _("Write a link that begins with https://."),
        LANGUAGE: _("Choose English or Indonesian."),
        EMAIL: _("Write a mail address, such as office@city.example."),
        CURRENCY: _("Write the currency as its three letters, such as IDR."),
        NUMBER: _("Write a number in digits, such as 1200000 or 2.5."),
        DOCUMENT: _("Choose one of the attachments."),
        YEAR: _("Write a year, such as 2019."),
    }
    usual = _("Write a year (2019), a month (2019-10) or a day (2019-10-16).")
    return sentences.get(pattern, usual)
