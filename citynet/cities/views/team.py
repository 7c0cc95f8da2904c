"""Doors to the people of one's city, and for whoever asks to join theirs."""

from __future__ import annotations

from flask import Blueprint, flash, g, render_template, request, url_for
from flask_login import login_required
from flask_wtf import FlaskForm
from werkzeug.utils import redirect
from werkzeug.wrappers import Response

from citynet.accounts.service import Throttled
from citynet.cities import policy as city_policy
from citynet.cities import queries as cities
from citynet.cities.forms.team import AskForm, ReasonForm
from citynet.cities.models import City, Official, Standing
from citynet.cities.queries import team as team_queries
from citynet.cities.service import officials, requests
from citynet.kit import throttle
from citynet.kit.doors import anyone, policy, signed_in
from citynet.kit.errors import Conflict, Invalid, NotFound, require
from citynet.kit.i18n import _, current_language

bp = Blueprint("team", __name__, template_folder="../templates")
Answer = str | Response | tuple[str, int]


@bp.after_request
def keep_nowhere(response: Response) -> Response:
    """Let no cache keep these pages: of people, of forms, and behind secrets of mails."""
    response.headers["Cache-Control"] = "no-store"
    return response


def own_city() -> City:
    """Return the city the actor acts for.

    Raises:
        NotFound: none.
    """
    city: City | None = g.actor.city
    if city is None:
        raise NotFound
    return city


def led_city() -> City:
    """Return the city the actor leads, as an active member.

    Raises:
        NotFound: the actor acts for none.
        Forbidden: the actor does not lead it.
    """
    city = own_city()
    require(city_policy.can_manage_officials(g.actor, city))
    return city


@bp.get("/city/people")
@login_required
@signed_in
def people() -> Answer:
    """Show the people of one's city; its lead sees what waits, and changes it."""
    city = own_city()
    may_manage = city_policy.can_manage_officials(g.actor, city)
    return render_template(
        "cities/team/people.html", city=city, may_manage=may_manage,
        team=team_queries.team(city.id), lead=team_queries.lead_of(city.id),
        invitations=team_queries.open_invitations(city.id) if may_manage else [],
        waiting=team_queries.requests_waiting(city.id) if may_manage else [],
    )  # fmt: skip


@bp.get("/city/people/<int:official_id>/hand-over")
@login_required
@policy("can_manage_officials")
def hand_over(official_id: int) -> Answer:
    """Ask once more before the lead goes to somebody else."""
    heir = _colleague(led_city(), official_id)
    return render_template("cities/team/hand_over.html", city=g.actor.city, heir=heir)


@bp.post("/city/people/<int:official_id>/hand-over")
@login_required
@policy("can_manage_officials")
def hand_over_post(official_id: int) -> Answer:
    """Hand the lead over."""
    heir = officials.hand_over(g.actor, own_city(), official_id)
    flash(_("%(name)s leads the city now.", name=heir.person.name), "success")
    return redirect(url_for("team.people"))


@bp.get("/city/people/<int:official_id>/remove")
@login_required
@policy("can_manage_officials")
def remove(official_id: int) -> Answer:
    """Ask once more before somebody loses their rights."""
    official = _colleague(led_city(), official_id)
    return render_template("cities/team/remove.html", city=g.actor.city, official=official)


@bp.post("/city/people/<int:official_id>/remove")
@login_required
@policy("can_manage_officials")
def remove_post(official_id: int) -> Answer:
    """Take somebody's rights."""
    official = officials.remove(g.actor, own_city(), official_id)
    flash(_("%(name)s does not act for the city any more.", name=official.person.name), "success")
    return redirect(url_for("team.people"))


@bp.get("/city/people/leave")
@login_required
@signed_in
def leave() -> Answer:
    """Ask once more before leaving the city; a lead is told how to hand over."""
    city = own_city()
    held = team_queries.official_of(g.actor.person_id)
    heirs = officials.heirs(held) if held is not None else []
    return render_template("cities/team/leave.html", city=city, heirs=heirs)


@bp.post("/city/people/leave")
@login_required
@signed_in
def leave_post() -> Answer:
    """Leave the city."""
    own_city()
    city = officials.leave(g.actor)
    flash(_("You do not act for %(city)s any more.", city=city.full_name), "success")
    return redirect(url_for("web.city", slug=city.slug))


