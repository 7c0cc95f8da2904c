"""Pictures in the widths of pages, made by the worker; and the end of what is shown no more."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import delete, not_, select

from citynet.kit import db, effects, files, pictures, worker
from citynet.kit.effects import Lane
from citynet.kit.errors import NotFound
from citynet.kit.pictures import Picture
from citynet.practices.models import PracticeFile, Rendition
from citynet.practices.queries import files as queries

RENDER = "practice.picture"
GONE = "practice.file_gone"


@effects.effect(RENDER, tries=8, lane=Lane.JOB)
def render(payload: effects.Payload) -> None:
    """Make the smaller ones of a stored picture, unless they are there or it is gone."""
    source = payload["source"]
    if queries.has_renditions(source):
        return
    try:
        content = files.get(source)
    except NotFound:
        return
    _keep(source, pictures.renditions(content))


@effects.effect(GONE)
@db.transaction
def remove_content(payload: effects.Payload) -> None:
    """Delete a content that nobody refers to, and what was made of it.

    In a transaction: who stores the same content at this moment waits for its end.
    """
    source = payload["stored"]
    gone = [source]
    if not queries.is_shown(source):
        made = select(Rendition.name_in_store).where(Rendition.source == source)
        gone += db.session().scalars(made)
        db.session().execute(delete(Rendition).where(Rendition.source == source))
    for name in gone:
        files.remove(name)


@worker.periodic("practices.unused_files")
@db.transaction
def forget_unused() -> None:
    """Delete the rows of files that only superseded texts showed; their content goes after it."""
    unused = select(PracticeFile).where(not_(queries.is_in_use()))
    for file in db.session().scalars(unused).all():
        db.session().delete(file)
        effects.enqueue(GONE, stored=file.name_in_store)


@db.transaction
def _keep(source: str, made: Sequence[Picture]) -> None:
    if not queries.is_shown(source):
        return
    for one in made:
        row = {
            "source": source, "width": one.width, "media_type": one.media_type,
            "name_in_store": files.put(one.content),
        }  # fmt: skip
        db.session().execute(db.insert(Rendition).values(row).on_conflict_do_nothing())
