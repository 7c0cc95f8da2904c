"""Commands that take a published text away and bring it back."""

from __future__ import annotations

from citynet.cities.models import Actor
from citynet.kit import db, effects, html
from citynet.kit.errors import require
from citynet.kit.i18n import _
from citynet.practices import policy, queries
from citynet.practices.models import Practice, Revision, State, Step
from citynet.practices.service.holding import Seen, hold, record, text_in
from citynet.practices.service.publishing import INDEX, require_member
from citynet.practices.service.steps import note

LONGEST_REASON = 1000


@db.transaction
def withdraw(actor: Actor, practice: Practice, *, reason: str, seen: Seen = None) -> Revision:
    """Take the published text out of sight; its address tells that it is gone, and why.

    Raises:
        Invalid: no reason, or one longer than 1,000 characters.
        Conflict: it is not published any more, or another text is.
    """
    practice = hold(practice)
    require(policy.can_withdraw(actor, practice))
    revision = text_in(practice, seen, State.PUBLISHED)
    sentence = _("Write why, up to 1,000 characters. Readers see it.")
    reason = html.said(reason, field="reason", most=LONGEST_REASON, sentence=sentence)
    revision.state = State.WITHDRAWN
    note(actor.person_id, Step.WITHDRAWN, practice, revision, reason)
    record(actor, "practice.withdrawn", practice, revision, reason=reason)
    effects.enqueue(INDEX, practice_id=str(practice.id))
    return revision


@db.transaction
def bring_back(actor: Actor, practice: Practice, *, seen: Seen = None) -> Revision:
    """Show a withdrawn text to readers again, as it was.

    Raises:
        Conflict: it is not withdrawn any more, or its city is no active member now.
    """
    practice = hold(practice)
    require(policy.can_withdraw(actor, practice))
    revision = text_in(practice, seen, State.WITHDRAWN)
    step = queries.last_step(revision.id, Step.WITHDRAWN)
    require(
        policy.can_bring_back(actor, practice, step.by_id if step else None),
        _("Somebody else withdrew this practice. Ask the secretariat to bring it back."),
    )
    require_member(practice)
    revision.state = State.PUBLISHED
    note(actor.person_id, Step.BROUGHT_BACK, practice, revision)
    record(actor, "practice.brought_back", practice, revision)
    effects.enqueue(INDEX, practice_id=str(practice.id))
    return revision
