"""`python -m bench.desk`: the secretariat's lists with 2,000 cities and 20,000 officials.

Beside it the same with 60 cities. For each page the number of queries, which must be the same, and
the times under the production server; for the exports the time of one whole answer.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import func, insert, select

from bench import load, network, server
from bench.__main__ import queries_of
from citynet.accounts.models import Person
from citynet.accounts.passwords import hash_password
from citynet.cities import table
from citynet.cities.models import (
    Application,
    AppState,
    City,
    JoinRequest,
    Kind,
    Membership,
    Official,
    RequestState,
    Role,
    Standing,
)  # fmt: skip
from citynet.kit import audit, clock, db
from citynet.practices import topics
from config import ROOT

SIZES = (60, 2_000)
OFFICIALS_A_CITY = 10
SECONDS, CHUNK = 4.0, 1_000
ADMIN, PASSWORD = "admin@bench.example", "a long enough password"
STANDINGS = (
    *[Standing.ACTIVE] * 8, Standing.LAPSED, Standing.SUSPENDED, Standing.APPLIED, Standing.ENDED,
)  # fmt: skip
PAGES = {
    "desk": "/admin/",
    "memberships": "/admin/memberships",
    "… filtered, sorted": "/admin/memberships?q=an&standing=active&sort=-practices",
    "… last page": "/admin/memberships?page=40&sort=city",
    "people": "/admin/people",
    "… filtered, sorted ": "/admin/people?q=an&seat=official&sort=-seen",
    "… last page ": "/admin/people?page=400&sort=name",
    "applications": "/admin/applications",
    "requests": "/admin/requests",
    "audit log": "/admin/audit",
    "… filtered": "/admin/audit?action=official&who=an&sort=who",
    "search": "/admin/search?q=an",
    "topics": "/admin/topics",
    "announcements": "/admin/announcements",
    "reviews": "/admin/reviews",
    "background work": "/admin/effects",
}
EXPORTS = {
    "people as CSV": "/admin/people?form=csv",
    "people as XLSX": "/admin/people?form=xlsx",
    "audit log as CSV": "/admin/audit?form=csv",
}
COLUMNS = ("queries", "p50 ms", "p95 ms", "req/s", "failed")


def main() -> int:
    """Build both networks, measure them, and print the table."""
    print(
        f"{server.WORKERS} web workers of 4 threads, {load.CLIENTS} clients, {SECONDS:g} s a page"
    )
    print(_row("cities", "page", *COLUMNS))
    for size in SIZES:
        with tempfile.TemporaryDirectory() as name:
            app = network.open_app(Path(name))
            with app.app_context():
                upgrade(directory=str(ROOT / "migrations"))
                build(size)
            _measure(app, Path(name), size)
    return 0


def build(size: int) -> None:
    """Write so many member cities, ten officials each, with what waits and what was done."""
    table.load()
    topics.load()
    ids = _memberships(size)
    people = _people(ids)
    _waiting(ids)
    for start in range(0, len(people), CHUNK):
        _acts(people[start : start + CHUNK])


@db.transaction
def _memberships(size: int) -> list[int]:
    largest = select(City.id).order_by(City.population.desc().nulls_last(), City.id).limit(size)
    ids = list(db.session().scalars(largest))
    today = clock.now().date()
    db.session().execute(insert(Membership), [
        {
            "city_id": city_id, "standing": STANDINGS[number % len(STANDINGS)],
            "admitted_at": clock.now() - timedelta(days=number),
            "from_day": today - timedelta(days=number % 365),
            "until_day": today + timedelta(days=number % 365),
        }
        for number, city_id in enumerate(ids)
    ])  # fmt: skip
    return ids


@db.transaction
def _people(city_ids: Sequence[int]) -> list[tuple[int, int]]:
    """Return the id of each official with that of the city; every name has a part in common."""
    first = 1 + (db.session().scalar(select(func.max(Person.id))) or 0)
    secret = hash_password(PASSWORD)
    db.session().add(
        Person(id=first, email=ADMIN, name="Ada", password_hash=secret, is_secretariat=True)
    )
    db.session().flush()
    pairs = [
        (first + 1 + number, city_ids[number // OFFICIALS_A_CITY])
        for number in range(len(city_ids) * OFFICIALS_A_CITY)
    ]
    db.session().execute(insert(Person), [
        {"id": key, "email": f"p{key}@c{city_id}.example", "name": f"{_name(key)} {key}",
         "password_hash": secret}
        for key, city_id in pairs
    ])  # fmt: skip
    db.session().execute(insert(Official), [
        {"person_id": key, "city_id": city_id,
         "role": Role.OFFICIAL if number % OFFICIALS_A_CITY else Role.LEAD}
        for number, (key, city_id) in enumerate(pairs)
    ])  # fmt: skip
    return pairs


@db.transaction
def _waiting(city_ids: Sequence[int]) -> None:
    """Write an application for every tenth city and a request to join every fifth."""
    common = {"language": "en", "confirmed_at": clock.now()}
    db.session().execute(insert(Application), [
        {**common, "state": AppState.WAITING, "place": f"new {key}", "name": f"New {key}",
         "kind": Kind.CITY, "country": "ID", "contact_name": "Ana", "office": "Mayor",
         "email": f"a{key}@x.example"}
        for key in city_ids[::10]
    ])  # fmt: skip
    db.session().execute(insert(JoinRequest), [
        {**common, "state": RequestState.WAITING, "city_id": key, "name": f"Ana {key}",
         "office": "Office", "email": f"r{key}@x.example"}
        for key in city_ids[::5]
    ])  # fmt: skip


@db.transaction
def _acts(pairs: Sequence[tuple[int, int]]) -> None:
    for key, city_id in pairs:
        audit.record(key, "official.appointed", subject=("person", key), city_id=city_id,
                     after={"city": city_id, "role": "official"})  # fmt: skip


def _name(key: int) -> str:
    return ("Andi", "Budi", "Citra", "Dewi", "Eka", "Fajar", "Hana", "Joko")[key % 8]


def _measure(app: Flask, folder: Path, size: int) -> None:
    with server.serve(folder) as running:
        cookie = load.sign_in(running.port, ADMIN, PASSWORD)
        for name, path in PAGES.items():
            load.measure(running.port, [path], seconds=0.5, cookie=cookie)
            found = load.measure(running.port, [path], seconds=SECONDS, cookie=cookie)
            times = [f"{found.percentile_ms(share):.1f}" for share in (50, 95)]
            queries = queries_of(app, path, cookie)
            print(_row(size, name, queries, *times, f"{found.per_second:.0f}", found.failures),
                  flush=True)  # fmt: skip
        for name, path in EXPORTS.items():
            began = time.perf_counter()
            size_bytes, _packed = load.page_bytes(running.port, path, cookie)
            seconds = time.perf_counter() - began
            print(f"{size:>9}  {name:<20} {seconds:.2f} s, {size_bytes:,} bytes", flush=True)
        memory = running.worker_mb()
        print(f"{size:>9}  a worker {f'{memory:.0f} MB' if memory else 'of unknown size'}")


def _row(size: object, page: str, *figures: object) -> str:
    return f"{size:>9}  {page:<20}" + "".join(f"{figure:>9}" for figure in figures)


if __name__ == "__main__":
    sys.exit(main())
