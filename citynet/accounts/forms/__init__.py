"""The shapes of the forms of sign-in and account."""

from __future__ import annotations

from citynet.accounts.forms.account import (
    ConfirmBothForm,
    ConfirmForm,
    EmailForm,
    NameForm,
    NewPasskeyForm,
    PasskeyForm,
    PasswordForm,
)
from citynet.accounts.forms.signing_in import (
    AnswerForm,
    CodeForm,
    ForgotForm,
    ResetForm,
    SignInForm,
)

__all__ = [
    "AnswerForm",
    "CodeForm",
    "ConfirmBothForm",
    "ConfirmForm",
    "EmailForm",
    "ForgotForm",
    "NameForm",
    "NewPasskeyForm",
    "PasskeyForm",
    "PasswordForm",
    "ResetForm",
    "SignInForm",
]
