"""The mails that a running network wrote into its folder, and the private links in them."""

from __future__ import annotations

import email
import re
from email import policy
from email.message import EmailMessage
from pathlib import Path

from tests.processes import wait_until

WAIT_SECONDS = 30.0


class Mails:
    """What lies in the folder by now."""

    def __init__(self, folder: Path) -> None:
        """Read this folder; the network makes it with its first mail."""
        self._folder = folder

    def to(self, address: str, subject: str = "") -> list[EmailMessage]:
        """Return what an address got, oldest first; with a subject only what is about that."""
        found = []
        for path in sorted(self._folder.glob("*.eml")):
            letter = email.message_from_bytes(path.read_bytes(), policy=policy.default)
            assert isinstance(letter, EmailMessage)
            if address in str(letter["To"]) and subject in ("", str(letter["Subject"])):
                found.append(letter)
        return found

    def wait(self, address: str, subject: str = "") -> EmailMessage:
        """Wait until the worker has sent a mail, and return the newest."""
        assert wait_until(lambda: bool(self.to(address, subject)), seconds=WAIT_SECONDS), (
            f"no “{subject}” for {address}, but {[one['Subject'] for one in self.to(address)]}"
        )
        return self.to(address, subject)[-1]

    def link(self, address: str, start: str) -> str:
        """Wait for a mail whose link begins so, and return the newest link's path."""

        def links() -> list[str]:
            texts = (text_of(letter) for letter in self.to(address))
            pattern = rf"https?://[^/\s]+({re.escape(start)}[\w.-]{{29,}}[\w-])"
            return [link for text in texts for link in re.findall(pattern, text)]

        assert wait_until(lambda: bool(links()), seconds=WAIT_SECONDS), (
            f"no link {start} for {address}, but {[one['Subject'] for one in self.to(address)]}"
        )
        return links()[-1]


def text_of(letter: EmailMessage) -> str:
    """Return the text part of a mail."""
    part = letter.get_body(("plain",))
    assert part is not None
    return str(part.get_content())
