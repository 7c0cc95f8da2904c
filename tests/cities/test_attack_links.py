"""Pages behind mailed links, and mails that a lead can have sent."""

from __future__ import annotations

from flask import Flask
from flask.testing import FlaskClient

from tests import network
from tests.admin.people import run_jobs
from tests.cities.people import SIDOARJO, invite, letters, link_in


def test_pages_of_links_are_kept_nowhere(client: FlaskClient) -> None:
    """They hold names and addresses, and their own address opens something."""
    pages = [invite(), "/invitations/unknown"]
    network.post(
        client,
        f"/cities/{SIDOARJO}/join",
        {"name": "D", "email": "d@x.example", "office": "o", "agreed": "y"},
    )
    pages.append(link_in(letters("d@x.example")[-1]))
    for path in pages:
        assert client.get(path).headers.get("Cache-Control") == "no-store", path


def test_lists_flood_no_mailbox(app: Flask) -> None:
    """The limit on letters to an address holds for lists too."""
    client = network.client_of(app, "lead")
    statuses: list[int] = []
    for _time in range(12):
        answer = network.post(
            client, "/city/people/invite-many", {"people": "victim@x.example", "language": "en"}
        )
        if answer.status_code == 302:
            network.post(client, answer.location)
            run_jobs()
        statuses.append(answer.status_code)
    assert statuses[-1] == 429
    outbox = app.extensions["mailman"].outbox
    assert sum("victim@x.example" in one.to[0] for one in outbox) <= 10
