"""What stands behind the doors: a practice in each state, with a canary word in what is hidden."""

from __future__ import annotations

from typing import Any

from citynet.accounts import queries as people
from citynet.cities import queries as city_queries
from citynet.cities import service as cities
from citynet.cities.models import City, Kind, Standing
from citynet.kit import db, effects
from citynet.practices import content as contents
from citynet.practices import queries, service
from citynet.practices.models import Practice, Revision
from tests.doors import plant_desk, plant_joining, plant_people
from tests.doors.canaries import HIDDEN_TOPIC, word_of
from tests.network import RECORD, actor

Things = dict[str, dict[str, object]]


def plant(*, has_secrets: bool) -> Things:
    """Write everything and index it, and return the addresses of the things by their names."""
    plant_people.add_officials()
    things = {**_plant_public(), **_plant_in_suspended_city(has_secrets=has_secrets)}
    things |= plant_desk.plant_public()
    if has_secrets:
        things |= _plant_secrets()
        things |= plant_joining.plant()
        things |= plant_desk.plant_secrets()
        things |= plant_people.plant()
    effects.run_due(limit=1000)
    if has_secrets:
        things |= plant_people.begin_jobs()
    return {**things, "waiting": {"effect_id": _enqueue()}}


def _plant_public() -> Things:
    _add_outsider()
    practice = _write("official", "public", _plain("Permits at one counter"))
    _bring_to("published", practice)
    things = {"public": _at(practice)}
    practice = _write("official", "revised", _full("superseded"))
    _bring_to("published", practice)
    _save("official", practice, _plain("Permits on the telephone"))
    _bring_to("published", practice)
    things["revised"] = _at(practice)
    return things


def _plant_secrets() -> Things:
    things: Things = {}
    for thing, state in (
        ("draft", "draft"), ("submitted", "submitted"), ("signed-off", "signed_off"),
        ("members", "published"),
    ):  # fmt: skip
        visibility = "members" if thing == "members" else "public"
        practice = _write("official", thing, {**_full(thing), "visibility": visibility})
        _bring_to(state, practice)
        things[thing] = _at(practice)
    practice = _write("lead", "by-lead-alone", _full("by-lead-alone"))
    service.submit(actor("lead"), practice)
    things["by-lead-alone"] = _at(practice)
    revised = db.session().get_one(Practice, _id_of("revised"))
    _save("official", revised, _full("revised"))
    things["revised"] = _at(revised)
    things["unanswered"] = _at(_write("official", "unanswered", {"title": "Only a title"}))
    things["left-behind"] = _at(_write("moved", "left-behind", _full("left-behind")))
    things["of-applicant"] = _at(_write("pending", "of-applicant", _full("of-applicant")))
    return things


def _plant_in_suspended_city(*, has_secrets: bool) -> Things:
    """Let the city write as a member, and suspend it again."""
    _move("suspended", Standing.ACTIVE)
    practice = _write("suspended", "of-suspended", _plain("Permits by post"))
    service.submit(actor("suspended"), practice)
    service.sign_off(city_queries.actor_of(people.by_email("lead@suspended.example")), practice)
    service.publish(actor("secretariat"), practice)
    things = {"of-suspended": _at(practice)}
    if has_secrets:
        draft = _write("suspended", "draft-of-suspended", _full("draft-of-suspended"))
        things["draft-of-suspended"] = _at(draft)
    _move("suspended", Standing.SUSPENDED)
    return things


def _plain(title: str) -> dict[str, Any]:
    return {**RECORD, "title": title}


def _full(thing: str) -> dict[str, Any]:
    """Return a record that names its canary in every text."""
    word = word_of(thing)
    texts = dict.fromkeys(
        ("subtitle", "agency", "summary", "problem", "cost", "lessons", "replicate_needs",
         "contact_office", "source_name"),
        f"Permits with {word} in them",
    )  # fmt: skip
    return {
        **RECORD, **texts, "title": f"Permits {word}", "topics": [HIDDEN_TOPIC],
        "status": "pilot", "started": "1999", "blocks": [{"name": word, "purpose": word}],
        "results": [{"indicator": word, "before": "9", "after": "1", "source": word}],
    }  # fmt: skip


def _write(role: str, slug: str, record: dict[str, Any]) -> Practice:
    """Keep a draft at an address that does not tell its title."""
    revision = service.create(plant_people.actor_of(role), contents.read({"title": slug}))
    practice = db.session().get_one(Practice, revision.practice_id)
    _save(role, practice, record)
    return practice


def _save(role: str, practice: Practice, record: dict[str, Any]) -> Revision:
    newest = _newest(practice)
    base = (newest.number, newest.version)
    return service.save(plant_people.actor_of(role), practice, contents.read(record), base=base)


def _bring_to(state: str, practice: Practice) -> None:
    if state != "draft":
        service.submit(actor("official"), practice)
    if state in ("signed_off", "published"):
        service.sign_off(actor("lead"), practice)
    if state == "published":
        service.publish(actor("secretariat"), practice)


def _at(practice: Practice) -> dict[str, object]:
    newest = _newest(practice)
    base = f"{newest.number}.{newest.version}"
    return {"slug": practice.slug, "number": newest.number, "base": base}


def _newest(practice: Practice) -> Revision:
    found = queries.in_work_of(practice.id) or queries.published_of(practice.id)
    assert found, "the practice has a text"
    return found


def _id_of(slug: str) -> int:
    return queries.get_published(actor("visitor"), slug).practice_id


@db.transaction
def _add_outsider() -> None:
    db.session().add(
        City(slug="outsider", code="gn:3", name="Outsidetown", kind=Kind.CITY, country="NZ",
             latitude=-41.0, longitude=174.0)
    )  # fmt: skip


def _move(slug: str, standing: Standing) -> None:
    reason = f"Because of {word_of('reason')}"
    cities.change_standing(
        actor("secretariat"), city_queries.get_city(slug), standing, reason=reason
    )


@db.transaction
def _enqueue() -> int:
    effects.enqueue(service.INDEX, practice_id="1")
    db.session().flush()
    return effects.latest(1).items[0].id
