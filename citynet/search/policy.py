"""Who may do what with searches that are kept."""

from __future__ import annotations

from citynet.cities.models import Actor


def can_save(actor: Actor) -> bool:
    """Tell whether the actor keeps searches: whoever can sign in, whatever their city's standing.

    Each sees and changes their own only; to others there is no such search.
    """
    return actor.person is not None and actor.person.is_active
