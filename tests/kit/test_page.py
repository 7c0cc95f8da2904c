"""Pages of longer lists."""

from __future__ import annotations

import pytest

from citynet.kit.page import LAST, Page, number_from


@pytest.mark.parametrize(
    ("items", "total", "number", "pages", "first", "last"),
    [
        ([], 0, 1, 1, 0, 0),
        (["a"], 1, 1, 1, 1, 1),
        (["a"] * 20, 20, 1, 1, 1, 20),
        (["a"] * 20, 21, 1, 2, 1, 20),
        (["a"], 21, 2, 2, 21, 21),
        ([], 21, 9, 2, 0, 0),
    ],
)
def test_page_tells_where_it_stands(
    items: list[str], total: int, number: int, pages: int, first: int, last: int
) -> None:
    """First and last item by position, and how many pages there are."""
    page = Page(items, total, number)
    assert (page.pages, page.first, page.last) == (pages, first, last)


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        (None, 1), ("", 1), ("1", 1), ("7", 7), ("0", 1), ("-3", 1), ("1.5", 1), ("two", 1),
        ("²", 1), ("٣", 1), ("99999", LAST), ("1" * 5000, 1), (" 2", 1), ("2\x00", 1),
    ],
)  # fmt: skip
def test_page_number_is_read_as_people_type_it(typed: str | None, number: int) -> None:
    """Anything that is no number is the first page, and none is out of bounds."""
    assert number_from(typed) == number
