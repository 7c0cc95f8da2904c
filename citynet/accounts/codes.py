"""One-time codes of an app (RFC 6238) and recovery codes: made, written and told apart."""

from __future__ import annotations

import base64
import secrets
import string

import pyotp
from pyotp.utils import strings_equal

from citynet.kit import clock, tokens

STEP_SECONDS, DIGITS = 30, 6
RECOVERY_CODES, RECOVERY_BYTES = 10, 10


def new_secret() -> str:
    """Return 160 random bits in base32, as apps take them."""
    return pyotp.random_base32()


def address(secret: str, *, person: str, network: str) -> str:
    """Return the `otpauth:` address that the picture for the app holds."""
    return pyotp.TOTP(secret).provisioning_uri(name=person, issuer_name=network)


def step_of(secret: str, code: str, *, after: int) -> int | None:
    """Return the step a code is for, none that is not later than `after`, nor more than one off."""
    app = pyotp.TOTP(secret, digits=DIGITS, interval=STEP_SECONDS)
    now = int(clock.now().timestamp()) // STEP_SECONDS
    fitting = [
        step
        for step in (now - 1, now, now + 1)
        if strings_equal(app.generate_otp(step), bare(code)) and step > after
    ]
    return fitting[0] if fitting else None


def is_of_app(code: str) -> bool:
    """Tell a code of the app from a recovery code by its shape."""
    return len(bare(code)) == DIGITS and set(bare(code)) <= set(string.digits)


def new_recovery_codes() -> list[str]:
    """Return ten codes of 80 random bits, in four groups of four letters."""
    made = [base64.b32encode(secrets.token_bytes(RECOVERY_BYTES)) for _ in range(RECOVERY_CODES)]
    letters = [code.decode("ascii").lower() for code in made]
    return ["-".join(code[at : at + 4] for at in range(0, 16, 4)) for code in letters]


def digest(recovery_code: str) -> str:
    """Return what is stored of a recovery code; they are random enough for a plain hash."""
    return tokens.digest(f"recovery {bare(recovery_code)}")


def bare(code: str) -> str:
    """Return a code without what people write between its groups."""
    return code.replace("-", "").replace(" ", "").strip().lower()[:64]
