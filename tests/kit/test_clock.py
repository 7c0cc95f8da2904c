"""The one clock."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from citynet.kit import clock


def test_now_is_aware_and_in_utc() -> None:
    """No naive moment comes from it."""
    before = datetime.now(UTC)
    assert before <= clock.now() <= datetime.now(UTC)
    assert clock.now().tzinfo is UTC


def test_clock_moves_and_moves_back_whatever_happens() -> None:
    """Moves add up, and an error inside puts it right again."""
    day = timedelta(days=1)
    with pytest.raises(ValueError), clock.moved(day):  # noqa: PT012, PT011
        with clock.moved(day):
            assert clock.now() - datetime.now(UTC) > 2 * day - timedelta(minutes=1)
        raise ValueError
    assert abs(clock.now() - datetime.now(UTC)) < timedelta(minutes=1)
