"""Rich text without a script: Markdown in the box, HTML in the row.

Only what the sanitiser allows has a sign; HTML typed into the box is text.
"""

from __future__ import annotations

import re

from markdown_it import MarkdownIt
from markdownify import markdownify

from citynet.kit import html

# Between blocks a line break says nothing.
_BETWEEN = re.compile(r"(>)\n+(?=</?(?:p|h\d|[uo]l|li|table|t[a-z]+|blockquote)\b|$)")
_reader = MarkdownIt("commonmark", {"html": False, "breaks": True}).enable("table").disable("image")


def to_html(text: str) -> str:
    """Return the HTML of a Markdown text, cleaned; a level-one heading becomes one of level two.

    Raises:
        Invalid: as `html.clean`.
    """
    made = _reader.render(html.drop_invisible(text.replace("\r\n", "\n")))
    levelled = re.sub(r"<(/?)h1>", r"<\1h2>", made)
    closed = _BETWEEN.sub(r"\1", levelled)
    return html.from_text(re.sub(r"<(/?)h[56]>", r"<\1h4>", closed)) if made.strip() else ""


def from_html(text: str) -> str:
    """Return cleaned HTML as the Markdown that `to_html` reads."""
    made = markdownify(
        text, heading_style="ATX", bullets="-", escape_misc=False, table_infer_header=True
    )
    # A sign that would be read as another one is escaped.
    made = re.sub(r"&(?=#?\w+;)", r"\\&", made)
    return re.sub(r"\n{3,}", "\n\n", made).strip()
