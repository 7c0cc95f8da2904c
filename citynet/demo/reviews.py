"""What shows beside the practices: a comment, a reviewer, a tombstone, translations."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from citynet.cities.models import Actor
from citynet.kit import clock, db, letters
from citynet.practices import content as contents
from citynet.practices import editing, importing, merging, queries, service
from citynet.practices.content import MAY_BE_UNKNOWN
from citynet.practices.importing import Team
from citynet.practices.merging import Typed
from citynet.practices.models import Revision, State

TRANSLATIONS = Path(__file__).parent / "data" / "translations.json"
REASON = "Contoh: praktik ini hanya memperlihatkan halaman penarikan."
COMMENT = "Example of a comment: please add the source of the yearly cost."
EXAMPLE = {
    "title": "Contoh: praktik baik yang ditarik",
    "subtitle": "Bukan kejadian nyata; ditulis untuk memperlihatkan halaman penarikan.",
    "language": "id",
    "summary": "Contoh ini tidak menceritakan pekerjaan kota mana pun.",
    "topics": ["public-wifi"],
    "status": "pilot",
    "unknown": sorted(MAY_BE_UNKNOWN),
}


@db.transaction
def load(admin: Actor, team: Team) -> None:
    """Comment on a text that waits and name its reviewer; withdraw an example of the team."""
    wanted = select(Revision).where(Revision.state == State.SIGNED_OFF).order_by(Revision.id)
    waiting = db.session().scalars(wanted.options(joinedload(Revision.practice))).first()
    if waiting is not None:
        held = waiting.practice
        service.comment_on(admin, held, field="cost", text=COMMENT)
        due = clock.now().date() + timedelta(days=7)
        service.assign(admin, held, reviewer_id=admin.person_id, due_on=due)
    practice = importing.import_record(EXAMPLE, team, key="demo:withdrawn")
    if practice is not None:
        service.withdraw(admin, practice, reason=REASON)


@db.transaction
def load_translations(team_of: Callable[[str], Team]) -> None:
    """Translate a practice for its readers, and begin to translate another."""
    for one in json.loads(TRANSLATIONS.read_text(encoding="utf-8")):
        with letters.withheld():
            _translate(one, team_of(one["city"]))


def _translate(told: Mapping[str, Any], team: Team) -> None:
    practice, language = queries.by_import_key(f"demo:{told['key']}"), told["language"]
    if practice is None or team.lead is None or team.secretariat is None:
        raise LookupError(f"{told['key']}: no such practice, or nobody to decide")
    draft = service.begin_translation(team.author, practice, language)
    for part in editing.PARTS:
        words = {name: told["words"][name] for name in part.fields if name in told["words"]}
        if words:
            content = contents.read({**draft.content.model_dump(mode="json"), **words})
            began = merging.begin(part, draft.content, draft.number, draft.version)
            typed = Typed(part, content, began, is_markdown=False)
            draft = service.keep_words(team.author, practice, language, typed)
    if told["is_published"]:
        service.submit_translation(team.author, practice, language)
        service.sign_off_translation(team.lead, practice, language)
        service.publish_translation(team.secretariat, practice, language)
