"""Doors to one membership: the case, and each step with the question before it."""

from __future__ import annotations

from collections.abc import Callable

from flask import flash, g, request, url_for
from werkzeug.utils import redirect

from citynet.admin import fields
from citynet.admin import membership_pages as pages
from citynet.admin.views import Answer, bp
from citynet.cities import policy as city_policy
from citynet.cities import queries as cities
from citynet.cities import service, terms
from citynet.cities.models import Category, City, Kind, Standing
from citynet.kit.doors import policy
from citynet.kit.errors import Conflict, Invalid, require
from citynet.kit.i18n import _, lazy

DONE = {
    Standing.ACTIVE: lazy("%(city)s is an active member now."),
    Standing.SUSPENDED: lazy("%(city)s is suspended now."),
    Standing.LAPSED: lazy("The membership of %(city)s has lapsed."),
    Standing.ENDED: lazy("The membership of %(city)s is ended."),
}


@bp.get("/memberships/<slug>")
@policy("administers")
def membership(slug: str) -> Answer:
    """Show everything of one city with the steps that are possible."""
    return pages.case(slug)


@bp.get("/memberships/<slug>/<any(active, suspended, lapsed, ended):after>")
@policy("administers")
def confirm(slug: str, after: str) -> Answer:
    """Ask for the reason before a standing changes; an application is decided on its own page."""
    _city, membership = cities.get_case(g.actor, slug)
    if (waiting := pages.application_of(membership)) is not None:
        return redirect(url_for("admin.application", application_id=waiting.id))
    return pages.standing_step(slug, after)


@bp.post("/memberships/<slug>/<any(active, suspended, lapsed, ended):after>")
@policy("administers")
def change(slug: str, after: str) -> Answer:
    """Change a standing; who comes second is shown what happened."""
    form, standing = request.form, Standing(after)

    def step(city: City) -> None:
        pages.require_no_application(slug)
        seen, category = form.get("seen", ""), form.get("category", "")
        until = (fields.day(form, "until") or terms.WITHOUT_END) if "until" in form else None
        service.change_standing(
            g.actor, city, standing, reason=form.get("reason", ""), until=until,
            seen=Standing(seen) if seen in list(Standing) else None,
            category=Category(category) if category in list(Category) else None,
        )  # fmt: skip

    return _take(slug, step, lambda e: pages.standing_step(slug, after, e), DONE[standing])


@bp.get("/memberships/<slug>/renewal")
@policy("administers")
def renewal(slug: str) -> Answer:
    """Ask until when a membership is renewed."""
    return pages.renewal_step(slug)


@bp.post("/memberships/<slug>/renewal")
@policy("administers")
def renew(slug: str) -> Answer:
    """Renew a membership; of two who do, the second is shown what happened."""
    form = request.form

    def step(city: City) -> None:
        service.renew(
            g.actor, city, until=fields.day(form, "until"), reason=form.get("reason", ""),
            seen_until=fields.day(form, "seen_until"),
        )  # fmt: skip

    done = lazy("The membership of %(city)s is renewed.")
    return _take(slug, step, lambda errors: pages.renewal_step(slug, errors), done)


@bp.get("/memberships/<slug>/term")
@policy("administers")
def term(slug: str) -> Answer:
    """Ask for the days of the term as they should be."""
    return pages.term_step(slug)


@bp.post("/memberships/<slug>/term")
@policy("administers")
def correct_term(slug: str) -> Answer:
    """Put the days of a term right."""
    form = request.form

    def step(city: City) -> None:
        first = fields.day(form, "from")
        if first is None:
            raise Invalid({"from": _("Write the first day of the term.")})
        service.correct_term(
            g.actor, city, from_day=first, until=fields.day(form, "until"),
            reason=form.get("reason", ""), seen_until=fields.day(form, "seen_until"),
        )  # fmt: skip

    done = lazy("The term of %(city)s is corrected.")
    return _take(slug, step, lambda errors: pages.term_step(slug, errors), done)


@bp.get("/memberships/<slug>/category")
@policy("administers")
def category(slug: str) -> Answer:
    """Ask for another category."""
    return pages.category_step(slug)


@bp.post("/memberships/<slug>/category")
@policy("administers")
def change_category(slug: str) -> Answer:
    """Make a member full or associate."""
    form = request.form

    def step(city: City) -> None:
        wanted, seen = form.get("category", ""), form.get("seen", "")
        if wanted not in list(Category):
            raise Invalid({"category": _("Choose a category.")})
        service.change_category(
            g.actor, city, Category(wanted), reason=form.get("reason", ""),
            seen=Category(seen) if seen in list(Category) else None,
        )  # fmt: skip

    done = lazy("The category of %(city)s is changed.")
    return _take(slug, step, lambda errors: pages.category_step(slug, errors), done)


@bp.get("/memberships/<slug>/data")
@policy("administers")
def city_data(slug: str) -> Answer:
    """Ask for the city's name, kind, population, area and place."""
    return pages.data_step(slug)


@bp.post("/memberships/<slug>/data")
@policy("administers")
def correct_city(slug: str) -> Answer:
    """Put the city's data right."""

    def step(city: City) -> None:
        service.correct_city(g.actor, city, _read_data(), seen=request.form.get("seen", ""))

    done = lazy("The data of %(city)s are corrected.")
    return _take(slug, step, lambda errors: pages.data_step(slug, errors), done)


@bp.get("/memberships/<slug>/chapter")
@policy("can_manage_network")
def city_chapter(slug: str) -> Answer:
    """Ask to which chapter the city belongs."""
    require(city_policy.can_manage_network(g.actor))
    return pages.chapter_step(slug)


@bp.post("/memberships/<slug>/chapter")
@policy("can_manage_network")
def change_city_chapter(slug: str) -> Answer:
    """Put the city into another chapter, or into none."""

    def step(city: City) -> None:
        wanted = request.form.get("chapter", "")
        if wanted:
            service.put_cities(g.actor, cities.get_chapter(wanted), [city])
        else:
            service.take_out(g.actor, [city])

    done = lazy("The chapter of %(city)s is changed.")
    return _take(slug, step, lambda errors: pages.chapter_step(slug, errors), done)


def _take(
    slug: str, step: Callable[[City], None], ask: Callable[[dict[str, str]], str], done: str
) -> Answer:
    """Take a step; ask again where something is missing, show the case where it comes too late."""
    city, _membership = cities.get_case(g.actor, slug)
    try:
        step(city)
    except Invalid as error:
        return ask(error.fields), 422
    except Conflict as error:
        return pages.case(slug, {"": str(error)}), 409
    flash(str(done) % {"city": cities.get_city(slug).full_name}, "success")
    return redirect(url_for("admin.membership", slug=slug))


def _read_data() -> service.CityData:
    """Read the city's data from the form.

    Raises:
        Invalid: what is no number, a kind there is not, no place.
    """
    form = request.form
    latitude, longitude = fields.number(form, "latitude"), fields.number(form, "longitude")
    if latitude is None or longitude is None:
        raise Invalid({"latitude": _("Write both coordinates: they place the city on the map.")})
    if form.get("kind") not in list(Kind):
        raise Invalid({"kind": _("Choose a kind.")})
    return service.CityData(
        name=form.get("name", ""), kind=Kind(form["kind"]),
        population=fields.whole(form, "population"),
        population_year=fields.whole(form, "population_year"),
        area_km2=fields.number(form, "area_km2"), latitude=latitude, longitude=longitude,
    )  # fmt: skip
