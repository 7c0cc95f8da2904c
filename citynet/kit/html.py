"""The sanitiser: rich text is cleaned when written and never trusted when read.

nh3 stands first and bleach second, with one allow-list for both: bleach gets no more fixes and
would keep `href="javascript:…"` written with control characters; nh3 parses as browsers do. The
text is cleaned again until nothing changes, and refused if that does not come to rest.
"""

from __future__ import annotations

import re
import unicodedata

import bleach
import nh3
from markupsafe import Markup, escape

from citynet.kit.errors import Invalid
from citynet.kit.i18n import _

LONGEST = 1_000_000
SCHEMES = frozenset({"http", "https", "mailto"})
ATTRIBUTES = {"a": {"href", "title"}, "th": {"scope", "colspan", "rowspan"}}
ATTRIBUTES["td"] = {"colspan", "rowspan"}
TAGS = frozenset(
    [
        "p",
        "br",
        "h2",
        "h3",
        "h4",
        "ul",
        "ol",
        "li",
        "blockquote",
        "strong",
        "em",
        "b",
        "i",
        "u",
        "s",
        "sub",
        "sup",
        "a",
        "hr",
        "code",
        "pre",
        "table",
        "caption",
        "thead",
        "tbody",
        "tfoot",
        "tr",
        "th",
        "td",
    ]
)
DROPPED_WITH_TEXT = {
    "style", "script", "iframe", "title", "textarea", "noscript", "svg", "math", "template",
    "object", "embed", "noembed", "noframes", "xmp", "select", "form", "plaintext",
}  # fmt: skip
ROUNDS = 5


def clean(text: str) -> Markup:
    """Return HTML of the allow-list only, stable under cleaning again.

    Raises:
        Invalid: more than 1 MB, or markup that changes each time it is read.
    """
    if len(text.encode("utf-8", "replace")) > LONGEST:
        raise Invalid({"html": _("This text is longer than one megabyte. Please shorten it.")})
    before = drop_invisible(text)
    for _round in range(ROUNDS):
        after = _bleach(_nh3(before))
        if after == before:
            return Markup(after)  # noqa: S704 - the one place that makes markup
        before = after
    raise Invalid(
        {"html": _("This text has markup we cannot read. Please paste it as plain text.")}
    )


def plain(html: str) -> str:
    """Return the words of cleaned HTML, without its tags."""
    spaced = re.sub(r"<(?:/?(?:p|li|tr|td|th|h\d|br)\b)", r" \g<0>", html)
    return " ".join(Markup(spaced).striptags().split())  # noqa: S704 - it loses its tags


def excerpt(text: str, length: int = 200) -> str:
    """Return the beginning of a plain text, cut at a word, at most `length` characters."""
    text = " ".join(text.split())
    if len(text) <= length:
        return text
    return text[: length - 1].rsplit(" ", 1)[0].rstrip(",.;:") + "…"


def paragraphs(text: str | None) -> Markup:
    """Return a plain text as escaped paragraphs; blank lines part them."""
    blocks = [block.strip() for block in re.split(r"\n\s*\n", text or "") if block.strip()]
    lines = [escape(block).replace("\n", Markup("<br>")) for block in blocks]
    return Markup("").join(Markup("<p>{}</p>").format(line) for line in lines)


def drop_invisible(text: str) -> str:
    """Remove control, format and lone surrogate characters, except line breaks and tabs."""
    unseen = {
        ord(letter): None
        for letter in set(text)
        if letter not in "\n\t" and unicodedata.category(letter) in {"Cc", "Cf", "Cs", "Co"}
    }
    return text.translate(unseen) if unseen else text


def line(text: str) -> str:
    """Fold a text onto one line, without what cannot be seen."""
    return " ".join(drop_invisible(text).split())


def _nh3(text: str) -> str:
    return nh3.clean(
        text,
        tags=set(TAGS),
        clean_content_tags=DROPPED_WITH_TEXT,
        attributes={tag: set(names) for tag, names in ATTRIBUTES.items()},
        url_schemes=set(SCHEMES),
        link_rel="noopener noreferrer nofollow",
    )


def _bleach(text: str) -> str:
    allowed = {tag: sorted(names) for tag, names in ATTRIBUTES.items()}
    allowed["a"] = ["href", "title", "rel"]
    return bleach.clean(text, tags=TAGS, attributes=allowed, protocols=SCHEMES, strip=True)
