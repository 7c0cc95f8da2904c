"""The shape of a practice: what may be written, and what is still missing."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from citynet.kit import html
from citynet.kit.errors import Invalid
from citynet.practices import content as contents
from citynet.practices.content import MAY_BE_UNKNOWN, STARRED, Content
from citynet.practices.fields import Status
from tests.network import RECORD

EMPTY = {"title": "A title"}


def refused(**changes: Any) -> dict[str, str]:
    """Return the fields that are refused, with their sentences."""
    with pytest.raises(Invalid) as error:
        contents.read({**RECORD, **changes})
    return error.value.fields


def test_draft_needs_a_title_only(app: Flask) -> None:
    """Nothing else blocks saving."""
    assert contents.read(EMPTY).title == "A title"
    assert refused(title="").keys() == refused(title=" \u200b ").keys() == {"title"}
    with pytest.raises(Invalid) as error:
        contents.read({})
    assert error.value.fields == {"title": "Fill this in."}


@pytest.mark.parametrize(
    ("field", "value", "names"),
    [
        ("title", "x" * 101, "title"),
        ("subtitle", "x" * 201, "subtitle"),
        ("problem", "x" * 20_001, "problem"),
        ("summary", "word " * 201, "summary"),
        ("language", "fr", "language"),
        ("visibility", "secret", "visibility"),
        ("status", "planned", "status"),
        ("dimension", "sea", "dimension"),
        ("topics", ["a", "b", "c", "d"], "topics"),
        ("topics", "licensing", "topics"),
        ("sdgs", [0], "sdgs.0"),
        ("sdgs", [18], "sdgs.0"),
        ("sdgs", ["many"], "sdgs.0"),
        ("started", "in 2019", "started"),
        ("started", "2019-13", "started"),
        ("started", "1850", "started"),
        ("started", "2019-02-31", "started"),
        ("ended", "2019-00-01", "ended"),
        ("source_url", "javascript:alert(1)", "source_url"),
        ("source_url", "http://a b", "source_url"),
        ("source_url", "ftp://a.example", "source_url"),
        ("offers", ["money"], "offers.0"),
        ("unknown", ["title"], "unknown"),
        ("unknown", ["colour"], "unknown"),
        ("blocks", [{"purpose": "no name"}], "blocks.0.name"),
        ("blocks", [{"name": "x", "colour": "red"}], "blocks.0.colour"),
        ("blocks", [{"name": "x"}] * 31, "blocks"),
        ("blocks", "one", "blocks"),
        ("results", [{"indicator": "days", "before": 3}], "results.0.before"),
        ("results", [{"indicator": "x"}] * 51, "results"),
        ("colour", "red", "colour"),
        ("title", None, "title"),
        ("title", {"en": "x"}, "title"),
    ],
)
def test_value_that_cannot_be_taken_is_named(
    app: Flask, field: str, value: Any, names: str
) -> None:
    """By its field, a row's by its place, with a sentence that tells what would do."""
    problems = refused(**{field: value})
    assert problems.keys() == {names}
    assert problems[names].endswith(".")


@pytest.mark.parametrize(
    ("field", "value", "word"),
    [("language", "fr", "Indonesian"), ("started", "soon", "year"), ("source_url", "x", "link"),
     ("title", "", "Fill"), ("title", "x" * 101, "to 100 characters"),
     ("topics", ["a"] * 4, "at most 3"),
     ("colour", "red", "no such field"), ("status", "planned", "cannot be taken")],
)  # fmt: skip
def test_sentence_tells_what_would_do(app: Flask, field: str, value: Any, word: str) -> None:
    """Each kind of mistake has its own."""
    assert word in refused(**{field: value})[field]


def test_every_problem_is_told_at_once(app: Flask) -> None:
    """Nobody mends one to be told of the next."""
    assert refused(title="", subtitle="x" * 201, status="x").keys() == {
        "title",
        "subtitle",
        "status",
    }


