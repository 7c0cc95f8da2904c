"""Throttles: counted before the work, for all processes, and forgotten in time."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import func, select

from citynet.app import create_app
from citynet.kit import clock, db, throttle
from citynet.kit.throttle import Throttle
from config import ROOT
from tests.conftest import close, config_in


def tries(who: str = "203.0.113.9", *, what: str = "guess", limit: int = 3) -> bool:
    """Try once."""
    return throttle.hit(what, who, limit=limit, minutes=15)


def count() -> int:
    """Return how many rows there are."""
    return db.session().scalar(select(func.count()).select_from(Throttle)) or 0


def test_tries_within_the_limit_pass_and_no_more(app: Flask) -> None:
    """The limit is the number of tries that pass."""
    assert [tries() for _ in range(5)] == [True, True, True, False, False]


def test_window_begins_with_the_first_try_and_then_all_is_forgotten(app: Flask) -> None:
    """However many were refused meanwhile, nobody is locked out for ever."""
    for _ in range(9):
        tries()
    with clock.moved(timedelta(minutes=14)):
        assert not tries()
    with clock.moved(timedelta(minutes=15)):
        assert [tries() for _ in range(4)] == [True, True, True, False]


def test_others_and_other_things_are_counted_apart(app: Flask) -> None:
    """By whom and what."""
    for _ in range(4):
        tries()
    assert tries("203.0.113.10")
    assert tries(what="code")
    assert not tries()


@pytest.mark.parametrize(
    ("first", "second", "is_same"),
    [
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff:ffff:ffff:ffff", True),
        ("2001:db8:1:2::1", "2001:0DB8:0001:0002:0:0:0:9", True),
        ("2001:db8:1:2::1", "2001:db8:1:3::1", False),
        ("203.0.113.9", "::ffff:203.0.113.9", True),
        ("::ffff:203.0.113.9", "::ffff:203.0.113.10", False),
        ("fe80::1%eth0", "fe80::2%eth1", True),
        ("a@city.example", "b@city.example", False),
        ("", "x", False),
    ],
)
def test_ipv6_is_counted_by_its_network(app: Flask, first: str, second: str, is_same: bool) -> None:
    """A household has a whole /64 to guess from; an address in IPv6's clothes is still one."""
    assert tries(first, limit=1)
    assert tries(second, limit=1) is not is_same


def test_who_has_shown_themselves_is_forgiven(app: Flask) -> None:
    """Only they, and only for this."""
    for who in ("a@city.example", "b@city.example"):
        for _ in range(4):
            tries(who)
    throttle.forgive("guess", "a@city.example")
    assert (tries("a@city.example"), tries("b@city.example")) == (True, False)
    throttle.forgive("guess", "nobody@city.example")


def test_only_a_digest_is_kept(app: Flask) -> None:
    """Neither addresses nor accounts stand in the table."""
    tries("a@city.example")
    (row,) = db.session().scalars(select(Throttle))
    assert len(row.digest) == 64
    assert "city.example" not in row.digest


def test_count_inside_a_command_is_refused(app: Flask) -> None:
    """The command's failure would take the count back."""

    @db.transaction
    def guess() -> None:
        tries()

    with pytest.raises(RuntimeError, match="before the command"):
        guess()


def test_failed_work_keeps_the_count(app: Flask) -> None:
    """It is committed before the work begins."""

    @db.transaction
    def fail() -> None:
        raise ValueError

    tries()
    with pytest.raises(ValueError):  # noqa: PT011 - it has no words
        fail()
    assert count() == 1


def test_old_rows_are_deleted(app: Flask) -> None:
    """Those whose window is over, by the worker."""
    tries("203.0.113.9")
    with clock.moved(timedelta(minutes=10)):
        tries("203.0.113.10")
    with clock.moved(timedelta(minutes=16)):
        throttle.forget_old()
        assert count() == 1


@pytest.fixture(params=["sqlite", "postgresql"])
def either(request: pytest.FixtureRequest, app: Flask, tmp_path: Path) -> Iterator[Flask]:
    """Return an application over each kind of database."""
    if request.param == "sqlite":
        yield app
        return
    url = request.getfixturevalue("postgres_url")
    other = create_app(config_in(tmp_path, database_url=url))
    with other.app_context():
        upgrade(directory=str(ROOT / "migrations"))
        yield other
        db.session().rollback()
    close(other)


def test_many_at_once_do_not_slip_through(either: Flask) -> None:
    """Of twelve parallel guesses as many pass as may."""
    passed: list[bool] = []
    ready = threading.Barrier(6)

    def run() -> None:
        with either.app_context():
            ready.wait(timeout=30)
            passed.extend(tries(limit=5) for _ in range(2))

    threads = [threading.Thread(target=run) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert (len(passed), sum(passed)) == (12, 5)


def test_try_that_was_no_guess_is_taken_back(app: Flask) -> None:
    """One, and never below none."""
    for _ in range(3):
        tries()
    throttle.take_back("guess", "203.0.113.9")
    assert [tries(), tries()] == [True, False]
    for _ in range(9):
        throttle.take_back("guess", "203.0.113.9")
    assert [tries() for _ in range(4)] == [True, True, True, False]
