"""The reader's language: which one, its words, and dates and numbers written its way.

Chosen by the person's setting, else a remembered choice (a cookie), else the browser.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import cast

from babel import Locale
from flask import Flask, g, has_request_context, request
from flask_babel import (
    Babel,
    force_locale,
    format_date,
    format_decimal,
    get_locale,
    gettext,
    lazy_gettext,
)  # fmt: skip
from flask_babel import ngettext as flask_ngettext

__all__ = ["LANGUAGES", "_", "current_language", "in_language", "init_app", "lazy", "ngettext"]

LANGUAGES = {"en": "English", "id": "Bahasa Indonesia"}
COOKIE = "language"
FOLDER = Path(__file__).parent.parent / "translations"


def _(text: str, **values: object) -> str:
    """Return a sentence in the reader's language, its `%(name)s` filled in."""
    return str(gettext(text, **values))


def lazy(text: str) -> str:
    """Return a sentence that is translated when it is written, for labels made at import."""
    return cast(str, lazy_gettext(text))


def ngettext(one: str, many: str, number: int, **values: object) -> str:
    """Return the form of a sentence that the number asks for."""
    return str(flask_ngettext(one, many, number, **values))


def init_app(app: Flask) -> None:
    """Choose the language of each request and teach templates its formats."""
    Babel(
        app,
        locale_selector=choose_language,
        default_translation_directories=str(FOLDER),
    )
    app.add_template_filter(show_date, "date")
    app.add_template_filter(show_number, "number")
    app.add_template_filter(country_name)
    app.add_template_filter(language_name)
    app.jinja_env.globals.update(
        current_language=current_language, languages=list(LANGUAGES.items())
    )


def choose_language() -> str:
    """Return the language of this request."""
    if not has_request_context():
        return "en"
    preferred = g.get("preferred_language") or request.cookies.get(COOKIE)
    if preferred in LANGUAGES:
        return str(preferred)
    return request.accept_languages.best_match(list(LANGUAGES), "en") or "en"


def current_language() -> str:
    """Return `en` or `id`: the language the page is written in."""
    return str(get_locale() or "en")


@contextmanager
def in_language(language: str) -> Iterator[None]:
    """Write what the block writes in a language; one that is not spoken here is English."""
    with force_locale(language if language in LANGUAGES else "en"):
        yield


def country_name(code: str) -> str:
    """Return the country's name in the reader's language; `code` is ISO 3166-1 alpha-2."""
    return str(Locale(current_language()).territories.get(code, code))


def language_name(code: str) -> str:
    """Return a language's name in the reader's language."""
    return str(Locale(current_language()).languages.get(code, code))


def show_date(value: datetime | date | None) -> str:
    """Write a day as the reader's locale does."""
    return str(format_date(value, "d MMMM y")) if value else ""


def show_number(value: float | None) -> str:
    """Write a number with the reader's separators."""
    return str(format_decimal(value)) if value is not None else ""
