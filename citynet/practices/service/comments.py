"""Commands on what reviewers write beside the fields of a text."""

from __future__ import annotations

from sqlalchemy import func, select

from citynet.cities.models import Actor
from citynet.kit import audit, clock, db, html
from citynet.kit.errors import Conflict, Invalid, NotFound, require
from citynet.kit.i18n import _
from citynet.practices import policy
from citynet.practices.models import IN_WORK, Practice, ReviewComment, State
from citynet.practices.service.holding import Seen, hold, record, text_in
from citynet.practices.words import LABELS

LONGEST_COMMENT = 2000
# More than anybody reads; a script must not fill the table.
MOST_COMMENTS = 200


@db.transaction
def comment_on(
    actor: Actor, practice: Practice, *, field: str, text: str, seen: Seen = None
) -> ReviewComment:
    """Write what should change in one field of the text that waits.

    Raises:
        Invalid: no such field; no text, or one longer than 2,000 characters.
        Conflict: the text does not wait for a decision, or has too many open comments.
    """
    practice = hold(practice)
    require(policy.can_withdraw(actor, practice))
    revision = text_in(practice, seen, State.SUBMITTED, State.SIGNED_OFF)
    require(policy.can_comment_on(actor, practice, revision))
    if field not in LABELS:
        raise Invalid({"field": _("Choose the field that your comment is about.")})
    sentence = _("Write what should change, up to 2,000 characters.")
    text = html.said(text, field="text", most=LONGEST_COMMENT, sentence=sentence)
    if open_comments(practice) >= MOST_COMMENTS:
        raise Conflict(_("There are many open comments already. Send the text back with them."))
    comment = ReviewComment(
        practice_id=practice.id, revision_id=revision.id, field=field, text=text,
        author_id=actor.person_id,
    )  # fmt: skip
    db.session().add(comment)
    record(actor, "practice.commented", practice, revision, field=field, comment=text)
    db.session().flush()
    return comment


@db.transaction
def resolve(actor: Actor, practice: Practice, comment_id: int) -> ReviewComment:
    """Mark a comment as done.

    Raises:
        NotFound: the practice has no such comment.
        Forbidden: the text is with reviewers, and the actor is none of them.
        Conflict: somebody did so before, or no text is in work.
    """
    practice = hold(practice)
    require(policy.can_read_comments(actor, practice))
    require(policy.can_resolve(actor, practice, text_in(practice, None, *IN_WORK)))
    comment = db.session().get(ReviewComment, comment_id, populate_existing=True)
    if comment is None or comment.practice_id != practice.id:
        raise NotFound
    if comment.resolved_at is not None:
        raise Conflict(_("Somebody marked this comment as done before you."))
    comment.resolved_at, comment.resolved_by_id = clock.now(), actor.person_id
    audit.record(
        actor.person_id, "practice.resolved", subject=("practice", practice.id),
        city_id=practice.city_id, details={"field": comment.field, "comment": comment.text},
    )  # fmt: skip
    return comment


def open_comments(practice: Practice) -> int:
    """Return how many comments of a practice are open."""
    is_open = (ReviewComment.practice_id == practice.id, ReviewComment.resolved_at.is_(None))
    wanted = select(func.count()).select_from(ReviewComment).where(*is_open)
    return db.session().scalar(wanted) or 0
