"""Words, their stems, and the reader of a query."""

from __future__ import annotations

import random
import re
import threading

import pytest

from citynet.index import language
from citynet.index.language import fold, stem, stems, words
from citynet.index.query import MOST_CHARACTERS, MOST_TERMS, read

FAMILIES = [
    "perizinan izin mengizinkan izinnya", "pelayanan layanan melayani",
    "pengaduan mengadukan aduan", "persampahan sampah", "pembangunan membangun bangunan",
    "kependudukan penduduk", "pengelolaan kelola mengelola dikelola",
    "keberlanjutan berkelanjutan lanjutan", "pengolahan mengolah olah diolah",
    "penerbitan menerbitkan terbit", "perencanaan merencanakan rencana",
    "pengurangan mengurangi kurang", "peningkatan meningkatkan tingkat",
    "pemanfaatan memanfaatkan manfaat", "keterbukaan terbuka", "pengawasan mengawasi awas",
    "pemilahan memilah pilah", "pengendalian mengendalikan kendali", "pariwisata wisatawan wisata",
    "permukiman pemukiman", "pelestarian melestarikan lestari", "pemeriksaan memeriksa periksa",
    "permohonan pemohon mohon", "keluhan mengeluh", "penurunan menurunkan turun diturunkan",
    "penerima penerimaan menerima terima diterima", "penanaman menanam tanam tanaman",
    "pencapaian capaian mencapai capai", "penulisan menulis tulis ditulis", "sekolah bersekolah",
    "permasalahan masalah masalahnya", "penempatan menempatkan tempat", "pemuda kepemudaan",
    "pengadaan pengadaannya", "lalulintas lalulintasnya", "pengomposan kompos",
    "penambangan tambang pertambangan", "pendapatan berpendapatan",
]  # fmt: skip


@pytest.mark.parametrize("family", FAMILIES)
def test_indonesian_words_of_one_root_are_one(family: str) -> None:
    """Prefixes and suffixes do not part what a reader takes for one thing."""
    assert len({stem(word, "id") for word in family.split()}) == 1


@pytest.mark.parametrize(
    "family",
    [
        "licence licences license licensing licensed licencing", "city cities city's",
        "wastes waste", "bus buses", "organisation organization organise organizing",
        "modernisation modernize", "centre center centres", "programme program programmes",
        "analysis analyse analyze", "supervise supervision", "neighbourhood neighborhoods",
        "trainer training trained", "aging ageing",
    ],
)  # fmt: skip
def test_english_words_of_one_root_are_one(family: str) -> None:
    """Plurals, possessives and verb forms are one word."""
    assert len({stem(fold(word), "en") for word in family.split()}) == 1


# Words that a stemmer makes one, and that mean different things.
APART = {
    "id": [
        "pemohon pohon", "pengadaan keadaan", "pendapatan terdapat pendapat", "kota kotaku",
        "penghargaan harga", "penerangan keterangan terang", "penyimpangan persimpangan",
        "perbaikan baik", "perangkat mengangkat", "pembakaran kebakaran", "perhubungan hubungan",
        "perumahan rumah", "pekarangan karang", "pegawai gawai", "masalah masa", "ketua tua",
        "penduduk duduk", "penghasilan hasil", "peringatan ingat", "peringkat tingkat",
        "peserta beserta", "pemasaran pasar", "terbarukan baru", "penanganan tangan",
        "perjalanan jalan berjalan", "pengalaman alam", "terapi api", "perguruan guru",
        "pengangguran anggur", "penurunan urun", "terampil tampil", "gerai gerakan",
        "kerajinan rajin", "penyusunan susun", "undangan undang", "ketahanan tahanan",
    ],
    "en": [
        "parking park", "mobile mobility", "accessibility access", "cooperative cooperation",
        "training train", "customers customs", "aging age", "refuse refused",
        "accounting accountability account", "wellness well", "marketing market",
        "authority author", "important import", "informal information", "organic organisation",
        "utility utilize", "transition transit", "animals animated", "integrity integration",
        "careful care", "container contain", "experiment experience", "publication public",
        "universal university", "initiative initial",
    ],
}  # fmt: skip


@pytest.mark.parametrize(
    ("language", "words_apart"), [(one, each) for one, every in APART.items() for each in every]
)
def test_words_of_other_meanings_stay_apart(language: str, words_apart: str) -> None:
    """A search for parking finds no parks."""
    apart = words_apart.split()
    assert len({stem(word, language) for word in apart}) == len(apart)


@pytest.mark.parametrize("own", language.LANGUAGES)
def test_exceptions_name_each_word_once_and_are_needed(own: str) -> None:
    """A stemmer left alone would part the family, or make it one with others."""
    written = re.findall(r"[a-z]+", language._FAMILIES[own])
    families = language._ALONE[own]
    assert len(written) == len(families)
    for head in set(families.values()):
        kin = [word for word, one in families.items() if one == head]
        assert {stem(word, own) for word in kin} == {head}
        plain = {language._stemmers[own].stemWord(word) for word in kin}
        assert {language._MENDED[own].get(one, one) for one in plain} != {head}, head


