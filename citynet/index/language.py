"""Words of Indonesian and English as the index knows them.

Owns where a word begins and ends, which spellings are one word (Wi-Fi, wifi; e-government,
egovernment; kota-kota, kota), which words carry no meaning, and the stem of the rest.
"""

from __future__ import annotations

import re
import threading
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

import Stemmer

LANGUAGES = ("id", "en")
LONGEST = 64

_LETTER = r"[^\W_\u0300-\u036f]"
_JOINT = r"[ \u00a0\-\u2010\u2011\u2013]"
_WORD = re.compile(
    rf"""(?<!{_LETTER})(?:
        wi{_JOINT}fi(?!{_LETTER})                             # Wi-Fi, wi fi
      | e{_JOINT}(?P<part>[^\W\d_]{{3,}})                     # e-government, e government
      | (?P<twice>[^\W\d_]{{2,}})[-\u2010\u2011](?P=twice)(?!{_LETTER})  # kota-kota
    ) | (?:{_LETTER}[\u0300-\u036f]*)+(?:['’](?:{_LETTER}[\u0300-\u036f]*)+)*""",
    re.IGNORECASE | re.VERBOSE,
)
_APOSTROPHE = re.compile("['’](s$)?")


def _listed(text: str) -> frozenset[str]:
    return frozenset(text.split())


_STOPS = {
    "id": _listed(
        """ada adalah agar akan antara apa apakah atas atau bagaimana bagi bahwa beberapa belum bisa
        dalam dan dapat dari dengan di dia hanya harus hingga ia ini itu jika juga kami karena kata
        ke kepada ketika kita lagi lalu lebih maka mana masih mereka namun oleh pada para pun saat
        saja saling sampai sangat saya sebagai sebuah secara sedang sehingga sejak seluruh semua
        seperti serta setelah setiap suatu sudah supaya tanpa telah tentang terhadap tersebut
        tetapi tiap tidak untuk yaitu yang"""
    ),
    "en": _listed(
        """a about after all also an and any are as at be because been before being between but by
        can could did do does for from had has have how i if in into is it its may more most no not
        of on or our out over should so some such than that the their them then there these they
        this those through to under until up was we were what when where which while who why will
        with would you your"""
    ),
}

# Stems that snowball cuts wrongly (a prefix swallowed or kept), and the root each belongs to.
_MENDED = {
    "angan": "tangan", "ata": "tata", "awasi": "awas", "awat": "rawat", "dio": "olah",
    "elola": "kelola", "embang": "kembang", "encana": "rencana", "endali": "kendali",
    "erang": "terang", "erap": "terap", "erbit": "terbit", "ertib": "tertib", "iksa": "periksa",
    "ingkat": "tingkat", "irim": "kirim", "kelanjut": "lanjut", "lestar": "lestari",
    "lola": "kelola", "memi": "pilah", "mengo": "olah", "ndali": "kendali", "nduduk": "duduk",
    "nganggur": "anggur", "panfaat": "manfaat", "pariwisata": "wisata", "percepat": "cepat",
    "persampah": "sampah", "pukim": "mukim", "terbuka": "buka", "umah": "rumah",
    "umpul": "kumpul", "urang": "kurang", "wisataw": "wisata",
}  # fmt: skip

# A stemmer keeps state between calls, so that two threads must not share one at the same time.
_stemmers = {"id": Stemmer.Stemmer("indonesian", 0), "en": Stemmer.Stemmer("english", 0)}
_turn = threading.Lock()


class Word(NamedTuple):
    """A word where it stands in a text; `part` is the meaning of a compound: e-licensing."""

    start: int
    end: int
    text: str
    part: str = ""


def words(text: str) -> Iterator[Word]:
    """Yield the words of a text, folded and unified."""
    for match in _WORD.finditer(text):
        found = match["twice"] or match.group()
        part = match["part"]
        if part or match.group()[2:3] in {" ", "\u00a0", "-", "\u2010", "\u2011", "\u2013"}:
            found = re.sub(_JOINT, "", found)
        yield Word(match.start(), match.end(), fold(found), fold(part) if part else "")


@lru_cache(maxsize=200_000)
def fold(word: str) -> str:
    """Return a word without case, accents and apostrophes."""
    if not word.isascii():
        word = "".join(
            c for c in unicodedata.normalize("NFKD", word) if not unicodedata.combining(c)
        )
    return _APOSTROPHE.sub("", word.casefold())[:LONGEST]


@lru_cache(maxsize=200_000)
def stem(word: str, language: str) -> str:
    """Return the stem of a folded word; nothing for a word that carries no meaning."""
    own = language if language in LANGUAGES else "en"
    if word in _STOPS[own]:
        return ""
    with _turn:
        found = str(_stemmers[own].stemWord(word))
    return _MENDED.get(found, found) if own == "id" else found


def stems(word: Word, *languages: str) -> frozenset[str]:
    """Return the stems of a word, and of a compound's part, in these languages."""
    texts = (word.text, word.part) if word.part else (word.text,)
    return frozenset(found for text in texts for one in languages if (found := stem(text, one)))


def is_stop(word: str) -> bool:
    """Tell whether a folded word carries no meaning in one of the languages."""
    return any(word in stops for stops in _STOPS.values())
