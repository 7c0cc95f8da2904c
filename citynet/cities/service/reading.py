"""Cells of a list of members as people write them, in both languages of the network."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import TypeVar

from babel import Locale

from citynet.accounts.queries import normal_email
from citynet.accounts.service.people import problem_of_email
from citynet.cities import terms
from citynet.cities.models import Category, Standing
from citynet.kit.errors import Invalid
from citynet.kit.i18n import LANGUAGES, _

Word = TypeVar("Word", Standing, Category)
# Each column with the heads it is known by.
HEADS: dict[str, tuple[str, ...]] = {
    "city": ("city", "code", "slug", "kota", "kota/kabupaten", "kode", "name", "nama"),
    "country": ("country", "negara"),
    "standing": ("standing", "status", "keanggotaan"),
    "category": ("category", "kategori"),
    "from": ("from", "since", "sejak", "dari", "mulai"),
    "until": ("until", "sampai", "hingga", "berlaku sampai"),
    "chapter": ("chapter", "cabang"),
    "lead": ("lead", "lead's email", "email", "penanggung jawab", "surel"),
    "lead name": ("lead name", "nama penanggung jawab"),
}
STANDINGS = {
    Standing.APPLIED: ("applied", "applicant", "mendaftar", "pemohon"),
    Standing.ACTIVE: ("active", "member", "active member", "aktif", "anggota", "anggota aktif"),
    Standing.LAPSED: ("lapsed", "kedaluwarsa", "kadaluarsa", "berakhir masa"),
    Standing.SUSPENDED: ("suspended", "ditangguhkan", "dibekukan"),
    Standing.ENDED: ("ended", "membership ended", "berakhir", "keluar"),
}
CATEGORIES = {
    Category.FULL: ("full", "full member", "penuh", "anggota penuh", "biasa", "anggota biasa"),
    Category.ASSOCIATE: ("associate", "associate member", "luar biasa", "anggota luar biasa",
                         "madya", "anggota madya"),
}  # fmt: skip
NO_END = frozenset({"-", "–", "none", "no end", "without end", "tanpa batas", "tidak ada"})
# ISO 8601, also with a clock behind it, as spreadsheets write days; else the day first.
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ]00:00(?::00(?:\.0+)?)?)?")
_DAY_FIRST = re.compile(r"(\d{1,2})[./-](\d{1,2})[./-](\d{4})")


@dataclass(frozen=True)
class Wanted:
    """What a line asks for; None is what it does not speak of."""

    # Any of what names the city: its code, address here, or name; the first that is written.
    named: tuple[str, ...]
    country: str | None
    standing: Standing | None
    category: Category | None
    from_day: date | None
    # `terms.WITHOUT_END` where the line says that there is no end.
    until: date | None
    chapter: str
    lead: str
    lead_name: str


def read_cells(cells: Mapping[str, str]) -> Wanted:
    """Read one line.

    Raises:
        Invalid: with a sentence for each column that cannot be read.
    """
    by_head = {" ".join(head.lower().split()): text.strip() for head, text in cells.items()}
    read = {
        name: next((by_head[head] for head in heads if by_head.get(head)), "")
        for name, heads in HEADS.items()
    }
    named = tuple(by_head[head] for head in HEADS["city"] if by_head.get(head))
    problems: dict[str, str] = {}

    def taken(name: str, found: object, sentence: str) -> None:
        if read[name] and found is None:
            problems[name] = sentence

    standing, category = _word(read["standing"], STANDINGS), _word(read["category"], CATEGORIES)
    first, last = read_day(read["from"]), read_day(read["until"])
    country, lead = read_country(read["country"]), normal_email(read["lead"])
    if read["until"].lower() in NO_END:
        last = terms.WITHOUT_END
    if not named:
        problems["city"] = _("The line names no city.")
    taken("standing", standing, _("“%(word)s” is no standing.", word=read["standing"][:40]))
    taken("category", category, _("“%(word)s” is no category.", word=read["category"][:40]))
    taken("from", first, _("“%(word)s” is no day.", word=read["from"][:40]))
    taken("until", last, _("“%(word)s” is no day.", word=read["until"][:40]))
    taken("country", country, _("“%(word)s” is no country.", word=read["country"][:40]))
    if lead and (sentence := problem_of_email(lead)):
        problems["lead"] = sentence
    if problems:
        raise Invalid(problems)
    return Wanted(
        named, country, standing, category, first, last, read["chapter"], lead, read["lead name"]
    )


def read_day(text: str) -> date | None:
    """Read a day: 2027-12-31, 31/12/2027, 31.12.2027 or 31-12-2027."""
    if found := _ISO.fullmatch(text):
        year, month, day = found.groups()
    elif found := _DAY_FIRST.fullmatch(text):
        day, month, year = found.groups()
    else:
        return None
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None


def read_country(text: str) -> str | None:
    """Read a country: its ISO 3166-1 alpha-2 code, or its name in a language spoken here."""
    return _countries().get(" ".join(text.lower().split())) if text else None


@cache
def _countries() -> Mapping[str, str]:
    known: dict[str, str] = {}
    for language in LANGUAGES:
        for code, name in Locale(language).territories.items():
            if len(code) == 2:
                known[name.lower()] = known[code.lower()] = code
    return known


def _word(text: str, words: Mapping[Word, tuple[str, ...]]) -> Word | None:
    wanted = " ".join(text.lower().split())
    return next((one for one, known in words.items() if wanted in known), None)
