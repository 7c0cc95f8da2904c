"""Filling words in: `{name}` in a text stands for a value, which stays words whatever it holds."""

from __future__ import annotations

import re
from collections.abc import Mapping

from citynet.kit.mail import one_line

PLACEHOLDER = re.compile(r"\{([a-z_]+)\}")


def fill(text: str, values: Mapping[str, str]) -> str:
    """Put each value in the place of its name, in one pass: what a value holds stays words.

    On a line of its own a value may have many lines; within a line it is folded, so that a name
    cannot begin a paragraph.
    """

    def line_of(line: str) -> str:
        is_alone = PLACEHOLDER.fullmatch(line.strip()) is not None
        fold = _paragraphs if is_alone else one_line
        return PLACEHOLDER.sub(lambda found: fold(values.get(found[1], found[0])), line)

    return "\n".join(line_of(line) for line in text.splitlines())


def _paragraphs(text: str) -> str:
    return "\n".join(one_line(line) for line in text.splitlines()).strip()
