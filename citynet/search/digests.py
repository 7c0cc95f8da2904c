"""The mails that tell what is new: found by the worker's clock, worded when they are sent.

What a mail tells and that it told it are written in one transaction, so that neither a crash nor
a second run tells it twice. The words come at the moment of sending: who was suspended, erased or
stopped the mails meanwhile, and what was withdrawn, is left out by then.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

import structlog
from sqlalchemy import select

from citynet.accounts.models import Person
from citynet.cities import queries as cities
from citynet.cities.models import Actor
from citynet.index.engine import IndexUnavailable
from citynet.kit import clock, db, effects, mail, worker
from citynet.kit.http import external_url
from citynet.kit.i18n import in_language
from citynet.practices import queries as practices
from citynet.practices.cards import headings_of
from citynet.search import letters, saved, service
from citynet.search import saved_queries as searches
from citynet.search.letters import DIGEST, News, Told
from citynet.search.models import SavedSearch

MOST_NAMED = 20
log = structlog.get_logger(__name__)


@worker.periodic("search.digests", minutes=60)
def tell_what_is_new() -> None:
    """Write to each person whose searches are due, once; without the index at a later time."""
    for person_id in searches.people_due():
        try:
            _tell(person_id)
        except IndexUnavailable:
            log.warning("digests_wait_for_the_index")
            service.repair_index()
            return
        except Exception:
            # The person's next time comes; the others' must not wait for it.
            log.exception("digest_failed", person_id=person_id)


def _tell(person_id: int) -> None:
    """Run the person's searches with the rights of now, and have one mail tell what is new."""
    actor = cities.actor_of(db.session().get_one(Person, person_id, populate_existing=True))
    found = {
        one.id: searches.found_by(actor, one.address, one.language)
        for one in searches.due_of(person_id)
    }
    _write_down(person_id, found)


@db.transaction
def _write_down(person_id: int, found: Mapping[int, Sequence[int]]) -> None:
    """Note what was found as told, with the mail that tells it; another worker may have."""
    due = _locked(person_id, found)
    told, mailed = searches.told(list(found)), searches.mailed_to(person_id)
    news: dict[int, list[int]] = {}
    for search in due:
        fresh = [key for key in found[search.id] if key not in told[search.id]]
        is_first = search.looked_at is None
        new = [] if is_first else [key for key in fresh if key not in mailed]
        saved.note_told(search, fresh, mailed=new)
        search.looked_at = clock.now()
        if new:
            search.told_at, news[search.id] = clock.now(), new
            mailed.update(new)
    if news:
        effects.enqueue(DIGEST, person_id=str(person_id), news=json.dumps(news), **mail.stamp())


def _locked(person_id: int, found: Mapping[int, Sequence[int]]) -> Sequence[SavedSearch]:
    """Return those of the searches that still are due, held."""
    wanted = (
        select(SavedSearch)
        .where(SavedSearch.person_id == person_id, SavedSearch.id.in_(found), searches.is_due())
        .order_by(SavedSearch.id)
        .with_for_update()
    )
    return db.session().scalars(wanted.execution_options(populate_existing=True)).all()


@effects.effect(DIGEST, tries=mail.TRIES, lane=effects.Lane.MAIL)
def send(payload: effects.Payload) -> None:
    """Send what is still new to whoever may still read it; nothing is left: no mail."""
    person = db.session().get(Person, int(payload["person_id"]), populate_existing=True)
    if person is None or not person.is_active:
        return
    ids = {int(key): found for key, found in json.loads(payload["news"]).items()}
    found = [one for one in searches.that_write(person.id) if one.id in ids]
    actor = cities.actor_of(person)
    named_each = MOST_NAMED // max(1, len(found))
    language = person.language or (found[0].language if found else "en")
    with in_language(language):
        told = [_news(actor, one, ids[one.id], named_each) for one in found]
    if news := [one for one in told if one.total]:
        stop = saved.link_of(saved.ALL, person.id)
        words = letters.digest_of(person, language, news, stop=stop)
        mail.deliver({**words, **{name: payload[name] for name in ("message_id", "written_at")}})


def _news(actor: Actor, search: SavedSearch, practice_ids: Sequence[int], most: int) -> News:
    """Return what one search tells, in the language of the mail."""
    seen = searches.visible(actor, practice_ids)
    shown = [key for key in practice_ids if key in seen]
    rows = practices.by_practice_ids(actor, shown[:most])
    texts = [rows[key] for key in shown[:most] if key in rows]
    address = f"{search.address}&sort=newest".removeprefix("&")
    return News(
        search=search,
        total=len(shown),
        named=[
            Told(heading.title, text.practice.city.full_name, text.practice.slug)
            for text, heading in zip(texts, headings_of(texts), strict=True)
        ],
        results=f"{external_url('search.results')}?{address}",
        stop=saved.link_of(saved.ONE, search.id),
    )
