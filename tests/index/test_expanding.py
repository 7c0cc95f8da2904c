"""What is searched for beside the words typed: across languages, by topics, within bounds."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from citynet.index import expanding, ranking
from citynet.index.document import Wording
from citynet.index.engine import Found
from citynet.index.query import read
from citynet.index.view import Held
from citynet.index.vocabulary import NOTHING, Entry, Name, Vocabulary
from citynet.index.whoosh import WhooshEngine
from tests.index.documents import MEMBERS, at_random, document, filled, keys, put, request

WORDS = Vocabulary(
    [
        Entry("licensing", "en", "Licensing"),
        Entry("licensing", "id", "Perizinan"),
        Entry("licensing", "en", "permits"),
        Entry("licensing", "id", "izin"),
        Entry("licensing", "en", "red tape", is_narrower=True),
        Entry("waste", "en", "Waste"),
        Entry("waste", "id", "Sampah"),
        Entry("waste", "en", "solid waste"),
        Entry("waste", "id", "pengelolaan sampah"),
        Entry("waste", "id", "timbulan sampah", is_narrower=True),
        Entry("waste-banks", "en", "Waste banks"),
        Entry("waste-banks", "id", "Bank sampah"),
        Entry("wifi", "en", "Public Wi-Fi"),
        Entry("wifi", "id", "Wifi publik"),
        Entry("wifi", "id", "internet nirkabel", is_narrower=True),
        Entry("water", "id", "air"),
        Entry("water", "en", "water"),
        Entry("air", "en", "air"),
        Entry("air", "id", "udara"),
    ],
    [("pasar", "market"), ("gratis", "free of charge"), ("banjir", "flood")],
)


@pytest.fixture
def engine(tmp_path: Path) -> WhooshEngine:
    """Return practices in one language each, whose topics are facets."""
    return filled(
        tmp_path / "index",
        [
            document("permits", "Business permits in an hour", facets={"topic": ("licensing",)}),
            document("tagged", "Startups served", facets={"topic": ("licensing",)}, day=1),
            document("izin", "Izin usaha daring", language="id", facets={"topic": ("licensing",)}),
            document(
                "bank", "Bank sampah warga", language="id", facets={"topic": ("waste-banks",)}
            ),
            document("bins", "Solid waste in bins", facets={"topic": ("waste",)}),
            document("wifi", "Public Wi-Fi in a market", facets={"topic": ("wifi",)}),
            document("free", "Rides free of charge", body="Nothing else."),
            document("lake", "Clean water from a lake", facets={"topic": ("water",)}),
            document("smog", "Clean air in winter", facets={"topic": ("air",)}),
            document("hidden", "Flood pumps", audiences=MEMBERS),
        ],
    )


def find(engine: WhooshEngine, text: str, *, language: str = "id", is_exact: bool = False) -> Found:
    """Return what a visitor finds who uses these words."""
    asked = replace(request(text, language=language), is_exact=is_exact)
    return engine.find(asked, WORDS)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("perizinan", {"permits", "tagged", "izin"}),
        ("licensing", {"permits", "tagged", "izin"}),
        ("mengizinkan", {"permits", "tagged", "izin"}),
        ("pasar", {"wifi"}),
        ("gratis", {"free"}),
        ("wifi publik", {"wifi"}),
        ("nirkabel", {"wifi"}),
        ("internet nirkabel", {"wifi"}),
        ("red tape", {"permits", "tagged", "izin"}),
        ("timbulan sampah", {"bank", "bins"}),
        ("xyzzy", set()),
    ],
)
def test_what_says_the_same_in_the_other_language_is_found(
    engine: WhooshEngine, text: str, found: set[str]
) -> None:
    """By a name, by the topic, by a word of a name, by a pair; words of any form."""
    assert set(keys(find(engine, text))) == found


def test_exact_search_asks_for_nothing_beside_its_words(engine: WhooshEngine) -> None:
    """Nor does it say that it did."""
    found = find(engine, "perizinan", is_exact=True)
    assert (keys(found), found.also) == (["izin"], [])
    assert find(engine, "licensing", is_exact=True).total == 0


def test_what_was_searched_beside_is_told_once(engine: WhooshEngine) -> None:
    """Also where several words of the text bring it."""
    told = [word for one in find(engine, "internet nirkabel, wifi").also for word in one.words]
    assert len(told) == len(set(told))
    assert "Public Wi-Fi" in told


def test_phrase_in_quotes_is_not_widened(engine: WhooshEngine) -> None:
    """Who quotes means just this."""
    assert keys(find(engine, '"bank sampah"')) == ["bank"]
    assert find(engine, '"waste banks"').total == 0
    assert find(engine, "-perizinan pasar").also == find(engine, "pasar").also


def test_word_itself_stands_above_what_says_the_same(engine: WhooshEngine) -> None:
    """In either language."""
    assert keys(find(engine, "izin"))[0] == "izin"
    assert keys(find(engine, "permits", language="en"))[0] == "permits"


def test_longest_name_is_read_first(engine: WhooshEngine) -> None:
    """A waste bank is not a bank, nor all waste."""
    assert keys(find(engine, "waste banks", language="en"))[0] == "bank"
    assert ("sampah", "Waste") not in [
        (one.asked, one.words[0]) for one in find(engine, "bank sampah").also
    ]


def test_expansion_counts_as_the_word_where_words_are_counted(engine: WhooshEngine) -> None:
    """Both words of the query are there, one of them in the other language."""
    assert keys(find(engine, "wifi pasar"))[0] == "wifi"
    assert keys(find(engine, "izin bisnis")) != []


def test_false_friends_are_read_in_the_language_of_the_others(engine: WhooshEngine) -> None:
    """Air is water in Indonesian: the other words tell which it is, else the reader's language."""
    for language in ("id", "en"):
        for text in ("air gratis", "air di pasar"):
            assert "lake" in keys(find(engine, text, language=language))
    assert find(engine, "air", language="id").also[0].words == ("water",)
    assert "lake" not in keys(find(engine, "air", language="en"))
    assert "lake" not in keys(find(engine, "air over the market", language="id"))


