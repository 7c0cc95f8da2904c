"""What an outline is made of: a practice as paper takes it, before it is Word or HTML."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from citynet.practices.charts import Told


class _Piece:
    @property
    def kind(self) -> str:
        """Return what templates tell it by."""
        return type(self).__name__


@dataclass(frozen=True)
class Heading(_Piece):
    """A heading below the section's."""

    text: str


@dataclass(frozen=True)
class Prose(_Piece):
    """Rich text, cleaned."""

    html: str


@dataclass(frozen=True)
class Note(_Piece):
    """A sentence of ours, such as that something is not known."""

    text: str


@dataclass(frozen=True)
class Item:
    """A line of a list; `link` is empty where there is none."""

    text: str
    link: str = ""


@dataclass(frozen=True)
class Items(_Piece):
    """A list."""

    items: tuple[Item, ...]


@dataclass(frozen=True)
class Pairs(_Piece):
    """Words with what they stand for."""

    pairs: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Table(_Piece):
    """Rows below heads; the first cell of a row names it."""

    caption: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


Piece = Heading | Prose | Note | Items | Pairs | Table


@dataclass(frozen=True)
class Section:
    """A heading with what stands below it."""

    title: str
    pieces: tuple[Piece, ...]
    charts: tuple[Told, ...] = ()


@dataclass(frozen=True)
class Paper:
    """A practice, ready to be written down."""

    title: str
    subtitle: str
    city: str
    country: str
    network: str
    address: str
    language: str
    topics: tuple[str, ...]
    summary: str
    revised_at: datetime
    citation: str
    sections: tuple[Section, ...]
