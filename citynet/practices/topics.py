"""The first tree of topics, shipped as data and from then on the secretariat's."""

from __future__ import annotations

import json
from pathlib import Path

from sqlalchemy import select

from citynet.kit import db
from citynet.practices.models import Topic, TopicSynonym

TREE = Path(__file__).parent / "data" / "topics.json"


@db.transaction
def load() -> int:
    """Add each shipped topic whose slug is not there yet, and return how many."""
    ids = {slug: key for key, slug in db.session().execute(select(Topic.id, Topic.slug)).all()}
    added = 0
    for row in json.loads(TREE.read_text(encoding="utf-8")):
        if row["slug"] in ids:
            continue
        topic = Topic(
            slug=row["slug"],
            parent_id=ids[row["parent"]] if row["parent"] else None,
            position=row["order"],
            **{key: row[key] for key in ("name_en", "name_id", "description_en", "description_id")},
        )
        topic.synonyms = [
            TopicSynonym(language=language, text=words)
            for language in ("en", "id")
            for words in dict.fromkeys(row[f"synonyms_{language}"])
        ]
        db.session().add(topic)
        db.session().flush()
        ids[row["slug"]] = topic.id
        added += 1
    return added
