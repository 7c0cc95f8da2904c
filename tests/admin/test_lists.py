"""The list component: what an address may ask, the order, the pages, the export, what is kept."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import openpyxl
import pytest
from flask import Flask
from flask.testing import FlaskClient
from openpyxl.worksheet.worksheet import Worksheet
from sqlalchemy import event, select, update
from werkzeug.datastructures import MultiDict

from citynet.admin import lists
from citynet.admin.models import SavedFilter
from citynet.admin.views.announcements import ANNOUNCEMENTS
from citynet.announcements import queries
from citynet.announcements.models import Announcement, Audience
from citynet.kit import audit, clock, db, personal
from tests import network

PATH = "/admin/announcements"
TODAY = clock.now().date()
NONSENSE = [
    "sort=password_hash", "sort=--title", "sort=-", "sort=title;drop", "sort=text", "page=-1",
    "page=x", "page=99999", "state=nonsense", "audience=%27", "on=yesterday", "on=2026-02-30",
    "on=0000-00-00", "q=%00", "q=" + "x" * 5000, "form=pdf", "form=", "unknown=1", "q=%25%5C_",
    "sort=title&sort=-title", "on=9999-12-31", "on=0001-01-01",
]  # fmt: skip


@pytest.fixture
def admin(app: Flask) -> FlaskClient:
    """Return the secretariat's browser."""
    return network.client_of(app, "secretariat")


@db.transaction
def announce(*titles: str, **values: Any) -> None:
    """Write announcements."""
    for number, title in enumerate(titles):
        db.session().add(Announcement(**{
            "title_en": title, "title_id": title, "audience": Audience.EVERYBODY,
            "begins_on": TODAY + timedelta(days=number), "ends_on": TODAY + timedelta(days=200),
            **values,
        }))  # fmt: skip


def titles_of(answer: Any) -> list[str]:
    """Return the rows of a CSV by their first column, in order."""
    assert answer.status_code == 200
    rows = list(csv.reader(io.StringIO(answer.get_data(as_text=True).removeprefix("\ufeff"))))
    return [row[0] for row in rows[1:]]


def exported(client: FlaskClient, query: str = "") -> list[str]:
    """Return the titles that an export has."""
    return titles_of(client.get(f"{PATH}?form=csv&{query}", buffered=True))


def first_sheet(answer: Any) -> Worksheet:
    """Return the only sheet of an XLSX."""
    book = openpyxl.load_workbook(io.BytesIO(answer.data))
    sheet = book.worksheets[0]
    assert isinstance(sheet, Worksheet)
    return sheet


