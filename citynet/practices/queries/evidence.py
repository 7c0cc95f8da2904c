"""Reads of what vouches for the results of practices, for lists."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping

from sqlalchemy import select

from citynet.kit import db
from citynet.practices.charts import Evidence, best_evidence
from citynet.practices.fields import Result
from citynet.practices.models import Revision, State
from citynet.practices.queries.files import attached_to_published


def evidence_of(practice_ids: Collection[int]) -> Mapping[int, Evidence]:
    """Return the best evidence of published practices by id, of those that tell a result.

    Whoever asks has let the practices through `visible_to`.
    """
    wanted = select(Revision.practice_id, Revision.content_json).where(
        Revision.practice_id.in_(practice_ids), Revision.state == State.PUBLISHED
    )
    # Of each text the results alone are read: whole texts took ten times as long.
    rows = {
        key: [Result.model_construct(**row) for row in json.loads(text).get("results", ())]
        for key, text in db.session().execute(wanted)
    }
    proven = [key for key, found in rows.items() if any(row.document for row in found)]
    attached = attached_to_published(proven) if proven else {}
    best = {key: best_evidence(found, attached.get(key, ())) for key, found in rows.items()}
    return {key: found for key, found in best.items() if found is not None}
