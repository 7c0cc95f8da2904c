"""What is found, counted, ordered and shown, and that hidden documents leave no trace in it."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from math import log1p
from pathlib import Path

import pytest

from citynet.index import ranking, reading
from citynet.index.document import Document, Wording
from citynet.index.engine import Found
from citynet.index.language import LANGUAGES, stem, words
from citynet.index.snippets import LENGTH
from citynet.index.whoosh import WhooshEngine
from tests.index.documents import (
    MEMBERS,
    WORDS,
    at_random,
    document,
    drop,
    filled,
    keys,
    put,
    request,
)

SEEDS = range(3)
TEXTS = ["", "izin", "sampah kota", "market waste permit", "pasar pasar", "-kota", "taman -air",
         '"city market"', "sam*", "flood unknownword", "wifi"]  # fmt: skip
FILTERS: list[Mapping[str, tuple[str, ...]]] = [
    {}, {"topic": ("waste",)}, {"topic": ("waste", "wifi"), "country": ("ID", "TH")},
    {"year": ("2016",), "language": ("id",), "topic": ("licensing", "water")},
    {"country": ("nowhere",)}, {"colour": ("red",)},
]  # fmt: skip


@pytest.fixture(scope="module", params=SEEDS)
def random_network(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> tuple[list[Document], WhooshEngine]:
    """Return documents and an index that was built, changed and cut down to hold them."""
    documents = at_random(150, request.param)
    older = [document(one.key, "kota izin older", facets={"topic": ("old",)}) for one in documents]
    engine = filled(tmp_path_factory.mktemp("index") / "index", older[:100])
    for start in range(0, 150, 40):
        put(engine, documents[start : start + 40])
    drop(engine, [one.key for one in documents[140:]])
    return documents[:140], engine


def stems_of(one: Document) -> set[str]:
    """Return the stems of a document, the plain way."""
    own = {
        stem(word.text, told.language)
        for told in one.wordings
        for word in words(f"{told.title} {told.summary} {told.body}")
    }
    return own | {stem(word.text, way) for word in words(one.keywords) for way in LANGUAGES}


def places(one: Wording) -> list[str]:
    """Return each text of a wording as its stems between bars."""
    return [
        f"|{'|'.join(stem(word.text, one.language) for word in words(text))}|"
        for text in (one.title, one.summary, one.body)
    ]


def matching(documents: list[Document], text: str) -> set[str]:
    """Return the keys that a text should find among documents, all of which may be seen."""
    texts = text.split()
    if not texts:
        return {one.key for one in documents}
    if text.startswith('"'):
        return {
            one.key
            for one in documents
            if any(
                f"|{'|'.join(stem(word.text, told.language) for word in words(text))}|" in line
                for told in one.wordings
                for line in places(told)
            )
        }
    asked = {word for word in texts if not word.startswith("-")}
    unwanted = [word[1:] for word in texts if word.startswith("-")]
    left = {one.key for one in documents if not any(holds(one, word) for word in unwanted)}
    if not asked:
        return left
    weights: Counter[str] = Counter()
    for word in asked:
        having = [one.key for one in documents if holds(one, word)]
        rarity = log1p((len(documents) - len(having) + 0.5) / (len(having) + 0.5))
        weights.update(dict.fromkeys(left.intersection(having), rarity) if having else {})
    assert len(asked) < ranking.MANY
    most = max(weights.values(), default=0)
    return {key for key, weight in weights.items() if weight >= ranking.NEEDED * most - 1e-6}


def holds(one: Document, word: str) -> bool:
    """Tell whether a document has a word, or one that begins so."""
    if not word.endswith("*"):
        return not stems_of(one).isdisjoint(stem(word, way) for way in LANGUAGES)
    told = " ".join(f"{way.title} {way.summary} {way.body}" for way in one.wordings)
    return any(w.text.startswith(word[:-1]) for w in words(f"{told} {one.keywords}"))


@pytest.mark.parametrize("filters", FILTERS, ids=str)
@pytest.mark.parametrize("audience", ["public", "members"])
@pytest.mark.parametrize("text", TEXTS)
def test_total_and_facets_are_what_counting_by_hand_gives(
    random_network: tuple[list[Document], WhooshEngine],
    text: str,
    audience: str,
    filters: Mapping[str, tuple[str, ...]],
) -> None:
    """A count tells what choosing the value would give: the facet's own filter set aside."""
    documents, engine = random_network
    seen = [one for one in documents if audience in one.audiences]
    wanted = matching(seen, text)

    def passing(but: str) -> list[Document]:
        return [
            one
            for one in seen
            if one.key in wanted
            and all(
                set(values) & set(one.facets.get(name, ()))
                for name, values in filters.items()
                if name != but
            )
        ]

    found = engine.find(request(text, audiences=[audience], filters=filters, size=100))
    assert found.total == len(passing(""))
    assert set(keys(found)) <= {one.key for one in passing("")}
    assert len(found.hits) == min(100, found.total)
    for name in ("topic", "country", "language", "year", "colour"):
        counted = Counter(value for one in passing(name) for value in one.facets.get(name, ()))
        assert dict(found.facets.get(name, ())) == dict(counted)
        assert list(found.facets.get(name, ())) == sorted(
            counted.items(), key=lambda pair: (-pair[1], pair[0])
        )