def test_reader_is_told_what_was_searched_beside_the_words(engine: WhooshEngine) -> None:
    """As the vocabulary writes it, what found something only, a few words only."""
    (told,) = find(engine, "PERIZINAN usaha").also
    assert told.asked == "PERIZINAN"
    assert set(told.words) == {"Licensing", "permits"}
    assert find(engine, "banjir").also == []
    assert (
        sum(len(one.words) for one in find(engine, "perizinan sampah wifi publik pasar").also) <= 6
    )


def test_nothing_tells_of_what_is_hidden(tmp_path: Path) -> None:
    """Expansions, what is told of them, corrections: as if the hidden documents were not there."""
    documents = at_random(90, 4)
    hidden = [
        document(f"h{n}", f"canary{n} permit licensing pasarr floods", body="solid waste " * n,
                 audiences=MEMBERS, facets={"topic": ("licensing", "waste-banks", "air")})
        for n in range(40)
    ]  # fmt: skip
    both = filled(tmp_path / "both", [*hidden, *documents])
    public = filled(tmp_path / "public", [one for one in documents if "public" in one.audiences])
    for text in ("perizinan", "banjir kota", "bank sampah", "udara", "canary1 pasar", "pasarr kota",
                 "red tape", "lisensing", "markett sampah"):  # fmt: skip
        left, right = (one.find(request(text, language="id"), WORDS) for one in (both, public))
        assert (left.total, left.facets, left.suggestion, left.also) == (
            right.total, right.facets, right.suggestion, right.also,
        )  # fmt: skip
        assert keys(left) == keys(right)
        assert [hit.snippet for hit in left.hits] == [hit.snippet for hit in right.hits]
        assert [one.score for one in left.hits] == pytest.approx([one.score for one in right.hits])
        assert both.like("1", {"public"}, 5) == public.like("1", {"public"}, 5)


def test_names_are_looked_for_in_documents_of_their_language_only(tmp_path: Path) -> None:
    """A word that both languages write means another thing in the other."""
    words = Vocabulary(pairs=[("jembatan", "span")])
    spans = [document("en", "span"), document("id", "span", language="id")]
    found = filled(tmp_path / "index", spans).find(request("jembatan"), words)
    assert keys(found) == ["en"]


