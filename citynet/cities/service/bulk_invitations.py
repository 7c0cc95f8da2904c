"""Many invitations sent again at once: expired ones get a new link each."""

from __future__ import annotations

from collections.abc import Sequence

from citynet.cities import policy
from citynet.cities.models import Actor, Invitation, Preview
from citynet.cities.queries import invitations as rows
from citynet.cities.service import previews
from citynet.cities.service.invitations import send_again
from citynet.cities.service.inviting import actor_of_job
from citynet.cities.service.previews import Line
from citynet.kit import db, jobs
from citynet.kit.errors import Conflict, NotFound, require
from citynet.kit.i18n import _

AGAIN = "invitations.again"


@db.transaction
def preview_again(actor: Actor, ids: Sequence[int]) -> Preview:
    """Tell for each of these invitations whether it would be sent again."""
    require(policy.can_use_desk(actor))
    found = rows.invitations_by_id(actor, list(ids))
    lines = [_line(found[one]) for one in ids if one in found]
    return previews.keep(actor, AGAIN, title=_("Send invitations again"), lines=lines)


def _line(found: Invitation) -> Line:
    name = f"{found.name} <{found.email}>"
    if found.used_at is not None:
        return Line(name, _("Is accepted already."))
    if found.revoked_at is not None:
        return Line(name, _("Was taken back. Invite anew instead."))
    item = {"invitation": str(found.id), "seen": _seen(found)}
    return Line(name, _("Gets a new link, and the old one ends."), item)


def _seen(found: Invitation) -> str:
    return f"{found.invited_at.isoformat()}|{found.used_at}|{found.revoked_at}"


@jobs.doer(AGAIN)
def do_again(actor_id: int | None, item: dict[str, str]) -> str:
    """Send one invitation again, if nobody did so meanwhile."""
    actor, invitation_id = actor_of_job(actor_id), int(item["invitation"])
    found = rows.invitations_by_id(actor, [invitation_id]).get(invitation_id)
    if found is None:
        raise NotFound(_("This invitation is not there any more, or not yours to send."))
    if _seen(found) != item["seen"]:
        raise Conflict(_("Somebody changed this meanwhile: left alone."))
    send_again(actor, invitation_id)
    return _("Sent again.")
