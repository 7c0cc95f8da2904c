"""Days and numbers as a form of the desk sends them; an empty field is None."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from citynet.kit.errors import Invalid
from citynet.kit.i18n import _

LONGEST = 40


def day(form: Mapping[str, str], name: str) -> date | None:
    """Return the day of a field.

    Raises:
        Invalid: what stands there is no day.
    """
    text = form.get(name, "").strip()[:LONGEST]
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Invalid({name: _("Write a day as year-month-day, such as 2027-12-31.")}) from None


def number(form: Mapping[str, str], name: str) -> float | None:
    """Return the number of a field; a comma parts decimals too.

    Raises:
        Invalid: what stands there is no number.
    """
    text = "".join(form.get(name, "").split())[:LONGEST]
    if not text:
        return None
    if not set(text) <= set("0123456789.,-"):
        raise Invalid({name: _("Write a number in digits.")})
    try:
        return float(text.replace(",", "."))
    except ValueError:
        raise Invalid({name: _("Write a number in digits.")}) from None


def whole(form: Mapping[str, str], name: str) -> int | None:
    """Return the whole number of a field.

    Raises:
        Invalid: what stands there is none.
    """
    found = number(form, name)
    if found is not None and found != int(found):
        raise Invalid({name: _("Write a whole number, without points or commas.")})
    return int(found) if found is not None else None
