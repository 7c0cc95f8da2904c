"""Letters about decisions before they go: composed, shown to whoever decides, checked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from citynet.cities import terms
from citynet.cities.letters import joining as letters
from citynet.cities.letters.joining import LINK
from citynet.cities.models import Application, Category, City, Role, Standing
from citynet.cities.queries.memberships import membership_of
from citynet.cities.service import casework
from citynet.cities.service.fates import GOING, Fate, ground_of
from citynet.cities.service.history import read_reason
from citynet.kit.errors import Invalid
from citynet.kit.i18n import _, in_language, lazy, show_date
from citynet.kit.letters import Draft, lacks, measured

CATEGORIES = {Category.FULL: lazy("full member"), Category.ASSOCIATE: lazy("associate member")}


@dataclass(frozen=True, kw_only=True)
class Admission:
    """How a city is admitted; the rest is for a city that is not in the table."""

    reason: str
    category: Category
    # None: a term without end.
    until: date | None
    # The applicant's kind, population and area become the city's.
    takes_data: bool = False
    # The row of the table that is meant after all; None: a new one at these coordinates.
    match: City | None = None
    latitude: float | None = None
    longitude: float | None = None


def usual_until() -> date | None:
    """Return the last day of a term that begins today, as the network has it."""
    return terms.usual_end(terms.today())


def question_draft(application: Application, question: str) -> Draft:
    """Return the letter that asks for more.

    Raises:
        Invalid: no question.
    """
    words = _words(question, "question")
    return letters.compose(letters.ASKED, application, question=words)


def refusal_draft(application: Application, reason: str) -> Draft:
    """Return the letter that declines.

    Raises:
        Invalid: no reason, or one longer than 1,000 characters.
    """
    return letters.compose(letters.DECLINED, application, reason=read_reason(reason))


def admission_draft(application: Application, admission: Admission) -> Draft:
    """Return the letter that admits: with the invitation, if the contact gets one.

    Raises:
        Invalid: by the field's name.
    """
    read_reason(admission.reason)
    check_place(application, admission)
    role, _fate = seat_for(application, admission.match or application.city)
    with in_language(application.language):
        day = show_date(admission.until)
        until = _("until %(date)s", date=day) if day else _("without an end")
        category = str(CATEGORIES[admission.category])
    key = letters.ADMITTED if role else letters.ADMITTED_KNOWN
    return letters.compose(key, application, category=category, until=until)


def seat_for(application: Application, city: City | None) -> tuple[Role | None, Fate]:
    """Return what the contact would be invited as, None where nobody is invited, and why."""
    city_id = city.id if city is not None else 0
    fate = ground_of({application.email}, {city_id}).fate(application.email, city_id, Role.LEAD)
    role = Role.LEAD
    if fate == Fate.LED:
        role = Role.OFFICIAL
        fate = ground_of({application.email}, set()).fate(application.email, city_id, role)
    return (role if fate in GOING else None), fate


def checked(draft: Draft) -> Draft:
    """Return a letter as it goes.

    Raises:
        Invalid: by the field's name.
    """
    draft, errors = measured(draft)
    if LINK not in draft.text:
        errors.setdefault("text", lacks(LINK))
    if errors:
        raise Invalid(errors)
    return draft


def check_place(application: Application, admission: Admission) -> None:
    """Refuse a place that is not there, for a city that is not in the table.

    Raises:
        Invalid: by the field's name.
    """
    if application.city_id is not None:
        return
    if (match := admission.match) is not None:
        membership = membership_of(match.id)
        if membership is not None and membership.standing == Standing.ACTIVE:
            words = _("%(city)s is a member already.", city=match.full_name)
            raise Invalid({"match": words})
        return
    errors: dict[str, str] = {}
    if admission.latitude is None or not -90 <= admission.latitude <= 90:
        errors["latitude"] = _("Write a latitude between -90 and 90, such as -7.45.")
    if admission.longitude is None or not -180 <= admission.longitude <= 180:
        errors["longitude"] = _("Write a longitude between -180 and 180, such as 112.72.")
    if errors:
        raise Invalid(errors)


def _words(text: str, field: str) -> str:
    words = "\n".join(text.splitlines()).strip()
    if not words or len(words) > casework.LONGEST_TEXT:
        raise Invalid({field: _("Write it in up to 5,000 characters.")})
    return words
