"""Knocks at doors and tells what is not as the table says."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Iterator

from werkzeug.test import TestResponse

from tests.doors.canaries import leaks
from tests.doors.house import House
from tests.doors.table import Door

# Tries are counted whatever comes of them; the count is no secret and no deed.
COUNTED = frozenset({"throttles"})


def answer_of(response: TestResponse) -> str:
    """Return the status as the table writes it: `in` is a sign-in asked for."""
    asks_to_sign_in = response.status_code == 401 or (
        response.status_code == 302 and response.headers["Location"].startswith("/sign-in?next=")
    )
    return "in" if asks_to_sign_in else str(response.status_code)


def text_of(response: TestResponse) -> str:
    """Return all that was told: the page, its headers, and of an archive every file in it."""
    headers = str(response.headers)
    if not response.data.startswith(b"PK\x03\x04"):
        return f"{headers}{response.data.decode(errors='replace')}"
    with zipfile.ZipFile(io.BytesIO(response.data)) as archive:
        parts = [archive.read(name).decode(errors="replace") for name in archive.namelist()]
    return "\n".join([headers, *parts])


def complaints(house: House, doors: Iterable[Door]) -> Iterator[str]:
    """Yield a sentence for each answer, row or word that should not be."""
    for door in doors:
        for role in door.knocking:
            for what in _knock(house, door, role, door.answers[role]):
                yield f"{door}, as {role}: {what}"


def _knock(house: House, door: Door, role: str, wanted: str) -> Iterator[str]:
    response = house.try_door(door, role)
    got, code = answer_of(response), wanted.rstrip("+-")
    changed = house.changed() - COUNTED
    if got != code:
        yield f"answered {got}, not {wanted}"
    is_done = wanted.endswith("+") or (door.method == "POST" and wanted == "302")
    if changed and not (is_done and got == code):
        yield f"answered {got}, yet changed {sorted(changed)}"
    if is_done and got == code and not changed:
        yield f"answered {got}, yet changed nothing"
    sent = [house.address(door.rule, door.thing, role)]
    if door.method == "POST":
        sent += map(str, house.form(door.rule, door.thing, role).values())
    for thing in leaks(role, text_of(response), rule=door.rule, sent=sent):
        yield f"tells of {thing}"
