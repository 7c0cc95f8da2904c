"""Secrets that must be read again, encrypted at rest with a key derived from SECRET_KEY.

With another SECRET_KEY nothing sealed before can be opened: it then counts as lost.
"""

from __future__ import annotations

import base64
import hashlib
import hmac

from cryptography.fernet import Fernet, InvalidToken
from flask import current_app


def seal(text: str) -> str:
    """Return the text encrypted."""
    return Fernet(_key("seal")).encrypt(text.encode()).decode("ascii")


def unseal(sealed: str) -> str | None:
    """Return the text again, None if it was altered or sealed with another key."""
    try:
        return Fernet(_key("seal")).decrypt(sealed.encode()).decode()
    except InvalidToken:
        return None


def derived(purpose: str, value: str) -> str:
    """Return a secret that only this network can make of a value, the same each time."""
    made = hmac.digest(_key(purpose), value.encode(), hashlib.sha256)
    return base64.urlsafe_b64encode(made).rstrip(b"=").decode("ascii")


def _key(purpose: str) -> bytes:
    """Return 256 bits for one purpose, in the form that Fernet takes."""
    secret_key = str(current_app.secret_key or "").encode()
    made = hmac.digest(secret_key, f"citynet.accounts.{purpose}".encode(), hashlib.sha256)
    return base64.urlsafe_b64encode(made)
