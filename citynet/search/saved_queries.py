"""Reads of saved searches: a person's own, those that are due, and what each finds now.

A day begins at 00:00 UTC: the morning of the network's cities, from Jakarta to Fiji.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import UTC, datetime, time, timedelta

from sqlalchemy import ColumnElement, Select, and_, or_, select

from citynet.accounts.models import Person
from citynet.cities.models import Actor
from citynet.kit import clock, db
from citynet.practices import policy
from citynet.practices.models import Revision
from citynet.search import asking, queries, vocabulary
from citynet.search.models import HowOften, SavedSearch, ToldPractice


def own_searches(person_id: int | None) -> Sequence[SavedSearch]:
    """Return what a person saved, by name."""
    wanted = select(SavedSearch).where(SavedSearch.person_id == person_id)
    found = db.session().scalars(wanted.execution_options(populate_existing=True))
    return sorted(found, key=lambda one: (one.name.casefold(), one.id))


def own_search(person_id: int | None, search_id: int) -> Select[SavedSearch]:
    """Return the query of a search, if this person saved it."""
    is_own = (SavedSearch.id == search_id, SavedSearch.person_id == person_id)
    return select(SavedSearch).where(*is_own).execution_options(populate_existing=True)


def saved_as(person_id: int | None, pairs: asking.Pairs) -> SavedSearch | None:
    """Return how the person saved this very search, if at all."""
    is_same = SavedSearch.address == asking.address_of(pairs)
    wanted = select(SavedSearch).where(SavedSearch.person_id == person_id, is_same)
    return db.session().scalars(wanted.order_by(SavedSearch.id)).first()


def is_due() -> ColumnElement[bool]:
    """Return the condition for searches to be looked at now: each once a day, or once a week.

    One that never was, because the index was away when it was saved, is due at once.
    """
    day = datetime.combine(clock.now().date(), time(), UTC)
    monday = day - timedelta(days=day.weekday())
    never = SavedSearch.looked_at.is_(None)
    return or_(
        *(
            and_(SavedSearch.how_often == how_often, or_(never, SavedSearch.looked_at < begin))
            for how_often, begin in ((HowOften.DAILY, day), (HowOften.WEEKLY, monday))
        )
    )


def people_due() -> Sequence[int]:
    """Return the ids of people who can sign in and have searches that are due."""
    wanted = (
        select(SavedSearch.person_id)
        .join(Person, Person.id == SavedSearch.person_id)
        .where(is_due(), Person.is_active)
        .distinct()
        .order_by(SavedSearch.person_id)
    )
    return db.session().scalars(wanted).all()


def due_of(person_id: int) -> Sequence[SavedSearch]:
    """Return the person's searches that are due, oldest first."""
    wanted = select(SavedSearch).where(SavedSearch.person_id == person_id, is_due())
    wanted = wanted.order_by(SavedSearch.id).execution_options(populate_existing=True)
    return db.session().scalars(wanted).all()


def found_by(actor: Actor, address: str, language: str) -> list[int]:
    """Return the ids of all practices that a saved search finds for an actor now, newest first.

    Raises:
        IndexUnavailable: nothing is known of what it finds.
    """
    request = asking.request_of(asking.pairs_of(address), actor, language, sort="newest", size=1)
    found = [int(key) for key in queries.engine().keys(request, vocabulary.current())]
    seen = visible(actor, found)
    return [key for key in found if key in seen]


def visible(actor: Actor, practice_ids: Collection[int]) -> set[int]:
    """Return which of these practices the actor may read now: the second lock."""
    found: set[int] = set()
    for some in db.chunks(list(practice_ids)):
        wanted = select(Revision.practice_id).where(Revision.practice_id.in_(some))
        found.update(db.session().scalars(wanted.where(policy.visible_to(actor))))
    return found


def told(search_ids: Collection[int]) -> dict[int, set[int]]:
    """Return of which practices each of these searches does not tell again."""
    found: dict[int, set[int]] = {key: set() for key in search_ids}
    wanted = select(ToldPractice.search_id, ToldPractice.practice_id)
    for search_id, practice_id in db.session().execute(
        wanted.where(ToldPractice.search_id.in_(search_ids))
    ):
        found[search_id].add(practice_id)
    return found


def mailed_to(person_id: int) -> set[int]:
    """Return of which practices any of the person's searches has told."""
    wanted = (
        select(ToldPractice.practice_id)
        .join(SavedSearch, SavedSearch.id == ToldPractice.search_id)
        .where(SavedSearch.person_id == person_id, ToldPractice.mailed_at.is_not(None))
    )
    return set(db.session().scalars(wanted))


def that_write(person_id: int) -> Sequence[SavedSearch]:
    """Return the person's searches that mails come for, by name."""
    return [one for one in own_searches(person_id) if one.how_often != HowOften.NEVER]


def find_search(search_id: int) -> SavedSearch | None:
    """Return a search, whoever saved it: for a link that is the right to stop it."""
    return db.session().get(SavedSearch, search_id, populate_existing=True)
