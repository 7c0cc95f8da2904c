"""Signed tokens for links, with a purpose and an age; and random secrets."""

from __future__ import annotations

import hashlib
import secrets

from flask import current_app
from itsdangerous import BadSignature, TimestampSigner, URLSafeTimedSerializer

from citynet.kit import clock


class _Signer(TimestampSigner):
    """A signer that reads the time where everything else does."""

    def get_timestamp(self) -> int:
        return int(clock.now().timestamp())


def sign(purpose: str, value: str) -> str:
    """Return a link-safe token that only `read` with the same purpose opens."""
    return _serializer(purpose).dumps(value)


def read(purpose: str, token: str, *, max_age_seconds: int) -> str | None:
    """Return the signed value, or None for an altered, foreign or expired token."""
    try:
        value = _serializer(purpose).loads(token, max_age=max_age_seconds)
    except BadSignature:
        return None
    return str(value)


def read_late(purpose: str, token: str, *, max_age_seconds: int) -> tuple[str, bool] | None:
    """Return the signed value and whether it is still good; None for an altered or foreign token.

    So an altered link is told from one that is too old.
    """
    value = read(purpose, token, max_age_seconds=max_age_seconds)
    if value is not None:
        return value, True
    try:
        return str(_serializer(purpose).loads(token)), False
    except BadSignature:
        return None


def secret() -> str:
    """Return 256 random bits as link-safe text."""
    return secrets.token_urlsafe(32)


def digest(token: str) -> str:
    """Return what is stored of a secret: its SHA-256 in hexadecimal."""
    return hashlib.sha256(token.encode()).hexdigest()


def _serializer(purpose: str) -> URLSafeTimedSerializer:
    key = current_app.secret_key or ""
    return URLSafeTimedSerializer(key, salt=f"citynet.{purpose}", signer=_Signer)
