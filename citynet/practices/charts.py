"""How results show: which have figures that can be drawn, and what vouches for each.

A cell is what people typed: "60 days", "1.200", "2,5", "12%". It is drawn only where both cells
are surely numbers of the same thing; where the notation or the unit leaves a doubt, the table
alone tells it. A missing chart misleads nobody, a wrong one does.
"""

from __future__ import annotations

import enum
import re
from collections.abc import Container, Sequence
from dataclasses import dataclass
from decimal import Decimal

from citynet.kit.i18n import lazy
from citynet.practices.content import Content
from citynet.practices.fields import Result, ResultKind

# What a short text in a chart holds; the table has the whole.
LONGEST_TEXT = 36
MOST_DIGITS = 15
# The sign that parts thousands, by the language of the text.
THOUSANDS = {"en": ",", "id": "."}
_NUMBER = re.compile(r"(?<![A-Za-z0-9.,])[0-9]+(?:[.,][0-9]+|[ \u00a0\u202f][0-9]{3}(?![0-9]))*")
_GROUPS = re.compile(r"[1-9][0-9]{0,2}(?:(?P<by>[., \u00a0\u202f])[0-9]{3})(?:(?P=by)[0-9]{3})*")
_ABOUT = re.compile(
    r"^(?:about|around|approx(?:imately|\.)?|circa|ca\.|kira-kira|sekitar|kurang lebih|[~≈±])\s*",
    re.IGNORECASE,
)
_CURRENCY = re.compile(r"^(rp\.?|idr|us\$|usd)(?=[0-9])", re.IGNORECASE)
_MANY = {
    "thousand": 3, "ribu": 3, "rb": 3, "million": 6, "juta": 6, "jt": 6, "billion": 9,
    "miliar": 9, "milyar": 9, "trillion": 12, "triliun": 12,
}  # fmt: skip
_SAME = {
    "percent": "%", "per cent": "%", "persen": "%", "rupiah": "rp", "idr": "rp", "rp.": "rp",
    "usd": "us$", "minutes": "minute", "hours": "hour", "days": "day", "weeks": "week",
    "months": "month", "years": "year", "visits": "visit", "people": "person",
    "persons": "person",
}  # fmt: skip


class Evidence(enum.StrEnum):
    """What vouches for a result, from the least to the most."""

    SELF_REPORTED = "self_reported"
    LINKED = "linked"
    ATTACHED = "attached"
    CONFIRMED = "confirmed"


EVIDENCE = {
    Evidence.SELF_REPORTED: lazy("Self-reported"),
    Evidence.LINKED: lazy("Document linked"),
    Evidence.ATTACHED: lazy("Document attached"),
    Evidence.CONFIRMED: lazy("Confirmed by a city that replicated it"),
}


@dataclass(frozen=True)
class Bar:
    """One of the two bars: the text as typed, and its length for SVG."""

    text: str
    length: str


@dataclass(frozen=True)
class Chart:
    """Before and after, drawn to the same scale from zero."""

    before: Bar
    after: Bar


@dataclass(frozen=True)
class Told:
    """A result with its chart, where it can be drawn, and what vouches for it."""

    row: Result
    chart: Chart | None
    evidence: Evidence


@dataclass(frozen=True)
class Amount:
    """What a cell says: a number and of what."""

    number: Decimal
    unit: str


def told(
    content: Content, documents: Container[str] = (), *, original: Content | None = None
) -> list[Told]:
    """Return the results as a page shows them, in the author's order.

    `documents` are the numbers of the attachments that the text has. Of a translation the
    `original` gives the figures that are drawn, in the notation they were written in.
    """
    facts = original or content
    return [
        Told(row, chart_of(fact, facts.language, row), evidence_of(fact, documents))
        for row, fact in zip(content.results, facts.results, strict=True)
    ]


def lacks_outcome(rows: Sequence[Result]) -> bool:
    """Tell whether the results say only what was built, not what changed for people."""
    return bool(rows) and all(row.kind == ResultKind.OUTPUT for row in rows)