@pytest.mark.parametrize("name", ["topic", "country", "year"])
def test_choosing_a_value_gives_as_many_as_its_count(
    random_network: tuple[list[Document], WhooshEngine], name: str
) -> None:
    """The promise of the figure beside the box, for each box."""
    _documents, engine = random_network
    filters = {"language": ("id",)}
    found = engine.find(request("kota sampah", filters=filters))
    for value, count in found.facets[name]:
        chosen = request("kota sampah", filters={**filters, name: (value,)})
        assert engine.find(chosen).total == count


@pytest.mark.parametrize("seed", SEEDS)
def test_answer_is_that_of_an_index_without_the_hidden_documents(tmp_path: Path, seed: int) -> None:
    """Totals, order, scores, facets, snippets, corrections: nothing tells what is hidden."""
    documents = at_random(120, seed)
    hidden = [
        document(f"h{n}", f"canary{n} izinn kota pasarr", body="sampah " * n, audiences=MEMBERS,
                 facets={"topic": ("secret",), "colour": ("red",)})
        for n in range(40)
    ]  # fmt: skip
    both = filled(tmp_path / "both", [*hidden, *documents])
    public = filled(tmp_path / "public", [one for one in documents if "public" in one.audiences])
    typed = [*TEXTS, "pasarr", "izinn kota", "marken", "sampahh", "canary7", "can*", "canary"]
    for text in typed:
        for filters in FILTERS:
            left, right = (e.find(request(text, filters=filters)) for e in (both, public))
            assert (left.total, left.facets, left.suggestion) == (
                right.total, right.facets, right.suggestion,
            )  # fmt: skip
            assert keys(left) == keys(right)
            assert [hit.snippet for hit in left.hits] == [hit.snippet for hit in right.hits]
            assert [hit.score for hit in left.hits] == pytest.approx(
                [hit.score for hit in right.hits]
            )
        assert both.suggest(text, {"public"}, 8) == public.suggest(text, {"public"}, 8)


@pytest.fixture
def engine(tmp_path: Path) -> WhooshEngine:
    """Return a small network in both languages."""
    return filled(
        tmp_path / "index",
        [
            document(1, "Perizinan daring di Sidoarjo", language="id", day=1,
                     summary="Warga mengurus izin usaha tanpa antre.",
                     body="Waktu turun dari tujuh hari menjadi satu hari. " * 3,
                     keywords="Licensing; permits; Perizinan"),
            document(2, "One-stop shop for permits", day=2,
                     summary="A counter that serves every business.",
                     body="Staff answer within a day.", keywords="Licensing; Perizinan"),
            document(3, "Public Wi-Fi in a market", day=3, summary="Traders sell online.",
                     body="The quality of life rose. " + "Nothing to see here. " * 30 + "Permits."),
            document(4, "Canaryword behind the wall", audiences=MEMBERS, day=4),
        ],
    )  # fmt: skip


