"""Doors for development: the mails that the network wrote, as they would have arrived.

They are registered outside production only, as the style guide is.
"""

from __future__ import annotations

from base64 import b64encode

from flask import Blueprint, render_template
from werkzeug.wrappers import Response

from citynet.kit import postbox
from citynet.kit.doors import anyone
from citynet.kit.http import framed, framing
from citynet.kit.mail_look import MARK, pieces_of

bp = Blueprint("dev", __name__, url_prefix="/dev", template_folder="templates")


@bp.get("/mail")
@anyone
def mails() -> str:
    """Show the mails in the folder, newest first."""
    return render_template("web/mails.html", mails=postbox.kept())


@bp.get("/mail/<name>")
@anyone
def mail(name: str) -> Response:
    """Show one mail: its headers, its text with links, and its HTML part in a frame."""
    kept = postbox.open_kept(name)
    lines = [pieces_of(line) for line in kept.text.splitlines()]
    return framing(render_template("web/mail.html", kept=kept, lines=lines))


@bp.get("/mail/<name>/html")
@anyone
def mail_html(name: str) -> Response:
    """Answer with the HTML part as a mail program shows it: no script runs."""
    kept = postbox.open_kept(name)
    picture = f"data:image/png;base64,{b64encode(kept.picture(MARK)).decode()}"
    return framed(kept.html.replace(f"cid:{MARK}", picture))
