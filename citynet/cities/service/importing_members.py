"""A list of members brought in from the desk: the dry run as a preview, and the job after it."""

from __future__ import annotations

import json

from citynet.cities import policy
from citynet.cities.models import Actor, Preview
from citynet.cities.service import importing, previews
from citynet.cities.service.inviting import actor_of_job
from citynet.cities.service.people import read_reason
from citynet.cities.service.previews import Line
from citynet.kit import db, jobs
from citynet.kit.errors import Conflict, require
from citynet.kit.i18n import _
from citynet.kit.sheets import Row, Table

IMPORT = "memberships.import"


@db.transaction
def preview(actor: Actor, table: Table, *, reason: str) -> Preview:
    """Tell line by line what bringing in a list of members would do.

    Raises:
        Forbidden: not from the desk.
        Invalid: no reason, or a table that is no list of members.
    """
    require(policy.can_use_desk(actor))
    reason = read_reason(reason)
    lines = [
        Line(
            planned.named,
            planned.sentence,
            _item(planned, row, reason) if planned.acts else {},
            row.line,
        )
        for planned, row in zip(importing.plan(actor, table), table.rows, strict=True)
    ]
    return previews.keep(actor, IMPORT, title=_("Import of memberships"), lines=lines)


@jobs.doer(IMPORT)
def do_import(actor_id: int | None, item: dict[str, str]) -> str:
    """Do what was shown of one line, if that is still what it would do."""
    actor, cells = actor_of_job(actor_id), json.loads(item["cells"])
    row = Row(int(item["line"]), cells)
    planned = importing.plan(actor, Table(list(cells), [row]))[0]
    if planned.problem or planned.sentence != item["seen"]:
        raise Conflict(planned.problem or _("Somebody changed this meanwhile: left alone."))
    return importing.apply_row(actor, row, reason=item["reason"]).sentence


def _item(planned: importing.Line, row: Row, reason: str) -> dict[str, str]:
    return {
        "line": str(row.line), "seen": planned.sentence, "reason": reason,
        "cells": json.dumps(row.cells, ensure_ascii=False),
    }  # fmt: skip
