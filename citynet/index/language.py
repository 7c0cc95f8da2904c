"""Words of Indonesian and English as the index knows them.

Owns where a word begins and ends, which spellings are one word (Wi-Fi, wifi; e-government,
egovernment; kota-kota, kota), which words carry no meaning, and the stem of the rest.
"""

from __future__ import annotations

import re
import threading
import unicodedata
import zlib
from collections.abc import Iterator
from functools import lru_cache
from itertools import product
from typing import NamedTuple

import Stemmer

LANGUAGES = ("id", "en")
LONGEST = 64

_LETTER = r"[^\W_]"
_LETTERS = rf"{_LETTER}+(?:[\u0300-\u036f]+{_LETTER}*)*"
_JOINT = r"[ \u00a0\-\u2010\u2011\u2013]"
_WORD = re.compile(
    rf"""(?<!{_LETTER})(?:
        (?P<two>(?:wi{_JOINT}fi|lalu{_JOINT}lintas)(?!{_LETTER}))  # Wi-Fi, wi fi; lalulintas
      | e{_JOINT}(?P<part>[^\W\d_]{{3,}})                     # e-government, e government
      | (?P<twice>[^\W\d_]{{2,}})[-\u2010\u2011](?P=twice)(?!{_LETTER})  # kota-kota
    ) | {_LETTERS}(?:['’]{_LETTERS})*""",
    re.IGNORECASE | re.VERBOSE,
)
# The same for texts in which no word is made of several: where none of these stands.
_PLAIN = re.compile(rf"{_LETTERS}(?:['’]{_LETTERS})*")
_HYPHENS = re.compile("[-\u2010\u2011\u2013]")
_FIRST_PARTS = frozenset(
    "".join(letters)
    for part in ("e", "wi", "lalu")
    # The spellings of an i that a pattern takes for one.
    for letters in product(*("iIıİ" if c == "i" else (c, c.upper()) for c in part))
)
_APOSTROPHE = re.compile("['’](s$)?")


def _listed(text: str) -> frozenset[str]:
    return frozenset(text.split())


_STOPS = {
    "id": _listed(
        """ada adalah adanya agar akan antara apa apakah atas atau bagaimana bagaimanakah bagi bahwa
        beberapa belum berapa berapakah bila bisa dalam dan dapat dari dengan di dia dimana
        dimanakah hanya harus hingga ia ialah ini itu jika juga kami kapan kapankah karena
        kata ke kenapa kepada ketika kita lagi lalu lebih maka mana manakah masih maupun
        mengapa mereka merupakan namun oleh pada para pernah pula pun saat saja saling
        sampai sangat saya sebagai sebuah secara sedang sehingga sejak seluruh semua
        seperti serta setelah setiap siapa siapakah suatu sudah supaya tanpa telah tentang
        terhadap tersebut tetapi tiap tidak untuk yaitu yakni yang"""
    ),
    "en": _listed(
        """a about after all also an and any are as at be because been before being between but by
        can could did do does for from had has have how i if in into is it its may more most no not
        of on or our out over should so some such than that the their them then there these they
        this those through to under until up was we were what when where which while who why will
        with would you your"""
    ),
}

# Words of questions rather than of practices ("how do small cities handle…"): they count for less.
_WEAK = _listed(
    """baik berhasil besar buat cara kecil membuat mengatasi menangani
    better big deal dealt deals get good handle handled handles handling help helps large make
    makes manage manages small solve solved solves tackle tackles way ways"""
)

# Words that a stemmer makes one with others of another meaning (parking and parks, pengadaan and
# keadaan), or does not make one with their own kind; the first of each line is the stem of all.
_FAMILIES = {
    "id": """
        berjalan: menjalani menjalankan dijalankan pejalan / gerai
        gerak: gerakan / kawal: mengawal pengawal pengawalan dikawal / kebakaran: terbakar
        kerajinan: perajin pengrajin / ketahanan / keterangan: menerangkan diterangkan / ketua
        kotaku / masalah: permasalahan bermasalah / mengatakan / mohon: pemohon memohon dimohon
        muda: pemuda / pegawai: kepegawaian / pekarangan / pemasaran: memasarkan dipasarkan
        penanganan: menangani ditangani tertangani / pendapat: berpendapat
        pendapatan: berpendapatan / penduduk: kependudukan / penerangan: menerangi diterangi
        pengadaan / pengalaman: mengalami dialami berpengalaman
        pengangguran: menganggur penganggur
        penghargaan: menghargai dihargai / penghasilan: berpenghasilan
        penyimpangan: menyimpang / penyusunan: menyusun disusun tersusun / perangkat
        perbaikan: memperbaiki diperbaiki / perdana / perguruan / perhubungan / perjalanan
        peringatan / peringkat: pemeringkatan / perumahan / peserta: kepesertaan
        tambang: menambang penambangan / tempat: menempati menempatkan penempatan
        terampil: keterampilan / terapi / terbarukan / tumbuhan
        undangan: mengundang diundang / urun
    """,
    "en": """
        accessible: accessibility / accounting: accountant accountants accountancy
        accountable: accountability / ageing: aging / animal: animals
        authority: authorities / bus: buses / careful: carefully / container: containers
        conversation: conversations conversational / cooperative: cooperatives
        customer: customers / experiment: experiments experimental experimenting experimented
        important: importance importantly / informal: informally informality
        initiative: initiatives / integrity / marketing / mobile: mobiles / mobility
        parking: parked / publication: publications / refuse
        training: trained trainer trainers trainee trainees trainings
        transition: transitions transitional transitioning
        utility: utilities / wellness
    """,
}  # fmt: skip