def test_text_is_tidied(app: Flask) -> None:
    """White space at the ends, control characters and Windows line ends go; paragraphs stay."""
    content = contents.read(
        {**EMPTY, "title": "  One \n two\u202e ", "problem": "\r\n a\x00b\r\n\r\nc \r\n"}
    )
    assert content.title == "One two"
    assert content.problem == "<p>ab</p><p>c</p>"


@pytest.mark.parametrize(
    ("started", "year"),
    [("", None), ("2019", 2019), ("2019-10", 2019), ("2019-10-16", 2019), ("1987", 1987)],
)
def test_year_is_read_from_the_start(app: Flask, started: str, year: int | None) -> None:
    """A year, a month or a day; or nothing."""
    assert contents.started_year(contents.read({**EMPTY, "started": started})) == year


def test_missing_names_the_starred_fields_in_the_authors_order(app: Flask) -> None:
    """All but the title for a new draft, none for a whole one."""
    assert contents.missing(contents.read(EMPTY)) == [name for name in STARRED if name != "title"]
    assert contents.missing(contents.read(RECORD)) == []


@pytest.mark.parametrize("name", STARRED)
def test_starred_field_is_answered_or_honestly_unknown(app: Flask, name: str) -> None:
    """Some may be unknown; title, subtitle, summary, topics and status may not."""
    if name == "title":
        return
    without = {**RECORD, name: () if name in ("topics", "blocks", "results") else ""}
    if name == "status":
        without["status"] = None
    without["unknown"] = [other for other in RECORD["unknown"] if other != name]
    assert contents.missing(contents.read(without)) == [name]
    if name in MAY_BE_UNKNOWN:
        assert (
            contents.missing(contents.read({**without, "unknown": [*without["unknown"], name]}))
            == []
        )
    else:
        with pytest.raises(Invalid):
            contents.read({**without, "unknown": [name]})


def test_stopped_practice_tells_why(app: Flask) -> None:
    """Failure teaches only with its reason."""
    stopped = {**RECORD, "status": Status.STOPPED}
    assert contents.missing(contents.read(stopped)) == ["stopped_reason"]
    assert contents.missing(contents.read({**stopped, "stopped_reason": "The law changed."})) == []


def test_completeness_grows_to_a_hundred(app: Flask) -> None:
    """It guides and never blocks."""
    half = {name: RECORD[name] for name in ("title", "subtitle", "agency", "summary", "topics")}
    steps = [contents.completeness_percent(contents.read(data)) for data in (EMPTY, half, RECORD)]
    assert steps == sorted(set(steps))
    assert steps[-1] == 100


def test_texts_for_the_index_hold_every_long_answer(app: Flask) -> None:
    """What a reader sees, search finds; the building blocks stand apart."""
    texts = {
        name: f"word-of-{name}" for name, field in Content.model_fields.items()
        if field.annotation is str and name not in (
            "title", "subtitle", "language", "summary", "started", "ended", "source_url",
            "licence", "source_name", "contact_office", "contact_backup", "contact_email",
            "leftover",
            "cost_setup", "cost_yearly", "cost_currency", "cost_year",
        )
    }  # fmt: skip
    content = contents.read(
        {
            **EMPTY, **texts,
            "blocks": [{"name": "b1", "purpose": "b2", "needs": "b3", "lesson": "b4"}],
            "results": [{"indicator": "r1", "unit": "r2", "source": "r3"}],
            "phases": [{"name": "p1", "text": "p2"}],
            "staff": [{"role": "s1", "skills": "s2"}],
            "laws": [{"title": "l1", "number": "l2"}],
            "honours": [{"name": "h1", "issuer": "h2"}],
            "leftover": "not placed yet", "contact_email": "office@city.example",
        }
    )  # fmt: skip
    blocks = contents.blocks_text(content)
    found = f"{contents.full_text(content)}\n{blocks}"
    rows = "b1 b2 b3 b4 r1 r2 r3 p1 p2 s1 s2 l1 l2 h1 h2"
    for word in (*texts.values(), *rows.split()):
        assert found.splitlines().count(word) == 1, word
    assert blocks == "b1\nb2\nb3\nb4"
    assert "placed" not in found
    assert "office@" not in found


