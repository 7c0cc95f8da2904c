"""How good an order of documents is, told by judgements: nDCG, MRR, recall and how often nothing.

A judgement is a grade above 0 by key; what was not judged counts 0. A run is the keys that an
engine returned for each query, best first; a query that is missing from it found nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import log2

DEPTH = 10
Judgements = Mapping[str, Mapping[str, int]]
Run = Mapping[str, Sequence[str]]


@dataclass(frozen=True)
class Quality:
    """The means over all queries, each from 0 to 1."""

    ndcg: float
    mrr: float
    recall: float
    deep_recall: float
    nothing: float

    def __str__(self) -> str:
        return (
            f"nDCG@10 {self.ndcg:.3f}  MRR {self.mrr:.3f}  recall@10 {self.recall:.3f}"
            f"  recall@100 {self.deep_recall:.3f}  nothing found {self.nothing:.1%}"
        )


def judged(judgements: Judgements, run: Run) -> Quality:
    """Return how well a run answers the queries that are judged."""
    pairs = [(grades, run.get(query, ())) for query, grades in judgements.items()]
    many = len(pairs) or 1
    return Quality(
        ndcg=sum(ndcg(grades, found) for grades, found in pairs) / many,
        mrr=sum(reciprocal_rank(grades, found) for grades, found in pairs) / many,
        recall=sum(recall(grades, found, DEPTH) for grades, found in pairs) / many,
        deep_recall=sum(recall(grades, found, 100) for grades, found in pairs) / many,
        nothing=sum(not found for _grades, found in pairs) / many,
    )


def ndcg(grades: Mapping[str, int], found: Sequence[str], depth: int = DEPTH) -> float:
    """Return the gain of the first hits as a share of the best that could be."""
    best = _gain(sorted(grades.values(), reverse=True)[:depth])
    return _gain([grades.get(key, 0) for key in found[:depth]]) / best if best else 0.0


def reciprocal_rank(grades: Mapping[str, int], found: Sequence[str], depth: int = DEPTH) -> float:
    """Return one over the rank of the first good hit, 0 where none is among the first."""
    ranks = (rank for rank, key in enumerate(found[:depth], 1) if grades.get(key))
    return 1 / next(ranks, float("inf"))


def recall(grades: Mapping[str, int], found: Sequence[str], depth: int) -> float:
    """Return the share of all good documents that stand among the first."""
    good = {key for key, grade in grades.items() if grade}
    return len(good.intersection(found[:depth])) / len(good) if good else 0.0


def _gain(grades: Sequence[int]) -> float:
    return sum((2.0**grade - 1) / log2(rank + 1) for rank, grade in enumerate(grades, 1))
