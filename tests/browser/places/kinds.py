"""What a place is: a page by its address, or by the way that leads to it; and who looks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from playwright.sync_api import expect

from tests.browser.person import Person


@dataclass(frozen=True)
class Place:
    """A page by its address; `rule` is the route it stands for."""

    rule: str
    path: str
    status: int = 200


@dataclass(frozen=True)
class Way:
    """A page that only doing something leads to; `rule` is its route, where that answers GET."""

    name: str
    go: Callable[[Person], None]
    status: int = 200
    rule: str = ""


@dataclass(frozen=True)
class Round:
    """What one person looks at; None is a visitor."""

    name: str
    address: str | None
    places: tuple[Place, ...]
    ways: tuple[Way, ...] = ()


def refused(path: str, button: str) -> Callable[[Person], None]:
    """Return the way to a form that is sent as it is and comes back with its errors."""

    def send(person: Person) -> None:
        person.page.goto(path)
        person.main.get_by_role("button", name=person.words(button), exact=True).last.click()
        expect(person.heading("Please correct this")).to_be_visible()

    return send


def opened(path: str) -> Callable[[Person], None]:
    """Return the way to an address."""

    def go(person: Person) -> None:
        person.page.goto(path)

    return go
