"""Reads of one-time secrets: what a link or a step is worth now."""

from __future__ import annotations

import enum

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from citynet.accounts.models import OneTimeSecret, Purpose
from citynet.kit import clock, db, tokens


class Worth(enum.StrEnum):
    """What became of a link; a page tells it."""

    GOOD = "good"
    USED = "used"
    EXPIRED = "expired"
    # Never given out, altered, made for something else, or void since.
    UNKNOWN = "unknown"


def one_time(purpose: Purpose, secret: str) -> OneTimeSecret | None:
    """Return the secret with its person if it can still be used for this purpose."""
    found = _find(purpose, secret)
    return found if _worth(found) == Worth.GOOD else None


def worth(purpose: Purpose, secret: str) -> Worth:
    """Tell what a link is worth."""
    return _worth(_find(purpose, secret))


def _find(purpose: Purpose, secret: str) -> OneTimeSecret | None:
    wanted = select(OneTimeSecret).options(joinedload(OneTimeSecret.person))
    return db.session().scalar(
        wanted.where(
            OneTimeSecret.digest == tokens.digest(secret), OneTimeSecret.purpose == purpose
        )
    )


def _worth(found: OneTimeSecret | None) -> Worth:
    if found is None or (found.person is not None and not found.person.is_active):
        return Worth.UNKNOWN
    if found.used_at is not None:
        return Worth.USED
    return Worth.GOOD if found.expires_at > clock.now() else Worth.EXPIRED