@pytest.mark.parametrize("text", ["perizinan", "licensing", "izin", "mengizinkan", "PERIZINAN"])
def test_topic_is_found_in_both_languages(engine: WhooshEngine, text: str) -> None:
    """Keywords name the topic in both, so that neither language hides the other's practices."""
    assert set(keys(engine.find(request(text)))) == {"1", "2"}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ('"quality of life"', ["3"]),
        ('"life quality"', []),
        ('"in a market traders"', []),
        ('"usaha tanpa antre"', ["1"]),
        ('"staff answer" permits', ["2"]),
        ("perm* -staff", ["3", "1"]),
        ("wifi", ["3"]),
        ("nosuchthing", []),
        ("the", []),
    ],
)
def test_phrases_beginnings_and_exclusions_are_kept(
    engine: WhooshEngine, text: str, found: list[str]
) -> None:
    """A phrase does not reach over the end of a title; fillers inside it do not matter."""
    assert sorted(keys(engine.find(request(text)))) == sorted(found)


def test_title_counts_more_than_body(engine: WhooshEngine) -> None:
    """Where a word stands tells what a practice is about."""
    assert keys(engine.find(request("permits")))[0] == "2"
    assert keys(engine.find(request("permits")))[-1] == "3"


def test_documents_with_all_words_come_first(tmp_path: Path) -> None:
    """However rare the single word of the others is."""
    engine = filled(
        tmp_path / "index",
        [document(n, "waste waste waste", day=n) for n in range(5)]
        + [document("both", "market", body="some other words and waste far behind", day=-5)],
    )
    assert keys(engine.find(request("waste market"))) == ["both"]
    assert keys(engine.find(request("waste market flood")))[0] == "both"


def test_more_words_than_any_document_has_still_find_the_nearest(engine: WhooshEngine) -> None:
    """A question in many words is answered by what has most of them."""
    assert keys(engine.find(request("wifi market elephants giraffes zebras")))[0] == "3"


def test_reader_gets_own_language_first_among_equals(tmp_path: Path) -> None:
    """The other language follows."""
    pair = [document("en", "wifi", language="en"), document("id", "wifi", language="id")]
    engine = filled(tmp_path / "index", pair)
    assert keys(engine.find(request("wifi", language="id"))) == ["id", "en"]
    assert keys(engine.find(request("wifi", language="en"))) == ["en", "id"]


def test_newest_comes_first_when_asked_or_nothing_is_typed(engine: WhooshEngine) -> None:
    """Empty text lists all."""
    assert keys(engine.find(request(""))) == ["3", "2", "1"]
    assert keys(engine.find(request("permits", sort="newest"))) == ["3", "2", "1"]


def test_pages_follow_one_another_and_end(tmp_path: Path) -> None:
    """Each document once; a page beyond the last, or a senseless one, is no error."""
    engine = filled(tmp_path / "index", [document(n, f"kota {n}", day=n) for n in range(23)])
    pages = [engine.find(request("kota", page=n, size=10)) for n in (1, 2, 3, 4)]
    assert [len(found.hits) for found in pages] == [10, 10, 3, 0]
    assert {key for found in pages for key in keys(found)} == {str(n) for n in range(23)}
    assert {found.total for found in pages} == {23}
    odd = engine.find(request("kota", page=-3, size=10**9))
    assert (odd.number, odd.size) == (1, 100)
    assert engine.find(request("kota", page=10**9)).number == 10_000
    assert len(engine.find(request("kota", size=0)).hits) == 1


