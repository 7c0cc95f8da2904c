"""The letters about one's own account: what a person must hear of, in their language.

Each tells what happened and what to do if it was not the person. Values with which somebody else
could write into a letter (a name, a browser's own name) are short and folded by the kit.
"""

from __future__ import annotations

from citynet.accounts.models import Person
from citynet.kit import letters
from citynet.kit.i18n import current_language, lazy

EXAMPLES = {"name": "Siti Rahma", "link": "https://citynet.example/account"}


def tell(person: Person, key: str, *, to: str = "", language: str = "", **values: object) -> None:
    """Inside a command: write to a person, at `to` instead of their address where it is given."""
    letters.send(
        key,
        to=to or person.email,
        to_name=person.name,
        language=language or person.language or current_language(),
        name=person.name,
        **values,
    )


letters.register(
    "accounts.password_reset",
    title=lazy("Password: the link to set a new one"),
    subject=lazy("Set a new password"),
    text=lazy(
        "Dear {name},\n\n"
        "somebody, probably you, asked to set a new password for your account. This works once, "
        "within an hour:\n\n"
        "Set a new password: {link}\n\n"
        "If it was not you, do nothing: your password stays as it is."
    ),
    values=EXAMPLES,
)
letters.register(
    "accounts.password_changed",
    title=lazy("Password: it was changed"),
    subject=lazy("Your password was changed"),
    text=lazy(
        "Dear {name},\n\n"
        "the password of your account was changed just now, and your other sessions have ended.\n\n"
        "If it was not you, set a new password at once:\n\n"
        "Set a new password: {link}"
    ),
    values=EXAMPLES,
)
letters.register(
    "accounts.mail_change",
    title=lazy("Mail address: confirm the new one"),
    subject=lazy("Confirm your new email address"),
    text=lazy(
        "Dear {name},\n\n"
        "you asked that your account goes by this address from now on: {email}. Nothing changes "
        "before you confirm it, signed in, within 24 hours:\n\n"
        "Confirm this address: {link}\n\n"
        "If you know nothing of it, do nothing."
    ),
    values={**EXAMPLES, "email": "siti@sidoarjo.example"},
)
letters.register(
    "accounts.mail_taken",
    title=lazy("Mail address: it has an account already"),
    subject=lazy("You have an account already"),
    text=lazy(
        "Dear {name},\n\n"
        "somebody wanted to use your email address for another account. Your address goes with "
        "your own account, and nothing was changed. If it was you, sign in here:\n\n"
        "Sign in: {link}"
    ),
    values=EXAMPLES,
)
letters.register(
    "accounts.mail_change_asked",
    title=lazy("Mail address: notice to the old one"),
    subject=lazy("Somebody wants to change your email address"),
    text=lazy(
        "Dear {name},\n\n"
        "somebody who knows your password asked that your account goes by another address: "
        "{email}. It changes as soon as that address is confirmed.\n\n"
        "If it was you, there is nothing to do here. If it was not you, set a new password now: "
        "that also stops the change.\n\n"
        "Set a new password: {link}"
    ),
    values={**EXAMPLES, "email": "siti@sidoarjo.example"},
)
letters.register(
    "accounts.mail_changed",
    title=lazy("Mail address: it was changed"),
    subject=lazy("Your email address was changed"),
    text=lazy(
        "Dear {name},\n\n"
        "your account goes by another address from now on: {email}. This is the last letter to "
        "the old one.\n\n"
        "If it was not you, write to the secretariat at once.\n\n"
        "Your account: {link}"
    ),
    values={**EXAMPLES, "email": "siti@sidoarjo.example"},
)
letters.register(
    "accounts.second_factor_on",
    title=lazy("Second factor: switched on"),
    subject=lazy("Your account asks for a code now"),
    text=lazy(
        "Dear {name},\n\n"
        "from now on signing in to your account takes a code of your app beside the password. "
        "Keep the recovery codes where you find them without your phone.\n\n"
        "Your account: {link}"
    ),
    values=EXAMPLES,
)
letters.register(
    "accounts.second_factor_off",
    title=lazy("Second factor: switched off"),
    subject=lazy("Your account asks for no code any more"),
    text=lazy(
        "Dear {name},\n\n"
        "the second factor of your account was switched off, and its recovery codes are void.\n\n"
        "If it was neither you nor the secretariat at your request, set a new password at once:\n\n"
        "Set a new password: {link}"
    ),
    values=EXAMPLES,
)
letters.register(
    "accounts.recovery_code_used",
    title=lazy("Second factor: a recovery code was used"),
    subject=lazy("A recovery code of yours was used"),
    text=lazy(
        "Dear {name},\n\n"
        "a recovery code was used in place of your app just now. Codes left: {left}.\n\n"
        "If it was not you, end the sessions that you do not know, and change your password:\n\n"
        "Your account: {link}"
    ),
    values={**EXAMPLES, "left": "9"},
)
letters.register(
    "accounts.codes_refused",
    title=lazy("Second factor: many wrong codes"),
    subject=lazy("Somebody knows your password"),
    text=lazy(
        "Dear {name},\n\n"
        "somebody gave your right password today and many wrong codes after it. Your second "
        "factor kept them out.\n\n"
        "If it was not you, set a new password:\n\n"
        "Set a new password: {link}"
    ),
    values=EXAMPLES,
)
letters.register(
    "accounts.passkey_added",
    title=lazy("Passkey: added"),
    subject=lazy("A passkey was added to your account"),
    text=lazy(
        "Dear {name},\n\n"
        "a passkey was added to your account: {passkey}. Whoever holds it can sign in.\n\n"
        "If it was not you, remove it and change your password:\n\n"
        "Your account: {link}"
    ),
    values={**EXAMPLES, "passkey": "Office laptop"},
)
letters.register(
    "accounts.passkey_removed",
    title=lazy("Passkey: removed"),
    subject=lazy("A passkey was removed from your account"),
    text=lazy(
        "Dear {name},\n\n"
        "a passkey was removed from your account: {passkey}. It opens nothing any more.\n\n"
        "If it was not you, set a new password at once:\n\n"
        "Set a new password: {link}"
    ),
    values={**EXAMPLES, "passkey": "Office laptop"},
)
letters.register(
    "accounts.new_browser",
    title=lazy("Sign-in: from a browser not seen before"),
    subject=lazy("A new sign-in to your account"),
    text=lazy(
        "Dear {name},\n\n"
        "somebody signed in to your account from a browser that was not used for it before: "
        "{browser}.\n\n"
        "If it was not you, end that session and change your password:\n\n"
        "Your account: {link}"
    ),
    values={**EXAMPLES, "browser": "Firefox, Windows"},
)
letters.register(
    "accounts.provider_linked",
    title=lazy("Sign-in through a provider: linked"),
    subject=lazy("Your account can be opened through another one"),
    text=lazy(
        "Dear {name},\n\n"
        "somebody signed in with an account at {provider} that has your email address. From now on "
        "that account opens yours here.\n\n"
        "If it was not you, remove the link:\n\n"
        "Your account: {link}"
    ),
    values={**EXAMPLES, "provider": "Sidoarjo ID"},
)