def evidence_of(row: Result, documents: Container[str] = ()) -> Evidence:
    """Return what vouches for a result."""
    if row.document and row.document in documents:
        return Evidence.ATTACHED
    return Evidence.LINKED if re.search(r"https?://\S", row.source) else Evidence.SELF_REPORTED


def best_evidence(rows: Sequence[Result], documents: Container[str] = ()) -> Evidence | None:
    """Return the best that vouches for a result; None where nothing was measured yet."""
    found = [evidence_of(row, documents) for row in rows if not row.expected]
    return max(found, key=list(Evidence).index, default=None)


def chart_of(row: Result, language: str, shown: Result | None = None) -> Chart | None:
    """Return the chart of a result; None where it cannot surely be drawn.

    `shown` is the row whose words stand at the bars, where it is another.
    """
    before, after = amount_of(row.before, language), amount_of(row.after, language)
    if before is None or after is None or not _are_alike(before.unit, after.unit, row.unit):
        return None
    most = max(before.number, after.number)
    if most == 0:
        return None
    texts = shown or row
    return Chart(_bar(texts.before, before.number / most), _bar(texts.after, after.number / most))


def amount_of(text: str, language: str) -> Amount | None:
    """Read a cell; None where it is no number, several, less than nothing or unclear."""
    text = _CURRENCY.sub(r"\1 ", _ABOUT.sub("", text.strip()))
    found = list(_NUMBER.finditer(text))
    if len(found) != 1 or re.search(r"[-−–<>≤≥/+*^=]|[0-9][eE][0-9]", text):
        return None
    written = found[0].group()
    number = _number(written, language)
    if number is None or sum(sign.isdigit() for sign in written) > MOST_DIGITS:
        return None
    around = f"{text[: found[0].start()]} {text[found[0].end() :]}".casefold().split()
    has_more = any(re.search(r"[0-9]", word) and not word[0].isalpha() for word in around)
    if has_more or _is_bound(around):
        return None
    for word in around:
        number *= Decimal(10) ** _MANY.get(word, 0)
    return Amount(number, _unit(" ".join(word for word in around if word not in _MANY)))


def _number(written: str, language: str) -> Decimal | None:
    """Read digits in the notation of a language; None where the other one may be meant."""
    groups = _GROUPS.fullmatch(written)
    if groups and groups["by"].isspace():
        return Decimal(re.sub(r"\s", "", written))
    if re.search(r"\s", written):
        return None
    signs = re.findall(r"[.,]", written)
    if not signs:
        return Decimal(written)
    if groups:
        is_clear = len(signs) > 1 or signs[0] == THOUSANDS.get(language)
        return Decimal(re.sub(r"[.,]", "", written)) if is_clear else None
    whole, _sign, part = written.rpartition(signs[-1])
    if len(signs) == 1:
        return Decimal(f"{whole}.{part}")
    found = _GROUPS.fullmatch(whole)
    is_mixed = found is not None and found["by"] != signs[-1]
    return Decimal(f"{re.sub(r'[.,]', '', whole)}.{part}") if is_mixed else None


def _is_bound(words: Sequence[str]) -> bool:
    """Tell whether the words make the number a bound or one of several."""
    bounds = {"under", "over", "than", "least", "most", "to", "kurang", "lebih", "hingga",
              "sampai", "minimal", "maksimal", "minus", "of", "dari"}  # fmt: skip
    return bool(bounds & set(words))


def _unit(text: str) -> str:
    text = text.strip(" .,:;()").casefold()
    return _SAME.get(text, text)


def _are_alike(before: str, after: str, unit: str) -> bool:
    """Tell whether both numbers count the same; a bare one counts what the row names."""
    if before == after:
        return True
    return not (before and after) and (before or after) == _unit(unit)


def _bar(text: str, share: Decimal) -> Bar:
    short = text if len(text) <= LONGEST_TEXT else f"{text[: LONGEST_TEXT - 1]}…"
    return Bar(short, f"{float(share) * 100:.2f}%")
