"""People, their sessions, second factors, passkeys and one-time secrets."""

from __future__ import annotations

from citynet.accounts.models.erasures import Erasure
from citynet.accounts.models.identities import Identity
from citynet.accounts.models.people import Person
from citynet.accounts.models.sign_ins import OneTimeSecret, Purpose, SignIn
from citynet.accounts.models.strong import Passkey, RecoveryCode, SecondFactor

__all__ = [
    "Erasure",
    "Identity",
    "OneTimeSecret",
    "Passkey",
    "Person",
    "Purpose",
    "RecoveryCode",
    "SecondFactor",
    "SignIn",
]
