"""Practices from JSON lines: the good ones kept, the bad ones told by number and reason."""

from __future__ import annotations

import json
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from citynet.kit import db, effects
from citynet.kit.audit import Entry
from citynet.kit.effects import Effect
from citynet.practices import importing, queries
from citynet.practices.importing import BATCH, Problem, Report, Team
from citynet.practices.models import Practice, Revision, State
from tests.network import RECORD, actor


def line(**changes: Any) -> str:
    """Return a good record with changes, on one line."""
    return json.dumps({**RECORD, **changes}, ensure_ascii=False)


def run(
    *lines: str, lead: bool = False, secretariat: bool = False, role: str = "official"
) -> Report:
    """Import lines as an official, with those who sign off and approve."""
    team = Team(
        author=actor(role),
        lead=actor("lead") if lead else None,
        secretariat=actor("secretariat") if secretariat else None,
    )
    return importing.import_lines(lines, team)


def count() -> int:
    """Return how many practices there are."""
    return db.session().scalar(select(func.count()).select_from(Practice)) or 0


def states() -> set[str]:
    """Return the states of all texts."""
    db.session().rollback()
    return set(map(str, db.session().scalars(select(Revision.state))))


def only_problem(*lines: str) -> Problem:
    """Return the only line refused of an import that keeps nothing."""
    report = run(*lines)
    assert (report.added, count()) == (0, 0)
    (problem,) = report.problems
    return problem


def test_record_becomes_a_draft_of_the_author(app: Flask) -> None:
    """By the same command as the form's: recorded, whole, in no reader's sight."""
    report = run(line(key="first"))
    assert (report.added, report.known, report.problems) == (1, 0, [])
    revision = db.session().scalars(select(Revision)).one()
    assert (revision.state, revision.edited_by_id) == (State.DRAFT, actor("official").person_id)
    assert revision.content.agency == RECORD["agency"]
    assert db.session().scalars(select(Entry.action).order_by(Entry.position.desc())).first() == (
        "practice.created"
    )


def test_team_brings_it_to_readers(app: Flask) -> None:
    """With a lead it is signed off, with the secretariat it is out and waits for the index."""
    run(line(key="first"), lead=True)
    assert states() == {"signed_off"}
    run(line(key="second"), lead=True, secretariat=True)
    assert states() == {"signed_off", "published"}
    assert queries.latest(actor("visitor")).total == 1
    assert db.session().scalar(select(func.count()).select_from(Effect)) == 1
    assert effects.run_due() == 1


def test_importing_twice_adds_nothing(app: Flask) -> None:
    """By the record's key, else by the line itself, whatever white space stands around it."""
    lines = [line(key="a"), line(title="No key")]
    run(*lines)
    report = run(*reversed(lines), line(key="a", title="Changed"), "  " + lines[1] + "\r")
    assert (report.added, report.known, report.problems) == (0, 4, [])
    assert count() == 2


def test_two_cities_may_use_the_same_keys(app: Flask) -> None:
    """A key tells a city's own records apart, not another's."""
    run(line(key="1"))
    report = run(line(key="1"), role="rival")
    assert (report.added, count()) == (1, 2)


def test_bad_lines_are_told_and_good_ones_kept(app: Flask) -> None:
    """Numbers count from 1, blank lines too."""
    report = run(
        line(title="Good one"),
        "",
        "no JSON",
        line(title=""),
        line(title="Good two"),
        line(topics=["no-such-topic"], colour="red", started="soon"),
        line(topics=["no-such-topic"]),
    )
    assert (report.added, count()) == (2, 2)
    assert [problem.line for problem in report.problems] == [3, 4, 6, 7]
    reasons = [problem.reason for problem in report.problems]
    assert "JSON" in reasons[0]
    assert reasons[1] == "title: Fill this in."
    assert "colour: There is no such field." in reasons[2]
    assert "started: Write a year" in reasons[2]
    assert "no-such-topic" in reasons[3]


def test_unfinished_record_is_kept_as_a_draft_only_without_a_lead(app: Flask) -> None:
    """With one it would be submitted, so what is missing is told and nothing is left."""
    unfinished = line(agency="", unknown=[])
    report = run(unfinished, lead=True)
    assert "agency" in report.problems[0].reason
    assert count() == 0
    assert run(unfinished).added == 1


