"""The figures by which orders of documents are compared."""

from __future__ import annotations

import pytest

from bench.search.judging import judged, ndcg, recall, reciprocal_rank

GRADES = {"best": 3, "good": 2, "fair": 1}


def test_best_order_is_worth_all_and_any_other_less() -> None:
    """What was not judged gains nothing and takes a place."""
    assert ndcg(GRADES, ["best", "good", "fair"]) == 1
    assert 0 < ndcg(GRADES, ["fair", "good", "best"]) < ndcg(GRADES, ["best", "other", "good"]) < 1
    assert ndcg(GRADES, ["other"]) == ndcg(GRADES, []) == ndcg({}, ["other"]) == 0
    assert ndcg({"one": 1}, ["other", "one"]) == pytest.approx(0.63, abs=0.01)


def test_rank_and_recall_are_of_the_first_hits() -> None:
    """Ten of them, or as many as one says."""
    found = [*(f"other{n}" for n in range(9)), "good", "best"]
    assert reciprocal_rank(GRADES, found) == pytest.approx(0.1)
    assert reciprocal_rank(GRADES, found[:9]) == 0
    assert recall(GRADES, found, 10) == pytest.approx(1 / 3)
    assert recall(GRADES, found, 100) == pytest.approx(2 / 3)


def test_query_that_found_nothing_counts_in_the_means() -> None:
    """And in the share of those that did."""
    quality = judged({"a": {"x": 1}, "b": {"y": 2}}, {"a": ["x"]})
    assert (quality.ndcg, quality.mrr, quality.recall, quality.nothing) == (0.5, 0.5, 0.5, 0.5)
    assert "nothing found 50.0%" in str(quality)
    assert judged({}, {}).ndcg == 0
