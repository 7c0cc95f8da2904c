"""Knocks at doors and tells what is not as the table says."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from werkzeug.test import TestResponse

from tests.doors.house import House
from tests.doors.plant import leaks
from tests.doors.table import Door


def answer_of(response: TestResponse) -> str:
    """Return the status as the table writes it: `in` is a sign-in asked for."""
    asks_to_sign_in = response.status_code == 401 or (
        response.status_code == 302 and response.headers["Location"].startswith("/sign-in?next=")
    )
    return "in" if asks_to_sign_in else str(response.status_code)


def complaints(house: House, doors: Iterable[Door]) -> Iterator[str]:
    """Yield a sentence for each answer, row or word that should not be."""
    for door in doors:
        for role, wanted in door.answers.items():
            for what in _knock(house, door, role, wanted):
                yield f"{door}, as {role}: {what}"


def _knock(house: House, door: Door, role: str, wanted: str) -> Iterator[str]:
    path = house.address(door.rule, door.thing, role)
    response = house.knock(role, door.method, path, house.form(door.rule, door.thing, role))
    got = answer_of(response)
    changed = house.changed()
    if got != wanted:
        yield f"answered {got}, not {wanted}"
    if not _may_change(door, got, changed):
        yield f"answered {got}, yet changed {sorted(changed)}"
    if _must_change(door, role, got) and not changed:
        yield f"answered {got}, yet changed nothing"
    for thing in leaks(role, response.text):
        yield f"tells of {thing}"


def _may_change(door: Door, got: str, changed: set[str]) -> bool:
    """Tell whether an answer may go with these changes: what was denied changes no row."""
    if door.rule == "/sign-in" and got == "422":
        return changed <= {"failed_sign_ins"}
    return not changed or (door.method == "POST" and got == "302")


def _must_change(door: Door, role: str, got: str) -> bool:
    """Tell whether the answer claims that something was done."""
    is_command = door.method == "POST" and got == "302"
    return is_command and (role != "visitor" or door.rule == "/sign-in")
