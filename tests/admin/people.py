"""What tests of the desk's people have in common."""

from __future__ import annotations

import csv
import io
from typing import Any

from sqlalchemy import select

from citynet.accounts import queries as accounts
from citynet.accounts.models import Person
from citynet.cities.models import Preview
from citynet.kit import db, effects, jobs
from tests.network import ROLES


def person(role: str) -> Person:
    """Return a role's person as it is now."""
    db.session().expire_all()
    found = accounts.by_email(ROLES[role].address or "")
    assert found is not None
    return found


def rows_of(answer: Any) -> list[list[str]]:
    """Return the rows of an exported CSV, without its heads."""
    assert answer.status_code == 200
    text = answer.get_data(as_text=True).removeprefix("\ufeff")
    return list(csv.reader(io.StringIO(text)))[1:]


def last_preview() -> Preview:
    """Return the newest preview."""
    db.session().expire_all()
    return db.session().scalars(select(Preview).order_by(Preview.id.desc()).limit(1)).one()


def run_jobs() -> jobs.Job:
    """Let the worker do what is due, and return the newest job."""
    for _round in range(30):
        if not effects.run_due():
            break
    db.session().expire_all()
    return db.session().scalars(select(jobs.Job).order_by(jobs.Job.id.desc()).limit(1)).one()


def notes_of(job: jobs.Job) -> dict[str, str]:
    """Return the note of each item of a job, by its name."""
    return {one.name: one.note for one in jobs.items(job.id).items}
