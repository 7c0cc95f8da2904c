"""How a practice is cited: as a sentence, and as a record for a program that keeps sources."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from citynet.kit import html, network
from citynet.kit.http import external_url
from citynet.kit.i18n import _, country_name, language_name, show_date
from citynet.practices.versions import Version

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
    # Of a translation.
    original_title: str = ""
    original_language: str = ""


def source_of(version: Version) -> Source:
    """Return what a citation of this text names; its practice and city must be loaded."""
    original = version.original
    city, is_translated = original.practice.city, version.translation is not None
    return Source(
        key=original.practice.slug,
        city=html.line(city.full_name),
        country=country_name(city.country),
        title=html.line(version.content.title),
        network=html.line(network.current().name),
        address=address_of(version, version.language),
        language=version.language,
        revised_at=version.told_at,
        original_title=html.line(original.title) if is_translated else "",
        original_language=original.language if is_translated else "",
    )


def address_of(version: Version, language: str) -> str:
    """Return the whole address under which a practice stays in a language."""
    slug = version.original.practice.slug
    if len(version.languages) == 1:
        return external_url("practices.show", slug=slug)
    return external_url("practices.show_in", slug=slug, language=language)


def sentence(source: Source) -> str:
    """Return the citation as people write it."""
    title = source.title.rstrip(".")
    if source.original_language:
        language = language_name(source.original_language)
        title = _("%(title)s (translated from %(language)s)", title=title, language=language)
    return _(
        "%(city)s, %(country)s (%(year)s). %(title)s. %(network)s. %(address)s (text of %(date)s).",
        city=source.city,
        country=source.country,
        year=source.revised_at.year,
        title=title,
        network=source.network,
        address=source.address,
        date=show_date(source.revised_at),
    )


def origin_of(version: Version) -> str:
    """Return what a translation was made from, as a sentence; nothing of an original."""
    if version.translation is None:
        return ""
    original = version.original
    told = _(
        "Translated from %(language)s by the city. The original: %(address)s",
        language=language_name(original.language),
        address=address_of(version, original.language),
    )
    if not version.changed:
        return told
    changed = _("The original has changed since, on %(date)s.",
                date=show_date(original.published_at))  # fmt: skip
    return f"{told} – {changed}"


def bibtex(source: Source) -> str:
    """Return the record as BibTeX reads it."""
    fields = {
        "author": f"{{{_tex(f'{source.city}, {source.country}')}}}",
        "title": f"{{{_tex(source.title)}}}",
        "publisher": _tex(source.network),
        "year": str(source.revised_at.year),
        "date": source.revised_at.strftime("%Y-%m-%d"),
        "url": source.address,
        "langid": _tex_language(source.language),
    }
    if source.original_language:
        fields["origtitle"] = f"{{{_tex(source.original_title)}}}"
        fields["origlanguage"] = _tex_language(source.original_language)
    lines = ",\n".join(f"  {name} = {{{text}}}" for name, text in fields.items())
    return f"@misc{{{source.key},\n{lines}\n}}\n"


def ris(source: Source) -> str:
    """Return the record as reference managers read it."""
    if source.original_language:
        language = language_name(source.original_language)
        note = _("Translated from %(language)s: %(title)s",
                 language=language, title=source.original_title)  # fmt: skip
    else:
        note = ""
    fields = (
        ("TY", "ELEC"),
        ("AU", f"{source.city} ({source.country})"),
        ("TI", source.title),
        ("PB", source.network),
        ("PY", str(source.revised_at.year)),
        ("DA", source.revised_at.strftime("%Y/%m/%d")),
        ("LA", source.language),
        *([("N1", note)] if note else []),
        ("UR", source.address),
        ("ER", ""),
    )
    return "".join(f"{name}  - {text}\r\n" for name, text in fields)


def _tex_language(code: str) -> str:
    return {"id": "indonesian"}.get(code, "english")


def _tex(text: str) -> str:
    return re.sub(r"[\\{}&%$#_~^]", lambda found: _TEX[found.group()], text)
