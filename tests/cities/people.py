"""What tests about a city's people have in common: letters, links, and who acts where."""

from __future__ import annotations

import json
import re
from urllib.parse import urlsplit

from sqlalchemy import select

from citynet.accounts import queries as accounts
from citynet.accounts.models import Person
from citynet.cities import queries
from citynet.cities.models import City, Official, Role
from citynet.cities.queries import team
from citynet.cities.service import invitations, inviting, previews, requests
from citynet.cities.service.officials import place
from citynet.kit import db
from citynet.kit.effects import Effect
from tests.network import ROLES, actor

SIDOARJO = "kabupaten-sidoarjo"
NEW = "new@sidoarjo.example"


def city(slug: str = SIDOARJO) -> City:
    """Return a city of the small network."""
    return queries.get_city(slug)


def letters(to: str = "") -> list[dict[str, str]]:
    """Return what waits to be mailed, to one address or all, oldest first."""
    rows = db.session().scalars(select(Effect).where(Effect.kind == "mail").order_by(Effect.id))
    every = [json.loads(row.payload) for row in rows]
    return [one for one in every if one and to in ("", one["to"])]


def link_in(letter: dict[str, str]) -> str:
    """Return the path of the link in a letter."""
    found = re.search(r"https?://\S+", letter["text"])
    assert found, letter["text"]
    return urlsplit(found[0]).path


def invite(
    email: str = NEW, *, by: str = "lead", slug: str = SIDOARJO, role: Role = Role.OFFICIAL,
    name: str = "Sari",
) -> str:  # fmt: skip
    """Invite an address and return the path of the link."""
    found = city(slug)
    invitations.invite_by_mail(actor(by), found, email=email, name=name, role=role, language="en")
    return link_in(letters(email.lower())[-1])


def secret_of(path: str) -> str:
    """Return the secret in a link."""
    return path.rstrip("/").rpartition("/")[2]


def person(role: str) -> Person:
    """Return a role's person."""
    found = accounts.by_email(ROLES[role].address or "")
    assert found is not None
    return found


def official(role: str) -> Official:
    """Return what a role's person is now."""
    db.session().expire_all()
    found = team.official_of(person(role).id)
    assert found is not None
    return found


def roles_in(slug: str = SIDOARJO) -> dict[str, str]:
    """Return the officials of a city by address, each with the role."""
    db.session().expire_all()
    return {one.person.email: str(one.role) for one in queries.officials_of(city(slug).id)}


@db.transaction
def seat(role: str, slug: str = SIDOARJO) -> Official:
    """Let a role's person act for a city."""
    return place(None, person(role), city(slug).id, Role.OFFICIAL)


def write_rows() -> None:
    """Leave a row in each table of invitations, requests and previews."""
    invite("rows@sidoarjo.example")
    requests.ask_as(actor("nobody's"), city(), office="Rows", note="", language="en")
    previews.keep(actor("lead"), inviting.INVITE, title="Rows", lines=[])
