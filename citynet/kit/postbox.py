"""Where mails go: to a server by SMTP, or, in development, into a folder that a page shows."""

from __future__ import annotations

import email
import hashlib
import re
import smtplib
import ssl
from contextlib import suppress
from dataclasses import dataclass
from email import policy
from email.message import EmailMessage
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any

from flask import current_app
from flask_mailman.backends.base import BaseEmailBackend
from flask_mailman.backends.smtp import EmailBackend

from citynet.kit.errors import NotFound

# A server may look into a mail before it takes it; who hangs up meanwhile sends it twice.
PATIENCE_FOR_CONTENT_SECONDS = 120
SHOWN = 200


class _Smtp(smtplib.SMTP):
    """A connection that believes a certificate only after checking it."""

    def starttls(self, *args: Any, **options: Any) -> tuple[int, bytes]:
        """Encrypt. Flask-Mailman gives no context, which would accept any certificate."""
        options["context"] = options.get("context") or ssl.create_default_context()
        return super().starttls(*args, **options)

    def data(self, msg: Any) -> tuple[int, bytes]:
        """Hand the content over and wait for as long as the server looks at it."""
        if self.sock is not None:
            self.sock.settimeout(PATIENCE_FOR_CONTENT_SECONDS)
        return super().data(msg)


class SmtpBackend(EmailBackend):  # type: ignore[misc] # the library has no types
    """Flask-Mailman's, with certificates checked; what was taken stays sent."""

    connection_class = _Smtp

    def close(self) -> None:
        """Hang up; a server that does so first has taken the mail all the same."""
        with suppress(OSError):
            super().close()


class FolderBackend(BaseEmailBackend):  # type: ignore[misc] # the library has no types
    """Keeps each mail as a file, once, named by its date and identifier."""

    def send_messages(self, messages: list[Any]) -> int:
        """Write the mails and return how many there were."""
        folder = _folder()
        folder.mkdir(parents=True, exist_ok=True)
        for message in messages:
            content = message.message()
            moment = parsedate_to_datetime(content["Date"]).strftime("%Y%m%dT%H%M%S")
            digest = hashlib.sha256(content["Message-ID"].encode()).hexdigest()[:12]
            (folder / f"{moment}-{digest}.eml").write_bytes(content.as_bytes(linesep="\r\n"))
        return len(messages)


@dataclass(frozen=True)
class Kept:
    """One mail of the folder."""

    name: str
    message: EmailMessage

    @property
    def text(self) -> str:
        """Return the text part."""
        part = self.message.get_body(("plain",))
        return str(part.get_content()) if part is not None else ""

    @property
    def html(self) -> str:
        """Return the HTML part, or nothing."""
        part = self.message.get_body(("html",))
        return str(part.get_content()) if part is not None else ""

    def picture(self, identifier: str) -> bytes:
        """Return the content of the part with this Content-ID, or nothing."""
        for part in self.message.walk():
            if part["Content-ID"] == f"<{identifier}>":
                content = part.get_payload(decode=True)
                return content if isinstance(content, bytes) else b""
        return b""


def kept() -> list[Kept]:
    """Return the mails of the folder, newest first."""
    names = sorted((path.name for path in _folder().glob("*.eml")), reverse=True)
    return [open_kept(name) for name in names[:SHOWN]]


def open_kept(name: str) -> Kept:
    """Return one mail of the folder.

    Raises:
        NotFound: no mail has this name.
    """
    path = _folder() / name
    if not re.fullmatch(r"[0-9T]{15}-[0-9a-f]{12}\.eml", name) or not path.is_file():
        raise NotFound
    message = email.message_from_bytes(path.read_bytes(), policy=policy.default)
    return Kept(name, message)


def _folder() -> Path:
    return Path(str(current_app.config["MAIL_FILE_PATH"]))
