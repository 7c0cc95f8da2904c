"""Applicants of tests: what they type, and the links they get by mail."""

from __future__ import annotations

import io
import re
from typing import Any

from flask import Flask
from flask.testing import FlaskClient

from citynet.cities import queries as cities
from citynet.cities.models import VISITOR, Application, City, Kind
from citynet.cities.queries import applications as queries
from citynet.cities.service import applications, deciding
from citynet.cities.service.entries import Entry
from citynet.kit import db, effects
from citynet.kit.letters import Draft
from citynet.kit.uploads import Upload
from tests import network

PDF = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<<>>\nendobj\n%%EOF\n"
LINK = re.compile(r"/join/(?:confirm/)?[\w-]{43}(?!\S)|/invitations/\S+")


@db.transaction
def add_ambon() -> City:
    """Add Kota Ambon, which is in the table and never asked to join."""
    city = City(
        slug="kota-ambon", code="81.71", name="Ambon", kind=Kind.KOTA, country="ID",
        province="Maluku", population=359661, population_year=2025, area_km2=298.61,
        latitude=-3.7, longitude=128.2,
    )  # fmt: skip
    db.session().add(city)
    return city


def typed(**changes: Any) -> dict[str, Any]:
    """Return what a browser posts for Kota Ambon."""
    return {
        "city": "kota-ambon", "kind": "kota", "population": "359,661", "area_km2": "298.61",
        "contact_name": "Sari Wulandari", "office": "Planning agency", "language": "en",
        "email": "sari@ambon.example", "phone": "+62 911 123456", "note": "We licensed online.",
        "consent": "y", **changes,
    }  # fmt: skip


def elsewhere(**changes: Any) -> dict[str, Any]:
    """Return what a browser posts for a city that is not in the table."""
    place = {"city": "other", "name": "Newtown", "country": "FJ", "province": "Western"}
    return typed(**{**place, "kind": "city", "population": "", "area_km2": "", **changes})


def letter(name: str = "letter.pdf", content: bytes = PDF) -> tuple[io.BytesIO, str]:
    """Return a file as a browser sends it."""
    return io.BytesIO(content), name


def entry(city: str | None = "kota-ambon", **changes: Any) -> Entry:
    """Return an application as it was typed."""
    known: dict[str, Any] = {
        "city": cities.get_city(city) if city else None, "kind": Kind.KOTA, "population": 359661,
        "area_km2": 298.61, "contact_name": "Sari Wulandari", "office": "Planning agency",
        "email": "sari@ambon.example", "language": "en",
    }  # fmt: skip
    return Entry(**{**known, **changes})


def mails(app: Flask) -> list[Any]:
    """Return every mail that went, the newest last."""
    effects.run_due()
    return list(getattr(app.extensions["mailman"], "outbox", []))


def mails_to(app: Flask, address: str) -> list[Any]:
    """Return the mails that went to an address."""
    return [one for one in mails(app) if address in one.to[0]]


def link_in(mail: Any) -> str:
    """Return the path of the private link in a mail."""
    found = LINK.search(mail.body)
    assert found, mail.body
    return found.group()


def applied(app: Flask, **changes: Any) -> str:
    """Apply, and return the path of the link to confirm."""
    application = applications.apply(VISITOR, entry(**changes))
    return link_in(mails_to(app, application.email)[-1])


def confirmed(app: Flask, **changes: Any) -> tuple[Application, str]:
    """Apply and confirm; return the application and the path of its private page."""
    secret = applied(app, **changes).rpartition("/")[2]
    follow = applications.confirm(secret)
    return queries.applied_by(follow), f"/join/{follow}"


def write_rows() -> None:
    """Write a row into each table of applications."""
    add_ambon()
    admin = network.actor("secretariat")
    kept = applications.keep(Upload(PDF, "letter.pdf", "application/pdf"))
    one = applications.register(admin, entry(papers=[kept.id]))
    deciding.ask(admin, one.id, Draft("Question", "Who signs? {link}"), seen=one.version)


def send(client: FlaskClient, data: dict[str, Any], **options: Any) -> Any:
    """Post the public form."""
    return network.post(client, "/join/apply", data, **options)
