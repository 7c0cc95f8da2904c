"""Lists of the desk: declared once, then filtered, sorted, paged, exported and ticked alike.

A list is declared beside its view and shown by one call; what the actor may see stands in the
query that the view hands over, and nothing that an address says widens it:

    PEOPLE: List[Person] = List(
        key="people", title=lazy("People"), endpoint="admin.people", id=Person.id,
        columns=(
            Column("name", lazy("Name"), lambda one: one.name, sort=Person.name),
            Column("since", lazy("Since"), lambda one: one.created_at, sort=Person.created_at),
        ),
        filters=(
            Words("q", lazy("Name or address"), lambda text: contains(text, Person.name)),
            Choice("language", lazy("Language"), {"en": "English"}, lambda v: Person.language == v),
            Day("since", lazy("Since"), lambda day: Person.created_at >= day),
        ),
        order=(Person.created_at,),
    )

    @bp.get("/people")
    @policy("can_use_desk")
    def people() -> Answer:
        return lists.answer(PEOPLE, queries.people(g.actor), "admin/people.html")

The template: `{% from "admin/_list.html" import whole with context %}`, then
`{% call(row) whole(view) %}<th scope="row">…</th><td data-label="{{ view.label('since') }}">…</td>
{% endcall %}`: one cell for each column that is shown. Of a query of several things a row is a
tuple: declare `List[tuple[Person, City | None]]` and read `one[0].name`. The order of the address
(`sort=name`, `sort=-name`) ends with `id`, so that pages never overlap. `?form=csv` or `xlsx`
exports what is filtered, in the same order. A page costs two queries (the total and its rows), one
for saved filters and what the choices read. With `actions` each row has a box to tick, and the form
posts to the endpoint of the action: there `lists.chosen(PEOPLE, base, request.form)` returns the
ids, those outside of the base left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Generic, TypeVar, TypeVarTuple, cast

from flask import g, render_template, request, url_for
from sqlalchemy import Select, func, select
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from citynet.admin import queries, service
from citynet.admin.declaring import (
    Action,
    Choice,
    Column,
    Day,
    Filter,
    List,
    Wanted,
    Words,
    contains,
    get,
    is_known,
    read_query,
)  # fmt: skip
from citynet.admin.models import SavedFilter
from citynet.kit import clock, db, sheets
from citynet.kit.i18n import show_date
from citynet.kit.page import Page
from citynet.kit.sheets import Cell

__all__ = [
    "Action", "Choice", "Column", "Day", "List", "View", "Words", "answer", "chosen",
    "contains", "get", "is_known", "read_query",
]  # fmt: skip
T = TypeVar("T")
Ts = TypeVarTuple("Ts")
Answer = str | Response
MOST_TICKED, CHUNK = 1000, 500
ID = re.compile("[0-9]{1,9}")


@dataclass(frozen=True)
class Head:
    """A column's head: the address that sorts by it, and `ascending` or `descending` now."""

    label: str
    url: str
    direction: str
    is_number: bool


@dataclass(frozen=True)
class View(Generic[T]):
    """One page of a list, as the template shows it."""

    declared: List[T]
    wanted: Wanted
    page: Page[T]
    saved: Sequence[SavedFilter]

    def url(self, **changes: str) -> str:
        """Return the address of the list with other filters; one that is empty is left out."""
        args: dict[str, Any] = {**self.wanted.args, **changes}
        return url_for(self.declared.endpoint, **{k: v for k, v in args.items() if v})

    def label(self, key: str) -> str:
        """Return the label of a column."""
        return next(one.label for one in self.declared.columns if one.key == key)

    @property
    def heads(self) -> list[Head]:
        """Return the heads of the columns that are shown."""
        return [self._head(one) for one in self.declared.columns if one.is_shown]

    def _head(self, one: Column[T]) -> Head:
        sort = self.wanted.sort
        is_up, is_down = sort == one.key, sort == f"-{one.key}"
        url = self.url(sort=f"-{one.key}" if is_up else one.key) if one.sort is not None else ""
        direction = "ascending" if is_up else "descending" if is_down else ""
        return Head(one.label, url, direction, one.is_number)

    @property
    def sorts(self) -> list[tuple[str, str, bool]]:
        """Return value and label of each order; the last word tells whether it runs down."""
        known = [one for one in self.declared.columns if one.sort is not None]
        return [(f"{sign}{one.key}", one.label, bool(sign)) for one in known for sign in ("", "-")]

    @property
    def chips(self) -> list[tuple[str, str, str]]:
        """Return label, value and the address without it of each filter that is set."""
        return [
            (one.label, self._told(one), self.url(**{one.key: ""}))
            for one in self.declared.filters
            if one.key in self.wanted.values
        ]

    def _told(self, one: Filter) -> str:
        value = self.wanted.values[one.key]
        return (
            show_date(date.fromisoformat(value))
            if one.kind == "day"
            else one.options().get(value, value)
        )

    def row_id(self, row: T) -> int:
        """Return what a ticked row posts."""
        thing = row[0] if isinstance(row, tuple) else row
        return int(getattr(thing, self.declared.id.key))

    def row_name(self, row: T) -> str:
        """Return what a row is called: its first column."""
        return str(self.declared.columns[0].cell(row))


