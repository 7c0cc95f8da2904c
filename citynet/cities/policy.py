"""Who may do what with cities and memberships."""

from __future__ import annotations

from citynet.cities.models import Actor, Standing

# Standings that the public sees on a city's page and in the list of member cities.
SHOWN = (Standing.ACTIVE, Standing.LAPSED, Standing.SUSPENDED)
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


def can_see_standing(actor: Actor, city_id: int, standing: Standing) -> bool:
    """Tell whether the actor may know it: the public what is shown, a city and secretariat all."""
    return standing in SHOWN or actor.is_secretariat or actor.city_id == city_id


def can_read_reasons(actor: Actor) -> bool:
    """Tell whether the actor reads why a membership changed, and who decided."""
    return actor.is_secretariat


def can_manage_officials(actor: Actor, city_id: int) -> bool:
    """Tell whether the actor names the officials of a city."""
    return actor.is_secretariat or (actor.is_lead and actor.city_id == city_id)


def can_move_officials(actor: Actor) -> bool:
    """Tell whether the actor may take an official from one city to another."""
    return actor.is_secretariat


def can_move(before: Standing, after: Standing) -> bool:
    """Tell whether a membership may go from one standing to the other."""
    return after in MOVES[before]
