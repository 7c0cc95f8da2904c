"""Passwords: long, uncommon, and checked in the same time whether or not there is an account."""

from __future__ import annotations

import pytest
from flask import Flask

from citynet.accounts import passwords
from citynet.kit.errors import Invalid


@pytest.mark.parametrize("password", ["", "x", "sembilan9", "x" * 201])
def test_too_short_or_too_long_a_password_is_refused(app: Flask, password: str) -> None:
    """10 to 200 characters."""
    with pytest.raises(Invalid, match="10 characters"):
        passwords.hash_password(password)


@pytest.mark.parametrize("change", [str, str.upper, str.title])
def test_common_password_is_refused(app: Flask, change: type[str]) -> None:
    """In any case; each on the bundled list that is long enough."""
    long_ones = sorted(word for word in passwords.common() if len(word) >= passwords.SHORTEST)
    assert len(long_ones) > 50
    for word in long_ones[::20]:
        with pytest.raises(Invalid, match="common"):
            passwords.hash_password(change(word))


@pytest.mark.parametrize("password", ["sepuluh 10", "päßwörter für alle", "五" * 10, "x" * 200])
def test_good_password_is_hashed_with_argon2id_and_recognised(app: Flask, password: str) -> None:
    """Each hash has its own salt, and nothing else fits."""
    first, second = passwords.hash_password(password), passwords.hash_password(password)
    assert first.startswith("$argon2id$")
    assert first != second
    assert passwords.is_right(first, password)
    assert not passwords.is_right(first, password + "x")
    assert not passwords.is_right(first, password[:-1])


def test_without_an_account_the_work_is_done_and_the_answer_is_no(app: Flask) -> None:
    """Not even the decoy's own password fits."""
    assert not passwords.is_right(None, "no account has this password")
    assert not passwords.is_right(None, "anything")


def test_unreadable_hash_fits_nothing(app: Flask) -> None:
    """A damaged row locks one account and breaks no page."""
    assert not passwords.is_right("no hash", "anything at all")
