"""Errors as pages: what happened and what to do; typed text is kept through a lost session."""

from __future__ import annotations

import structlog
from flask import Flask, g, redirect, render_template, request, url_for
from flask_login import current_user
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import HTTPException, TooManyRequests
from werkzeug.wrappers import Response

from citynet.accounts.forms import SignInForm
from citynet.cities.models import VISITOR
from citynet.kit.errors import Conflict, Forbidden, Invalid, NotFound
from citynet.kit.i18n import _

log = structlog.get_logger(__name__)
PAGES = frozenset({400, 403, 404, 409, 413, 422, 429, 500, 503})
Answer = tuple[str, int] | Response


def init_app(app: Flask) -> None:
    """Answer every error with a page of the network's own."""
    app.register_error_handler(CSRFError, _lost_form)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Forbidden, lambda error: _page(403, str(error)))
    app.register_error_handler(NotFound, lambda _error: _page(404))
    app.register_error_handler(Invalid, lambda error: _page(422, str(error)))
    app.register_error_handler(Conflict, lambda error: _page(409, str(error)))
    app.register_error_handler(OperationalError, _busy)
    app.register_error_handler(Exception, _crash)
    app.login_manager.unauthorized_handler(_unauthorized)  # type: ignore[attr-defined]


def _unauthorized() -> Answer:
    """Ask for a sign-in; what was posted waits in the form."""
    if request.method == "POST" and _has_text():
        return _ask_to_sign_in()
    is_page = request.method != "POST"
    target = request.full_path.rstrip("?") if is_page else url_for("accounts.settings")
    return redirect(url_for("accounts.sign_in", next=target))


def _lost_form(_error: CSRFError) -> Answer:
    """Keep what was typed where the session was lost; refuse what came from elsewhere."""
    if not _is_same_origin():
        return _page(400, _("This form came from another site. Open it here and try again."))
    if current_user.is_authenticated:
        kept = _posted()
        return render_template("accounts/resume.html", target=request.path, kept=kept), 400
    if not _has_text():
        return _page(400, _("Your session has ended. Please try again."))
    return _ask_to_sign_in()


def _ask_to_sign_in() -> Answer:
    form = SignInForm(None, data={"next": request.path})
    page = render_template("accounts/sign_in.html", form=form, kept=_posted(), resume=request.path)
    return page, 401


def _has_text() -> bool:
    """Tell whether the form may hold a text; those of one's account hold secrets."""
    return request.blueprint != "accounts" and request.endpoint != "web.language"


def _posted() -> list[tuple[str, str]]:
    secret = {"current", "code", "credential"} if request.blueprint == "accounts" else set()
    hidden = {"csrf_token", "password"} | secret
    return [(name, value) for name, value in request.form.items(multi=True) if name not in hidden]


def _is_same_origin() -> bool:
    origin = request.headers.get("Origin") or request.headers.get("Referer") or ""
    return origin.rstrip("/") == request.host_url.rstrip("/") or origin.startswith(request.host_url)


def _came_from() -> str:
    """Return the page of this host that led here, else nothing."""
    referrer = request.referrer or ""
    return referrer if referrer.startswith(request.host_url) else ""


def _http(error: HTTPException) -> Answer | HTTPException:
    code = error.code or 500
    if code < 400:
        return error
    if code == 405:
        answer = Response(_("This address does not take that request."), 405)
        answer.headers.extend(dict(error.get_headers()))
        answer.headers["Content-Type"] = "text/plain; charset=utf-8"
        return answer
    page, code = _page(code)
    if isinstance(error, TooManyRequests) and error.retry_after:
        return Response(page, code, {"Retry-After": str(error.retry_after)})
    return page, code


def _busy(error: OperationalError) -> Response:
    """Tell that the database cannot write or answer now; what was typed can be sent again."""
    log.error("database_fails", exc_info=error)
    kept = _posted() if request.method == "POST" else []
    if kept and "actor" in g and _has_text():
        page = render_template("accounts/resume.html", target=request.path, kept=kept, is_busy=True)
    else:
        page = _page(503)[0]
    return Response(page, 503, {"Retry-After": "10"})


def _crash(error: Exception) -> Answer:
    """Tell that it is our fault; the log line has the request's id."""
    log.error("crash", exc_info=error)
    return _page(500)


def _page(code: int, message: str = "") -> tuple[str, int]:
    if "actor" not in g:
        g.actor = VISITOR
    name = code if code in PAGES else (400 if code < 500 else 500)
    page = render_template(
        f"errors/{name}.html",
        message=message,
        request_id=g.get("request_id", ""),
        came_from=_came_from(),
    )
    return page, code