def test_what_the_team_may_not_do_is_told_by_line(app: Flask) -> None:
    """A pending city keeps drafts; nobody without a city writes."""
    for role, lead in (("pending", True), ("nobody's", False), ("suspended", False)):
        report = run(line(), role=role, lead=lead)
        assert [problem.line for problem in report.problems] == [1], role
        assert report.problems[0].reason.endswith(".")
    assert count() == 0


def test_long_file_is_read_in_batches(app: Flask) -> None:
    """Progress counts every line, and a bad one undoes itself alone."""
    lines = [line(title=f"Practice {number}") for number in range(2 * BATCH + 5)]
    lines[BATCH + 3] = "{"
    steps: list[int] = []
    report = importing.import_lines(lines, Team(actor("official")), progress=steps.append)
    assert steps == [BATCH, BATCH, 5]
    assert [problem.line for problem in report.problems] == [BATCH + 4]
    assert report.added == count() == len(lines) - 1


def test_batch_that_breaks_is_undone_and_earlier_ones_stay(app: Flask) -> None:
    """What was told as done is done; running it again goes on."""
    lines = [line(title=f"Practice {number}") for number in range(2 * BATCH)]

    def stop(_count: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        importing.import_lines(lines, Team(actor("official")), progress=stop)
    assert count() == BATCH
    report = run(*lines)
    assert (report.added, report.known) == (BATCH, BATCH)


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("[" * 100_000, "JSON"),
        ('{"title":' * 50_000, "JSON"),
        ('{"title": "x", "blocks": ' + "[" * 900 + "]" * 900 + "}", "blocks"),
        ("[]", "JSON"),
        ("null", "JSON"),
        ('"text"', "JSON"),
        ("NaN", "JSON"),
        ('{"title": NaN}', "JSON"),
        ('{"title": "x", "sdgs": [Infinity]}', "JSON"),
        ('{"title": "x", "sdgs": [1e400]}', "sdgs.0"),
        ('{"title": "x", "sdgs": [' + "9" * 5_000 + "]}", "JSON"),
        ('{"title": "x", "title": "y"}', "title: This field comes twice."),
        ('{"title": "x", "blocks": [{"name": "a", "name": "b"}]}', "name: This field comes twice."),
        ('{"title": "x"} {"title": "y"}', "JSON"),
        ('{"title": "x",}', "JSON"),
        ("{'title': 'x'}", "JSON"),
        ('{"title": "caf\udce9"}', "UTF-8"),
        ('{"title": "' + "x" * 1_000_001 + '"}', "million"),
        ('{"title": "x", "key": ""}', "key"),
        ('{"title": "x", "key": 7}', "key"),
        ('{"title": "x", "key": {"a": 1}}', "key"),
        ('{"title": "x", "key": "' + "k" * 161 + '"}', "key"),
        ('{"title": "x", "key": "a\\u0000b"}', "key"),
        ('{"title": "\\u0000"}', "title"),
        ('{"title": "x", "problem": "' + "y" * 20_001 + '"}', "problem"),
    ],
)
def test_bomb_or_riddle_is_refused_in_a_sentence(app: Flask, text: str, word: str) -> None:
    """Deep nesting, endless numbers, what is no JSON, and what could be read in two ways."""
    problem = only_problem(text)
    assert problem.line == 1
    assert word in problem.reason
    assert len(problem.reason) <= importing.LONGEST_REASON


def test_reason_is_fit_for_a_terminal(app: Flask) -> None:
    """What the line's author wrote cannot steer the screen of whoever imports it."""
    reason = only_problem(
        '{"title": "x", "\\u001b[2Jevil\\ud800": 1, "' + "z" * 5_000 + '": 2}'
    ).reason
    assert reason.isprintable()
    assert len(reason) <= importing.LONGEST_REASON


def test_signs_that_are_no_text_are_dropped(app: Flask) -> None:
    """NUL, half characters and directions leave the words as they are."""
    run('{"title": "A\\u0000 good\\u202e title\\ud800", "problem": "a\\u2028b\\u0085c"}')
    revision = db.session().scalars(select(Revision)).one()
    assert revision.title == "A good title"
    assert revision.content.problem == "<p>a\u2028bc</p>"


def test_city_of_a_record_is_the_authors(app: Flask) -> None:
    """Whatever the record says: nobody writes for another city."""
    run(line(city="gn:1835848"))
    practice = db.session().scalars(select(Practice)).one()
    assert practice.city_id == actor("official").city_id
