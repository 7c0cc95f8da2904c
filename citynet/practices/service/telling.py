"""Who is told what became of a text: those who wrote or submitted it, and may read it still."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from citynet.accounts.models import Person
from citynet.cities import queries as cities
from citynet.cities.models import Actor
from citynet.kit import db
from citynet.practices import letters, policy
from citynet.practices.models import Practice
from citynet.practices.policy import Text


def authors_of(actor: Actor, practice: Practice, text: Text) -> Sequence[Person]:
    """Return whom to tell of an act on a text: its authors as they stand now, never who acts."""
    ids = {text.edited_by_id, text.submitted_by_id} - {None, actor.person_id}
    wanted = select(Person).where(Person.id.in_(ids), Person.is_active).order_by(Person.id)
    people = db.session().scalars(wanted.execution_options(populate_existing=True)).all()
    return [one for one in people if policy.can_edit(cities.actor_of(one), practice)]


def tell(
    key: str, authors: Sequence[Person], practice: Practice, text: Text, comment: str = ""
) -> None:
    """Write to the authors once this is committed."""
    for one in authors:
        letters.tell_author(key, one, text, practice, comment=comment)
