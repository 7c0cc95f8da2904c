"""`python -m bench.sign_in`: what an answer's time tells of whether an account exists.

Whole requests in this process, known and unknown accounts in turn, each with its own address so
that no throttle answers. The two medians of a line should be as close as two of one kind are.
"""

from __future__ import annotations

import random
import re
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient
from flask_migrate import upgrade

from bench import network
from citynet.accounts import service as accounts
from citynet.kit import db
from config import ROOT

ROUNDS, WARM_UP = 100, 10
PASSWORD = "a long enough password"
# As many as the limits on one account ask for.
PEOPLE = 60
DOORS = {"sign-in": "/sign-in", "reset": "/forgot"}
KINDS = ("known", "known again", "unknown")


def main() -> int:
    """Measure both doors and print the table."""
    print(f"{ROUNDS} requests of each kind, in milliseconds")
    print(f"{'door':<9}{'account':<13}{'median':>9}{'p5':>9}{'p95':>9}")
    with tempfile.TemporaryDirectory() as name:
        app = network.open_app(Path(name))
        with app.app_context():
            upgrade(directory=str(ROOT / "migrations"))
            for number in range(PEOPLE):
                accounts.create_person(
                    None, f"known{number}@city.example", name="K", password=PASSWORD
                )
            db.session().close()
        for door, path in DOORS.items():
            times = _times(app, path)
            for kind in KINDS:
                print(_row(door, kind, times[kind]))
    return 0


def _times(app: Flask, path: str) -> dict[str, list[float]]:
    """Return the times of each kind of account, asked for in an order of chance."""
    times: dict[str, list[float]] = {kind: [] for kind in KINDS}
    client = app.test_client()
    token = _token(client.get(path).text)
    chance = random.Random(7)
    for number in range(ROUNDS + WARM_UP):
        for kind in chance.sample(KINDS, len(KINDS)):
            name = "unknown" if kind == "unknown" else "known"
            email = f"{name}{number % PEOPLE}@city.example"
            took = _milliseconds(partial(_ask, client, path, token, email))
            if number >= WARM_UP:
                times[kind].append(took)
    return times


def _ask(client: FlaskClient, path: str, token: str, email: str) -> None:
    """Post a wrong password, or ask for a link, from an address that did nothing before."""
    address = ".".join(str(random.randrange(1, 255)) for _ in range(4))
    answer = client.post(
        path,
        data={"email": email, "password": "not the password", "csrf_token": token},
        environ_base={"REMOTE_ADDR": address},
    )
    if answer.status_code not in (200, 422):
        raise RuntimeError(f"{path} answered {answer.status_code}")


def _token(page: str) -> str:
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
    if found is None:
        raise RuntimeError("the page has no form")
    return found.group(1)


def _milliseconds(act: Callable[[], None]) -> float:
    began = time.perf_counter()
    act()
    return (time.perf_counter() - began) * 1000


def _row(door: str, kind: str, times: list[float]) -> str:
    cuts = statistics.quantiles(times, n=20)
    figures = (statistics.median(times), cuts[0], cuts[-1])
    return f"{door:<9}{kind:<13}" + "".join(f"{figure:>9.2f}" for figure in figures)


if __name__ == "__main__":
    sys.exit(main())