# Stems that snowball cuts wrongly (a prefix swallowed or kept), and the root each belongs to; in
# English the spellings of two countries.
_MENDED = {
    "id": {
        "ampil": "tampil", "anam": "tanam", "angan": "tangan",
        "anggung": "tanggung", "ata": "tata", "awasi": "awas", "awat": "rawat", "capa": "capai",
        "dio": "olah", "elola": "kelola", "eluh": "keluh", "embang": "kembang", "emu": "temu",
        "encana": "rencana", "endali": "kendali", "erang": "terang", "erap": "terap",
        "erbit": "terbit", "erima": "terima", "ering": "kering", "ertib": "tertib",
        "iksa": "periksa", "ima": "terima", "industr": "industri", "ingkat": "tingkat",
        "irim": "kirim", "kelanjut": "lanjut", "lestar": "lestari", "lola": "kelola",
        "luhan": "keluh", "masu": "masuk", "memi": "pilah", "mengo": "olah", "ndali": "kendali",
        "nduduk": "penduduk", "ompos": "kompos", "pain": "main", "paka": "pakai",
        "pakam": "makam", "panfaat": "manfaat", "pariwisata": "wisata", "paso": "pasok",
        "pasuk": "masuk", "penang": "menang", "percepat": "cepat", "persampah": "sampah",
        "pilik": "milik", "pukim": "mukim", "seko": "sekolah", "terbuka": "buka",
        "terlibat": "libat", "uasa": "kuasa", "ulis": "tulis", "umah": "rumah",
        "umpul": "kumpul", "unjuk": "tunjuk", "urang": "kurang", "urun": "turun",
        "utup": "tutup", "wisataw": "wisata",
    },
    "en": {
        "analysi": "analys", "behaviour": "behavior", "catalogu": "catalog", "center": "centr",
        "colour": "color", "favour": "favor", "harbour": "harbor", "honour": "honor",
        "labour": "labor", "licenc": "licens", "neighbour": "neighbor",
        "neighbourhood": "neighborhood", "practis": "practic", "programm": "program",
    },
}  # fmt: skip
# organisation, organise: as American spelling has them, which is what the stemmer knows. What
# begins as the first group does is never spelled with a z (supervise, exercise).
_BRITISH = re.compile(
    """^(?!adv|compr|dev|enterpr|exerc|expert|franch|improv|merchand|otherw|parad|prec|prem|prom|rev
          |superv|surpr|telev) (.{3,}) is (?=(?:e|ed|es|er|ers|ing|ation|ations)$)""",
    re.VERBOSE,
)
# Endings that belong to the word before them.
_CLITICS = ("nya", "lah", "kah", "pun")
# What an e- before it does not make a thing of its own: texts on everything have these.
_COMMON_PARTS = _listed(
    "gov government governance layanan learning mail office planning service services"
)


def _by_word(families: str) -> dict[str, str]:
    """Return the stem of each word of families as they are written above."""
    found = {}
    for family in re.split(r"/|\n", families):
        head, _colon, rest = family.partition(":")
        for word in (head.strip(), *rest.split()):
            if word:
                found[word] = head.strip()
    return found


_ALONE = {language: _by_word(families) for language, families in _FAMILIES.items()}

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
        _start, _end, folded, part = read(match.group())
        yield Word(match.start(), match.end(), folded, part)


def spellings(text: str) -> list[str]:
    """Return the words of a text as they are spelt, several where they are one."""
    found = _PLAIN.findall(text)
    if _HYPHENS.search(text) or not _FIRST_PARTS.isdisjoint(found):
        return [match.group() for match in _WORD.finditer(text)]
    return found


@lru_cache(maxsize=20_000)
def read(spelling: str) -> Word:
    """Return a word as it is spelt, which starts at 0."""
    match = _WORD.match(spelling)
    if match is None:
        return Word(0, 0, "")
    found = match["twice"] or spelling
    part = fold(match["part"] or "")
    if part or match["two"]:
        found = re.sub(_JOINT, "", found)
    return Word(0, len(spelling), fold(found), "" if part in _COMMON_PARTS else part)


@lru_cache(maxsize=20_000)
def fold(word: str) -> str:
    """Return a word without case, accents and apostrophes."""
    if not word.isascii():
        word = "".join(
            c for c in unicodedata.normalize("NFKD", word) if not unicodedata.combining(c)
        )
    return _APOSTROPHE.sub("", word.casefold())[:LONGEST]


@lru_cache(maxsize=50_000)
def stem(word: str, language: str) -> str:
    """Return the stem of a folded word; nothing for a word that carries no meaning."""
    own = language if language in LANGUAGES else "en"
    if word in _STOPS[own]:
        return ""
    bare = word[:-3] if len(word) > 5 and word.endswith(_CLITICS) else word
    if alone := _ALONE[own].get(word) or _ALONE[own].get(bare):
        return alone
    if own == "en" and "is" in word:
        word = _BRITISH.sub(r"\1iz", word)
    with _turn:
        found = str(_stemmers[own].stemWord(word))
    if own == "en" and found.endswith(("iz", "yz")):
        found = found[:-1] + "s"
    return _MENDED[own].get(found, found)


def stems(word: Word, *languages: str) -> frozenset[str]:
    """Return the stems of a word, and of a compound's part, in these languages."""
    texts = (word.text, word.part) if word.part else (word.text,)
    return frozenset(found for text in texts for one in languages if (found := stem(text, one)))


def is_stop(word: str) -> bool:
    """Tell whether a folded word carries no meaning in one of the languages."""
    return any(word in stops for stops in _STOPS.values())


@lru_cache(maxsize=20_000)
def place(stem: str) -> int:
    """Return the number that stands for a stem in a document's sequence, never 0."""
    return zlib.crc32(stem.encode()) or 1


def is_weak(word: str) -> bool:
    """Tell whether a folded word says little of what is sought."""
    return word in _WEAK
