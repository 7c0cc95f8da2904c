"""The editor as a browser sees it: what its form holds, and what pressing a button sends."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bs4 import BeautifulSoup, Tag
from flask.testing import FlaskClient

from tests.network import post

Sent = dict[str, list[str]]


def form_in(page: str) -> Sent:
    """Return what the editor's form on a page would send, by name; a box unticked sends nothing."""
    form = BeautifulSoup(page, "html.parser").select_one("form.cn-form")
    assert form is not None, "the page has no form"
    sent: Sent = {}
    for field in form.find_all(["input", "textarea", "select"]):
        for value in _values(field):
            sent.setdefault(str(field["name"]), []).append(value)
    sent.pop("csrf_token")
    return sent


def open_part(browser: FlaskClient, slug: str, key: str) -> Sent:
    """Open a part and return what its form holds."""
    answer = browser.get(f"/practices/{slug}/edit/{key}")
    assert answer.status_code == 200, answer.text
    return form_in(answer.text)


def send(browser: FlaskClient, slug: str, key: str, sent: Mapping[str, Any], **changes: Any) -> Any:
    """Press a button of a part's form, with some fields changed."""
    return post(browser, f"/practices/{slug}/edit/{key}", {**sent, **changes})


def autosave(
    browser: FlaskClient, slug: str, key: str, sent: Mapping[str, Any], **changes: Any
) -> Any:
    """Send what the page sends by itself."""
    return post(browser, f"/practices/{slug}/edit/{key}/autosave", {**sent, **changes})


def fill(browser: FlaskClient, slug: str, **told: Any) -> None:
    """Answer fields one page after another, as an author does; rows by their form's names."""
    for key, names in told.items():
        answer = send(browser, slug, key, open_part(browser, slug, key), **names)
        assert answer.status_code == 302, answer.text


def _values(field: Tag) -> list[str]:
    if field.name == "textarea":
        # A browser drops the line break that follows the tag.
        return [field.get_text().removeprefix("\r\n").removeprefix("\n")]
    if field.name == "select":
        options = field.find_all("option")
        chosen = [one for one in options if one.has_attr("selected")] or options[:1]
        return [str(one["value"]) for one in chosen]
    if field.get("type") in ("radio", "checkbox") and not field.has_attr("checked"):
        return []
    return [str(field.get("value", "on"))]
