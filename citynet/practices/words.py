"""The words a reader sees for the fields and closed sets of a practice."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation

from flask_babel import format_date, format_decimal

from citynet.kit.i18n import lazy, show_date
from citynet.practices.content import STARRED, Content
from citynet.practices.fields import (
    CostBand,
    Dimension,
    Offer,
    Phase,
    ResultKind,
    Status,
    Visibility,
)

LABELS = {
    "title": lazy("Title"),
    "subtitle": lazy("The practice in one line"),
    "language": lazy("Language you write in"),
    "visibility": lazy("Who may read it"),
    "agency": lazy("Responsible agency"),
    "summary": lazy("Summary"),
    "topics": lazy("Topics"),
    "dimension": lazy("Smart-city dimension"),
    "sdgs": lazy("Sustainable Development Goals"),
    "status": lazy("Status"),
    "stopped_reason": lazy("Why it was stopped"),
    "started": lazy("Started"),
    "ended": lazy("Ended"),
    "problem": lazy("The problem before, and whom it hit"),
    "blocks": lazy("What was done: building blocks"),
    "phases": lazy("Timeline"),
    "cost_setup": lazy("Cost to set it up"),
    "cost_yearly": lazy("Cost for each year"),
    "cost_currency": lazy("Currency"),
    "cost_year": lazy("Year of the prices"),
    "cost_funds": lazy("Source of funds"),
    "cost_band": lazy("Roughly, in US dollars"),
    "cost": lazy("Cost and source of funds"),
    "cost_unknown_why": lazy("Why the cost is not known"),
    "staff": lazy("Roles and how many people"),
    "staffing": lazy("Staffing and partners"),
    "laws": lazy("Laws and regulations"),
    "legal_basis": lazy("Legal basis"),
    "results": lazy("Results"),
    "difficulties": lazy("Difficulties"),
    "lessons": lazy("Lessons"),
    "not_again": lazy("What we would not do again"),
    "replicate_needs": lazy("What must exist to replicate it"),
    "replicate_adapt": lazy("What can be adapted"),
    "replicate_not": lazy("What not to copy"),
    "replicate_smallest": lazy("The smallest version worth having"),
    "culture": lazy("Local culture and context"),
    "upkeep": lazy("Keeping it alive"),
    "honours": lazy("Awards received"),
    "awards": lazy("Awards"),
    "contact_office": lazy("Contact office"),
    "contact_backup": lazy("Second contact"),
    "contact_email": lazy("Mail address for the yearly question"),
    "offers": lazy("What you can offer to other cities"),
    "licence": lazy("Licence"),
    "source_url": lazy("Link to the source"),
    "source_name": lazy("Name of the source"),
    "unknown": lazy("Not known"),
    "leftover": lazy("Still to be placed"),
}
STATUSES = {
    Status.PILOT: lazy("Pilot"),
    Status.RUNNING: lazy("Running"),
    Status.SCALED: lazy("Scaled up"),
    Status.STOPPED: lazy("Stopped"),
}
VISIBILITIES = {
    Visibility.PUBLIC: lazy("Everyone"),
    Visibility.MEMBERS: lazy("Members of the network only"),
}
COST_BANDS = {
    CostBand.UNDER_10K: lazy("Under 10,000 US dollars"),
    CostBand.TO_100K: lazy("10,000 to 100,000 US dollars"),
    CostBand.TO_1M: lazy("100,000 to 1 million US dollars"),
    CostBand.OVER_1M: lazy("Over 1 million US dollars"),
}
RESULT_KINDS = {
    ResultKind.OUTCOME: lazy("Outcome: what people feel, such as fewer days"),
    ResultKind.OUTPUT: lazy("Output: what was built or done"),
}
DIMENSIONS = {
    Dimension.GOVERNANCE: lazy("Smart governance"),
    Dimension.BRANDING: lazy("Smart branding"),
    Dimension.ECONOMY: lazy("Smart economy"),
    Dimension.LIVING: lazy("Smart living"),
    Dimension.SOCIETY: lazy("Smart society"),
    Dimension.ENVIRONMENT: lazy("Smart environment"),
}
OFFERS = {
    Offer.CALL: lazy("A call"),
    Offer.VISIT: lazy("A visit"),
    Offer.DOCUMENTS: lazy("Documents"),
    Offer.CODE: lazy("Source code"),
}
SDGS = {
    1: lazy("1 No poverty"),
    2: lazy("2 Zero hunger"),
    3: lazy("3 Good health and well-being"),
    4: lazy("4 Quality education"),
    5: lazy("5 Gender equality"),
    6: lazy("6 Clean water and sanitation"),
    7: lazy("7 Affordable and clean energy"),
    8: lazy("8 Decent work and economic growth"),
    9: lazy("9 Industry, innovation and infrastructure"),
    10: lazy("10 Reduced inequalities"),
    11: lazy("11 Sustainable cities and communities"),
    12: lazy("12 Responsible consumption and production"),
    13: lazy("13 Climate action"),
    14: lazy("14 Life below water"),
    15: lazy("15 Life on land"),
    16: lazy("16 Peace, justice and strong institutions"),
    17: lazy("17 Partnerships for the goals"),
}
LICENCES = {
    "CC-BY-4.0": ("CC BY 4.0", "https://creativecommons.org/licenses/by/4.0/"),
    "CC-BY-SA-4.0": ("CC BY-SA 4.0", "https://creativecommons.org/licenses/by-sa/4.0/"),
    "CC0-1.0": ("CC0 1.0", "https://creativecommons.org/publicdomain/zero/1.0/"),
}


@dataclass(frozen=True)
class Part:
    """A part of a practice's page below the summary: its anchor, heading and fields."""

    id: str
    title: str
    fields: tuple[str, ...]


