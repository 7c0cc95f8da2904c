"""Passwords: argon2id, at least 10 characters, none of the common ones."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from citynet.kit.errors import Invalid
from citynet.kit.i18n import _

SHORTEST, LONGEST = 10, 200
_hasher = PasswordHasher()


def hash_password(password: str) -> str:
    """Return the argon2id hash.

    Raises:
        Invalid: too short, too long or common.
    """
    if not SHORTEST <= len(password) <= LONGEST:
        raise Invalid({"password": _("Choose a password of at least 10 characters.")})
    if password.lower() in common():
        raise Invalid({"password": _("This password is too common. Choose another.")})
    return _hasher.hash(password)


def is_right(password_hash: str | None, password: str) -> bool:
    """Check a password; without an account it takes as long and answers no."""
    # Made for everybody: the first in a process to ask for it would otherwise wait longer.
    decoy = _decoy()
    try:
        _hasher.verify(password_hash or decoy, password[:LONGEST])
    except (VerificationError, InvalidHashError):
        return False
    return password_hash is not None and len(password) <= LONGEST


@cache
def common() -> frozenset[str]:
    """Return the bundled list of common passwords, lower case."""
    text = (Path(__file__).parent / "common_passwords.txt").read_text(encoding="utf-8")
    return frozenset(text.split())


@cache
def _decoy() -> str:
    return _hasher.hash("no account has this password")
