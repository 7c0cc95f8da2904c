"""The networks that are measured: the demonstration, and 10,000 practices made of its words."""

from __future__ import annotations

import random
import sys
from datetime import timedelta
from pathlib import Path

import click
from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import select

from citynet.app import create_app
from citynet.cities import table
from citynet.demo import service as demo
from citynet.kit import clock, db, effects
from citynet.practices import content as contents
from citynet.practices import queries, topics
from citynet.practices.content import Content
from citynet.practices.document import PracticeSource
from citynet.practices.models import Practice, Revision, RevisionTopic, State
from citynet.search.queries import engine
from config import ROOT, Config

SEED = 1987
BATCH = 500
# Fields whose words are drawn from any practice in the same language.
MIXED = (
    "title", "subtitle", "agency", "summary", "problem", "blocks", "cost", "staffing",
    "legal_basis", "results", "lessons", "replicate_needs", "contact_office",
)  # fmt: skip


def open_app(folder: Path) -> Flask:
    """Return an application whose state lives in the folder."""
    settings = {"CITYNET_ENV": "test", "SECRET_KEY": "b" * 40, "INSTANCE_DIR": str(folder)}
    return create_app(Config.from_env(settings))


def build_demonstration(app: Flask) -> None:
    """Load the demonstration network and its index."""
    with app.app_context():
        upgrade(directory=str(ROOT / "migrations"))
        table.load()
        topics.load()
        demo.load()
        effects.run_due(limit=10_000)


def grow(app: Flask, total: int) -> None:
    """Add published practices until there are `total`, then build the index anew."""
    with app.app_context():
        samples = list(db.session().scalars(select(Revision).where(Revision.state == "published")))
        by_language = {
            language: [one.content for one in samples if one.language == language]
            for language in ("en", "id")
        }
        cities = list(db.session().scalars(select(Practice.city_id).distinct()))
        chance = random.Random(SEED)
        with click.progressbar(
            range(len(samples), total, BATCH), label="Grow", file=sys.stderr
        ) as bar:
            for start in bar:
                _add(by_language, cities, chance, range(start, min(start + BATCH, total)))
        source = PracticeSource()
        with click.progressbar(length=total, label="Index", file=sys.stderr) as bar_index:
            engine().rebuild(source.documents(), total=total, progress=bar_index.update)


@db.transaction
def _add(
    samples: dict[str, list[Content]], cities: list[int], chance: random.Random, numbers: range
) -> None:
    ids = {topic.slug: topic.id for topic in queries.all_topics()}
    for number in numbers:
        content = mix(samples[chance.choice(("en", "id"))], chance)
        practice = Practice(slug=f"generated-{number}", city_id=chance.choice(cities))
        db.session().add(practice)
        db.session().flush()
        revision = Revision(
            practice_id=practice.id, number=1, state=State.PUBLISHED, title=content.title,
            subtitle=content.subtitle, summary=content.summary, language=content.language,
            visibility=content.visibility, status=content.status,
            started_year=contents.started_year(content), content_json=content.model_dump_json(),
            published_at=clock.now() - timedelta(minutes=number),
        )  # fmt: skip
        db.session().add(revision)
        db.session().flush()
        db.session().add_all(
            RevisionTopic(revision_id=revision.id, topic_id=ids[slug], position=position)
            for position, slug in enumerate(content.topics)
        )


def mix(samples: list[Content], chance: random.Random) -> Content:
    """Return a practice whose fields come from different practices of one language."""
    own = {name: getattr(chance.choice(samples), name) for name in MIXED}
    return chance.choice(samples).model_copy(update=own)