def test_canary_is_told_to_members_only(engine: WhooshEngine) -> None:
    """A word that stands behind the wall is neither found, corrected to nor completed."""
    for text in ("canaryword", "canarywrd", "canary*", "wall", '"canaryword behind"'):
        found = engine.find(request(text))
        assert (found.total, found.facets, found.suggestion) == (0, {}, None)
    assert engine.suggest("canary", {"public"}, 5) == []
    members = {"members"}
    assert engine.find(request("canarywrd", audiences=members)).suggestion == "canaryword"
    assert engine.suggest("canary", members, 5) == [("4", "Canaryword behind the wall")]
    assert engine.find(request("", audiences=())).total == 0


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("perizinn", "perizinan"),
        ("Sidoarja izin", "sidoarjo izin"),
        ("  izin sidoarja ", "izin sidoarjo"),
        ("markte", "market"),
        ("permits", None),
        ("xyzzyq", None),
        ("abc", None),
        ("aaaaa bbbbb ccccc ddddd", None),
        ('"markte"', None),
    ],
)
def test_slip_is_corrected_to_a_word_that_is_there(
    engine: WhooshEngine, typed: str, meant: str | None
) -> None:
    """One letter in short words, two in long ones, three words at most."""
    assert engine.find(request(typed)).suggestion == meant


def test_correction_finds_something_under_the_filters_chosen(tmp_path: Path) -> None:
    """A correction that would find nothing here is not offered."""
    engine = filled(tmp_path / "index", [document(1, "market", facets={"country": ("ID",)})])
    assert engine.find(request("markte", filters={"country": ("ID",)})).suggestion == "market"
    assert engine.find(request("markte", filters={"country": ("TH",)})).suggestion is None


def test_nearest_word_that_most_documents_have_is_meant(tmp_path: Path) -> None:
    """Of equally near words."""
    engine = filled(tmp_path / "index", [document(n, "pasar") for n in range(3)]
                    + [document("x", "pasal")])  # fmt: skip
    assert engine.find(request("pasaq")).suggestion == "pasar"


def test_titles_are_completed(engine: WhooshEngine) -> None:
    """Every word typed begins a word of the title; what begins so comes first."""
    assert engine.suggest("pub", {"public"}, 5) == [("3", "Public Wi-Fi in a market")]
    assert engine.suggest("wi-fi mar", {"public"}, 5) == [("3", "Public Wi-Fi in a market")]
    assert engine.suggest("dar per", {"public"}, 5) == [("1", "Perizinan daring di Sidoarjo")]
    assert [key for key, _ in engine.suggest("pe", {"public"}, 5)] == ["1", "2"]
    assert engine.suggest("pe", {"public"}, 1) == [("1", "Perizinan daring di Sidoarjo")]
    for text in ("", "p", "?*", "pub zzz"):
        assert engine.suggest(text, {"public"}, 5) == []


def text_of(found: Found) -> str:
    """Return the first hit's snippet with its matches in brackets."""
    return "".join(f"[{text}]" if is_match else text for text, is_match in found.hits[0].snippet)


def test_snippet_shows_matches_of_any_form(engine: WhooshEngine) -> None:
    """From the summary where it has one, else from the body, cut between words."""
    assert text_of(engine.find(request("mengizinkan"))) == (
        "Warga mengurus [izin] usaha tanpa antre."
    )
    assert text_of(engine.find(request("wi-fi"))) == "Traders sell online."
    assert text_of(engine.find(request("permit traders"))) == "[Traders] sell online."
    far = text_of(engine.find(request('permits "quality life"')))
    assert far.startswith("The [quality] of [life] rose. Nothing to see")
    assert far.endswith(" …")
    assert len(far) < LENGTH + 20


def test_snippet_from_the_end_of_a_long_body_begins_between_words(engine: WhooshEngine) -> None:
    """An ellipsis tells where it was cut."""
    found = engine.find(request("permits", sort="newest"))
    assert text_of(found).startswith("… ")
    assert text_of(found).endswith("Nothing to see here. [Permits].")


