"""Readers of settings: each takes the text that was written and returns what it means.

What cannot be used raises ValueError, whose text tells what would do. `config.py` calls them.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

OF_THIS_MACHINE = frozenset({"127.0.0.1", "::1", "localhost"})


def flag(text: str) -> bool:
    """Read yes or no."""
    if text.lower() in {"1", "true", "yes", "on"}:
        return True
    if text.lower() in {"0", "false", "no", "off"}:
        return False
    raise ValueError("write yes or no")


def whole(low: int, high: int) -> Callable[[str], int]:
    """Return a reader of whole numbers from `low` to `high`."""

    def read(text: str) -> int:
        try:
            number = int(text)
        except ValueError:
            raise ValueError("write a whole number") from None
        if not low <= number <= high:
            raise ValueError(f"write a whole number from {low} to {high}")
        return number

    return read


def choice(*allowed: str) -> Callable[[str], str]:
    """Return a reader of one of some words."""

    def read(text: str) -> str:
        if text not in allowed:
            raise ValueError("write one of " + ", ".join(allowed))
        return text

    return read


def host(text: str) -> str:
    """Return a host's name or address."""
    if not re.fullmatch(r"\.?[A-Za-z0-9][A-Za-z0-9.-]*|\[?[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*\]?", text):
        raise ValueError("write a host's name or address, such as citynet.org or 127.0.0.1")
    return text


def url(text: str) -> str:
    """Return an address of the web without a slash at its end."""
    if not re.fullmatch(
        r"https?://[A-Za-z0-9.-]+(:\d{1,5})?(/[!$-;=@-Z_a-z~]*)?"
        r"|https?://\[[0-9A-Fa-f:.]+\](:\d{1,5})?(/[!$-;=@-Z_a-z~]*)?",
        text,
    ):
        raise ValueError("write an address such as https://citynet.org")
    return text.rstrip("/")


def issuer(text: str) -> str:
    """Return the address of a sign-in provider; a slash at its end belongs to it."""
    parts = urlsplit(url(text))
    if parts.scheme != "https" and parts.hostname not in OF_THIS_MACHINE:
        raise ValueError("a sign-in provider needs an address that begins with https://")
    return text


def hosts(text: str) -> tuple[str, ...]:
    """Return hosts written with commas between them."""
    found = tuple(host(part.strip()) for part in text.split(",") if part.strip())
    if not found:
        raise ValueError("name one host or more, separated by commas")
    return found


def database_url(text: str) -> str:
    """Return an address as SQLAlchemy takes it."""
    for short in ("postgres://", "postgresql://"):
        if text.startswith(short):
            text = "postgresql+psycopg://" + text.removeprefix(short)
    if not text.startswith(("sqlite:///", "postgresql+psycopg://")):
        raise ValueError("write an address that begins with sqlite:/// or postgresql://")
    try:
        make_url(text)
    except (ArgumentError, ValueError):
        raise ValueError("write it as postgresql://user:password@host:5432/database") from None
    return text


def folder(text: str) -> Path:
    """Return a folder that files can be written into."""
    if "?" in text or "\0" in text:
        raise ValueError("write the path of a folder, without a question mark")
    folder = Path(text).expanduser().resolve()
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ValueError(f"this folder cannot be made ({error.strerror})") from None
    if not os.access(folder, os.W_OK | os.X_OK):
        raise ValueError("this folder cannot be written to")
    return folder


def short_name(text: str) -> str:
    """Return a short name."""
    if len(text) > 60 or not text.isprintable():
        raise ValueError("write a name of up to 60 characters")
    return text


def printable(text: str) -> str:
    """Return a text on one line."""
    if len(text) > 500 or not text.isprintable():
        raise ValueError("write it on one line, in up to 500 characters")
    return text


def address(text: str) -> str:
    """Return a mail address."""
    if not re.fullmatch(r"[^@\s]+@[^@\s]+", text):
        raise ValueError("write a mail address, such as citynet@example.org")
    return text
