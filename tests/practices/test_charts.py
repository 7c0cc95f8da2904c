"""Which results are drawn, how long their bars are, and what vouches for them."""

from __future__ import annotations

from decimal import Decimal

import pytest

from citynet.practices import content as contents
from citynet.practices.charts import Evidence, amount_of, chart_of, evidence_of, lacks_outcome, told
from citynet.practices.fields import Result
from tests import network


@pytest.mark.parametrize(
    ("text", "language", "number", "unit"),
    [
        ("60 days", "en", "60", "day"),
        ("60 hari", "id", "60", "hari"),
        ("1.200", "id", "1200", ""),
        ("1,200", "en", "1200", ""),
        ("2,5", "id", "2.5", ""),
        ("2,5", "en", "2.5", ""),
        ("2.5", "id", "2.5", ""),
        ("0.125", "id", "0.125", ""),
        ("12%", "en", "12", "%"),
        ("12 persen", "id", "12", "%"),
        ("1.234,5", "en", "1234.5", ""),
        ("1,234.5", "id", "1234.5", ""),
        ("1.234.567", "en", "1234567", ""),
        ("12 000 visits", "en", "12000", "visit"),
        ("Rp 1,5 miliar", "id", "1500000000", "rp"),
        ("Rp1.500.000", "en", "1500000", "rp"),
        ("Rp1.500", "en", None, ""),
        ("IDR 3 juta", "id", "3000000", "rp"),
        ("US$ 2.5 million", "en", "2500000", "us$"),
        ("about 60 days", "en", "60", "day"),
        ("±60 hari", "id", "60", "hari"),
        ("40 m2", "en", "40", "m2"),
        ("35 mg PM2.5", "en", "35", "mg pm2.5"),
        ("3 days.", "en", "3", "day"),
        ("007", "en", "7", ""),
    ],
)
def test_number_is_read_as_it_was_typed(
    text: str, language: str, number: str | None, unit: str
) -> None:
    """In both notations, with unit, percent, currency and words for many."""
    found = amount_of(text, language)
    if number is None:
        assert found is None
    else:
        assert found is not None
        assert (found.number, found.unit) == (Decimal(number), unit)


@pytest.mark.parametrize(
    "text",
    [
        "", "none", "yes", "5-10 days", "5–10", "2 to 3", "1/2", "1 day 3 hours", "<5", "≥ 90%",
        "more than 5", "lebih dari 5", "kurang dari 5", "up to 9", "-5", "−5 °C", "1e5", "5+",
        "1.2.3", "1,2,3", "12.34.56", "1 20", "2019 300", "5 of 10", "6 dari 10", "９９", "٦٠",
        "9" * 90, "1.", "5 * 3", "2019-10-16", "1,,2", "∞", "1\u2028000",
    ],
)  # fmt: skip
@pytest.mark.parametrize("language", ["en", "id"])
def test_what_is_not_surely_one_number_is_not_read(text: str, language: str) -> None:
    """A range, a bound, a fraction, a date and a guess are left to the table."""
    found = amount_of(text, language)
    assert found is None or (text == "1." and found.number == 1)


@pytest.mark.parametrize(("text", "language"), [("1.200", "en"), ("1,200", "id")])
def test_thousand_that_may_be_a_fraction_is_not_drawn(text: str, language: str) -> None:
    """In English 1.200 may be an Indonesian's thousand: no bar is better than a wrong one."""
    assert amount_of(text, language) is None


def row(before: str, after: str, **values: str) -> Result:
    """Return a row of results."""
    return Result(indicator="Time", before=before, after=after, **values)  # type: ignore[arg-type]


def test_bars_begin_at_zero_and_share_a_scale() -> None:
    """The larger fills the width."""
    chart = chart_of(row("60 days", "15 days"), "en")
    assert chart is not None
    assert (chart.before.length, chart.after.length) == ("100.00%", "25.00%")
    assert (chart.before.text, chart.after.text) == ("60 days", "15 days")


@pytest.mark.parametrize(
    ("before", "after", "unit", "is_drawn"),
    [
        ("2 months", "5 days", "", False),
        ("2 months", "5", "days", False),
        ("60 days", "5", "days", True),
        ("60", "5 days", "Days", True),
        ("60 days", "5", "", False),
        ("1 day", "3 days", "", True),
        ("12%", "24 percent", "%", True),
        ("0", "0", "", False),
        ("0", "3", "", True),
        ("", "3", "", False),
        ("none", "3", "", False),
    ],
)
def test_only_like_is_drawn_beside_like(before: str, after: str, unit: str, is_drawn: bool) -> None:
    """Two months against five days would be a lie as bars."""
    assert (chart_of(row(before, after, unit=unit), "en") is not None) is is_drawn


def test_huge_and_tiny_figures_give_lengths_svg_can_take() -> None:
    """No exponent, nothing above the whole."""
    chart = chart_of(row("9" * 15, "0.000001"), "en")
    assert chart is not None
    assert (chart.before.length, chart.after.length) == ("100.00%", "0.00%")
    many = chart_of(row("1 trillion", "9 trillion trillion trillion"), "en")
    assert many is not None
    assert many.after.length == "100.00%"


def test_long_cell_is_shortened_in_the_chart() -> None:
    """A hundred characters would run out of the picture."""
    words = "60 " + "very " * 19
    chart = chart_of(row(words.strip(), words.strip()), "en")
    assert chart is not None
    assert len(chart.before.text) == 36


def test_evidence_is_what_vouches_for_the_result() -> None:
    """A document attached is more than a link, a link more than a word."""
    assert evidence_of(row("1", "2", source="Annual report")) == Evidence.SELF_REPORTED
    assert evidence_of(row("1", "2", source="See https://a.example/b.pdf")) == Evidence.LINKED
    assert evidence_of(row("1", "2", document="7"), {"7"}) == Evidence.ATTACHED


def test_document_that_was_taken_away_vouches_for_nothing() -> None:
    """The number alone is no evidence."""
    assert evidence_of(row("1", "2", document="7"), {"8"}) == Evidence.SELF_REPORTED


def test_outputs_without_an_outcome_are_noticed() -> None:
    """One outcome is enough; no results is another matter."""
    output, outcome = row("0", "9", kind="output"), row("60", "5")
    assert lacks_outcome([output])
    assert not lacks_outcome([output, outcome])
    assert not lacks_outcome([])


def test_results_come_in_the_authors_order() -> None:
    """With chart or without."""
    rows = [{"indicator": "A", "before": "2", "after": "1"}, {"indicator": "B"}]
    found = told(contents.read({**network.RECORD, "results": rows}))
    assert [(one.row.indicator, one.chart is None) for one in found] == [("A", False), ("B", True)]
