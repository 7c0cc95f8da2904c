"""No text fails, whatever is in it, and none asks the index for more than so many look-ups."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bench.search import hostile
from citynet.index import finding
from citynet.index.engine import Request
from citynet.index.reading import Reading
from citynet.index.vocabulary import Entry, Vocabulary
from citynet.index.whoosh import WhooshEngine
from tests.index.documents import MEMBERS, at_random, document, filled

WORDS = Vocabulary(
    [
        Entry(topic, language, f"{name} {more}".strip(), is_narrower=bool(more))
        for topic, language, names in (
            ("licensing", "en", "Licensing permits licences"),
            ("licensing", "id", "Perizinan izin perijinan"),
            ("waste", "en", "Waste garbage rubbish trash"),
            ("waste", "id", "Sampah kebersihan"),
            ("water", "id", "Air"),
        )
        for name in names.split()
        for more in ("", "office", "kota", "one stop", "satu pintu dinas")
    ],
    [("pasar", "market"), ("sampah", "waste"), ("air", "water"), ("bank sampah", "waste bank")],
)
PUBLIC = frozenset({"public"})
# Ten words in two languages, what three slips may have meant, and what all of it says beside.
MOST_LOOK_UPS = 400
COUNT = 2_000


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of an index of a few hundred documents, some of them hidden."""
    path = tmp_path_factory.mktemp("hostile") / "index"
    hidden = [document(f"h{n}", f"canary{n} izin kota", audiences=MEMBERS) for n in range(20)]
    filled(path, [*at_random(200, 3), *hidden])
    return path


def test_no_random_or_hostile_text_fails(folder: Path) -> None:
    """In any order, on any page, in either language, exact or not; and none is without an end."""
    engine = WhooshEngine(folder)
    for number, text in enumerate(hostile.texts(COUNT, seed=11)):
        found = engine.find(hostile.request(text, number), WORDS)
        assert 0 <= found.total <= 200
        assert sum(len(one.words) for one in found.also) <= 6
        assert len(engine.suggest(text, PUBLIC, 5)) <= 5


@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(text=st.text(max_size=260), size=st.integers(-5, 200), page=st.integers(-5, 10**12))
def test_no_text_that_can_be_thought_of_fails(
    folder: Path, text: str, size: int, page: int
) -> None:
    """Whatever else is asked with it; the snippet gives the words as they are written."""
    engine = WhooshEngine(folder)
    found = engine.find(Request(text, ("public",), {}, "relevance", page, size, "en"), WORDS)
    assert len(found.hits) <= 100
    for hit in found.hits:
        assert all(piece for piece, _is_match in hit.snippet)


def test_look_ups_are_bounded(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """For each search of a reader of whom nothing is remembered."""
    counts: Counter[str] = Counter()

    def counting(name: str) -> Callable[..., object]:
        whole: Callable[..., object] = getattr(Reading, name)

        def counted(*given: object) -> object:
            counts[name] += 1
            return whole(*given)

        return counted

    for name in ("stem", "phrase", "word", "places", "texts"):
        monkeypatch.setattr(Reading, name, counting(name))
    engine, most = WhooshEngine(folder), 0
    for number, text in enumerate(hostile.texts(COUNT // 3, seed=12)):
        finding._views.clear()
        counts.clear()
        engine.find(hostile.request(text, number), WORDS)
        most = max(most, counts.total())
    assert 50 < most < MOST_LOOK_UPS
