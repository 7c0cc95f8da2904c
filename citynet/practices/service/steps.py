"""The history of a text: each step is written down with the command that takes it."""

from __future__ import annotations

from sqlalchemy import exists, select

from citynet.kit import db
from citynet.practices.models import Practice, Revision, RevisionStep, Step


def note(
    by_id: int | None, kind: Step, practice: Practice, revision: Revision, comment: str = ""
) -> None:
    """Write a step of a text down."""
    db.session().add(
        RevisionStep(
            practice_id=practice.id, revision_id=revision.id, kind=kind, by_id=by_id,
            comment=comment,
        )
    )  # fmt: skip


def was_submitted(revision: Revision) -> bool:
    """Tell whether reviewers had the text: then it stays as they saw it."""
    step = exists().where(
        RevisionStep.revision_id == revision.id, RevisionStep.kind == Step.SUBMITTED
    )
    return bool(db.session().scalar(select(step)))
