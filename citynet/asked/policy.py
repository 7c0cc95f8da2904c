"""Who reads and decides what people found missing, and who hides a past query."""

from __future__ import annotations

from sqlalchemy import ColumnElement

from citynet.cities import policy as cities
from citynet.cities.models import Actor


def can_answer(actor: Actor) -> bool:
    """Tell whether the actor reads what people found missing: a secretariat."""
    return cities.can_use_desk(actor)


def answered_by(actor: Actor) -> ColumnElement[bool]:
    """Return the condition for the reports the actor decides on; `City` must be joined outside.

    A chapter's secretariat has those of its cities; what visitors and others told, the network's.
    """
    return cities.administered_by(actor)


def can_hide(actor: Actor) -> bool:
    """Tell whether the actor reads and hides past queries: the network's secretariat."""
    return cities.can_manage_network(actor)
