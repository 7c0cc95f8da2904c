"""What an outline is made of: a practice as paper takes it, before it is Word or HTML."""

from __future__ import annotations

from dataclasses import dataclass, field
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
class Plate:
    """A picture on paper: a JPEG under its stored name, and what stands for it in words."""

    stored: str
    width: int
    height: int
    # Empty where it only decorates.
    alt: str
    caption: str
    content: bytes = field(repr=False)


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
    # Of a translation: what it was made from, and whether that has changed since.
    origin: str = ""
    # At the top, and at the end; of a brief there are none.
    cover: Plate | None = None
    plates: tuple[Plate, ...] = ()
    # How many pictures more the page has than paper takes.
    left: int = 0

    @property
    def all_plates(self) -> tuple[Plate, ...]:
        """Return the cover, if there is one, and the others."""
        return (self.cover, *self.plates) if self.cover else self.plates
