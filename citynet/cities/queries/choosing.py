"""Finding a city of the table while its name is typed.

Names are compared as addresses are written, so that accents and case do not matter; the last words
may name a country, in English or Indonesian, or a province. A scan of the table took 30 to 120 ms,
too long beside typing: so each process keeps the names in one text, the largest city first, and
reads them anew when a city is added, and every ten minutes.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache

from babel import Locale
from flask import current_app
from slugify import slugify
from sqlalchemy import case, func, select

from citynet.cities.models import City, Kind, Membership, Standing
from citynet.cities.queries.cities import KINDS
from citynet.kit import clock, db
from citynet.kit.i18n import LANGUAGES

Found = tuple[City, Standing | None]
# In English the kind stands behind the name, or before it with an “of”; a city may be any.
ENGLISH = {"regency": [Kind.KABUPATEN.value], "city": []}
PREFIXES = ("", f"{Kind.KOTA}-", f"{Kind.KABUPATEN}-")
SHORTEST, LONGEST, MOST_WORDS = 2, 80, 8
SHORTEST_KIND = 3
GOOD_FOR = timedelta(minutes=10)


@dataclass(frozen=True)
class Names:
    """The names of every city, a line each in `text`; the lists hold the rest by line."""

    last_id: int
    read_at: datetime
    text: str
    starts: Sequence[int]
    ids: Sequence[int]
    kinds: Sequence[str]
    # The lines of each country, by its code, and of each province, by its name.
    by_country: Mapping[str, Sequence[int]]
    by_province: Mapping[str, Sequence[int]]

    def lines_with(self, part: str) -> Iterator[int]:
        """Yield the number of each line that holds a text, in order."""
        at = self.text.find(part)
        while at >= 0:
            line = bisect_right(self.starts, at) - 1
            yield line
            at = self.text.find(part, self.text.index("\n", at + 1))


def cities_to_choose(text: str, *, limit: int = 10) -> list[Found]:
    """Return the cities a text may mean, nearest and largest first, with their standing."""
    words = slugify(text[:LONGEST]).split("-")[:MOST_WORDS]
    if sum(map(len, words)) < SHORTEST:
        return []
    names = _names()
    lines: dict[int, None] = {}
    for reading in _readings(names, words):
        for line in reading:
            lines.setdefault(line)
            if len(lines) == limit:
                return _cities([names.ids[line] for line in lines])
    return _cities([names.ids[line] for line in lines])


def largest_near(country: str, province: str | None) -> City | None:
    """Return the largest city of the province, else of the country: where a map may begin."""
    is_near = case((City.province == (province or ""), 1), else_=0)
    wanted = (
        select(City)
        .where(City.country == country)
        .order_by(is_near.desc(), City.population.desc().nulls_last(), City.id)
        .limit(1)
    )
    return db.session().scalar(wanted)


def _readings(names: Names, words: Sequence[str]) -> Iterator[Iterator[int]]:
    """Yield the lines that may be meant: by all words as a name, then by fewer and a place."""
    yield _named(names, words)
    for cut in range(len(words) - 1, -1, -1):
        there = _lines_at(names, "-".join(words[cut:]))
        if there and cut:
            yield filter(set(there).__contains__, _named(names, words[:cut]))
        elif there:
            yield iter(there)


def _lines_at(names: Names, place: str) -> list[int]:
    """Return the lines of the countries and provinces whose name begins so."""
    if len(place) < SHORTEST:
        return []
    codes = {code for code, name in _countries() if name.startswith(place)}
    found = [names.by_country.get(code, ()) for code in codes]
    found += [lines for name, lines in names.by_province.items() if name.startswith(place)]
    return sorted({line for lines in found for line in lines})


def _named(names: Names, words: Sequence[str]) -> Iterator[int]:
    """Yield lines of a name as it is typed, then with its kind as Indonesia writes it."""
    yield from _called(names, words)
    if len(words) > 2 and words[0] in ENGLISH and words[1] == "of":
        yield from _called(names, [*ENGLISH[words[0]], *words[2:]])
    elif len(words) > 1 and len(words[-1]) >= SHORTEST_KIND:
        # It may be typed in part yet.
        for word, kind in ENGLISH.items():
            if word.startswith(words[-1]):
                yield from _called(names, [*kind, *words[:-1]])


def _called(names: Names, words: Sequence[str]) -> Iterator[int]:
    """Yield lines of a name: the same first, then those that begin with it, then the rest."""
    kind = KINDS.get(words[0]) if len(words) > 1 else None
    name = "-".join(words[1:] if kind else words)
    same = [f"\n{prefix}{name}\n" for prefix in PREFIXES]
    begun = [f"\n{prefix}{name}" for prefix in PREFIXES]
    for parts in (same, begun, [name]):
        for line in sorted({line for part in parts for line in names.lines_with(part)}):
            if kind in (None, names.kinds[line]):
                yield line


def _names() -> Names:
    """Return the names, read anew where a city was added or they are old."""
    known: Names | None = current_app.extensions.get("city_names")
    last_id = db.session().scalar(select(func.max(City.id))) or 0
    if known is None or known.last_id != last_id or known.read_at < clock.now() - GOOD_FOR:
        known = current_app.extensions["city_names"] = _read_names(last_id)
    return known


def _read_names(last_id: int) -> Names:
    wanted = select(City.id, City.name, City.kind, City.country, City.province).order_by(
        func.coalesce(City.population, 0).desc(), City.id
    )
    rows = db.session().execute(wanted).all()
    lines, starts, at = [], [], 0
    by_country: dict[str, list[int]] = {}
    by_province: dict[str, list[int]] = {}
    for number, row in enumerate(rows):
        lines.append(_plain(row.name if row.kind == Kind.CITY else f"{row.kind}-{row.name}"))
        starts.append(at)
        at += len(lines[-1]) + 1
        by_country.setdefault(row.country, []).append(number)
        if row.province:
            by_province.setdefault(_plain(row.province), []).append(number)
    return Names(
        last_id, clock.now(), "\n" + "\n".join(lines) + "\n", starts, [row.id for row in rows],
        [row.kind for row in rows], by_country, by_province,
    )  # fmt: skip


def _plain(name: str) -> str:
    """Return a name as an address has it; the most are quicker without the library."""
    plain = name.lower().replace(" ", "-")
    return (
        plain
        if plain.replace("-", "").isascii() and plain.replace("-", "").isalnum()
        else (slugify(name))
    )


def _cities(ids: Sequence[int]) -> list[Found]:
    wanted = (
        select(City, Membership.standing)
        .outerjoin(Membership, Membership.city_id == City.id)
        .where(City.id.in_(ids))
    )
    found = {
        city.id: (city, Standing(standing) if standing else None)
        for city, standing in db.session().execute(wanted).all()
    }
    return [found[one] for one in ids if one in found]


@lru_cache(maxsize=1)
def _countries() -> list[tuple[str, str]]:
    """Return code and name of each country, in both languages, written as addresses are."""
    return [
        (code, slugify(name))
        for language in LANGUAGES
        for code, name in Locale(language).territories.items()
        if len(code) == 2 and code.isalpha()
    ]
