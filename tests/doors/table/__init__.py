"""The one table of all doors: what each role is answered, at each route, for each object.

It says product.md's table in answers: visible but forbidden 403, hidden 404, `in` where a sign-in
is asked for first; 302 is a command that was done, or a way on. A line names an object of
`tests/doors/plant.py` or `things.py` and after it an answer for each role, in the order of
`ROLES`; `-` is a route that takes none. Shorter forms, after which `role=answer` makes an
exception:

    all A        everyone gets A
    in A         a visitor is asked to sign in, everybody else gets A
    desk A B     secretariat A, chapter's secretariat B, a visitor `in`, everybody else 403
    network A    secretariat A, a visitor `in`, everybody else 403

At the first line of a route everybody knocks. At a later line in a shorter form the crowd, who
all get one answer whatever the object is, send some of them in turn.

A POST that is answered 302 has changed something, and no other answer has; where it is otherwise
the answer says so: `200+` has, `302-` has not. `+` on a GET is an export, which is written down.

Whoever was moved to Seoul or removed while signed in gets what Seoul's officials and people
without a city get: there is no other column for them, only exceptions where they must differ.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from tests.doors.table import (
    account,
    desk,
    joining,
    network,
    people,
    practices,
    reading,
    reviewing,
    search,
    translating,
    writing,
)
from tests.network import ROLES

TEXTS = (
    reading.TEXT, practices.TEXT, writing.TEXT, translating.TEXT, reviewing.TEXT, account.TEXT,
    joining.TEXT, people.TEXT, desk.TEXT, network.TEXT, search.TEXT,
)  # fmt: skip
# Officials of Sidoarjo with a session of before: what they are now.
AFTERWARDS = {"moved": "rival", "removed": "nobody's"}
EVERYBODY = [*ROLES, *AFTERWARDS]


# How many of a crowd knock at the later lines of a route.
SOME = 2


@dataclass(frozen=True)
class Door:
    """One line of the table: a request to a route about an object."""

    method: str
    rule: str
    thing: str
    answers: dict[str, str]
    # Who knocks at it.
    knocking: tuple[str, ...]

    def __str__(self) -> str:
        """Name the line."""
        return f"{self.method} {self.rule} {self.thing}"


def doors() -> Iterator[Door]:
    """Yield the lines of the table."""
    method = rule = ""
    known: set[tuple[str, str]] = set()
    for number, line in enumerate("\n".join(TEXTS).splitlines()):
        if line.startswith(("GET ", "POST ")):
            method, rule = line.split(" ", 1)
        elif line.startswith("  "):
            thing, *words = line.split()
            answers, crowd = _read(words)
            some = [crowd[(number + at * 5) % len(crowd)] for at in range(SOME)] if crowd else []
            is_first = (method, rule) not in known
            known.add((method, rule))
            knocking = [one for one in answers if is_first or one not in crowd or one in some]
            yield Door(method, rule, thing, answers, tuple(knocking))


def _read(words: list[str]) -> tuple[dict[str, str], list[str]]:
    """Return each role's answer, and those who get the one that a shorter form gives the rest."""
    plain = [word for word in words if "=" not in word]
    marked = [word.replace("r.lead", "rival lead").split("=") for word in words if "=" in word]
    exceptions = dict(marked)
    assert set(exceptions) <= set(EVERYBODY), words
    spelled_out, apart = _spelled_out(plain)
    answers = {**dict(zip(ROLES, spelled_out, strict=True)), **exceptions}
    later = {one: answers[now] for one, now in AFTERWARDS.items()}
    answers = {**answers, **later, **exceptions}
    has_crowd = len(plain) < len(ROLES)
    crowd = [one for one in EVERYBODY if one not in apart and one not in exceptions]
    return {one: answers[one] for one in EVERYBODY}, crowd if has_crowd else []


def _spelled_out(words: list[str]) -> tuple[list[str], tuple[str, ...]]:
    """Return an answer for each role, and the roles that a shorter form sets apart."""
    inside = len(ROLES) - 3
    match words:
        case ["all", one]:
            return [one] * len(ROLES), ()
        case ["in", one]:
            return ["in"] + [one] * (len(ROLES) - 1), ("visitor",)
        case ["desk", secretariat, chapter]:
            return ["in", *["403"] * inside, secretariat, chapter], ("secretariat", "chapter")
        case ["network", secretariat]:
            return ["in", *["403"] * inside, secretariat, "403"], ("secretariat", "chapter")
    return words, ()


DOORS = list(doors())
