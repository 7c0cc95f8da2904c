"""How a mail looks: its text wrapped, and the same words in a quiet HTML frame.

A line with nothing but an address of this network becomes a button; where an arrow stands before
the address (`Waste bank → https://…`) the words become the link. Other addresses, which a
person may have written, stay words: no mail of ours makes a link out of them.
"""

from __future__ import annotations

import re
import textwrap
from dataclasses import dataclass

from flask import current_app, render_template

from citynet.kit.network import Network
from config import Config

# The name of the mark's part inside a mail.
MARK = "mark@citynet"
WIDTH = 72
URL = re.compile(r"https?://[^\s<>\"']+")
BUTTON = re.compile(r"(?:(?P<words>[^:\n]{1,60}):\s+)?(?P<url>https?://[^\s<>\"']+)")
NAMED = re.compile(r"(?P<dot>• )?(?P<words>\S.*?) → (?P<url>https?://[^\s<>\"']+)")


@dataclass(frozen=True)
class Piece:
    """Some words of a line, and where they lead, if anywhere."""

    words: str
    url: str = ""


@dataclass(frozen=True)
class Labels:
    """The words that a preview puts around a mail."""

    subject: str
    text: str


@dataclass(frozen=True)
class Block:
    """A paragraph as lines of pieces, or a button."""

    lines: list[list[Piece]]
    button: Piece | None = None


def as_text(text: str, look: Network) -> str:
    """Return the text part: lines of up to 72 characters, addresses whole, and who wrote it."""
    lines = [
        textwrap.fill(
            line, WIDTH, break_long_words=False, break_on_hyphens=False, drop_whitespace=True
        )
        for line in text.strip().splitlines()
    ]
    foot = ["-- ", look.name, home()]
    return "\n".join([*lines, "", *foot]) + "\n"


def as_html(
    subject: str, text: str, look: Network, *, mark: str = "", labels: Labels | None = None
) -> str:
    """Return the HTML part; `mark` is the address of the network's picture, if it has one.

    With labels it is a preview, which shows the subject and the text part too.
    """
    return render_template(
        "mail/letter.html", subject=subject, blocks=blocks_of(text), look=look, mark=mark,
        home=home(), labels=labels, as_text=as_text(text, look) if labels else "",
    )  # fmt: skip


def blocks_of(text: str) -> list[Block]:
    """Return the paragraphs and buttons of a text."""
    blocks: list[Block] = []
    for paragraph in re.split(r"\n\s*\n", text.strip()):
        lines: list[list[Piece]] = []
        for line in paragraph.splitlines():
            found = BUTTON.fullmatch(line.strip())
            if found and is_ours(found["url"]):
                blocks += [Block(lines)] if lines else []
                blocks.append(Block([], Piece(found["words"] or "", found["url"])))
                lines = []
            else:
                lines.append(pieces_of(line))
        blocks += [Block(lines)] if lines else []
    return blocks


def pieces_of(line: str) -> list[Piece]:
    """Return a line's words, those that are an address of this network with where they lead."""
    named = NAMED.fullmatch(line.strip())
    if named and is_ours(named["url"]):
        return [Piece(named["dot"] or ""), Piece(named["words"], named["url"])]
    pieces: list[Piece] = []
    end = 0
    for found in URL.finditer(line):
        url = found.group().rstrip(".,;:!?)")
        if is_ours(url):
            pieces += [Piece(line[end : found.start()]), Piece(url, url)]
            end = found.start() + len(url)
    return [*pieces, Piece(line[end:])]


def is_ours(url: str) -> bool:
    """Tell whether an address is a page of this network."""
    own = home()
    return url == own or url.startswith((f"{own}/", f"{own}?"))


def home() -> str:
    """Return the address of this network, as its mails name it."""
    config: Config = current_app.config["CITYNET"]
    return config.public_url
