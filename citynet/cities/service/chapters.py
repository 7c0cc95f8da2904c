"""Commands on chapters: the network's secretariat makes them and names who runs them."""

from __future__ import annotations

from collections.abc import Iterable

from babel import Locale
from slugify import slugify
from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError

from citynet.accounts import queries as people
from citynet.accounts.models import Person
from citynet.cities import policy, queries
from citynet.cities.models import Actor, Chapter, ChapterPerson, City, Official
from citynet.kit import audit, db, html
from citynet.kit.errors import Conflict, Invalid, NotFound, require
from citynet.kit.i18n import _

LONGEST_NAME = 80
MOST_CITIES = 2_000


@db.transaction
def create_chapter(actor: Actor, *, name: str, country: str | None = None) -> Chapter:
    """Begin a chapter; applications from `country` come to it.

    Raises:
        Invalid: no name, one that is taken, a country that does not exist or has a chapter.
    """
    require(policy.can_manage_network(actor))
    name, country = _read(name, country, None)
    chapter = Chapter(name=name, country=country, slug=_free_slug(name))
    _write(chapter)
    _record(actor, "chapter.created", chapter, after={"name": name, "country": country})
    return chapter


@db.transaction
def change_chapter(
    actor: Actor, chapter: Chapter, *, name: str, country: str | None
) -> Chapter:  # fmt: skip
    """Give a chapter another name or country; its address stays.

    Raises:
        Invalid: no name, one that is taken, a country that does not exist or has a chapter.
    """
    require(policy.can_manage_network(actor))
    chapter = _hold(chapter)
    before = {"name": chapter.name, "country": chapter.country}
    chapter.name, chapter.country = _read(name, country, chapter)
    _write(chapter)
    after = {"name": chapter.name, "country": chapter.country}
    if after != before:
        _record(actor, "chapter.changed", chapter, before=before, after=after)
    return chapter


@db.transaction
def put_cities(actor: Actor, chapter: Chapter, cities: Iterable[City]) -> list[City]:
    """Put cities into a chapter, out of another where they were in one; return those that moved.

    Raises:
        Invalid: more than 2,000 at once.
    """
    require(policy.can_manage_network(actor))
    chapter = _hold(chapter)
    return _move(actor, list(cities), chapter)


@db.transaction
def take_out(actor: Actor, cities: Iterable[City]) -> list[City]:
    """Take cities out of their chapters: the network's own secretariat looks after them."""
    require(policy.can_manage_network(actor))
    return _move(actor, list(cities), None)


@db.transaction
def add_chapter_person(actor: Actor, chapter: Chapter, email: str) -> ChapterPerson:
    """Let a person work in a chapter's secretariat.

    Raises:
        Invalid: nobody who can sign in has this address.
        Conflict: the person acts for a city, or works in a secretariat already.
    """
    require(policy.can_manage_network(actor))
    chapter = _hold(chapter)
    found = people.by_email(email)
    if found is None or not found.is_active:
        raise Invalid({"email": _("No account has this address. Invite the person first.")})
    db.session().execute(select(Person.id).where(Person.id == found.id).with_for_update())
    _check_free(found)
    added = ChapterPerson(chapter_id=chapter.id, person_id=found.id)
    db.session().add(added)
    db.session().flush()
    _record(actor, "chapter.person_added", chapter, person=found)
    return added


@db.transaction
def remove_chapter_person(actor: Actor, chapter: Chapter, person_id: int) -> None:
    """Take a person out of a chapter's secretariat; the rights end at the next request.

    Raises:
        NotFound: the person is not there.
    """
    require(policy.can_manage_network(actor))
    wanted = select(ChapterPerson).where(
        ChapterPerson.chapter_id == chapter.id, ChapterPerson.person_id == person_id
    )
    found = db.session().scalar(wanted.with_for_update())
    if found is None:
        raise NotFound
    person = db.session().get_one(Person, person_id)
    db.session().delete(found)
    _record(actor, "chapter.person_removed", chapter, person=person)


