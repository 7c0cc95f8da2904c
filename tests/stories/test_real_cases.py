"""3,202 real cases of digital government, written by nobody here: imported, indexed, searched.

The records are in another shape than ours; the mapping is this test's own. What a record does not
tell is marked as unknown, as an author would.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from citynet.index.engine import Request
from citynet.kit import db
from citynet.kit.html import drop_invisible, excerpt
from citynet.practices import content as contents
from citynet.practices import importing, policy, queries, topics
from citynet.practices.content import MAY_BE_UNKNOWN, WORDS_IN_SUMMARY
from citynet.practices.document import PracticeSource
from citynet.practices.fields import LONG
from citynet.practices.importing import Report, Team
from citynet.practices.models import Practice
from citynet.search.queries import ask, engine
from config import ROOT
from tests.network import actor

DATA = Path(ROOT).parent / "shared" / "data"
FILES = sorted(DATA.glob("case_*.jsonl"))
TOPICS = {
    "education": "education", "health": "health", "environment": "environment",
    "citizens": "participation", "decisions": "participation", "opinions": "participation",
    "ideas": "participation", "economic": "economy", "water": "water",
}  # fmt: skip
ANY_TOPIC = "digital-government"
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        not FILES, reason="the folder of real data does not stand beside the project"
    ),
]


def our_record(case: Mapping[str, Any], known: frozenset[str]) -> dict[str, object]:
    """Return a case in our import format; `known` are the topics there are."""
    text = drop_invisible(str(case["text"]))
    parts = [text[start : start + LONG] for start in range(0, len(text), LONG)]
    said = excerpt(str(case.get("summary") or text), LONG)
    found = [TOPICS.get(str(one).lower(), "") for one in case["topics"] or ()]
    slugs = [slug for slug in dict.fromkeys(found) if slug in known][:3]
    year = re.match(r"(19|20)\d\d", str(case.get("year") or ""))
    link = str(case.get("url") or "")
    record = {
        "key": case["id"],
        "title": excerpt(drop_invisible(str(case["title"])), 100),
        "subtitle": excerpt(said, 200) or case["title"],
        "summary": " ".join(said.split()[:WORDS_IN_SUMMARY]) or case["title"],
        "topics": slugs or [ANY_TOPIC],
        "status": "running",
        "started": year.group() if year else "",
        "blocks": [
            {"name": f"Part {number}", "purpose": part}
            for number, part in enumerate(parts, start=1)
        ],
        "sdgs": [int(goal) for goal in case.get("sdgs") or () if 1 <= int(goal) <= 17],
        "source_url": link if re.fullmatch(r"https?://[^\s<>\"]{1,490}", link) else "",
        "source_name": excerpt(f"{case['source']}, {case['license']}", 200),
    }
    return {**record, "unknown": sorted(name for name in MAY_BE_UNKNOWN if not record.get(name))}


def lines(known: frozenset[str]) -> Iterator[str]:
    """Yield every case as a line of our import format."""
    for path in FILES:
        for line in path.read_text(encoding="utf-8").split("\n"):
            if line:
                yield json.dumps(our_record(json.loads(line), known), ensure_ascii=False)


def find(text: str, role: str = "visitor", **filters: str) -> tuple[int, list[str]]:
    """Return the total and the first titles of a search."""
    who = actor(role)
    answer = ask(
        who,
        Request(
            text=text, audiences=policy.audiences(who), page=1, size=10, language="en",
            sort="relevance", filters={name: (value,) for name, value in filters.items()},
        ),
    )  # fmt: skip
    assert answer.is_complete, "the index did not answer"
    return answer.found.total, [revision.title for _hit, revision in answer.hits]


def bring_in(rows: list[str]) -> Report:
    """Import rows through everybody who has a say."""
    team = Team(actor("official"), actor("lead"), actor("secretariat"))
    return importing.import_lines(rows, team)


def test_real_cases_are_imported_and_found(app: Flask) -> None:
    """All of them through the commands people use, once, and each is found by its own words."""
    topics.load()
    known = frozenset(topic.slug for topic in queries.all_topics())
    rows = list(lines(known))
    assert len(rows) > 3_000

    report = bring_in(rows)
    assert report.problems == []
    assert report.added == len(rows)
    source = PracticeSource()
    engine().rebuild(source.documents(), total=len(source.stamps()))
    check = engine().check(source)
    assert [*check.missing, *check.stale, *check.extra] == []
    assert check.damaged == ""

    again = bring_in(rows[:200])
    assert (again.added, again.known) == (0, 200)
    assert db.session().scalar(select(func.count()).select_from(Practice)) == len(rows)

    total, titles = find("Brazil open budget transparency portal")
    assert total > 0
    assert any("Budget Transparency" in title for title in titles)
    everything, _titles = find("")
    assert everything == len(rows)
    for sample in rows[:: len(rows) // 40]:
        title = contents.read({"title": json.loads(sample)["title"]}).title
        found, titles = find(title)
        assert found >= 1, title
        assert title in titles, title
    recent, _titles = find("accessibility", year="2015")
    every_year, _titles = find("accessibility")
    assert 0 < recent < every_year
