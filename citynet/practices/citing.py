"""How a practice is cited: as a sentence, and as a record for a program that keeps sources."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from citynet.kit import html, network
from citynet.kit.http import external_url
from citynet.kit.i18n import _, country_name, show_date
from citynet.practices.models import Revision

# What BibTeX would take for a command of its own.
_TEX = {
    "\\": r"\textbackslash{}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}",
    **{sign: f"\\{sign}" for sign in "{}&%$#_"},
}  # fmt: skip


@dataclass(frozen=True)
class Source:
    """What a citation names: the city is the author."""

    key: str
    city: str
    country: str
    title: str
    network: str
    address: str
    language: str
    revised_at: datetime


def source_of(revision: Revision) -> Source:
    """Return what a citation of this text names; its practice and city must be loaded."""
    city = revision.practice.city
    return Source(
        key=revision.practice.slug,
        city=html.line(city.full_name),
        country=country_name(city.country),
        title=html.line(revision.title),
        network=html.line(network.current().name),
        address=external_url("practices.show", slug=revision.practice.slug),
        language=revision.language,
        revised_at=revision.published_at or revision.edited_at,
    )


def sentence(source: Source) -> str:
    """Return the citation as people write it."""
    return _(
        "%(city)s, %(country)s (%(year)s). %(title)s. %(network)s. %(address)s (text of %(date)s).",
        city=source.city,
        country=source.country,
        year=source.revised_at.year,
        title=source.title.rstrip("."),
        network=source.network,
        address=source.address,
        date=show_date(source.revised_at),
    )


def bibtex(source: Source) -> str:
    """Return the record as BibTeX reads it."""
    fields = {
        "author": f"{{{_tex(f'{source.city}, {source.country}')}}}",
        "title": f"{{{_tex(source.title)}}}",
        "publisher": _tex(source.network),
        "year": str(source.revised_at.year),
        "date": source.revised_at.strftime("%Y-%m-%d"),
        "url": source.address,
        "langid": {"id": "indonesian"}.get(source.language, "english"),
    }
    lines = ",\n".join(f"  {name} = {{{text}}}" for name, text in fields.items())
    return f"@misc{{{source.key},\n{lines}\n}}\n"


def ris(source: Source) -> str:
    """Return the record as reference managers read it."""
    fields = (
        ("TY", "ELEC"),
        ("AU", f"{source.city} ({source.country})"),
        ("TI", source.title),
        ("PB", source.network),
        ("PY", str(source.revised_at.year)),
        ("DA", source.revised_at.strftime("%Y/%m/%d")),
        ("LA", source.language),
        ("UR", source.address),
        ("ER", ""),
    )
    return "".join(f"{name}  - {text}\r\n" for name, text in fields)


def _tex(text: str) -> str:
    return re.sub(r"[\\{}&%$#_~^]", lambda found: _TEX[found.group()], text)
