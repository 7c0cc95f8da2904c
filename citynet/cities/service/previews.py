"""Previews: a list of changes is shown line by line, and what was shown is what a job does.

Nothing of a preview is trusted twice: each item is asked anew when it is done, and a job that
finds a line different from what was shown leaves it alone and says so.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass, field
from datetime import timedelta

from sqlalchemy import select

from citynet.cities.models import Actor, Preview
from citynet.kit import clock, db, jobs
from citynet.kit.errors import Conflict, NotFound, require
from citynet.kit.i18n import _, current_language
from citynet.kit.page import Page

LASTS = timedelta(days=1)
LINES_AT_ONCE = 100


@dataclass(frozen=True)
class Line:
    """One line: what it is about, what would happen or why not, and the item for the job."""

    name: str
    note: str
    # Empty where nothing will be done.
    item: dict[str, str] = field(default_factory=dict)
    # The line of the file or list it was read from, 0 where there is none.
    number: int = 0

    @property
    def is_going(self) -> bool:
        """Tell whether something will be done."""
        return bool(self.item)


@dataclass(frozen=True)
class Shown:
    """A kept preview with its lines."""

    preview: Preview
    lines: list[Line]

    @property
    def going(self) -> list[Line]:
        """Return the lines that something will be done on."""
        return [line for line in self.lines if line.is_going]

    @property
    def left(self) -> list[Line]:
        """Return the lines that will be left alone."""
        return [line for line in self.lines if not line.is_going]

    def page(self, number: int) -> Page[Line]:
        """Return a page of lines; those left alone come first."""
        lines, start = self.left + self.going, (number - 1) * LINES_AT_ONCE
        return Page(lines[start : start + LINES_AT_ONCE], len(lines), number, LINES_AT_ONCE)


@db.transaction
def keep(actor: Actor, kind: str, *, title: str, lines: Sequence[Line]) -> Preview:
    """Keep what is shown until its owner begins it, for a day at most."""
    require(actor.is_signed_in)
    kept = Preview(
        person_id=actor.person_id or 0, kind=kind, title=title[:200],
        lines=json.dumps([asdict(line) for line in lines], ensure_ascii=False),
    )  # fmt: skip
    db.session().add(kept)
    db.session().flush()
    return kept


def shown(actor: Actor, preview_id: int, kinds: Collection[str]) -> Shown:
    """Return one's own preview of one of these kinds: each page shows only its own.

    Raises:
        NotFound: none, another person's, another kind's, or one that is over.
    """
    found = db.session().get(Preview, preview_id)
    if found is None or found.person_id != actor.person_id or found.kind not in kinds:
        raise NotFound
    if found.created_at < clock.now() - LASTS:
        raise NotFound
    return Shown(found, [Line(**line) for line in json.loads(found.lines)])


@db.transaction
def begin(actor: Actor, preview_id: int, kinds: Collection[str]) -> jobs.Job:
    """Begin the job of one's own preview of one of these kinds; asked twice, it is the same job.

    Raises:
        NotFound: none, another person's, another kind's, or one that is over.
        Conflict: nothing in it can be done.
    """
    require(actor.is_signed_in)
    wanted = select(Preview).where(Preview.id == preview_id).with_for_update()
    db.session().scalar(wanted.execution_options(populate_existing=True))
    found = shown(actor, preview_id, kinds)
    if found.preview.job_id is not None:
        return jobs.get(found.preview.job_id)
    items = [{"name": line.name, **line.item} for line in found.going]
    if not items:
        raise Conflict(_("Nothing of this list can be done. Read why, and send another one."))
    job = jobs.begin(
        actor.person_id, found.preview.kind, title=found.preview.title, items=items,
        language=current_language(),
    )  # fmt: skip
    found.preview.job_id = job.id
    return job
