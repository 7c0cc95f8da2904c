"""Commands on people, sessions, passwords, second factors and passkeys."""

from __future__ import annotations

from citynet.accounts.service.people import (
    choose_language,
    create_person,
    deactivate,
    reactivate,
    register,
)
from citynet.accounts.service.second_factor import reset as reset_second_factor
from citynet.accounts.service.signing_in import (
    SecondStep,
    Visit,
    go_in,
    revoke,
    revoke_others,
    sign_in,
)
from citynet.accounts.service.throttling import (
    TRIES_PER_ACCOUNT,
    TRIES_PER_ADDRESS,
    WINDOW_MINUTES,
    Throttled,
)

__all__ = [
    "TRIES_PER_ACCOUNT",
    "TRIES_PER_ADDRESS",
    "WINDOW_MINUTES",
    "SecondStep",
    "Throttled",
    "Visit",
    "choose_language",
    "create_person",
    "deactivate",
    "go_in",
    "reactivate",
    "register",
    "reset_second_factor",
    "revoke",
    "revoke_others",
    "sign_in",
]
