"""What a list of the desk is made of: its columns, its filters, and how an address is read."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Generic, TypeVar, TypeVarTuple
from urllib.parse import parse_qsl, urlencode

from sqlalchemy import ColumnElement, Select, SQLColumnExpression, String, func, or_
from sqlalchemy.orm import InstrumentedAttribute
from werkzeug.datastructures import MultiDict

from citynet.kit import html
from citynet.kit.errors import NotFound
from citynet.kit.page import number_from
from citynet.kit.sheets import Cell

T = TypeVar("T")
Ts = TypeVarTuple("Ts")
LONGEST_WORDS = 120
SIZE = 50
FIRST_YEAR, LAST_YEAR = 1900, 2999


def contains(text: str, *columns: SQLColumnExpression[Any]) -> ColumnElement[bool]:
    """Return the condition that one of the columns holds the text, whatever its case."""
    return or_(*(column.icontains(text, autoescape=True) for column in columns))


@dataclass(frozen=True)
class Column(Generic[T]):
    """A column; `cell` is what the export writes, `sort` what the list may be sorted by."""

    key: str
    label: str
    cell: Callable[[T], Cell]
    sort: ColumnElement[Any] | InstrumentedAttribute[Any] | None = None
    is_number: bool = False
    # False: it stands in the export only.
    is_shown: bool = True


@dataclass(frozen=True)
class Words:
    """A filter by what is typed."""

    key: str
    label: str
    where: Callable[[str], ColumnElement[bool]]
    kind = "words"

    def read(self, text: str) -> str:
        """Return what is taken of what was typed."""
        return html.line(text[:LONGEST_WORDS])

    def options(self) -> Mapping[str, str]:
        """Return the choices: none."""
        return {}

    def condition(self, value: str) -> ColumnElement[bool]:
        """Return the condition of a value that was read."""
        return self.where(value)


@dataclass(frozen=True)
class Choice:
    """A filter by one of several values; `choices` maps each to its label."""

    key: str
    label: str
    choices: Mapping[str, str] | Callable[[], Mapping[str, str]]
    where: Callable[[str], ColumnElement[bool]]
    kind = "choice"

    def read(self, text: str) -> str:
        """Return the value, or nothing where there is no such choice."""
        return text if text in self.options() else ""

    def options(self) -> Mapping[str, str]:
        """Return the choices as they are now."""
        return self.choices() if callable(self.choices) else self.choices

    def condition(self, value: str) -> ColumnElement[bool]:
        """Return the condition of a value that was read."""
        return self.where(value)


@dataclass(frozen=True)
class Day:
    """A filter by a day, handed to `where` as the moment at which it begins in UTC."""

    key: str
    label: str
    where: Callable[[datetime], ColumnElement[bool]]
    kind = "day"

    def read(self, text: str) -> str:
        """Return the day as ISO 8601 writes it, or nothing where nobody can mean it."""
        try:
            day = date.fromisoformat(text[:10])
        except ValueError:
            return ""
        return day.isoformat() if FIRST_YEAR <= day.year <= LAST_YEAR else ""

    def options(self) -> Mapping[str, str]:
        """Return the choices: none."""
        return {}

    def condition(self, value: str) -> ColumnElement[bool]:
        """Return the condition of a value that was read."""
        return self.where(datetime.fromisoformat(value).replace(tzinfo=UTC))


Filter = Words | Choice | Day


@dataclass(frozen=True)
class Action:
    """What can be done with the ticked rows: the endpoint that takes them, and its button."""

    endpoint: str
    label: str


@dataclass(frozen=True)
class Wanted:
    """What an address asks of a list, as far as the list knows it."""

    values: Mapping[str, str]
    # A column's key, with `-` before it for the other direction; empty: the list's own order.
    sort: str
    number: int

    @property
    def args(self) -> dict[str, str]:
        """Return the filters and the order as the address names them."""
        return {**self.values, **({"sort": self.sort} if self.sort else {})}

    @property
    def query(self) -> str:
        """Return the same as one text, each list of values always written alike."""
        return urlencode(sorted(self.args.items()))


@dataclass(frozen=True, kw_only=True)
class List(Generic[T]):
    """A declared list; see the head of this file."""

    key: str
    title: str
    endpoint: str
    # Unique in the query: what counts, ends every order, and is posted for a ticked row.
    id: InstrumentedAttribute[int]
    columns: Sequence[Column[T]]
    filters: Sequence[Filter] = ()
    order: Sequence[ColumnElement[Any] | InstrumentedAttribute[Any]] = ()
    actions: Sequence[Action] = ()
    size: int = SIZE
    # What a row becomes: the rows of a page, or of a part of an export, in one go. Without it a row
    # is the thing that the query selects, or the tuple of them.
    prepare: Callable[[Sequence[Any]], Sequence[T]] | None = None
    # False where its readers keep no filters: they do not work at the desk.
    is_kept: bool = True

    def __post_init__(self) -> None:
        """Make the list known by its key, for the filters that are saved of it."""
        _lists[self.key] = self

    def read(self, args: MultiDict[str, str]) -> Wanted:
        """Read an address; what is no filter, value or column of this list is left out."""
        read = {one.key: one.read(args.get(one.key, "")) for one in self.filters}
        sort = args.get("sort", "")
        is_known = any(one.sort is not None and one.key == sort.removeprefix("-")
                       for one in self.columns)  # fmt: skip
        return Wanted(
            {key: value for key, value in read.items() if value},
            sort if is_known else "",
            number_from(args.get("page")),
        )

    def narrowed(self, base: Select[*Ts], wanted: Wanted) -> Select[*Ts]:
        """Return the query with the filters, in the wanted order."""
        for one in self.filters:
            if one.key in wanted.values:
                base = base.where(one.condition(wanted.values[one.key]))
        return base.order_by(None).order_by(*self._order(wanted), self.id)

    def _order(self, wanted: Wanted) -> Sequence[ColumnElement[Any] | InstrumentedAttribute[Any]]:
        for one in self.columns:
            if one.sort is not None and one.key == wanted.sort.removeprefix("-"):
                is_text = isinstance(one.sort.type, String)
                key = func.lower(one.sort) if is_text else one.sort
                # What is empty comes last in both directions, on both databases.
                down = key.desc() if wanted.sort.startswith("-") else key.asc()
                return [down.nulls_last()]
        return self.order


_lists: dict[str, List[Any]] = {}


def get(key: str) -> List[Any]:
    """Return a declared list of the desk, whose filters may be kept.

    Raises:
        NotFound: no such list.
    """
    if not is_known(key):
        raise NotFound
    return _lists[key]


def is_known(key: str) -> bool:
    """Tell whether the desk has a list of this key: one that was kept may be gone."""
    return key in _lists and _lists[key].is_kept


def read_query(declared: List[T], query: str) -> Wanted:
    """Read filters and order that were kept as a text."""
    pairs = parse_qsl(query[:2000], max_num_fields=None)
    return declared.read(MultiDict(pairs[:50]))
