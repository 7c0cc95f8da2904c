"""Doors to sign-in, sign-out and one's own account."""

from __future__ import annotations

from contextlib import suppress

from flask import Blueprint, g, request
from sqlalchemy.exc import OperationalError
from werkzeug.wrappers import Response

from citynet.accounts import queries
from citynet.accounts.models import SignIn
from citynet.accounts.service.signing_in import is_note_due, note_use

bp = Blueprint("accounts", __name__, template_folder="../templates")


def load_sign_in(secret: str) -> SignIn | None:
    """Return the session that Flask-Login asks for, checked against the database."""
    found = queries.valid_sign_in(secret)
    if found is not None and is_note_due(found):
        found = _note_use(found.id, secret)
    if found is not None:
        found.secret = secret  # type: ignore[misc]
        g.person = found.person
        g.preferred_language = found.person.language
    return found


@bp.after_request
def keep_nowhere(response: Response) -> Response:
    """Let no cache keep these pages: some have a secret in their address, some in their text."""
    response.headers["Cache-Control"] = "no-store"
    return response


def _note_use(sign_in_id: int, secret: str) -> SignIn | None:
    """Write down that the session is used; a database that cannot write now stops no reader."""
    with suppress(OperationalError):
        note_use(sign_in_id, request.remote_addr or "")
    return queries.valid_sign_in(secret)
