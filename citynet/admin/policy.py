"""Who reads which part of the audit log."""

from __future__ import annotations

from citynet.cities.models import Actor


def can_read_city_log(actor: Actor) -> bool:
    """Tell whether the actor reads what was done in their city: its lead."""
    return actor.is_lead
