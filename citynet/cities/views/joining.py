"""Doors for a city that wants to join: what membership is, the choice of the city, the form."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, Response, g, jsonify, render_template, request, url_for
from werkzeug.utils import redirect
from werkzeug.wrappers import Response as Answered

from citynet.accounts.queries import normal_email
from citynet.cities import queries as cities
from citynet.cities.forms.joining import AddForm, ApplicationForm, ApplyForm, EmailForm
from citynet.cities.models import City, Kind, Standing
from citynet.cities.queries import applications as application_queries
from citynet.cities.queries.choosing import cities_to_choose
from citynet.cities.service import applications
from citynet.cities.service.entries import Entry
from citynet.kit import http, throttle, tokens, uploads
from citynet.kit.doors import anyone
from citynet.kit.errors import Conflict, Invalid, NotFound
from citynet.kit.i18n import _, country_name

bp = Blueprint("joining", __name__, url_prefix="/join", template_folder="../templates")
Answer = str | Answered | tuple[str, int]
# In the address of the form: a city that is not in the table.
OTHER = "other"
DAY_MINUTES, KEPT_SECONDS = 24 * 60, 3 * 86_400


@dataclass(frozen=True)
class Kept:
    """A file that waits in a form: its signed reference and what it is called."""

    token: str
    name: str
    size_bytes: int


@bp.get("")
@anyone
def about() -> str:
    """Tell what membership gives and asks, and how it is decided."""
    return render_template("cities/joining/about.html")


@bp.get("/cities")
@anyone
def find() -> tuple[Response, int]:
    """Return the cities that a typed text may mean, for the list under the field."""
    if not throttle.hit("join.cities", request.remote_addr or "", limit=600, minutes=10):
        return jsonify([]), 429
    found = [
        {
            "slug": city.slug,
            "name": city.full_name,
            "where": _where(city),
            "note": _("Member already") if standing == Standing.ACTIVE else "",
        }
        for city, standing in cities_to_choose(request.args.get("q", ""))
    ]
    return jsonify(found), 200


@bp.get("/apply")
@anyone
def apply() -> Answer:
    """Ask which city applies; then show the form with what the table knows of it."""
    chosen, text = request.args.get("city", ""), request.args.get("q", "")[:80]
    if not chosen:
        found = cities_to_choose(text, limit=20)
        return render_template("cities/joining/choose.html", text=text, found=found)
    city = None if chosen == OTHER else cities.get_city(chosen)
    if city is not None and _is_member(city):
        return _member(city)
    return show_form(ApplyForm(None, data=known_of(city, text)), city)


@bp.post("/apply")
@anyone
@http.allow_upload(uploads.MOST_REQUEST_BYTES)
def apply_post() -> Answer:
    """Take the application; what was typed and sent stays where something is wrong."""
    form, city = ApplyForm(), chosen_city()
    if not throttle.hit("join.apply", request.remote_addr or "", limit=20, minutes=60):
        return _too_often(form, city)
    kept, entry = read_form(form, city)
    if entry is None:
        return show_form(form, city, kept), 422
    if not _may_be_mailed(entry.email):
        return _too_often(form, city, kept)
    try:
        applications.apply(g.actor, entry)
    except Invalid as error:
        return show_form(refused(form, error), city, kept), 422
    except Conflict:
        return _member(city)
    return redirect(url_for("joining.sent"))


@bp.get("/sent")
@anyone
def sent() -> str:
    """Tell that a mail is under way."""
    return render_template("cities/joining/sent.html")


@bp.get("/link")
@anyone
def lost_link() -> str:
    """Ask for the address that a link was mailed to."""
    return render_template("cities/joining/link.html", form=EmailForm(), is_asked=False)


@bp.post("/link")
@anyone
def lost_link_post() -> Answer:
    """Mail the links again; the answer is the same whether the address is known or not."""
    form = EmailForm()
    if not throttle.hit("join.link", request.remote_addr or "", limit=10, minutes=60):
        form.email.errors = [_("You tried too often. Wait an hour and try again.")]
        return render_template("cities/joining/link.html", form=form, is_asked=False), 429
    if not form.validate():
        return render_template("cities/joining/link.html", form=form, is_asked=False), 422
    email = (form.email.data or "").strip()
    if _may_be_mailed(email):
        applications.ask_for_links(email)
    return render_template("cities/joining/link.html", form=form, is_asked=True)


def chosen_city() -> City | None:
    """Return the city that a form is about, None for one that is not in the table."""
    chosen = request.form.get("city", "")
    return None if chosen == OTHER else cities.get_city(chosen[:120])


def known_of(city: City | None, name: str = "") -> dict[str, object]:
    """Return what a new form begins with."""
    if city is None:
        return {"city": OTHER, "name": name, "kind": Kind.CITY.value}
    return {
        "city": city.slug, "kind": city.kind, "population": city.population,
        "area_km2": city.area_km2,
    }  # fmt: skip


def read_form(form: ApplicationForm, city: City | None) -> tuple[Kept | None, Entry | None]:
    """Return the file that came with a form, now or before, and the entry if its shape is right."""
    is_valid = form.validate()
    kept = read_file(form)
    if not is_valid or form.errors:
        return kept, None
    papers = [kept_id(kept.token)] if kept else []
    entry = Entry(
        city=city, name=form.name.data or "", country=form.country.data or "",
        province=form.province.data or "", kind=Kind(form.kind.data),
        population=form.population.data, area_km2=form.area_km2.data,
        contact_name=form.contact_name.data or "", office=form.office.data or "",
        email=form.email.data or "", phone=form.phone.data or "", note=form.note.data or "",
        language=form.language.data or "", papers=[one for one in papers if one],
    )  # fmt: skip
    return kept, entry


def read_file(form: ApplicationForm | AddForm) -> Kept | None:
    """Keep the file that was sent, else return the one kept before; after the validation."""
    sent = form.file.data
    if sent is not None and sent.filename:
        try:
            paper = applications.keep(uploads.read_document(sent))
        except Invalid as error:
            form.file.errors = [*error.fields.values()]
            return None
        return Kept(tokens.sign("join.file", str(paper.id)), paper.name, paper.size_bytes)
    token = form.kept.data or ""
    known = application_queries.kept_file(kept_id(token))
    return Kept(token, known.name, known.size_bytes) if known is not None else None


def kept_id(token: str) -> int:
    """Return the id of the file that a signed reference names, 0 for one that is none."""
    return int(tokens.read("join.file", token, max_age_seconds=KEPT_SECONDS) or 0)


def refused(form: ApplicationForm, error: Invalid) -> ApplicationForm:
    """Put what a command refused beside its fields."""
    for name, message in error.fields.items():
        form[name].errors = [message]
    return form


def show_form(form: ApplicationForm, city: City | None, kept: Kept | None = None) -> str:
    """Show the public form."""
    return render_template("cities/joining/apply.html", form=form, city=city, kept=kept)


def _member(city: City | None) -> Answer:
    if city is None:
        raise NotFound
    return render_template("cities/joining/member.html", city=city)


def _may_be_mailed(email: str) -> bool:
    """Count a mail to an address that anybody may have typed."""
    return throttle.hit("join.mail", normal_email(email), limit=5, minutes=DAY_MINUTES)


def _too_often(
    form: ApplicationForm, city: City | None, kept: Kept | None = None
) -> tuple[str, int]:
    form.form_errors = [_("There were too many tries from here. Wait an hour and send it again.")]
    return show_form(form, city, kept), 429


def _is_member(city: City) -> bool:
    membership = cities.membership_of(city.id)
    return membership is not None and membership.standing == Standing.ACTIVE


def _where(city: City) -> str:
    country = country_name(city.country)
    return f"{city.province}, {country}" if city.province else country
