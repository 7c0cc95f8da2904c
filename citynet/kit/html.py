"""The sanitiser: rich text is cleaned when written and never trusted when read.

nh3 stands first and bleach second, with one allow-list for both: bleach gets no more fixes and
would keep `href="javascript:…"` written with control characters; nh3 parses as browsers do. The
text is cleaned again until nothing changes, and refused if that does not come to rest.
"""

from __future__ import annotations

import re
import unicodedata
from html import unescape

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
# Tags within tags: no author writes more, and what reads them calls itself for each.
DEEPEST = 100
_OUR_TAG = re.compile(rf"</?(?:{'|'.join(sorted(TAGS))})(?:\s[^<>]*)?/?>", re.IGNORECASE)
_BLOCK = re.compile(r"<(?:p|h[2-4]|ul|ol|blockquote|table|pre|hr)\b")
_EMPTY = re.compile(r"<(p|h[2-4]|li|blockquote)>(?:\s|<br>|&nbsp;|\u00a0)*</\1>")


def clean(text: str) -> Markup:
    """Return HTML of the allow-list only, stable under cleaning again.

    Raises:
        Invalid: more than 1 MB, markup that changes each time it is read, or nested too deep.
    """
    if len(text.encode("utf-8", "replace")) > LONGEST:
        raise Invalid({"html": _("This text is longer than one megabyte. Please shorten it.")})
    before = drop_invisible(text)
    for _round in range(ROUNDS):
        parsed = _nh3(before)
        if _depth(parsed) > DEEPEST:
            break
        after = _bleach(parsed)
        if after == before:
            return Markup(after)  # noqa: S704 - the one place that makes markup
        before = after
    raise Invalid(
        {"html": _("This text has markup we cannot read. Please paste it as plain text.")}
    )


def rich(text: str, below: int = 1) -> Markup:
    """Return stored HTML for a page, read once more by the stricter of the two cleaners.

    Its headings, which begin at the second level, go below a heading of level `below`.
    """
    return Markup(  # noqa: S704 - what a row holds is not trusted either
        re.sub(r"(</?h)([2-4])>", lambda tag: f"{tag[1]}{int(tag[2]) + below - 1}>", _nh3(text))
    )


def from_text(text: str) -> str:
    """Return HTML of a text that may be either: without a tag of ours it is a plain one.

    What comes back begins with a block and is empty where nothing can be read; given again it
    stays as it is.

    Raises:
        Invalid: as `clean`.
    """
    text = text.replace("\r\n", "\n")
    cleaned = str(clean(text)) if _OUR_TAG.search(text) else str(paragraphs(drop_invisible(text)))
    if cleaned and not _BLOCK.match(cleaned):
        cleaned = str(clean(f"<p>{cleaned}"))
    cleaned = _EMPTY.sub("", cleaned).strip()
    return cleaned if plain(cleaned) else ""


def plain(html: str) -> str:
    """Return the words of cleaned HTML: a line for each block, row and line break."""
    lined = re.sub(
        r"<br[^>]*>|<(?:ul|ol|table)>|</(?:p|li|tr|h\d|blockquote|pre|caption)>", "\n", html
    )
    spaced = re.sub(r"</t[dh]>", " \t", lined)
    words = unescape(re.sub(r"<[^>]*>", "", spaced))
    lines = (" ".join(line.split()) for line in words.split("\n"))
    return "\n".join(line for line in lines if line)


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


def said(text: str, *, field: str, most: int, sentence: str) -> str:
    """Return a text that must say something, without what cannot be seen.

    Raises:
        Invalid: by the field: nothing, or more than `most` characters.
    """
    text = drop_invisible(text).strip()
    if not text or len(text) > most:
        raise Invalid({field: sentence})
    return text


def _nh3(text: str) -> str:
    return nh3.clean(
        text,
        tags=set(TAGS),
        clean_content_tags=DROPPED_WITH_TEXT,
        attributes={tag: set(names) for tag, names in ATTRIBUTES.items()},
        url_schemes=set(SCHEMES),
        link_rel="noopener noreferrer nofollow",
    )


def _depth(text: str) -> int:
    """Return how many tags stand within one another in what nh3 has balanced."""
    depth = deepest = 0
    for closing, name in re.findall(r"<(/?)([a-z0-9]+)", text):
        if name not in ("br", "hr"):
            depth += -1 if closing else 1
            deepest = max(deepest, depth)
    return deepest


def _bleach(text: str) -> str:
    allowed = {tag: sorted(names) for tag, names in ATTRIBUTES.items()}
    allowed["a"] = ["href", "title", "rel"]
    return bleach.clean(text, tags=TAGS, attributes=allowed, protocols=SCHEMES, strip=True)