# In the order of product.md, save that what changed stands before what it took.
PARTS = (
    *(Part(name, LABELS[name], (name,)) for name in ("problem", "blocks", "phases", "results")),
    Part(
        "cost", LABELS["cost"],
        ("cost_setup", "cost_yearly", "cost_band", "cost_funds", "cost", "cost_unknown_why"),
    ),
    Part("staffing", LABELS["staffing"], ("staff", "staffing")),
    Part("legal_basis", LABELS["legal_basis"], ("laws", "legal_basis")),
    *(Part(name, LABELS[name], (name,)) for name in ("difficulties", "lessons", "not_again")),
    Part(
        "replicate", lazy("To replicate it"),
        ("replicate_needs", "replicate_adapt", "replicate_not", "replicate_smallest"),
    ),
    *(Part(name, LABELS[name], (name,)) for name in ("culture", "upkeep")),
    Part("awards", LABELS["awards"], ("honours", "awards")),
    Part("contact", lazy("Whom to ask"), ("contact_office", "contact_backup", "offers")),
)  # fmt: skip


def parts_of(content: Content, *, is_draft: bool) -> list[Part]:
    """Return the parts a page shows: what is told or marked as not known.

    A draft also shows what is still to be answered.
    """
    told = {name for name in Content.model_fields if getattr(content, name)}
    shown = told | (set(STARRED) & ({*STARRED} if is_draft else {*content.unknown}))
    return [part for part in PARTS if shown & set(part.fields)]


def when(text: str) -> str:
    """Write a year, month or day that an author gave, as the reader's locale does."""
    steps = [int(step) for step in text.split("-") if step]
    try:
        day = date(*[*steps, 1, 1][:3])
    except (TypeError, ValueError):
        return text
    if len(steps) == 1:
        return text
    return show_date(day) if len(steps) == 3 else str(format_date(day, "MMMM y"))


def figure(digits: str) -> str:
    """Write a stored number with the separators of the current language."""
    try:
        return str(format_decimal(Decimal(digits.replace(",", "."))))
    except InvalidOperation:
        return digits


def span(phase: Phase) -> str:
    """Write from when to when a phase went."""
    return " – ".join(when(day) for day in dict.fromkeys((phase.begins, phase.ends)) if day)
