"""Terms of membership: how long they run, and days as people write them."""

from __future__ import annotations

import calendar
from datetime import date, timedelta

from citynet.kit import clock, network

# A term that has no end, where a day is asked for.
WITHOUT_END = date.max
LONGEST_YEARS = 20


def today() -> date:
    """Return the day, in UTC."""
    return clock.now().date()


def usual_end(first: date) -> date | None:
    """Return the last day of a term of the network's length; None where it sets no length."""
    months = network.current().term_months
    return add_months(first, months) - timedelta(days=1) if months else None


def add_months(day: date, months: int) -> date:
    """Return the same day so many months later, or the month's last."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day.day, last))


def is_too_far(day: date) -> bool:
    """Tell whether nobody can mean this day: a slip of the pen."""
    return day > add_months(today(), LONGEST_YEARS * 12)


def renewed_end(last: date | None) -> date | None:
    """Return where a term usually ends that is prolonged now: a length after the last day."""
    now = today()
    return usual_end(last + timedelta(days=1) if last is not None and last >= now else now)
