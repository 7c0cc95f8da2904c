"""What stands behind the doors: a practice in each state, with a canary word in what is hidden."""

from __future__ import annotations

from citynet.accounts import queries as people
from citynet.cities import queries as city_queries
from citynet.cities import service as cities
from citynet.cities.models import City, Kind, Standing
from citynet.kit import db, effects
from citynet.practices import queries, service
from citynet.practices.models import Practice
from tests.doors import (
    plant_authoring,
    plant_desk,
    plant_joining,
    plant_people,
    plant_search,
    plant_translating,
)  # fmt: skip
from tests.doors.canaries import word_of
from tests.doors.writing import at, bring_to, full, plain, save, write
from tests.network import actor

Things = dict[str, dict[str, object]]


def plant(*, has_secrets: bool) -> Things:
    """Write everything and index it, and return the addresses of the things by their names."""
    plant_people.add_officials()
    things = _plant_public(has_secrets=has_secrets)
    things |= _plant_in_suspended_city(has_secrets=has_secrets)
    things |= plant_desk.plant_public() | plant_search.plant_public()
    if has_secrets:
        things |= plant_search.save_searches()
        things |= _plant_secrets()
        things |= plant_search.plant_secrets()
        things |= plant_joining.plant()
        things |= plant_desk.plant_secrets()
        things |= plant_people.plant()
    effects.run_due(limit=1000)
    if has_secrets:
        plant_search.write_digests()
        things |= plant_people.begin_jobs()
    return {**things, "waiting": {"effect_id": _enqueue()}}


def _plant_public(*, has_secrets: bool) -> Things:
    _add_outsider()
    unread = {
        "leftover": f"Permits with {word_of('leftover')}",
        "contact_email": f"{word_of('contact')}@x.example",
    }
    told = unread if has_secrets else {}
    practice = write("official", "public", {**plain("Permits at one counter"), **told})
    things = plant_authoring.plant_public(practice)
    if has_secrets:
        plant_authoring.send_back_once(practice)
    bring_to("published", practice)
    things["public"] = at(practice)
    things |= plant_translating.plant_public(practice, has_secrets=has_secrets)
    things["untold"] = at(_practice_at("untold"))
    practice = write("official", "revised", full("superseded"))
    bring_to("published", practice)
    save("official", practice, plain("Permits on the telephone"))
    bring_to("published", practice)
    things["revised"] = at(practice)
    return things


def _plant_secrets() -> Things:
    things: Things = {}
    practices: dict[str, Practice] = {}
    for thing, state in (
        ("draft", "draft"), ("submitted", "submitted"), ("signed-off", "signed_off"),
        ("members", "published"),
    ):  # fmt: skip
        visibility = "members" if thing == "members" else "public"
        practice = write("official", thing, {**full(thing), "visibility": visibility})
        if thing in ("submitted", "members"):
            things |= plant_authoring.add_before_submission(thing, practice)
        bring_to(state, practice)
        things[thing], practices[thing] = at(practice), practice
    practice = write("lead", "by-lead-alone", full("by-lead-alone"))
    service.submit(actor("lead"), practice)
    things["by-lead-alone"] = at(practice)
    public, revised = _practice_at("public"), _practice_at("revised")
    save("official", revised, full("revised"))
    things["revised"] = at(revised)
    things["unanswered"] = at(write("official", "unanswered", {"title": "Only a title"}))
    things["left-behind"] = at(write("moved", "left-behind", full("left-behind")))
    things["of-applicant"] = at(write("pending", "of-applicant", full("of-applicant")))
    things |= plant_translating.plant_secrets(practices["members"], revised)
    practices |= {"public": public, "revised": revised}
    return {**things, **plant_authoring.plant_secrets(practices)}


def _plant_in_suspended_city(*, has_secrets: bool) -> Things:
    """Let the city write as a member, and suspend it again."""
    _move("suspended", Standing.ACTIVE)
    practice = write("suspended", "of-suspended", plain("Permits by post"))
    service.submit(actor("suspended"), practice)
    service.sign_off(city_queries.actor_of(people.by_email("lead@suspended.example")), practice)
    service.publish(actor("secretariat"), practice)
    things = {"of-suspended": at(practice)}
    things |= plant_translating.plant_of_suspended(practice, has_secrets=has_secrets)
    if has_secrets:
        draft = write("suspended", "draft-of-suspended", full("draft-of-suspended"))
        things["draft-of-suspended"] = at(draft)
    _move("suspended", Standing.SUSPENDED)
    return things


def _practice_at(slug: str) -> Practice:
    return db.session().get_one(Practice, queries.get_published(actor("visitor"), slug).practice_id)


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