def test_snippet_of_endless_words_is_cut_anyway(tmp_path: Path) -> None:
    """Where there is no space to cut at."""
    engine = filled(tmp_path / "index", [document(1, "x", body="," * 900 + "wifi" + "," * 900)])
    assert len(text_of(engine.find(request("wifi")))) < LENGTH + 20
    assert text_of(engine.find(request("wif*"))).count("[wifi]") == 1
    assert text_of(engine.find(request(""))).endswith(" …")


def hostile() -> list[str]:
    """Return texts that break parsers."""
    dice = random.Random(7)
    signs = [
        *"\"-*?~()[]{}^:+\\/&|!\x00\n\t\u200b\ud800😀é\u0301م漢%_'’",
        *(" AND ", " OR ", " NOT ", " TO ", "wi-fi", "e-", "pasar", '"kota', "izin*", "-sampah"),
    ]
    return [
        "(" * 2000, ")" * 2000, "?*", "*", "~3", "pasar~3", "\x00", "\x00" * 200, "😀" * 300,
        '"' * 199, "-" * 200, "- - -", "a" * 10_000, "key:1", "~" * 99, "*:*", "[a TO z]",
        "' OR 1=1 --", "\ud800\udfff", "%" * 200, "ﬁ ﷺ", "e e e e e", "wi wi fi fi", "_" * 100,
        *("".join(dice.choices(signs, k=dice.randint(1, 60))) for _ in range(3000)),
    ]  # fmt: skip


def test_no_text_breaks_the_search(tmp_path: Path) -> None:
    """Thousands of hostile texts, as a search and as a completion."""
    engine = filled(tmp_path / "index", at_random(30, 1))
    for text in hostile():
        found = engine.find(request(text))
        assert 0 <= found.total <= 30
        assert len(engine.suggest(text, {"public"}, 5)) <= 5


def test_no_document_breaks_the_index(tmp_path: Path) -> None:
    """What people paste is indexed, and comes back as it was."""
    texts = [text for text in hostile()[:400] if "\ud800\udfff" not in text]
    documents = [
        document(n, text, summary=text, body=text * 3, keywords=text, language="id",
                 facets={"topic": (text, text)})
        for n, text in enumerate(texts)
    ]  # fmt: skip
    engine = filled(tmp_path / "index", documents)
    found = engine.find(request("", size=100))
    assert found.total == len(texts)
    assert {value for value, _ in found.facets["topic"]} == set(texts)
    put(engine, documents[:3])
    assert engine.find(request("")).total == len(texts)


def test_beginning_is_bounded_by_words_that_can_be_seen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Hidden words take no room among those that a beginning stands for."""
    monkeypatch.setattr(ranking, "MOST_EXPANSIONS", 3)
    hidden = [document(f"h{n}", f"pasaa{n}", audiences=MEMBERS) for n in range(9)]
    engine = filled(tmp_path / "index", hidden + [document(n, f"pasar{n}") for n in range(9)])
    assert engine.find(request("pas*")).total == 3


def test_postings_kept_in_memory_are_bounded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was not asked for longest is read anew, with the same answer."""
    monkeypatch.setattr(reading, "MOST_POSTINGS", 40)
    engine = filled(tmp_path / "index", at_random(60, 2))
    texts = [*WORDS["id"], *WORDS["en"]]
    first = [engine.find(request(text)).total for text in texts]
    assert [engine.find(request(text)).total for text in texts] == first


def test_words_that_nobody_wrote_take_room_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """There is no end of them: their empty lists make room for one another."""
    monkeypatch.setattr(reading, "MOST_POSTINGS", 40 * reading.OF_EACH)
    engine = filled(tmp_path / "index", at_random(60, 2))
    for number in range(200):
        engine.find(request(f"nobody{number}"))
    assert engine._reading is not None
    assert len(engine._reading._lists._kept) <= 40


# Told in two languages

