"""Structured logs; each line of a request carries its id, which the answer returns too."""

from __future__ import annotations

import logging
import re
import sys
import time
import uuid

import structlog
from flask import Flask, Response, g, request

log = structlog.get_logger(__name__)


def init_app(app: Flask, log_format: str) -> None:
    """Set the format and log every request once."""
    renderer: structlog.types.Processor = (
        structlog.processors.JSONRenderer()
        if log_format == "json"
        else structlog.dev.ConsoleRenderer(colors=False)
    )
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            renderer,
        ],
        # Standard output belongs to what a command answers.
        logger_factory=lambda *_names: structlog.PrintLogger(sys.stderr),
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        cache_logger_on_first_use=False,
    )
    app.before_request(_begin)
    app.after_request(_end)


def _begin() -> None:
    given = request.headers.get("X-Request-Id", "")
    g.request_id = given if re.fullmatch(r"[0-9A-Za-z-]{8,36}", given) else str(uuid.uuid4())
    g.began_at_seconds = time.perf_counter()
    structlog.contextvars.clear_contextvars()
    structlog.contextvars.bind_contextvars(request_id=g.request_id)


def _end(response: Response) -> Response:
    response.headers["X-Request-Id"] = g.get("request_id", "")
    if request.endpoint != "static":
        took_ms = (time.perf_counter() - g.get("began_at_seconds", time.perf_counter())) * 1000
        log.info(
            "request",
            method=request.method,
            path=_path(),
            status=response.status_code,
            took_ms=round(took_ms, 1),
        )
    return response


def _path() -> str:
    """Return the path as a log may have it: the secret of a link opens something."""
    secret = (request.view_args or {}).get("secret", "")
    return request.path.replace(secret, "…") if secret else request.path