@bp.post("/city/people/requests/<int:request_id>/accept")
@login_required
@policy("can_manage_officials")
def let_in(request_id: int) -> Answer:
    """Let in who asked to join."""
    led_city()
    found = requests.let_in(g.actor, request_id)
    flash(_("%(name)s is let in, and gets a mail.", name=found.name), "success")
    return redirect(url_for("team.people"))


@bp.get("/city/people/requests/<int:request_id>/decline")
@login_required
@policy("can_manage_officials")
def decline(request_id: int) -> Answer:
    """Ask for the reason, which is mailed."""
    led_city()
    return _decline(request_id, ReasonForm())


@bp.post("/city/people/requests/<int:request_id>/decline")
@login_required
@policy("can_manage_officials")
def decline_post(request_id: int) -> Answer:
    """Decline a request."""
    led_city()
    form = ReasonForm()
    try:
        found = requests.decline(g.actor, request_id, reason=form.reason.data or "")
    except Invalid as error:
        mark(form, error)
        return _decline(request_id, form), 422
    flash(_("%(name)s is told that it is not possible.", name=found.name), "success")
    return redirect(url_for("team.people"))


@bp.get("/cities/<slug>/join")
@anyone
def ask(slug: str) -> Answer:
    """Show the form for whoever works for this city."""
    return _ask(_open_city(slug), AskForm())


@bp.post("/cities/<slug>/join")
@anyone
def ask_post(slug: str) -> Answer:
    """Take a request: a stranger's is confirmed by mail first."""
    city, form = _open_city(slug), AskForm()
    try:
        if not form.agreed.data:
            raise Invalid({"agreed": _("Agree to this first: somebody has to read it.")})
        _take_request(city, form)
    except Invalid as error:
        status = mark(form, error)
        return _ask(city, form), status
    except Conflict as error:
        flash(str(error), "warning")
        return redirect(url_for("web.city", slug=slug))
    return render_template("cities/team/asked.html", city=city)


@bp.get("/join-requests/<secret>")
@anyone
def confirm_request(secret: str) -> Answer:
    """Show the button that confirms a request: who only looks at a link confirms nothing."""
    try:
        found = team_queries.request_by(secret)
    except NotFound:
        return render_template("cities/team/request_over.html"), 404
    return render_template("cities/team/confirm_request.html", secret=secret, asked=found)


@bp.post("/join-requests/<secret>")
@anyone
def confirm_request_post(secret: str) -> Answer:
    """Confirm the address of a request."""
    try:
        requests.confirm(secret)
    except NotFound:
        return render_template("cities/team/request_over.html"), 404
    return redirect(url_for("team.confirm_request", secret=secret))


def mark(form: FlaskForm, error: Invalid) -> int:
    """Put what a command refused beside its fields or above the form; return the status."""
    for name, message in error.fields.items():
        if name in form:
            form[name].errors = [message]
        else:
            form.form_errors = [*form.form_errors, message]
    return 429 if isinstance(error, Throttled) else 422


def _take_request(city: City, form: AskForm) -> None:
    office, note = form.office.data or "", form.note.data or ""
    if g.actor.is_signed_in:
        if not throttle.hit("request", str(g.actor.person_id), limit=10, minutes=60):
            raise Throttled({"office": _("You tried too often. Wait an hour and try again.")})
        requests.ask_as(g.actor, city, office=office, note=note, language=current_language())
        return
    requests.ask(
        city, email=form.email.data or "", name=form.name.data or "", office=office, note=note,
        language=current_language(), address=request.remote_addr or "",
    )  # fmt: skip


def _open_city(slug: str) -> City:
    """Return a city that takes requests: only of an active member anybody asks."""
    city = cities.get_city(slug)
    if team_queries.standing_of(city.id) != Standing.ACTIVE:
        raise NotFound
    return city


def _colleague(city: City, official_id: int) -> Official:
    found = officials.colleague(city.id, official_id)
    if found.person_id == g.actor.person_id:
        raise NotFound
    return found


def _ask(city: City, form: AskForm) -> str:
    return render_template("cities/team/ask.html", city=city, form=form)


def _decline(request_id: int, form: ReasonForm) -> str:
    found = team_queries.request_of(g.actor, request_id)
    return render_template("cities/team/decline.html", asked=found, form=form)
