"""A practice as PDF, where WeasyPrint and Pango are installed; elsewhere there is no button.

WeasyPrint is an extra, so it is loaded when the first PDF is asked for. It opens nothing, of the
network or of the disk: whatever address stands in the document, only the pictures that are handed
in with it are found, by the names they are handed in with.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Mapping
from ctypes.util import find_library
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType

STYLE = Path(__file__).parent / "data" / "paper.css"
# What keeps one PDF within a few seconds, as measured: cells take the longest.
LONGEST, MOST_CELLS, DEEPEST = 400_000, 1_500, 40
_TAG = re.compile(r"<(/?)(?:blockquote|ul|ol|table)\b")


class TooLargeError(Exception):
    """A text that would keep the server busy for too long."""


@cache
def is_available() -> bool:
    """Tell whether PDFs can be made here."""
    return find_spec("weasyprint") is not None and find_library("pango-1.0") is not None


def pdf_of(page: str, pictures: Mapping[str, bytes] | None = None) -> bytes:
    """Return the PDF of a page of our own making; `pictures` are JPEGs by their addresses in it.

    Raises:
        TooLargeError: it is too long, too wide or too deeply nested.
    """
    if len(page) > LONGEST or len(re.findall(r"<t[dh]\b", page)) > MOST_CELLS:
        raise TooLargeError
    depth = 0
    for tag in _TAG.finditer(page):
        depth += -1 if tag[1] else 1
        if depth > DEEPEST:
            raise TooLargeError
    weasyprint = import_module("weasyprint")
    logging.getLogger("weasyprint").setLevel(logging.ERROR)
    fetcher = _fetcher(weasyprint, pictures or {})
    style = weasyprint.CSS(string=STYLE.read_text(encoding="utf-8"), url_fetcher=fetcher)
    document = weasyprint.HTML(string=page, url_fetcher=fetcher)
    try:
        made = document.write_pdf(stylesheets=[style], pdf_tags=True)
    except RecursionError:
        raise TooLargeError from None
    return bytes(made)


def _fetcher(weasyprint: ModuleType, pictures: Mapping[str, bytes]) -> object:
    """Return what finds these pictures; asked for anything else, it finds nothing."""

    class Handed(weasyprint.urls.URLFetcher):  # type: ignore[misc, name-defined]
        def fetch(self, url: str, _headers: object = None) -> object:
            if url not in pictures:
                raise ValueError(f"not handed in: {url[:100]}")
            headers = {"Content-Type": "image/jpeg"}
            return weasyprint.urls.URLFetcherResponse(url, pictures[url], headers)

    return Handed(allowed_protocols=())
