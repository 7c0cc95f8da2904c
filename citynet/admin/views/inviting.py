"""Doors by which secretariats invite: people of a city, colleagues; and the list of invitations."""

from __future__ import annotations

from collections.abc import Mapping

from flask import flash, g, redirect, render_template, request, url_for

from citynet.admin import lists, person_pages, person_steps
from citynet.admin.lists import Action, Choice, Column, Day, List, Words, contains
from citynet.admin.views import Answer, bp
from citynet.cities import policy as city_policy
from citynet.cities import queries as cities
from citynet.cities.models import City, Invitation, Role, Seat
from citynet.cities.queries import invitations as invitation_queries
from citynet.cities.queries import team
from citynet.cities.service import bulk_invitations, inviting
from citynet.cities.service import invitations as invitation_service
from citynet.kit.doors import policy
from citynet.kit.errors import Conflict, Invalid, require
from citynet.kit.i18n import _, lazy

SEATS: Mapping[str, str] = {
    Seat.OFFICIAL: lazy("Official"),
    Seat.LEAD: lazy("Lead"),
    Seat.CHAPTER: lazy("Secretariat of a chapter"),
    Seat.SECRETARIAT: lazy("Secretariat"),
}
STATES: Mapping[str, str] = {
    "open": lazy("Open"),
    "expired": lazy("Expired"),
    "accepted": lazy("Accepted"),
    "revoked": lazy("Taken back"),
}
NETWORK = "network"


INVITATIONS: List[Invitation] = List(
    key="invitations", title=lazy("Invitations"), endpoint="admin.invitations", id=Invitation.id,
    columns=(
        Column("name", lazy("Name"), lambda one: one.name, sort=Invitation.name),
        Column("email", lazy("Email address"), lambda one: one.email, sort=Invitation.email),
        Column("city", lazy("City"), lambda one: one.city.full_name if one.city else None,
               sort=City.name),
        Column("seat", lazy("Role"), lambda one: one.seat, sort=Invitation.seat),
        Column("state", lazy("State"), invitation_queries.state_of,
               sort=invitation_queries.state()),
        Column("invited", lazy("Invited"), lambda one: one.invited_at, sort=Invitation.invited_at),
        Column("by", lazy("By"), lambda one: one.invited_by.name if one.invited_by else None),
    ),
    filters=(
        Words("q", lazy("Name or address"),
              lambda text: contains(text, Invitation.name, Invitation.email)),
        Words("city", lazy("City"), lambda text: contains(text, City.name)),
        Choice("state", lazy("State"), STATES, lambda one: invitation_queries.state() == one),
        Choice("seat", lazy("Role"), SEATS, lambda one: Invitation.seat == one),
        Day("since", lazy("Invited since"), lambda day: Invitation.invited_at >= day),
    ),
    order=(Invitation.invited_at.desc(),),
    actions=(Action("admin.invitations_again", lazy("Send the chosen again")),),
)  # fmt: skip


@bp.get("/invitations")
@policy("can_use_desk")
def invitations() -> Answer:
    """Show the invitations to where one looks after; or export what is filtered."""
    return lists.answer(
        INVITATIONS, invitation_queries.desk_invitations(g.actor), "admin/people/invitations.html",
        seats=SEATS, states=STATES, state_of=invitation_queries.state_of,
    )  # fmt: skip


@bp.post("/invitations/again")
@policy("can_use_desk")
def invitations_again() -> Answer:
    """Show which of the chosen invitations would be sent again."""
    base = invitation_queries.desk_invitations(g.actor)
    chosen = lists.chosen(INVITATIONS, base, request.form)
    if not chosen:
        flash(_("Tick the rows first, or all that the filters find."), "warning")
        return redirect(url_for("admin.invitations"))
    kept = bulk_invitations.preview_again(g.actor, chosen)
    return redirect(url_for("admin.preview", preview_id=kept.id))


@bp.get("/invitations/<int:invitation_id>/revoke")
@policy("can_manage_officials")
def revoke_invitation(invitation_id: int) -> Answer:
    """Ask once more before an invitation is taken back."""
    found = team.invitation(g.actor, invitation_id)
    return render_template("admin/people/revoke.html", invitation=found)


@bp.post("/invitations/<int:invitation_id>/revoke")
@policy("can_manage_officials")
def do_revoke_invitation(invitation_id: int) -> Answer:
    """Take an invitation back."""
    taken = invitation_service.revoke(g.actor, invitation_id)
    flash(_("The invitation to %(email)s is taken back.", email=taken.email), "success")
    return redirect(url_for("admin.invitations"))


@bp.get("/people/invite")
@policy("can_use_desk")
def invite_people() -> Answer:
    """Ask for the people of a city to invite."""
    return render_template("admin/people/invite.html", errors={}, form=request.args)


@bp.post("/people/invite")
@policy("can_manage_officials")
def invite_people_post() -> Answer:
    """Show what inviting these people would do."""
    form = request.form
    try:
        city = person_steps.city_meant(form.get("city", ""))
        role = Role.LEAD if form.get("role") == Role.LEAD else Role.OFFICIAL
        kept = inviting.preview(
            g.actor, city, inviting.read_pasted(form.get("people", "")), role=role,
            language=person_pages.language(),
        )  # fmt: skip
    except Invalid as error:
        page = render_template("admin/people/invite.html", errors=error.fields, form=form)
        return page, 422
    return redirect(url_for("admin.preview", preview_id=kept.id))


@bp.get("/people/invite-colleague")
@policy("can_manage_network")
def invite_colleague() -> Answer:
    """Ask for a colleague of a secretariat to invite."""
    require(city_policy.can_manage_network(g.actor))
    return _colleague_page({})


@bp.post("/people/invite-colleague")
@policy("can_manage_network")
def invite_colleague_post() -> Answer:
    """Invite a colleague."""
    form, seat = request.form, request.form.get("seat", "")
    try:
        invited = invitation_service.invite_colleague(
            g.actor, None if seat == NETWORK else cities.get_chapter(seat),
            email=form.get("email", ""), name=form.get("name", ""),
            language=person_pages.language(),
        )  # fmt: skip
    except (Invalid, Conflict) as error:
        fields = error.fields if isinstance(error, Invalid) else {"": str(error)}
        return _colleague_page(fields), 422
    flash(_("The invitation to %(email)s is on its way.", email=invited.email), "success")
    return redirect(url_for("admin.invitations"))


def _colleague_page(errors: dict[str, str]) -> str:
    seats = [(NETWORK, _("Secretariat of the network"))]
    seats += [(one.slug, one.name) for one in cities.chapters()]
    return render_template(
        "admin/people/invite_colleague.html", errors=errors, form=request.form, seats=seats
    )
