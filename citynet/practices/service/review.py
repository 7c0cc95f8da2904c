"""Commands that carry a text through its review: submit, sign off, send back."""

from __future__ import annotations

from citynet.cities.models import Actor
from citynet.kit import clock, db
from citynet.kit.errors import Invalid, require
from citynet.kit.html import drop_invisible
from citynet.kit.i18n import _
from citynet.practices import content as contents
from citynet.practices import letters, policy, queries
from citynet.practices.content import Content
from citynet.practices.models import Practice, Revision, State, Step
from citynet.practices.service.comments import LONGEST_COMMENT, open_comments
from citynet.practices.service.holding import Seen, hold, record, text_in
from citynet.practices.service.publishing import come_out, drop_schedule, require_member
from citynet.practices.service.steps import note
from citynet.practices.service.telling import authors_of, tell


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
    practice = hold(practice)
    revision = text_in(practice, seen, State.DRAFT)
    require(policy.can_submit(actor, practice, revision))
    problems = unanswered(revision.content)
    if problems:
        raise Invalid(problems)
    revision.state, revision.comment = State.SUBMITTED, ""
    revision.submitted_at, revision.submitted_by_id = clock.now(), actor.person_id
    note(actor.person_id, Step.SUBMITTED, practice, revision)
    record(actor, "practice.submitted", practice, revision)
    return revision


@db.transaction
def sign_off(actor: Actor, practice: Practice, *, seen: Seen = None) -> Revision:
    """Answer for the text as the city's lead; then the secretariat reviews it.

    Of a city of trust it comes out at once.

    Raises:
        Forbidden: not the lead, or nobody else has had a hand in the text.
        Conflict: the text does not wait for a sign-off.
    """
    require(policy.is_lead_of(actor, practice))
    practice = hold(practice)
    revision = text_in(practice, seen, State.SUBMITTED)
    require(policy.can_lead_decide(actor, practice, revision))
    require(
        policy.can_sign_off(actor, practice, revision),
        _("You wrote and submitted this text yourself. Ask a colleague to submit it."),
    )
    revision.state = State.SIGNED_OFF
    revision.signed_off_at, revision.signed_off_by_id = clock.now(), actor.person_id
    note(actor.person_id, Step.SIGNED_OFF, practice, revision)
    record(actor, "practice.signed_off", practice, revision)
    if queries.trust_of(practice.city_id) is not None:
        require_member(practice)
        db.session().flush()
        come_out(actor, practice, revision)
    else:
        tell(letters.SIGNED_OFF, authors_of(actor, practice, revision), practice, revision)
    return revision


@db.transaction
def send_back(actor: Actor, practice: Practice, *, comment: str, seen: Seen = None) -> Revision:
    """Return the text to its authors with what should change.

    Raises:
        Invalid: neither a comment nor an open one beside a field, or more than 2,000 characters.
        Conflict: the text does not wait for a decision.
    """
    practice = hold(practice)
    require(policy.is_lead_of(actor, practice) or policy.can_review_of(actor, practice))
    revision = text_in(practice, seen, State.SUBMITTED, State.SIGNED_OFF)
    require(policy.can_send_back(actor, practice, revision))
    comment = drop_invisible(comment).strip()
    is_told = bool(comment) or open_comments(practice) > 0
    if not is_told or len(comment) > LONGEST_COMMENT:
        raise Invalid({"comment": _("Write what should change, up to 2,000 characters.")})
    # Before the draft forgets who submitted it.
    tell(letters.SENT_BACK, authors_of(actor, practice, revision), practice, revision, comment)
    comment = comment or _("See the comments beside the fields.")
    drop_schedule(revision)
    revision.state, revision.comment = State.DRAFT, comment
    revision.version += 1
    revision.submitted_at = revision.submitted_by_id = None
    revision.signed_off_at = revision.signed_off_by_id = None
    note(actor.person_id, Step.SENT_BACK, practice, revision, comment)
    record(actor, "practice.sent_back", practice, revision, comment=comment)
    return revision
