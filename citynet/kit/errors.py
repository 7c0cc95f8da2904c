"""The four errors a command may raise, and `require`. Doors turn them into answers.

Messages are sentences a person can act on, already in the reader's language.
"""

from __future__ import annotations


class CityNetError(Exception):
    """What a person did cannot be done; the text says what to do instead."""


class Invalid(CityNetError):
    """Input that cannot be taken: `fields` maps a field's name to its sentence."""

    def __init__(self, fields: dict[str, str]) -> None:
        super().__init__("; ".join(fields.values()))
        self.fields = fields


class Forbidden(CityNetError):
    """Visible, but not this person's to do: 403."""


class NotFound(CityNetError):
    """It does not exist, or this person may not know that it does: 404."""


class Conflict(CityNetError):
    """Somebody else was first, or the state has moved on: 409."""


def require(allowed: bool, message: str = "") -> None:
    """Raise `Forbidden` unless the policy said yes."""
    if not allowed:
        raise Forbidden(message)
