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
from pathlib import Path
from typing import Any

import structlog
from flask import Flask
from werkzeug.test import TestResponse

from citynet.accounts import queries as people
from citynet.app import create_app
from citynet.kit import db
from tests import network
from tests.conftest import close, config_in
from tests.doors.plant import plant
from tests.network import ROLES, form_data

Args = dict[str, object]
NOTHING: Args = {"slug": "nothing-of-this-name", "number": 99}
SAME_AS = {"stale": "draft", "no-revision": "public", "superseded": "revised"}
THINGS: dict[str, Args] = {
    "-": {},
    "indonesian": {"language": "id"},
    "klingon": {"language": "tlh"},
    "no-file": {"filename": "none.css"},
    "nothing": NOTHING,
    "no-title": {},
    "waste": {"slug": "waste"},
    "sidoarjo": {"slug": "kabupaten-sidoarjo"},
    "applicant": {"slug": "pending"},
    "suspended": {"slug": "suspended"},
    "outsider": {"slug": "outsider"},
    "suspend-sidoarjo": {"slug": "kabupaten-sidoarjo", "after": "suspended"},
    "end-sidoarjo": {"slug": "kabupaten-sidoarjo", "after": "ended"},
    "admit-sidoarjo": {"slug": "kabupaten-sidoarjo", "after": "active"},
    "admit-applicant": {"slug": "pending", "after": "active"},
    "restore-suspended": {"slug": "suspended", "after": "active"},
    "without-reason": {"slug": "kabupaten-sidoarjo", "after": "suspended"},
    "suspend-nothing": {**NOTHING, "after": "suspended"},
    "no-effect": {"effect_id": 9_999_999},
}
Digest = Mapping[str, str]


class House:
    """The planted network, its people signed in."""

    def __init__(self, template: Path, folder: Path, *, has_secrets: bool = True) -> None:
        """Build it in a folder; without secrets it holds only what everyone may see."""
        shutil.copytree(template, folder)
        self.app: Flask = create_app(config_in(folder))
        structlog.configure(logger_factory=structlog.ReturnLoggerFactory())
        self._live, self._copy = folder / "citynet.db", folder / "copy.db"
        self._things = dict(THINGS)
        with self.app.app_context():
            self._things.update(plant(has_secrets=has_secrets))
        self._cookies: dict[str, str] = {}
        self._tokens: dict[str, str] = {}
        for role in ROLES:
            self._sign_in(role)
        self._session_ids = self._read_session_ids()
        self._backup(self._live, self._copy)
        self.untouched = self.digest()

    def close(self) -> None:
        """Give back what is held open."""
        close(self.app)

    def knock(
        self, role: str, method: str, path: str, data: Args | None = None, *,
        has_token: bool = True, headers: Mapping[str, str] | None = None,
    ) -> TestResponse:  # fmt: skip
        """Send one request as a role."""
        client = self.app.test_client()
        client.set_cookie("session", self._cookies[role])
        posted: dict[str, Any] = dict(data or {})
        if has_token:
            posted["csrf_token"] = self._tokens[role]
        sent = posted if method == "POST" else None
        return client.open(path, method=method, data=sent, headers=dict(headers or {}))

    def token_of(self, role: str) -> str:
        """Return the token that stands in this role's forms."""
        return self._tokens[role]

    def address(self, rule: str, thing: str, role: str) -> str:
        """Return the path of a route for a thing, as a role would ask for it."""
        args = self._args(thing, role)
        return re.sub(r"<(?:[^<>]*:)?(\w+)>", lambda found: str(args[found[1]]), rule)

    def form(self, rule: str, thing: str, role: str) -> Args:
        """Return what a browser would post."""
        if thing == "no-title":
            return form_data(title="")
        if rule in ("/practices/new", "/practices/<slug>/edit"):
            base = str(self._args(thing, role).get("base", "1.1"))
            return {
                **form_data(title="What was typed"),
                "base": "1.0" if thing == "stale" else base,
            }
        if rule == "/sign-in":
            password = network.PASSWORD if thing == "right" else "not the password"
            return {"email": "admin@citynet.example", "password": password}
        reason = "" if thing == "without-reason" else "Because of this"
        return {"comment": reason, "reason": reason, **self._args(thing, role)}

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
        now = self.digest()
        names = {name for name in now if now[name] != self.untouched.get(name)}
        if names:
            self._backup(self._copy, self._live)
        return names

    def _args(self, thing: str, role: str) -> Args:
        if thing in ("own", "somebody's"):
            others = {"secretariat": "official"}.get(role, "secretariat")
            owner = role if thing == "own" and ROLES[role].address else others
            return {"sign_in_id": self._session_ids[owner]}
        if thing in ("right", "wrong"):
            return {}
        args = self._things[SAME_AS.get(thing, thing)]
        return {
            **args,
            "number": {"superseded": 1, "no-revision": 99}.get(thing, args.get("number")),
        }

    def _sign_in(self, role: str) -> None:
        client = network.client_of(self.app, role)
        self._tokens[role] = network.csrf_of(client.get("/about").text)
        cookie = client.get_cookie("session")
        assert cookie, "the browser keeps no session"
        self._cookies[role] = cookie.value

    def _read_session_ids(self) -> dict[str, int]:
        found = {}
        with self.app.app_context():
            for role, who in ROLES.items():
                person = people.by_email(who.address) if who.address else None
                if person:
                    found[role] = people.own_sign_ins(person)[0].id
            db.session().close()
        return found

    @staticmethod
    def _backup(source: Path, target: Path) -> None:
        with closing(sqlite3.connect(source)) as one, closing(sqlite3.connect(target)) as other:
            one.backup(other)