@pytest.mark.parametrize(
    "spellings",
    [
        ["Wi-Fi", "wifi", "wi fi", "WI‑FI", "Wi–Fi"],
        ["e-government", "egovernment", "e government", "E-Government"],
        ["kota-kota", "kota", "Kota‑Kota"],
        ["Lalu lintas", "lalulintas", "lalu-lintas"],
        ["café", "cafe", "CAFÉ", "cafe\u0301"],
        ["Jum'at", "Jumat", "Jum’at"],
    ],
)
def test_spellings_of_one_word_are_one(spellings: list[str]) -> None:
    """Case, accents, apostrophes and the joints of compounds do not matter."""
    assert {tuple(word.text for word in words(one)) for one in spellings} == {
        (next(words(spellings[1])).text,)
    }


def test_compound_is_found_by_what_it_means() -> None:
    """A search for retribusi finds e-retribusi too."""
    word = next(words("e-retribusi"))
    assert stems(word, "id") == {stem("eretribusi", "id"), stem("retribusi", "id")}


@pytest.mark.parametrize("compound", ["e-learning", "e-office", "e-planning", "E-Government"])
def test_compound_of_a_word_that_is_everywhere_stays_whole(compound: str) -> None:
    """A search for an office is not one for electronic letters."""
    assert len(stems(next(words(compound)), "en")) == 1


def test_words_tell_where_they_stand() -> None:
    """A snippet marks the text as it was written."""
    text = "Gratis: Wi-Fi di kota-kota (2019)."
    assert [text[word.start : word.end] for word in words(text)] == [
        "Gratis", "Wi-Fi", "di", "kota-kota", "2019",
    ]  # fmt: skip


def test_abbreviations_and_ordinary_hyphens_stay_two_words() -> None:
    """Only the e of electronic is joined, and only what is said twice is said once."""
    assert [word.text for word in words("smart-city i.e. satu-dua")] == [
        "smart", "city", "i", "e", "satu", "dua",
    ]  # fmt: skip


def test_fillers_have_no_stem() -> None:
    """Each language has its own; an unknown language is read as English."""
    assert stem("yang", "id") == ""
    assert stem("siapakah", "id") == ""
    assert stem("yang", "en") == "yang"
    assert stem("the", "fr") == ""


def test_long_words_are_cut() -> None:
    """A line of base64 does not become a word of its own length."""
    assert len(next(words("a" * 5000)).text) == language.LONGEST


def test_threads_stem_alike() -> None:
    """Stemmers keep state, so that threads take turns."""
    stem.cache_clear()
    texts = [f"pembangunan{n}" for n in range(300)]
    found: list[list[str]] = []
    threads = [
        threading.Thread(target=lambda: found.append([stem(text, "id") for text in texts]))
        for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 4
    assert all(one == found[0] for one in found)


def test_query_offers_words_phrases_beginnings_and_exclusions() -> None:
    """Nothing else is an operator."""
    query = read('izin "smart city" -sampah peri* wi-fi')
    assert [term.word.text for term in query.terms] == ["izin", "wifi"]
    assert query.phrases == (frozenset({("smart", "citi"), ("smart", "city")}),)
    assert query.without == (frozenset({"sampah"}),)
    assert query.prefixes == ("peri",)


def test_query_word_is_read_in_both_languages() -> None:
    """Whoever searches need not know what language a practice is written in."""
    assert read("perizinan").terms[0].stems == {"izin", "perizinan"}


def test_query_without_usable_words_is_not_a_blank_one() -> None:
    """Nothing typed lists all; fillers and signs alone find nothing."""
    assert read("  \n").is_blank
    for text in ("the dan", "?!", '""', "-", "-the"):
        assert not read(text).is_blank
        assert not read(text).has_terms


def test_phrase_that_does_not_end_is_words() -> None:
    """A quotation mark forgotten loses nothing."""
    assert [term.word.text for term in read('"kualitas hidup').terms] == ["kualitas", "hidup"]


def test_same_words_count_once() -> None:
    """Repeating a word does not make it more."""
    assert len(read("izin perizinan izin Izin").terms) == 2


def test_query_is_bounded() -> None:
    """At most 200 characters and ten terms, however they are spread."""
    assert len(read("x" * 10_000).text) == MOST_CHARACTERS
    dice = random.Random(1)
    for _ in range(200):
        words_typed = [f"w{dice.randint(0, 999)}" for _ in range(60)]
        signs = [dice.choice(["", "-", '"', "*"]) for _ in words_typed]
        text = " ".join(
            word + sign if sign == "*" else sign + word
            for word, sign in zip(words_typed, signs, strict=True)
        )
        query = read(text)
        longest = sum(max(map(len, ways)) for ways in query.phrases)
        total = len(query.terms) + len(query.prefixes) + len(query.without) + longest
        assert total <= MOST_TERMS


def test_beginning_needs_three_letters_and_has_no_wildcard_before_it() -> None:
    """`*x` and `a*b` are no beginnings, nor is what hangs on a hyphen."""
    assert not read("*izin").prefixes
    assert not read("pe*").prefixes
    assert not read("per*zinan").prefixes
    assert not read("x-per*").prefixes
