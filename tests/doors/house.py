"""A network with something behind every door, and a way to knock as each role.

Each request starts from the same rows: whatever one changes is put back from a copy.
"""

from __future__ import annotations

import hashlib
import re
import shutil
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import structlog
from flask import Flask
from werkzeug.test import TestResponse

from citynet.app import create_app
from citynet.cities import queries as cities
from citynet.cities import service
from citynet.kit import db
from tests import network
from tests.conftest import close, config_in, quick
from tests.doors import belongings, forms
from tests.doors.plant import plant
from tests.doors.plant_desk import LETTER
from tests.doors.plant_people import SEOUL, SIDOARJO, address_of
from tests.doors.table import EVERYBODY, Door
from tests.doors.things import ALIKE, MAIL, THINGS

Args = dict[str, Any]
# Somebody with nothing of their own: what is a visitor's own is somebody else's.
STRANGERS = {"visitor": "secretariat"}
CODED = ("own-code", "half-way")
Digest = Mapping[str, str]


class House:
    """The planted network, its people signed in."""

    def __init__(
        self, template: Path, folder: Path, *, has_secrets: bool = True, **settings: object
    ) -> None:
        """Build it in a folder; without secrets it holds only what everyone may see."""
        shutil.copytree(template, folder)
        self.app: Flask = quick(create_app(config_in(folder, **settings)))
        structlog.configure(logger_factory=structlog.ReturnLoggerFactory())
        self._live, self._copy = folder / "citynet.db", folder / "copy.db"
        _write_mail(folder)
        with self.app.app_context():
            self._things: dict[str, Args] = {**THINGS, **plant(has_secrets=has_secrets)}
            self._things |= _known_rows(self._things)
        self._cookies: dict[str, str] = {}
        self._tokens: dict[str, str] = {}
        for role in EVERYBODY:
            self._sign_in(role)
        with self.app.app_context():
            own = belongings.give([role for role in EVERYBODY if role != "visitor"])
            db.session().close()
        self._things |= own.shared
        self._own: dict[str, dict[str, Args]] = own.own
        self._backup(self._live, self._copy)
        self.untouched = self.digest()
        # SQLite tells this connection whether another one has written since it last asked.
        self._witness = sqlite3.connect(self._live)
        self._version = self._read_version()

    def close(self) -> None:
        """Give back what is held open."""
        self._witness.close()
        close(self.app)

    def try_door(self, door: Door, role: str, **options: Any) -> TestResponse:
        """Ask for what a line of the table is about, as a browser of this role would."""
        path = self.address(door.rule, door.thing, role)
        form = self.form(door.rule, door.thing, role) if door.method == "POST" else None
        session = self._args(door.thing, role).get("session")
        method = options.pop("method", door.method)
        return self.knock(role, method, path, form, session=session, **options)

    def knock(
        self, role: str, method: str, path: str, data: Args | None = None, *,
        has_token: bool = True, headers: Mapping[str, str] | None = None,
        session: Mapping[str, str] | None = None,
    ) -> TestResponse:  # fmt: skip
        """Send one request as a role."""
        client = self.app.test_client()
        client.set_cookie("session", self._cookies[role])
        if session:
            with client.session_transaction() as kept:
                kept.update(session)
        posted: Args = dict(data or {})
        if has_token:
            posted.setdefault("csrf_token", self._tokens[role])
        sent = posted if method == "POST" else None
        return client.open(path, method=method, data=sent, headers=dict(headers or {}))

    def token_of(self, role: str) -> str:
        """Return the token that stands in this role's forms."""
        return self._tokens[role]

    def address(self, rule: str, thing: str, role: str) -> str:
        """Return the path of a route for a thing, as a role would ask for it."""
        args = self._args(thing, role)
        path = re.sub(r"<(?:[^<>]*:)?(\w+)>", lambda found: str(args[found[1]]), rule)
        return f"{path}?{args['?']}" if "?" in args else path

    def form(self, rule: str, thing: str, role: str) -> Args:
        """Return what a browser would post."""
        args = self._args(thing, role)
        if (thing in CODED and role != "visitor") or thing == "half-way":
            with self.app.app_context():
                args = {**args, "code": belongings.code_of(thing, role)}
                db.session().close()
        return dict(forms.form_of(rule, thing, args))

    def digest(self) -> Digest:
        """Return a digest of the rows of every table."""
        with closing(sqlite3.connect(self._live)) as connection:
            tables = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
            return {
                name: hashlib.sha256(
                    repr(connection.execute(f'SELECT * FROM "{name}"').fetchall()).encode()
                ).hexdigest()
                for (name,) in tables.fetchall()
            }

    def changed(self) -> set[str]:
        """Return the tables that are no longer as they were, and put them back."""
        if self._read_version() == self._version:
            return set()
        now = self.digest()
        names = {name for name in now if now[name] != self.untouched.get(name)}
        if names:
            self._backup(self._copy, self._live)
        self._version = self._read_version()
        return names

    def _read_version(self) -> int:
        return int(self._witness.execute("PRAGMA data_version").fetchone()[0])

    def _args(self, thing: str, role: str) -> Args:
        if thing in self._own:
            return self._own[thing][STRANGERS.get(role, role)]
        if thing in ALIKE:
            base, changes = ALIKE[thing]
            into = {"into": self._things["topic"]["topic_id"]} if "into" in changes else {}
            return {**self._args(base, role), **changes, **into}
        if thing in forms.CHANGES or thing in CODED:
            return self._things.get(thing, {})
        return self._things[thing]

    def _sign_in(self, role: str) -> None:
        client = network.client_at(self.app, address_of(role) if role != "visitor" else None)
        self._tokens[role] = network.csrf_of(client.get("/about").text)
        cookie = client.get_cookie("session")
        assert cookie, "the browser keeps no session"
        self._cookies[role] = cookie.value

    @staticmethod
    def _backup(source: Path, target: Path) -> None:
        with closing(sqlite3.connect(source)) as one, closing(sqlite3.connect(target)) as other:
            one.backup(other)


