"""A practice as PDF, where WeasyPrint and Pango are installed; elsewhere there is no button.

WeasyPrint is an extra, so it is loaded when the first PDF is asked for. It fetches nothing:
whatever address stands in the document, none is opened, of the network or of the disk.
"""

from __future__ import annotations

import logging
import re
from ctypes.util import find_library
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

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


def pdf_of(page: str) -> bytes:
    """Return the PDF of a page of our own making.

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
    nothing = weasyprint.urls.URLFetcher(allowed_protocols=())
    style = weasyprint.CSS(string=STYLE.read_text(encoding="utf-8"), url_fetcher=nothing)
    document = weasyprint.HTML(string=page, url_fetcher=nothing)
    try:
        made = document.write_pdf(stylesheets=[style], pdf_tags=True)
    except RecursionError:
        raise TooLargeError from None
    return bytes(made)
