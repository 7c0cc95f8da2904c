"""Commands that carry a text to its readers: submit, sign off, send back, publish."""

from __future__ import annotations

from sqlalchemy import update

from citynet.cities import queries as cities
from citynet.cities.models import Actor, Standing
from citynet.kit import clock, db, effects
from citynet.kit.errors import Conflict, Invalid, require
from citynet.kit.html import drop_invisible
from citynet.kit.i18n import _
from citynet.practices import content as contents
from citynet.practices import policy
from citynet.practices.content import Content
from citynet.practices.models import Practice, Revision, State
from citynet.practices.service.holding import Seen, hold, record, text_in_work

INDEX = "practice.index"
LONGEST_COMMENT = 2000


def unanswered(content: Content) -> dict[str, str]:
    """Return what stands between a draft and its submission: a sentence for each field."""
    problems = dict.fromkeys(contents.missing(content), _("Answer this."))
    may_be_unknown = contents.MAY_BE_UNKNOWN & problems.keys()
    problems |= dict.fromkeys(may_be_unknown, _("Answer this, or mark it as not known."))
    for number, row in enumerate(content.results):
        if not row.after:
            problems[f"results.{number}.after"] = _("Write what it is now, or what you expect.")
        if not row.source and not row.expected:
            problems[f"results.{number}.source"] = _("Write where this figure comes from.")
    return problems


@db.transaction
def submit(actor: Actor, practice: Practice, *, seen: Seen = None) -> Revision:
    """Hand the draft to the city's lead.

    Raises:
        Invalid: starred fields that are not answered yet.
        Conflict: there is no draft.
    """
    # Asked first: whether there is a draft is not for others to learn.
    require(policy.can_edit(actor, practice))
    revision = text_in_work(practice, seen, State.DRAFT)
    require(policy.can_submit(actor, practice, revision))
    problems = unanswered(revision.content)
    if problems:
        raise Invalid(problems)
    revision.state, revision.comment = State.SUBMITTED, ""
    revision.submitted_at, revision.submitted_by_id = clock.now(), actor.person_id
    record(actor, "practice.submitted", practice, revision)
    return revision


@db.transaction
def sign_off(actor: Actor, practice: Practice, *, seen: Seen = None) -> Revision:
    """Answer for the text as the city's lead; then the secretariat sees it.

    Raises:
        Forbidden: not the lead, or nobody else has had a hand in the text.
        Conflict: the text does not wait for a sign-off.
    """
    require(policy.is_lead_of(actor, practice))
    revision = text_in_work(practice, seen, State.SUBMITTED)
    require(policy.can_lead_decide(actor, practice, revision))
    require(
        policy.can_sign_off(actor, practice, revision),
        _("You wrote and submitted this text yourself. Ask a colleague to submit it."),
    )
    revision.state = State.SIGNED_OFF
    revision.signed_off_at, revision.signed_off_by_id = clock.now(), actor.person_id
    record(actor, "practice.signed_off", practice, revision)
    return revision


@db.transaction
def send_back(actor: Actor, practice: Practice, *, comment: str, seen: Seen = None) -> Revision:
    """Return the text to its authors with what should change.

    Raises:
        Invalid: no comment, or one longer than 2,000 characters.
        Conflict: the text does not wait for a decision.
    """
    practice = hold(practice)
    require(policy.is_lead_of(actor, practice) or policy.can_review_of(actor, practice))
    revision = text_in_work(practice, seen, State.SUBMITTED, State.SIGNED_OFF)
    require(policy.can_send_back(actor, practice, revision))
    comment = drop_invisible(comment).strip()
    if not comment or len(comment) > LONGEST_COMMENT:
        raise Invalid({"comment": _("Write what should change, up to 2,000 characters.")})
    revision.state, revision.comment = State.DRAFT, comment
    revision.version += 1
    revision.submitted_at = revision.submitted_by_id = None
    revision.signed_off_at = revision.signed_off_by_id = None
    record(actor, "practice.sent_back", practice, revision, comment=revision.comment)
    return revision


@db.transaction
def publish(actor: Actor, practice: Practice, *, seen: Seen = None) -> Revision:
    """Approve the signed-off text: readers see it instead of the one before.

    Raises:
        Conflict: the text is not signed off.
    """
    practice = hold(practice)
    require(policy.can_review_of(actor, practice))
    revision = text_in_work(practice, seen, State.SIGNED_OFF)
    require(policy.can_publish(actor, practice, revision))
    membership = cities.membership_of(practice.city_id)
    if membership is None or membership.standing != Standing.ACTIVE:
        raise Conflict(_("This city is not an active member now. Restore its membership first."))
    db.session().execute(
        update(Revision)
        .where(Revision.practice_id == practice.id, Revision.state == State.PUBLISHED)
        .values(state=State.SUPERSEDED)
    )
    revision.state = State.PUBLISHED
    revision.published_at, revision.published_by_id = clock.now(), actor.person_id
    record(actor, "practice.published", practice, revision)
    effects.enqueue(INDEX, practice_id=str(practice.id))
    return revision
