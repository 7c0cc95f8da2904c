"""Headers of every answer, addresses of our own, and how much a request may hold."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar
from urllib.parse import urlsplit

from flask import Flask, Response, abort, current_app, g, request
from werkzeug.datastructures import ImmutableMultiDict
from werkzeug.exceptions import RequestEntityTooLarge, SecurityError
from werkzeug.routing import IntegerConverter, Map

from citynet.kit.i18n import _
from config import Config

View = TypeVar("View", bound=Callable[..., object])
POLICY = "; ".join(
    (
        "default-src 'none'", "script-src 'self'", "style-src 'self'", "img-src 'self' data:",
        "font-src 'self'", "connect-src 'self'", "manifest-src 'self'", "form-action 'self'",
        "base-uri 'none'", "frame-ancestors 'none'",
    )
)  # fmt: skip
# For a page that shows one of ours in a frame: a mail, a look not chosen yet.
POLICY_WITH_FRAMES = f"{POLICY}; frame-src 'self'"
# For what stands in such a frame: a mail carries its styles with it, and runs nothing.
POLICY_IN_FRAME = (
    "default-src 'none'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "frame-ancestors 'self'; base-uri 'none'; form-action 'none'; "
    "sandbox allow-popups allow-popups-to-escape-sandbox"
)
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


def number_in(text: str | None, *, digits: int = 9) -> int | None:
    """Return the number that somebody sent; None for anything else, also for one too long."""
    if text and text.isascii() and text.isdigit() and len(text) <= digits:
        return int(text)
    return None


class Address6(str):
    """An IPv6 address among the trusted hosts, such as `[::1]`.

    Werkzeug 3.1 cuts each trusted host at its first colon, where it expects a port; this one
    stays whole. It can go when `host_is_trusted` knows brackets.
    """

    __slots__ = ()

    def partition(self, sep: str, /) -> tuple[str, str, str]:
        """Return the whole address as what stands before the port."""
        return (str(self), "", "") if sep == ":" else super().partition(sep)


def init_app(app: Flask) -> None:
    """Send the headers with every answer, and bound what an address and a form may hold."""
    app.url_map.converters["int"] = RowNumber
    app.config["TRUSTED_HOSTS"] = [_trusted(host) for host in app.config["TRUSTED_HOSTS"]]
    app.before_request(_raise_limit)
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


def external_url(endpoint: str, **values: str | int | None) -> str:
    """Return the whole address of a page as mails need it, in a request and in the worker alike.

    It begins with the setting PUBLIC_URL, never with what a request calls its host.
    """
    config: Config = current_app.config["CITYNET"]
    parts = urlsplit(config.public_url)
    urls = current_app.url_map.bind(
        parts.netloc, script_name=parts.path or "/", url_scheme=parts.scheme
    )
    known = {name: value for name, value in values.items() if value is not None}
    return urls.build(endpoint, known, force_external=True)


def framed(page: str, status: int = 200) -> Response:
    """Answer with a page for a frame, in which styles are its own and nothing runs."""
    return _answer(page, status, POLICY_IN_FRAME)


def framing(page: str, status: int = 200) -> Response:
    """Answer with a page that has a frame in it."""
    return _answer(page, status, POLICY_WITH_FRAMES)


def allow_upload(size_bytes: int) -> Callable[[View], View]:
    """Let the requests of a view be this large, where others end at MAX_CONTENT_LENGTH."""

    def mark(view: View) -> View:
        view.upload_bytes = size_bytes  # type: ignore[attr-defined]
        return view

    return mark


def _answer(page: str, status: int, content_policy: str) -> Response:
    response = Response(page, status, mimetype="text/html")
    response.headers["Content-Security-Policy"] = content_policy
    return response


def _trusted(host: str) -> str:
    if ":" not in host:
        return host
    return Address6(host if host.startswith("[") else f"[{host}]")


def _raise_limit() -> None:
    """Raise the limit before the form is read, which the check against forgery does."""
    view = current_app.view_functions.get(request.endpoint or "")
    if size_bytes := getattr(view, "upload_bytes", None):
        request.max_content_length = size_bytes


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
        # What is kept for ever has an address of its own for each content.
        response.headers.setdefault("Cache-Control", "no-store")
    response.headers.add("Vary", "Accept-Language")
    return response
