"""What officials ask of the demonstration network, judged by hand, and how well it is answered.

`judged.json` holds 100 queries and the practices that answer each: 3 what was sought, 2 useful,
1 somewhat. The half marked `tune` may be looked at while ranking changes, `test` is kept apart.
"""

from __future__ import annotations

import json
import math
import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from citynet.accounts import queries as people
from citynet.app import create_app
from citynet.cities import queries as cities
from citynet.index.engine import Request
from citynet.kit import db
from citynet.practices import policy
from citynet.practices.models import Practice, Revision, State
from citynet.search import queries
from tests.conftest import close, config_in, quick

JUDGED: list[dict[str, Any]] = json.loads(
    (Path(__file__).parent / "judged.json").read_text(encoding="utf-8")
)["queries"]
pytestmark = pytest.mark.slow
OFFICIAL = "official@sidoarjo.example"
FIRST = 10


@dataclass(frozen=True)
class Floor:
    """How good the answers to a kind of query are at least."""

    ndcg: float
    # The share of queries that find nothing, at most.
    nothing: float


# A little below what is reached: a change that falls under one of these made search worse.
FLOORS = {
    "plain": Floor(0.82, 0.0),
    "question": Floor(0.72, 0.0),
    "across": Floor(0.93, 0.0),
    "misspelt": Floor(0.83, 0.0),
}


@pytest.fixture(scope="module")
def loaded(demonstration: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """Return an application over a copy of the demonstration."""
    folder = tmp_path_factory.mktemp("judged") / "instance"
    shutil.copytree(demonstration, folder)
    app = quick(create_app(config_in(folder)))
    with app.app_context():
        yield app
        db.session().rollback()
    close(app)


@pytest.fixture(scope="module")
def answers(loaded: Flask) -> Mapping[str, Sequence[str]]:
    """Return the first practices that an official finds with each query, by its id."""
    return {one["id"]: _found(one["text"], one["language"]) for one in JUDGED}


def _found(text: str, language: str) -> list[str]:
    """Return addresses, best first; what finds nothing is searched as it was probably meant."""
    actor = cities.actor_of(people.by_email(OFFICIAL))
    request = Request(text, policy.audiences(actor), {}, "relevance", 1, FIRST, language)
    answer = queries.ask(actor, request, as_typed=False)
    return [row.practice.slug for _hit, row in answer.hits]


def ndcg(found: Sequence[str], wanted: Mapping[str, int]) -> float:
    """Return how near the order found comes to the best one (Järvelin and Kekäläinen, 2002)."""

    def gain(grades: Sequence[int]) -> float:
        return sum(((1 << one) - 1) / math.log2(at + 2) for at, one in enumerate(grades[:FIRST]))

    best = gain(sorted(wanted.values(), reverse=True))
    return gain([wanted.get(slug, 0) for slug in found]) / best


def of_kind(kind: str) -> list[dict[str, Any]]:
    """Return the queries of a kind."""
    return [one for one in JUDGED if one["kind"] == kind]


def test_queries_are_as_many_as_they_should_be() -> None:
    """Half in each language, 20 of them across languages and 20 misspelt; no text twice."""
    assert len({one["id"] for one in JUDGED}) == len({one["text"] for one in JUDGED}) == 100
    assert sum(one["language"] == "id" for one in JUDGED) == 50
    assert len(of_kind("across")) == len(of_kind("misspelt")) == 20
    assert {one["kind"] for one in JUDGED} == set(FLOORS)


def test_wanted_practices_are_those_of_the_demonstration(loaded: Flask) -> None:
    """Published, and for members only where the query says so."""
    wanted = (
        select(Practice.slug, Revision.visibility)
        .join(Revision, Revision.practice_id == Practice.id)
        .where(Revision.state == State.PUBLISHED)
    )
    published = {slug: seen for slug, seen in db.session().execute(wanted).all()}  # noqa: C416
    for one in JUDGED:
        assert set(one["wanted"]) <= published.keys(), one["id"]
        hidden = {slug for slug in one["wanted"] if published[slug] == "members"}
        assert hidden == set(one.get("members_only", ())), one["id"]


@pytest.mark.parametrize("kind", FLOORS)
def test_queries_are_answered_well(kind: str, answers: Mapping[str, Sequence[str]]) -> None:
    """The practices sought stand on top, and hardly any query finds nothing."""
    asked = of_kind(kind)
    reached = {one["id"]: ndcg(answers[one["id"]], one["wanted"]) for one in asked}
    nothing = [one["id"] for one in asked if not answers[one["id"]]]
    worst = sorted(reached.items(), key=lambda pair: pair[1])[:5]
    mean = sum(reached.values()) / len(asked)
    assert mean >= FLOORS[kind].ndcg, f"{kind}: nDCG@10 {mean:.3f}, worst {worst}"
    assert len(nothing) / len(asked) <= FLOORS[kind].nothing, f"{kind}: nothing found for {nothing}"
