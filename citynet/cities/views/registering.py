"""Doors by which a secretariat writes down an application that came on paper."""

from __future__ import annotations

from flask import flash, g, render_template, request, url_for
from flask_login import login_required
from werkzeug.utils import redirect

from citynet.cities import policy as city_policy
from citynet.cities import queries as cities
from citynet.cities.forms.joining import ApplicationForm
from citynet.cities.models import City
from citynet.cities.queries.choosing import cities_to_choose
from citynet.cities.service import applications
from citynet.cities.views.joining import (
    OTHER,
    Answer,
    Kept,
    bp,
    chosen_city,
    known_of,
    read_form,
    refused,
)
from citynet.kit import http, uploads
from citynet.kit.doors import policy
from citynet.kit.errors import Conflict, Invalid, require
from citynet.kit.i18n import _


@bp.get("/register")
@login_required
@policy("can_use_desk")
def register() -> Answer:
    """Ask which city it is; then show the form."""
    require(city_policy.can_use_desk(g.actor))
    chosen, text = request.args.get("city", ""), request.args.get("q", "")[:80]
    if not chosen:
        found = cities_to_choose(text, limit=20)
        return render_template("cities/joining/register_choose.html", text=text, found=found)
    city = None if chosen == OTHER else cities.get_city(chosen)
    require(city is None or city_policy.can_register(g.actor, city))
    return _form(ApplicationForm(None, data=known_of(city, text)), city)


@bp.post("/register")
@login_required
@policy("can_use_desk")
@http.allow_upload(uploads.MOST_REQUEST_BYTES)
def register_post() -> Answer:
    """Write the application down; its contact gets a link to follow it."""
    require(city_policy.can_use_desk(g.actor))
    form, city = ApplicationForm(), chosen_city()
    kept, entry = read_form(form, city)
    if entry is None:
        return _form(form, city, kept), 422
    try:
        application = applications.register(g.actor, entry)
    except Invalid as error:
        return _form(refused(form, error), city, kept), 422
    except Conflict as error:
        form.form_errors = [str(error)]
        return _form(form, city, kept), 409
    flash(_("The application of %(city)s is registered.", city=application.full_name), "success")
    return redirect(url_for("admin.application", application_id=application.id))


def _form(form: ApplicationForm, city: City | None, kept: Kept | None = None) -> str:
    return render_template("cities/joining/register.html", form=form, city=city, kept=kept)