BOTH = document(
    1, "Perizinan daring", language="id", summary="Warga mengurus izin tanpa antre.", body="Cepat.",
    facets={"language": ("id", "en")},
    others=[Wording("en", "Licensing online", "People apply without waiting.", "Quickly.")],
)  # fmt: skip
ALONE = document(2, "Sampah", language="id", summary="Bank sampah warga.",
                 facets={"language": ("id",)})  # fmt: skip


@pytest.mark.parametrize("text", ["waits", '"apply without waiting"', "licens*", "mengizinkan"])
def test_document_is_found_in_each_language_that_it_is_told_in(tmp_path: Path, text: str) -> None:
    """Each is analysed in its own, and it counts as one."""
    found = filled(tmp_path / "index", [BOTH, ALONE]).find(request(text))
    assert (found.total, keys(found)) == (1, ["1"])
    assert found.facets["language"] == [("en", 1), ("id", 1)]


def test_no_phrase_reaches_from_one_language_into_the_other(tmp_path: Path) -> None:
    """Nor does a word of the one mean one of the other."""
    engine = filled(tmp_path / "index", [BOTH])
    assert engine.find(request('"cepat licensing"')).total == 0


def test_filter_by_language_finds_what_is_told_in_it(tmp_path: Path) -> None:
    """First or second."""
    engine = filled(tmp_path / "index", [BOTH, ALONE])
    assert keys(engine.find(request(filters={"language": ("en",)}))) == ["1"]
    assert engine.find(request(filters={"language": ("id",)})).total == 2
    assert engine.find(request()).facets["language"] == [("id", 2), ("en", 1)]


@pytest.mark.parametrize(("reader", "start"), [("en", "People apply"), ("id", "Warga mengurus")])
def test_snippet_is_in_the_readers_language_whatever_was_found(
    tmp_path: Path, reader: str, start: str
) -> None:
    """A card reads in one language."""
    engine = filled(tmp_path / "index", [BOTH, ALONE])
    for text in ("izin", "licensing", ""):
        found = engine.find(request(text, language=reader)).hits
        (hit,) = (one for one in found if one.key == "1")
        assert hit.language == reader
        assert "".join(piece for piece, _ in hit.snippet).startswith(start)
    alone = engine.find(request("bank", language="en")).hits[0]
    assert alone.language == "id"


def test_titles_of_both_languages_are_completed(tmp_path: Path) -> None:
    """Once, by the title that begins so."""
    engine = filled(tmp_path / "index", [BOTH, ALONE])
    assert engine.suggest("lic", {"public"}, 5) == [("1", "Licensing online")]
    assert engine.suggest("per", {"public"}, 5) == [("1", "Perizinan daring")]


def test_a_name_in_both_languages_counts_once(tmp_path: Path) -> None:
    """A translation neither lifts a practice nor lengthens it."""
    plain = document(1, "OSS", language="id", summary="OSS di Sidoarjo.", body="Satu dua tiga.")
    told = replace(plain, others=(Wording("en", "OSS", "OSS in Sidoarjo.", "One two three."),))
    scores = [
        filled(tmp_path / name, [one, ALONE]).find(request("oss", language="id")).hits[0].score
        for name, one in (("plain", plain), ("told", told))
    ]
    assert scores[0] == pytest.approx(scores[1])


def test_documents_in_the_readers_language_come_first_also_when_translated(tmp_path: Path) -> None:
    """Of two that fit alike."""
    wording = Wording("en", "Wifi", "Wifi.", "Wifi.")
    told = document(1, "Wifi", language="id", summary="Wifi.", body="Wifi.", others=[wording])
    plain = document(2, "Wifi", language="id", summary="Wifi.", body="Wifi.", day=1)
    engine = filled(tmp_path / "index", [told, plain])
    assert keys(engine.find(request("wifi", language="en"))) == ["1", "2"]
    assert keys(engine.find(request("wifi", language="id"))) == ["2", "1"]
