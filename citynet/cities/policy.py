"""Who may do what with cities and memberships."""

from __future__ import annotations

from sqlalchemy import ColumnElement, and_, false, or_, true

from citynet.accounts.models import Person
from citynet.cities.models import Actor, Application, City, Standing

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
# Whose term can be prolonged; a lapsed membership returns by it.
RENEWABLE = frozenset({Standing.ACTIVE, Standing.LAPSED})
# Whose officials read only, and are told why.
READ_ONLY = frozenset({Standing.LAPSED, Standing.SUSPENDED, Standing.ENDED})


def can_manage_network(actor: Actor) -> bool:
    """Tell whether the actor decides on the network as a whole: its own secretariat."""
    return actor.is_secretariat


def can_use_desk(actor: Actor) -> bool:
    """Tell whether the actor works at the desk: the network's secretariat or a chapter's."""
    return actor.is_secretariat or actor.is_chapter_secretariat


def administers(actor: Actor, city: City) -> bool:
    """Tell whether the city is looked after by the actor: all of them, or the chapter's."""
    is_in_chapter = actor.chapter_id is not None and city.chapter_id == actor.chapter_id
    return actor.is_secretariat or is_in_chapter


def administered_by(actor: Actor) -> ColumnElement[bool]:
    """Return the condition for the cities the actor looks after; `City` must be joined."""
    if actor.is_secretariat:
        return true()
    return City.chapter_id == actor.chapter_id if actor.chapter_id is not None else false()


def can_register(actor: Actor, city: City) -> bool:
    """Tell whether the actor may write down that a city asks to join.

    A chapter's secretariat may for its country's cities too: they come to the chapter by it.
    """
    is_free = city.chapter_id is None and actor.chapter_country == city.country
    return administers(actor, city) or (actor.is_chapter_secretariat and is_free)


def can_see_term(actor: Actor, city: City) -> bool:
    """Tell whether the actor may know until when a membership runs: the city and secretariats."""
    return administers(actor, city) or actor.city_id == city.id


def can_see_standing(actor: Actor, city: City, standing: Standing) -> bool:
    """Tell whether the actor may know it: the public what is shown, a city and secretariat all."""
    return standing in SHOWN or administers(actor, city) or actor.city_id == city.id


def can_read_reasons(actor: Actor, city: City) -> bool:
    """Tell whether the actor reads why a membership changed, and who decided."""
    return administers(actor, city)


def can_read_own_reason(actor: Actor) -> bool:
    """Tell whether the actor's own city may do less than before, and so is told why."""
    return actor.city is not None and actor.standing in READ_ONLY


def can_manage_officials(actor: Actor, city: City) -> bool:
    """Tell whether the actor names the officials of a city."""
    return administers(actor, city) or (actor.is_lead and actor.city_id == city.id)


def can_name_lead(actor: Actor, city: City) -> bool:
    """Tell whether the actor may say who answers for a city: a lead only hands over."""
    return administers(actor, city)


def can_move_officials(actor: Actor, before: City) -> bool:
    """Tell whether the actor may take an official away from a city to another."""
    return administers(actor, before)


def can_administer(actor: Actor, person: Person, city: City | None) -> bool:
    """Tell whether the actor looks after a person, who acts for this city or for none.

    The network's secretariat: everyone; a chapter's: the officials of its cities.
    """
    is_of_chapter = city is not None and administers(actor, city) and not person.is_secretariat
    return actor.is_secretariat or is_of_chapter


def people_administered_by(actor: Actor) -> ColumnElement[bool]:
    """Return the condition for the people the actor looks after; `City` must be joined."""
    if actor.is_secretariat:
        return true()
    return and_(administered_by(actor), Person.is_secretariat.is_(False))


def can_move(before: Standing, after: Standing) -> bool:
    """Tell whether a membership may go from one standing to the other."""
    return after in MOVES[before]


def decides_on(actor: Actor, application: Application) -> bool:
    """Tell whether the actor decides on an application; its city must be loaded.

    One for a city that is not in the table comes to the chapter of its country.
    """
    if application.city is not None:
        return administers(actor, application.city)
    is_of_chapter = actor.chapter_country == application.country
    return actor.is_secretariat or (actor.is_chapter_secretariat and is_of_chapter)


def decided_by(actor: Actor) -> ColumnElement[bool]:
    """Return the condition for the applications the actor decides on; `City` must be joined."""
    if actor.chapter_country is None or actor.is_secretariat:
        return administered_by(actor)
    is_unlisted = Application.city_id.is_(None)
    return or_(
        administered_by(actor), and_(is_unlisted, Application.country == actor.chapter_country)
    )
