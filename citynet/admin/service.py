"""Commands on the desk's own tables: filters a person keeps; and the note of an export."""

from __future__ import annotations

from sqlalchemy import func, select

from citynet.admin import queries
from citynet.admin.models import LONGEST_NAME, LONGEST_QUERY, SavedFilter
from citynet.cities import policy
from citynet.cities.models import Actor
from citynet.kit import audit, db, html
from citynet.kit.errors import Conflict, Invalid, require
from citynet.kit.i18n import _

MOST_FILTERS = 30


@db.transaction
def save_filter(actor: Actor, list_key: str, *, name: str, query: str) -> SavedFilter:
    """Keep a list's filters under a name; one of the same name is replaced.

    `query` is what `lists.read_query` made of an address.

    Raises:
        Invalid: no name, or one longer than 60 characters; filters too long to keep.
        Conflict: the person keeps 30 already.
    """
    require(policy.can_use_desk(actor))
    name = _name(name)
    if len(query) > LONGEST_QUERY:
        raise Invalid({"name": _("These filters are too long to keep. Shorten the words in them.")})
    kept = select(func.count()).where(SavedFilter.person_id == actor.person_id)
    found = _named(actor, list_key, name)
    if found is None:
        if (db.session().scalar(kept) or 0) >= MOST_FILTERS:
            raise Conflict(_("You keep 30 filters already. Delete one that you no longer need."))
        found = SavedFilter(person_id=actor.person_id, list_key=list_key, name=name)
        db.session().add(found)
    found.query = query
    return found


@db.transaction
def rename_filter(actor: Actor, filter_id: int, *, name: str) -> SavedFilter:
    """Give one's own filter another name.

    Raises:
        Invalid: no name, a longer one than 60 characters, or that of another filter of the list.
        NotFound: there is none, or it is somebody else's.
    """
    require(policy.can_use_desk(actor))
    found = queries.get_saved_filter(actor.person_id, filter_id)
    name = _name(name)
    other = _named(actor, found.list_key, name)
    if other is not None and other.id != found.id:
        raise Invalid({"name": _("Another filter of this list has this name.")})
    found.name = name
    return found


@db.transaction
def delete_filter(actor: Actor, filter_id: int) -> None:
    """Keep one's own filter no longer.

    Raises:
        NotFound: there is none, or it is somebody else's.
    """
    require(policy.can_use_desk(actor))
    db.session().delete(queries.get_saved_filter(actor.person_id, filter_id))


@db.transaction
def note_export(actor: Actor, list_key: str, *, rows: int, query: str) -> None:
    """Write down that a list left the network in a file: who took what out, filtered how."""
    audit.record(
        actor.person_id, "list.exported", subject=("person", actor.person_id or 0),
        city_id=actor.city_id, details={"list": list_key, "rows": rows, "filters": query},
    )  # fmt: skip


def _named(actor: Actor, list_key: str, name: str) -> SavedFilter | None:
    wanted = select(SavedFilter).where(
        SavedFilter.person_id == actor.person_id,
        SavedFilter.list_key == list_key,
        SavedFilter.name == name,
    )
    return db.session().scalar(wanted)


def _name(text: str) -> str:
    name = html.line(text)
    if not name or len(name) > LONGEST_NAME:
        raise Invalid({"name": _("Write a name of up to 60 characters.")})
    return name
