"""Colours as `#rrggbb`: how well one reads on another (WCAG 2.2), and the shades of one."""

from __future__ import annotations

import re

WHITE = "#ffffff"
BLACK = "#000000"
# The contrast that text of any size needs (WCAG 2.2, 1.4.3).
READABLE = 4.5


def is_colour(text: str) -> bool:
    """Tell whether a text is a colour of six hexadecimal digits behind a `#`."""
    return re.fullmatch(r"#[0-9a-f]{6}", text) is not None


def contrast(one: str, other: str) -> float:
    """Return the ratio of two colours, from 1 to 21."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def mix(one: str, other: str, share: float) -> str:
    """Return the first colour with so much of the other, from 0 to 1, in it."""
    pairs = zip(_channels(one), _channels(other), strict=True)
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in pairs)


def darkened_for(colour: str, ground: str) -> str:
    """Return the colour, as little darker as it takes to be read on a light ground."""
    shades = (mix(colour, BLACK, step / 50) for step in range(51))
    return next(shade for shade in shades if contrast(shade, ground) >= READABLE)


def _channels(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def _luminance(colour: str) -> float:
    linear = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in (channel / 255 for channel in _channels(colour))
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
