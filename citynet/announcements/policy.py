"""Who writes announcements, and who reads which."""

from __future__ import annotations

from sqlalchemy import ColumnElement, and_

from citynet.announcements.models import Announcement, Audience
from citynet.cities import policy
from citynet.cities.models import Actor
from citynet.kit import clock


def can_announce(actor: Actor) -> bool:
    """Tell whether the actor writes announcements: the network's secretariat."""
    return policy.can_manage_network(actor)


def audiences(actor: Actor) -> frozenset[Audience]:
    """Return the audiences the actor belongs to."""
    if actor.is_member or policy.can_use_desk(actor):
        return frozenset(Audience)
    return frozenset({Audience.EVERYBODY})


def visible_to(actor: Actor) -> ColumnElement[bool]:
    """Return the condition for announcements the actor reads today."""
    today = clock.now().date()
    return and_(
        Announcement.published_at.is_not(None),
        Announcement.withdrawn_at.is_(None),
        Announcement.begins_on <= today,
        Announcement.ends_on >= today,
        Announcement.audience.in_(audiences(actor)),
    )
