"""The reader's language: which one, and how dates and numbers are written in it."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from flask import Flask, g
from flask_babel import force_locale

from citynet.kit import i18n


@pytest.mark.parametrize(
    ("person", "cookie", "browser", "wanted"),
    [
        ("id", "en", "en", "id"),
        ("en", "id", "id", "en"),
        (None, "id", "en", "id"),
        (None, None, "id-ID,id;q=0.9,en;q=0.8", "id"),
        (None, None, "en-US,en;q=0.9,id;q=0.8", "en"),
        (None, None, "fr,id;q=0.2", "id"),
        (None, None, "ja", "en"),
        (None, None, "", "en"),
        (None, None, "*", "en"),
        (None, None, ";;;q=x,,", "en"),
        (None, "xx", "id", "id"),
        (None, "../etc", "", "en"),
        ("xx", "id", "", "en"),
    ],
)
def test_language_is_the_persons_else_remembered_else_the_browsers(
    app: Flask, person: str | None, cookie: str | None, browser: str, wanted: str
) -> None:
    """In that order, and English where none of them is spoken here."""
    headers = {"Accept-Language": browser}
    if cookie:
        headers["Cookie"] = f"{i18n.COOKIE}={cookie}"
    with app.test_request_context(headers=headers):
        g.preferred_language = person
        assert i18n.choose_language() == wanted


def test_language_outside_a_request_is_english(app: Flask) -> None:
    """Commands and the worker."""
    assert i18n.choose_language() == i18n.current_language() == "en"


@pytest.mark.parametrize(
    ("language", "day", "number", "country", "name"),
    [
        ("en", "16 October 2019", "1,234,567.5", "Indonesia", "Indonesian"),
        ("id", "16 Oktober 2019", "1.234.567,5", "Indonesia", "Indonesia"),
    ],
)
def test_dates_and_numbers_are_written_the_readers_way(
    app: Flask, language: str, day: str, number: str, country: str, name: str
) -> None:
    """By the locale's own pattern and separators."""
    with force_locale(language):
        assert i18n.show_date(date(2019, 10, 16)) == day
        assert i18n.show_date(datetime(2019, 10, 16, 12, tzinfo=UTC)) == day
        assert i18n.show_number(1234567.5) == number
        assert i18n.country_name("ID") == country
        assert i18n.language_name("id") == name


def test_country_has_its_name_in_each_language(app: Flask) -> None:
    """And an unknown code stays as it is."""
    with force_locale("id"):
        assert i18n.country_name("KR") == "Korea Selatan"
        assert i18n.country_name("??") == "??"
    with force_locale("en"):
        assert i18n.country_name("KR") == "South Korea"


def test_nothing_is_written_as_nothing(app: Flask) -> None:
    """A date or number that is not known leaves its place empty; zero is a number."""
    assert i18n.show_date(None) == i18n.show_number(None) == ""
    assert i18n.show_number(0) == "0"


def test_placeholders_and_plurals_are_filled_in(app: Flask) -> None:
    """In English where there is no translation."""
    assert i18n._("Hello %(name)s", name="Ada") == "Hello Ada"
    assert i18n.ngettext("%(num)s city", "%(num)s cities", 1) == "1 city"
    assert i18n.ngettext("%(num)s city", "%(num)s cities", 2) == "2 cities"
    assert str(i18n.lazy("later")) == "later"


def test_block_is_written_in_its_own_language(app: Flask) -> None:
    """Within a request and without one; afterwards it is as it was, also after an error."""
    word = i18n.lazy("Sign in")
    for context in (app.app_context(), app.test_request_context(headers={"Accept-Language": "id"})):
        with context:
            before = i18n.current_language()
            with i18n.in_language("id"):
                assert (str(word), i18n.show_number(1234.5)) == ("Masuk", "1.234,5")
                with i18n.in_language("en"):
                    assert str(word) == "Sign in"
                assert str(word) == "Masuk"
            with pytest.raises(ZeroDivisionError), i18n.in_language("en"):
                raise ZeroDivisionError
            assert i18n.current_language() == before


def test_language_that_is_not_spoken_here_is_english(app: Flask) -> None:
    """A row of long ago may hold one."""
    with i18n.in_language("fr"):
        assert i18n.current_language() == "en"
