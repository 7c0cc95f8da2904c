"""The pages of one membership: the case, and the question before each step."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast

from flask import g, render_template, request

from citynet.admin import queries, telling
from citynet.cities import policy as city_policy
from citynet.cities import queries as cities
from citynet.cities import service, terms
from citynet.cities.models import Application, Category, City, Membership, Standing
from citynet.cities.queries import team
from citynet.cities.queries.applications import open_at
from citynet.kit import audit, db
from citynet.kit.errors import Conflict
from citynet.kit.i18n import _
from citynet.practices import queries as practices

NEWEST = 5


@dataclass(frozen=True)
class Rights:
    """What may be done with a membership from where it stands."""

    moves: list[Standing]
    can_renew: bool
    has_term: bool
    # The application by which the city is admitted or declined, with the letter about it.
    application: Application | None


def moves_from(before: Standing) -> list[Standing]:
    """Return where a membership may go from here."""
    return [after for after in Standing if city_policy.can_move(before, after)]


def rights_of(membership: Membership) -> Rights:
    """Return what may be done with a membership."""
    standing = Standing(membership.standing)
    has_end = membership.until_day is not None
    waiting = application_of(membership)
    return Rights(
        moves=moves_from(standing) if waiting is None else [],
        can_renew=standing in city_policy.RENEWABLE and (has_end or standing == Standing.LAPSED),
        has_term=standing != Standing.APPLIED,
        application=waiting,
    )


def application_of(membership: Membership) -> Application | None:
    """Return the open application of a city that is no member: its own page decides on it."""
    is_decided_there = membership.standing in (Standing.APPLIED, Standing.ENDED)
    return open_at(f"city:{membership.city_id}") if is_decided_there else None


def require_no_application(slug: str) -> None:
    """Refuse to change a standing past an open application, whose sender waits for a letter.

    Raises:
        Conflict: there is one.
    """
    _city, membership = cities.get_case(g.actor, slug)
    if application_of(membership) is not None:
        raise Conflict(_("The city applied. Decide on its application: the letter goes with it."))


def case(slug: str, errors: Mapping[str, str] | None = None) -> str:
    """Show everything of one city; `errors` tells why a step was not taken."""
    city, membership = cities.get_case(g.actor, slug)
    return render_template(
        "admin/membership.html", city=city, membership=membership, rights=rights_of(membership),
        history=cities.history(membership), team=team.team(city.id),
        invitations=team.open_invitations(city.id), requests=team.requests_waiting(city.id),
        counts=practices.counts_by_state(city.id),
        page=practices.latest(g.actor, city_id=city.id, size=NEWEST),
        acts=_acts(city.id), applications=cities.applications_of(city.id),
        chapters=cities.chapters_shown(g.actor), errors=errors or {},
        reason=request.form.get("reason", ""),
    )  # fmt: skip


def _acts(city_id: int) -> list[telling.Line]:
    """Return the newest acts about a city, in words."""
    newest = queries.acts(audit.Entry.city_id == city_id).order_by(audit.Entry.position.desc())
    found = db.session().execute(newest.limit(NEWEST)).all()
    # The row of a query is no tuple to the type checker, though it is one.
    return telling.for_secretariat([cast(queries.ActRow, tuple(row)) for row in found])


def standing_step(slug: str, after: str, errors: Mapping[str, str] | None = None) -> str:
    """Ask for the reason, and where a term begins for its end and category."""
    city, membership = cities.get_case(g.actor, slug)
    begins = after == Standing.ACTIVE and membership.standing != Standing.SUSPENDED
    usual = terms.usual_end(terms.today())
    typed = {"until": usual.isoformat() if usual else "", "category": membership.category}
    return _step(
        "standing", city, membership, errors, typed, after=after, begins=begins,
        officials=len(cities.officials_of(city.id)),
    )  # fmt: skip


def renewal_step(slug: str, errors: Mapping[str, str] | None = None) -> str:
    """Ask until when and why."""
    city, membership = cities.get_case(g.actor, slug)
    usual = terms.renewed_end(membership.until_day)
    typed = {"until": usual.isoformat() if usual else ""}
    return _step("renewal", city, membership, errors, typed)


def term_step(slug: str, errors: Mapping[str, str] | None = None) -> str:
    """Ask for the days as they should have been written down."""
    city, membership = cities.get_case(g.actor, slug)
    first, last = membership.from_day, membership.until_day
    typed = {
        "from": first.isoformat() if first else "",
        "until": last.isoformat() if last else "",
    }
    return _step("term", city, membership, errors, typed)


def category_step(slug: str, errors: Mapping[str, str] | None = None) -> str:
    """Ask for the category and why."""
    city, membership = cities.get_case(g.actor, slug)
    other = next(one for one in Category if one != membership.category)
    return _step("category", city, membership, errors, {"category": other})


def data_step(slug: str, errors: Mapping[str, str] | None = None) -> str:
    """Ask for the city's data."""
    city, membership = cities.get_case(g.actor, slug)
    known = vars(service.data_of(city)).items()
    typed = {name: "" if value is None else str(value) for name, value in known}
    return _step("data", city, membership, errors, typed, mark=service.mark_of(city))


def chapter_step(slug: str, errors: Mapping[str, str] | None = None) -> str:
    """Ask to which chapter the city belongs."""
    city, membership = cities.get_case(g.actor, slug)
    typed = {"chapter": city.chapter.slug if city.chapter else ""}
    return _step("chapter", city, membership, errors, typed, chapters=cities.chapters())


def _step(
    name: str, city: City, membership: Membership, errors: Mapping[str, str] | None,
    typed: Mapping[str, str], **more: object,
) -> str:  # fmt: skip
    """Show a step's form; what was typed stands there again after an error."""
    if errors:
        typed = {**typed, **{key: request.form.get(key, typed[key]) for key in typed}}
    return render_template(
        f"admin/steps/{name}.html", city=city, membership=membership, errors=errors or {},
        typed=typed, reason=request.form.get("reason", ""), **more,
    )  # fmt: skip
