"""Mail: written as an effect in the transaction, sent after it by the worker.

The back end is Flask-Mailman's: the console or files in development, SMTP otherwise.
"""

from __future__ import annotations

from flask import Flask
from flask_mailman import EmailMessage, Mail

from citynet.kit import effects
from config import Config

BACKENDS = {"memory": "locmem", "console": "console", "file": "file", "smtp": "smtp"}


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
        MAIL_TIMEOUT=15,
    )
    Mail(app)


def send_later(*, to: str, subject: str, text: str) -> None:
    """Send a mail once the transaction under way is committed."""
    effects.enqueue("mail", to=one_line(to), subject=one_line(subject), text=text)


def one_line(text: str) -> str:
    """Fold a header's text onto one line, so that nobody can add a header to it."""
    return " ".join(text.split())


@effects.effect("mail")
def _send(payload: effects.Payload) -> None:
    letter = EmailMessage(payload["subject"], payload["text"], to=[payload["to"]])
    # Flask-Mailman leaves the connection open where the server refuses; this closes it always.
    with letter.get_connection():
        letter.send()