def test_document_told_in_both_languages_is_found_by_either(tmp_path: Path) -> None:
    """Once."""
    told = document("1", "Jembatan", language="id", facets={"language": ("id", "en")},
                    others=[Wording("en", "Bridge", "", "")])  # fmt: skip
    words = Vocabulary(pairs=[("jembatan", "bridge")])
    assert keys(filled(tmp_path / "index", [told]).find(request("bridges"), words)) == ["1"]


def test_changed_vocabulary_holds_at_the_next_search(engine: WhooshEngine) -> None:
    """The index itself knows none of it."""
    asked = request("lapak", language="id")
    assert engine.find(asked, WORDS).total == 0
    more = Vocabulary(WORDS.entries, [*WORDS.pairs, ("lapak", "market")])
    assert keys(engine.find(asked, more)) == ["wifi"]
    assert engine.find(asked, WORDS).total == 0
    assert engine.find(asked, NOTHING).total == 0


def test_word_that_nobody_wrote_is_read_as_a_near_one_beside_others(engine: WhooshEngine) -> None:
    """With its suggestion; an exact search does not, and alone it finds nothing."""
    found = find(engine, "wifi markat", language="en")
    assert keys(found)[0] == "wifi"
    assert found.suggestion == "wifi market"
    assert [(one.asked, one.words) for one in found.also if one.asked == "markat"] == [
        ("markat", ("market",))
    ]
    assert find(engine, "markat", language="en").total == 0
    assert find(engine, "markat", language="en").suggestion == "market"


def test_words_of_the_vocabulary_are_known_and_corrected_to(engine: WhooshEngine) -> None:
    """Also where no document writes them."""
    assert find(engine, "sampah nirkabel").suggestion is None
    assert find(engine, "nirkabl").suggestion == "nirkabel"
    assert find(engine, "udarra").suggestion == "udara"


def test_snippet_marks_what_was_searched_beside_the_words(engine: WhooshEngine) -> None:
    """A name of several words only where it stands whole."""
    marked = {
        hit.key: [piece for piece, is_match in hit.snippet if is_match]
        for text in ("gratis", "pasar")
        for hit in engine.find(request(text), WORDS).hits
    }
    assert marked == {"free": [], "wifi": []}
    bodies = [document("1", "x", body="Charge of nothing. It is free of charge, free."),
              document("2", "y", body="Two markets.")]  # fmt: skip
    put(engine, bodies)
    hits = {hit.key: hit.snippet for hit in engine.find(request("gratis pasar"), WORDS).hits}
    assert [piece for piece, is_match in hits["1"] if is_match] == ["free", "charge"]
    assert [piece for piece, is_match in hits["2"] if is_match] == ["markets"]


def test_expansions_are_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """However many names the words of a query have."""
    names = [f"{left}{right} izin" for left in "abcdefgh" for right in "ijklmnop"]
    entries = [Entry(f"t{n % 9}", "id", name) for n, name in enumerate(names)]
    entries += [Entry(f"t{n % 9}", "en", f"word{n}") for n in range(300)]
    entries += [Entry(f"t{n}", "id", f"topik{n}") for n in range(9)]
    words = Vocabulary(entries, [(f"topik{n}", f"word{m}") for n in range(9) for m in range(50)])
    engine = filled(tmp_path / "index", [document(n, f"word{n} ai izin") for n in range(300)])
    counted: list[object] = []
    whole = expanding.Expander._held

    def held(self: expanding.Expander, name: Name) -> Held:
        counted.append(name)
        return whole(self, name)

    monkeypatch.setattr(expanding.Expander, "_held", held)
    engine.find(request(" ".join(f"topik{n}" for n in range(9))), words)
    assert 0 < len(counted) <= expanding.MOST_NAMES


@pytest.mark.parametrize("text", ["", "the", "di dan ke", "air " * 40, "waste " * 200, "-", "*"])
def test_any_text_has_few_meanings(text: str) -> None:
    """A query is short, whatever is repeated in it."""
    assert len(WORDS.meanings(read(text).words, "en")) <= 24
    assert ranking.MANY > 0
