"""Reads of people, sessions, one-time secrets, second factors and passkeys."""

from __future__ import annotations

from citynet.accounts.queries.people import by_email, normal_email
from citynet.accounts.queries.secrets import Worth, one_time, worth
from citynet.accounts.queries.sign_ins import known_browsers, own_sign_ins, valid_sign_in
from citynet.accounts.queries.strong import (
    asks_for_second_factor,
    factor_of,
    is_second_factor_required,
    must_have_second_factor,
    needs_second_step,
    owes_second_factor,
    passkey,
    passkeys,
    recovery_codes_left,
    second_factor,
)

__all__ = [
    "Worth",
    "asks_for_second_factor",
    "by_email",
    "factor_of",
    "is_second_factor_required",
    "known_browsers",
    "must_have_second_factor",
    "needs_second_step",
    "normal_email",
    "one_time",
    "owes_second_factor",
    "own_sign_ins",
    "passkey",
    "passkeys",
    "recovery_codes_left",
    "second_factor",
    "valid_sign_in",
    "worth",
]