@db.transaction
def delete_chapter(actor: Actor, chapter: Chapter) -> None:
    """Delete a chapter that has neither cities nor people.

    Raises:
        Conflict: it has.
    """
    require(policy.can_manage_network(actor))
    chapter = _hold(chapter)
    has_cities = db.session().scalar(
        select(City.id).where(City.chapter_id == chapter.id).limit(1)
    )  # fmt: skip
    if has_cities or queries.people_of_chapter(chapter.id):
        raise Conflict(_("Take the cities and the people out first: only an empty one can go."))
    _record(actor, "chapter.deleted", chapter, before={"name": chapter.name})
    db.session().execute(delete(Chapter).where(Chapter.id == chapter.id))


def _read(name: str, country: str | None, own: Chapter | None) -> tuple[str, str | None]:
    """Return name and country as they are kept."""
    name, code = html.line(name), (country or "").strip().upper() or None
    problems: dict[str, str] = {}
    if not name or len(name) > LONGEST_NAME:
        problems["name"] = _("Write a name of up to 80 characters.")
    elif (other := queries.find_chapter(name)) and (own is None or other.id != own.id):
        problems["name"] = _("There is a chapter of this name already.")
    if code is not None and (len(code) != 2 or code not in Locale("en").territories):
        problems["country"] = _("Choose a country of the list.")
    elif code and (other := queries.chapter_of_country(code)) and (own is None or other != own):
        problems["country"] = _("%(chapter)s stands for this country.", chapter=other.name)
    if problems:
        raise Invalid(problems)
    return name, code


def _write(chapter: Chapter) -> None:
    """Flush a chapter; on PostgreSQL another may have taken its name or country meanwhile."""
    try:
        with db.savepoint():
            db.session().add(chapter)
            db.session().flush()
    except IntegrityError:
        raise Conflict(_("Somebody changed the chapters at this moment. Try again.")) from None


def _hold(chapter: Chapter) -> Chapter:
    """Return the chapter as it is now, kept from others until the command ends."""
    wanted = select(Chapter).where(Chapter.id == chapter.id).with_for_update()
    found = db.session().scalar(wanted.execution_options(populate_existing=True))
    if found is None:
        raise NotFound
    return found


def _move(actor: Actor, cities: list[City], chapter: Chapter | None) -> list[City]:
    if len(cities) > MOST_CITIES:
        raise Invalid({"cities": _("Put in at most 2,000 cities at once.")})
    wanted = chapter.id if chapter else None
    ids = {city.id for city in cities}
    rows = select(City).where(City.id.in_(ids)).order_by(City.id).with_for_update(of=City)
    fresh = db.session().scalars(rows.execution_options(populate_existing=True)).all()
    moved = [city for city in fresh if city.chapter_id != wanted]
    names = {one.id: one.name for one in queries.chapters()}
    for city in moved:
        old, city.chapter_id = city.chapter_id, wanted
        audit.record(
            actor.person_id, "city.chapter_changed", subject=("city", city.id), city_id=city.id,
            before={"chapter": names.get(old) if old else None},
            after={"chapter": chapter.name if chapter else None},
        )  # fmt: skip
    return moved


def _check_free(person: Person) -> None:
    """Refuse somebody who decides elsewhere: nobody reviews what the own city writes."""
    if person.is_secretariat:
        raise Conflict(_("This person works in the network's secretariat, which may do all this."))
    if db.session().scalar(select(Official.id).where(Official.person_id == person.id)):
        raise Conflict(
            _("This person acts for a city. Whoever works in a chapter's secretariat may not.")
        )
    if (other := queries.chapter_of_person(person.id)) is not None:
        raise Conflict(_("This person works in the secretariat of %(name)s.", name=other.name))


def _free_slug(name: str) -> str:
    plain = slugify(name, max_length=50) or "chapter"
    taken = set(db.session().scalars(select(Chapter.slug).where(Chapter.slug.startswith(plain))))
    taken.add("new")
    numbers = (f"{plain}-{number}" for number in range(2, len(taken) + 3))
    return plain if plain not in taken else next(one for one in numbers if one not in taken)


def _record(
    actor: Actor, action: str, chapter: Chapter, *, person: Person | None = None,
    before: dict[str, str | None] | None = None, after: dict[str, str | None] | None = None,
) -> None:  # fmt: skip
    audit.record(
        actor.person_id,
        action,
        subject=("person", person.id) if person else ("chapter", chapter.id),
        details={"chapter": chapter.name},
        before=before,
        after=after,
    )
