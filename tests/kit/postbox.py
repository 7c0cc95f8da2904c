"""A real mail server for tests, which can refuse, hang up and be away."""

from __future__ import annotations

import email
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword

from tests.processes import free_port


@dataclass
class Postbox:
    """What the server took, and what it answers instead of taking: step to answer."""

    letters: list[tuple[list[str], EmailMessage]] = field(default_factory=list)
    senders: list[str] = field(default_factory=list)
    refusals: dict[str, str] = field(default_factory=dict)
    # The step at which it hangs up, and whether it took the mail before.
    hangs_up_at: str = ""
    is_encrypted: bool = False
    port: int = 0

    @property
    def identifiers(self) -> list[str]:
        """Return the Message-ID of each letter taken."""
        return [str(letter["Message-ID"]) for _recipients, letter in self.letters]

    async def handle_MAIL(  # noqa: N802 - aiosmtpd's name
        self, server: SMTP, session: Any, envelope: Any, address: str, options: list[str]
    ) -> str:
        """Take or refuse a sender."""
        envelope.mail_from = address
        return self._answer("MAIL", server)

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Any, envelope: Any, address: str, options: list[str]
    ) -> str:
        """Take or refuse a recipient."""
        answer = self._answer("RCPT", server)
        if answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server: SMTP, session: Any, envelope: Any) -> str:  # noqa: N802
        """Take a letter."""
        answer = self._answer("DATA", server)
        if answer.startswith("250"):
            self._take(session, envelope)
            if self.hangs_up_at == "QUIT":
                # The answer goes out, then the line is dead.
                server.loop.call_soon(_hang_up, server)
        return answer

    def _take(self, session: Any, envelope: Any) -> None:
        letter = email.message_from_bytes(envelope.content, policy=policy.default)
        assert isinstance(letter, EmailMessage)
        self.letters.append((list(envelope.rcpt_tos), letter))
        self.senders.append(envelope.mail_from)
        self.is_encrypted = session.ssl is not None

    def _answer(self, step: str, server: SMTP) -> str:
        if self.hangs_up_at == step:
            _hang_up(server)
        return self.refusals.get(step, "250 OK")


def _hang_up(server: SMTP) -> None:
    assert server.transport is not None
    server.transport.close()


@contextmanager
def served(
    box: Postbox | None = None, *, port: int = 0,
    tls: ssl.SSLContext | None = None, account: tuple[str, str] | None = None,
) -> Iterator[Postbox]:  # fmt: skip
    """Serve a postbox; with an account it takes mail only from who knows the password."""
    box = box or Postbox()

    def knows(
        _server: Any, _session: Any, _envelope: Any, _mechanism: str, data: Any
    ) -> AuthResult:
        assert isinstance(data, LoginPassword)
        is_known = account == (data.login.decode(), data.password.decode())
        return AuthResult(success=is_known, handled=is_known)

    controller = Controller(
        box, hostname="127.0.0.1", port=port or free_port(), tls_context=tls,
        require_starttls=tls is not None, auth_required=account is not None,
        auth_require_tls=tls is not None, authenticator=knows if account else None,
    )  # fmt: skip
    controller.start()
    box.port = controller.port
    try:
        yield box
    finally:
        controller.stop()
