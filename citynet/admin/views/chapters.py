"""Doors to chapters: the list, one with its cities and people, and what changes them."""

from __future__ import annotations

from collections.abc import Mapping

from babel import Locale
from flask import flash, g, render_template, request, url_for
from werkzeug.utils import redirect

from citynet.admin.views import Answer, bp
from citynet.cities import policy as city_policy
from citynet.cities import queries as cities
from citynet.cities import service
from citynet.kit.doors import policy
from citynet.kit.errors import Conflict, Invalid, require
from citynet.kit.i18n import _, current_language, ngettext


@bp.get("/chapters")
@policy("can_manage_network")
def chapters() -> Answer:
    """Show the chapters with how many cities and people each has."""
    require(city_policy.can_manage_network(g.actor))
    return render_template("admin/chapters/list.html", found=cities.chapter_counts())


@bp.get("/chapters/new")
@policy("can_manage_network")
def new_chapter() -> Answer:
    """Ask for the name and country of a chapter."""
    require(city_policy.can_manage_network(g.actor))
    return _form(None, {})


@bp.post("/chapters/new")
@policy("can_manage_network")
def create_chapter() -> Answer:
    """Begin a chapter."""
    form = request.form
    try:
        made = service.create_chapter(
            g.actor, name=form.get("name", ""), country=form.get("country")
        )
    except (Invalid, Conflict) as error:
        return _form(None, _fields(error)), 422 if isinstance(error, Invalid) else 409
    flash(_("%(name)s is begun. Put its cities in, and name its secretariat.", name=made.name))
    return redirect(url_for("admin.chapter", slug=made.slug))


@bp.get("/chapters/<slug>")
@policy("can_manage_network")
def chapter(slug: str) -> Answer:
    """Show a chapter with its cities and its secretariat."""
    require(city_policy.can_manage_network(g.actor))
    return _page(slug)


@bp.get("/chapters/<slug>/edit")
@policy("can_manage_network")
def edit_chapter(slug: str) -> Answer:
    """Ask for another name or country."""
    require(city_policy.can_manage_network(g.actor))
    return _form(slug, {})


@bp.post("/chapters/<slug>/edit")
@policy("can_manage_network")
def change_chapter(slug: str) -> Answer:
    """Give a chapter another name or country."""
    form, found = request.form, cities.get_chapter(slug)
    try:
        service.change_chapter(
            g.actor, found, name=form.get("name", ""), country=form.get("country")
        )
    except (Invalid, Conflict) as error:
        return _form(slug, _fields(error)), 422 if isinstance(error, Invalid) else 409
    flash(_("Saved."), "success")
    return redirect(url_for("admin.chapter", slug=slug))


@bp.post("/chapters/<slug>/cities")
@policy("can_manage_network")
def put_cities(slug: str) -> Answer:
    """Put the cities of a pasted list in; where one is not known, none is."""
    require(city_policy.can_manage_network(g.actor))
    meant, unknown = cities.cities_meant(request.form.get("cities", "").splitlines())
    if unknown or not meant:
        return _page(slug, {"cities": _unknown(unknown)}), 422
    try:
        moved = service.put_cities(g.actor, cities.get_chapter(slug), meant)
    except Invalid as error:
        return _page(slug, error.fields), 422
    flash(ngettext("%(num)s city is put in.", "%(num)s cities are put in.", len(moved)), "success")
    return redirect(url_for("admin.chapter", slug=slug))


@bp.post("/chapters/<slug>/cities/out")
@policy("can_manage_network")
def take_out(slug: str) -> Answer:
    """Take the ticked cities out."""
    ticked = frozenset(request.form.getlist("city"))
    found = cities.get_chapter(slug)
    inside = [city for city, _standing in cities.cities_of_chapter(found.id)]
    moved = service.take_out(g.actor, [city for city in inside if city.slug in ticked])
    words = ngettext("%(num)s city is taken out.", "%(num)s cities are taken out.", len(moved))
    flash(words, "success")
    return redirect(url_for("admin.chapter", slug=slug))


@bp.post("/chapters/<slug>/people")
@policy("can_manage_network")
def add_chapter_person(slug: str) -> Answer:
    """Let a person work in the chapter's secretariat."""
    found, email = cities.get_chapter(slug), request.form.get("email", "")
    try:
        service.add_chapter_person(g.actor, found, email)
    except Invalid as error:
        return _page(slug, error.fields), 422
    except Conflict as error:
        return _page(slug, {"email": str(error)}), 409
    flash(_("%(email)s works in this secretariat now.", email=email.strip()), "success")
    return redirect(url_for("admin.chapter", slug=slug))


@bp.post("/chapters/<slug>/people/<int:person_id>/remove")
@policy("can_manage_network")
def remove_chapter_person(slug: str, person_id: int) -> Answer:
    """Take a person out of the chapter's secretariat."""
    service.remove_chapter_person(g.actor, cities.get_chapter(slug), person_id)
    flash(_("The person no longer works in this secretariat."), "success")
    return redirect(url_for("admin.chapter", slug=slug))


@bp.get("/chapters/<slug>/delete")
@policy("can_manage_network")
def confirm_deletion(slug: str) -> Answer:
    """Ask before a chapter is deleted."""
    require(city_policy.can_manage_network(g.actor))
    return render_template("admin/chapters/delete.html", chapter=cities.get_chapter(slug))


@bp.post("/chapters/<slug>/delete")
@policy("can_manage_network")
def delete_chapter(slug: str) -> Answer:
    """Delete a chapter that is empty."""
    found = cities.get_chapter(slug)
    try:
        service.delete_chapter(g.actor, found)
    except Conflict as error:
        return _page(slug, {"": str(error)}), 409
    flash(_("The chapter is deleted."), "success")
    return redirect(url_for("admin.chapters"))


def _page(slug: str, errors: Mapping[str, str] | None = None) -> str:
    found = cities.get_chapter(slug)
    return render_template(
        "admin/chapters/show.html", chapter=found, inside=cities.cities_of_chapter(found.id),
        people=cities.people_of_chapter(found.id), errors=errors or {},
        typed=request.form.get("cities", ""), email=request.form.get("email", ""),
    )  # fmt: skip


def _form(slug: str | None, errors: Mapping[str, str]) -> str:
    found = cities.get_chapter(slug) if slug else None
    name, country = (found.name, found.country or "") if found else ("", "")
    names = Locale(current_language()).territories
    countries = sorted(
        ((code, word) for code, word in names.items() if len(code) == 2),
        key=lambda pair: pair[1],
    )
    return render_template(
        "admin/chapters/edit.html", chapter=found, errors=errors, countries=countries,
        name=request.form.get("name", name), country=request.form.get("country", country),
    )  # fmt: skip


def _fields(error: Invalid | Conflict) -> Mapping[str, str]:
    return error.fields if isinstance(error, Invalid) else {"": str(error)}


def _unknown(texts: list[str]) -> str:
    if not texts:
        return _("Write one city a line: its code, its address here, or its full name.")
    named = "; ".join(text[:60] for text in texts[:10])
    return _("These lines name no city, or several of one name: %(lines)s", lines=named)