def answer(declared: List[T], base: Select[*Ts], template: str, **context: object) -> Answer:
    """Answer a request for a list: the page it asks for, or the export; `base` is all one may see.

    The template gets `view` and what else is handed over.
    """
    wanted = declared.read(request.args)
    narrowed = declared.narrowed(base, wanted)
    if request.args.get("form") in sheets.MEDIA_TYPES:
        return _export(declared, narrowed, wanted)
    view = View(
        declared, wanted, _page(declared, narrowed, wanted.number),
        queries.saved_filters(g.actor.person_id, declared.key) if declared.is_kept else (),
    )  # fmt: skip
    return render_template(template, view=view, **context)


def chosen(declared: List[T], base: Select[*Ts], form: MultiDict[str, str]) -> list[int]:
    """Return the ids of the rows a form names, in the list's order: the ticked ones, or all.

    With `everything` it is what `query`, the filters of the page it was sent from, finds. What
    is not in `base`, which the actor may see, is left out.
    """
    wanted = read_query(declared, form.get("query", ""))
    if not form.get("everything"):
        ids = [int(one) for one in form.getlist("ids") if ID.fullmatch(one)]
        base = base.where(declared.id.in_(ids[:MOST_TICKED]))
        wanted = Wanted({}, wanted.sort, 1)
    narrowed = declared.narrowed(base, wanted)
    found = narrowed.with_only_columns(declared.id, maintain_column_froms=True)
    return list(db.session().scalars(found))


def _page(declared: List[T], narrowed: Select[*Ts], number: int) -> Page[T]:
    """Return the wanted page, or the last where the list is shorter."""
    total = _total(declared, narrowed)
    number = min(number, max(1, -(-total // declared.size)))
    rows = narrowed.offset((number - 1) * declared.size).limit(declared.size)
    return Page(list(_rows(declared, rows)), total, number, declared.size)


def _export(declared: List[T], narrowed: Select[*Ts], wanted: Wanted) -> Response:
    """Answer with every row that is filtered, and write down that they were taken out."""
    total = _total(declared, narrowed)
    service.note_export(g.actor, declared.key, rows=total, query=_without_words(declared, wanted))
    return sheets.answer(
        [str(one.label) for one in declared.columns],
        _cells(declared, narrowed),
        name=f"{declared.key}-{clock.now():%Y-%m-%d}",
        form=request.args["form"],
    )


def _without_words(declared: List[T], wanted: Wanted) -> str:
    """Return the filters without what was typed: it may name somebody, and the log is for good."""
    words = {one.key for one in declared.filters if one.kind == "words"}
    told = {key: "…" if key in words else value for key, value in wanted.args.items()}
    return "&".join(f"{key}={value}" for key, value in sorted(told.items()))


def _total(declared: List[T], narrowed: Select[*Ts]) -> int:
    ids = narrowed.with_only_columns(declared.id, maintain_column_froms=True).order_by(None)
    return db.session().scalar(select(func.count()).select_from(ids.subquery())) or 0


def _cells(declared: List[T], narrowed: Select[*Ts]) -> Iterator[list[Cell]]:
    for row in _rows(declared, narrowed):
        yield [one.cell(row) for one in declared.columns]


def _rows(declared: List[T], wanted: Select[*Ts]) -> Iterator[T]:
    """Yield what is found, as the list prepares it, some at a time."""
    found = db.session().execute(wanted, execution_options={"yield_per": CHUNK})
    for part in found.partitions():
        rows: list[tuple[object, ...]] = [tuple(row) for row in part]
        if declared.prepare is not None:
            yield from declared.prepare(rows)
        else:
            yield from (cast(T, row[0] if len(row) == 1 else row) for row in rows)
