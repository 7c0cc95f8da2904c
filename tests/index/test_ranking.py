"""Which of what is found stands first, and in which order a reader may ask for it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from citynet.index import nearness, view
from citynet.index.document import Document
from citynet.index.vocabulary import Entry, Vocabulary
from tests.index.documents import MEMBERS, document, filled, keys, request

FAR = " ".join(f"between{n}" for n in range(12))
MOST_MERIT = view.FRESH + view.PROVEN + view.REPLICATED


def known(one: Document, *, day: int = 0, evidence: int = 0, replications: int = 0) -> Document:
    """Return a document that was confirmed on a day of 2024, with evidence and replications."""
    confirmed = datetime(2024, 1, 1, tzinfo=UTC) + timedelta(days=day) if day else None
    return replace(one, confirmed_at=confirmed, evidence=evidence, replications=replications)


def test_each_part_of_a_document_has_its_weight(tmp_path: Path) -> None:
    """Title, then summary, then building blocks, then the rest."""
    engine = filled(
        tmp_path / "index",
        [
            document("body", "Some city", summary="One two three.", body="Flood four five six."),
            replace(
                document("blocks", "Some city", summary="One two three.", body="Four five six."),
                blocks="Flood",
            ),
            document("summary", "Some city", summary="One flood three.", body="Four five six."),
            document("title", "Flood city", summary="One two three.", body="Four five six."),
        ],
    )  # fmt: skip
    assert keys(engine.find(request("flood"))) == ["title", "summary", "blocks", "body"]


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("river park", "near"),
        ("park river", "turned"),
        ("big river park", "near"),
        ('"river park"', "near"),
    ],
)
def test_words_near_one_another_stand_above_words_far_apart(
    tmp_path: Path, text: str, first: str
) -> None:
    """Best in the order in which they were typed."""
    texts = {
        "far": f"River {FAR} park.",
        "turned": f"Park river {FAR}.",
        "near": f"River park {FAR}.",
    }
    others = [document(n, "A city", body="Other words.") for n in range(20)]
    told = [document(name, "A city", body=body) for name, body in texts.items()]
    found = keys(filled(tmp_path / "index", [*told, *others]).find(request(text)))
    assert found[0] == first
    if '"' not in text:
        assert set(found[1:]) == {"near", "turned", "far"} - {first}
        assert found[2] == "far"


def test_topic_that_a_question_names_counts_more_than_its_other_words(tmp_path: Path) -> None:
    """Least of all count those that any question has."""
    about = {"topic": ("waste",)}
    engine = filled(
        tmp_path / "index",
        [document("bank", "Waste bank", facets=about),
         document("small", "Small grants handled well"),
         *(document(f"isle{n}", "Palm islands") for n in range(4)),
         *(document(n, "Bins", body="Waste.", facets=about) for n in range(5)),
         *(document(f"other{n}", "A city", body="Other words.") for n in range(20))],
    )  # fmt: skip
    named = Vocabulary([Entry("waste", "en", "Waste")])
    assert keys(engine.find(request("how do small islands handle waste"), named))[0] == "bank"
    assert keys(engine.find(request("small grants"), named)) == ["small"]


def test_no_words_are_near_over_the_end_of_a_part(tmp_path: Path) -> None:
    """Of two that are alike but for that, the newest comes first."""
    engine = filled(
        tmp_path / "index",
        [document("over", "Flood river", summary="Park one two."),
         document("newest", "River flood", summary="One two park.", day=1),
         *(document(n, "A city", body="Other words.") for n in range(20))],
    )  # fmt: skip
    assert keys(engine.find(request("river park"))) == ["newest", "over"]


def test_nearness_is_read_of_few_documents(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The best, however many there are; the others keep their order behind them."""
    monkeypatch.setattr(nearness, "MOST_READ", 4)
    engine = filled(
        tmp_path / "index", [document(n, "river park", body="x " * n, day=n) for n in range(30)]
    )
    pages = [engine.find(request("river park", page=n, size=10)) for n in (1, 2, 3)]
    assert sorted(int(key) for found in pages for key in keys(found)) == list(range(30))
    scores = [hit.score for found in pages for hit in found.hits]
    assert scores[:4] == sorted(scores[:4], reverse=True)
    assert scores[4:] == sorted(scores[4:], reverse=True)