@contextmanager
def counted() -> Iterator[list[str]]:
    """Collect the statements that the database is sent."""
    found: list[str] = []

    def note(_c: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        found.append(statement)

    event.listen(db.db.engine, "before_cursor_execute", note)
    yield found
    event.remove(db.db.engine, "before_cursor_execute", note)


@pytest.mark.parametrize("query", NONSENSE)
def test_nonsense_is_left_out(admin: FlaskClient, query: str) -> None:
    """The page comes up as if it had not been asked."""
    announce("One")
    answer = admin.get(f"{PATH}?{query}")
    assert answer.status_code == 200
    assert answer.text.count("<h1") == 1


def test_filters_narrow_and_can_be_taken_away(admin: FlaskClient) -> None:
    """Each that is set stands as a chip; nonsense makes none."""
    announce("Seminar", "Award")
    page = admin.get(f"{PATH}?q=semi&audience=everybody&state=nonsense").text
    assert "Award" not in page
    assert page.count("Remove filter:") == 2
    assert f'href="{PATH}?q=semi"' in page


@pytest.mark.parametrize("text", ["%", "_", "\\", "100%", "'", "a_c"])
def test_wildcards_of_the_database_are_letters(admin: FlaskClient, text: str) -> None:
    """A filter finds them only where they stand."""
    announce(f"x {text} y", "abc plain")
    assert exported(admin, f"q={text.replace('%', '%25')}") == [f"x {text} y"]


def test_empty_list_and_empty_result_tell_different_things(admin: FlaskClient) -> None:
    """The one says what to write, the other how to see all."""
    assert "No announcement yet" in admin.get(PATH).text
    announce("One")
    assert "Nothing fits these filters" in admin.get(f"{PATH}?q=zzz").text


def test_order_goes_both_ways_and_is_told_to_screen_readers(admin: FlaskClient) -> None:
    """The head that sorts now says how, and leads to the other way."""
    announce("b", "A", "c")
    assert exported(admin, "sort=title") == ["A", "b", "c"]
    assert exported(admin, "sort=-title") == ["c", "b", "A"]
    page = admin.get(f"{PATH}?sort=title").text
    assert 'aria-sort="ascending"' in page
    assert "sort=-title" in page


@pytest.mark.parametrize("sort", ["audience", "-audience", "ends"])
def test_equal_rows_keep_one_order_over_all_pages(admin: FlaskClient, sort: str) -> None:
    """No row stands on two pages or on none."""
    announce(*(f"Title {number:03}" for number in range(120)))
    pages = [admin.get(f"{PATH}?sort={sort}&page={number}").text for number in (1, 2, 3)]
    found = [number for number in range(120) for page in pages if f">Title {number:03}<" in page]
    assert found == list(range(120))


def test_page_behind_the_last_is_the_last(admin: FlaskClient) -> None:
    """With the honest total."""
    announce(*(f"Title {number:03}" for number in range(60)))
    page = admin.get(f"{PATH}?page=9").text
    assert "Showing 51–60 of 60" in page


def test_export_holds_exactly_what_is_filtered_in_its_order(admin: FlaskClient) -> None:
    """All pages of it; the page says how many rows."""
    announce(*(f"Open {number:03}" for number in range(70)))
    announce("Closed", audience=Audience.MEMBERS)
    wanted = [f"Open {number:03}" for number in reversed(range(70))]
    assert exported(admin, "audience=everybody&sort=-title") == wanted
    page = admin.get(f"{PATH}?audience=everybody").text
    assert "Export 70 rows:" in page
    answer = admin.get(f"{PATH}?audience=everybody&sort=-title&form=xlsx", buffered=True)
    rows = first_sheet(answer).iter_rows(min_row=2, values_only=True)
    assert [row[0] for row in rows] == wanted
    assert f"announcements-{TODAY:%Y-%m}" in answer.headers["Content-Disposition"]


@pytest.mark.parametrize("sign", ["=", "+", "-", "@"])
def test_exported_cell_is_no_formula(admin: FlaskClient, sign: str) -> None:
    """In both forms."""
    announce(f"{sign}1+1")
    assert exported(admin) == [f"'{sign}1+1"]
    answer = admin.get(f"{PATH}?form=xlsx", buffered=True)
    assert first_sheet(answer)["A2"].data_type == "s"


def test_export_is_written_into_the_audit_log(admin: FlaskClient) -> None:
    """Which list, filtered how, how many rows; not the words, which may name somebody."""
    announce("One", "Two")
    exported(admin, "q=One")
    entry = audit.entries(audit.Filter(action="list.exported")).items[0]
    assert audit.notes_of(entry) == {"list": "announcements", "rows": 1, "filters": "q=…"}


@pytest.mark.parametrize("query", ["", "form=csv"])
def test_number_of_queries_does_not_grow_with_the_rows(admin: FlaskClient, query: str) -> None:
    """With 3 rows as with 60."""
    numbers = []
    for rows in (3, 57):
        announce(*(f"Title {number}" for number in range(rows)))
        with counted() as found:
            admin.get(f"{PATH}?{query}", buffered=True)
        numbers.append(len(found))
    assert numbers[0] == numbers[1]
    assert numbers[0] <= 12


def keep(client: FlaskClient, query: str, name: str = "Mine", **more: str) -> Any:
    """Save a filter as the form of the list does."""
    data = {"list": "announcements", "query": query, "name": name, **more}
    return network.post(client, "/admin/filters", data)


def kept() -> list[SavedFilter]:
    """Return every filter that is kept."""
    return list(db.session().scalars(select(SavedFilter).order_by(SavedFilter.id)))


def test_saved_filter_stands_above_its_list_and_leads_there(admin: FlaskClient) -> None:
    """It can be renamed and deleted."""
    assert keep(admin, "q=semi&sort=-title").headers["Location"] == f"{PATH}?q=semi&sort=-title"
    assert ">Mine</a>" in admin.get(PATH).text
    one = kept()[0]
    answer = admin.get(f"/admin/filters/{one.id}")
    assert answer.headers["Location"] == f"{PATH}?q=semi&sort=-title"
    network.post(admin, f"/admin/filters/{one.id}/rename", {"name": "Seminars"})
    assert 'value="Seminars"' in admin.get("/admin/filters").text
    network.post(admin, f"/admin/filters/{one.id}/delete")
    assert kept() == []


@pytest.mark.parametrize(
    "query",
    [
        "next=//evil.example", "https://evil.example/?q=x", "//evil.example", "q=x#@evil",
        "javascript:alert(1)", "page=7&form=csv", "state=nonsense&sort=secret", "&" * 3000,
    ],
)  # fmt: skip
def test_saved_filter_leads_nowhere_else(admin: FlaskClient, query: str) -> None:
    """Only what the list itself knows is kept, never an address."""
    target = keep(admin, query).headers["Location"]
    assert target.startswith(PATH)
    assert all(one not in kept()[0].query for one in ("next", "evil.example%2F", "form", "secret"))
    assert admin.get(f"/admin/filters/{kept()[0].id}").headers["Location"].startswith(PATH)


@pytest.mark.parametrize("key", ["nowhere", "", "city-actions", "own-actions"])
def test_filter_of_no_list_of_the_desk_is_not_found(admin: FlaskClient, key: str) -> None:
    """Whatever its name; lists outside of the desk are no targets either."""
    assert keep(admin, "q=x", list=key).status_code == 404


def test_filter_of_the_same_name_is_replaced(admin: FlaskClient) -> None:
    """And another cannot be given a name that is taken."""
    keep(admin, "q=one")
    keep(admin, "q=two")
    assert [one.query for one in kept()] == ["q=two"]
    keep(admin, "q=three", "Other")
    answer = network.post(admin, f"/admin/filters/{kept()[1].id}/rename", {"name": "Mine"})
    assert answer.status_code == 422
    assert "Another filter of this list has this name." in answer.text


@pytest.mark.parametrize("name", ["", "   ", "x" * 61, "\u200b"])
def test_filter_needs_a_name(admin: FlaskClient, name: str) -> None:
    """The sentence says how long it may be."""
    keep(admin, "q=x", name)
    assert kept() == []
    assert "Write a name of up to 60 characters." in admin.get(PATH).text


def test_no_more_than_thirty_filters_are_kept(admin: FlaskClient) -> None:
    """The thirty-first is refused with what to do."""
    for number in range(31):
        keep(admin, f"q={number}", f"Filter {number}")
    assert len(kept()) == 30
    assert "Delete one that you no longer need." in admin.get(PATH).text


@pytest.mark.parametrize("step", ["", "/rename", "/delete"])
def test_filter_of_somebody_else_is_hidden(app: Flask, admin: FlaskClient, step: str) -> None:
    """It cannot be opened, renamed or deleted, even by another of the secretariat."""
    keep(admin, "q=x")
    with db.atomic():
        other = network.actor("lead").person_id
        db.session().execute(update(SavedFilter).values(person_id=other))
    path = f"/admin/filters/{kept()[0].id}{step}"
    answer = network.post(admin, path, {"name": "Other"}) if step else admin.get(path)
    assert answer.status_code == 404
    assert len(kept()) == 1


@pytest.mark.parametrize(("role", "status"), [("visitor", 401), ("lead", 403), ("official", 403)])
def test_filters_are_kept_at_the_desk_only(app: Flask, role: str, status: int) -> None:
    """Others have no lists there."""
    assert keep(network.client_of(app, role), "q=x").status_code == status
    assert kept() == []


def test_saved_filters_are_given_out_and_erased(admin: FlaskClient) -> None:
    """They may hold the name somebody was looked for by."""
    keep(admin, "q=Ada")
    person_id = network.actor("secretariat").person_id or 0
    data = personal.export_all(person_id).data["desk"]
    assert data == {
        "saved_filters": [{"list": "announcements", "name": "Mine", "filters": "q=Ada"}]
    }
    personal.erase_all(person_id, "Somebody 1")
    assert kept() == []


def ids_of(**form: Any) -> list[int]:
    """Return what a posted selection names, within what is for everybody."""
    base = queries.every().where(Announcement.audience == Audience.EVERYBODY)
    posted = MultiDict([(key, one) for key, value in form.items()
                        for one in (value if isinstance(value, list) else [value])])  # fmt: skip
    return lists.chosen(ANNOUNCEMENTS, base, posted)


def test_ticked_rows_are_those_the_actor_may_see(app: Flask) -> None:
    """Foreign and nonsensical ones are left out; "all" is what the filters find."""
    announce("One", "Two", "Three")
    announce("Hidden", audience=Audience.MEMBERS)
    ids = {one.title_en: one.id for one in db.session().scalars(select(Announcement))}
    foreign = str(ids["Hidden"])
    ticked = [str(ids["One"]), foreign, "x", "-1", "9" * 50, ""]
    assert ids_of(ids=ticked) == [ids["One"]]
    assert ids_of(everything="1", query="q=T&sort=title") == [ids["Three"], ids["Two"]]
    assert ids_of(everything="1", query="") == [ids["Three"], ids["Two"], ids["One"]]
    assert ids_of(query="q=One") == []
