"""The pages of one application: the case, the question before a step, its letter before it goes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import g, render_template, request

from citynet.admin import fields
from citynet.cities import queries as cities
from citynet.cities.models import Application, Category, City
from citynet.cities.queries import cases
from citynet.cities.queries.choosing import cities_to_choose, largest_near
from citynet.cities.service import deciding, drafting
from citynet.cities.service.drafting import Admission
from citynet.cities.service.fates import Fate, sentence
from citynet.kit.errors import Invalid
from citynet.kit.i18n import _, show_date
from citynet.kit.letters import Draft

ADMIT, ASK, DECLINE = "admit", "ask", "decline"
PLACE = ("latitude", "longitude")
# What the page of a step asks, carried along while its letter is shown.
FIELDS = {
    ADMIT: ("seen", "reason", "category", "until", "takes_data", "match", "match_other", *PLACE),
    ASK: ("seen", "question"),
    DECLINE: ("seen", "reason"),
}
# The choice of a city that is not in the table.
NEW = "new"


@dataclass(frozen=True)
class Candidates:
    """Where a city that is not in the table may lie: rows it may be, and the city nearby."""

    rows: Sequence[City]
    near: City | None


def case(application: Application, errors: Mapping[str, str] | None = None) -> str:
    """Show all that is known; `errors` tells why a step was not taken, with what was typed."""
    found = cases.case_of(g.actor, application)
    history = cities.history(found.membership) if found.membership is not None else []
    typed = [request.form.get(name, "") for name in ("question", "reason", "text")]
    return render_template(
        "admin/application.html", case=found, one=application, history=history,
        errors=errors or {}, typed=[text for text in typed if text] if errors else [],
    )  # fmt: skip


def step_page(step: str, application: Application, errors: Mapping[str, str] | None = None) -> str:
    """Ask what a step needs to know."""
    typed = {**(_usual(application) if step == ADMIT else {}), **request.form}
    return render_template(
        f"admin/application_steps/{step}.html", one=application, step=step, typed=typed,
        errors=errors or {}, candidates=_candidates(application), seat=_seat(application, None),
    )  # fmt: skip


def letter_page(
    step: str, application: Application, draft: Draft, errors: Mapping[str, str] | None = None
) -> str:
    """Show the letter as it would go, to be changed; what was typed before comes along."""
    return render_template(
        "admin/application_steps/letter.html", one=application, step=step, draft=draft,
        errors=errors or {}, seat=_seat(application, _match()) if step == ADMIT else "",
        kept=[(name, text) for name, text in request.form.items() if name in FIELDS[step]],
    )  # fmt: skip


def composed(step: str, application: Application) -> Draft:
    """Return the letter of a step from what was typed.

    Raises:
        Invalid: by the field's name.
    """
    if step == ADMIT:
        return drafting.admission_draft(application, read_admission(application))
    if step == ASK:
        return drafting.question_draft(application, request.form.get("question", ""))
    return drafting.refusal_draft(application, request.form.get("reason", ""))


def take(step: str, application_id: int, application: Application) -> None:
    """Take a step with the letter that was shown.

    Raises:
        Invalid: by the field's name.
        Conflict: somebody decided first, or the application changed.
    """
    draft = typed_draft()
    seen = fields.whole(request.form, "seen") or 0
    if step == ADMIT:
        admission = read_admission(application)
        deciding.admit(g.actor, application_id, admission, draft, seen=seen)
    elif step == ASK:
        deciding.ask(g.actor, application_id, draft, seen=seen)
    else:
        reason = request.form.get("reason", "")
        deciding.decline(g.actor, application_id, reason, draft, seen=seen)


def typed_draft() -> Draft:
    """Return the letter as it stands in the form."""
    return Draft(request.form.get("subject", ""), request.form.get("text", ""))


def read_admission(application: Application) -> Admission:
    """Read how a city is to be admitted.

    Raises:
        Invalid: by the field's name.
    """
    form = request.form
    category = form.get("category", "")
    if category not in list(Category):
        raise Invalid({"category": _("Choose a category.")})
    is_listed = application.city_id is not None
    return Admission(
        reason=form.get("reason", ""), category=Category(category),
        until=fields.day(form, "until"),
        takes_data=is_listed and bool(form.get("takes_data")),
        match=None if is_listed else _match(),
        latitude=fields.number(form, "latitude"), longitude=fields.number(form, "longitude"),
    )  # fmt: skip


def _match() -> City | None:
    """Return the row of the table that was chosen for a city; None: it becomes a new one."""
    typed = request.form.get("match_other", "").strip()
    chosen = typed or request.form.get("match", NEW)
    if chosen == NEW:
        return None
    city = cities.find_city(chosen[:120])
    if city is None:
        words = _("There is no such city in the table.")
        raise Invalid({"match_other" if typed else "match": words})
    return city


def _usual(application: Application) -> dict[str, str]:
    usual = drafting.usual_until()
    near = None if application.city_id else largest_near(application.country, application.province)
    return {
        "reason": _("Application of %(date)s", date=show_date(application.confirmed_at)),
        "category": Category.FULL, "until": usual.isoformat() if usual else "",
        "match": NEW, "latitude": str(near.latitude) if near else "",
        "longitude": str(near.longitude) if near else "",
    }  # fmt: skip


def _candidates(application: Application) -> Candidates | None:
    if application.city_id is not None:
        return None
    rows = [
        city
        for city, _standing in cities_to_choose(application.name, limit=8)
        if city.country == application.country
    ]
    return Candidates(rows, largest_near(application.country, application.province))


def _seat(application: Application, match: City | None) -> str:
    """Return what the secretariat must know about the contact's invitation, if anything."""
    role, fate = drafting.seat_for(application, match or application.city)
    return "" if role is not None and fate == Fate.NEW else sentence(fate)
