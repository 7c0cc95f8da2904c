"""The types of a practice's fields: what each may hold, and the rows of its tables."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from datetime import date
from typing import Annotated

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationInfo,
)  # fmt: skip
from pydantic_core import PydanticCustomError

from citynet.kit import html
from citynet.kit.errors import Invalid
from citynet.kit.html import drop_invisible


class Status(enum.StrEnum):
    """How far a practice has come."""

    PILOT = "pilot"
    RUNNING = "running"
    SCALED = "scaled"
    STOPPED = "stopped"


class CostBand(enum.StrEnum):
    """What it cost to set up, in US dollars, where the figure itself is not told."""

    UNDER_10K = "under_10k"
    TO_100K = "to_100k"
    TO_1M = "to_1m"
    OVER_1M = "over_1m"


class ResultKind(enum.StrEnum):
    """Whether a result is what people feel, or what was built for it."""

    OUTCOME = "outcome"
    OUTPUT = "output"


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


def line(value: object) -> object:
    """Fold a text onto one line."""
    return html.line(value) if isinstance(value, str) else value


def _capitals(value: object) -> object:
    """Write a currency as its code."""
    return html.line(value).upper() if isinstance(value, str) else value


@dataclass(frozen=True)
class Cleaned:
    """The reader of a rich text: so many characters of words, and of markup."""

    most: int
    most_markup: int

    def __call__(self, value: object, info: ValidationInfo) -> object:
        """Clean what was written; what a row holds was cleaned before (see `content.of_row`)."""
        if not isinstance(value, str) or info.context == STORED:
            return value
        too_long = PydanticCustomError("string_too_long", "too long", {"max_length": self.most})
        if len(value) > self.most_markup:
            raise too_long
        try:
            cleaned = html.from_text(value)
        except Invalid as error:
            why = {"why": error.fields["html"]}
            raise PydanticCustomError("no_markup", "{why}", why) from None
        if len(html.plain(cleaned)) > self.most:
            raise too_long
        return cleaned


def _real_day(value: str) -> str:
    """Refuse a day that its month does not have."""
    if len(value) == len("2019-10-16"):
        try:
            date.fromisoformat(value)
        except ValueError:
            raise PydanticCustomError("no_such_day", "no such day") from None
    return value


LONG = 20_000
# Markup, such as a table's, comes on top of the words.
LONGEST_MARKUP = 100_000
# A whole document may wait to be placed.
LONGEST_LEFTOVER, LONGEST_LEFTOVER_MARKUP = 150_000, 250_000
MOST_ROWS = {"blocks": 30, "phases": 30, "staff": 30, "laws": 30, "results": 50, "honours": 30}
# What tells a validation that its texts come from a row.
STORED = "stored"
LANGUAGE = r"^(en|id)$"
EMAIL = r"^$|^[^\s@<>,;]+@[^\s@<>,;]+\.[^\s@<>,;]+$"
NUMBER = r"^$|^[0-9]{1,15}([.,][0-9]{1,2})?$"
YEAR = r"^$|^(19|20)[0-9]{2}$"
CURRENCY = r"^$|^[A-Z]{3}$"
LINK = r"^$|^https?://[^\s<>\"]+$"
DOCUMENT = r"^[0-9]{0,9}$"
# The limit stands before the tidying: only then is it one of the text and named as such.
Line100 = Annotated[str, Field(max_length=100), BeforeValidator(line)]
Line200 = Annotated[str, Field(max_length=200), BeforeValidator(line)]
Text = Annotated[str, Field(max_length=LONG), BeforeValidator(_tidy)]
Rich = Annotated[str, BeforeValidator(Cleaned(LONG, LONGEST_MARKUP))]
Leftover = Annotated[str, BeforeValidator(Cleaned(LONGEST_LEFTOVER, LONGEST_LEFTOVER_MARKUP))]
Email = Annotated[
    str, Field(max_length=254, pattern=EMAIL),
    BeforeValidator(line),
]  # fmt: skip
Number = Annotated[str, Field(max_length=20, pattern=NUMBER), BeforeValidator(line)]
Year = Annotated[str, Field(pattern=YEAR), BeforeValidator(line)]
Currency = Annotated[str, Field(pattern=CURRENCY), BeforeValidator(_capitals)]
Date = Annotated[
    str,
    Field(pattern=r"^$|^(19|20)[0-9]{2}(-(0[1-9]|1[0-2])(-[0-9]{2})?)?$"),
    AfterValidator(_real_day),
    BeforeValidator(line),
]
Link = Annotated[str, Field(max_length=500, pattern=LINK), BeforeValidator(line)]


class Shape(BaseModel):
    """The strictness of every part: unknown keys are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Block(Shape):
    """A building block: one thing that was done."""

    name: Line200
    purpose: Rich = ""
    needs: Rich = ""
    lesson: Rich = ""


class Phase(Shape):
    """A stretch of the timeline."""

    name: Line200
    begins: Date = ""
    ends: Date = ""
    text: Rich = ""


class Staff(Shape):
    """A role; `people` are full-time equivalents."""

    role: Line200
    people: Number = ""
    skills: Line200 = ""


class Law(Shape):
    """A law, regulation or decree that it stands on."""

    title: Line200
    number: Line100 = ""
    link: Link = ""


class Honour(Shape):
    """An award, who gave it and when; `link` is where it can be seen."""

    name: Line200
    issuer: Line200 = ""
    year: Year = ""
    link: Link = ""


class Result(Shape):
    """A row of results; `expected` marks what has not been measured yet."""

    indicator: Line200
    unit: Line100 = ""
    before: Line100 = ""
    after: Line100 = ""
    dates: Line100 = ""
    source: Line200 = ""
    expected: bool = False
    kind: ResultKind = ResultKind.OUTCOME
    # The number of the attachment that proves it.
    document: Annotated[str, Field(pattern=DOCUMENT)] = ""
