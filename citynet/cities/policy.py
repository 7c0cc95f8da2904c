"""Who may do what with cities and memberships."""

from __future__ import annotations

from citynet.cities.models import Actor, Standing

# From which standing a membership may go where.
MOVES: dict[Standing, frozenset[Standing]] = {
    Standing.APPLIED: frozenset({Standing.ACTIVE, Standing.ENDED}),
    Standing.ACTIVE: frozenset({Standing.SUSPENDED, Standing.LAPSED, Standing.ENDED}),
    Standing.LAPSED: frozenset({Standing.ACTIVE, Standing.ENDED}),
    Standing.SUSPENDED: frozenset({Standing.ACTIVE, Standing.ENDED}),
    Standing.ENDED: frozenset({Standing.ACTIVE}),
}


def can_manage_memberships(actor: Actor) -> bool:
    """Tell whether the actor admits, suspends, restores and ends memberships."""
    return actor.is_secretariat


def can_manage_officials(actor: Actor, city_id: int) -> bool:
    """Tell whether the actor names the officials of a city."""
    return actor.is_secretariat or (actor.is_lead and actor.city_id == city_id)


def can_move(before: Standing, after: Standing) -> bool:
    """Tell whether a membership may go from one standing to the other."""
    return after in MOVES[before]
