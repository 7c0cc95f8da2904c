"""Load the demonstration network: real cities and sourced practices, invented people.

Every step goes through the commands that people use. The memberships, people and dates of
admission are examples and are marked so; the practices state public facts with their source.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any

from citynet.accounts import service as accounts
from citynet.accounts.models import Person
from citynet.cities import queries as city_queries
from citynet.cities import service as cities
from citynet.cities import table
from citynet.cities.models import Actor, City, Role, Standing
from citynet.demo import desk, reviews
from citynet.demo.desk import PASSWORD
from citynet.kit import clock, db, letters
from citynet.practices import content as contents
from citynet.practices import importing, service, topics
from citynet.practices.importing import Team

DATA = Path(__file__).parent / "data"
SECRETARIAT = "secretariat@citynet.example"
REASON = "Example membership of the demonstration network."
# Out of every 29 practices some wait at each step, so that every list has something to show.
STEPS = {7: "draft", 11: "submitted", 13: "signed_off"}
STEPS_EVERY = 29
REVISED_EVERY = 9
ADMITTED_BEFORE = timedelta(days=120)
# A member, the host of 2019, one that applied and one that is suspended.
SHOWN_SIGN_INS = ("35.15", "53.71", "11.71", "64.71")


def sign_ins() -> Iterator[str]:
    """Yield a line for each sign-in worth trying."""
    yield f"Demonstration sign-ins, all with the password {PASSWORD}:"
    yield f"  {SECRETARIAT}  the secretariat"
    yield f"  {desk.CHAPTER}  the secretariat of the chapter CityNet Indonesia"
    for row in _network():
        if row["code"] in SHOWN_SIGN_INS:
            for person in row["people"]:
                standing = "" if row["standing"] == Standing.ACTIVE else f" ({row['standing']})"
                name = _city(row).full_name
                yield f"  {person['email']}  {person['role']} of {name}{standing}"


def size() -> int:
    """Return how many steps `load` takes: cities and practices."""
    return len(_network()) + len(_practices())


def load(*, progress: Callable[[int], None] = lambda _n: None) -> None:
    """Load everything into an empty database that has its tables."""
    table.load()
    topics.load()
    admin = _first_admin()
    teams: dict[int, Team] = {}
    with clock.moved(-ADMITTED_BEFORE):
        desk.load_chapter(admin)
        for row in _network():
            city = _city(row)
            teams[city.id] = _load_city(admin, city, row)
            progress(1)
    _load_practices(teams, progress)
    reviews.load(admin, _team_of(teams, "53.71"))
    reviews.load_translations(lambda code: _team_of(teams, code))
    _finish_standings(admin)
    desk.load_rest(admin)


def _first_admin() -> Actor:
    person = accounts.create_person(
        None, SECRETARIAT, name="Secretariat (example)", password=PASSWORD, is_secretariat=True
    )
    return Actor(person)


@db.transaction
def _load_city(admin: Actor, city: City, row: Mapping[str, Any]) -> Team:
    """Admit a city and give it its people; those that applied stay so."""
    if row["standing"] == Standing.APPLIED:
        desk.apply(admin, city)
    else:
        cities.register_application(admin, city, reason=REASON)
        cities.change_standing(admin, city, Standing.ACTIVE, reason=REASON)
    people: dict[str, Person] = {}
    for one in row["people"]:
        person = accounts.create_person(
            admin.person,
            one["email"],
            name=one["name"],
            password=PASSWORD,
            language=one.get("language"),
        )
        cities.appoint(admin, person, city, role=Role(one["role"]))
        people[one["role"]] = person
    author = people.get(Role.OFFICIAL) or people[Role.LEAD]
    lead = people.get(Role.LEAD)
    return Team(
        author=city_queries.actor_of(author),
        lead=city_queries.actor_of(lead) if lead else None,
        secretariat=admin,
    )


def _load_practices(teams: Mapping[int, Team], progress: Callable[[int], None]) -> None:
    """Publish the practices one after the other, a few hours apart in the past."""
    records = _practices()
    for position, record in enumerate(records):
        city = city_queries.find_city(str(record["city"]))
        team = teams.get(city.id) if city else None
        if city is None or team is None or not team.author.is_member:
            raise LookupError(f"{record['key']}: no member city {record['city']}")
        with clock.moved(timedelta(hours=-9 * (len(records) - position))):
            step = STEPS.get(position % STEPS_EVERY, "published")
            if position % REVISED_EVERY == 0 and step == "published":
                _load_in_two_revisions(record, team)
            else:
                _load_practice(record, team, step=step)
        progress(1)


@db.transaction
def _load_practice(record: Mapping[str, object], team: Team, *, step: str) -> None:
    has_lead = step in ("published", "signed_off")
    allowed = Team(
        author=team.author,
        lead=team.lead if has_lead else None,
        secretariat=team.secretariat if step == "published" else None,
    )
    practice = importing.import_record(record, allowed, key=f"demo:{record['key']}")
    if step == "submitted" and practice is not None:
        service.submit(team.author, practice)


@db.transaction
def _load_in_two_revisions(record: Mapping[str, object], team: Team) -> None:
    """Publish without the last building block first, then whole: so some have a history."""
    whole = contents.read({k: v for k, v in record.items() if k not in importing.OUTSIDE})
    blocks = [block.model_dump() for block in whole.blocks[:-1]] or record["blocks"]
    practice = importing.import_record(
        {**record, "blocks": blocks}, team, key=f"demo:{record['key']}"
    )
    if practice is None or team.lead is None or team.secretariat is None:
        return
    with letters.withheld():
        service.save(team.author, practice, whole, base=(1, 1))
        service.submit(team.author, practice)
        service.sign_off(team.lead, practice)
        service.publish(team.secretariat, practice)


def _finish_standings(admin: Actor) -> None:
    """Suspend or let lapse the example memberships that are so, after they have published."""
    for row in _network():
        standing = Standing(row["standing"])
        if standing not in (Standing.APPLIED, Standing.ACTIVE):
            cities.change_standing(admin, _city(row), standing, reason=REASON)


def _team_of(teams: Mapping[int, Team], code: str) -> Team:
    return teams[_city({"code": code}).id]


def _city(row: Mapping[str, Any]) -> City:
    city = city_queries.find_city(str(row["code"]))
    if city is None:
        raise LookupError(f"no city {row['code']} in the shipped table")
    return city


@cache
def _network() -> list[dict[str, Any]]:
    rows = []
    for name in ("network_id.json", "network_world.json"):
        rows += json.loads((DATA / name).read_text(encoding="utf-8"))["cities"]
    return [{**row, "code": row.get("code") or row["id"]} for row in rows]


@cache
def _practices() -> list[dict[str, object]]:
    """Return the records of both files in turn, so that neither language stands last."""
    files = []
    for name in ("practices_id.jsonl", "practices_world.jsonl"):
        lines = (DATA / name).read_text(encoding="utf-8").splitlines()
        files.append([json.loads(line) for line in lines if line.strip()])
    longest = max(map(len, files))
    return [rows[n] for n in range(longest) for rows in files if n < len(rows)]
