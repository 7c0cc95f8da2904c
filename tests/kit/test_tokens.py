"""Signed tokens and secrets."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask

from citynet.kit import clock, tokens

HOUR = 3600


def test_token_opens_with_its_purpose_only(app: Flask) -> None:
    """A token for one thing is of no use for another."""
    token = tokens.sign("invite", "official@sidoarjo.example")
    assert tokens.read("invite", token, max_age_seconds=HOUR) == "official@sidoarjo.example"
    assert tokens.read("reset", token, max_age_seconds=HOUR) is None


@pytest.mark.parametrize("change", ["", "x", "é", "a.b.c", "\x00", "." * 50, "🌏"])
def test_foreign_token_is_refused_quietly(app: Flask, change: str) -> None:
    """Whatever somebody puts into a link ends in None, never in an error."""
    assert tokens.read("invite", change, max_age_seconds=HOUR) is None


def test_altered_token_is_refused(app: Flask) -> None:
    """One letter is enough."""
    token = tokens.sign("invite", "1")
    for position, letter in enumerate(token[:-1]):
        other = "A" if letter != "A" else "B"
        altered = token[:position] + other + token[position + 1 :]
        assert tokens.read("invite", altered, max_age_seconds=HOUR) is None, position


def test_token_expires_by_the_one_clock(app: Flask) -> None:
    """Its age is read where every other time is."""
    token = tokens.sign("invite", "1")
    with clock.moved(timedelta(seconds=HOUR - 5)):
        assert tokens.read("invite", token, max_age_seconds=HOUR) == "1"
    with clock.moved(timedelta(seconds=HOUR + 5)):
        assert tokens.read("invite", token, max_age_seconds=HOUR) is None


def test_token_of_another_key_is_refused(app: Flask) -> None:
    """A new SECRET_KEY ends every link that is out."""
    token = tokens.sign("invite", "1")
    app.secret_key = "another key of at least forty characters"
    assert tokens.read("invite", token, max_age_seconds=HOUR) is None


def test_secrets_differ_and_only_their_digest_is_kept() -> None:
    """256 bits each, and a digest of fixed length."""
    secrets = {tokens.secret() for _ in range(100)}
    assert len(secrets) == 100
    assert all(len(secret) >= 43 for secret in secrets)
    assert {len(tokens.digest(secret)) for secret in secrets} == {64}


def test_token_that_is_too_old_is_told_from_an_altered_one(app: Flask) -> None:
    """So that the page can say what happened to the link."""
    token = tokens.sign("a", "value")
    assert tokens.read_late("a", token, max_age_seconds=60) == ("value", True)
    with clock.moved(timedelta(seconds=61)):
        assert tokens.read_late("a", token, max_age_seconds=60) == ("value", False)
        assert tokens.read_late("b", token, max_age_seconds=60) is None
        assert tokens.read_late("a", f"x{token}", max_age_seconds=60) is None