@pytest.mark.parametrize(
    ("better", "worse"),
    [
        ({"day": 700}, {"day": 1}),
        ({"day": 700}, {}),
        ({"evidence": 3}, {"evidence": 1}),
        ({"evidence": 1}, {}),
        ({"replications": 3}, {"replications": 1}),
    ],
)
def test_of_equals_the_confirmed_proven_and_replicated_comes_first(
    tmp_path: Path, better: dict[str, int], worse: dict[str, int]
) -> None:
    """Whichever was published later by a little."""
    engine = filled(
        tmp_path / "index",
        [known(document("better", "Flood pumps"), **better),
         known(document("worse", "Flood pumps", day=1), **worse)],
    )  # fmt: skip
    assert keys(engine.find(request("flood"))) == ["better", "worse"]


def test_merit_never_lifts_a_poor_match_over_a_good_one(tmp_path: Path) -> None:
    """All of it together is worth a few hundredths of a score."""
    assert 0 < MOST_MERIT <= 0.08
    engine = filled(
        tmp_path / "index",
        [known(document("poor", "City", body="Flood. " + "Other words. " * 4), day=700, evidence=3,
               replications=99),
         document("good", "Flood", body="Other words. " * 4, day=-900)],
    )  # fmt: skip
    assert keys(engine.find(request("flood"))) == ["good", "poor"]


def test_merit_is_measured_among_what_the_reader_sees(tmp_path: Path) -> None:
    """A hidden practice that was confirmed just now makes no other look old."""
    seen = [known(document(n, "Flood pumps", body="x " * n), day=n * 90 + 1) for n in range(5)]
    hidden = known(document("h", "Flood pumps", audiences=MEMBERS, day=4000), day=5000)
    left = filled(tmp_path / "both", [hidden, *seen]).find(request("flood"))
    right = filled(tmp_path / "seen", seen).find(request("flood"))
    assert keys(left) == keys(right)
    assert [one.score for one in left.hits] == pytest.approx([one.score for one in right.hits])


def test_sorts_are_newest_last_confirmed_and_most_replicated(tmp_path: Path) -> None:
    """Of equals the newest; what was never confirmed comes last."""
    engine = filled(
        tmp_path / "index",
        [
            known(document("a", "Flood", day=1), day=50, replications=1),
            known(document("b", "Flood", day=2), day=90),
            known(document("c", "Flood", day=3)),
            known(document("d", "Flood", day=4), day=50, replications=7),
        ],
    )
    orders = {
        "newest": ["d", "c", "b", "a"],
        "confirmed": ["b", "d", "a", "c"],
        "replicated": ["d", "a", "c", "b"],
    }
    for text in ("", "flood"):
        for sort, order in orders.items():
            assert keys(engine.find(request(text, sort=sort))) == order
        pages = [engine.find(request(text, sort="confirmed", page=n, size=2)) for n in (1, 2, 3)]
        assert [keys(found) for found in pages] == [["b", "d"], ["a", "c"], []]
    assert keys(engine.find(request("flood", sort="senseless"))) == orders["newest"]


def test_order_by_replications_is_offered_where_anything_found_has_any(tmp_path: Path) -> None:
    """Else it would be another name for the newest."""
    engine = filled(
        tmp_path / "index",
        [
            known(document("a", "Flood", facets={"country": ("ID",)}), replications=2),
            document("b", "Flood waste", facets={"country": ("TH",)}),
            known(document("c", "Waste", audiences=MEMBERS), replications=9),
        ],
    )
    assert engine.find(request("flood")).is_replicated
    assert not engine.find(request("waste")).is_replicated
    assert not engine.find(request("flood", filters={"country": ("TH",)})).is_replicated
    assert engine.find(request("waste", audiences=["members"])).is_replicated


def test_long_question_is_answered_by_what_has_its_telling_words(tmp_path: Path) -> None:
    """Common words that are missing cost little, a single common word finds nothing."""
    common = [document(f"c{n}", "People of the city work", day=n) for n in range(20)]
    rare = document("rare", "Landfill methane", body="Gas for kitchens.")
    engine = filled(tmp_path / "index", [*common, rare])
    found = engine.find(request("people who work on landfill methane for the city"))
    assert keys(found)[0] == "rare"
    assert keys(engine.find(request("city methane"))) == ["rare"]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("banjr", "banjir"),
        ("umm", "umum"),
        ("bnk", None),
        ("pasra", "pasar"),
        ("kasar", "pasar"),
        ("pelayann", "pelayanan"),
    ],
)
def test_slip_is_corrected_by_first_letter_and_frequency(
    tmp_path: Path, typed: str, meant: str | None
) -> None:
    """A word that begins alike goes before one that does not, a common one before a rare one."""
    texts = {"banjir": 9, "banjar": 2, "umum": 4, "pasar": 7, "pasir": 1, "pelayanan": 3, "gank": 1}
    engine = filled(
        tmp_path / "index",
        [document(f"{word}{n}", word) for word, times in texts.items() for n in range(times)],
    )
    assert engine.find(request(typed)).suggestion == meant