def _write_mail(folder: Path) -> None:
    """Put a mail where development keeps them."""
    message = EmailMessage()
    message["Subject"], message["To"] = "Welcome", "sari@x.example"
    message.set_content("Hello.")
    message.add_alternative("<p>Hello.</p>", subtype="html")
    (folder / "mail").mkdir()
    (folder / "mail" / MAIL).write_bytes(message.as_bytes())


def _known_rows(things: Mapping[str, Args]) -> dict[str, Args]:
    """Return what the forms of rows need to know: their numbers, and what stands there now."""
    rows: dict[str, Args] = {}
    found = {}
    for thing, slug in (("sidoarjo", SIDOARJO), ("seoul", SEOUL)):
        city = cities.get_city(slug)
        membership = cities.membership_of(city.id)
        assert membership
        found[thing] = membership.id
        until = membership.until_day.isoformat() if membership.until_day else ""
        rows[thing] = {"slug": slug, "until": until, "data": service.mark_of(city)}
    chapter = things["chapter"]
    person = cities.people_of_chapter(cities.get_chapter("chapter").id)[0].person_id
    rows |= {
        "two-memberships": {"ids": list(found.values())},
        "nothing-ticked": {"ids": []},
        "chapter": {**chapter, "person_id": person},
        "letter": {"key": LETTER, "language": "en", **things["letter"]},
        "nameable": {**chapter, **things["topic"], **things["identity"]},
    }
    if "asks" in things:
        people, invited = ("sidoarjo's-person", "seoul's-person"), ("to-sidoarjo", "to-seoul")
        rows["two-people"] = {"ids": [things[one]["person_id"] for one in people]}
        rows["two-invitations"] = {"ids": [things[one]["invitation_id"] for one in invited]}
    return rows