def test_rich_text_is_cleaned_and_keeps_its_structure(app: Flask) -> None:
    """Headings, lists and tables stay; what runs, styles and pictures go."""
    dirty = (
        '<h2 onclick="x()">Cost</h2><ul><li>one<script>alert(1)</script></li></ul>'
        '<table><tr><td style="color:red">1</td></tr></table><img src=x onerror=alert(1)>'
    )
    content = contents.read({**EMPTY, "cost": dirty, "blocks": [{"name": "b", "purpose": dirty}]})
    assert content.cost == content.blocks[0].purpose
    assert content.cost == (
        "<h2>Cost</h2><ul><li>one</li></ul><table><tbody><tr><td>1</td></tr></tbody></table>"
    )


@pytest.mark.parametrize("text", ["a < b and c > d", "<3 & <script>alert(1)</script>", "&lt;p&gt;"])
def test_plain_text_with_signs_is_text(app: Flask, text: str) -> None:
    """Nobody who writes a comparison loses half of it."""
    content = contents.read({**EMPTY, "problem": text})
    assert "<script" not in content.problem
    assert html.plain(content.problem) == text
    assert contents.read({**EMPTY, "problem": content.problem}) == content


def test_rich_text_of_tags_only_is_no_answer(app: Flask) -> None:
    """An emptied editor leaves markup behind."""
    content = contents.read({**EMPTY, "problem": "<p><br></p><p> </p>"})
    assert content.problem == ""
    assert "problem" in contents.missing(content)


@pytest.mark.parametrize(
    ("name", "told"),
    [("cost", {"cost_setup": "1200000"}), ("cost", {"cost_band": "to_100k"}),
     ("staffing", {"staff": [{"role": "Officer", "people": "2.5"}]}),
     ("legal_basis", {"laws": [{"title": "Regent's Regulation", "number": "36/2018"}]})],
)  # fmt: skip
def test_rows_and_figures_answer_too(app: Flask, name: str, told: dict[str, Any]) -> None:
    """Nobody writes a sentence to repeat a figure."""
    without = {**RECORD, name: "", "unknown": [one for one in RECORD["unknown"] if one != name]}
    assert contents.missing(contents.read(without)) == [name]
    assert contents.missing(contents.read({**without, **told})) == []


@pytest.mark.parametrize(
    ("field", "value"),
    [("cost_setup", "about a million"), ("cost_currency", "rupiah"), ("cost_year", "last year"),
     ("contact_email", "office at city"), ("cost_band", "cheap"), ("problem", "<p>" * 40_000)],
)  # fmt: skip
def test_wrong_figure_is_named(app: Flask, field: str, value: str) -> None:
    """Each with what would do."""
    assert refused(**{field: value}).keys() == {field}


def test_content_survives_its_way_through_the_database(app: Flask) -> None:
    """Every field comes back as it was."""
    content = contents.read(
        {
            **RECORD, "sdgs": [11, 16], "offers": ["call"], "dimension": "governance",
            "results": [{"indicator": "Days", "before": "30", "after": "1", "expected": True}],
        }
    )  # fmt: skip
    assert Content.model_validate_json(content.model_dump_json()) == content


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=30),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3)
    ),
    max_leaves=8,
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(record=st.dictionaries(st.sampled_from([*Content.model_fields, "x"]), anything, max_size=6))
def test_any_record_is_taken_or_refused_by_field(app: Flask, record: dict[str, Any]) -> None:
    """No value, however strange, ends in anything but content or sentences."""
    try:
        content = contents.read({**EMPTY, **record})
    except Invalid as error:
        problems, content = error.fields, contents.read(EMPTY)
    else:
        problems = {"": "none"}
    assert problems
    assert all(problems.values())
    assert Content.model_validate_json(content.model_dump_json()) == content
