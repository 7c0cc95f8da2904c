"""Who may read and do what with practices: the rows of product.md's table."""

from __future__ import annotations

from sqlalchemy import ColumnElement, and_, or_, select, true

from citynet.cities import policy as cities
from citynet.cities.models import Actor, City, Standing
from citynet.practices.fields import Visibility
from citynet.practices.models import Practice, Revision, State, Translation

AUTHORS = frozenset({Standing.ACTIVE, Standing.APPLIED})
# What a secretariat reads of the cities it looks after.
WAITING = (State.SUBMITTED, State.SIGNED_OFF)
REVIEWED = (*WAITING, State.WITHDRAWN)
# What is submitted, signed off and published: a practice, or its words in the other language.
Text = Revision | Translation


def audiences(actor: Actor) -> frozenset[str]:
    """Return the audiences the actor belongs to, as documents of the index name them."""
    if actor.is_member or cities.can_use_desk(actor):
        return frozenset({Visibility.PUBLIC, Visibility.MEMBERS})
    return frozenset({Visibility.PUBLIC})


def visible_to(actor: Actor) -> ColumnElement[bool]:
    """Return the condition for published revisions the actor may read."""
    return and_(Revision.state == State.PUBLISHED, Revision.visibility.in_(audiences(actor)))


def readable_by(actor: Actor) -> ColumnElement[bool]:
    """Return the condition for all revisions the actor may read; `Practice` must be joined."""
    allowed = [visible_to(actor)]
    if cities.can_use_desk(actor):
        allowed.append(and_(Revision.state.in_(REVIEWED), _is_administered_by(actor)))
    if actor.city_id is not None and actor.standing in AUTHORS:
        allowed.append(Practice.city_id == actor.city_id)
    return or_(*allowed)


def can_read(actor: Actor, practice: Practice, revision: Revision) -> bool:
    """Tell the same as `readable_by` of one row."""
    if revision.state == State.PUBLISHED and revision.visibility in audiences(actor):
        return True
    if revision.state in REVIEWED and can_review_of(actor, practice):
        return True
    return _is_own(actor, practice)


def translations_for(actor: Actor) -> ColumnElement[bool]:
    """Return the condition for translations the actor may read; both practice and text are joined.

    Published words are read by whoever reads the practice; words in work by those who read a
    text in work.
    """
    allowed = [and_(Translation.state == State.PUBLISHED, visible_to(actor))]
    if cities.can_use_desk(actor):
        allowed.append(and_(Translation.state.in_(WAITING), _is_administered_by(actor)))
    if actor.city_id is not None and actor.standing in AUTHORS:
        allowed.append(Practice.city_id == actor.city_id)
    return or_(*allowed)


def can_create(actor: Actor) -> bool:
    """Tell whether the actor may write: for an active city, or drafts for one that applied."""
    return actor.city is not None and actor.standing in AUTHORS


def can_edit(actor: Actor, practice: Practice) -> bool:
    """Tell whether the actor may change the practice's working text."""
    return _is_own(actor, practice)


def can_submit(actor: Actor, practice: Practice, revision: Text) -> bool:
    """Tell whether the actor may hand the draft to the lead."""
    return _is_own(actor, practice) and actor.is_member and revision.state == State.DRAFT


def can_sign_off(actor: Actor, practice: Practice, revision: Text) -> bool:
    """Tell whether the actor, as lead, may sign off: never a text nobody else has handled."""
    return can_lead_decide(actor, practice, revision) and has_second_person(actor, revision)


def can_lead_decide(actor: Actor, practice: Practice, revision: Text) -> bool:
    """Tell whether the submitted text waits for this lead."""
    return is_lead_of(actor, practice) and revision.state == State.SUBMITTED


def is_lead_of(actor: Actor, practice: Practice) -> bool:
    """Tell whether the actor answers for the practice's city."""
    return actor.is_lead and practice.city_id == actor.city_id


def has_second_person(actor: Actor, revision: Text) -> bool:
    """Tell whether somebody else than the actor wrote the text or submitted it."""
    return {revision.edited_by_id, revision.submitted_by_id} - {actor.person_id, None} != set()


def can_publish(actor: Actor, practice: Practice, revision: Text) -> bool:
    """Tell whether the secretariat may approve: once the lead has signed off."""
    return revision.state == State.SIGNED_OFF and can_review_of(actor, practice)


def can_send_back(actor: Actor, practice: Practice, revision: Text) -> bool:
    """Tell whether the actor may return the text with comments."""
    is_reviewed = revision.state in WAITING and can_review_of(actor, practice)
    return is_reviewed or can_lead_decide(actor, practice, revision)


def can_review(actor: Actor) -> bool:
    """Tell whether the actor sees the secretariat's list of texts to approve."""
    return cities.can_use_desk(actor)


def can_review_of(actor: Actor, practice: Practice) -> bool:
    """Tell whether the practice's city, which must be loaded, is looked after by the actor."""
    if not actor.is_chapter_secretariat:
        return actor.is_secretariat
    return cities.administers(actor, practice.city)


def withdrawn_for(actor: Actor) -> ColumnElement[bool]:
    """Return the condition for withdrawn texts of which the actor may know; `Practice` is joined.

    Whoever could read it learns that it is gone, and why.
    """
    could_read = Revision.visibility.in_(audiences(actor))
    return and_(Revision.state == State.WITHDRAWN, or_(could_read, readable_by(actor)))


def can_withdraw(actor: Actor, practice: Practice) -> bool:
    """Tell whether the actor may take the published text away."""
    return is_lead_of(actor, practice) or can_review_of(actor, practice)


def can_bring_back(actor: Actor, practice: Practice, withdrawn_by_id: int | None) -> bool:
    """Tell whether the actor may bring a text back: a lead only what the lead withdrew."""
    is_own = is_lead_of(actor, practice) and withdrawn_by_id == actor.person_id
    return is_own or can_review_of(actor, practice)


def can_comment_on(actor: Actor, practice: Practice, revision: Revision) -> bool:
    """Tell whether the actor, as reviewer, writes beside the fields of the text."""
    return can_send_back(actor, practice, revision)


def can_read_comments(actor: Actor, practice: Practice) -> bool:
    """Tell whether the actor reads what reviewers wrote: the city's authors and the reviewers."""
    return _is_own(actor, practice) or can_review_of(actor, practice)


def can_resolve(actor: Actor, practice: Practice, revision: Revision) -> bool:
    """Tell whether the actor may mark a comment as done: the authors in their draft, or reviewers.

    Authors who cannot change the text meanwhile have nothing to mark.
    """
    is_draft = revision.state == State.DRAFT and _is_own(actor, practice)
    return is_draft or can_comment_on(actor, practice, revision)


def can_trust(actor: Actor, city: City) -> bool:
    """Tell whether the actor may switch its own review off, or on again, for a city."""
    return cities.administers(actor, city)


def can_see_own_work(actor: Actor) -> bool:
    """Tell whether the actor has a work list."""
    return can_create(actor)


def _is_administered_by(actor: Actor) -> ColumnElement[bool]:
    """Return the condition for practices whose cities the actor looks after."""
    if actor.is_secretariat:
        return true()
    own = select(City.id).where(cities.administered_by(actor))
    return Practice.city_id.in_(own.correlate(None))


def _is_own(actor: Actor, practice: Practice) -> bool:
    return can_create(actor) and practice.city_id == actor.city_id
