"""Writes practices as their authors do: texts that name a canary, brought to where they stand."""

from __future__ import annotations

from typing import Any

from citynet.kit import db
from citynet.practices import content as contents
from citynet.practices import queries, service
from citynet.practices.models import Practice, Revision
from tests.doors.canaries import HIDDEN_TOPIC, word_of
from tests.doors.plant_people import actor_of, person_of
from tests.network import RECORD, actor


def plain(title: str) -> dict[str, Any]:
    """Return a record that hides nothing."""
    return {**RECORD, "title": title}


def full(thing: str) -> dict[str, Any]:
    """Return a record that names its canary in every text."""
    word = word_of(thing)
    texts = dict.fromkeys(
        ("subtitle", "agency", "summary", "problem", "cost", "lessons", "replicate_needs",
         "contact_office", "source_name", "leftover"),
        f"Permits with {word} in them",
    )  # fmt: skip
    return {
        **RECORD, **texts, "title": f"Permits {word}", "topics": [HIDDEN_TOPIC],
        "status": "pilot", "started": "1999", "blocks": [{"name": word, "purpose": word}],
        "results": [{"indicator": word, "before": "9", "after": "1", "source": word}],
        "phases": [{"name": word}], "staff": [{"role": word, "people": "2"}],
        "laws": [{"title": word}], "honours": [{"name": word}],
        "contact_email": f"{word}@x.example",
    }  # fmt: skip


def write(role: str, slug: str, record: dict[str, Any]) -> Practice:
    """Keep a draft at an address that does not tell its title."""
    revision = service.create(actor_of(role), contents.read({"title": slug}))
    practice = db.session().get_one(Practice, revision.practice_id)
    save(role, practice, record)
    return practice


def save(role: str, practice: Practice, record: dict[str, Any]) -> Revision:
    """Save the newest text anew."""
    found = newest(practice)
    base = (found.number, found.version)
    return service.save(actor_of(role), practice, contents.read(record), base=base)


def bring_to(state: str, practice: Practice) -> None:
    """Let officials and the secretariat take the steps up to a state."""
    if state != "draft":
        service.submit(actor("official"), practice)
    if state in ("signed_off", "published"):
        service.sign_off(actor("lead"), practice)
    if state == "published":
        service.publish(actor("secretariat"), practice)


def at(practice: Practice) -> dict[str, object]:
    """Return what the addresses and forms of a practice's routes ask for."""
    found = newest(practice)
    return {
        "slug": practice.slug, "number": found.number, "key": "name", "kind": "bib",
        "language": "id",
        "base": f"{found.number}.{found.version}", "reviewer": person_of("secretariat").id,
    }  # fmt: skip


def newest(practice: Practice) -> Revision:
    """Return the text in work, else the published one."""
    found = queries.in_work_of(practice.id) or queries.published_of(practice.id)
    assert found, "the practice has a text"
    return found
