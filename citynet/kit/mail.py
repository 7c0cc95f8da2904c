"""Mail: written as an effect in the transaction, sent after it by the worker.

`post` writes the effect; kit/letters.py is what slices use. Each mail keeps the Message-ID and
the date it was written with through all its tries, so that a server that took it twice can tell.
A recipient whom the server refuses for good makes the mail dead at once; everything else (a
server that is away, is busy, wants a password) is tried again for three days.
"""

from __future__ import annotations

import smtplib
from datetime import datetime
from email.mime.image import MIMEImage
from email.utils import format_datetime, formataddr, parseaddr

from flask import Flask, current_app
from flask_mailman import EmailMultiAlternatives, Mail

from citynet.kit import clock, effects, files, network, tokens
from citynet.kit.errors import NotFound
from citynet.kit.i18n import in_language
from citynet.kit.mail_look import MARK, as_html, as_text
from citynet.kit.postbox import FolderBackend, SmtpBackend
from config import Config

BACKENDS = {
    "memory": "locmem",
    "console": "console",
    "folder": FolderBackend,
    "smtp": SmtpBackend,
}
# An hour of growing pauses, then one an hour: a weekend's outage is outlived.
TRIES = 80
PATIENCE_SECONDS = 15
LONGEST_SUBJECT = 200
LONGEST_NAME = 120


class Refused(effects.Hopeless):
    """Nobody can be reached by this address."""


def init_app(app: Flask, config: Config) -> None:
    """Choose the back end."""
    app.config.update(
        MAIL_BACKEND=BACKENDS[config.mail_backend],
        MAIL_SERVER=config.mail_server,
        MAIL_PORT=config.mail_port,
        MAIL_USERNAME=config.mail_username or None,
        MAIL_PASSWORD=config.mail_password or None,
        MAIL_USE_TLS=config.mail_use_tls,
        MAIL_DEFAULT_SENDER=config.mail_from,
        MAIL_FILE_PATH=str(config.instance_dir / "mail"),
        MAIL_TIMEOUT=PATIENCE_SECONDS,
    )
    Mail(app)


def post(*, to: str, subject: str, text: str, language: str, to_name: str = "") -> None:
    """Send a mail once the transaction under way is committed; `to` is one address."""
    effects.enqueue(
        "mail", to=one_line(to), to_name=one_line(to_name)[:LONGEST_NAME],
        subject=one_line(subject)[:LONGEST_SUBJECT], text=text, language=language, **stamp(),
    )  # fmt: skip


def stamp() -> dict[str, str]:
    """Return what a mail keeps through all its tries: identifier and date."""
    return {"message_id": _message_id(), "written_at": clock.now().isoformat()}


def one_line(text: str) -> str:
    """Fold a header's text onto one line, so that nobody can add a header to it."""
    return " ".join("".join(one if one.isprintable() else " " for one in text).split())


class Message(EmailMultiAlternatives):  # type: ignore[misc] # the library has no types
    """A mail of two parts to one address, with the network's mark beside them."""

    # What lies beside the two parts belongs to the second one.
    mixed_subtype = "related"

    def recipients(self) -> list[str]:
        """Return the bare address: what goes to the server holds nobody's name."""
        return [parseaddr(self.to[0])[1]]


def message_of(payload: effects.Payload) -> Message:
    """Return the mail that an effect describes, in its reader's language.

    With a `stop_url`, mail programs offer a button that ends such mails by one POST there
    (RFC 8058).

    Raises:
        Refused: it goes to what is no address.
    """
    look, address = network.current(), payload["to"]
    if not network.is_address(address):
        raise Refused(f"{address!r} is not a mail address.")
    sender = parseaddr(current_app.config["MAIL_DEFAULT_SENDER"])[1]
    message = Message(
        subject=payload["subject"],
        from_email=_named(look.name, sender),
        to=[_named(payload["to_name"], address)],
        reply_to=[look.contact_address],
        headers={
            "Message-ID": payload["message_id"],
            "Date": format_datetime(datetime.fromisoformat(payload["written_at"])),
            "Content-Language": payload["language"],
            # RFC 3834: nobody's holiday notice comes back for it.
            "Auto-Submitted": "auto-generated",
            **_stopping(payload.get("stop_url", "")),
        },
    )
    mark = _mark(look)
    with in_language(payload["language"]):
        message.body = as_text(payload["text"], look)
        html = as_html(
            payload["subject"], payload["text"], look, mark=f"cid:{MARK}" if mark else ""
        )
    message.attach_alternative(html, "text/html")
    if mark is not None:
        message.attach(mark)
    return message


@effects.effect("mail", tries=TRIES, lane=effects.Lane.MAIL)
def deliver(payload: effects.Payload) -> None:
    """Hand a mail to the server; for effects whose words are those of the moment of sending.

    Raises:
        Refused: nobody can be reached by its address.
        OSError: the server does not take it now.
    """
    message = message_of(payload)
    try:
        # Flask-Mailman leaves the connection open where the server refuses; this closes it always.
        with message.get_connection():
            message.send()
    except smtplib.SMTPRecipientsRefused as error:
        code, words = error.recipients[message.recipients()[0]]
        reason = f"{code} {words.decode(errors='replace')}"
        if 500 <= code < 600:
            raise Refused(f"The mail server refuses {payload['to']}: {reason}") from error
        raise ConnectionError(f"The mail server does not take it now: {reason}") from error


def _stopping(url: str) -> dict[str, str]:
    if not url:
        return {}
    return {"List-Unsubscribe": f"<{url}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}


def _message_id() -> str:
    """Return an identifier as RFC 5322 wants it: random, at the sender's domain."""
    sender = parseaddr(current_app.config["MAIL_DEFAULT_SENDER"])[1]
    return f"<{tokens.secret()}@{sender.rpartition('@')[2]}>"


def _named(name: str, address: str) -> str:
    """Return an address with the name before it, encoded so that it holds no other address."""
    # Words that look encoded already would be decoded by whoever reads them.
    return formataddr((one_line(name).replace("=?", "= ?"), address), "utf-8")


def _mark(look: network.Network) -> MIMEImage | None:
    """Return the network's mark as a part of the mail: nothing is fetched to show it."""
    if not look.mark:
        return None
    try:
        image = MIMEImage(files.get(look.mark), "png")
    except NotFound:
        return None
    image["Content-ID"] = f"<{MARK}>"
    image["Content-Disposition"] = 'inline; filename="mark.png"'
    return image
