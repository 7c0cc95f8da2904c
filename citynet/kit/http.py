"""Headers of every answer, and which redirects stay on this host."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import Flask, Response, abort, g, request
from werkzeug.datastructures import ImmutableMultiDict
from werkzeug.exceptions import RequestEntityTooLarge, SecurityError
from werkzeug.routing import IntegerConverter, Map

from citynet.kit.i18n import _

POLICY = "; ".join(
    (
        "default-src 'none'", "script-src 'self'", "style-src 'self'", "img-src 'self' data:",
        "font-src 'self'", "connect-src 'self'", "manifest-src 'self'", "form-action 'self'",
        "base-uri 'none'", "frame-ancestors 'none'",
    )
)  # fmt: skip
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}
MOST_FIELDS = 2_000
LARGEST_ID = 2**31 - 1
TWO_YEARS = "max-age=63072000; includeSubDomains"


class RowNumber(IntegerConverter):
    """A number in an address that a row may have: with a larger one there is no such page."""

    def __init__(self, url_map: Map, **options: int) -> None:
        super().__init__(url_map, **{"max": LARGEST_ID, **options})  # type: ignore[arg-type]


def init_app(app: Flask) -> None:
    """Send the headers with every answer, and bound what an address and a form may hold."""
    app.url_map.converters["int"] = RowNumber
    app.before_request(_bound_fields)
    app.before_request(_drop_nul)
    app.after_request(_protect)
    app.register_error_handler(SecurityError, _refuse_host)


def is_local(target: str | None) -> bool:
    """Tell whether a redirect stays on this host (OWASP: unvalidated redirects)."""
    if not target or not target.startswith("/") or target.startswith(("//", "/\\")):
        return False
    if any(ord(letter) < 33 or letter == "\\" for letter in target):
        return False
    parts = urlsplit(target)
    return not parts.scheme and not parts.netloc


def _bound_fields() -> None:
    """Refuse a form of more fields than a page has; Werkzeug bounds only those sent in parts."""
    is_plain = request.mimetype == "application/x-www-form-urlencoded"
    if is_plain and request.get_data().count(b"&") > MOST_FIELDS:
        raise RequestEntityTooLarge


def _drop_nul() -> None:
    """Take NULs out of what is asked for: no text has one, and PostgreSQL refuses to compare."""
    if "\0" in request.path:
        abort(404)
    if b"%00" in request.query_string:
        pairs = request.args.items(multi=True)
        request.args = ImmutableMultiDict((name, text.replace("\0", "")) for name, text in pairs)


def _refuse_host(_error: SecurityError) -> Response:
    """Answer plainly: a page has links, and none can be made from a host that is not ours."""
    return Response(_("This address does not belong to the network."), 400, mimetype="text/plain")


def _protect(response: Response) -> Response:
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if request.is_secure:
        response.headers.setdefault("Strict-Transport-Security", TWO_YEARS)
    actor = g.get("actor")
    if request.endpoint != "static" and actor is not None and actor.is_signed_in:
        response.headers["Cache-Control"] = "no-store"
    response.headers.add("Vary", "Accept-Language")
    return response
