"""Mail: an effect of the command, sent to a real server."""

from __future__ import annotations

import email
from collections.abc import Iterator
from datetime import timedelta
from email import policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from flask import Flask

from citynet.app import create_app
from citynet.kit import clock, db, effects, mail
from citynet.kit.effects import State
from tests.conftest import close, config_in
from tests.processes import free_port


class Postbox:
    """What the server took, and whether it takes anything now."""

    def __init__(self) -> None:
        self.letters: list[tuple[list[str], EmailMessage]] = []
        self.is_open = True

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, server: Any, session: Any, envelope: Any, address: str, options: list[str]
    ) -> str:
        """Take or refuse a recipient."""
        if not self.is_open:
            return "451 come back later"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        """Take a letter."""
        letter = email.message_from_bytes(envelope.content, policy=policy.default)
        assert isinstance(letter, EmailMessage)
        self.letters.append((list(envelope.rcpt_tos), letter))
        return "250 OK"


@pytest.fixture
def postbox() -> Iterator[tuple[Postbox, int]]:
    """Serve a postbox on a port of its own."""
    box = Postbox()
    controller = Controller(box, hostname="127.0.0.1", port=free_port())
    controller.start()
    yield box, controller.port
    controller.stop()


@pytest.fixture
def sending(
    app: Flask, postbox: tuple[Postbox, int], tmp_path: Path
) -> Iterator[tuple[Flask, Postbox]]:
    """Return an application that sends by SMTP to the postbox."""
    box, port = postbox
    config = config_in(
        tmp_path / "instance", mail_backend="smtp", mail_port=port,
        mail_from="CityNet <noreply@citynet.example>",
    )  # fmt: skip
    own = create_app(config)
    with own.app_context():
        yield own, box
    close(own)


@db.transaction
def write(to: str, subject: str, text: str) -> None:
    """Send a mail as commands do."""
    mail.send_later(to=to, subject=subject, text=text)


def test_mail_is_sent_after_the_commit(sending: tuple[Flask, Postbox]) -> None:
    """Recipient, sender, subject and text arrive whole, in any script."""
    _app, box = sending
    text = "Halo,\n\nsebuah praktik baru: “Izin sehari jadi” 🌏\n.\nbaris terakhir\n"
    write("lead@sidoarjo.example", "Praktik baru – 市", text)
    assert box.letters == []
    assert effects.run_due() == 1
    ((recipients, letter),) = box.letters
    assert recipients == ["lead@sidoarjo.example"]
    assert letter["To"] == "lead@sidoarjo.example"
    assert letter["Subject"] == "Praktik baru – 市"
    assert "noreply@citynet.example" in letter["From"]
    assert letter.get_content().replace("\r\n", "\n").strip() == text.strip()
    assert letter["Message-ID"]
    assert letter["Date"]


@pytest.mark.parametrize(
    "subject", ["Hello\r\nBcc: spy@evil.example", "Hello\nX-Spam: no", "Hello\r\n\r\n<b>body</b>"]
)
def test_nobody_adds_a_header(sending: tuple[Flask, Postbox], subject: str) -> None:
    """A line end in a subject is folded, so that it stays words."""
    _app, box = sending
    write("lead@sidoarjo.example", subject, "text")
    effects.run_due()
    ((recipients, letter),) = box.letters
    assert recipients == ["lead@sidoarjo.example"]
    assert letter["Bcc"] is None
    assert letter["X-Spam"] is None
    assert letter["Subject"] == " ".join(subject.split())
    assert letter.get_content().strip() == "text"


def test_nobody_adds_a_recipient(sending: tuple[Flask, Postbox]) -> None:
    """A line end or a comma in an address leads to nobody else."""
    _app, box = sending
    write("lead@sidoarjo.example\r\nBcc: spy@evil.example", "Hello", "text")
    write("lead@sidoarjo.example, spy@evil.example", "Hello", "text")
    effects.run_due()
    for recipients, letter in box.letters:
        assert "spy@evil.example" not in recipients
        assert letter["Bcc"] is None


def test_refused_mail_is_tried_again(sending: tuple[Flask, Postbox]) -> None:
    """The server's words are kept, and the mail goes out once the server takes it."""
    _app, box = sending
    box.is_open = False
    write("lead@sidoarjo.example", "Hello", "text")
    effects.run_due()
    (row,) = effects.latest(1).items
    assert (row.state, row.attempts) == (State.WAITING, 1)
    assert "451" in (row.last_error or "")
    box.is_open = True
    with clock.moved(timedelta(minutes=1)):
        effects.run_due()
    assert len(box.letters) == 1
    assert effects.run_due() == 0


def test_server_that_is_not_there_is_tried_again(app: Flask, tmp_path: Path) -> None:
    """An unreachable server is a reason to wait, not to lose the mail."""
    own = create_app(config_in(tmp_path / "instance", mail_backend="smtp", mail_port=free_port()))
    with own.app_context():
        write("lead@sidoarjo.example", "Hello", "text")
        effects.run_due()
        (row,) = effects.latest(1, state=State.WAITING).items
        assert "refused" in (row.last_error or "").lower()
    close(own)


def test_mail_of_a_failed_command_is_never_sent(sending: tuple[Flask, Postbox]) -> None:
    """Nobody is told of what did not happen."""
    _app, box = sending

    @db.transaction
    def fail() -> None:
        mail.send_later(to="lead@sidoarjo.example", subject="Hello", text="text")
        raise ValueError

    with pytest.raises(ValueError):  # noqa: PT011 - it has no words
        fail()
    assert effects.run_due() == 0
    assert box.letters == []


def test_mail_in_development_is_a_file_or_a_line(app: Flask, tmp_path: Path) -> None:
    """`file` writes it under the instance folder."""
    own = create_app(config_in(tmp_path / "instance", mail_backend="file"))
    with own.app_context():
        write("lead@sidoarjo.example", "Hello", "a text of its own")
        effects.run_due()
        (row,) = effects.latest(1).items
        assert (row.state, row.last_error) == (State.DONE, None)
    written = list((tmp_path / "instance" / "mail").iterdir())
    assert "a text of its own" in written[0].read_text(encoding="utf-8")
    close(own)
