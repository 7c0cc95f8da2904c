"""Doors to the network's own style sheet and mark; their addresses change with their content."""

from __future__ import annotations

from flask import Blueprint, Response

from citynet.kit import files, network
from citynet.kit.doors import anyone
from citynet.kit.errors import NotFound

bp = Blueprint("look", __name__)
FOR_EVER = "public, max-age=31536000, immutable"


@bp.get("/look-<digest>.css")
@anyone
def style(digest: str) -> Response:
    """Answer with the custom properties that lie over CityNet's."""
    look = network.current()
    if digest != look.look:
        raise NotFound
    return _kept(look.style_sheet.encode(), "text/css")


@bp.get("/mark-<digest>.png")
@anyone
def mark(digest: str) -> Response:
    """Answer with the network's mark."""
    if not digest or digest != network.current().mark:
        raise NotFound
    return _kept(files.get(digest), "image/png")


def _kept(content: bytes, media_type: str) -> Response:
    response = Response(content, mimetype=media_type)
    response.headers["Cache-Control"] = FOR_EVER
    return response
