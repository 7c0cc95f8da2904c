"""Commands on saved searches: save, change, delete, and stop the mails by the link in one.

A search tells of what is new since it was saved: what it finds on that day counts as told. So
does what it finds when its mails are switched on again after it was only kept.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import func, select, update

from citynet.accounts.models import Person
from citynet.cities.models import Actor
from citynet.index.engine import IndexUnavailable
from citynet.kit import clock, db, tokens
from citynet.kit.errors import Conflict, Invalid, NotFound, require
from citynet.kit.html import line
from citynet.kit.i18n import _, current_language
from citynet.search import asking, policy
from citynet.search import saved_queries as saved
from citynet.search.models import HowOften, SavedSearch, ToldPractice
from citynet.search.models.saved import LONGEST_ADDRESS, LONGEST_NAME

MOST = 20
PURPOSE = "search.stop"
# What a link stops: one search or all of a person's, by its number.
ONE, ALL = "one", "all"
GOOD_FOR_SECONDS = int(timedelta(days=400).total_seconds())


@dataclass(frozen=True)
class Stop:
    """What a link stops: these searches, of which some may have been stopped before."""

    searches: Sequence[SavedSearch]
    is_all: bool

    @property
    def is_done(self) -> bool:
        """Tell whether no mail comes for any of them."""
        return all(one.how_often == HowOften.NEVER for one in self.searches)


def save(actor: Actor, pairs: asking.Pairs, *, name: str, how_often: HowOften) -> SavedSearch:
    """Keep a search for the actor.

    Raises:
        Invalid: its name, or it has too many filters, by field.
        Conflict: the actor saved it before, or has as many as one keeps.
    """
    require(policy.can_save(actor))
    name, address, language = _checked(name), asking.address_of(pairs), current_language()
    if len(address) > LONGEST_ADDRESS:
        raise Invalid({"name": _("This search is too long to be kept. Take some filters away.")})
    # Looked for before the transaction: searching must not keep others from writing.
    found = _found(actor, address, language) if how_often != HowOften.NEVER else None
    return _keep(actor, pairs, found, name=name, how_often=how_often, language=language)


@db.transaction
def _keep(
    actor: Actor, pairs: asking.Pairs, found: Sequence[int] | None, *,
    name: str, how_often: HowOften, language: str,
) -> SavedSearch:  # fmt: skip
    person = _locked(actor)
    if saved.saved_as(person.id, pairs) is not None:
        raise Conflict(_("You have saved this search already."))
    count = select(func.count(SavedSearch.id)).where(SavedSearch.person_id == person.id)
    if (db.session().scalar(count) or 0) >= MOST:
        raise Conflict(_("You keep 20 searches already. Delete one that you need no more."))
    search = SavedSearch(
        person_id=person.id, name=name, address=asking.address_of(pairs), how_often=how_often,
        language=person.language or language,
    )  # fmt: skip
    db.session().add(search)
    db.session().flush()
    _begin(search, found)
    return search


def change(actor: Actor, search_id: int, *, name: str, how_often: HowOften) -> SavedSearch:
    """Rename a search, or change how often its mails come.

    Raises:
        NotFound: the actor has no such search.
        Invalid: its name, by field.
    """
    require(policy.can_save(actor))
    name, search = _checked(name), db.the_one(saved.own_search(actor.person_id, search_id))
    is_on_again = search.how_often == HowOften.NEVER and how_often != HowOften.NEVER
    found = _found(actor, search.address, search.language) if is_on_again else None
    return _change(actor, search_id, found, name=name, how_often=how_often)


@db.transaction
def _change(
    actor: Actor, search_id: int, found: Sequence[int] | None, *, name: str, how_often: HowOften
) -> SavedSearch:
    search = _own(actor, search_id)
    before = search.how_often
    search.name, search.how_often = name, how_often
    if before == HowOften.NEVER and how_often != HowOften.NEVER:
        _begin(search, found)
    elif before != how_often and search.looked_at is not None:
        # The new rhythm begins now: nobody gets two mails on a day.
        search.looked_at = clock.now()
    return search


@db.transaction
def delete(actor: Actor, search_id: int) -> str:
    """Delete a search for good, with the note of what it told, and return its name.

    Raises:
        NotFound: the actor has no such search.
    """
    require(policy.can_save(actor))
    search = _own(actor, search_id)
    name = search.name
    db.session().delete(search)
    return name


def link_of(what: str, number: int) -> str:
    """Return the secret of a link that stops one search, or all of a person."""
    return tokens.sign(PURPOSE, f"{what}.{number}")


def stop_of(secret: str) -> Stop | None:
    """Return what a link stops; None once it has expired.

    Raises:
        NotFound: no link of ours.
    """
    read = tokens.read_late(PURPOSE, secret, max_age_seconds=GOOD_FOR_SECONDS)
    if read is None:
        raise NotFound
    value, is_good = read
    if not is_good:
        return None
    what, _dot, number = value.partition(".")
    if what == ALL:
        return Stop(saved.own_searches(int(number)), is_all=True)
    found = saved.find_search(int(number))
    return Stop([found] if found is not None else [], is_all=False)


@db.transaction
def stop(secret: str) -> Stop | None:
    """End the mails that a link is about; whoever holds it may, and the searches stay.

    Raises:
        NotFound: no link of ours.
    """
    stopped = stop_of(secret)
    if stopped is not None:
        ids = [one.id for one in stopped.searches]
        ending = update(SavedSearch).where(SavedSearch.id.in_(ids))
        db.session().execute(ending.values(how_often=HowOften.NEVER))
    return stop_of(secret)


def note_told(
    search: SavedSearch, practice_ids: Sequence[int], *, mailed: Sequence[int] = ()
) -> None:
    """Write down of what a search does not tell again, once; of `mailed` a mail tells now."""
    moment, fresh = clock.now(), set(mailed)
    for some in db.chunks(practice_ids):
        rows = [
            {"search_id": search.id, "practice_id": key,
             "mailed_at": moment if key in fresh else None}
            for key in some
        ]  # fmt: skip
        noted = db.insert(ToldPractice).values(rows)
        db.session().execute(noted.on_conflict_do_nothing())


def _found(actor: Actor, address: str, language: str) -> list[int] | None:
    try:
        return saved.found_by(actor, address, language)
    except IndexUnavailable:
        return None


def _begin(search: SavedSearch, found: Sequence[int] | None) -> None:
    """Count what is found today as told; where that is not known, the worker does it later."""
    note_told(search, found or ())
    search.looked_at = clock.now() if found is not None else None


def _own(actor: Actor, search_id: int) -> SavedSearch:
    return db.the_one(saved.own_search(actor.person_id, search_id).with_for_update())


def _locked(actor: Actor) -> Person:
    """Return the actor's row, held: whoever saves twice at once is counted one by one."""
    wanted = select(Person).where(Person.id == actor.person_id).with_for_update()
    return db.the_one(wanted.execution_options(populate_existing=True))


def _checked(name: str) -> str:
    name = line(name)
    if not name or len(name) > LONGEST_NAME:
        raise Invalid({"name": _("Write a name of up to 80 characters.")})
    return name
